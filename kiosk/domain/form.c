/* form.c: which fields of a form are shown, and what is wrong with what was typed. One check for
 * screens, desk and command line; keeps nothing, and speaks in message ids only. */
#include "domain/form.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/age.h"
#include "domain/country.h"
#include "domain/number.h"
#include "domain/person.h"

#define MAX_PASSES 8

/* --- What is shown ------------------------------------------------------------------------------
 */

static gboolean
is_empty (const json_t *value)
{
  return value == NULL || json_is_null (value) ||
         (json_is_string (value) && json_string_length (value) == 0) ||
         (json_is_array (value) && json_array_size (value) == 0);
}

static gboolean
passes (const LogicRule *rule, const json_t *answers)
{
  return rule == NULL || logic_test (rule, answers, LOGIC_STRICT, NULL, NULL) == LOGIC_TRUE;
}

gboolean
form_section_visible (const GuideSection *section, const json_t *answers)
{
  return passes (section->visible_if, answers);
}

json_t *
form_effective (const GuideService *service, const json_t *answers)
{
  g_autoptr (json_t) left = json_object ();
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      json_t *value = json_object_get (answers, field->id);
      if (!is_empty (value))
        json_object_set (left, field->id, value);
    }
  }
  gboolean changed = TRUE;
  for (int pass = 0; changed && pass < MAX_PASSES; pass++) {
    changed = FALSE;
    for (guint i = 0; i < service->form->len; i++) {
      const GuideSection *section = g_ptr_array_index (service->form, i);
      gboolean shown = form_section_visible (section, left);
      for (guint k = 0; k < section->fields->len; k++) {
        const GuideField *field = g_ptr_array_index (section->fields, k);
        if (json_object_get (left, field->id) != NULL &&
            !(shown && passes (field->visible_if, left))) {
          json_object_del (left, field->id);
          changed = TRUE;
        }
      }
    }
  }
  return g_steal_pointer (&left);
}

static const GuideSection *
section_of (const GuideService *service, const GuideField *field)
{
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    if (g_ptr_array_find (section->fields, field, NULL))
      return section;
  }
  return NULL;
}

static gboolean
is_visible (const GuideSection *section, const GuideField *field, const json_t *effective)
{
  return section != NULL && form_section_visible (section, effective) &&
         passes (field->visible_if, effective);
}

gboolean
form_visible (const GuideService *service, const GuideField *field, const json_t *answers)
{
  g_autoptr (json_t) effective = form_effective (service, answers);
  return is_visible (section_of (service, field), field, effective);
}

/* --- One value -----------------------------------------------------------------------------------
 */

typedef struct {
  const char *code, *message;
} Finding;

static const Finding fine = {NULL, NULL};

static Finding
number_finding (NumberKind kind, const NumberResult *result)
{
  static const char *const messages[NUMBER_REASON_N] = {
      [NUMBER_REASON_EMPTY] = N_ ("Fill this in"),
      [NUMBER_REASON_TOO_SHORT] = N_ ("Some characters are missing"),
      [NUMBER_REASON_TOO_LONG] = N_ ("There are too many characters"),
      [NUMBER_REASON_BAD_CHARACTER] = N_ ("One character cannot stand there"),
      [NUMBER_REASON_BAD_PREFIX] = N_ ("It cannot begin like this"),
      [NUMBER_REASON_BAD_REGION] = N_ ("There is no such region; compare it with the document"),
      [NUMBER_REASON_BAD_COUNTRY] = N_ ("There is no such country code"),
      [NUMBER_REASON_BAD_DATE] = N_ ("The date in it does not exist; compare it with the document"),
      [NUMBER_REASON_FUTURE_DATE] = N_ ("The date in it lies in the future"),
      [NUMBER_REASON_BAD_CHECK] =
          N_ ("One character is not right; compare it with the document once more"),
      [NUMBER_REASON_BAD_FORM] = N_ ("It is not written like this; compare it with the document"),
  };
  g_autofree char *code =
      g_strdup_printf ("%s.%s", number_kind_word (kind), number_reason_word (result->reason));
  const char *message = messages[result->reason];
  if (result->reason == NUMBER_REASON_TOO_SHORT && result->count == 1)
    message = N_ ("One character is missing");
  else if (result->reason == NUMBER_REASON_TOO_LONG && result->count == 1)
    message = N_ ("There is one character too many");
  return (Finding){g_intern_string (code), message};
}

