/* test-guide-gate.c: one broken guide for each kind of fault, and what the gate says of it. */
#include <string.h>

#include "base/strict-json.h"
#include "flow/guide-flow.h"
#include "flow/guide-gate.h"
#include "flow/guide-gate-rules.h"
#include "plant.h"

#define S "services/0/"
#define FORM S "form/0/fields/"
#define ELIGIBILITY S "eligibility/all/"
#define TEXT "\"text\":{\"zh-CN\":\"x\",\"en\":\"x\"}"
#define LEAF(id, logic) "{\"id\":\"" id "\"," TEXT ",\"logic\":" logic "}"
#define SAME "{\"==\":[{\"var\":\"employed\"},{\"var\":\"employed\"}]}"

typedef struct {
  const char *path, *value; /* what is planted (plant_at) */
  const char *says;         /* the problem, or how it begins; NULL: nothing is found */
} Row;

static const Row rows[] = {
    /* by the schema */
    {S "surprise", "1", "/services/0: has a member \"surprise\", which is not known"},
    {"surprise", "1", ": has a member \"surprise\""},
    {S "basis", "-", "/services/0: has no \"basis\""},
    {S "basis", "[]", "/services/0/basis: has 0 entries; at least 1"},
    {S "notice", "-", "/services/0: has no \"notice\""},
    {S "kind", "\"menu\"", "/services/0/kind: is none of the values"},
    {S "enabled", "\"yes\"", "/services/0/enabled: is of type string"},
    {S "queue", "\"AB\"", "/services/0/queue: \"AB\" is not of the form"},
    {S "queue", "\"A\\n\"", "/services/0/queue: \"A\n\" is not of the form"},
    {"services/1/channels", "[{\"type\":\"web\"}]",
     NULL}, /* no kiosk: the rest need not be there */
    {S "id", "\"Sample Card\"", "/services/0/id: \"Sample Card\" is not of the form"},
    {S "name/zh-CN", "\"\"", "/services/0/name/zh-CN: is too short"},
    {S "name/Chinese", "\"x\"", "/services/0/name: has a member \"Chinese\""},
    {S "effective/from", "\"2026-02-30\"", "/services/0/effective/from: \"2026-02-30\" is no date"},
    {"doc/published", "\"yesterday\"", "/doc/published: \"yesterday\" is no date-time"},
    {"doc/kind", "\"menu\"", "/doc/kind: is not what it must be"},
    {"doc/version", "0", "/doc/version: is out of range"},
    {"doc/version", "1.5", "/doc/version: is of type number"},
    {S "limits/promised", "{\"unit\":\"fortnight\",\"value\":1}",
     "/services/0/limits/promised/unit"},
    {S "limits/promised", "{\"unknown\":true,\"unit\":\"hour\"}",
     "/services/0/limits/promised: has a"},
    {S "limits/promised/value", "-1", "/services/0/limits/promised/value: is out of range"},
    {S "eligibility/any", "[]", "/services/0/eligibility: is two things at once"},
    {S "fees", "{\"charged\":true}", "/services/0/fees: has no \"items\""},
    {S "examples/2", "-", "/services/0/examples: has 2 entries; at least 3"},
    {FORM "0/type", "\"number\"", "/services/0/form/0/fields/0/type: is none of the values"},
    {"notices/0/rights", "-", "/notices/0: has no \"rights\""},
    {"overrides", "[{\"service\":\"x\",\"patch\":{\"name\":1}}]",
     "/overrides/0/patch: has a member"},
    /* no text in one of both languages */
    {S "name/en", "-", "/services/0/name: has no English text"},
    {S "name/zh-CN", "-", "/services/0: has no name in zh-CN"},
    /* references to nothing */
    {ELIGIBILITY "0/ref", "\"gone\"", "/services/0/eligibility/0: refers to no criterion \"gone\""},
    {"catalog/criteria/0", "{\"id\":\"talent\"," TEXT ",\"ref\":\"talent\"}", "refers to itself"},
    {ELIGIBILITY "1/logic", "{\"var\":\"gone\"}",
     "/services/0/eligibility: reads the undeclared fact"},
    {S "notice", "\"gone\"", "/services/0: names a notice that is not there"},
    {S "consents/0", "\"gone\"", "/services/0: names a consent that is not there"},
    {S "materials/1/consent", "\"gone\"", "/services/0: a material names a consent"},
    {S "consents/1", "-", "/services/0/materials/1: its consent \"agent\" is not asked for"},
    {S "authority/dept", "\"gone\"", "/services/0: names a department that is not there"},
    {S "authority/joint", "[\"centre\",\"gone\"]", "/services/0/authority/joint/1: no department"},
    {S "authority/delegated_to", "\"gone\"", "/services/0/authority/delegated_to: no department"},
    {S "steps/0/by", "\"gone\"", "/services/0/steps/0/by: no department is called \"gone\""},
    {S "steps/0/by", "\"employer\"", NULL},
    {S "excludes", "[\"gone\"]", "/services/0: excludes a service that is not there"},
    {S "requires", "[\"gone\"]", "/services/0/requires/0: no service is called \"gone\""},
    {S "requires", "[\"sample-card\"]", "/services/0/requires/0: requires itself"},
    {S "requires", "[\"sample-advice\"]", NULL},
    {S "sources/0/source", "\"gone\"", "/services/0/sources/0: no source is called gone"},
    {S "sources/0/of", "[\"/limits\",\"/gone\"]", "/services/0/sources/0: leads nowhere: /gone"},
    {S "unconfirmed/0", "\"/contacts/1\"", "/services/0/unconfirmed/0: leads nowhere: /contacts/1"},
    {FORM "2/fact", "\"gone\"", "/services/0/form/0/fields/2: fills the undeclared fact \"gone\""},
    {FORM "2/fact", "\"employed\"",
     "/services/0/form/0/fields/2: fills the fact \"employed\" of an"},
    {FORM "1/visible_if", "{\"var\":\"gone\"}",
     "/services/0/form/0/fields/1: visible_if reads \"gone\""},
    {S "materials/1/when", "{\"var\":\"gone\"}", "/services/0/materials/1: when reads \"gone\""},
    {"consents/1/when", "{\"var\":\"gone\"}", "/services/0: the consent \"agent\" reads \"gone\""},
    {S "examples/0/facts/gone", "1", "/services/0/examples/0: states the undeclared fact \"gone\""},
    /* two of one name */
    {"services/1/id", "\"sample-card\"", "/services/1: has the id of another"},
    {FORM "1/id", "\"applies_as\"", "/services/0/form/0/fields/1: a second field is called"},
    {S "materials/1/id", "\"identity\"", "/services/0/materials/1: a second material is called"},
    {ELIGIBILITY "1/id", "\"card-talent\"", NULL}, /* a reference has no name of its own */
    {ELIGIBILITY "1/id", "\"card-adult\"",
     "/services/0/eligibility/2: a second criterion is called"},
    /* rules that are refused */
    {ELIGIBILITY "1/logic", "{\"launch\":1}", "/services/0/eligibility/1: "},
    {ELIGIBILITY "1/logic", "{\"var\":{\"cat\":[\"emp\",\"loyed\"]}}",
     "/services/0/eligibility/1: a crit"},
    {S "eligibility/at_least", "{\"k\":9,\"of\":[]}", "/services/0/eligibility: is two things"},
    /* operands that do not go together */
    {ELIGIBILITY "1/logic", "{\">\":[{\"var\":\"employed\"},3]}",
     "/services/0/eligibility (criterion card-employed): > orders"},
    {ELIGIBILITY "1/logic", "{\"==\":[{\"var\":\"level\"},\"topp\"]}",
     "\"level\" has no option \"topp\""},
    {ELIGIBILITY "1/logic", "{\"and\":[{\"var\":\"level\"},{\"var\":\"employed\"}]}",
     "and asks for a truth"},
    {S "materials/1/when", "{\"==\":[{\"var\":\"applies_as\"},\"agents\"]}",
     "/services/0/materials/1/when: \"applies_as\" has no option \"agents\""},
    {"consents/1/when", "{\"==\":[{\"var\":\"applies_as\"},\"agents\"]}",
     "/consents/1/when: \"applies_as\" has no option \"agents\""},
    /* options that nobody can choose */
    {"catalog/facts/0/options/2/value", "\"top\"", "/catalog/facts/0/options/2: a second option"},
    {FORM "0/options/0/value", "\"agent\"",
     "/services/0/form/0/fields/0/options/1: a second option"},
    {FORM "3",
     "{\"id\":\"level\",\"type\":\"choice\",\"label\":{\"zh-CN\":\"x\",\"en\":\"x\"},\"fact\":"
     "\"level\","
     "\"options\":[{\"value\":\"low\",\"label\":{\"zh-CN\":\"x\",\"en\":\"x\"}}]}",
     "/services/0/form/0/fields/3/options/0: the fact \"level\" has no option \"low\""},
    /* always, never */
    {FORM "1/visible_if",
     "{\"and\":[{\"==\":[{\"var\":\"applies_as\"},\"self\"]},{\"==\":[{\"var\":"
     "\"applies_as\"},\"agent\"]}]}",
     "/services/0/form/0/fields/1/visible_if: is never true"},
    {S "materials/1/when",
     "{\"or\":[{\"==\":[{\"var\":\"applies_as\"},\"self\"]},{\"!=\":[{\"var\":"
     "\"applies_as\"},\"self\"]}]}",
     "/services/0/materials/1/when: is always true"},
    {"consents/1/when", "{\"==\":[1,1]}", "/consents/1/when: is always true"},
    {ELIGIBILITY "1/logic", SAME,
     "/services/0/eligibility: \"card-employed\" always comes out the same"},
    {ELIGIBILITY "3", LEAF ("nn", "true"),
     "/services/0/eligibility: \"nn\" always comes out the same"},
    {ELIGIBILITY "0",
     "{\"id\":\"nn\"," TEXT
     ",\"any\":[" LEAF ("n1", "{\"!=\":[{\"var\":\"level\"},\"none\"]}") "," LEAF (
         "n2", "{\"and\":[{\"!=\":[{\"var\":\"level\"},\"none\"]},{\"<\":[{\"var\":\"born\"},"
               "\"1990-01-01\"]}]}") "]}",
     NULL}, /* born stands elsewhere, too */
    {ELIGIBILITY "2",
     "{\"id\":\"nn\"," TEXT ",\"any\":[" LEAF ("n1", "{\"var\":\"employed\"}") "," LEAF (
         "n2",
         "{\"and\":[{\"var\":\"employed\"},{\"<\":[{\"var\":\"born\"},\"1990-01-01\"]}]}") "]}",
     "/services/0/eligibility: the fact \"born\" can change nothing here"},
    /* examples */
    {S "examples", "-", "/services/0: has 0 examples; three are asked for"},
    {S "examples/0/outcome", "\"not_met\"", "/services/0/examples/0: comes out met, not not_met"},
    {S "examples/0/date", "\"2000-01-01\"", "/services/0/examples/0: comes out not_met, not met"},
    {S "examples/1/facts/employed", "\"yes\"", "/services/0/examples/1: states what \"employed\""},
    {S "examples/1/facts/level", "\"lofty\"", "/services/0/examples/1: states what \"level\""},
    {S "examples/1/facts/born", "\"1990-02-30\"", "/services/0/examples/1: states what \"born\""},
    {S "examples/2/facts/born", "null", NULL},
    /* a service that cannot be applied for */
    {S "steps", "[]", "/services/0/steps: has 0 entries"},
    {S "intake_mode", "\"precheck\"", "/services/0/formal_application: says nothing"},
    {FORM "1/valid_if", "{\"!=\":[{\"var\":\"agent_name\"},\"X\"]}",
     "/services/0/form/0/fields/1: has valid_if"},
    /* a supplement */
    {"doc/base", "{\"version\":1,\"sha256\":\"00\"}", "/doc/base: this is a supplement"},
};

