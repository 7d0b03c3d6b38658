/* guide-gate-rules.c: looks for rules that cannot mean what their author meant. Changes nothing,
 * and knows neither keys nor packages. */
#include "flow/guide-gate-rules.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/form.h"
#include "domain/operand.h"
#include "domain/question-values.h"
#include "domain/question.h"

#define MAX_TRIES 20000      /* combinations of answers for one rule */
#define MAX_TRIES_ALL 500000 /* and for all rules of a guide */

/* What begins with / goes on with the pointer. */
static void G_GNUC_PRINTF (3, 4)
    say (GPtrArray *problems, const char *place, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (problems, g_strdup_printf (*what == '/' ? "%s%s" : "%s: %s", place, what));
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

/* How many questions that stand apart can be open at once: what reads one fact alone is one,
 * however many leaves it has; a leaf that reads several counts each. More is not answered exactly.
 */
static guint
count_atoms (const Criterion *criterion, GHashTable *counted)
{
  guint n_facts = g_strv_length ((char **)criterion_facts (criterion)), atoms = 0;
  if (!g_hash_table_add (counted, (gpointer)criterion))
    return 0;
  if (n_facts <= 1 || criterion_kind (criterion) == CRITERION_LEAF)
    return n_facts;
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    atoms += count_atoms (criterion_child (criterion, i), counted);
  return atoms;
}

/* A goal is a criterion that people are asked about: it must be answerable, and each fact in it
 * must be able to change what comes out. */
static void
check_goal (const Guide *guide, const Criterion *goal, const char *place, GPtrArray *problems)
{
  g_autoptr (GHashTable) counted = g_hash_table_new (NULL, NULL);
  guint atoms = count_atoms (goal, counted);
  if (atoms > GUIDE_GATE_MAX_ATOMS) {
    say (problems, place, "leaves %u conditions open; at most %d can be answered exactly", atoms,
         GUIDE_GATE_MAX_ATOMS);
    return;
  }
  g_autoptr (json_t) nothing = json_object ();
  g_autoptr (QuestionPlan) plan = question_plan_new (guide, &goal, 1);
  g_autoptr (GPtrArray) relevant = question_relevant (plan, nothing, guide_peek_effective (guide));
  for (const char *const *fact = criterion_facts (goal); relevant->len > 0 && *fact != NULL; fact++)
    if (!g_ptr_array_find (relevant, guide_fact (guide, *fact), NULL))
      say (problems, place, "the fact \"%s\" can change nothing here", *fact);
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

/* --- Options
 * -----------------------------------------------------------------------------------------------
 */

static const GuideOption *
find_option (const GuideField *field, const char *value)
{
  for (guint i = 0; i < field->options->len; i++)
    if (strcmp (((GuideOption *)g_ptr_array_index (field->options, i))->value, value) == 0)
      return g_ptr_array_index (field->options, i);
  return NULL;
}

/* An option that nobody can choose, or that means nothing where it goes. */
static void
check_options (const Guide *guide, const GuideField *field, const char *place, GPtrArray *problems)
{
  const GuideField *fact = field->fact == NULL ? NULL : guide_fact (guide, field->fact);
  for (guint i = 0; i < field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (field->options, i);
    if (find_option (field, option->value) != option)
      say (problems, place, "/options/%u: a second option is called \"%s\"", i, option->value);
    if (fact != NULL && find_option (fact, option->value) == NULL)
      say (problems, place, "/options/%u: the fact \"%s\" has no option \"%s\"", i, fact->id,
           option->value);
  }
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
            const char *key, const char *place, guint *left, GPtrArray *problems)
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
  if (*left == 0) {
    say (problems, where, "the guide has more rules than can be tried");
    return;
  }
  g_autoptr (json_t) answers = json_object ();
  guint seen = try_all (rule, names, values, 0, answers, today, &tries);
  *left -= MIN (*left, tries);
  if (tries >= MAX_TRIES) /* too many to try: nothing is said */
    return;
  if (seen == 1u << LOGIC_TRUE)
    say (problems, where, "is always true");
  else if (seen == 1u << LOGIC_FALSE)
    say (problems, where, "is never true");
}

static GPtrArray *
fields_of (const GuideService *service)
{
  GPtrArray *fields = g_ptr_array_new ();
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++)
      g_ptr_array_add (fields, g_ptr_array_index (section->fields, k));
  }
  return fields;
}

static void
check_form (const Guide *guide, const GuideService *service, const char *place, guint *left,
            GPtrArray *problems)
{
  g_autoptr (GPtrArray) fields = fields_of (service);
  const json_t *form = json_object_get (service->json, "form");
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    const json_t *json = json_array_get (form, i);
    g_autofree char *where = g_strdup_printf ("%s/form/%u", place, i);
    check_rule (guide, fields, section->visible_if, json, "visible_if", where, left, problems);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      const json_t *field_json = json_array_get (json_object_get (json, "fields"), k);
      g_autofree char *spot = g_strdup_printf ("%s/fields/%u", where, k);
      check_rule (guide, fields, field->visible_if, field_json, "visible_if", spot, left, problems);
      check_rule (guide, fields, field->valid_if, field_json, "valid_if", spot, left, problems);
      check_options (guide, field, spot, problems);
    }
  }
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = g_ptr_array_index (service->materials, i);
    g_autofree char *where = g_strdup_printf ("%s/materials/%u", place, i);
    check_rule (guide, fields, material->when,
                json_array_get (json_object_get (service->json, "materials"), i), "when", where,
                left, problems);
  }
}

