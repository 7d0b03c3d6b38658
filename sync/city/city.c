/* city.c: opens and makes the city's state, and signs in its name. Refuses to start on a state that
 * lacks a key: a server that cannot open or sign would take in what nobody can use. */
#include "city/city.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/db/device-db.h"
#include "city/db/feed-db.h"
#include "city/db/meta-db.h"
#include "trust/certificate.h"
#include "trust/key-set.h"
#include "trust/signed-document.h"
#include "trust/suite.h"

#define PEM_MAX 65536
#define GUIDE_FILE "guide/320500.json"
#define CALENDAR_FILE "guide/calendar.json"
#define TICKET_KEY_LIFE_MS (366 * (gint64)86400000)

void
city_free (City *city)
{
  if (city == NULL)
    return;
  db_free (city->db);
  config_free (city->config);
  if (city->ca_key != NULL)
    suite_wipe (city->ca_key, strlen (city->ca_key));
  if (city->server_key != NULL)
    suite_wipe (city->server_key, strlen (city->server_key));
  g_free (city->ca);
  g_free (city->ca_key);
  g_free (city->server);
  g_free (city->server_key);
  key_free (city->working);
  key_free (city->keyset_sign);
  g_clear_pointer (&city->guide, guide_unref);
  g_clear_pointer (&city->calendar, calendar_free);
  g_free (city->epoch);
  g_free (city);
}

char *
city_path (const City *city, const char *name)
{
  return g_build_filename (city->config->directory, name, NULL);
}

static char *
load_pem (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "keys", name, NULL);
  return file_read_text (path, PEM_MAX, error);
}

static Key *
load_key (const char *directory, KeyKind kind, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "keys", name, NULL);
  return key_load (kind, path, error);
}

/* The guide names services and limits; without one the server still takes everything in. */
static void
load_guide (City *city)
{
  g_autofree char *guide_path = file_asset (GUIDE_FILE),
                  *calendar_path = file_asset (CALENDAR_FILE);
  g_autoptr (GError) guide_error = NULL, calendar_error = NULL;
  g_autoptr (GBytes) bytes = file_read (guide_path, GUIDE_MAX_BYTES, &guide_error);
  g_autoptr (json_t) calendar = strict_json_load (calendar_path, &calendar_error);

  if (bytes != NULL)
    city->guide =
        guide_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &guide_error);
  if (calendar != NULL)
    city->calendar = calendar_new (calendar, &calendar_error);
  if (city->guide == NULL)
    log_warning ("city.no-guide", "%s", guide_error->message);
  if (city->calendar == NULL)
    log_warning ("city.no-calendar", "%s", calendar_error->message);
}

City *
city_open (Config *take_config, GError **error)
{
  g_autoptr (City) city = g_new0 (City, 1);
  const char *directory = take_config->directory;

  city->config = take_config;
  if (!g_file_test (take_config->database, G_FILE_TEST_EXISTS)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "there is no city in %s; make one with: onestop-city init %s", directory,
                 directory);
    return NULL;
  }
  if ((city->ca = load_pem (directory, "ca.crt", error)) == NULL ||
      (city->ca_key = load_pem (directory, "ca.key", error)) == NULL ||
      (city->server = load_pem (directory, "server.crt", error)) == NULL ||
      (city->server_key = load_pem (directory, "server.key", error)) == NULL ||
      (city->working = load_key (directory, KEY_KIND_SEAL, "working.key", error)) == NULL ||
      (city->keyset_sign = load_key (directory, KEY_KIND_SIGN, "keyset-sign.key", error)) == NULL)
    return NULL;
  if ((city->db = db_open (take_config->database, error)) == NULL ||
      (city->epoch = meta_db_get (city->db, "epoch", error)) == NULL)
    return NULL;
  load_guide (city);
  return g_steal_pointer (&city);
}

json_t *
city_sign (City *city, const char *type, json_t *take_members)
{
  g_autoptr (json_t) members = take_members;
  json_object_set_new (members, "type", json_string (type));
  return signed_document_make (members, city->keyset_sign);
}

