/* act-form.h: which acts the console offers, and what each asks. */
#pragma once

#include <jansson.h>

#include "city/city.h"
#include "city/console/session.h"
#include "domain/case.h"

typedef enum {
  ACT_FORM_TEXT,
  ACT_FORM_AREA,
  ACT_FORM_DAY,
  ACT_FORM_NUMBER,
  ACT_FORM_CHOICE,
  ACT_FORM_DEPARTMENT, /* one of the guide's, the service's own first */
} ActFormKind;

typedef struct {
  const char *name, *zh, *en;
  ActFormKind kind;
  gboolean required;
  const char *const *options; /* word, zh, word, zh, ..., NULL */
} ActFormField;

typedef struct {
  CaseAction action;
  const char *says;       /* what the act is and is not, in one sentence */
  ActFormField fields[5]; /* ends with name NULL */
} ActForm;

/* The form of an act, or NULL when the console does not offer it (what is not built, or nobody's
 * who signs in). Static. */
const ActForm *act_form_find (CaseAction action);

/* Acts that `actor` may take now, in the table's order; at most `max`. */
gsize act_form_offers (const CaseFold *fold, CaseActor actor, const ActForm **ret_forms, gsize max);

/* The fields that were sent, and no others, trimmed. `sent` is name -> text. Owned. */
json_t *act_form_body (const ActForm *form, GHashTable *sent);

/* The label of a body's member ("basis" -> 依据), or NULL. Static. */
const char *act_form_label (const char *name);
/* The words of a choice ("granted" -> 准予), or the text itself. */
const char *act_form_words (const char *name, const char *value);

/* A department's name, or its id when the guide does not know it. Borrowed. */
const char *act_form_department (const City *city, const char *id);

/* The form as markup: `sent` (or NULL) fills it again. */
void act_form_add (GString *page, City *city, const Session *session, const CaseRow *row,
                   const ActForm *form, GHashTable *sent, gboolean primary);
