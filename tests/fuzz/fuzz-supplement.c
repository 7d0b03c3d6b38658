/* fuzz-supplement.c: districts' documents over a city's, and the schema over any document. What
 * fits leaves the city's services as they were named, decided and founded. */
#include "fuzz.h"

#include <string.h>

#include "base/file.h"
#include "base/strict-json.h"
#include "domain/guide-read.h"
#include "domain/guide-schema.h"
#include "domain/guide-supplement.h"

const char *const fuzz_name = "supplement";

static Guide *city;
static json_t *schema;

static GBytes *
read_data (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "guide", name, NULL);
  GBytes *bytes = file_read (path, GUIDE_MAX_BYTES, NULL);
  g_assert (bytes != NULL);
  return bytes;
}

GPtrArray *
fuzz_seeds (void)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GBytes) document = read_data ("city.json");
  g_autofree char *path = file_asset ("guide/guide.schema.json");

  city = guide_parse (g_bytes_get_data (document, NULL), g_bytes_get_size (document), NULL);
  schema = strict_json_load (path, NULL);
  g_assert (city != NULL && schema != NULL);
  g_ptr_array_add (seeds, read_data ("320571.json"));
  return seeds;
}

static void
check_untouched (const Guide *merged)
{
  static const char *const firm[] = {"id",    "name",      "kind",        "basis", "enabled",
                                     "steps", "materials", "eligibility", "fees"};
  const GPtrArray *services = guide_services (city);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *before = g_ptr_array_index (services, i);
    const GuideService *after = guide_service (merged, before->id);
    for (guint k = 0; k < G_N_ELEMENTS (firm); k++) {
      const json_t *one = json_object_get (before->json, firm[k]);
      const json_t *other = json_object_get (after->json, firm[k]);
      g_assert (one == other || json_equal (one, other));
    }
    for (guint k = 0; k < before->channels->len; k++)
      g_assert (json_equal (json_array_get (json_object_get (before->json, "channels"), k),
                            json_array_get (json_object_get (after->json, "channels"), k)));
  }
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  static guint turns;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) merged = guide_supplement_merge (city, bytes, length, problems);
  g_assert ((merged == NULL) == (problems->len > 0));
  if (merged != NULL)
    check_untouched (merged);
  if ((turns++ & 7) != 0) /* the schema is slow */
    return;
  g_autoptr (json_t) document = guide_read_json (bytes, length, NULL);
  if (document == NULL)
    return;
  g_ptr_array_set_size (problems, 0);
  guide_schema_check (schema, document, problems);
  g_assert (problems->len <= GUIDE_SCHEMA_MAX_PROBLEMS);
}
