/* pull.c: applies the feed, and keeps what it brings. Every item may come twice. Refuses key sets
 * that go back, and objects that are not what their name says. */
#include "client/pull.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "store/envelope-store.h"
#include "store/key-set-store.h"
#include "store/object-store.h"
#include "store/peer-store.h"
#include "store/public-store.h"
#include "trust/seal.h"

#define MAX_FEED (40u * 1024 * 1024) /* 500 items with an entry of 64 KiB each */
#define LIMIT 200
#define TRIES 5
#define WANTED 64

char *
pull_path (Uplink *uplink, guint wait, GError **error)
{
  g_autoptr (PeerState) state = peer_store_load (uplink->db, error);
  g_autofree char *cursor = NULL;

  if (state == NULL)
    return NULL;
  if (state->cursor == NULL)
    return g_strdup_printf ("/v1/feed?limit=%d&wait=%u", LIMIT, wait);
  cursor = g_uri_escape_string (state->cursor, NULL, FALSE);
  return g_strdup_printf ("/v1/feed?limit=%d&wait=%u&cursor=%s", LIMIT, wait, cursor);
}

static gboolean
apply_item (Uplink *uplink, const json_t *item, GError **error)
{
  const char *kind = strict_json_string (item, "kind", error), *entry;
  gboolean known;
  g_autoptr (GBytes) bytes = NULL;

  if (kind == NULL)
    return FALSE;
  if (strcmp (kind, "keyset") == 0) {
    uplink->want_key_set = TRUE;
    return TRUE;
  }
  if (strcmp (kind, "envelope") != 0)
    return public_store_apply (uplink->db, item, &known, error);
  if (strcmp (uplink->enrolment->role, "desk") != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "an envelope is not for a kiosk");
    return FALSE;
  }
  entry = strict_json_string (item, "entry", error);
  if (entry == NULL)
    return FALSE;
  bytes = g_bytes_new (entry, strlen (entry));
  return envelope_store_put (uplink->db, bytes, error);
}

typedef struct {
  Uplink *uplink;
  const json_t *items;
  const char *cursor;
} Feed;

static gboolean
apply_all (Db *db, gpointer data, GError **error)
{
  const Feed *feed = data;
  json_t *item;
  gsize i;

  json_array_foreach (feed->items, i, item) {
    if (!apply_item (feed->uplink, item, error))
      return FALSE;
  }
  return peer_store_set_cursor (db, feed->cursor, error);
}