static Finding
check_number (NumberKind kind, const char *text, const char *today)
{
  g_auto (NumberResult) result = {0};
  if (number_check (kind, text, today, &result))
    return fine;
  return number_finding (kind, &result);
}

static gboolean
has_han (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_get_script (g_utf8_get_char (p)) == G_UNICODE_SCRIPT_HAN)
      return TRUE;
  return FALSE;
}

static Finding
check_name (const GuideField *field, const char *text)
{
  static const char *const messages[] = {
      [PERSON_NAME_EMPTY] = N_ ("Fill this in"),
      [PERSON_NAME_TOO_SHORT] = N_ ("Some characters are missing"),
      [PERSON_NAME_TOO_LONG] = N_ ("There are too many characters"),
      [PERSON_NAME_BAD_CHARACTER] = N_ ("One character cannot stand in a name"),
      [PERSON_NAME_WRONG_SCRIPT] = N_ ("Write the name as on the document, in one script"),
      [PERSON_NAME_BAD_FORM] = N_ ("A dot, hyphen or apostrophe stands where it cannot"),
  };
  PersonNameKind kind =
      field->type == GUIDE_FIELD_NAME && has_han (text) ? PERSON_NAME_CHINESE : PERSON_NAME_LATIN;
  PersonNameReason reason = person_check_name (kind, text, NULL, NULL);
  if (reason == PERSON_NAME_OK)
    return fine;
  g_autofree char *code = g_strdup_printf ("name.%s", person_name_reason_word (reason));
  return (Finding){g_intern_string (code), messages[reason]};
}

static Finding
check_text (const GuideField *field, const char *text)
{
  if (g_utf8_strlen (text, -1) > (glong)field->max_length)
    return (Finding){"too-long", N_ ("There are too many characters")};
  gboolean lines = field->type == GUIDE_FIELD_MULTILINE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_iscntrl (c) && !(lines && c == '\n'))
      return (Finding){"bad-character", N_ ("One character cannot stand there")};
  }
  if (field->pattern != NULL) {
    g_autofree char *whole = g_strdup_printf ("^(?:%s)$", field->pattern);
    if (!g_regex_match_simple (whole, text, G_REGEX_DOLLAR_ENDONLY, 0))
      return (Finding){"bad-form",
                       N_ ("It is not written like this; compare it with the document")};
  }
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  return *trimmed == '\0' ? (Finding){"missing", N_ ("Fill this in")} : fine;
}

static const char *
bound_day (const char *bound, const char *today)
{
  return g_strcmp0 (bound, "today") == 0 ? today : bound;
}

static Finding
check_date (const GuideField *field, const char *text, const char *today)
{
  if (!age_is_day (text))
    return (Finding){"bad-date", N_ ("There is no such day")};
  const char *min = bound_day (field->min, today), *max = bound_day (field->max, today);
  if (max != NULL && strcmp (text, max) > 0)
    return (Finding){"too-late", N_ ("The day is too late; look at the year")};
  if (min != NULL && strcmp (text, min) < 0)
    return (Finding){"too-early", N_ ("The day is too early; look at the year")};
  return fine;
}

static Finding
check_range (const GuideField *field, gint64 value)
{
  if (field->min != NULL && value < g_ascii_strtoll (field->min, NULL, 10))
    return (Finding){"too-small", N_ ("The number is too small")};
  if (field->max != NULL && value > g_ascii_strtoll (field->max, NULL, 10))
    return (Finding){"too-large", N_ ("The number is too large")};
  return fine;
}

static gboolean
is_option (const GuideField *field, const char *value)
{
  for (guint i = 0; value != NULL && i < field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (field->options, i);
    if (strcmp (option->value, value) == 0)
      return TRUE;
  }
  return FALSE;
}

static Finding
check_choices (const GuideField *field, const json_t *value)
{
  const Finding stranger = {"choice", N_ ("Choose one of these")};
  if (field->type == GUIDE_FIELD_CHOICE)
    return is_option (field, json_string_value (value)) ? fine : stranger;
  if (!json_is_array (value))
    return stranger;
  for (gsize i = 0; i < json_array_size (value); i++) {
    const char *one = json_string_value (json_array_get (value, i));
    if (!is_option (field, one))
      return stranger;
    for (gsize k = 0; k < i; k++)
      if (g_strcmp0 (one, json_string_value (json_array_get (value, k))) == 0)
        return stranger;
  }
  return fine;
}

