/* test-guide-supplement.c: a district's document over a city's: what is merged, and every way in
 * which it may not be. */
#include <string.h>

#include "base/strict-json.h"
#include "domain/guide-supplement.h"
#include "flow/guide-flow.h"
#include "flow/guide-gate.h"
#include "plant.h"

static Guide *
merge (const Guide *city, GBytes *bytes, GPtrArray *problems)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  return guide_supplement_merge (city, data, length, problems);
}

#define PATCH "overrides/0/patch/"
#define LIMIT "services/0/limits/promised"

static json_t *
json_of (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return plant_json (bytes);
}

/* The examples of RFC 7396, appendix A. */
static void
test_patch (void)
{
  static const char *const cases[][3] = {
      {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
      {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
      {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
      {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
      {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
      {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
      {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
      {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
      {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
      {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
      {"{\"a\":\"foo\"}", "null", "null"},
      {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
      {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
      {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
      {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (json_t) target = json_of (cases[i][0]), patch = json_of (cases[i][1]);
    g_autoptr (json_t) want = json_of (cases[i][2]);
    g_autoptr (json_t) before = json_deep_copy (target);
    g_autoptr (json_t) got = guide_supplement_patch (target, patch);
    g_assert_true (json_equal (got, want));
    g_assert_true (json_equal (target, before));
  }
}

static void
test_merged (void)
{
  g_autoptr (GBytes) city_bytes = plant_read ("city.json"), bytes = plant_read ("320571.json");
  g_autoptr (Guide) city = plant_guide (city_bytes);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) guide = merge (city, bytes, problems), again = merge (city, bytes, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (guide_peek_sha256 (guide), ==, guide_peek_sha256 (again));
  g_assert_cmpstr (guide_peek_sha256 (guide), !=, guide_peek_sha256 (city));
  g_assert_cmpuint (guide_version (guide), ==, guide_version (city));

  const GuideService *card = guide_service (guide, "sample-card");
  g_autofree char *limit = guide_limit_text (guide_limit (card, GUIDE_LIMIT_PROMISED), "en");
  g_assert_cmpstr (limit, ==, "5 working days from receipt");
  g_assert_cmpuint (guide_limit (card, GUIDE_LIMIT_STATUTORY)->value, ==, 20);
  g_assert_cmpuint (card->channels->len, ==, 2);
  const GuideService *flat = guide_service (guide, "d320571.sample-flat");
  g_assert_true (flat != NULL && flat->eligibility != NULL);
  g_assert_true (g_ptr_array_index (guide_services (guide), 2) == flat);
  g_assert_nonnull (guide_fact (guide, "d320571_in_park"));
  g_assert_cmpstr (strict_json_peek (guide_supplement_peek (guide), "scope", NULL), ==, "320571");

  /* The city's own is as it was. */
  g_assert_null (guide_supplement_peek (city));
  g_assert_cmpuint (guide_limit (guide_service (city, "sample-card"), GUIDE_LIMIT_PROMISED)->value,
                    ==, 10);
  g_autoptr (Guide) passed = guide_gate_pass_supplement (city, bytes, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (guide_peek_sha256 (passed), ==, guide_peek_sha256 (guide));
  g_assert_true (guide_supplement_is (json_object_get (guide_peek_json (city), "none")));
  g_assert_false (guide_supplement_is (guide_peek_json (city)));
}

/* A mark of the city's goes only where the district says whence it knows better. */
static void
test_confirmed_without_source (void)
{
  g_autoptr (GBytes) city_bytes = plant_read ("city.json"), bytes = plant_read ("320571.json");
  g_autoptr (json_t) city_json = plant_json (city_bytes), json = plant_json (bytes);
  plant_at (city_json, "services/0/unconfirmed", "[\"/limits/promised\"]");
  g_autoptr (GBytes) changed = plant_text (city_json);
  g_autoptr (Guide) city = plant_guide (changed);
  g_autofree char *sha256 = g_strdup_printf ("\"%s\"", guide_peek_sha256 (city));
  plant_at (json, "doc/base/sha256", sha256);
  plant_at (json, PATCH "unconfirmed", "[]");
  g_autoptr (GBytes) sourced = plant_text (json);
  plant_at (json, PATCH "sources/1/of", "[\"/channels/1\"]");
  g_autoptr (GBytes) unsourced = plant_text (json);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) fits = merge (city, sourced, problems);
  g_assert_nonnull (fits);
  g_assert_null (merge (city, unsourced, problems));
  g_assert_nonnull (strstr (g_ptr_array_index (problems, 0), "unconfirmed: the city's entry 0"));
}

/* A new city document: the city's text shows until the district confirms again. */
static void
test_new_city (void)
{
  g_autoptr (GBytes) city_bytes = plant_read ("city.json"), bytes = plant_read ("320571.json");
  g_autoptr (json_t) json = plant_json (city_bytes);
  plant_at (json, "doc/version", "2");
  g_autoptr (GBytes) newer = plant_text (json);
  g_autoptr (Guide) city = plant_guide (newer);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_assert_null (merge (city, bytes, problems));
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (problems, 0), "/doc/base/sha256: is bound"));
  g_autofree char *sha256 = g_strdup (guide_peek_sha256 (city));
  g_autoptr (Guide) shown = guide_flow_with_supplement (g_steal_pointer (&city), bytes);
  g_assert_cmpstr (guide_peek_sha256 (shown), ==, sha256);
}

/* Each changes a place of the supplement, or first of the city's document, and names what is then
 * said. */
typedef struct {
  const char *city_path, *city_value; /* or NULL: the city's stays */
  const char *path, *value;
  const char *says; /* NULL: it fits */
} Row;

static const Row rows[] = {
    {NULL, NULL, "doc/scope", "\"320500\"", "/doc/scope: is no district"},
    {NULL, NULL, "doc/scope", "\"3205x1\"", "/doc/scope: is no district"},
    {NULL, NULL, "doc/kind", "\"menu\"", "/doc: this is no Service Guide"},
    {NULL, NULL, "doc/version", "0", "/doc: this is no Service Guide"},
    {NULL, NULL, "doc/base", "1", "/doc/base: is bound to no city document"},
    {NULL, NULL, "doc/base/version", "7", "/doc/base/version: is not the version"},
    {NULL, NULL, "doc/base/sha256", "\"00\"", "to be confirmed again"},
    {NULL, NULL, "overrides/0/service", "\"nothing\"", "/overrides/0: names no service"},
    {NULL, NULL, "overrides/0/patch", "[]",
     "/overrides/0: names no service of the city, or has no"},
    {NULL, NULL, "overrides/1", "{\"service\":\"sample-card\",\"patch\":{}}", "a second patch"},
    /* what only the city may say */
    {NULL, NULL, PATCH "eligibility", "{}", "may not touch \"eligibility\""},
    {NULL, NULL, PATCH "name", "{\"zh-CN\":\"x\"}", "may not touch \"name\""},
    {NULL, NULL, PATCH "code", "\"x\"", "may not touch \"code\""},
    {NULL, NULL, PATCH "kind", "\"benefit\"", "may not touch \"kind\""},
    {NULL, NULL, PATCH "item_type", "\"other\"", "may not touch \"item_type\""},
    {NULL, NULL, PATCH "basis", "[]", "may not touch \"basis\""},
    {NULL, NULL, PATCH "materials", "[]", "may not touch \"materials\""},
    {NULL, NULL, PATCH "enabled", "false", "may not touch \"enabled\""},
    {NULL, NULL, PATCH "limits", "7", "may not touch \"limits\""},
    {NULL, NULL, PATCH "limits/statutory", "{\"value\":1}", "only the promised limit"},
    /* null deletes */
    {NULL, NULL, PATCH "eligibility", "null", "null would take away"},
    {NULL, NULL, PATCH "limits/promised/start", "null", "null would take away"},
    /* lists */
    {NULL, NULL, PATCH "channels", "[]", "channels: the city's entry 0 is not there"},
    {NULL, NULL, PATCH "channels", "{\"a\":1}", "channels is no list"},
    {NULL, NULL, PATCH "channels/0/where/en", "\"Elsewhere\"", "channels: the city's entry 0"},
    {NULL, NULL, PATCH "contacts", "[{\"role\":\"A\"}]", "contacts: the city's entry 0"},
    {NULL, NULL, PATCH "contacts", "[{\"role\":\"window\"},{\"role\":\"A\"}]", NULL},
    {NULL, NULL, PATCH "contacts", "[{\"role\":\"A\"},{\"role\":\"window\"}]", "city's entry 0"},
    {NULL, NULL, PATCH "unconfirmed", "[]", "unconfirmed: the city's entry 0"},
    {NULL, NULL, PATCH "unconfirmed", "[\"/contacts/0\",\"/channels/1\"]", NULL},
    {"services/0/unconfirmed", "[\"/limits/promised\",\"/contacts/0\"]", PATCH "unconfirmed",
     "[\"/contacts/0\"]", NULL},
    {"services/0/unconfirmed", "[\"/limits/promised\",\"/contacts/0\"]", PATCH "unconfirmed", "[]",
     "unconfirmed: the city's entry 1"},
    {NULL, NULL, PATCH "sources/1/of", "[\"/channels/1\"]", NULL},
    {"services/0/unconfirmed", "[\"/limits/promisedly\"]", PATCH "unconfirmed", "[]",
     "unconfirmed: the city's entry 0"},
    /* limits */
    {NULL, NULL, PATCH "limits/promised/value", "10", NULL},
    {NULL, NULL, PATCH "limits/promised/value", "11", "loosens the city's limit"},
    {NULL, NULL, PATCH "limits/promised/value", "0", "loosens the city's limit"},
    {NULL, NULL, PATCH "limits/promised/value", "-5", "loosens the city's limit"},
    {NULL, NULL, PATCH "limits/promised/value", "4294967297", "loosens the city's limit"},
    {NULL, NULL, PATCH "limits/promised/start", "\"accepted\"", "counts from elsewhere"},
    {NULL, NULL, PATCH "limits/promised/text", "{\"zh-CN\":\"x\",\"en\":\"x\"}", NULL},
    {NULL, NULL, PATCH "limits/promised/unknown", "true", "takes back a limit"},
    {NULL, NULL, PATCH "limits/promised/unit", "\"batch\"", "changes a window"},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"calendar_day\",\"value\":10}", NULL},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"calendar_day\",\"value\":11}", "loosens"},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"immediate\",\"value\":0}", NULL},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"hour\",\"value\":240}", NULL},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"hour\",\"value\":241}", "loosens"},
    {NULL, NULL, PATCH "limits/promised", "{\"unit\":\"month\",\"value\":1}", "loosens"},
    {NULL, NULL, PATCH "limits/promised", "[]", "the city promises 1 limits, the district 0"},
    {LIMIT "/start", "null", PATCH "limits/promised", "{\"start\":\"received\"}",
     "counts from elsewhere"}, /* null is no silence */
    {LIMIT, "{\"unit\":\"workday\",\"value\":9}", PATCH "limits/promised",
     "{\"value\":9,\"start\":\"received\"}", NULL},
    {LIMIT, "{\"unit\":\"calendar_day\",\"value\":20}", PATCH "limits/promised",
     "{\"unit\":\"workday\",\"value\":1}", "loosens"}, /* holidays may be long */
    {LIMIT, "{\"unit\":\"month\",\"value\":1}", PATCH "limits/promised",
     "{\"unit\":\"calendar_day\",\"value\":28}", NULL},
    {LIMIT, "{\"unit\":\"month\",\"value\":1}", PATCH "limits/promised",
     "{\"unit\":\"calendar_day\",\"value\":29}", "loosens"},
    {LIMIT, "{\"unit\":\"month\",\"value\":9223372036854775807}", PATCH "limits/promised",
     "{\"unit\":\"calendar_day\",\"value\":28}", "loosens"}, /* and does not overflow */
    {LIMIT, "{\"unknown\":true}", PATCH "limits/promised", "[{\"unit\":\"month\",\"value\":9}]",
     NULL},
    {LIMIT, "{\"unit\":\"batch\",\"window\":{\"to\":\"25\"}}", PATCH "limits/promised",
     "{\"unit\":\"batch\",\"window\":{\"to\":\"20\"}}", "changes a window"},
    {LIMIT, "[{\"unit\":\"workday\",\"value\":5},{\"unit\":\"workday\",\"value\":9}]",
     PATCH "limits/promised", "[{\"unit\":\"workday\",\"value\":5}]", "promises 2 limits"},
    {LIMIT, "[{\"unit\":\"workday\",\"value\":5},{\"unit\":\"workday\",\"value\":9}]",
     PATCH "limits/promised",
     "[{\"unit\":\"workday\",\"value\":9},{\"unit\":\"workday\",\"value\":5}]", "loosens"},
    /* own things */
    {NULL, NULL, "services/0/id", "\"flat\"", "/services/0: is called \"flat\""},
    {NULL, NULL, "services/0/id", "\"d320571.\"", "/services/0: is called"},
    {NULL, NULL, "services/0/id", "\"d320505.flat\"", "/services/0: is called"},
    {NULL, NULL, "services/0/basis", "[]", "has no basis"},
    {NULL, NULL, "services/0/eligibility/id", "\"card\"", "a criterion is called \"card\""},
    {NULL, NULL, "services/0/eligibility/all/1/id", "\"x\"", "a criterion is called \"x\""},
    {NULL, NULL, "services/0/eligibility/all/0/ref", "\"gone\"", "refers to no criterion"},
    {NULL, NULL, "services/0/authority", "{\"dept\":\"gone\"}", "a department that is not there"},
    {NULL, NULL, "services", "{}", "services is no list"},
    {NULL, NULL, "catalog/facts/0/id", "\"in_park\"", "/catalog/facts/0: is called"},
    {NULL, NULL, "catalog/categories", "[{}]", "/catalog/categories: the categories"},
    {NULL, NULL, "catalog/criteria", "[{\"id\":\"talent\",\"logic\":true}]", "/catalog/criteria/0"},
    {NULL, NULL, "departments", "[{\"id\":\"centre\",\"name\":\"x\"}]",
     "/departments/0: is called"},
    {NULL, NULL, "notices", "[7]", "/notices/0: is called"},
    {NULL, NULL, "consents", "[{\"id\":\"d320571.c\"}]", "/consents/2: has no"},
};

static void
try_row (const Row *row, GBytes *city_bytes, GBytes *bytes)
{
  g_autoptr (json_t) city_json = plant_json (city_bytes), json = plant_json (bytes);
  g_autoptr (Guide) city = NULL;
  if (row->city_path != NULL) {
    plant_at (city_json, row->city_path, row->city_value);
    g_autoptr (GBytes) changed = plant_text (city_json);
    city = plant_guide (changed);
    g_autofree char *sha256 = g_strdup_printf ("\"%s\"", guide_peek_sha256 (city));
    plant_at (json, "doc/base/sha256", sha256);
  } else {
    city = plant_guide (city_bytes);
  }
  plant_at (json, row->path, row->value);
  g_autoptr (GBytes) text = plant_text (json);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) merged = merge (city, text, problems);
  gboolean said = FALSE;
  for (guint i = 0; i < problems->len; i++) {
    g_test_message ("%s %s: %s", row->path, row->value, (char *)g_ptr_array_index (problems, i));
    said |= row->says != NULL && strstr (g_ptr_array_index (problems, i), row->says) != NULL;
  }
  if ((merged != NULL) != (row->says == NULL) || (row->says != NULL && !said))
    g_error ("%s = %s: %s", row->path, row->value, row->says == NULL ? "refused" : row->says);
}

static void
test_rows (void)
{
  g_autoptr (GBytes) city = plant_read ("city.json"), bytes = plant_read ("320571.json");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    try_row (&rows[i], city, bytes);
}

static void
test_hostile (void)
{
  g_autoptr (GBytes) city_bytes = plant_read ("city.json"), bytes = plant_read ("320571.json");
  g_autoptr (Guide) city = plant_guide (city_bytes);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  for (gsize cut = 0; cut < length; cut += 61)
    g_assert_null (guide_supplement_merge (city, data, cut, problems));
  g_autofree char *deep = g_strnfill (100000, '[');
  g_assert_null (guide_supplement_merge (city, deep, 100000, problems));
  g_assert_null (guide_supplement_merge (city, deep, GUIDE_MAX_BYTES + 1, problems));
  g_assert_null (guide_supplement_merge (city, "[1]", 3, problems));
  g_assert_null (guide_supplement_merge (city, "\"\xff\"", 3, problems));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide-supplement/patch", test_patch);
  g_test_add_func ("/guide-supplement/merged", test_merged);
  g_test_add_func ("/guide-supplement/new-city", test_new_city);
  g_test_add_func ("/guide-supplement/confirmed-without-source", test_confirmed_without_source);
  g_test_add_func ("/guide-supplement/rows", test_rows);
  g_test_add_func ("/guide-supplement/hostile", test_hostile);
  return g_test_run ();
}
