/* push.c: sends batches and believes only signed answers. Refuses to move a watermark over an entry
 * whose hash the city names otherwise than we do, and to delete anything that is not safe. */
#include "client/push.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "store/receipt-store.h"
#include "trust/log-chain.h"
#include "trust/signed-document.h"
#include "wire/batch.h"

typedef struct {
  gint64 received, safe, server_time;
  const char *head, *epoch;
  json_t *refused;
} Ack;

static gboolean
read_ack (const json_t *content, Ack *ack, GError **error)
{
  const char *server_time;

  if (!strict_json_int (content, "received", &ack->received, error) ||
      !strict_json_int (content, "safe", &ack->safe, error) ||
      (ack->head = strict_json_string (content, "head", error)) == NULL ||
      (ack->epoch = strict_json_string (content, "epoch", error)) == NULL ||
      (server_time = strict_json_string (content, "server_time", error)) == NULL ||
      (ack->refused = strict_json_array (content, "refused", error)) == NULL)
    return FALSE;
  return clock_parse (server_time, &ack->server_time, error);
}

/* The city's history must be ours as far as it goes. */
static gboolean
same_history (Uplink *uplink, const char *incarnation, const Ack *ack, GError **error)
{
  g_autoptr (JournalEntry) entry = NULL;
  gint64 last = 0;

  if (ack->received == 0)
    return TRUE;
  if (!journal_head (uplink->db, incarnation, &last, NULL, error))
    return FALSE;
  if (ack->received > last) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "the city knows %" G_GINT64_FORMAT " entries of this device, which has only "
                 "%" G_GINT64_FORMAT ": an old state was put back",
                 ack->received, last);
    return FALSE;
  }
  entry = journal_get (uplink->db, incarnation, ack->received, error);
  if (entry == NULL)
    return FALSE;
  if (strcmp (entry->hash, ack->head) == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
               "the city holds another entry %" G_GINT64_FORMAT " of this device", ack->received);
  return FALSE;
}

static gboolean
note_refused (Uplink *uplink, const char *incarnation, const json_t *refused, GError **error)
{
  json_t *one;
  gsize i;

  json_array_foreach (refused, i, one) {
    const char *reason = strict_json_string (one, "reason", error);
    gint64 seq;
    if (reason == NULL || !strict_json_int (one, "seq", &seq, error) ||
        !peer_store_refused (uplink->db, incarnation, seq, reason, clock_now (), error))
      return FALSE;
    log_warning ("sync.entry-refused", "entry %" G_GINT64_FORMAT ": %s", seq, reason);
  }
  return TRUE;
}

static gboolean
delete_safe (Uplink *uplink, const char *incarnation, gint64 safe, GError **error)
{
  guint purged = 0;

  fault_point ("sync.before-purge");
  if (!object_store_purge (uplink->db, incarnation, safe, &purged, error))
    return FALSE;
  if (purged > 0)
    log_info ("sync.purged", "%u sealed objects are safe at the city and were deleted", purged);
  return receipt_store_purge (uplink->db, clock_now (), error);
}

/* Stores a signed answer. `ret_moved`: it says something new. */
static gboolean
take_ack (Uplink *uplink, const char *incarnation, const HttpAnswer *answer, gboolean *ret_moved,
          GError **error)
{
  g_autoptr (json_t) document = http_answer_json (answer, error);
  const json_t *content;
  const char *device, *of;
  gboolean new_epoch = FALSE;
  gint64 had, safe;
  Ack ack;

  if (document == NULL ||
      (content = signed_document_check (document, "ack", uplink->enrolment->keyset_key, error)) ==
          NULL ||
      (device = strict_json_string (content, "device", error)) == NULL ||
      (of = strict_json_string (content, "incarnation", error)) == NULL ||
      !read_ack (content, &ack, error))
    return FALSE;
  if (strcmp (device, uplink->enrolment->device) != 0 || strcmp (of, incarnation) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the city acknowledges another device's entries");
    return FALSE;
  }
  if (!same_history (uplink, incarnation, &ack, error) ||
      !peer_store_watermarks (uplink->db, incarnation, &had, &safe, error))
    return FALSE;
  fault_point ("sync.acknowledged");
  if (!peer_store_acknowledge (uplink->db, incarnation, ack.received, ack.safe, ack.epoch,
                               ack.server_time, &new_epoch, error) ||
      !note_refused (uplink, incarnation, ack.refused, error))
    return FALSE;
  if (new_epoch)
    log_warning ("sync.new-epoch", "the city was restored; what is not safe is sent again");
  *ret_moved = new_epoch || ack.received > had;
  return new_epoch || ack.safe <= safe || delete_safe (uplink, incarnation, ack.safe, error);
}