static Finding
check_typed (const GuideField *field, const char *text, const char *today)
{
  switch (field->type) {
  case GUIDE_FIELD_NAME:
  case GUIDE_FIELD_NAME_MRZ:
    return check_name (field, text);
  case GUIDE_FIELD_DATE:
    return check_date (field, text, today);
  case GUIDE_FIELD_COUNTRY:
    return country_is_travel_code (text)
               ? fine
               : (Finding){"country", N_ ("There is no such country code")};
  case GUIDE_FIELD_ID_CN:
    return check_number (NUMBER_KIND_ID_CN, text, today);
  case GUIDE_FIELD_RESIDENCE_PERMIT:
    return check_number (NUMBER_KIND_RESIDENCE_PERMIT, text, today);
  case GUIDE_FIELD_TRAVEL_PERMIT:
    return check_number (NUMBER_KIND_TRAVEL_PERMIT, text, today);
  case GUIDE_FIELD_PERMANENT_CARD:
    return check_number (NUMBER_KIND_PERMANENT_CARD, text, today);
  case GUIDE_FIELD_PASSPORT:
    return check_number (NUMBER_KIND_PASSPORT, text, today);
  case GUIDE_FIELD_MRZ:
    return check_number (NUMBER_KIND_MRZ, text, today);
  case GUIDE_FIELD_USCC:
    return check_number (NUMBER_KIND_USCC, text, today);
  case GUIDE_FIELD_MOBILE:
    return check_number (NUMBER_KIND_MOBILE, text, today);
  case GUIDE_FIELD_PHONE:
    return check_number (NUMBER_KIND_PHONE, text, today);
  case GUIDE_FIELD_EMAIL:
    return check_number (NUMBER_KIND_EMAIL, text, today);
  case GUIDE_FIELD_DECIMAL:
    if (!g_regex_match_simple ("^[0-9]{1,12}(\\.[0-9]{1,2})?$", text, G_REGEX_DOLLAR_ENDONLY, 0))
      return (Finding){"number", N_ ("Write a number, such as 1200 or 1200.50")};
    return fine;
  default:
    return check_text (field, text);
  }
}

static Finding
check_value (const GuideField *field, const json_t *value, const char *today)
{
  const Finding strange = {"type",
                           N_ ("It is not written like this; compare it with the document")};
  switch (field->type) {
  case GUIDE_FIELD_CHOICE:
  case GUIDE_FIELD_MULTICHOICE:
    return check_choices (field, value);
  case GUIDE_FIELD_BOOL:
    return json_is_boolean (value) ? fine : strange;
  case GUIDE_FIELD_INTEGER:
    if (!json_is_integer (value))
      return (Finding){"number", N_ ("Write a whole number")};
    return check_range (field, json_integer_value (value));
  default:
    return json_is_string (value) ? check_typed (field, json_string_value (value), today) : strange;
  }
}

const char *
form_value_problem (const GuideField *field, const json_t *value, const char *today)
{
  return check_value (field, value, today).code;
}

/* --- Fields of a form
 * ------------------------------------------------------------------------------ */

static FormProblem *
make_problem (const GuideSection *section, const GuideField *field, Finding finding,
              const GuideText *text)
{
  FormProblem *problem = g_new0 (FormProblem, 1);
  problem->field = field;
  problem->section = section;
  problem->code = finding.code;
  problem->message = finding.message;
  problem->text = text;
  return problem;
}

/* `effective` holds the visible answers and is borrowed. */
static FormProblem *
check_visible (const GuideSection *section, const GuideField *field, const json_t *effective,
               const char *today)
{
  const json_t *value = json_object_get (effective, field->id);
  if (value == NULL && field->required)
    return make_problem (section, field, (Finding){"missing", N_ ("Fill this in")}, NULL);
  if (value != NULL) {
    Finding finding = check_value (field, value, today);
    if (finding.code != NULL)
      return make_problem (section, field, finding, NULL);
  }
  if (field->valid_if == NULL ||
      logic_test (field->valid_if, effective, LOGIC_STRICT, today, NULL) == LOGIC_TRUE)
    return NULL;
  const char *message =
      field->error != NULL ? NULL : N_ ("This does not go together with your other answers");
  return make_problem (section, field, (Finding){"rule", message}, field->error);
}