static GPtrArray *
gate (GBytes *bytes, gboolean *ret_guide)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) guide = guide_gate_pass (bytes, problems);
  if (ret_guide != NULL)
    *ret_guide = guide != NULL;
  return problems;
}

static void
expect (GBytes *bytes, const char *what, const char *says)
{
  g_autoptr (GPtrArray) problems = gate (bytes, NULL);
  gboolean said = says == NULL && problems->len == 0;
  for (guint i = 0; i < problems->len; i++) {
    const char *problem = g_ptr_array_index (problems, i);
    g_test_message ("%s: %s", what, problem);
    said |= says != NULL && (*says == '/' || *says == ':' ? g_str_has_prefix (problem, says)
                                                          : strstr (problem, says) != NULL);
    g_assert_true (*problem == '/' || *problem == ':');
  }
  if (!said)
    g_error ("%s: not said: %s", what, says == NULL ? "nothing" : says);
}

static void
test_rows (void)
{
  g_autoptr (GBytes) good = plant_read ("city.json");
  expect (good, "as it is", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (json_t) json = plant_json (good);
    plant_at (json, rows[i].path, rows[i].value);
    g_autoptr (GBytes) bytes = plant_text (json);
    g_autofree char *what = g_strdup_printf ("%s = %s", rows[i].path, rows[i].value);
    expect (bytes, what, rows[i].says);
  }
}

