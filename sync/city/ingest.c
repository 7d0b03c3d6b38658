/* ingest.c: a batch is checked whole (signature, chain), then kept entry by entry in one
 * transaction that is on disk before the answer. Refuses gaps, sets forks aside, and lets no bad
 * entry stop its neighbours. */
#include "city/ingest.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/db/log-db.h"
#include "city/db/meta-db.h"
#include "city/project.h"
#include "trust/hash.h"
#include "trust/log-chain.h"
#include "wire/batch.h"

#define CLOCK_TOLERANCE_MS (5 * 60 * (gint64)1000)

typedef struct {
  const char *bytes;
  gsize length;
  char hash[HASH_HEX];
  Entry *entry; /* NULL: no entry that can be read */
  gboolean too_large;
} Line;

typedef enum { TAKEN, GAP, FORK, BROKEN } Outcome;

typedef struct {
  City *city;
  const DeviceRow *device;
  GPtrArray *plain; /* GBytes */
  GArray *lines;    /* Line */
  const char *incarnation;
  gint64 first; /* seq of the first line */
  gint64 now;
  gboolean clock_is_good;
  LogRow chain;
  Outcome outcome;
  gint64 fork_seq;
} Batch;

static void
line_clear (void *data)
{
  entry_free (((Line *)data)->entry);
}

static gboolean
split (Batch *batch, HttpRequest *request, GError **error)
{
  GByteArray *body = http_body (request);
  const char *encoding = http_header (request, "Content-Encoding");

  if (encoding != NULL && strcmp (encoding, "zstd") != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "Content-Encoding is not zstd");
    return FALSE;
  }
  batch->plain = batch_unpack (body->data, body->len, encoding != NULL, error);
  for (guint i = 0; batch->plain != NULL && i < batch->plain->len; i++) {
    Line line = {0};
    line.bytes = g_bytes_get_data (g_ptr_array_index (batch->plain, i), &line.length);
    g_autofree char *hash = hash_sha256_hex (line.bytes, line.length);
    g_strlcpy (line.hash, hash, sizeof line.hash);
    line.too_large = line.length > ENTRY_MAX_BYTES;
    if (!line.too_large)
      line.entry = entry_parse (line.bytes, line.length, NULL);
    g_array_append_val (batch->lines, line);
  }
  return batch->plain != NULL;
}

/* An unreadable line has the place that its neighbours leave it. */
static gboolean
place_lines (Batch *batch, GError **error)
{
  gboolean any = FALSE;

  for (guint i = 0; i < batch->lines->len; i++) {
    Line *line = &g_array_index (batch->lines, Line, i);
    if (line->entry == NULL)
      continue;
    if (!any) {
      any = TRUE;
      batch->first = (gint64)line->entry->seq - i;
      batch->incarnation = line->entry->incarnation;
    }
    if (line->entry->seq != (guint64)(batch->first + i) ||
        strcmp (line->entry->incarnation, batch->incarnation) != 0 ||
        strcmp (line->entry->device, batch->device->device) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the lines do not follow");
      return FALSE;
    }
    if (i > 0 && strcmp (line->entry->prev, (line - 1)->hash) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the lines do not follow");
      return FALSE;
    }
  }
  if (any && batch->first < 1) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the lines do not follow");
    return FALSE;
  }
  return TRUE;
}

/* With no readable line at all: the place of the first one is where it stands, or the next. */
static gboolean
place_by_hash (Batch *batch, GError **error)
{
  LogRow chain;

  if (batch->first != 0)
    return TRUE;
  batch->incarnation = batch->device->incarnation;
  if (!log_db_chain (batch->city->db, batch->device->device, batch->incarnation, &chain, error) ||
      !log_db_find_hash (batch->city->db, chain.id, g_array_index (batch->lines, Line, 0).hash,
                         &batch->first, error))
    return FALSE;
  if (batch->first == 0)
    batch->first = chain.received + 1;
  return TRUE;
}

