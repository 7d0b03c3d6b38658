/* status.c: reads how far things are. Refuses to say "done" when anything waits or failed. */
#include "client/status.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "trust/certificate.h"

#define RUNNING_MS (120 * (gint64)1000)

static const char *const words[] = {
    [STATUS_UNKNOWN] = "unknown",
    [STATUS_WAITING] = "waiting",
    [STATUS_RUNNING] = "running",
    [STATUS_DONE] = "done",
};

static void
put_time (json_t *object, const char *member, gint64 ms)
{
  g_autofree char *text = ms > 0 ? clock_format (ms) : NULL;
  json_object_set_new (object, member, text != NULL ? json_string (text) : json_null ());
}

static void
put_text (json_t *object, const char *member, const char *text)
{
  json_object_set_new (object, member, text != NULL ? json_string (text) : json_null ());
}

static StatusState
judge (const PeerState *peer, const OutboxStatus *outbox, gint64 now)
{
  gint64 age = now - peer->last_attempt;

  if (peer->failures == 0 && peer->last_attempt > peer->last_success && age >= 0 &&
      age < RUNNING_MS)
    return STATUS_RUNNING;
  if (peer->last_success == 0)
    return STATUS_UNKNOWN;
  if (peer->failures > 0 || outbox->entries > 0 || outbox->objects > 0)
    return STATUS_WAITING;
  return STATUS_DONE;
}

static void
put_trust (Uplink *uplink, json_t *status)
{
  g_autofree char *text = file_read_text (uplink->certificate_path, 65536, NULL);
  gint64 from, to = 0, judged;

  if (text == NULL || !certificate_times (text, &from, &to, NULL))
    to = 0;
  put_time (status, "certificate_until", to);
  json_object_set_new (status, "clock_unsure",
                       json_boolean (uplink_clock_unsure (uplink, &judged)));
  json_object_set_new (status, "keyset_version",
                       json_integer (uplink->key_set != NULL ? uplink->key_set->version : 0));
  put_time (status, "keyset_until", uplink->key_set != NULL ? uplink->key_set->expires : 0);
}

json_t *
status_describe (Uplink *uplink, GError **error)
{
  g_autoptr (PeerState) peer = peer_store_load (uplink->db, error);
  gint64 refused, received, safe;
  g_autoptr (json_t) status = NULL;
  OutboxStatus outbox;

  if (peer == NULL || !outbox_status (uplink->db, &outbox, error) ||
      !peer_store_count_refused (uplink->db, &refused, error) ||
      !peer_store_watermarks (uplink->db, db_peek_incarnation (uplink->db), &received, &safe,
                              error))
    return NULL;
  status = json_pack ("{s:s,s:s,s:I,s:I}", "device", uplink->enrolment->device, "state",
                      words[judge (peer, &outbox, clock_now ())], "entries",
                      (json_int_t)outbox.entries, "objects", (json_int_t)outbox.objects);
  put_time (status, "since", outbox.since);
  put_time (status, "last_attempt", peer->last_attempt);
  put_time (status, "last_success", peer->last_success);
  json_object_set_new (status, "failures", json_integer (peer->failures));
  put_text (status, "last_error", peer->last_error);
  json_object_set_new (status, "refused", json_integer (refused));
  json_object_set_new (status, "received", json_integer (received));
  json_object_set_new (status, "safe", json_integer (safe));
  put_text (status, "epoch", peer->epoch);
  put_time (status, "server_time", peer->server_time);
  put_trust (uplink, status);
  return g_steal_pointer (&status);
}

char *
status_sentence (const json_t *status)
{
  const char *state = strict_json_peek (status, "state", "unknown");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s", strict_json_peek (status, "device", "?"), state);
  g_string_append_printf (
      text, ", %" JSON_INTEGER_FORMAT " entries and %" JSON_INTEGER_FORMAT " objects wait",
      json_integer_value (json_object_get (status, "entries")),
      json_integer_value (json_object_get (status, "objects")));
  if (strict_json_peek (status, "since", NULL) != NULL)
    g_string_append_printf (text, " since %s", strict_json_peek (status, "since", ""));
  g_string_append_printf (text, "; last success %s",
                          strict_json_peek (status, "last_success", "never"));
  if (strict_json_peek (status, "last_error", NULL) != NULL)
    g_string_append_printf (text, "; last error %s", strict_json_peek (status, "last_error", ""));
  if (json_integer_value (json_object_get (status, "refused")) > 0)
    g_string_append_printf (text, "; %" JSON_INTEGER_FORMAT " entries were refused",
                            json_integer_value (json_object_get (status, "refused")));
  return g_string_free (text, FALSE);
}
