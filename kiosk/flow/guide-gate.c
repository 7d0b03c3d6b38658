/* guide-gate.c: looks for rules that cannot mean what their author meant. Changes nothing, and
 * knows neither keys nor packages. */
#include "flow/guide-gate.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/operand.h"
#include "domain/question-values.h"
#include "domain/question.h"

#define MAX_TRIES 20000

static void G_GNUC_PRINTF (3, 4)
    say (GPtrArray *problems, const char *place, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (problems, g_strdup_printf ("%s: %s", place, what));
}

static void
check_operands (const json_t *rule, const GPtrArray *fields, const char *place, GPtrArray *problems)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  operand_check (rule, fields, found);
  for (guint i = 0; i < found->len; i++)
    say (problems, place, "%s", (char *)g_ptr_array_index (found, i));
}

/* --- Criteria
 * ----------------------------------------------------------------------------------------- */

/* Undecided when nothing is known, and yet no fact can change it: it always comes out the same.
 * Decided when nothing is known: likewise. */
static void
check_constant (const Guide *guide, const Criterion *criterion, const char *place,
                GPtrArray *problems)
{
  const char *today = guide_peek_effective (guide);
  g_autoptr (json_t) nothing = json_object ();
  g_autoptr (QuestionPlan) plan = question_plan_new (guide, &criterion, 1);
  g_autoptr (GPtrArray) relevant = question_relevant (plan, nothing, today);
  if (relevant->len == 0)
    say (problems, place, "\"%s\" always comes out the same", criterion_peek_id (criterion));
}

/* `seen`: criteria that others refer to are checked once. */
static void
check_criterion (const Guide *guide, const Criterion *criterion, const char *place,
                 GHashTable *seen, GPtrArray *problems)
{
  if (!g_hash_table_add (seen, (gpointer)criterion))
    return;
  const json_t *logic = criterion_member (criterion, "logic");
  if (logic != NULL) {
    g_autofree char *where =
        g_strdup_printf ("%s (criterion %s)", place, criterion_peek_id (criterion));
    check_operands (logic, guide_facts (guide), where, problems);
  }
  check_constant (guide, criterion, place, problems);
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    check_criterion (guide, criterion_child (criterion, i), place, seen, problems);
}

/* --- Rules of forms and materials
 * ------------------------------------------------------------------------ */

static const GuideField *
find_field (const GPtrArray *fields, const char *id)
{
  for (guint i = 0; i < fields->len; i++)
    if (strcmp (((GuideField *)g_ptr_array_index (fields, i))->id, id) == 0)
      return g_ptr_array_index (fields, i);
  return NULL;
}

/* What an answer can be: nothing, and every value that the rule can tell apart; a text for others.
 */
static json_t *
try_values (const GuideField *field, const json_t *rule, const char *today)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  g_ptr_array_add (rules, (gpointer)rule);
  json_t *values = question_values (field, rules, today, 2048);
  if (values == NULL)
    values = json_pack ("[s]", "SAMPLE");
  json_array_append_new (values, json_null ());
  return values;
}

static guint
try_all (const LogicRule *rule, GPtrArray *names, GPtrArray *values, guint at, json_t *answers,
         const char *today, guint *tries)
{
  if (at == names->len) {
    ++*tries;
    return 1u << logic_test (rule, answers, LOGIC_STRICT, today, NULL);
  }
  const json_t *list = g_ptr_array_index (values, at);
  guint seen = 0;
  for (gsize i = 0; i < json_array_size (list) && *tries < MAX_TRIES; i++) {
    json_object_set (answers, g_ptr_array_index (names, at), json_array_get (list, i));
    seen |= try_all (rule, names, values, at + 1, answers, today, tries);
  }
  return seen;
}