static gboolean
ask_for (Uplink *uplink, const char *incarnation, gboolean *ret_moved, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/entries?incarnation=", incarnation, NULL);
  HttpRequest request = {.method = "GET", .path = path};
  g_autoptr (HttpAnswer) answer = uplink_ask (uplink, &request, error);

  return answer != NULL && take_ack (uplink, incarnation, answer, ret_moved, error);
}

/* One batch: signed, packed, sent. */
static HttpAnswer *
send_batch (Uplink *uplink, const char *incarnation, GPtrArray *entries, GError **error)
{
  const JournalEntry *last = entries->pdata[entries->len - 1];
  g_autoptr (LogChain) head =
      log_chain_new (uplink->enrolment->device, incarnation, (guint64)last->seq, last->hash);
  g_autofree char *signature = log_chain_sign (head, uplink->device_key);
  g_autofree char *header = g_strconcat ("Onestop-Signature: ", signature, NULL);
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autofree char *now = clock_format (clock_now ());
  g_autofree char *clock = g_strconcat ("Onestop-Clock: ", now, NULL);
  const char *headers[] = {"Content-Type: application/x-ndjson", "Content-Encoding: zstd", header,
                           clock, NULL};
  HttpRequest request = {.method = "POST", .path = "/v1/entries", .headers = headers};

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (lines, ((JournalEntry *)entries->pdata[i])->bytes);
  body = batch_pack (lines, error);
  if (body == NULL)
    return NULL;
  request.body = g_bytes_get_data (body, &request.length);
  fault_point ("sync.before-push");
  return uplink_send (uplink, &request, error);
}

/* What came back for a batch. 409 sequence-gap: our cursor is not the city's, whose signed word
 * counts. */
static gboolean
take_answer (Uplink *uplink, const char *incarnation, const HttpAnswer *answer, GError **error)
{
  g_autofree char *word = NULL;
  g_autoptr (GError) why = NULL;
  gboolean moved = FALSE;

  if (!http_answer_is_good (answer, &word, &why)) {
    if (g_strcmp0 (word, "sequence-gap") != 0) {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
    if (!ask_for (uplink, incarnation, &moved, error))
      return FALSE;
  } else if (!take_ack (uplink, incarnation, answer, &moved, error)) {
    return FALSE;
  }
  if (moved)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY,
               "the city lost entries without saying that it was restored");
  return FALSE;
}

/* Sends the next batch of `incarnation`. `ret_sent` FALSE: nothing waits. */
static gboolean
push_batch (Uplink *uplink, const char *incarnation, gboolean *ret_sent, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (HttpAnswer) answer = NULL;
  gint64 received, safe;

  if (!peer_store_watermarks (uplink->db, incarnation, &received, &safe, error))
    return FALSE;
  entries = outbox_read (uplink->db, incarnation, received, BATCH_MAX_BYTES, error);
  if (entries == NULL)
    return FALSE;
  *ret_sent = entries->len > 0;
  if (entries->len == 0)
    return TRUE;
  answer = send_batch (uplink, incarnation, entries, error);
  return answer != NULL && take_answer (uplink, incarnation, answer, error);
}

gboolean
push_entries (Uplink *uplink, GError **error)
{
  g_autoptr (GPtrArray) incarnations = journal_incarnations (uplink->db, error);

  if (incarnations == NULL)
    return FALSE;
  for (guint i = 0; i < incarnations->len; i++)
    for (gboolean sent = TRUE; sent;)
      if (!push_batch (uplink, incarnations->pdata[i], &sent, error))
        return FALSE;
  return TRUE;
}

gboolean
push_ask (Uplink *uplink, GError **error)
{
  g_autoptr (GPtrArray) incarnations = journal_incarnations (uplink->db, error);
  gboolean moved;

  if (incarnations == NULL)
    return FALSE;
  for (guint i = 0; i < incarnations->len; i++)
    if (!ask_for (uplink, incarnations->pdata[i], &moved, error))
      return FALSE;
  return TRUE;
}

gboolean
push_is_due (Uplink *uplink)
{
  const char *incarnation = db_peek_incarnation (uplink->db);
  g_autoptr (GPtrArray) objects = NULL;
  gint64 last = 0, received = 0, safe;

  if (!journal_head (uplink->db, incarnation, &last, NULL, NULL) ||
      !peer_store_watermarks (uplink->db, incarnation, &received, &safe, NULL) || last > received)
    return TRUE;
  objects = outbox_objects (uplink->db, 1, NULL);
  return objects == NULL || objects->len > 0;
}
