/* form.h: a service's form and the answers to it, checked in one place for screens, desk and
 * command line.
 *
 * Answers are one flat JSON object, field id -> value: text types a string, integer an integer,
 * decimal a string, bool true or false, choice a string, multichoice an array of strings. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

typedef struct {
  const GuideField *field;
  const GuideSection *section;
  const char *code;      /* stable word: "missing", "id-cn.check-digit", "too-long", ... */
  const char *message;   /* English msgid for translate; NULL if `text` is set */
  const GuideText *text; /* the guide's own words (valid_if), or NULL */
} FormProblem;

/* TRUE if the field, and its section, are shown for these answers. */
gboolean form_visible (const GuideService *service, const GuideField *field, const json_t *answers);
gboolean form_section_visible (const GuideSection *section, const json_t *answers);

/* The answers that count: those of fields that are shown, without empty ones and strangers. A field
 * that is hidden by another answer does not count, whatever was typed into it before. Owned. */
json_t *form_effective (const GuideService *service, const json_t *answers);

/* Checks one value of one field, as it is typed or left: NULL if it is fine. An empty or missing
 * value of a required field is "missing". `today` is "YYYY-MM-DD". Owned; g_free. */
FormProblem *form_check_field (const GuideService *service, const GuideField *field,
                               const json_t *answers, const char *today);

/* Is `value` (not empty) one that `field` can have? NULL if so; otherwise the stable word of the
 * problem. No rule of the form is asked. Static. */
const char *form_value_problem (const GuideField *field, const json_t *value, const char *today);

/* Every problem of the visible fields, in the form's order. Array of FormProblem; unref it. */
GPtrArray *form_check (const GuideService *service, const json_t *answers, const char *today);

/* The visible, non-empty answers of one part, in the form's order: what goes into the sealed body.
 * Unknown members of `answers` and hidden fields are left out. Owned. */
json_t *form_part (const GuideService *service, const json_t *answers, GuidePart part);

/* INVALID that names the first member of `answers` that is no field of the form. */
gboolean form_only_known (const GuideService *service, const json_t *answers, GError **error);

/* Facts that the form's answers state, for eligibility and conditional materials: {fact: value}.
 * And the other way: known facts as answers of fields that name them. Owned. */
json_t *form_facts (const GuideService *service, const json_t *answers);
json_t *form_prefill (const GuideService *service, const json_t *facts);

/* The value as a person reads it in `language`: an option's label, yes or no, else the text. Owned;
 * NULL if there is no value. */
char *form_value_text (const GuideField *field, const json_t *value, const char *language);
