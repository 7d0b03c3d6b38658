/* fuzz-logic.c: rules and their data. What is decided with an unanswered fact stays so once it is
 * answered; nothing runs longer or deeper than the limits. */
#include "fuzz.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/logic.h"

const char *const fuzz_name = "logic";

GPtrArray *
fuzz_seeds (void)
{
  static const char *const seeds[] = {
      "[{\"and\":[{\"var\":\"a\"},{\"or\":[{\"!\":{\"var\":\"b\"}},{\"in\":[\"x\",{\"var\":\"l\"}]}"
      "]}]},"
      "{\"a\":true,\"l\":[\"x\",\"y\"]}]",
      "[{\"if\":[{\"<\":[{\"age_at\":[{\"var\":\"d\"},\"2026-11-23\"]},45]},{\"map\":[{\"var\":"
      "\"l\"},{"
      "\"+\":[{\"var\":\"\"},1]}]},{\"cat\":[\"a\",{\"substr\":[{\"var\":\"s\"},-2,1]}]}]},"
      "{\"d\":\"1990-02-28\",\"l\":[1,2.5],\"s\":\"苏州\"}]",
      "[{\"at_least\":[2,{\"some\":[{\"var\":\"l\"},{\">\":[{\"var\":\"n\"},1]}]},{\"missing\":["
      "\"q\"]},"
      "{\"==\":[{\"reduce\":[[1,2],{\"-\":[{\"var\":\"current\"},{\"var\":\"accumulator\"}]},0]},"
      "\"1\"]}]},"
      "{\"l\":[{\"n\":1},{\"n\":\"2\"}],\"n\":null}]",
  };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_ptr_array_add (all, g_bytes_new_static (seeds[i], strlen (seeds[i])));
  return all;
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autoptr (json_t) pair = strict_json_parse ((const char *)bytes, length, NULL);
  json_t *rule_json = json_array_get (pair, 0), *data = json_array_get (pair, 1);
  g_autoptr (LogicRule) rule = rule_json == NULL ? NULL : logic_compile (rule_json, NULL);
  if (rule == NULL || data == NULL)
    return;
  for (LogicMode mode = LOGIC_STRICT; mode <= LOGIC_TERNARY; mode++) {
    g_autoptr (json_t) value = NULL;
    g_autoptr (GError) error = NULL;
    gboolean unknown = FALSE;
    gboolean done = logic_run (rule, data, mode, "2026-11-23", &value, &unknown, &error);
    g_assert (done == (error == NULL) && (value != NULL) == (done && !unknown));
    g_assert (mode == LOGIC_TERNARY || !unknown);
  }
  /* Facts that were read before come to the same. What cannot be read ends an evaluation; read
   * before, it is unknown, and others may decide. */
  g_autoptr (LogicNames) names = logic_names_new ();
  g_autoptr (LogicRule) named = logic_compile_named (rule_json, names, NULL);
  g_assert (named != NULL);
  g_autoptr (LogicData) read = logic_data_new (names, data, "2026-11-23");
  g_autoptr (GError) failed = NULL;
  LogicTruth before = logic_test_data (named, read);
  LogicTruth now = logic_test (rule, data, LOGIC_TERNARY, "2026-11-23", &failed);
  g_assert (!json_is_object (data) || failed != NULL || before == now);

  /* Answering one more fact never turns what was decided. */
  if (!json_is_object (data) || json_object_get (data, "extra") != NULL)
    return;
  LogicTruth early = logic_test (rule, data, LOGIC_TERNARY, "2026-11-23", NULL);
  g_autoptr (json_t) more = json_copy (data);
  json_object_set_new (more, "a",
                       json_object_get (data, "a") == NULL
                           ? json_true ()
                           : json_incref (json_object_get (data, "a")));
  g_autoptr (GError) error = NULL;
  LogicTruth late = logic_test (rule, more, LOGIC_TERNARY, "2026-11-23", &error);
  g_assert (early == LOGIC_UNKNOWN || error != NULL || late == early);
}
