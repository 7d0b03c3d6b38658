/* test-criterion-change.c: what alone would open a goal, against brute force over small forests and
 * by hand. */
#include <string.h>

#include "domain/criterion-change.h"
#include "domain/guide.h"
#include "json-text.h"

#define TODAY "2026-11-23"
#define N_FACTS 4

static const char *const names[N_FACTS] = {"a", "b", "e", "f"};

/* a, b: yes or no; e: any of x and y; f: 0 to 9. */
static GPtrArray *
make_fields (void)
{
  static GuideOption x = {.value = "x"}, y = {.value = "y"};
  static GuideField fields[N_FACTS] = {
      {.type = GUIDE_FIELD_BOOL},
      {.type = GUIDE_FIELD_BOOL},
      {.type = GUIDE_FIELD_MULTICHOICE},
      {.type = GUIDE_FIELD_INTEGER, .min = "0", .max = "9"},
  };
  static GPtrArray *options, *none;
  GPtrArray *list = g_ptr_array_new ();
  if (options == NULL) {
    options = g_ptr_array_new ();
    none = g_ptr_array_new ();
    g_ptr_array_add (options, &x);
    g_ptr_array_add (options, &y);
  }
  for (int i = 0; i < N_FACTS; i++) {
    fields[i].id = names[i];
    fields[i].options = i == 2 ? options : none;
    g_ptr_array_add (list, &fields[i]);
  }
  return list;
}

/* Every value, not only those that rules tell apart. */
static json_t *
all_values (int fact)
{
  static const char *const values[N_FACTS] = {"[false,true]", "[false,true]",
                                              "[[],[\"x\"],[\"y\"],[\"x\",\"y\"]]",
                                              "[0,1,2,3,4,5,6,7,8,9]"};
  return json_text_parse (values[fact]);
}

static char *
random_tree (GRand *rand, int depth, int *counter)
{
  static const char *const rules[] = {
      "{\"var\":\"a\"}",
      "{\"!\":{\"var\":\"a\"}}",
      "{\"var\":\"b\"}",
      "{\"in\":[\"x\",{\"var\":\"e\"}]}",
      "{\"in\":[\"y\",{\"var\":\"e\"}]}",
      "{\"!\":{\"in\":[\"x\",{\"var\":\"e\"}]}}",
      "{\">=\":[{\"var\":\"f\"},5]}",
      "{\"<\":[{\"var\":\"f\"},7]}",
      "{\"<\":[{\"var\":\"f\"},3]}",
      "{\"and\":[{\"var\":\"b\"},{\">\":[{\"var\":\"f\"},4]}]}",
      "{\"==\":[{\"var\":\"a\"},{\"var\":\"b\"}]}",
  };
  int n = (*counter)++, pick = depth == 0 ? 0 : g_rand_int_range (rand, 0, 6);
  if (pick == 0)
    return g_strdup_printf ("{\"id\":\"n%d\",%s%s\"logic\":%s}", n,
                            g_rand_boolean (rand) ? "\"changeable\":true," : "",
                            g_rand_int_range (rand, 0, 5) == 0 ? "\"judgement\":true," : "",
                            rules[g_rand_int_range (rand, 0, G_N_ELEMENTS (rules))]);
  g_autofree char *left = random_tree (rand, depth - 1, counter);
  g_autofree char *right = random_tree (rand, depth - 1, counter);
  if (pick < 5)
    return g_strdup_printf ("{\"id\":\"n%d\",\"%s\":[%s,%s]}", n, pick < 4 ? "all" : "any", left,
                            right);
  g_autofree char *third = random_tree (rand, depth - 1, counter);
  return g_strdup_printf ("{\"id\":\"n%d\",\"at_least\":{\"k\":2,\"of\":[%s,%s,%s]}}", n, left,
                          right, third);
}

/* --- Brute force
 * ---------------------------------------------------------------------------------------- */