static gboolean
set_aside (Batch *batch, gint64 seq, GError **error)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autofree char *text = g_strdup_printf ("entry %" G_GINT64_FORMAT " differs", seq);

  for (guint i = 0; i < batch->lines->len; i++) {
    const Line *line = &g_array_index (batch->lines, Line, i);
    g_string_append_len (bytes, line->bytes, (gssize)line->length);
    g_string_append_c (bytes, '\n');
  }

  batch->outcome = FORK;
  batch->fork_seq = seq;
  log_warning ("city.fork", "%s: %s", batch->device->device, text);
  return log_db_quarantine (batch->city->db, batch->device->device, batch->now, "fork", bytes->str,
                            bytes->len, error) &&
         device_db_set_state (batch->city->db, batch->device->device, "quarantined", batch->now,
                              error) &&
         meta_db_alarm (batch->city->db, batch->now, "fork", batch->device->device, text, error);
}

static gboolean
take_line (Batch *batch, const Line *line, gint64 seq, GError **error)
{
  ProjectSource source = {batch->device, batch->chain.id, batch->now, batch->clock_is_good};
  const char *reason = line->too_large ? "too-large" : "unreadable";

  if (line->entry != NULL &&
      !project_entry (batch->city, &source, line->entry, line->bytes, line->length, &reason, error))
    return FALSE;
  if (reason != NULL)
    log_warning ("city.entry-refused", "%s %" G_GINT64_FORMAT ": %s", batch->device->device, seq,
                 reason);
  if (!log_db_append (batch->city->db, batch->chain.id, seq, line->hash, line->bytes, line->length,
                      batch->now, reason, error))
    return FALSE;
  if (reason == NULL && line->entry->case_id != NULL && line->entry->objects->len > 0 &&
      !project_seal (batch->city, line->entry->case_id, error))
    return FALSE;
  batch->chain.received = seq;
  g_strlcpy (batch->chain.head, line->hash, sizeof batch->chain.head);
  return TRUE;
}

static gboolean
take_batch (Db *db, void *data, GError **error)
{
  Batch *batch = data;

  if (strcmp (batch->incarnation, batch->device->incarnation) != 0)
    return set_aside (batch, batch->first, error);
  if (!log_db_chain (db, batch->device->device, batch->incarnation, &batch->chain, error) ||
      !device_db_heard (db, batch->device->device, batch->now, error))
    return FALSE;
  for (guint i = 0; i < batch->lines->len; i++) {
    const Line *line = &g_array_index (batch->lines, Line, i);
    gint64 seq = batch->first + i;
    g_autofree char *hash = NULL, *reason = NULL;
    if (seq <= batch->chain.received) {
      if (!log_db_find (db, batch->chain.id, seq, &hash, &reason, error))
        return FALSE;
      if (strcmp (hash, line->hash) != 0)
        return set_aside (batch, seq, error);
    } else if (seq > batch->chain.received + 1) {
      batch->outcome = GAP;
      return TRUE;
    } else if (line->entry != NULL && strcmp (line->entry->prev, batch->chain.head) != 0) {
      return set_aside (batch, seq, error);
    } else if (!take_line (batch, line, seq, error)) {
      return FALSE;
    }
  }
  fault_point ("city.before-commit");
  return TRUE;
}

static void
add_refused (gint64 seq, const char *reason, void *data)
{
  json_array_append_new (data, json_pack ("{s:I,s:s}", "seq", (json_int_t)seq, "reason", reason));
}

/* `first` 0: the newest refused ones of the whole log. */
static void
answer (City *city, HttpRequest *request, const DeviceRow *device, const char *incarnation,
        gint64 first, gint64 last)
{
  LogRow chain;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) refused = json_array (), document = NULL;
  g_autofree char *time = clock_format (clock_now ());

  if (!log_db_chain (city->db, device->device, incarnation, &chain, &error) ||
      !log_db_refused (city->db, chain.id, first, last, add_refused, refused, &error)) {
    http_reply_error (request, error);
    return;
  }
  document =
      city_sign (city, "ack",
                 json_pack ("{s:s,s:s,s:I,s:s,s:I,s:s,s:O,s:s}", "device", device->device,
                            "incarnation", incarnation, "received", (json_int_t)chain.received,
                            "head", chain.head, "safe", (json_int_t)chain.safe, "epoch",
                            city->epoch, "refused", refused, "server_time", time));
  http_reply_json (request, 200, document);
}