/* --- Limits: the last that passes and the first that does not -----------------------------------
 */

/* `n` times `before`, then `core`, then `n` times `after`. */
static char *
nest (guint n, const char *before, const char *core, const char *after)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append (text, before);
  g_string_append (text, core);
  for (guint i = 0; i < n; i++)
    g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static void
expect_at (const char *path, const char *value, const char *says)
{
  g_autoptr (GBytes) good = plant_read ("city.json");
  g_autoptr (json_t) json = plant_json (good);
  plant_at (json, path, value);
  g_autoptr (GBytes) bytes = plant_text (json);
  expect (bytes, path, says);
}

static void
test_rule_limits (void)
{
  g_autofree char *deep = nest (16, "{\"!\":", "{\"var\":\"employed\"}", "}");
  g_autofree char *fine = nest (14, "{\"!\":", "{\"var\":\"employed\"}", "}");
  expect_at (ELIGIBILITY "1/logic", fine, NULL);
  expect_at (ELIGIBILITY "1/logic", deep, "/services/0/eligibility/1: ");
  g_autofree char *list =
      nest (2000, "", "{\"or\":[{\"var\":\"employed\"}", ",{\"var\":\"employed\"}");
  g_autofree char *many = g_strconcat (list, "]}", NULL);
  expect_at (ELIGIBILITY "1/logic", many, "/services/0/eligibility/1: ");
  g_autofree char *refs = nest (20, "{\"id\":\"nn\"," TEXT ",\"all\":[", LEAF ("mm", "true"), "]}");
  expect_at (ELIGIBILITY "1", refs, "criteria nested too deep");
}