static gboolean
yes (const Criterion *criterion, const json_t *facts)
{
  CriterionOutcome outcome = criterion_test (criterion, facts, TODAY);
  return outcome == CRITERION_MET || outcome == CRITERION_TENTATIVE;
}

static void
collect (const Criterion *criterion, GPtrArray *leaves)
{
  if (criterion_n_children (criterion) == 0)
    g_ptr_array_add (leaves, (gpointer)criterion);
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    collect (criterion_child (criterion, i), leaves);
}

/* Every world that differs only in facts of `leaf`, where it holds. */
static void
list_worlds (const Criterion *leaf, json_t *facts, int from, GPtrArray *worlds)
{
  while (from < N_FACTS && !g_strv_contains (criterion_facts (leaf), names[from]))
    from++;
  if (from == N_FACTS) {
    if (yes (leaf, facts))
      g_ptr_array_add (worlds, json_copy (facts));
    return;
  }
  g_autoptr (json_t) values = all_values (from), world = json_copy (facts);
  for (gsize i = 0; i < json_array_size (values); i++) {
    json_object_set (world, names[from], json_array_get (values, i));
    list_worlds (leaf, world, from + 1, worlds);
  }
}

static gboolean
always (const Criterion *leaf, const GPtrArray *worlds)
{
  for (guint i = 0; i < worlds->len; i++)
    if (!yes (leaf, g_ptr_array_index (worlds, i)))
      return FALSE;
  return TRUE;
}

static gboolean
alone (const Criterion *goal, const GPtrArray *leaves, const Criterion *leaf, json_t *facts)
{
  g_autoptr (GPtrArray) worlds = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  list_worlds (leaf, facts, 0, worlds);
  for (guint i = 0; i < worlds->len; i++) {
    const json_t *world = g_ptr_array_index (worlds, i);
    gboolean clean = yes (goal, world);
    for (guint k = 0; clean && k < leaves->len; k++) {
      const Criterion *other = g_ptr_array_index (leaves, k);
      clean = !yes (other, world) || yes (other, facts) || always (other, worlds);
    }
    if (clean)
      return TRUE;
  }
  return FALSE;
}

static json_t *
random_facts (GRand *rand)
{
  json_t *facts = json_object ();
  for (int i = 0; i < N_FACTS; i++) {
    g_autoptr (json_t) values = all_values (i);
    int n = (int)json_array_size (values), pick = g_rand_int_range (rand, -1, n);
    if (pick >= 0)
      json_object_set (facts, names[i], json_array_get (values, (gsize)pick));
  }
  return facts;
}

static guint
compare_one (GRand *rand, const GPtrArray *fields)
{
  int counter = 0;
  g_autofree char *text = random_tree (rand, 3, &counter);
  g_autoptr (json_t) json = json_text_parse (text), shared = json_array (),
                     facts = random_facts (rand);
  g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
  const Criterion *goal = criterion_set_add (set, json, "/x", NULL);
  g_autoptr (GPtrArray) found = criterion_change_find (goal, fields, facts, TODAY);
  g_autoptr (GPtrArray) leaves = g_ptr_array_new ();
  guint n = 0;
  collect (goal, leaves);
  for (guint i = 0; i < leaves->len; i++) {
    const Criterion *leaf = g_ptr_array_index (leaves, i);
    gboolean should = criterion_test (goal, facts, TODAY) == CRITERION_NOT_MET &&
                      criterion_is_changeable (leaf) &&
                      criterion_test (leaf, facts, TODAY) == CRITERION_NOT_MET &&
                      alone (goal, leaves, leaf, facts);
    if (should != g_ptr_array_find (found, leaf, NULL))
      g_error ("%s: %s is %s, wrongly", text, criterion_peek_id (leaf),
               should ? "left out" : "listed");
    n += should;
  }
  g_assert_cmpuint (found->len, ==, n);
  return n;
}

static void
test_brute_force (void)
{
  g_autoptr (GPtrArray) fields = make_fields ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (124);
  guint listed = 0;
  for (int i = 0; i < 6000; i++)
    listed += compare_one (rand, fields);
  g_test_message ("%u changes listed", listed);
  g_assert_cmpuint (listed, >, 400);
}

