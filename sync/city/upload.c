/* upload.c: the server's half of Resumable Uploads for HTTP. Refuses two writers of one upload: a
 * later request ends the earlier one. What arrived is kept when a line breaks. */
#include "city/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/id.h"
#include "base/log.h"
#include "city/db/object-db.h"
#include "city/object.h"
#include "city/project.h"
#include "trust/hash.h"

#define UPLOAD_LIFE_MS (3 * (gint64)86400000)
#define IANA "https://iana.org/assignments/http-problem-types#"

struct Uploads {
  City *city;
  GHashTable *writers; /* id -> Writer, borrowed */
};

/* One POST or PATCH. */
typedef struct {
  Uploads *uploads;
  ObjectUpload *row;
  gboolean is_new;
  int fd;
  gint64 start, offset;
  gboolean last; /* Upload-Complete: ?1 */
  Hash *digest;  /* of this part, when it has a Content-Digest */
  guint8 expected[HASH_BYTES];
  int errnum;    /* a write failed */
  gboolean over; /* more came than was announced */
  gboolean finished;
} Writer;

Uploads *
upload_new (City *city)
{
  Uploads *uploads = g_new0 (Uploads, 1);
  uploads->city = city;
  uploads->writers = g_hash_table_new (g_str_hash, g_str_equal);
  return uploads;
}

void
upload_free (Uploads *uploads)
{
  if (uploads == NULL)
    return;
  g_hash_table_unref (uploads->writers);
  g_free (uploads);
}

static gboolean
is_current (Writer *writer)
{
  return g_hash_table_lookup (writer->uploads->writers, writer->row->id) == writer;
}

static void
writer_free (void *data)
{
  Writer *writer = data;

  /* A part under a digest counts whole or not at all. */
  if (writer->digest != NULL && !writer->finished && is_current (writer) && writer->fd >= 0)
    (void)!ftruncate (writer->fd, writer->start);
  if (is_current (writer))
    g_hash_table_remove (writer->uploads->writers, writer->row->id);
  if (writer->fd >= 0)
    close (writer->fd);
  hash_free (writer->digest);
  object_db_upload_free (writer->row);
  g_free (writer);
}

/* Structured-field integers and booleans (RFC 9651), the two forms that the draft uses. */
static gboolean
integer_header (HttpRequest *request, const char *name, gint64 *ret_value)
{
  const char *text = http_header (request, name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, 999999999999999, &value, NULL))
    return FALSE;
  *ret_value = (gint64)value;
  return TRUE;
}

static gboolean
complete_header (HttpRequest *request, gboolean *ret_value)
{
  const char *text = http_header (request, "Upload-Complete");

  if (g_strcmp0 (text, "?0") != 0 && g_strcmp0 (text, "?1") != 0)
    return FALSE;
  *ret_value = text[1] == '1';
  return TRUE;
}

static void
say_state (HttpRequest *request, gint64 offset, gboolean complete)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, offset);
  g_autofree char *limit = g_strdup_printf ("max-size=%" G_GINT64_FORMAT, OBJECT_MAX_BYTES);

  http_set_header (request, "Upload-Offset", text);
  http_set_header (request, "Upload-Complete", complete ? "?1" : "?0");
  http_set_header (request, "Upload-Limit", limit);
}

static void
bad (HttpRequest *request, const char *title)
{
  http_reply_problem (request, 400, "bad-request", title, NULL);
}

static gboolean
expect_digest (Writer *writer, HttpRequest *request)
{
  const char *text = http_header (request, "Content-Digest");
  g_autofree char *base64 = NULL;
  g_autoptr (GBytes) raw = NULL;

  if (text == NULL)
    return TRUE;
  if (!g_str_has_prefix (text, "sha-256=:") || !g_str_has_suffix (text, ":") || strlen (text) < 11)
    return FALSE;
  base64 = g_strndup (text + 9, strlen (text) - 10);
  raw = encode_unbase64 (base64);
  if (raw == NULL || g_bytes_get_size (raw) != HASH_BYTES)
    return FALSE;
  memcpy (writer->expected, g_bytes_get_data (raw, NULL), HASH_BYTES);
  writer->digest = hash_new ();
  return TRUE;
}

static gboolean
on_piece (HttpRequest *request, const void *bytes, gsize length, gpointer data)
{
  Writer *writer = data;
  gint64 most = writer->row->length >= 0 ? writer->row->length : OBJECT_MAX_BYTES;
  const guint8 *p = bytes;

  if (!is_current (writer) || writer->errnum != 0)
    return FALSE;
  if (writer->offset + (gint64)length > most) {
    writer->over = TRUE;
    return FALSE;
  }
  if (writer->digest != NULL)
    hash_add (writer->digest, bytes, length);
  while (length > 0) {
    gssize n = write (writer->fd, p, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      writer->errnum = errno;
      return FALSE;
    }
    p += n;
    length -= (gsize)n;
    writer->offset += n;
  }
  return TRUE;
}

