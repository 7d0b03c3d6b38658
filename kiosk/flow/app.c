/* app.c: puts together what a program of the terminal stands on. Refuses to start on a
 * configuration or a store that is not as it must be; goes on without enrolment, key set or guide,
 * for then the flows refuse what cannot be done. */
#include "flow/app.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "flow/guide-flow.h"
#include "flow/guide-package.h"
#include "ops/retention.h"
#include "store/journal.h"
#include "store/key-set-store.h"
#include "store/object-store.h"
#include "store/peer-store.h"

#define BUILT_AT G_GINT64_CONSTANT (1793491200000) /* 2026-11-01: no clock of ours is older */
#define FAR_MS (30 * 86400 * (gint64)1000)
#define ORPHAN_MS (3600 * (gint64)1000)
#define ROOM_BYTES (64 * 1024 * 1024)
#define RESERVE_BYTES (8 * 1024 * 1024)

/* ---- room ---- */

static char *
reserve_path (const App *app)
{
  return g_build_filename (app->directory, "reserve", NULL);
}

/* The reserve is room that nothing but a person's help may free: it lets a full machine still be
 * mended and say what it must. */
static void
keep_reserve (const App *app)
{
  g_autofree char *path = reserve_path (app);
  g_autofree char *zeros = NULL;
  g_autoptr (GError) problem = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  zeros = g_malloc0 (RESERVE_BYTES);
  if (!file_write (path, zeros, RESERVE_BYTES, 0600, &problem))
    log_warning ("store.no-reserve", "%s", problem->message);
}

gboolean
app_has_room (App *app, guint64 bytes, GError **error)
{
  g_autofree char *path = reserve_path (app);
  struct statvfs disk;

  if (statvfs (app->directory, &disk) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "cannot ask the disk for its room");
    return FALSE;
  }
  if (!g_file_test (path, G_FILE_TEST_EXISTS) ||
      (guint64)disk.f_bavail * disk.f_frsize < bytes + ROOM_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "the disk of this machine has no room for an application");
    return FALSE;
  }
  return TRUE;
}

/* ---- keys ---- */

gboolean
app_load_key_set (App *app, GError **error)
{
  g_autoptr (GBytes) bytes = key_set_store_read (app->directory, error);
  g_autoptr (KeySet) set = NULL;
  gsize length;
  const char *text;

  if (bytes == NULL)
    return FALSE;
  if (app->enrolment == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "this device is not enrolled");
    return FALSE;
  }
  text = g_bytes_get_data (bytes, &length);
  set = key_set_parse (text, length, app->enrolment->keyset_key, error);
  if (set == NULL)
    return FALSE;
  if (app->key_set != NULL && set->version < app->key_set->version) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the key set on the disk is older than the one in use");
    return FALSE;
  }
  g_clear_pointer (&app->key_set, key_set_free);
  app->key_set_version = set->version;
  app->key_set_issued = set->issued;
  app->key_set = g_steal_pointer (&set);
  return TRUE;
}

static void
load_identity (App *app)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *path = g_build_filename (app->directory, "keys", "device.key", NULL);

  app->enrolment = enrolment_load (app->directory, &problem);
  if (app->enrolment != NULL)
    app->device_key = key_load (KEY_KIND_SIGN, path, &problem);
  if (problem != NULL) {
    log_warning ("app.not-enrolled", "%s", problem->message);
    return;
  }
  if (!app_load_key_set (app, &problem))
    log_warning ("app.no-key-set", "%s", problem->message);
}

/* ---- time ---- */

gint64
app_floor (App *app, Db *db)
{
  g_autoptr (PeerState) peer = peer_store_load (db, NULL);
  gint64 last = 0, floor = BUILT_AT, packaged;
  PackageMark marks[PACKAGE_ROLES];

  if (journal_last_at (db, &last, NULL))
    floor = MAX (floor, last);
  if (peer != NULL)
    floor = MAX (floor, peer->server_time);
  if (guide_store_marks (db, GUIDE_PACKAGE_KIND, marks, &packaged, NULL, NULL))
    floor = MAX (floor, packaged);
  return MAX (floor, app->key_set_issued);
}