char *
city_keyset (City *city, GError **error)
{
  return meta_db_get (city->db, "keyset", error);
}

static gboolean
add_hall_keys (City *city, KeySet *set, GError **error)
{
  g_autofree char *text = meta_db_get (city->db, "hall_keys", error);
  g_autoptr (json_t) halls = text != NULL ? strict_json_parse (text, strlen (text), error) : NULL;
  const char *hall;
  json_t *value;

  if (halls == NULL)
    return FALSE;
  json_object_foreach (halls, hall, value) {
    g_autoptr (GBytes) key = encode_unbase64 (json_string_value (value));
    if (key != NULL && g_bytes_get_size (key) == 32)
      key_set_add_recipient (set, KEY_SET_ROLE_HALL, hall, g_bytes_get_data (key, NULL));
  }
  return TRUE;
}

gboolean
city_issue_keyset (City *city, gint64 now, GError **error)
{
  g_autofree char *last = meta_db_get (city->db, "keyset_version", error);
  g_autofree char *recovery = last != NULL ? meta_db_get (city->db, "recovery_key", error) : NULL;
  g_autoptr (GBytes) recovery_key = recovery != NULL ? encode_unbase64 (recovery) : NULL;
  g_autoptr (GPtrArray) devices = recovery != NULL ? device_db_list (city->db, error) : NULL;
  gint64 version = last != NULL ? g_ascii_strtoll (last, NULL, 10) + 1 : 0;
  g_autoptr (KeySet) set = key_set_new (version, now, now + KEY_SET_LIFE_MS);
  g_autofree char *text = NULL, *number = g_strdup_printf ("%" G_GINT64_FORMAT, version);
  g_autofree char *item = g_strdup_printf ("{\"kind\":\"keyset\",\"version\":%s}", number);

  if (devices == NULL)
    return FALSE;
  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (city->working));
  if (!add_hall_keys (city, set, error))
    return FALSE;
  key_set_add_recipient (set, KEY_SET_ROLE_RECOVERY, NULL, g_bytes_get_data (recovery_key, NULL));
  for (guint i = 0; i < devices->len; i++) {
    DeviceRow *d = g_ptr_array_index (devices, i);
    key_set_add_ticket_key (set, d->device, d->hall, d->key, d->enrolled_at,
                            d->enrolled_at + TICKET_KEY_LIFE_MS,
                            strcmp (d->state, "revoked") == 0 ? now : 0);
  }
  text = key_set_sign (set, city->keyset_sign);
  return meta_db_set (city->db, "keyset", text, error) &&
         meta_db_set (city->db, "keyset_version", number, error) &&
         feed_db_add (city->db, NULL, NULL, item, error);
}

typedef struct {
  City *city;
  gint64 now;
} RenewWork;

static gboolean
renew (Db *db, void *data, GError **error)
{
  RenewWork *work = data;
  return city_issue_keyset (work->city, work->now, error);
}

gboolean
city_renew_keyset (City *city, gint64 now, GError **error)
{
  g_autofree char *text = city_keyset (city, error);
  g_autoptr (KeySet) set =
      text != NULL ? key_set_parse (text, strlen (text), key_peek_public (city->keyset_sign), error)
                   : NULL;
  RenewWork work = {city, now};
  g_autofree char *last = set != NULL ? meta_db_get (city->db, "keyset_version", error) : NULL;

  if (last == NULL)
    return FALSE;
  /* A restored city counts on from beyond what it may have forgotten, and says so at once. */
  if (now < set->issued + KEY_SET_LIFE_MS / 2 && set->version == g_ascii_strtoll (last, NULL, 10))
    return TRUE;
  return db_write (city->db, renew, &work, error);
}

gboolean
city_set_hall_key (City *city, const char *hall, const guint8 key[32], gint64 now, GError **error)
{
  g_autofree char *text = meta_db_get (city->db, "hall_keys", error);
  g_autoptr (json_t) halls = text != NULL ? strict_json_parse (text, strlen (text), error) : NULL;
  g_autofree char *encoded = encode_base64 (key, 32), *changed = NULL;

  if (halls == NULL)
    return FALSE;
  if (g_strcmp0 (strict_json_peek (halls, hall, NULL), encoded) == 0)
    return TRUE;
  json_object_set_new (halls, hall, json_string (encoded));
  changed = strict_json_canonical (halls);
  return meta_db_set (city->db, "hall_keys", changed, error) &&
         city_issue_keyset (city, now, error);
}

