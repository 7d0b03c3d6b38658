/* upload.c: one object after the other, in parts that survive a broken line and a restart. Refuses
 * to call an object sent before the city said that it has it whole. */
#include "client/upload.h"

#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"

#define PART (1024 * 1024)
#define AT_ONCE 16
#define MAX_MISMATCHES 3

/* The upload that was begun last, in upload.json: after a restart it goes on. */
static char *
note_path (const Uplink *uplink)
{
  return g_build_filename (uplink->directory, "upload.json", NULL);
}

static char *
noted_location (const Uplink *uplink, const char *sha256)
{
  g_autofree char *path = note_path (uplink);
  g_autoptr (json_t) note = strict_json_load (path, NULL);

  if (g_strcmp0 (strict_json_peek (note, "sha256", NULL), sha256) != 0)
    return NULL;
  return g_strdup (strict_json_peek (note, "location", NULL));
}

static void
note_location (const Uplink *uplink, const char *sha256, const char *location)
{
  g_autofree char *path = note_path (uplink), *text = NULL;
  g_autoptr (json_t) note = json_pack ("{s:s,s:s}", "sha256", sha256, "location", location);
  g_autoptr (GError) error = NULL;

  text = strict_json_write (note);
  /* Without the note a restart begins this object again: a loss of time only. */
  if (!file_write (path, text, strlen (text), 0600, &error))
    log_warning ("sync.upload-note", "%s", error->message);
}

static gboolean
says_complete (const HttpAnswer *answer)
{
  return g_strcmp0 (http_answer_header (answer, "upload-complete"), "?1") == 0;
}

static gboolean
read_offset (const HttpAnswer *answer, gsize length, gsize *ret_offset, GError **error)
{
  const char *text = http_answer_header (answer, "upload-offset");
  guint64 offset;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, length, &offset, NULL)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the city names no upload offset");
    return FALSE;
  }
  *ret_offset = offset;
  return TRUE;
}

/* The path in a Location, which is one of ours or nothing. */
static char *
read_location (const HttpAnswer *answer, GError **error)
{
  const char *location = http_answer_header (answer, "location");
  const char *path = location != NULL ? strstr (location, "/v1/uploads/") : NULL;

  if (path != NULL && strpbrk (path, " ?#\\") == NULL && strlen (path) < 200)
    return g_strdup (path);
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the city names no upload");
  return NULL;
}

/* Begins an upload; small objects are whole with it. `ret_location` NULL: the city has it. */
static gboolean
begin (Uplink *uplink, const char *sha256, GBytes *bytes, char **ret_location, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  gboolean whole = length <= PART;
  g_autofree char *path = g_strconcat ("/v1/uploads?sha256=", sha256, NULL);
  g_autofree char *size = g_strdup_printf ("Upload-Length: %" G_GSIZE_FORMAT, length);
  const char *headers[] = {size, whole ? "Upload-Complete: ?1" : "Upload-Complete: ?0",
                           "Content-Type: application/octet-stream", NULL};
  HttpRequest request = {.method = "POST",
                         .path = path,
                         .headers = headers,
                         .body = whole ? data : NULL,
                         .length = whole ? length : 0};
  g_autoptr (HttpAnswer) answer = uplink_ask (uplink, &request, error);

  if (answer == NULL)
    return FALSE;
  if (says_complete (answer))
    return TRUE;
  *ret_location = read_location (answer, error);
  if (*ret_location != NULL && !whole)
    note_location (uplink, sha256, *ret_location);
  return *ret_location != NULL;
}

/* Where an upload stands. NOT_FOUND: the city forgot it. */
static gboolean
ask_offset (Uplink *uplink, const char *location, gsize length, gsize *ret_offset,
            gboolean *ret_complete, GError **error)
{
  HttpRequest request = {.method = "HEAD", .path = location};
  g_autoptr (HttpAnswer) answer = uplink_ask (uplink, &request, error);

  if (answer == NULL || !read_offset (answer, length, ret_offset, error))
    return FALSE;
  *ret_complete = says_complete (answer);
  return TRUE;
}