/* A consent is asked for by the forms of several services: each must have what its rule reads. */
static void
check_consent (const Guide *guide, const GuideService *service, const GuideConsent *consent,
               const char *place, guint *left, GPtrArray *problems)
{
  if (consent->when == NULL)
    return;
  for (const char *const *name = logic_facts (consent->when, NULL); *name != NULL; name++)
    if (strcmp (*name, "today") != 0 && guide_field (service, *name) == NULL)
      say (problems, place, "the consent \"%s\" reads \"%s\", which is no field of the form",
           consent->id, *name);
  g_autoptr (GPtrArray) fields = fields_of (service);
  const json_t *list = json_object_get (guide_peek_json (guide), "consents");
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *json = json_array_get (list, i);
    if (g_strcmp0 (strict_json_peek (json, "id", NULL), consent->id) != 0)
      continue;
    g_autofree char *where = g_strdup_printf ("/consents/%zu", i);
    check_rule (guide, fields, consent->when, json, "when", where, left, problems);
  }
}

/* --- References
 * --------------------------------------------------------------------------------------------- */

static void
check_departments (const Guide *guide, const GuideService *service, const char *place,
                   GPtrArray *problems)
{
  static const char *const people[] = {"applicant", "employer", NULL};
  const json_t *authority = json_object_get (service->json, "authority");
  const json_t *joint = json_object_get (authority, "joint");
  const char *delegated = strict_json_peek (authority, "delegated_to", NULL);
  for (gsize i = 0; i < json_array_size (joint); i++)
    if (guide_department (guide, json_string_value (json_array_get (joint, i))) == NULL)
      say (problems, place, "/authority/joint/%zu: no department is called \"%s\"", i,
           json_string_value (json_array_get (joint, i)));
  if (delegated != NULL && guide_department (guide, delegated) == NULL)
    say (problems, place, "/authority/delegated_to: no department is called \"%s\"", delegated);
  for (guint i = 0; i < service->steps->len; i++) {
    const GuideStep *step = g_ptr_array_index (service->steps, i);
    if (step->by != NULL && !g_strv_contains (people, step->by) &&
        guide_department (guide, step->by) == NULL)
      say (problems, place, "/steps/%u/by: no department is called \"%s\"", i, step->by);
  }
}

static void
check_references (const Guide *guide, const GuideService *service, const char *place,
                  GPtrArray *problems)
{
  const json_t *requires = json_object_get (service->json, "requires");
  for (gsize i = 0; i < json_array_size (requires); i++) {
    const char *id = json_string_value (json_array_get (requires, i));
    if (guide_service (guide, id) == NULL)
      say (problems, place, "/requires/%zu: no service is called \"%s\"", i, id);
    if (g_strcmp0 (id, service->id) == 0)
      say (problems, place, "/requires/%zu: requires itself", i);
  }
  check_departments (guide, service, place, problems);
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
    const char *today = day == NULL ? guide_peek_effective (guide) : day;
    const char *got = criterion_outcome_word (criterion_test (service->eligibility, facts, today));
    if (g_strcmp0 (got, want) != 0)
      say (problems, where, "comes out %s, not %s", got, want);
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)facts, key, value) {
      const GuideField *fact = guide_fact (guide, key);
      if (fact == NULL)
        say (problems, where, "states the undeclared fact \"%s\"", key);
      else if (!json_is_null (value) && form_value_problem (fact, value, today) != NULL)
        say (problems, where, "states what \"%s\" cannot be", key);
    }
  }
}

void
guide_gate_rules_check (const Guide *guide, GPtrArray *problems)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint left = MAX_TRIES_ALL;
  const GPtrArray *categories = guide_categories (guide), *services = guide_services (guide);
  for (guint i = 0; i < guide_facts (guide)->len; i++) {
    g_autofree char *place = g_strdup_printf ("/catalog/facts/%u", i);
    check_options (guide, g_ptr_array_index (guide_facts (guide), i), place, problems);
  }
  for (guint i = 0; i < categories->len; i++) {
    g_autofree char *place = g_strdup_printf ("/catalog/categories/%u", i);
    check_goal (guide, g_ptr_array_index (categories, i), place, problems);
    check_criterion (guide, g_ptr_array_index (categories, i), "/catalog", seen, problems);
  }
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    g_autofree char *place = g_strdup_printf ("/services/%u", i);
    if (service->eligibility != NULL) {
      g_autofree char *where = g_strdup_printf ("%s/eligibility", place);
      check_goal (guide, service->eligibility, where, problems);
      check_criterion (guide, service->eligibility, where, seen, problems);
    }
    check_references (guide, service, place, problems);
    check_form (guide, service, place, &left, problems);
    for (const char *const *id = service->consents; *id != NULL; id++)
      check_consent (guide, service, guide_consent (guide, *id), place, &left, problems);
    check_examples (guide, service, place, problems);
  }
}