static void
conclude (Batch *batch, HttpRequest *request)
{
  switch (batch->outcome) {
  case GAP:
    http_reply_problem (request, 409, "sequence-gap", "Entries are missing before this one",
                        json_pack ("{s:I,s:s}", "received", (json_int_t)batch->chain.received,
                                   "head", batch->chain.head));
    break;
  case FORK:
    http_reply_problem (request, 409, "fork", "This log differs from what was received before",
                        json_pack ("{s:I}", "seq", (json_int_t)batch->fork_seq));
    break;
  case BROKEN:
  case TAKEN:
    answer (batch->city, request, batch->device, batch->incarnation, batch->first,
            batch->first + batch->lines->len - 1);
  }
}

static gboolean
signature_holds (Batch *batch, const char *signature, GError **error)
{
  const Line *last = &g_array_index (batch->lines, Line, batch->lines->len - 1);
  g_autoptr (LogChain) head =
      log_chain_new (batch->device->device, batch->incarnation,
                     (guint64)batch->first + batch->lines->len - 1, last->hash);
  return log_chain_verify (head, batch->device->key, signature != NULL ? signature : "", error);
}

static void
refuse_form (HttpRequest *request, const GError *error)
{
  gboolean full = onestop_error_is (error, ONESTOP_ERROR_FULL);

  if (!full && !onestop_error_is (error, ONESTOP_ERROR_INVALID))
    http_reply_error (request, error);
  else
    http_reply_problem (request, full ? 413 : 400, full ? "too-large" : "broken-chain",
                        error->message, NULL);
}

/* A batch whose lines follow one another: who wrote it, and is it new? */
static void
take_split (Batch *batch, HttpRequest *request)
{
  g_autoptr (GError) error = NULL;

  if (!signature_holds (batch, http_header (request, "Onestop-Signature"), &error)) {
    http_reply_problem (request, 403, "bad-signature", "The head's signature does not verify",
                        NULL);
    return;
  }
  if (strcmp (batch->device->state, "quarantined") == 0) {
    http_reply_problem (request, 409, "quarantined", "Staff have to look at this device first",
                        NULL);
    return;
  }
  if (!db_write (batch->city->db, take_batch, batch, &error)) {
    http_reply_error (request, error);
    return;
  }
  fault_point ("city.after-commit");
  conclude (batch, request);
  if (batch->city->on_feed != NULL)
    batch->city->on_feed (batch->city->on_feed_data);
}

void
ingest_batch (City *city, HttpRequest *request, const DeviceRow *device)
{
  const char *clock = http_header (request, "Onestop-Clock");
  g_autoptr (GError) error = NULL;
  Batch batch = {.city = city, .device = device, .now = clock_now (), .clock_is_good = TRUE};
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  gint64 at;

  g_array_set_clear_func (lines, line_clear);
  batch.lines = lines;
  if (clock != NULL)
    batch.clock_is_good =
        clock_parse (clock, &at, NULL) && ABS (at - batch.now) <= CLOCK_TOLERANCE_MS;
  if (split (&batch, request, &error) && place_lines (&batch, &error) &&
      place_by_hash (&batch, &error))
    take_split (&batch, request);
  else
    refuse_form (request, error);
  g_clear_pointer (&batch.plain, g_ptr_array_unref);
}

void
ingest_state (City *city, HttpRequest *request, const DeviceRow *device)
{
  const char *incarnation = http_query (request, "incarnation");

  if (incarnation == NULL || !id_is_uuid7 (incarnation))
    http_reply_problem (request, 400, "bad-request", "incarnation is missing or malformed", NULL);
  else if (strcmp (incarnation, device->incarnation) != 0)
    http_reply_problem (request, 404, "not-found", "This device has no such log", NULL);
  else
    answer (city, request, device, incarnation, 0, G_MAXINT64);
}