/* One part from `offset` on; moves it. CONFLICT: the offset is another one. */
static gboolean
send_part (Uplink *uplink, const char *location, GBytes *bytes, gsize *offset,
           gboolean *ret_complete, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gsize part = MIN (PART, length - *offset);
  gboolean last = *offset + part == length;
  g_autofree char *at = g_strdup_printf ("Upload-Offset: %" G_GSIZE_FORMAT, *offset);
  const char *headers[] = {"Content-Type: application/partial-upload", at,
                           last ? "Upload-Complete: ?1" : "Upload-Complete: ?0", NULL};
  HttpRequest request = {.method = "PATCH",
                         .path = location,
                         .headers = headers,
                         .body = data + *offset,
                         .length = part};
  g_autoptr (HttpAnswer) answer = NULL;

  fault_point ("sync.upload-part");
  answer = uplink_ask (uplink, &request, error);
  if (answer == NULL)
    return FALSE;
  *offset += part;
  *ret_complete = last && says_complete (answer);
  return TRUE;
}

static gboolean
send_parts (Uplink *uplink, const char *location, GBytes *bytes, GError **error)
{
  gsize length = g_bytes_get_size (bytes), offset = 0;
  gboolean complete = FALSE;

  if (!ask_offset (uplink, location, length, &offset, &complete, error))
    return FALSE;
  for (guint mismatches = 0; !complete;) {
    g_autoptr (GError) problem = NULL;
    if (send_part (uplink, location, bytes, &offset, &complete, &problem)) {
      if (complete || offset < length)
        continue;
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "the city does not end an upload");
      return FALSE;
    }
    if (!onestop_error_is (problem, ONESTOP_ERROR_CONFLICT) || ++mismatches > MAX_MISMATCHES) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    if (!ask_offset (uplink, location, length, &offset, &complete, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
city_has (Uplink *uplink, const char *sha256, gboolean *ret_has, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/objects/", sha256, NULL);
  HttpRequest request = {.method = "HEAD", .path = path};
  g_autoptr (HttpAnswer) answer = uplink_send (uplink, &request, error);

  if (answer == NULL)
    return FALSE;
  *ret_has = answer->status == 200;
  return answer->status == 404 || http_answer_is_good (answer, NULL, error);
}

static gboolean
upload_one (Uplink *uplink, const char *sha256, GError **error)
{
  g_autofree char *location = noted_location (uplink, sha256);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gboolean has = FALSE;

  if (!city_has (uplink, sha256, &has, error))
    return FALSE;
  if (has)
    return outbox_object_sent (uplink->db, sha256, error);
  bytes = object_store_get (uplink->directory, sha256, error);
  if (bytes == NULL)
    return FALSE;
  if (location != NULL && !send_parts (uplink, location, bytes, &problem)) {
    if (!onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    g_clear_pointer (&location, g_free);
  }
  if (location == NULL) {
    if (!begin (uplink, sha256, bytes, &location, error) ||
        (location != NULL && !send_parts (uplink, location, bytes, error)))
      return FALSE;
  }
  fault_point ("sync.uploaded");
  return outbox_object_sent (uplink->db, sha256, error);
}

/* TRUE if an entry waits that came while objects were sent. */
static gboolean
entries_wait (Uplink *uplink)
{
  const char *incarnation = db_peek_incarnation (uplink->db);
  gint64 last = 0, received = 0, safe;

  return journal_head (uplink->db, incarnation, &last, NULL, NULL) &&
         peer_store_watermarks (uplink->db, incarnation, &received, &safe, NULL) && last > received;
}

static gboolean
ends_at_once (const GError *error)
{
  return onestop_error_is (error, ONESTOP_ERROR_OFFLINE) ||
         onestop_error_is (error, ONESTOP_ERROR_CANCELLED);
}

gboolean
upload_objects (Uplink *uplink, gboolean *ret_more, GError **error)
{
  g_autoptr (GPtrArray) objects = outbox_objects (uplink->db, AT_ONCE, error);
  g_autoptr (GError) first = NULL;
  guint sent = 0;

  if (objects == NULL)
    return FALSE;
  for (guint i = 0; i < objects->len; i++) {
    const OutboxObject *object = objects->pdata[i];
    g_autoptr (GError) problem = NULL;
    if (i > 0 && entries_wait (uplink))
      break;
    if (upload_one (uplink, object->sha256, &problem)) {
      sent++;
      continue;
    }
    log_warning ("sync.object-waits", "%.8s: %s", object->sha256, problem->message);
    if (first == NULL || ends_at_once (problem)) {
      g_clear_error (&first);
      first = g_steal_pointer (&problem);
    }
    if (ends_at_once (first))
      break;
  }
  *ret_more = objects->len > 0 && sent > 0;
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