/* A goal with so many facts, each a condition of its own. */
static void
expect_atoms (guint n, const char *says)
{
  g_autoptr (GBytes) good = plant_read ("city.json");
  g_autoptr (json_t) json = plant_json (good);
  for (guint i = 3; i < n; i++) {
    g_autofree char *fact = g_strdup_printf ("catalog/facts/%u", i);
    g_autofree char *field = g_strdup_printf (
        "{\"id\":\"f%u\",\"type\":\"bool\",\"label\":{\"zh-CN\":\"x\",\"en\":\"x\"}}", i);
    g_autofree char *leaf = g_strdup_printf (LEAF ("n%u", "{\"var\":\"f%u\"}"), i, i);
    g_autofree char *place = g_strdup_printf (ELIGIBILITY "%u", i);
    plant_at (json, fact, field);
    plant_at (json, place, leaf);
  }
  plant_at (json, S "examples/0/outcome", "\"open\"");
  g_autoptr (GBytes) bytes = plant_text (json);
  expect (bytes, "atoms", says);
}

static void
test_atoms (void)
{
  expect_atoms (GUIDE_GATE_MAX_ATOMS, NULL);
  /* What is referred to again is the same condition. */
  g_autoptr (GBytes) good = plant_read ("city.json");
  g_autoptr (json_t) json = plant_json (good);
  plant_at (json, "catalog/criteria/1",
            LEAF ("two", "{\"and\":[{\"var\":\"employed\"},{\"<\":[{\"var\":"
                         "\"born\"},\"2000-01-01\"]}]}"));
  for (guint i = 3; i < 13; i++) {
    g_autofree char *place = g_strdup_printf (ELIGIBILITY "%u", i);
    g_autofree char *again = g_strdup_printf ("{\"id\":\"r%u\"," TEXT ",\"ref\":\"two\"}", i);
    plant_at (json, place, again);
  }
  g_autoptr (GBytes) again = plant_text (json);
  expect (again, "references", NULL);
  expect_atoms (GUIDE_GATE_MAX_ATOMS + 1, "/services/0/eligibility: leaves 15 conditions open");
}

