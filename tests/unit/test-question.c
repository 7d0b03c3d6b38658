/* test-question.c: the planner against brute force: what it asks can matter, what it leaves out
 * cannot, and its bound never goes up. */
#include <string.h>

#include "domain/guide.h"
#include "domain/question.h"
#include "json-text.h"

#define TODAY "2026-11-23"
#define N_FACTS 6

/* Facts: a b c bool; d choice of three; e multichoice of three; f integer 0 to 9. */
static GPtrArray *
make_facts (void)
{
  GPtrArray *facts = g_ptr_array_new ();
  static GuideOption x = {.value = "x"}, y = {.value = "y"}, z = {.value = "z"};
  static GuideField fields[N_FACTS] = {
      {.id = "a", .type = GUIDE_FIELD_BOOL},        {.id = "b", .type = GUIDE_FIELD_BOOL},
      {.id = "c", .type = GUIDE_FIELD_BOOL},        {.id = "d", .type = GUIDE_FIELD_CHOICE},
      {.id = "e", .type = GUIDE_FIELD_MULTICHOICE}, {.id = "f", .type = GUIDE_FIELD_INTEGER}};
  static GPtrArray *options, *none;
  if (options == NULL) {
    options = g_ptr_array_new ();
    none = g_ptr_array_new ();
    g_ptr_array_add (options, &x);
    g_ptr_array_add (options, &y);
    g_ptr_array_add (options, &z);
  }
  for (int i = 0; i < N_FACTS; i++) {
    fields[i].page = i == 1 ? "a" : fields[i].id; /* a and b share a page */
    fields[i].cost = i == 5 ? 2 : 1;
    fields[i].min = "0";
    fields[i].max = "9";
    fields[i].options = i == 3 || i == 4 ? options : none;
    g_ptr_array_add (facts, &fields[i]);
  }
  return facts;
}

/* Every value of a fact, not only those that rules tell apart. */
static json_t *
all_values (int fact)
{
  static const char *const values[N_FACTS] = {
      "[false,true]",
      "[false,true]",
      "[false,true]",
      "[\"x\",\"y\",\"z\"]",
      "[[],[\"x\"],[\"y\"],[\"z\"],[\"x\",\"y\"],[\"x\",\"z\"],[\"y\",\"z\"],[\"x\",\"y\",\"z\"]]",
      "[0,1,2,3,4,5,6,7,8,9]"};
  return json_text_parse (values[fact]);
}

static char *
random_leaf (GRand *rand)
{
  static const char *const leaves[] = {
      "{\"var\":\"a\"}",
      "{\"var\":\"b\"}",
      "{\"!\":{\"var\":\"c\"}}",
      "{\"==\":[{\"var\":\"d\"},\"x\"]}",
      "{\"in\":[{\"var\":\"d\"},[\"x\",\"y\"]]}",
      "{\"in\":[\"x\",{\"var\":\"e\"}]}",
      "{\"in\":[\"y\",{\"var\":\"e\"}]}",
      "{\"!\":{\"in\":[\"z\",{\"var\":\"e\"}]}}",
      "{\">=\":[{\"var\":\"f\"},5]}",
      "{\"<\":[{\"var\":\"f\"},3]}",
      "{\"and\":[{\"var\":\"a\"},{\">\":[{\"var\":\"f\"},6]}]}",
      "{\"if\":[{\"var\":\"c\"},{\"var\":\"a\"},{\"in\":[\"x\",{\"var\":\"e\"}]}]}",
      "{\"==\":[{\"var\":\"a\"},{\"var\":\"b\"}]}",
  };
  return g_strdup (leaves[g_rand_int_range (rand, 0, G_N_ELEMENTS (leaves))]);
}

