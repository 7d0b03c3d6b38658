/* test-criterion.c: outcomes and explanations of and/or trees. */
#include <math.h>
#include "base/error.h"
#include "domain/criterion.h"
#include "json-text.h"

static CriterionSet *
read_set (const char *shared_text, const char *text, const Criterion **ret_criterion)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) shared = json_text_parse (shared_text);
  CriterionSet *set = criterion_set_new (shared, &error);
  g_assert_no_error (error);
  g_autoptr (json_t) json = json_text_parse (text);
  *ret_criterion = criterion_set_add (set, json, "/x", &error);
  g_assert_no_error (error);
  return set;
}

/* a and b are leaves; j is a judgement. */
#define LEAF_A "{\"id\":\"a\",\"text\":\"a\",\"logic\":{\"var\":\"a\"}}"
#define LEAF_B "{\"id\":\"b\",\"text\":\"b\",\"changeable\":true,\"logic\":{\"var\":\"b\"}}"
#define LEAF_J "{\"id\":\"j\",\"text\":\"j\",\"judgement\":true,\"logic\":{\"var\":\"j\"}}"

static const struct {
  const char *tree, *facts;
  CriterionOutcome outcome;
} cases[] = {
    {"{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_B "]}", "{\"a\":true,\"b\":true}", CRITERION_MET},
    {"{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_B "]}", "{\"a\":true}", CRITERION_OPEN},
    {"{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_B "]}", "{\"a\":false}", CRITERION_NOT_MET},
    {"{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_J "]}", "{\"a\":true,\"j\":true}",
     CRITERION_TENTATIVE},
    {"{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_J "]}", "{\"a\":true,\"j\":false}",
     CRITERION_NOT_MET},
    {"{\"id\":\"t\",\"any\":[" LEAF_A "," LEAF_J "]}", "{\"a\":true}", CRITERION_MET},
    {"{\"id\":\"t\",\"any\":[" LEAF_A "," LEAF_J "]}", "{\"j\":true}", CRITERION_OPEN},
    {"{\"id\":\"t\",\"any\":[" LEAF_A "," LEAF_J "]}", "{\"a\":false,\"j\":true}",
     CRITERION_TENTATIVE},
    {"{\"id\":\"t\",\"any\":[" LEAF_A "," LEAF_J "]}", "{\"a\":false,\"j\":false}",
     CRITERION_NOT_MET},
    {"{\"id\":\"t\",\"at_least\":{\"k\":2,\"of\":[" LEAF_A "," LEAF_B "," LEAF_J "]}}",
     "{\"a\":true,\"b\":true}", CRITERION_MET},
    {"{\"id\":\"t\",\"at_least\":{\"k\":2,\"of\":[" LEAF_A "," LEAF_B "," LEAF_J "]}}",
     "{\"a\":false,\"b\":true,\"j\":true}", CRITERION_TENTATIVE},
    {"{\"id\":\"t\",\"at_least\":{\"k\":2,\"of\":[" LEAF_A "," LEAF_B "," LEAF_J "]}}",
     "{\"a\":false,\"b\":false}", CRITERION_NOT_MET},
    {"{\"id\":\"t\",\"at_least\":{\"k\":2,\"of\":[" LEAF_A "," LEAF_B "," LEAF_J "]}}",
     "{\"a\":false,\"j\":true}", CRITERION_OPEN},
    {"{\"id\":\"t\",\"ref\":\"shared\"}", "{\"s\":true}", CRITERION_MET},
    {"{\"id\":\"t\",\"logic\":{\"var\":\"a\"}}", "{\"a\":null}", CRITERION_OPEN},
};

#define SHARED "[{\"id\":\"shared\",\"logic\":{\"var\":\"s\"}}]"

/* The explanation as "id outcome", one line after the other, each level with a dot more before it.
 */
static char *
explain (const CriterionSet *set, const Criterion *criterion, const json_t *facts, double *ret_mend)
{
  g_autoptr (CriterionCheck) check = criterion_check_new (set);
  g_autoptr (LogicData) data = criterion_set_read (set, facts, "2026-11-23");
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;
  criterion_check_begin (check, data);
  const CriterionReason *lines = criterion_check_explain (check, criterion, &n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%.*s%s %s", i == 0 ? "" : "\n", lines[i].level, "........",
                            criterion_peek_id (lines[i].criterion),
                            criterion_outcome_word (lines[i].outcome));
  if (ret_mend != NULL)
    *ret_mend = criterion_check_mend (check, criterion);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_outcomes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Criterion *criterion;
    g_autoptr (CriterionSet) set = read_set (SHARED, cases[i].tree, &criterion);
    g_autoptr (json_t) facts = json_text_parse (cases[i].facts);
    CriterionOutcome outcome = criterion_test (criterion, facts, "2026-11-23");
    if (outcome != cases[i].outcome)
      g_error ("%s on %s: %s", cases[i].tree, cases[i].facts, criterion_outcome_word (outcome));
    g_autofree char *lines = explain (set, criterion, facts, NULL);
    g_autofree char *first =
        g_strdup_printf ("%s %s", criterion_peek_id (criterion), criterion_outcome_word (outcome));
    g_assert_true (g_str_has_prefix (lines, first));
  }
}

