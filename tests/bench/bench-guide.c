/* bench-guide.c: the shipped guide over random people. Prints, as JSON, how many questions on how
 * many pages the planner needs until every goal is decided, and how many a form in the guide's own
 * order needs that asks what the goals read until they are decided: for all services at once, and
 * for each on its own (mean of all); and how long one person's check takes, in microseconds of
 * processor time.
 *
 * bench-guide PEOPLE SEED. Everybody answers everything. The goals of all services at once include
 * the categories. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/strict-json.h"
#include "domain/question.h"
#include "flow/eligibility-flow.h"
#include "flow/guide-flow.h"

#define TODAY "2026-11-23"

typedef struct {
  Guide *guide;
  GPtrArray *goals; /* Criterion */
  GPtrArray *facts; /* GuideField: what the goals read, in the guide's order */
  QuestionPlan *plan;
  GHashTable *pages; /* facts as text -> the page to ask then, of GuideField */
} Bench;

typedef struct {
  double planned, pages, singly, in_order;
} Asked;

static double
processor_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* --- People -------------------------------------------------------------------------------------
 */

static json_t *
random_option (GRand *dice, const GuideField *field)
{
  const GuideOption *option =
      g_ptr_array_index (field->options, g_rand_int_range (dice, 0, (int)field->options->len));
  return json_string (option->value);
}

/* Half of all people have none of a list, the others one of it. */
static json_t *
random_value (GRand *dice, const GuideField *field)
{
  switch (field->type) {
  case GUIDE_FIELD_BOOL:
    return json_boolean (g_rand_boolean (dice));
  case GUIDE_FIELD_CHOICE:
    return random_option (dice, field);
  case GUIDE_FIELD_MULTICHOICE: {
    json_t *list = json_array ();
    if (g_rand_boolean (dice))
      json_array_append_new (list, random_option (dice, field));
    return list;
  }
  case GUIDE_FIELD_DATE: {
    g_autofree char *day =
        g_strdup_printf ("%d-%02d-%02d", g_rand_int_range (dice, 1946, 2026),
                         g_rand_int_range (dice, 1, 13), g_rand_int_range (dice, 1, 29));
    return json_string (day);
  }
  default: {
    gint64 least = field->min == NULL ? 0 : g_ascii_strtoll (field->min, NULL, 10);
    gint64 most = field->max == NULL ? least + 100 : g_ascii_strtoll (field->max, NULL, 10);
    return json_integer (g_rand_int_range (dice, (gint32)least, (gint32)most + 1));
  }
  }
}

static json_t *
random_person (GRand *dice, const Guide *guide)
{
  json_t *person = json_object ();
  for (guint i = 0; i < guide_facts (guide)->len; i++) {
    const GuideField *field = g_ptr_array_index (guide_facts (guide), i);
    json_object_set_new (person, field->id, random_value (dice, field));
  }
  return person;
}

/* --- Questions ----------------------------------------------------------------------------------
 */

static gboolean
is_decided (const Bench *bench, const json_t *facts)
{
  for (guint i = 0; i < bench->goals->len; i++)
    if (criterion_test (bench->goals->pdata[i], facts, TODAY) == CRITERION_OPEN)
      return FALSE;
  return TRUE;
}

static const GPtrArray *
next_page (Bench *bench, const json_t *facts)
{
  char *key = strict_json_canonical (facts);
  GPtrArray *page = g_hash_table_lookup (bench->pages, key);
  if (page != NULL) {
    g_free (key);
    return page;
  }
  g_autoptr (GPtrArray) relevant = question_relevant (bench->plan, facts, TODAY);
  page = question_next (relevant);
  if (page == NULL)
    page = g_ptr_array_new ();
  g_hash_table_insert (bench->pages, key, page);
  return page;
}

/* At most `most` questions of a page. */
static void
ask_planned (Bench *bench, const json_t *person, guint most, double *asked, double *pages)
{
  g_autoptr (json_t) facts = json_object ();
  for (;;) {
    const GPtrArray *page = next_page (bench, facts);
    guint n = MIN (page->len, most);
    if (n == 0)
      break;
    for (guint i = 0; i < n; i++) {
      const char *id = ((const GuideField *)g_ptr_array_index (page, i))->id;
      json_object_set (facts, id, json_object_get (person, id));
    }
    *asked += n;
    *pages += 1;
  }
  g_assert (is_decided (bench, facts));
}

static void
ask_in_order (const Bench *bench, const json_t *person, Asked *asked)
{
  g_autoptr (json_t) facts = json_object ();
  for (guint i = 0; !is_decided (bench, facts); i++) {
    const char *id = ((const GuideField *)g_ptr_array_index (bench->facts, i))->id;
    json_object_set (facts, id, json_object_get (person, id));
    asked->in_order++;
  }
}