gboolean
app_clock_unsure (App *app, Db *db, gint64 now, gint64 *ret_judged)
{
  g_autoptr (PeerState) peer = peer_store_load (db, NULL);
  gint64 floor = app_floor (app, db), heard = peer != NULL ? peer->server_time : 0;
  gboolean far = heard > 0 && now > heard + FAR_MS;

  if (ret_judged != NULL)
    *ret_judged = now < floor || far ? floor : now;
  /* A device writes in the same second more than once; a floor is not hurt by a little. */
  return now + 1000 < floor || far;
}

/* ---- the guide ---- */

static gboolean
load_guide (App *app, GError **error)
{
  gint64 judged;

  app_clock_unsure (app, app->db, clock_now (), &judged);
  app->guide = guide_flow_in_force (app->db, app->config->hall_district, judged, error);
  return app->guide != NULL;
}

void
app_renew_guide (App *app)
{
  g_autoptr (GError) problem = NULL;
  gint64 judged;
  Guide *guide;

  app_clock_unsure (app, app->db, clock_now (), &judged);
  if (app->guide == NULL ||
      guide_flow_is_in_force (app->db, app->config->hall_district, judged, app->guide))
    return;
  guide = guide_flow_in_force (app->db, app->config->hall_district, judged, &problem);
  if (guide == NULL) {
    log_warning ("guide.not-renewed", "%s", problem->message);
    return;
  }
  guide_unref (app->former_guide);
  app->former_guide = app->guide;
  app->guide = guide;
  log_notice ("guide.renewed", "version %u is shown now", guide_version (guide));
}

/* ---- opening ---- */

static gboolean
open_store (App *app, GError **error)
{
  gint64 now = clock_now ();
  g_autoptr (GError) problem = NULL;
  guint swept;

  app->directory = g_strdup (app->config->store_directory);
  app->db = db_open (app->directory, now, error);
  if (app->db == NULL)
    return FALSE;
  swept = object_store_sweep (app->db, now - ORPHAN_MS, &problem);
  if (problem != NULL)
    log_warning ("store.sweep-failed", "%s", problem->message);
  else if (swept > 0)
    log_notice ("store.swept", "%u objects that no entry names", swept);
  keep_reserve (app);
  return TRUE;
}

/* What a JSON tree held of a person shall not stay in freed memory. */
static void
wipe_free (void *memory)
{
  if (memory != NULL)
    explicit_bzero (memory, malloc_usable_size (memory));
  free (memory);
}

App *
app_open (const char *option, AppFlags flags, GError **error)
{
  g_autoptr (App) app = g_new0 (App, 1);
  g_autofree char *path = config_path (option);

  json_set_alloc_funcs (malloc, wipe_free);
  app->config = config_load (path, error);
  if (app->config == NULL || !open_store (app, error))
    return NULL;
  load_identity (app);
  if ((flags & APP_WITHOUT_GUIDE) == 0) {
    if (!load_guide (app, error))
      return NULL;
  }
  return g_steal_pointer (&app);
}

void
app_free (App *app)
{
  if (app == NULL)
    return;
  worker_free (app->worker);
  db_free (app->db);
  guide_unref (app->guide);
  guide_unref (app->former_guide);
  key_set_free (app->key_set);
  key_free (app->device_key);
  enrolment_free (app->enrolment);
  config_free (app->config);
  g_free (app->directory);
  g_free (app);
}

gboolean
app_start_worker (App *app, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (app->worker != NULL)
    return TRUE;
  if (!retention_run (app->db, clock_now (), &problem))
    log_warning ("store.retention-failed", "%s", problem->message);
  app->worker = worker_new (app->directory, error);
  return app->worker != NULL;
}

const char *
app_peek_hall_name (const App *app, const char *language)
{
  const char *zh = app->enrolment != NULL ? app->enrolment->hall_name_zh : NULL;
  const char *en = app->enrolment != NULL ? app->enrolment->hall_name_en : NULL;

  if (g_str_has_prefix (language, "en") && en != NULL)
    return en;
  return zh != NULL ? zh : app->config->hall_name;
}