static char *
random_tree (GRand *rand, int depth, int *counter)
{
  int n = (*counter)++;
  int pick = depth == 0 ? 0 : g_rand_int_range (rand, 0, 5);
  if (pick == 0) {
    g_autofree char *leaf = random_leaf (rand);
    return g_strdup_printf ("{\"id\":\"n%d\",%s\"logic\":%s}", n,
                            g_rand_int_range (rand, 0, 5) == 0 ? "\"judgement\":true," : "", leaf);
  }
  g_autofree char *x = random_tree (rand, depth - 1, counter);
  g_autofree char *y = random_tree (rand, depth - 1, counter);
  if (pick < 4)
    return g_strdup_printf ("{\"id\":\"n%d\",\"%s\":[%s,%s]}", n, pick % 2 ? "all" : "any", x, y);
  g_autofree char *z = random_tree (rand, depth - 1, counter);
  return g_strdup_printf ("{\"id\":\"n%d\",\"at_least\":{\"k\":2,\"of\":[%s,%s,%s]}}", n, x, y, z);
}

static const char *
fact_id (int fact)
{
  static const char *const ids[] = {"a", "b", "c", "d", "e", "f"};
  return ids[fact];
}

/* The set of outcomes that the goal may have when facts from `fact` on, as far as `free` has their
 * bits, take every value. */
static guint
outcomes_over (const Criterion *goal, json_t *facts, int fact, guint free)
{
  while (fact < N_FACTS && !(free >> fact & 1))
    fact++;
  if (fact == N_FACTS)
    return 1u << criterion_test (goal, facts, TODAY);
  g_autoptr (json_t) values = all_values (fact);
  g_autoptr (json_t) copy = json_copy (facts);
  guint set = 0;
  for (gsize i = 0; i < json_array_size (values); i++) {
    json_object_set (copy, fact_id (fact), json_array_get (values, i));
    set |= outcomes_over (goal, copy, fact + 1, free);
  }
  return set;
}

/* Is there a completion of the other askable facts under which `fact` makes a difference? */
static gboolean
matters (const Criterion *goal, json_t *facts, int fact, guint askable, guint unknown, int from)
{
  while (from < N_FACTS && (from == fact || !(askable >> from & 1)))
    from++;
  if (from < N_FACTS) {
    g_autoptr (json_t) values = all_values (from);
    g_autoptr (json_t) copy = json_copy (facts);
    for (gsize i = 0; i < json_array_size (values); i++) {
      json_object_set (copy, fact_id (from), json_array_get (values, i));
      if (matters (goal, copy, fact, askable, unknown, from + 1))
        return TRUE;
    }
    return FALSE;
  }
  g_autoptr (json_t) values = all_values (fact);
  g_autoptr (json_t) copy = json_copy (facts);
  guint first = 0;
  for (gsize i = 0; i < json_array_size (values); i++) {
    json_object_set (copy, fact_id (fact), json_array_get (values, i));
    guint set = outcomes_over (goal, copy, 0, unknown);
    if (i > 0 && set != first)
      return TRUE;
    first = set;
  }
  return FALSE;
}

static gboolean
lists (const GPtrArray *relevant, const char *id)
{
  for (guint i = 0; i < relevant->len; i++)
    if (strcmp (((const GuideField *)g_ptr_array_index (relevant, i))->id, id) == 0)
      return TRUE;
  return FALSE;
}

static json_t *
random_value (GRand *rand, int fact)
{
  g_autoptr (json_t) values = all_values (fact);
  return json_incref (
      json_array_get (values, g_rand_int_range (rand, 0, (int)json_array_size (values))));
}

