/* test-logic.c: JsonLogic in both modes, our own cases; the published suites run in
 * test-logic-command.py when they are at hand. */
#include <string.h>

#include "base/error.h"
#include "domain/age.h"
#include "domain/logic.h"
#include "json-text.h"

/* The result as text; "unknown"; or "refused" at compiling, "failed" at running. */
static char *
outcome (const char *rule_text, const char *data_text, LogicMode mode)
{
  g_autoptr (json_t) json = json_text_parse (rule_text);
  g_autoptr (json_t) data = json_text_parse (data_text);
  g_autoptr (GError) error = NULL;
  g_autoptr (LogicRule) rule = logic_compile (json, &error);
  if (rule == NULL) {
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
    return g_strdup ("refused");
  }
  g_autoptr (json_t) value = NULL;
  gboolean unknown;
  if (!logic_run (rule, data, mode, "2026-11-23", &value, &unknown, &error)) {
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
    return g_strdup ("failed");
  }
  return unknown ? g_strdup ("unknown") : strict_json_write (value);
}

static const struct {
  const char *rule, *data, *strict;
} strict_cases[] = {
    {"7", "null", "7"},
    {"{\"a\":1,\"b\":2}", "null", "{\"a\":1,\"b\":2}"},
    {"{\"==\":[0,\"\"]}", "null", "true"},
    {"{\"==\":[null,0]}", "null", "true"},
    {"{\"==\":[null,\"\"]}", "null", "false"},
    {"{\"==\":[2,2,3]}", "null", "false"},
    {"{\"===\":[3,3,3]}", "null", "true"},
    {"{\"-\":[9,2,3]}", "null", "4"},
    {"{\"/\":[12,2,3]}", "null", "2"},
    {"{\"/\":[4]}", "null", "0.25"},
    {"{\"%\":[1]}", "null", "failed"},
    {"{\"+\":{\"var\":\"l\"}}", "{\"l\":[1,\"2\",true,null]}", "4"},
    {"{\"max\":{\"var\":\"l\"}}", "{\"l\":[1,5,3]}", "5"},
    {"{\"or\":[]}", "null", "false"},
    {"{\"+\":[\"two\",3]}", "null", "failed"},
    {"{\"===\":[1,\"1\"]}", "null", "false"},
    {"{\"!=\":[[1],\"1\"]}", "null", "false"},
    {"{\"!\":[[]]}", "null", "true"},
    {"{\"!!\":[\"0\"]}", "null", "true"},
    {"{\"and\":[1,\"\",3]}", "null", "\"\""},
    {"{\"or\":[0,\"\",\"x\"]}", "null", "\"x\""},
    {"{\"if\":[false,1,0,2,3]}", "null", "3"},
    {"{\"if\":[false,1]}", "null", "null"},
    {"{\"?:\":[true,1,2]}", "null", "1"},
    {"{\"<\":[1,2,3]}", "null", "true"},
    {"{\"<=\":[1,3,2]}", "null", "false"},
    {"{\">\":[\"b\",\"a\"]}", "null", "true"},
    {"{\"<\":[\"x\",1]}", "null", "false"},
    {"{\"+\":[\"2\",3]}", "null", "5"},
    {"{\"-\":[2]}", "null", "-2"},
    {"{\"/\":[1,4]}", "null", "0.25"},
    {"{\"/\":[1,0]}", "null", "failed"},
    {"{\"%\":[7,3]}", "null", "1"},
    {"{\"max\":[1,9,4]}", "null", "9"},
    {"{\"min\":[]}", "null", "null"},
    {"{\"cat\":[\"苏\",null,1,true]}", "null", "\"苏1true\""},
    {"{\"substr\":[\"苏州人才\",2]}", "null", "\"人才\""},
    {"{\"substr\":[\"苏州人才\",-2,1]}", "null", "\"人\""},
    {"{\"substr\":[\"苏州人才\",1,-1]}", "null", "\"州人\""},
    {"{\"in\":[\"州\",\"苏州\"]}", "null", "true"},
    {"{\"in\":[1,[\"1\"]]}", "null", "false"},
    {"{\"in\":[\"\",\"\"]}", "null", "false"},
    {"{\"in\":[\"\",\"a\"]}", "null", "true"},
    {"{\"cat\":[0.1,\" \",-2.5,\" \",1e21,\" \",1.5e-7]}", "null", "\"0.1 -2.5 1e+21 1.5e-7\""},
    {"{\"cat\":[1657324662872342528.0,\" \",0.000001,\" \",-123456789.25]}", "null",
     "\"1657324662872342500 0.000001 -123456789.25\""},
    {"{\"merge\":[1,[2,3],[]]}", "null", "[1,2,3]"},
    {"{\"var\":\"a.b.1\"}", "{\"a\":{\"b\":[4,5]}}", "5"},
    {"{\"var\":[\"z\",9]}", "{}", "9"},
    {"{\"var\":[\"z\",9]}", "{\"z\":null}", "null"},
    {"{\"var\":[\"z.y\",9]}", "{\"z\":null}", "9"},
    {"{\"var\":\"\"}", "[1,2]", "[1,2]"},
    {"{\"var\":1}", "[1,2]", "2"},
    {"{\"var\":{\"var\":\"which\"}}", "{\"which\":\"x\",\"x\":3}", "3"},
    {"{\"missing\":[\"a\",\"b\"]}", "{\"a\":1,\"b\":\"\"}", "[\"b\"]"},
    {"{\"missing_some\":[1,[\"a\",\"b\"]]}", "{\"a\":1}", "[]"},
    {"{\"map\":[{\"var\":\"l\"},{\"*\":[{\"var\":\"\"},2]}]}", "{\"l\":[1,2]}", "[2,4]"},
    {"{\"filter\":[{\"var\":\"l\"},{\">\":[{\"var\":\"n\"},1]}]}", "{\"l\":[{\"n\":1},{\"n\":2}]}",
     "[{\"n\":2}]"},
    {"{\"reduce\":[[1,2,3],{\"+\":[{\"var\":\"current\"},{\"var\":\"accumulator\"}]},0]}", "null",
     "6"},
    {"{\"all\":[[],true]}", "null", "false"},
    {"{\"none\":[[],true]}", "null", "true"},
    {"{\"some\":[{\"var\":\"nothing\"},true]}", "{}", "false"},
    {"{\"at_least\":[2,true,0,1]}", "null", "true"},
    {"{\"age_at\":[\"2000-02-29\",\"2018-02-28\"]}", "null", "17"},
    {"{\"age_at\":[\"2000-02-29\",\"2018-03-01\"]}", "null", "18"},
    {"{\"age_at\":[{\"var\":\"born\"},{\"var\":\"today\"}]}", "{\"born\":\"1990-11-24\"}", "35"},
    {"{\"age_at\":[\"1990-02-30\",\"2018-03-01\"]}", "null", "failed"},
    {"{\"months_between\":[\"2026-01-31\",\"2026-03-30\"]}", "null", "1"},
    {"{\"months_between\":[\"2026-03-30\",\"2026-01-31\"]}", "null", "-1"},
    {"{\"regex\":[1]}", "null", "refused"},
    {"{\"log\":1}", "null", "refused"},
    {"{\"if\":[true,1,{\"nope\":2}]}", "null", "refused"},
    {"9007199254740993", "null", "refused"},
};