typedef struct {
  Writer *writer;
  City *city;
  gint64 now;
} StoreWork;

static gboolean
store_row (Db *db, void *data, GError **error)
{
  return object_db_put_upload (db, data, error);
}

static gboolean
store_object (Db *db, void *data, GError **error)
{
  StoreWork *work = data;
  ObjectUpload *row = work->writer->row;

  return object_db_put_upload (db, row, error) &&
         object_db_add (db, row->sha256, work->writer->offset, work->now, error) &&
         project_object (work->city, row->sha256, error);
}

static gboolean
drop_row (Db *db, void *data, GError **error)
{
  return object_db_drop_upload (db, data, error);
}

static void
drop (Uploads *uploads, const char *id)
{
  g_autofree char *path = object_upload_path (uploads->city, id);

  unlink (path);
  db_write (uploads->city->db, drop_row, (void *)id, NULL);
}

static void
begin_writer (Uploads *uploads, HttpRequest *request, Writer *writer)
{
  g_autofree char *path = object_upload_path (uploads->city, writer->row->id);

  g_hash_table_insert (uploads->writers, writer->row->id, writer);
  http_attach (request, writer, writer_free);
  if (!expect_digest (writer, request)) {
    bad (request, "Content-Digest is not sha-256=:BASE64:");
    return;
  }
  writer->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (writer->fd < 0) {
    g_autoptr (GError) error = NULL;
    file_set_error (&error, errno, "cannot open", path);
    http_reply_error (request, error);
    return;
  }
  http_stream (request, on_piece, writer);
}

static void
begin_new (Uploads *uploads, HttpRequest *request, const char *device)
{
  const char *sha256 = http_query (request, "sha256");
  gint64 length = -1, now = clock_now ();
  g_autoptr (GError) error = NULL;
  gboolean last;
  Writer *writer;

  if (!object_is_name (sha256) || !complete_header (request, &last) ||
      (http_header (request, "Upload-Length") != NULL &&
       !integer_header (request, "Upload-Length", &length))) {
    bad (request, "sha256, Upload-Complete or Upload-Length is missing or malformed");
    return;
  }
  if (length > OBJECT_MAX_BYTES) {
    http_reply_problem (request, 413, "too-large", "The object is over the limit", NULL);
    return;
  }
  if (object_db_has (uploads->city->db, sha256, &error)) {
    http_set_header (request, "Upload-Complete", "?1");
    http_reply (request, 200, NULL, "", 0);
    return;
  }
  writer = g_new0 (Writer, 1);
  *writer = (Writer){.uploads = uploads, .is_new = TRUE, .fd = -1, .last = last};
  writer->row = g_new0 (ObjectUpload, 1);
  *writer->row = (ObjectUpload){.id = id_uuid7 (now),
                                .device = g_strdup (device),
                                .sha256 = g_strdup (sha256),
                                .length = length,
                                .touched_at = now};
  if (error != NULL || !db_write (uploads->city->db, store_row, writer->row, &error)) {
    http_reply_error (request, error);
    writer_free (writer);
    return;
  }
  begin_writer (uploads, request, writer);
}

static void
refuse_offset (HttpRequest *request, gint64 expected, gint64 provided)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, expected);

  http_set_header (request, "Upload-Offset", text);
  http_reply_problem (request, 409, IANA "mismatching-upload-offset", "The offset is another one",
                      json_pack ("{s:I,s:I}", "expected-offset", (json_int_t)expected,
                                 "provided-offset", (json_int_t)provided));
}

static void
begin_part (Uploads *uploads, HttpRequest *request, ObjectUpload *row, gint64 size)
{
  const char *type = http_header (request, "Content-Type");
  gint64 offset, length = -1;
  gboolean last;
  Writer *writer;

  if (g_strcmp0 (type, "application/partial-upload") != 0) {
    http_reply_problem (request, 415, "bad-request", "The part is not application/partial-upload",
                        NULL);
  } else if (!integer_header (request, "Upload-Offset", &offset) ||
             !complete_header (request, &last)) {
    bad (request, "Upload-Offset or Upload-Complete is missing or malformed");
  } else if (row->complete) {
    http_reply_problem (request, 400, IANA "completed-upload", "The upload is complete", NULL);
  } else if (offset != size) {
    refuse_offset (request, size, offset);
  } else if (integer_header (request, "Upload-Length", &length) && row->length >= 0 &&
             length != row->length) {
    http_reply_problem (request, 400, IANA "inconsistent-upload-length", "The length was another",
                        NULL);
  } else {
    if (length >= 0)
      row->length = length;
    writer = g_new0 (Writer, 1);
    *writer = (Writer){
        .uploads = uploads, .row = row, .fd = -1, .start = size, .offset = size, .last = last};
    begin_writer (uploads, request, writer);
    return;
  }
  object_db_upload_free (row);
}