/* One interview over random goals: before every page, each fact is compared with brute force. */
static int
interview (GRand *rand, const GPtrArray *facts)
{
  int counter = 0;
  g_autofree char *text = random_tree (rand, 2, &counter);
  g_autoptr (json_t) json = json_text_parse (text), shared = json_array ();
  g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
  const Criterion *goal = criterion_set_add (set, json, "/x", NULL);
  g_assert_nonnull (goal);
  g_autoptr (QuestionPlan) plan = question_plan_new_for_facts (facts, &goal, 1);
  g_autoptr (json_t) known = json_object ();
  guint bound = G_MAXUINT, asked = 0;
  for (;;) {
    g_autoptr (GPtrArray) relevant = question_relevant (plan, known, TODAY);
    guint askable = 0, unknown = 0;
    for (int i = 0; i < N_FACTS; i++) {
      const json_t *value = json_object_get (known, fact_id (i));
      askable |= (value == NULL) << i;
      unknown |= json_is_null (value) << i;
    }
    for (int i = 0; i < N_FACTS; i++) {
      gboolean should = (askable >> i & 1) && matters (goal, known, i, askable, unknown, 0);
      if (should != lists (relevant, fact_id (i)))
        g_error ("%s: fact %s is %s, wrongly", text, fact_id (i), should ? "left out" : "asked");
    }
    guint total = asked + question_pages (relevant);
    g_assert_cmpuint (total, <=, bound);
    bound = total;
    g_autoptr (GPtrArray) page = question_next (relevant);
    if (page == NULL)
      return (int)asked;
    asked++;
    for (guint i = 0; i < page->len; i++) {
      const GuideField *field = g_ptr_array_index (page, i);
      int fact = field->id[0] - 'a';
      json_object_set_new (known, field->id,
                           g_rand_int_range (rand, 0, 8) == 0 ? json_null ()
                                                              : random_value (rand, fact));
    }
  }
}

static void
test_brute_force (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20181123);
  g_autoptr (GPtrArray) facts = make_facts ();
  int pages = 0;
  for (int n = 0; n < 250; n++)
    pages += interview (rand, facts);
  g_assert_cmpint (pages, >, 250);
}

/* --- Forests of goals over up to twelve facts, beside tables of every combination ----------------
 */

#define MOST 12
#define ROWS (1 << MOST) /* a bit a fact */

/* A random criterion as JSON, and its outcome in every row, found without the product's code. */
static void
grow (GRand *dice, int n_facts, int depth, int *counter, GString *json, guint8 *table)
{
  int pick = depth == 0 ? 0 : g_rand_int_range (dice, 0, 6);
  g_string_append_printf (json, "{\"id\":\"n%d\",", (*counter)++);
  if (pick < 2) {
    int fact = g_rand_int_range (dice, 0, n_facts), other = g_rand_int_range (dice, 0, n_facts);
    gboolean wanted = g_rand_boolean (dice), judged = g_rand_int_range (dice, 0, 6) == 0;
    gboolean pair = g_rand_int_range (dice, 0, 5) == 0 && fact != other;
    if (judged)
      g_string_append (json, "\"judgement\":true,");
    if (pair)
      g_string_append_printf (json, "\"logic\":{\"%s\":[{\"var\":\"%c\"},{\"var\":\"%c\"}]}}",
                              wanted ? "===" : "!==", 'a' + fact, 'a' + other);
    else
      g_string_append_printf (json, "\"logic\":{\"%s\":{\"var\":\"%c\"}}}", wanted ? "!!" : "!",
                              'a' + fact);
    for (int row = 0; row < ROWS; row++) {
      gboolean value = row >> fact & 1;
      gboolean holds = (pair ? value == (row >> other & 1) : value) == wanted;
      table[row] = !holds ? CRITERION_NOT_MET : judged ? CRITERION_TENTATIVE : CRITERION_MET;
    }
    return;
  }
  guint8 *below[3];
  g_string_append (json, pick == 5  ? "\"at_least\":{\"k\":2,\"of\":["
                         : pick % 2 ? "\"all\":["
                                    : "\"any\":[");
  for (int i = 0; i < 3; i++) {
    below[i] = g_malloc (ROWS);
    if (i > 0)
      g_string_append_c (json, ',');
    grow (dice, n_facts, depth - 1, counter, json, below[i]);
  }
  g_string_append (json, pick == 5 ? "]}}" : "]}");
  for (int row = 0; row < ROWS; row++) {
    guint8 a = below[0][row], b = below[1][row], c = below[2][row];
    guint8 low = MIN (MIN (a, b), c), high = MAX (MAX (a, b), c);
    table[row] = pick == 5 ? a + b + c - low - high : pick % 2 ? low : high;
  }
  for (int i = 0; i < 3; i++)
    g_free (below[i]);
}