static void
test_strict (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (strict_cases); i++) {
    g_autofree char *got = outcome (strict_cases[i].rule, strict_cases[i].data, LOGIC_STRICT);
    if (g_strcmp0 (got, strict_cases[i].strict) != 0)
      g_error ("%s on %s: %s, not %s", strict_cases[i].rule, strict_cases[i].data, got,
               strict_cases[i].strict);
  }
}

/* t, f, u as facts: true, false, not answered. */
static const char *const words[] = {"f", "u", "t"};
#define FACTS "{\"t\":true,\"f\":false,\"d\":null,\"l\":[1,2],\"e\":[]}"

static void
expect_ternary (const char *rule, LogicTruth expected)
{
  g_autofree char *got = outcome (rule, FACTS, LOGIC_TERNARY);
  const char *want = expected == LOGIC_TRUE    ? "true"
                     : expected == LOGIC_FALSE ? "false"
                                               : "unknown";
  if (strcmp (got, want) != 0)
    g_error ("%s: %s, not %s", rule, got, want);
}

static void
test_kleene_tables (void)
{
  for (int a = 0; a < 3; a++) {
    g_autofree char *not = g_strdup_printf ("{\"!\":[{\"var\":\"%s\"}]}", words[a]);
    expect_ternary (not, 2 - a);
    for (int b = 0; b < 3; b++) {
      const char *pair[] = {words[a], words[b]};
      g_autofree char *args =
          g_strdup_printf ("[{\"var\":\"%s\"},{\"var\":\"%s\"}]", pair[0], pair[1]);
      g_autofree char *and = g_strdup_printf ("{\"and\":%s}", args);
      g_autofree char * or = g_strdup_printf ("{\"or\":%s}", args);
      g_autofree char *some = g_strdup_printf ("{\"some\":[%s,{\"var\":\"\"}]}", args);
      g_autofree char *all = g_strdup_printf ("{\"all\":[%s,{\"var\":\"\"}]}", args);
      g_autofree char *none = g_strdup_printf ("{\"none\":[%s,{\"var\":\"\"}]}", args);
      g_autofree char *nested = g_strdup_printf ("{\"==\":[{\"!!\":{\"or\":%s}},true]}", args);
      expect_ternary (and, MIN (a, b));
      expect_ternary (or, MAX (a, b));
      expect_ternary (some, MAX (a, b));
      expect_ternary (all, MIN (a, b));
      expect_ternary (none, 2 - MAX (a, b));
      expect_ternary (nested, MAX (a, b));
      for (int c = 0; c < 3; c++) {
        g_autofree char *iff =
            g_strdup_printf ("{\"if\":[{\"var\":\"%s\"},{\"var\":\"%s\"},{\"var\":\"%s\"}]}",
                             words[c], words[a], words[b]);
        expect_ternary (iff, c == 2 ? a : c == 0 ? b : a == b ? a : LOGIC_UNKNOWN);
        int met = (a == 2) + (b == 2) + (c == 2), open = (a == 1) + (b == 1) + (c == 1);
        g_autofree char *two = g_strdup_printf (
            "{\"at_least\":[2,{\"var\":\"%s\"},{\"var\":\"%s\"},{\"var\":\"%s\"}]}", words[a],
            words[b], words[c]);
        expect_ternary (two, met >= 2 ? LOGIC_TRUE : met + open < 2 ? LOGIC_FALSE : LOGIC_UNKNOWN);
      }
    }
  }
}