/* Three lists of nine options, and rules that read them: what is tried has an end, and is not
 * passed over. */
static void
test_tries (void)
{
  g_autoptr (GBytes) good = plant_read ("city.json");
  g_autoptr (json_t) json = plant_json (good);
  GString *options = g_string_new ("[");
  for (guint i = 0; i < 9; i++)
    g_string_append_printf (options,
                            "%s{\"value\":\"o%u\",\"label\":{\"zh-CN\":\"x\",\"en\":\"x\"}}",
                            i == 0 ? "" : ",", i);
  for (guint i = 0; i < 40; i++) {
    g_autofree char *place = g_strdup_printf (FORM "%u", 3 + i);
    g_autofree char *field =
        i < 3 ? g_strdup_printf (
                    "{\"id\":\"m%u\",\"type\":\"multichoice\",\"label\":{\"zh-CN\":\"x\","
                    "\"en\":\"x\"},\"options\":%s]}",
                    i, options->str)
              : g_strdup_printf (
                    "{\"id\":\"m%u\",\"type\":\"bool\",\"label\":{\"zh-CN\":\"x\",\"en\":"
                    "\"x\"},\"visible_if\":{\"or\":[{\"in\":[\"o1\",{\"var\":\"m0\"}]},{\"in\":["
                    "\"o2\",{\"var\":\"m1\"}]},{\"in\":[\"o3\",{\"var\":\"m2\"}]}]}}",
                    i);
    plant_at (json, place, field);
    if (i == 20) {
      g_autoptr (GBytes) some = plant_text (json);
      expect (some, "some rules", NULL);
    }
  }
  g_string_free (options, TRUE);
  g_autoptr (GBytes) many = plant_text (json);
  expect (many, "many rules",
          "/services/0/form/0/fields/42/visible_if: the guide has more rules than can be tried");
}

/* --- What is no guide at all --------------------------------------------------------------------
 */

static void
refuse (const void *text, gsize length, const char *says)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);
  gboolean read;
  g_autoptr (GPtrArray) problems = gate (bytes, &read);
  g_assert_false (read);
  g_assert_cmpuint (problems->len, >=, 1);
  g_assert_cmpuint (problems->len, <=, 60);
  g_test_message ("%s", (char *)g_ptr_array_index (problems, 0));
  if (strstr (g_ptr_array_index (problems, 0), says) == NULL)
    g_error ("not said: %s", says);
}

static void
test_hostile (void)
{
  g_autofree char *deep = nest (100000, "[", "1", "]"),
                  *objects = nest (100000, "{\"a\":", "1", "}");
  g_autofree char *wide = nest (GUIDE_MAX_VALUES + 1, "[],", "", "");
  g_autofree char *strangers = nest (20000, "", "[0", ",0");
  g_autofree char *list = g_strconcat ("{\"services\":", strangers, "]}", NULL);
  char *huge = g_malloc0 (50 * 1024 * 1024);
  refuse (deep, strlen (deep), "nested deeper than 128 levels");
  refuse (objects, strlen (objects), "more than 100000 values");
  refuse (deep + 100000 - 129, 2 * 129 + 1, "nested deeper than 128 levels");
  refuse (wide, strlen (wide), "more than 100000 values");
  refuse (list, strlen (list), "has no \"doc\"");
  refuse (huge, 50 * 1024 * 1024, "more than 2 MiB");
  refuse ("", 0, "not JSON");
  refuse ("1e999", 5, "not JSON");
  refuse ("{\"doc\":123456789012345678901234567890}", 38, "not JSON");
  refuse ("\"\xff\xfe\"", 4, "not JSON");
  refuse ("{\"a\":1,\"a\":2}", 13, "not JSON");
  refuse ("\"\\u0000\"", 8, "not JSON");
  refuse ("[]", 2, "is of type array");
  g_free (huge);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide-gate/rows", test_rows);
  g_test_add_func ("/guide-gate/rule-limits", test_rule_limits);
  g_test_add_func ("/guide-gate/atoms", test_atoms);
  g_test_add_func ("/guide-gate/tries", test_tries);
  g_test_add_func ("/guide-gate/hostile", test_hostile);
  return g_test_run ();
}