/* The facts (bits) of which some value, with some values of the other `askable` ones, changes what
 * the outcome can be; it can be several things while facts are `unknown` for good. */
static guint
facts_that_matter (const guint8 *table, guint known, guint values, guint unknown)
{
  g_autofree guint8 *sets = g_malloc0 (ROWS);
  guint askable = (ROWS - 1) & ~(known | unknown), matter = 0;
  for (guint row = 0; row < ROWS; row++)
    if ((row & known) == values)
      sets[row & ~unknown] |= 1 << table[row];
  for (guint row = 0; row < ROWS; row++)
    for (int fact = 0; sets[row] != 0 && fact < MOST; fact++)
      if (askable >> fact & 1 && sets[row] != sets[row ^ 1u << fact])
        matter |= 1u << fact;
  return matter;
}

/* Answers at random until nothing is asked; before each page what is asked is compared with what
 * matters to any goal. */
static guint
walk_forest (GRand *dice, const QuestionPlan *plan, guint8 **tables, guint n_goals,
             const char *goals_text)
{
  g_autoptr (json_t) facts = json_object ();
  guint known = 0, values = 0, unknown = 0, asked = 0;
  for (;; asked++) {
    g_autoptr (GPtrArray) relevant = question_relevant (plan, facts, TODAY);
    guint listed = 0, matter = 0;
    for (guint i = 0; i < relevant->len; i++)
      listed |= 1u << (((const GuideField *)g_ptr_array_index (relevant, i))->id[0] - 'a');
    for (guint i = 0; i < n_goals; i++)
      matter |= facts_that_matter (tables[i], known, values, unknown);
    if (listed != matter)
      g_error ("%s: asked %x, what matters is %x", goals_text, listed, matter);
    if (relevant->len == 0)
      return asked;
    const GuideField *field = g_ptr_array_index (relevant, 0);
    guint bit = 1u << (field->id[0] - 'a');
    gboolean value = g_rand_boolean (dice), knows = g_rand_int_range (dice, 0, 8) > 0;
    json_object_set_new (facts, field->id, knows ? json_boolean (value) : json_null ());
    known |= knows ? bit : 0;
    values |= knows && value ? bit : 0;
    unknown |= knows ? 0 : bit;
  }
}

static void
test_forests (void)
{
  const char *seed_text = g_getenv ("ONESTOP_FUZZ_SEED");
  guint32 seed = seed_text != NULL ? (guint32)atoi (seed_text) : 20181124;
  g_test_message ("seed %u", seed);
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  static GuideField fields[MOST];
  static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  for (int i = 0; i < MOST; i++) {
    fields[i] = (GuideField){.id = ids[i], .type = GUIDE_FIELD_BOOL, .page = ids[i], .cost = 1};
    g_ptr_array_add (facts, &fields[i]);
  }
  guint asked = 0, most = 0;
  for (int n = 0; n < 150; n++) {
    int n_facts = g_rand_int_range (dice, 4, MOST + 1), counter = 0;
    guint n_goals = g_rand_int_range (dice, 1, 4);
    const Criterion *goals[3];
    guint8 *tables[3];
    g_autoptr (json_t) shared = json_array ();
    g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
    g_autoptr (GString) all = g_string_new (NULL);
    for (guint i = 0; i < n_goals; i++) {
      g_autoptr (GString) text = g_string_new (NULL);
      tables[i] = g_malloc (ROWS);
      grow (dice, n_facts, 3, &counter, text, tables[i]);
      g_autoptr (json_t) json = json_text_parse (text->str);
      goals[i] = criterion_set_add (set, json, "/x", NULL);
      g_string_append_printf (all, "%s\n", text->str);
    }
    g_autoptr (QuestionPlan) plan = question_plan_new_for_facts (facts, goals, n_goals);
    guint one = walk_forest (dice, plan, tables, n_goals, all->str);
    asked += one;
    most = MAX (most, one);
    for (guint i = 0; i < n_goals; i++)
      g_free (tables[i]);
  }
  g_test_message ("%u questions, at most %u of one forest", asked, most);
  g_assert_cmpuint (asked, >, 300);
  g_assert_cmpuint (most, >=, 8);
}