/* combine () against every completion, on random trees of three leaves of each kind. */
static char *
random_tree (GRand *rand, int depth, int *counter)
{
  int n = (*counter)++;
  int pick = depth == 0 ? 0 : g_rand_int_range (rand, 0, 4);
  if (pick == 0) {
    int fact = g_rand_int_range (rand, 0, 4);
    return g_strdup_printf ("{\"id\":\"n%d\",%s\"logic\":{\"var\":\"%c\"}}", n,
                            fact == 3 || n % 7 == 0 ? "\"judgement\":true," : "", 'a' + fact);
  }
  g_autofree char *x = random_tree (rand, depth - 1, counter);
  g_autofree char *y = random_tree (rand, depth - 1, counter);
  g_autofree char *z = random_tree (rand, depth - 1, counter);
  if (pick == 3)
    return g_strdup_printf ("{\"id\":\"n%d\",\"at_least\":{\"k\":2,\"of\":[%s,%s,%s]}}", n, x, y,
                            z);
  return g_strdup_printf ("{\"id\":\"n%d\",\"%s\":[%s,%s,%s]}", n, pick == 1 ? "all" : "any", x, y,
                          z);
}

static json_t *
facts_for (int code, int base)
{
  json_t *facts = json_object ();
  for (int i = 0; i < 4; i++, code /= base)
    if (code % base < 2)
      json_object_set_new (facts, (char[]){'a' + i, '\0'}, json_boolean (code % base == 1));
  return facts;
}

static CriterionOutcome
outcome_with (const Criterion *criterion, int code, int base)
{
  g_autoptr (json_t) facts = facts_for (code, base);
  return criterion_test (criterion, facts, NULL);
}

static void
test_never_early (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  int decided = 0;
  for (int n = 0; n < 400; n++) {
    int counter = 0;
    g_autofree char *text = random_tree (rand, 2, &counter);
    const Criterion *criterion;
    g_autoptr (CriterionSet) set = read_set ("[]", text, &criterion);
    for (int partial = 0; partial < 81; partial++) {
      CriterionOutcome early = outcome_with (criterion, partial, 3);
      if (early == CRITERION_OPEN)
        continue;
      decided++;
      for (int full = 0; full < 16; full++) {
        int code = 0, place = 1, p = partial, f = full;
        for (int i = 0; i < 4; i++, p /= 3, f /= 2, place *= 3)
          code += (p % 3 < 2 ? p % 3 : f % 2) * place;
        g_assert_cmpint (outcome_with (criterion, code, 3), ==, early);
      }
    }
  }
  g_assert_cmpint (decided, >, 5000);
}

/* A check remembers, criterion_test does not, and reads the facts one by one: they agree on every
 * criterion, and an explanation says of each line what the evaluation says. */
static void
test_check (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  guint lines_seen = 0;
  for (int n = 0; n < 400; n++) {
    int counter = 0;
    g_autofree char *text = random_tree (rand, 3, &counter);
    const Criterion *criterion;
    g_autoptr (CriterionSet) set = read_set ("[]", text, &criterion);
    g_autoptr (CriterionCheck) check = criterion_check_new (set);
    for (int code = 0; code < 81; code++) {
      g_autoptr (json_t) facts = facts_for (code, 3);
      g_autoptr (LogicData) data = criterion_set_read (set, facts, NULL);
      criterion_check_begin (check, data);
      guint n_lines;
      const CriterionReason *lines = criterion_check_explain (check, criterion, &n_lines);
      g_assert_true (lines[0].criterion == criterion && lines[0].level == 0);
      lines_seen += n_lines;
      for (guint i = 0; i < n_lines; i++) {
        g_assert_cmpint (lines[i].outcome, ==, criterion_test (lines[i].criterion, facts, NULL));
        g_assert_true (i == 0 || (lines[i].level > 0 && lines[i].level <= lines[i - 1].level + 1));
      }
      for (int i = 0; i < counter; i++) {
        g_autofree char *id = g_strdup_printf ("n%d", i);
        const Criterion *one = criterion_set_find (set, id);
        g_assert_cmpint (criterion_check_test (check, one), ==, criterion_test (one, facts, NULL));
      }
    }
  }
  g_assert_cmpuint (lines_seen, >, 80000);
}