FormProblem *
form_check_field (const GuideService *service, const GuideField *field, const json_t *answers,
                  const char *today)
{
  g_autoptr (json_t) effective = form_effective (service, answers);
  const GuideSection *section = section_of (service, field);
  if (!is_visible (section, field, effective))
    return NULL;
  return check_visible (section, field, effective, today);
}

typedef void (*VisitField) (const GuideSection *section, const GuideField *field,
                            const json_t *effective, gpointer data);

static void
visit_visible (const GuideService *service, const json_t *answers, VisitField visit, gpointer data)
{
  g_autoptr (json_t) effective = form_effective (service, answers);
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    if (!form_section_visible (section, effective))
      continue;
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      if (passes (field->visible_if, effective))
        visit (section, field, effective, data);
    }
  }
}

typedef struct {
  GPtrArray *problems;
  const char *today;
} Checking;

static void
visit_check (const GuideSection *section, const GuideField *field, const json_t *effective,
             gpointer data)
{
  Checking *checking = data;
  FormProblem *problem = check_visible (section, field, effective, checking->today);
  if (problem != NULL)
    g_ptr_array_add (checking->problems, problem);
}

GPtrArray *
form_check (const GuideService *service, const json_t *answers, const char *today)
{
  Checking checking = {g_ptr_array_new_with_free_func (g_free), today};
  visit_visible (service, answers, visit_check, &checking);
  return checking.problems;
}

typedef struct {
  json_t *part;
  GuidePart which;
} Parting;

static void
visit_part (const GuideSection *section, const GuideField *field, const json_t *effective,
            gpointer data)
{
  Parting *parting = data;
  json_t *value = json_object_get (effective, field->id);
  if (section->part == parting->which && value != NULL)
    json_object_set (parting->part, field->id, value);
}

json_t *
form_part (const GuideService *service, const json_t *answers, GuidePart part)
{
  Parting parting = {json_object (), part};
  visit_visible (service, answers, visit_part, &parting);
  return parting.part;
}

gboolean
form_only_known (const GuideService *service, const json_t *answers, GError **error)
{
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)answers, key, value) {
    if (guide_field (service, key) != NULL)
      continue;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the form has no field \"%s\"", key);
    return FALSE;
  }
  return TRUE;
}

/* --- Facts, and values in words
 * -------------------------------------------------------------------- */

static void
visit_fact (const GuideSection *section, const GuideField *field, const json_t *effective,
            gpointer data)
{
  json_t *facts = data, *value = json_object_get (effective, field->id);
  if (field->fact != NULL && value != NULL)
    json_object_set (facts, field->fact, value);
}

json_t *
form_facts (const GuideService *service, const json_t *answers)
{
  json_t *facts = json_object ();
  visit_visible (service, answers, visit_fact, facts);
  return facts;
}

json_t *
form_prefill (const GuideService *service, const json_t *facts)
{
  json_t *answers = json_object ();
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      json_t *value = field->fact == NULL ? NULL : json_object_get (facts, field->fact);
      if (!is_empty (value) && check_value (field, value, NULL).code == NULL)
        json_object_set (answers, field->id, value);
    }
  }
  return answers;
}

static const char *
option_label (const GuideField *field, const char *value, const char *language)
{
  for (guint i = 0; i < field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (field->options, i);
    if (g_strcmp0 (option->value, value) == 0)
      return guide_text (option->label, language, NULL);
  }
  return value;
}

char *
form_value_text (const GuideField *field, const json_t *value, const char *language)
{
  if (is_empty (value))
    return NULL;
  if (json_is_boolean (value))
    return g_strdup (json_is_true (value) ? translate (language, "Yes")
                                          : translate (language, "No"));
  if (json_is_integer (value))
    return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  if (json_is_string (value))
    return g_strdup (option_label (field, json_string_value (value), language));
  if (!json_is_array (value))
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (value); i++) {
    const char *one = json_string_value (json_array_get (value, i));
    if (i > 0)
      g_string_append (text, translate (language, "; "));
    g_string_append (text, one == NULL ? "" : option_label (field, one, language));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