static void
test_order (void)
{
  g_autoptr (GPtrArray) facts = make_facts ();
  g_autoptr (json_t) json =
      json_text_parse ("{\"id\":\"t\",\"any\":[{\"id\":\"1\",\"logic\":{\"var\":\"c\"}}"
                       ",{\"id\":\"2\",\"all\":[{\"id\":"
                       "\"3\",\"logic\":{\">=\":[{\"var\":\"f\"},5]}},{\"id\":\"4\","
                       "\"logic\":{\"var\":\"b\"}}]},{\"id\":"
                       "\"5\",\"all\":[{\"id\":\"6\",\"logic\":{\"<\":[{\"var\":\"f\"},"
                       "3]}},{\"id\":\"7\",\"logic\":{"
                       "\"!\":{\"var\":\"b\"}}}]}]}");
  g_autoptr (json_t) shared = json_array (), known = json_object ();
  g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
  const Criterion *goal = criterion_set_add (set, json, "/x", NULL);
  g_autoptr (QuestionPlan) plan = question_plan_new_for_facts (facts, &goal, 1);
  g_autoptr (GPtrArray) relevant = question_relevant (plan, known, TODAY);
  g_assert_cmpuint (relevant->len, ==, 3);
  /* b stands twice and costs one tap; f stands twice but costs two; c stands once. */
  g_assert_cmpstr (((GuideField *)relevant->pdata[0])->id, ==, "b");
  g_assert_cmpstr (((GuideField *)relevant->pdata[1])->id, ==, "c");
  g_assert_cmpstr (((GuideField *)relevant->pdata[2])->id, ==, "f");
  json_object_set_new (known, "c", json_true ());
  g_autoptr (GPtrArray) nothing = question_relevant (plan, known, TODAY);
  g_assert_cmpuint (nothing->len, ==, 0);
}

/* Ages decide by the birthday: dates around every bound are tried. */
static void
test_ages (void)
{
  static GuideField birth = {.id = "birth", .type = GUIDE_FIELD_DATE, .page = "birth", .cost = 2};
  g_autoptr (GPtrArray) facts = g_ptr_array_new ();
  g_ptr_array_add (facts, &birth);
  static const struct {
    const char *rule;
    guint relevant;
  } rules[] = {
      {"{\">=\":[{\"age_at\":[{\"var\":\"birth\"},{\"var\":\"today\"}]},45]}", 1},
      {"{\"and\":[{\">=\":[{\"age_at\":[{\"var\":\"birth\"},{\"var\":\"today\"}]},45]},{\"<\":[{"
       "\"age_at\":[{\"var\":\"birth\"},{\"var\":\"today\"}]},45]}]}",
       0},
      {"{\"and\":[{\">=\":[{\"age_at\":[{\"var\":\"birth\"},{\"var\":\"today\"}]},45]},{\"<\":[{"
       "\"age_at\":[{\"var\":\"birth\"},{\"var\":\"today\"}]},46]}]}",
       1},
      {"{\"or\":[{\"<\":[{\"var\":\"birth\"},\"2000-01-01\"]},{\">=\":[{\"var\":\"birth\"},"
       "\"2000-01-01\"]}]}",
       0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    g_autofree char *text = g_strdup_printf ("{\"id\":\"t\",\"logic\":%s}", rules[i].rule);
    g_autoptr (json_t) json = json_text_parse (text), shared = json_array (),
                       known = json_object ();
    g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
    const Criterion *goal = criterion_set_add (set, json, "/x", NULL);
    g_autoptr (QuestionPlan) plan = question_plan_new_for_facts (facts, &goal, 1);
    g_autoptr (GPtrArray) relevant = question_relevant (plan, known, TODAY);
    g_assert_cmpuint (relevant->len, ==, rules[i].relevant);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/question/brute-force", test_brute_force);
  g_test_add_func ("/question/forests", test_forests);
  g_test_add_func ("/question/order", test_order);
  g_test_add_func ("/question/ages", test_ages);
  return g_test_run ();
}