/* After apply_all failed: item by item, so that a bad one harms only itself. */
static gboolean
apply_each (Feed *feed, GError **error)
{
  json_t *item;
  gsize i;

  json_array_foreach (feed->items, i, item) {
    g_autoptr (GError) problem = NULL;
    if (apply_item (feed->uplink, item, &problem))
      continue;
    if (!onestop_error_is (problem, ONESTOP_ERROR_INVALID) &&
        !onestop_error_is (problem, ONESTOP_ERROR_DENIED) &&
        !onestop_error_is (problem, ONESTOP_ERROR_CONFLICT)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    log_warning ("sync.feed-item", "%s: %s", strict_json_peek (item, "cursor", "?"),
                 problem->message);
  }
  return peer_store_set_cursor (feed->uplink->db, feed->cursor, error);
}

gboolean
pull_apply (Uplink *uplink, const HttpAnswer *answer, gboolean *ret_more, GError **error)
{
  g_autoptr (json_t) document = NULL;
  g_autoptr (GError) problem = NULL;
  Feed feed = {uplink, NULL, NULL};
  gboolean more = FALSE;

  if (answer->status == 410) {
    log_notice ("sync.cursor-gone", "the city was restored; the feed begins again");
    *ret_more = TRUE;
    return peer_store_set_cursor (uplink->db, NULL, error);
  }
  if (!http_answer_is_good (answer, NULL, error) ||
      (document = http_answer_json (answer, error)) == NULL ||
      (feed.items = strict_json_array (document, "items", error)) == NULL ||
      !strict_json_bool (document, "more", &more, error))
    return FALSE;
  feed.cursor = strict_json_peek (document, "cursor", NULL);
  *ret_more = more;
  if (json_array_size (feed.items) == 0 || feed.cursor == NULL)
    return TRUE;
  if (db_write (uplink->db, apply_all, &feed, &problem))
    return TRUE;
  return apply_each (&feed, error);
}

gboolean
pull_all (Uplink *uplink, GError **error)
{
  for (gboolean more = TRUE; more;) {
    g_autofree char *path = pull_path (uplink, 0, error);
    HttpRequest request = {.method = "GET", .path = path, .max = MAX_FEED};
    g_autoptr (HttpAnswer) answer = path != NULL ? uplink_send (uplink, &request, error) : NULL;
    if (answer == NULL || !pull_apply (uplink, answer, &more, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- key sets ---- */

/* TRUE if `set` is to take the place of ours. An older one is left alone, for a city that was
 * restored offers one until it issues the next; an expired one is an error. */
static gboolean
is_newer (Uplink *uplink, const KeySet *set, gboolean *ret_newer, GError **error)
{
  gint64 judged;

  uplink_clock_unsure (uplink, &judged);
  if (judged >= set->expires) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "the city's key set is expired");
    return FALSE;
  }
  if (uplink->key_set != NULL && set->version < uplink->key_set->version)
    log_warning ("sync.key-set-older",
                 "the city offers key set %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " stays",
                 set->version, uplink->key_set->version);
  *ret_newer = uplink->key_set == NULL || set->version > uplink->key_set->version;
  return TRUE;
}

gboolean
pull_key_set (Uplink *uplink, GError **error)
{
  HttpRequest request = {.method = "GET", .path = "/v1/keyset", .max = KEY_SET_MAX_BYTES};
  g_autoptr (HttpAnswer) answer = uplink_ask (uplink, &request, error);
  g_autoptr (KeySet) set = NULL;
  gboolean newer = FALSE;

  if (answer == NULL)
    return FALSE;
  set = key_set_parse (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body),
                       uplink->enrolment->keyset_key, error);
  if (set == NULL || !is_newer (uplink, set, &newer, error))
    return FALSE;
  if (newer) {
    if (!key_set_store_replace (uplink->directory, answer->body, error))
      return FALSE;
    log_notice ("sync.key-set", "key set %" G_GINT64_FORMAT " is in use", set->version);
    key_set_free (uplink->key_set);
    uplink->key_set = g_steal_pointer (&set);
  }
  uplink->want_key_set = FALSE;
  return TRUE;
}

/* ---- objects of a desk ---- */

/* The object's bytes; a broken transfer goes on where it broke. */
static GByteArray *
fetch (Uplink *uplink, const char *sha256, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/objects/", sha256, NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint try = 0;; try++) {
    guint had = bytes->len;
    g_autofree char *range = g_strdup_printf ("Range: bytes=%u-", had);
    const char *headers[] = {had > 0 ? range : NULL, NULL};
    HttpRequest request = {.method = "GET",
                           .path = path,
                           .headers = headers,
                           .max = SEAL_MAX_SEALED,
                           .collect = bytes};
    g_autoptr (GError) problem = NULL;
    g_autoptr (HttpAnswer) answer = uplink_send (uplink, &request, &problem);
    if (answer != NULL && answer->status == 200 && had > 0)
      g_byte_array_remove_range (bytes, 0, had); /* all of it again */
    if (answer != NULL && http_answer_is_good (answer, NULL, &problem))
      return g_steal_pointer (&bytes);
    if (answer != NULL || try >= TRIES || bytes->len == had ||
        !onestop_error_is (problem, ONESTOP_ERROR_OFFLINE)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  }
}

static gboolean
pull_object (Uplink *uplink, const char *sha256, GError **error)
{
  g_autoptr (GByteArray) array = fetch (uplink, sha256, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *found = NULL;

  if (array == NULL)
    return FALSE;
  found = hash_sha256_hex (array->data, array->len);
  if (strcmp (found, sha256) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "the city sends another object under this name");
    return FALSE;
  }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  fault_point ("sync.object-arrived");
  return object_store_put (uplink->directory, bytes, NULL, error) &&
         envelope_store_arrived (uplink->db, sha256, error);
}

gboolean
pull_objects (Uplink *uplink, GError **error)
{
  g_autoptr (GPtrArray) wanted = NULL;

  uplink->objects_missed = FALSE;
  if (strcmp (uplink->enrolment->role, "desk") != 0)
    return TRUE;
  wanted = envelope_store_wanted (uplink->db, WANTED, error);
  if (wanted == NULL)
    return FALSE;
  for (guint i = 0; i < wanted->len; i++) {
    g_autoptr (GError) problem = NULL;
    if (pull_object (uplink, wanted->pdata[i], &problem))
      continue;
    if (!onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND) &&
        !onestop_error_is (problem, ONESTOP_ERROR_INVALID)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    uplink->objects_missed = TRUE;
  }
  return TRUE;
}