static gboolean
is_read (const Bench *bench, const char *fact)
{
  for (guint i = 0; i < bench->goals->len; i++)
    if (g_strv_contains (criterion_facts (bench->goals->pdata[i]), fact))
      return TRUE;
  return FALSE;
}

static Asked
interview (Guide *guide, GPtrArray *goals, guint people, guint32 seed)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  g_autoptr (GHashTable) pages =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  g_autoptr (QuestionPlan) plan =
      question_plan_new (guide, (const Criterion *const *)goals->pdata, goals->len);
  Bench bench = {guide, goals, facts, plan, pages};
  for (guint i = 0; i < guide_facts (guide)->len; i++) {
    GuideField *field = g_ptr_array_index (guide_facts (guide), i);
    if (is_read (&bench, field->id))
      g_ptr_array_add (facts, field);
  }
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  Asked asked = {0};
  for (guint i = 0; i < people; i++) {
    g_autoptr (json_t) person = random_person (dice, guide);
    ask_planned (&bench, person, G_MAXUINT, &asked.planned, &asked.pages);
    double pages_of_one = 0;
    ask_planned (&bench, person, 1, &asked.singly, &pages_of_one);
    ask_in_order (&bench, person, &asked);
  }
  return (Asked){asked.planned / people, asked.pages / people, asked.singly / people,
                 asked.in_order / people};
}

/* --- Times --------------------------------------------------------------------------------------
 */

/* The whole result as a screen asks for it: reasons in words, the questions left, the record. */
static double
time_result (Guide *guide, const json_t *person)
{
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
  g_assert (eligibility_flow_set_facts (flow, person, NULL));
  double started = processor_seconds ();
  for (int i = 0; i < 100; i++)
    eligibility_result_free (eligibility_flow_result (flow, "zh_CN"));
  return (processor_seconds () - started) * 1e6 / 100;
}

/* Every goal evaluated and explained, from the facts as JSON. */
static double
time_explain (const GPtrArray *goals, const json_t *person)
{
  const CriterionSet *set = criterion_peek_set (goals->pdata[0]);
  g_autoptr (CriterionCheck) check = criterion_check_new (set);
  double started = processor_seconds ();
  for (int i = 0; i < 10000; i++) {
    g_autoptr (LogicData) facts = criterion_set_read (set, person, TODAY);
    criterion_check_begin (check, facts);
    for (guint k = 0; k < goals->len; k++) {
      guint n;
      g_assert (criterion_check_explain (check, goals->pdata[k], &n) != NULL && n > 0);
    }
  }
  return (processor_seconds () - started) * 1e6 / 10000;
}

static json_t *
describe (const Asked *asked)
{
  return json_pack ("{sfsfsfsf}", "planned", asked->planned, "pages", asked->pages, "singly",
                    asked->singly, "in_order", asked->in_order);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Guide) guide = argc == 3 ? guide_flow_load (&error) : NULL;
  if (guide == NULL)
    g_error ("bench-guide PEOPLE SEED: %s", error == NULL ? "usage" : error->message);
  guint people = atoi (argv[1]), seed = atoi (argv[2]), n = 0;
  g_autoptr (GPtrArray) goals =
      g_ptr_array_copy ((GPtrArray *)guide_categories (guide), NULL, NULL);
  Asked one = {0};
  for (guint i = 0; i < guide_services (guide)->len; i++) {
    const GuideService *service = g_ptr_array_index (guide_services (guide), i);
    if (!service->enabled || service->eligibility == NULL)
      continue;
    g_autoptr (GPtrArray) goal = g_ptr_array_new ();
    g_ptr_array_add (goal, (gpointer)service->eligibility);
    g_ptr_array_add (goals, (gpointer)service->eligibility);
    Asked asked = interview (guide, goal, people, seed + i);
    one = (Asked){one.planned + asked.planned, one.pages + asked.pages, one.singly + asked.singly,
                  one.in_order + asked.in_order};
    n++;
  }
  one = (Asked){one.planned / n, one.pages / n, one.singly / n, one.in_order / n};
  Asked all = interview (guide, goals, people, seed);
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  g_autoptr (json_t) person = random_person (dice, guide);
  g_autoptr (json_t) said =
      json_pack ("{sososisisfsf}", "all", describe (&all), "one", describe (&one), "facts",
                 (int)guide_facts (guide)->len, "goals", (int)goals->len, "explain_us",
                 time_explain (goals, person), "result_us", time_result (guide, person));
  g_autofree char *text = strict_json_write (said);
  puts (text);
  return 0;
}