static void
check_rule (const Guide *guide, const GPtrArray *fields, const LogicRule *rule, const json_t *json,
            const char *key, const char *place, GPtrArray *problems)
{
  if (rule == NULL)
    return;
  g_autofree char *where = g_strdup_printf ("%s/%s", place, key);
  const json_t *text = json_object_get (json, key);
  const char *today = guide_peek_effective (guide);
  check_operands (text, fields, where, problems);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  for (const char *const *name = logic_facts (rule, NULL); *name != NULL; name++) {
    const GuideField *field = find_field (fields, *name);
    if (field == NULL)
      continue;
    g_ptr_array_add (names, (gpointer)*name);
    g_ptr_array_add (values, try_values (field, text, today));
  }
  guint tries = 0;
  g_autoptr (json_t) answers = json_object ();
  guint seen = try_all (rule, names, values, 0, answers, today, &tries);
  if (tries >= MAX_TRIES) /* too many to try: nothing is said */
    return;
  if (seen == 1u << LOGIC_TRUE)
    say (problems, where, "is always true");
  else if (seen == 1u << LOGIC_FALSE)
    say (problems, where, "is never true");
}

static void
check_form (const Guide *guide, const GuideService *service, const char *place, GPtrArray *problems)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  const json_t *form = json_object_get (service->json, "form");
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++)
      g_ptr_array_add (fields, g_ptr_array_index (section->fields, k));
  }
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    const json_t *json = json_array_get (form, i);
    g_autofree char *where = g_strdup_printf ("%s/form/%u", place, i);
    check_rule (guide, fields, section->visible_if, json, "visible_if", where, problems);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      const json_t *field_json = json_array_get (json_object_get (json, "fields"), k);
      g_autofree char *spot = g_strdup_printf ("%s/fields/%u", where, k);
      check_rule (guide, fields, field->visible_if, field_json, "visible_if", spot, problems);
      check_rule (guide, fields, field->valid_if, field_json, "valid_if", spot, problems);
    }
  }
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = g_ptr_array_index (service->materials, i);
    g_autofree char *where = g_strdup_printf ("%s/materials/%u", place, i);
    check_rule (guide, fields, material->when,
                json_array_get (json_object_get (service->json, "materials"), i), "when", where,
                problems);
  }
}

/* --- Examples
 * -----------------------------------------------------------------------------------------------
 */

static void
check_examples (const Guide *guide, const GuideService *service, const char *place,
                GPtrArray *problems)
{
  const json_t *examples = json_object_get (service->json, "examples");
  gsize n = json_array_size (examples);
  if (service->eligibility == NULL)
    return;
  if (service->enabled && n < 3)
    say (problems, place, "has %zu examples; three are asked for", n);
  for (gsize i = 0; i < n; i++) {
    const json_t *example = json_array_get (examples, i);
    const json_t *facts = json_object_get (example, "facts");
    const char *day = json_string_value (json_object_get (example, "date"));
    const char *want = json_string_value (json_object_get (example, "outcome"));
    g_autofree char *where = g_strdup_printf ("%s/examples/%zu", place, i);
    const char *got = criterion_outcome_word (criterion_test (
        service->eligibility, facts, day == NULL ? guide_peek_effective (guide) : day));
    if (g_strcmp0 (got, want) != 0)
      say (problems, where, "comes out %s, not %s", got, want);
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)facts, key, value)
      if (guide_fact (guide, key) == NULL)
        say (problems, where, "states the undeclared fact \"%s\"", key);
  }
}

void
guide_gate_check (const Guide *guide, GPtrArray *problems)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  const GPtrArray *categories = guide_categories (guide), *services = guide_services (guide);
  for (guint i = 0; i < categories->len; i++)
    check_criterion (guide, g_ptr_array_index (categories, i), "/catalog", seen, problems);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    g_autofree char *place = g_strdup_printf ("/services/%u", i);
    if (service->eligibility != NULL) {
      g_autofree char *where = g_strdup_printf ("%s/eligibility", place);
      check_criterion (guide, service->eligibility, where, seen, problems);
    }
    check_form (guide, service, place, problems);
    check_examples (guide, service, place, problems);
  }
}