void
upload_begin (Uploads *uploads, HttpRequest *request, const char *device, const char *id)
{
  g_autoptr (ObjectUpload) row = NULL;
  g_autofree char *path = NULL, *length = NULL;
  struct stat st = {0};

  if (id == NULL) {
    begin_new (uploads, request, device);
    return;
  }
  row = id_is_uuid7 (id) ? object_db_find_upload (uploads->city->db, id, NULL) : NULL;
  if (row == NULL || strcmp (row->device, device) != 0) {
    http_reply_problem (request, 404, "not-found", "There is no such upload", NULL);
    return;
  }
  g_hash_table_remove (uploads->writers, id);
  path = object_upload_path (uploads->city, id);
  if (!row->complete)
    (void)!stat (path, &st);
  if (strcmp (http_method (request), "HEAD") == 0) {
    say_state (request, row->complete ? row->length : (gint64)st.st_size, row->complete);
    if (row->length >= 0) {
      length = g_strdup_printf ("%" G_GINT64_FORMAT, row->length);
      http_set_header (request, "Upload-Length", length);
    }
    http_reply (request, 204, NULL, "", 0);
  } else if (strcmp (http_method (request), "DELETE") == 0) {
    drop (uploads, id);
    http_reply (request, 204, NULL, "", 0);
  } else {
    begin_part (uploads, request, g_steal_pointer (&row), st.st_size);
  }
}

static gboolean
part_is_good (Writer *writer)
{
  guint8 hash[HASH_BYTES];

  if (writer->digest == NULL)
    return TRUE;
  hash_finish (writer->digest, hash);
  return memcmp (hash, writer->expected, sizeof hash) == 0;
}

static void
finish_last (Writer *writer, HttpRequest *request)
{
  City *city = writer->uploads->city;
  StoreWork work = {.writer = writer, .city = city, .now = clock_now ()};
  g_autoptr (GError) error = NULL;

  if (!object_adopt (city, writer->row->id, writer->row->sha256, &error)) {
    if (onestop_error_is (error, ONESTOP_ERROR_INVALID)) {
      drop (writer->uploads, writer->row->id);
      http_reply_problem (request, 422, "digest-mismatch", "The bytes do not have this SHA-256",
                          NULL);
    } else {
      http_reply_error (request, error);
    }
    return;
  }
  fault_point ("city.object-after-rename");
  writer->row->complete = TRUE;
  writer->row->length = writer->offset;
  if (!db_write (city->db, store_object, &work, &error)) {
    http_reply_error (request, error);
    return;
  }
  say_state (request, writer->offset, TRUE);
  http_reply (request, writer->is_new ? 201 : 204, NULL, "", 0);
}

void
upload_finish (Uploads *uploads, HttpRequest *request)
{
  Writer *writer = http_attached (request);
  g_autofree char *location = g_strdup_printf ("/v1/uploads/%s", writer->row->id);
  g_autoptr (GError) error = NULL;

  writer->row->touched_at = clock_now ();
  if (!is_current (writer)) {
    refuse_offset (request, writer->offset, writer->start);
    return;
  }
  if (writer->is_new)
    http_set_header (request, "Location", location);
  if (writer->errnum != 0 || fdatasync (writer->fd) != 0) {
    file_set_error (&error, writer->errnum != 0 ? writer->errnum : errno, "cannot write", location);
    http_reply_error (request, error);
    return;
  }
  if (writer->over ||
      (writer->last && writer->row->length >= 0 && writer->offset != writer->row->length)) {
    http_reply_problem (request, 400, IANA "inconsistent-upload-length",
                        "The bytes are not as many as was said", NULL);
    return;
  }
  if (!part_is_good (writer)) {
    http_reply_problem (request, 400, "digest-mismatch", "The part does not have this SHA-256",
                        NULL);
    return;
  }
  writer->finished = TRUE;
  if (writer->last) {
    finish_last (writer, request);
  } else if (!db_write (uploads->city->db, store_row, writer->row, &error)) {
    http_reply_error (request, error);
  } else {
    say_state (request, writer->offset, FALSE);
    http_reply (request, writer->is_new ? 201 : 204, NULL, "", 0);
  }
}

void
upload_sweep (Uploads *uploads)
{
  g_autoptr (GPtrArray) old =
      object_db_old_uploads (uploads->city->db, clock_now () - UPLOAD_LIFE_MS, NULL);

  for (guint i = 0; old != NULL && i < old->len; i++) {
    drop (uploads, g_ptr_array_index (old, i));
    log_info ("city.upload-dropped", "%s", (const char *)g_ptr_array_index (old, i));
  }
}