static void
test_explain (void)
{
  const Criterion *criterion;
  double mend;
  g_autoptr (CriterionSet) set = read_set (
      "[]",
      "{\"id\":\"t\",\"all\":[{\"id\":\"any\",\"any\":[" LEAF_A "," LEAF_B
      "]},{\"id\":\"c\",\"logic\":{\"var\":\"c\"}},{\"id\":\"d\",\"logic\":{\"var\":\"d\"}}]}",
      &criterion);
  /* any and c: what is unmet, not d; of any b: the one that can be mended. */
  g_autoptr (json_t) facts = json_text_parse ("{\"a\":false,\"b\":false,\"c\":false,\"d\":true}");
  g_autofree char *no = explain (set, criterion, facts, &mend);
  g_assert_cmpstr (no, ==, "t not_met\n.any not_met\n..b not_met\n.c not_met");
  g_assert_true (isinf (mend));
  g_autofree char *any = explain (set, criterion_set_find (set, "any"), facts, &mend);
  g_assert_cmpfloat (mend, ==, 1);

  g_autoptr (json_t) met = json_text_parse ("{\"a\":true,\"b\":true,\"c\":true,\"d\":true}");
  g_autofree char *yes = explain (set, criterion, met, &mend);
  g_assert_cmpstr (yes, ==, "t met\n.any met\n..a met\n.c met\n.d met"); /* one is enough */
  g_assert_cmpfloat (mend, ==, 0);

  g_autoptr (json_t) some = json_text_parse ("{\"a\":false,\"c\":true}");
  g_autofree char *open = explain (set, criterion, some, &mend);
  g_assert_cmpstr (open, ==, "t open\n.any open\n..b open\n.d open");
  g_assert_cmpfloat (mend, ==, 1); /* b and d, half each */
}

/* Of two that are needed one is met: what is cheapest to mend of the others is said. */
static void
test_explain_some (void)
{
  const Criterion *criterion;
  double mend;
  g_autoptr (CriterionSet) set = read_set (
      "[]", "{\"id\":\"t\",\"at_least\":{\"k\":2,\"of\":[" LEAF_A "," LEAF_B "," LEAF_J "]}}",
      &criterion);
  g_autoptr (json_t) facts = json_text_parse ("{\"a\":true,\"b\":false,\"j\":false}");
  g_autofree char *lines = explain (set, criterion, facts, &mend);
  g_assert_cmpstr (lines, ==, "t not_met\n.b not_met");
  g_assert_cmpfloat (mend, ==, 1);
}

/* Six references to the next, and so on: small to write, large to walk. */
static void
test_tree_too_large (void)
{
  for (int levels = 5; levels <= 6; levels++) { /* 6^5 is below CRITERION_MAX_TREE */
    g_autoptr (json_t) shared = json_array ();
    for (int i = 0; i < levels; i++) {
      g_autofree char *id = g_strdup_printf ("c%d", i), *next = g_strdup_printf ("c%d", i + 1);
      json_t *any = json_array ();
      for (int k = 0; k < 6; k++)
        json_array_append_new (any, json_pack ("{ssss}", "id", "x", "ref", next));
      json_array_append_new (shared, json_pack ("{ssso}", "id", id, "any", any));
    }
    g_autofree char *last = g_strdup_printf ("c%d", levels);
    json_array_append_new (shared, json_pack ("{sssb}", "id", last, "logic", 1));
    g_autoptr (GError) error = NULL;
    g_autoptr (CriterionSet) set = criterion_set_new (shared, &error);
    g_assert_true ((set != NULL) == (levels == 5));
    g_assert_true (set != NULL || onestop_error_is (error, ONESTOP_ERROR_INVALID));
  }
}

static const char *const refused[] = {
    "{\"id\":\"t\"}",
    "{\"id\":\"t\",\"all\":[]}",
    "{\"id\":\"t\",\"ref\":\"nobody\"}",
    "{\"id\":\"t\",\"ref\":\"loop\"}",
    "{\"id\":\"t\",\"logic\":{\"nope\":1}}",
    "{\"id\":\"t\",\"logic\":true,\"any\":[" LEAF_A "]}",
    "{\"id\":\"t\",\"at_least\":{\"k\":3,\"of\":[" LEAF_A "," LEAF_B "]}}",
    "{\"id\":\"t\",\"at_least\":{\"k\":0,\"of\":[" LEAF_A "]}}",
    "{\"id\":\"t\",\"all\":[" LEAF_A "," LEAF_A "]}",
    "{\"id\":\"t\",\"judgement\":true,\"all\":[" LEAF_A "]}",
    "{\"id\":\"t\",\"logic\":{\"var\":{\"cat\":[\"a\",\"b\"]}}}",
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) shared = json_text_parse ("[]");
    g_autoptr (CriterionSet) set = criterion_set_new (shared, &error);
    g_assert_no_error (error);
    g_autoptr (json_t) json = json_text_parse (refused[i]);
    if (criterion_set_add (set, json, "/x", &error) != NULL)
      g_error ("not refused: %s", refused[i]);
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
    g_assert_true (g_str_has_prefix (error->message, "/x"));
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) loop =
      json_text_parse ("[{\"id\":\"a\",\"all\":[{\"id\":\"x\",\"ref\":\"b\"}]},"
                       "{\"id\":\"b\",\"any\":[{\"id\":\"y\",\"ref\":\"a\"}]}]");
  g_assert_null (criterion_set_new (loop, &error));
  g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/criterion/outcomes", test_outcomes);
  g_test_add_func ("/criterion/never-early", test_never_early);
  g_test_add_func ("/criterion/check", test_check);
  g_test_add_func ("/criterion/explain", test_explain);
  g_test_add_func ("/criterion/explain-some", test_explain_some);
  g_test_add_func ("/criterion/tree-too-large", test_tree_too_large);
  g_test_add_func ("/criterion/refused", test_refused);
  return g_test_run ();
}