static void
test_ternary (void)
{
  expect_ternary ("{\"var\":\"d\"}", LOGIC_UNKNOWN);
  expect_ternary ("{\"var\":[\"u\",true]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"==\":[{\"var\":\"u\"},1]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"in\":[\"x\",{\"var\":\"u\"}]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"in\":[1,[1,{\"var\":\"u\"}]]}", LOGIC_TRUE);
  expect_ternary ("{\"in\":[3,[1,{\"var\":\"u\"}]]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"some\":[{\"var\":\"u\"},true]}", LOGIC_UNKNOWN);
  /* The value of an or behind an unknown argument is not known, only its truth. */
  expect_ternary ("{\"==\":[{\"or\":[{\"var\":\"u\"},5]},5]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"!!\":{\"or\":[{\"var\":\"u\"},5]}}", LOGIC_TRUE);
  expect_ternary ("{\"if\":[{\"var\":\"u\"},true,{\"var\":\"u\"},true,false]}", LOGIC_UNKNOWN);
  expect_ternary ("{\"if\":[{\"var\":\"u\"},true,{\"var\":\"f\"},false,true]}", LOGIC_TRUE);
  expect_ternary ("{\"==\":[{\"missing\":[\"u\"]},[]]}", LOGIC_UNKNOWN);
}

/* Facts read before, by number, come to what facts read one by one come to: for every comparison of
 * a fact with a literal, of any kind. */
