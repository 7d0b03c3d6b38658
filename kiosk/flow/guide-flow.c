/* guide-flow.c: finds the guide of this device. Trusts no bytes: domain/guide reads them. */
#include "flow/guide-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "domain/guide-supplement.h"
#include "flow/guide-package.h"
#include "store/guide-store.h"

Guide *
guide_flow_load_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, GUIDE_MAX_BYTES, error);
  if (bytes == NULL)
    return NULL;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  return guide_parse (data, length, error);
}

Guide *
guide_flow_load (GError **error)
{
  g_autofree char *path = file_asset ("guide/320500.json");
  return guide_flow_load_file (path, error);
}

Guide *
guide_flow_with_supplement (Guide *take_city, GBytes *supplement)
{
  g_autoptr (Guide) city = take_city;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const void *data = g_bytes_get_data (supplement, &length);
  Guide *merged = guide_supplement_merge (city, data, length, problems);
  if (merged == NULL)
    log_warning ("guide.supplement-left-out", "%s", (char *)g_ptr_array_index (problems, 0));
  return merged != NULL ? merged : g_steal_pointer (&city);
}

/* The shipped document of `scope`; NULL where none is. */
static GBytes *
read_shipped (const char *scope)
{
  g_autofree char *name = g_strdup_printf ("guide/%s.json", scope);
  g_autofree char *path = strchr (scope, '/') == NULL ? file_asset (name) : NULL;
  return path == NULL ? NULL : file_read (path, GUIDE_MAX_BYTES, NULL);
}

Guide *
guide_flow_load_for (const char *district, GError **error)
{
  Guide *city = guide_flow_load (error);
  g_autoptr (GBytes) supplement = NULL;
  if (city != NULL && strcmp (district, GUIDE_CITY_SCOPE) != 0)
    supplement = read_shipped (district);
  return supplement == NULL ? city : guide_flow_with_supplement (city, supplement);
}

/* --- Kept guides --------------------------------------------------------------------------------
 */

static Guide *
parse_kept (const GuideDocument *document, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (document->bytes, &length);
  Guide *guide = guide_parse (data, length, error);
  if (guide == NULL || strcmp (guide_peek_sha256 (guide), document->sha256) == 0)
    return guide;
  guide_unref (guide);
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "a kept guide is not what it was");
  return NULL;
}

Guide *
guide_flow_in_force (Db *db, const char *district, gint64 now, GError **error)
{
  g_autofree char *day = clock_day (now);
  g_autoptr (GError) why = NULL;
  g_autoptr (GuideDocument) city = guide_store_in_force (db, GUIDE_CITY_SCOPE, NULL, day, &why);
  Guide *guide = city != NULL ? parse_kept (city, &why) : NULL;
  if (guide == NULL) {
    if (!onestop_error_is (why, ONESTOP_ERROR_NOT_FOUND))
      log_error ("guide.kept-unreadable", "the shipped guide is shown: %s", why->message);
    return guide_flow_load_for (district, error);
  }
  g_autoptr (GuideDocument) own = guide_store_in_force (db, district, city->sha256, day, NULL);
  return own == NULL ? guide : guide_flow_with_supplement (guide, own->bytes);
}

/* Of what city document, and of what district's (or NULL), is `guide` made? */
static const char *
city_of (const Guide *guide, const char **ret_supplement)
{
  const json_t *supplement = guide_supplement_peek (guide);
  *ret_supplement = strict_json_peek (supplement, "sha256", NULL);
  return strict_json_peek (supplement, "city", guide_peek_sha256 (guide));
}

gboolean
guide_flow_is_in_force (Db *db, const char *district, gint64 now, const Guide *shown)
{
  g_autofree char *day = clock_day (now);
  const char *supplement, *name = city_of (shown, &supplement);
  g_autoptr (GuideDocument) city = guide_store_in_force (db, GUIDE_CITY_SCOPE, NULL, day, NULL);
  if (city == NULL)
    return TRUE;
  g_autoptr (GuideDocument) own = guide_store_in_force (db, district, city->sha256, day, NULL);
  return strcmp (city->sha256, name) == 0 &&
         g_strcmp0 (own == NULL ? NULL : own->sha256, supplement) == 0;
}

/* Keeps the shipped document of `scope`, if it is the one of that name. */
static gboolean
keep_shipped (Db *db, const char *scope, const char *sha256, gint64 now, GError **error)
{
  g_autoptr (GuideDocument) kept = guide_store_get (db, sha256, NULL);
  if (kept != NULL)
    return TRUE;
  g_autoptr (GBytes) bytes = read_shipped (scope);
  g_autoptr (GuideDocument) document =
      bytes == NULL ? NULL : guide_package_describe (bytes, GUIDE_STATE_SHIPPED, error);
  if (document == NULL || strcmp (document->sha256, sha256) != 0) {
    if (error != NULL && *error == NULL)
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "the guide is gone meanwhile");
    return FALSE;
  }
  return guide_store_add (db, document, now, error);
}

typedef struct {
  const Guide *shown;
  gint64 now;
} Keep;

static gboolean
keep (Db *db, gpointer data, GError **error)
{
  const Keep *what = data;
  const char *supplement, *city = city_of (what->shown, &supplement);
  const char *district = strict_json_peek (guide_supplement_peek (what->shown), "scope", NULL);
  if (!keep_shipped (db, GUIDE_CITY_SCOPE, city, what->now, error))
    return FALSE;
  return supplement == NULL ||
         (keep_shipped (db, district, supplement, what->now, error) &&
          guide_store_add_view (db, guide_peek_sha256 (what->shown), city, supplement, error));
}

gboolean
guide_flow_keep (Db *db, const Guide *shown, gint64 now, GError **error)
{
  const char *supplement;
  g_autofree char *of_city = NULL, *of_district = NULL;
  city_of (shown, &supplement);
  if (supplement != NULL &&
      guide_store_get_view (db, guide_peek_sha256 (shown), &of_city, &of_district, NULL))
    return TRUE;
  g_autoptr (GuideDocument) kept = guide_store_get (db, guide_peek_sha256 (shown), NULL);
  Keep what = {shown, now};
  return kept != NULL || db_write (db, keep, &what, error);
}

Guide *
guide_flow_load_kept (Db *db, const char *sha256, GError **error)
{
  g_autofree char *city_name = NULL, *own_name = NULL;
  if (!guide_store_get_view (db, sha256, &city_name, &own_name, NULL)) {
    g_autoptr (GuideDocument) document = guide_store_get (db, sha256, error);
    return document == NULL ? NULL : parse_kept (document, error);
  }
  g_autoptr (GuideDocument) city = guide_store_get (db, city_name, error);
  g_autoptr (GuideDocument) own = city == NULL ? NULL : guide_store_get (db, own_name, error);
  Guide *guide = own == NULL ? NULL : parse_kept (city, error);
  return guide == NULL ? NULL : guide_flow_with_supplement (guide, own->bytes);
}