static gboolean
save_pem (const char *keys, const char *name, const char *pem, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (keys, name, NULL);
  return file_write (path, pem, strlen (pem), mode, error);
}

static gboolean
make_certificates (const char *keys, const char *const *names, gint64 now, GError **error)
{
  g_autofree char *ca_key = certificate_make_key (error), *server_key = NULL, *ca = NULL;
  g_autofree char *server = NULL;

  if (ca_key == NULL || (server_key = certificate_make_key (error)) == NULL ||
      (ca = certificate_make_ca (ca_key, "OneStop city", now, error)) == NULL)
    return FALSE;
  server =
      certificate_issue_server (ca_key, ca, server_key, names, now, CERTIFICATE_SERVER_DAYS, error);
  return server != NULL && save_pem (keys, "ca.key", ca_key, 0600, error) &&
         save_pem (keys, "ca.crt", ca, 0644, error) &&
         save_pem (keys, "server.key", server_key, 0600, error) &&
         save_pem (keys, "server.crt", server, 0644, error);
}

static gboolean
make_key (const char *keys, KeyKind kind, const char *name, char **ret_public, GError **error)
{
  g_autofree char *path = g_build_filename (keys, name, NULL);
  g_autoptr (Key) key = key_new (kind);

  if (!key_save (key, path, error))
    return FALSE;
  if (ret_public != NULL)
    *ret_public = encode_base64 (key_peek_public (key), 32);
  return TRUE;
}

typedef struct {
  City *city;
  const char *recovery;
  gint64 now;
} InitWork;

static gboolean
first_rows (Db *db, void *data, GError **error)
{
  InitWork *work = data;
  g_autofree char *epoch = id_uuid7 (work->now);

  return meta_db_set (db, "epoch", epoch, error) &&
         meta_db_set (db, "recovery_key", work->recovery, error) &&
         meta_db_set (db, "hall_keys", "{}", error) &&
         meta_db_set (db, "keyset_version", "0", error) &&
         city_issue_keyset (work->city, work->now, error) &&
         meta_db_audit (db, work->now, "system", "init", "city", error);
}

gboolean
city_init (const char *directory, const char *const *names, gint64 now, GError **error)
{
  g_autofree char *keys = g_build_filename (directory, "keys", NULL), *recovery = NULL;
  g_autofree char *objects = g_build_filename (directory, "objects", NULL);
  g_autofree char *uploads = g_build_filename (directory, "uploads", NULL);
  g_autofree char *database = g_build_filename (directory, "city.db", NULL);
  City city = {0};
  InitWork work = {.city = &city, .now = now};
  gboolean done;

  if (g_file_test (database, G_FILE_TEST_EXISTS)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "there is a city in %s already",
                 directory);
    return FALSE;
  }
  if (!file_make_folder (keys, 0700, error) || !file_make_folder (objects, 0700, error) ||
      !file_make_folder (uploads, 0700, error) || !make_certificates (keys, names, now, error) ||
      !make_key (keys, KEY_KIND_SEAL, "working.key", NULL, error) ||
      !make_key (keys, KEY_KIND_SEAL, "recovery.key", &recovery, error) ||
      !make_key (keys, KEY_KIND_SIGN, "keyset-sign.key", NULL, error))
    return FALSE;
  work.recovery = recovery;
  city.working = load_key (directory, KEY_KIND_SEAL, "working.key", error);
  city.keyset_sign =
      city.working != NULL ? load_key (directory, KEY_KIND_SIGN, "keyset-sign.key", error) : NULL;
  city.db = city.keyset_sign != NULL ? db_open (database, error) : NULL;
  done = city.db != NULL && db_write (city.db, first_rows, &work, error);
  key_free (city.working);
  key_free (city.keyset_sign);
  db_free (city.db);
  return done;
}