/* --- By hand
 * -------------------------------------------------------------------------------------------- */

static const struct {
  const char *goal, *facts, *expected;
} cases[] = {
    /* One condition is missing. */
    {"{\"id\":\"g\",\"all\":[{\"id\":\"p\",\"logic\":{\"var\":\"a\"}},"
     "{\"id\":\"q\",\"changeable\":true,\"logic\":{\"var\":\"b\"}}]}",
     "{\"a\":true,\"b\":false}", "q"},
    /* Two are missing: none alone. */
    {"{\"id\":\"g\",\"all\":[{\"id\":\"p\",\"changeable\":true,\"logic\":{\"var\":\"a\"}},"
     "{\"id\":\"q\",\"changeable\":true,\"logic\":{\"var\":\"b\"}}]}",
     "{\"a\":false,\"b\":false}", ""},
    /* The other one is not known: nobody can promise. */
    {"{\"id\":\"g\",\"all\":[{\"id\":\"p\",\"logic\":{\"var\":\"a\"}},"
     "{\"id\":\"q\",\"changeable\":true,\"logic\":{\"var\":\"b\"}}]}",
     "{\"a\":null,\"b\":false}", ""},
    /* One change that contradicts what the goal needs. */
    {"{\"id\":\"g\",\"all\":[{\"id\":\"p\",\"changeable\":true,\"logic\":{\">=\":[{\"var\":\"f\"},"
     "5]}},{\"id\":\"q\",\"logic\":{\"<\":[{\"var\":\"f\"},3]}}]}",
     "{\"f\":2}", ""},
    /* A choice that would bring a second condition along only by the way. */
    {"{\"id\":\"g\",\"all\":[{\"id\":\"p\",\"changeable\":true,\"logic\":{\"in\":[\"x\",{\"var\":"
     "\"e\"}]}},{\"id\":\"q\",\"logic\":{\"in\":[\"y\",{\"var\":\"e\"}]}}]}",
     "{\"e\":[]}", ""},
    /* Two ways; one people decide. */
    {"{\"id\":\"g\",\"any\":[{\"id\":\"p\",\"changeable\":true,\"judgement\":true,\"logic\":{"
     "\"var\":"
     "\"a\"}},{\"id\":\"q\",\"changeable\":true,\"logic\":{\"var\":\"b\"}},{\"id\":\"r\",\"logic\":"
     "{\"in\":[\"x\",{\"var\":\"e\"}]}}]}",
     "{\"a\":false,\"b\":false,\"e\":[]}", "p q"},
    /* Met already. */
    {"{\"id\":\"g\",\"any\":[{\"id\":\"p\",\"changeable\":true,\"logic\":{\"var\":\"a\"}},"
     "{\"id\":\"q\",\"logic\":{\"var\":\"b\"}}]}",
     "{\"a\":false,\"b\":true}", ""},
};

static void
test_by_hand (void)
{
  g_autoptr (GPtrArray) fields = make_fields ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (json_t) json = json_text_parse (cases[i].goal), shared = json_array (),
                       facts = json_text_parse (cases[i].facts);
    g_autoptr (CriterionSet) set = criterion_set_new (shared, NULL);
    const Criterion *goal = criterion_set_add (set, json, "/x", NULL);
    g_autoptr (GPtrArray) found = criterion_change_find (goal, fields, facts, TODAY);
    g_autoptr (GString) ids = g_string_new (NULL);
    for (guint k = 0; k < found->len; k++)
      g_string_append_printf (ids, "%s%s", k > 0 ? " " : "",
                              criterion_peek_id (g_ptr_array_index (found, k)));
    g_assert_cmpstr (ids->str, ==, cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/criterion-change/by-hand", test_by_hand);
  g_test_add_func ("/criterion-change/brute-force", test_brute_force);
  return g_test_run ();
}