static void
test_data (void)
{
  static const char *const values[] = {"null",      "true",        "false", "0",     "7",
                                       "7.5",       "\"\"",        "\"7\"", "\"x\"", "[]",
                                       "[7,\"x\"]", "[\"\",null]", "{}"};
  static const char *const shapes[] = {
      "{\"%s\":[{\"var\":\"a\"},%s]}", "{\"%s\":[%s,{\"var\":\"a\"}]}",
      "{\"%s\":[{\"var\":\"a\"},%s,{\"var\":\"today\"}]}", "{\"%s\":[{\"var\":\"a.b\"},%s]}"};
  static const char *const words_of[] = {
      "===", "!==", "==", "<", "<=", ">", ">=", "in", "or", "cat"};
  int known = 0;
  for (gsize s = 0; s < G_N_ELEMENTS (shapes); s++)
    for (gsize w = 0; w < G_N_ELEMENTS (words_of); w++)
      for (gsize v = 0; v < G_N_ELEMENTS (values); v++) {
        g_autoptr (GString) text = g_string_new (shapes[s]);
        g_string_replace (text, "%s", words_of[w], 1);
        g_string_replace (text, "%s", values[v], 1);
        g_autoptr (json_t) json = json_text_parse (text->str);
        g_autoptr (LogicNames) names = logic_names_new ();
        g_autoptr (LogicRule) plain = logic_compile (json, NULL);
        g_autoptr (LogicRule) named = logic_compile_named (json, names, NULL);
        for (gsize f = 0; f < G_N_ELEMENTS (values); f++) {
          g_autofree char *facts = g_strdup_printf ("{\"a\":%s}", values[f]);
          g_autoptr (json_t) data = json_text_parse (facts);
          g_autoptr (LogicData) read = logic_data_new (names, data, "2026-11-23");
          LogicTruth truth = logic_test_data (named, read);
          known += truth != LOGIC_UNKNOWN;
          if (truth != logic_test (plain, data, LOGIC_TERNARY, "2026-11-23", NULL))
            g_error ("%s on %s differs", text->str, facts);
        }
      }
  g_assert_cmpint (known, >, 3000);
}

/* Against brute force: a random rule over three facts of which some are unanswered is decided only
 * as every completion decides it. */
static char *
random_rule (GRand *rand, int depth)
{
  int pick = depth == 0 ? 0 : g_rand_int_range (rand, 0, 7);
  if (pick == 0)
    return g_strdup_printf ("{\"var\":\"%c\"}", 'a' + g_rand_int_range (rand, 0, 3));
  g_autofree char *x = random_rule (rand, depth - 1);
  if (pick == 1)
    return g_strdup_printf ("{\"!\":[%s]}", x);
  g_autofree char *y = random_rule (rand, depth - 1);
  g_autofree char *z = random_rule (rand, depth - 1);
  switch (pick - 2) {
  case 0:
    return g_strdup_printf ("{\"and\":[%s,%s,%s]}", x, y, z);
  case 1:
    return g_strdup_printf ("{\"or\":[%s,%s,%s]}", x, y, z);
  case 2:
    return g_strdup_printf ("{\"if\":[%s,%s,%s]}", x, y, z);
  case 3:
    return g_strdup_printf ("{\"at_least\":[2,%s,%s,%s]}", x, y, z);
  default:
    return g_strdup_printf ("{\"some\":[[%s,%s],{\"!\":{\"var\":\"\"}}]}", x, y);
  }
}

static LogicTruth
truth_with (const LogicRule *rule, const int value[3])
{
  g_autoptr (json_t) data = json_object ();
  for (int i = 0; i < 3; i++)
    if (value[i] != 1)
      json_object_set_new (data, (char[]){'a' + i, '\0'}, json_boolean (value[i] == 2));
  return logic_test (rule, data, LOGIC_TERNARY, NULL, NULL);
}

static void
test_sound (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20180319);
  int decided = 0;
  for (int n = 0; n < 3000; n++) {
    g_autofree char *text = random_rule (rand, 3);
    g_autoptr (json_t) json = json_text_parse (text);
    g_autoptr (LogicRule) rule = logic_compile (json, NULL);
    g_assert_nonnull (rule);
    for (int k = 0; k < 27; k++) {
      int partial[3] = {k % 3, k / 3 % 3, k / 9};
      LogicTruth early = truth_with (rule, partial);
      if (early == LOGIC_UNKNOWN)
        continue;
      decided++;
      for (int full = 0; full < 8; full++) {
        int value[3];
        for (int i = 0; i < 3; i++)
          value[i] = partial[i] != 1 ? partial[i] : (full >> i & 1) * 2;
        if (truth_with (rule, value) != early)
          g_error ("%s decided too early", text);
      }
    }
  }
  g_assert_cmpint (decided, >, 10000);
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new ("true");
  for (int i = 0; i < LOGIC_MAX_DEPTH; i++) {
    g_string_prepend (deep, "{\"!\":");
    g_string_append (deep, "}");
  }
  g_autofree char *fine = outcome (deep->str, "null", LOGIC_STRICT);
  g_assert_cmpstr (fine, ==, "true");
  g_string_prepend (deep, "{\"!\":");
  g_string_append (deep, "}");
  g_autofree char *too_deep = outcome (deep->str, "null", LOGIC_STRICT);
  g_assert_cmpstr (too_deep, ==, "refused");

  g_autoptr (GString) wide = g_string_new ("{\"or\":[false");
  for (int i = 0; i < LOGIC_MAX_NODES; i++)
    g_string_append (wide, ",false");
  g_string_append (wide, "]}");
  g_autofree char *too_wide = outcome (wide->str, "null", LOGIC_STRICT);
  g_assert_cmpstr (too_wide, ==, "refused");

  /* Built without the parser's limit: 100,000 lists in each other. */
  json_t *nest = json_array ();
  for (int i = 0; i < 1000; i++) {
    json_t *outer = json_array ();
    json_array_append_new (outer, nest);
    nest = outer;
  }
  g_autoptr (GError) error = NULL;
  g_assert_null (logic_compile (nest, &error));
  g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
  json_decref (nest);

  /* 200 x 200 x 200 steps are too many; the evaluation ends. */
  g_autoptr (GString) list = g_string_new ("{\"l\":[0");
  for (int i = 1; i < 200; i++)
    g_string_append (list, ",0");
  g_string_append (list, "]}");
  g_autofree char *endless =
      outcome ("{\"map\":[{\"var\":\"l\"},{\"map\":[{\"merge\":[[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
               "0,0,0,0,0,0,0,"
               "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]]},{"
               "\"map\":[[0,0,0,0,0,"
               "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],1]}]}]}",
               list->str, LOGIC_STRICT);
  g_assert_cmpstr (endless, ==, "failed");
}

static void
test_facts (void)
{
  g_autoptr (json_t) json =
      json_text_parse ("{\"and\":[{\"var\":\"b.c\"},{\"some\":[{\"var\":\"a\"},{\"==\":[{"
                       "\"var\":\"inner\"},1]}]},{\"missing\":[\"m\"]}]}");
  g_autoptr (LogicRule) rule = logic_compile (json, NULL);
  gboolean open;
  g_autofree char *names = g_strjoinv (" ", (char **)logic_facts (rule, &open));
  g_assert_cmpstr (names, ==, "a b m");
  g_assert_false (open);
  g_autoptr (json_t) computed = json_text_parse ("{\"var\":{\"cat\":[\"a\",\"b\"]}}");
  g_autoptr (LogicRule) other = logic_compile (computed, NULL);
  logic_facts (other, &open);
  g_assert_true (open);
}

static void
test_days (void)
{
  g_assert_true (age_is_day ("2024-02-29"));
  for (const char *const *bad = (const char *const[]){"2023-02-29", "2024-2-9", "2024-02-29 ", "",
                                                      "24-02-29", "1799-01-01", NULL};
       *bad != NULL; bad++)
    g_assert_false (age_is_day (*bad));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/logic/strict", test_strict);
  g_test_add_func ("/logic/kleene-tables", test_kleene_tables);
  g_test_add_func ("/logic/ternary", test_ternary);
  g_test_add_func ("/logic/data", test_data);
  g_test_add_func ("/logic/sound", test_sound);
  g_test_add_func ("/logic/limits", test_limits);
  g_test_add_func ("/logic/facts", test_facts);
  g_test_add_func ("/logic/days", test_days);
  return g_test_run ();
}
