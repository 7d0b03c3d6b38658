/* project.c: entries become cases, queue numbers and feed items. Refuses by itself and by a word
 * what cannot be used, before anything is changed; the entry is kept in any case. */
#include "city/project.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/case-act.h"
#include "city/case-open.h"
#include "city/db/case-db.h"
#include "city/db/feed-db.h"
#include "city/db/log-db.h"
#include "city/db/meta-db.h"
#include "city/db/object-db.h"
#include "domain/case-number.h"
#include "trust/key-set.h"

#define CLOCK_TOLERANCE_MS (5 * 60 * (gint64)1000)
#define SERVICE_MAX 64

typedef struct {
  City *city;
  const ProjectSource *source;
  const Entry *entry;
  const char *line;
  gsize length;
} Job;

/* Legal time of an act at a device: its own clock if that was right, else ours. */
static gint64
legal_time (const Job *job)
{
  gboolean believed = !job->entry->unsure && job->source->clock_is_good &&
                      job->entry->at <= job->source->now + CLOCK_TOLERANCE_MS;
  return believed ? job->entry->at : job->source->now;
}

static json_t *
origin_of (const Job *job)
{
  return json_pack ("{s:s,s:I}", "device", job->entry->device, "seq", (json_int_t)job->entry->seq);
}

static json_t *
talent (const Job *job)
{
  return json_pack ("{s:s,s:s}", "kind", "talent", "id", job->entry->device);
}

static gboolean
wraps_are_sound (const json_t *body)
{
  json_t *wraps = json_object_get (body, "wraps"), *wrap;
  gsize i;

  if (!json_is_array (wraps) || json_array_size (wraps) == 0)
    return FALSE;
  json_array_foreach (wraps, i, wrap) {
    if (!json_is_object (wrap) || strlen (strict_json_peek (wrap, "kid", "")) != 16 ||
        strict_json_peek (wrap, "wrap", NULL) == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
submission_is_sound (const Job *job)
{
  const json_t *body = job->entry->body;
  const char *number = strict_json_peek (body, "number", "");
  const char *service = strict_json_peek (body, "service", "");
  char hall[3];

  return job->entry->case_id != NULL && job->entry->objects->len > 0 &&
         case_number_split (number, hall, NULL, NULL) &&
         strcmp (hall, job->source->device->hall) == 0 &&
         strcmp (strict_json_peek (body, "hall", ""), hall) == 0 && service[0] != '\0' &&
         strlen (service) <= SERVICE_MAX &&
         json_integer_value (json_object_get (body, "suite")) == 1 && wraps_are_sound (body);
}

static gboolean
use_objects (const Job *job, GError **error)
{
  for (guint i = 0; i < job->entry->objects->len; i++) {
    EntryObject *object = &g_array_index (job->entry->objects, EntryObject, i);
    if (!object_db_use (job->city->db, object->sha256, job->source->chain, (gint64)job->entry->seq,
                        i, (gint64)object->size, job->source->device->hall, job->entry->case_id,
                        error))
      return FALSE;
  }
  return TRUE;
}

/* The exact bytes go to the hall's desks, which alone hold the hall's key. */
static gboolean
send_envelope (const Job *job, GError **error)
{
  g_autoptr (json_t) item = json_pack ("{s:s,s:s,s:s%}", "kind", "envelope", "device",
                                       job->entry->device, "entry", job->line, job->length);
  g_autofree char *text = strict_json_write (item);

  return feed_db_add (job->city->db, job->source->device->hall, "desk", text, error);
}

static gboolean
missing_is_fine (GError **failed, GError **error)
{
  if (onestop_error_is (*failed, ONESTOP_ERROR_NOT_FOUND)) {
    g_clear_error (failed);
    return TRUE;
  }
  if (*failed != NULL)
    g_propagate_error (error, g_steal_pointer (failed));
  return FALSE;
}

static gboolean
submitted (const Job *job, const char **ret_reason, GError **error)
{
  City *city = job->city;
  g_autoptr (GError) failed = NULL;
  g_autoptr (CaseRow) same_number = NULL, same_case = NULL, row = NULL;
  g_autoptr (json_t) origin = origin_of (job), actor = talent (job), body = json_object ();

  if (!submission_is_sound (job)) {
    *ret_reason = "bad-body";
    return TRUE;
  }
  same_case = case_db_find (city->db, job->entry->case_id, &failed);
  if (same_case != NULL) {
    *ret_reason = "case-taken";
    return TRUE;
  }
  if (!missing_is_fine (&failed, error))
    return FALSE;
  same_number =
      case_db_find_number (city->db, strict_json_peek (job->entry->body, "number", ""), &failed);
  if (same_number != NULL) {
    *ret_reason = "number-taken";
    return TRUE;
  }
  if (!missing_is_fine (&failed, error))
    return FALSE;
  row = g_new0 (CaseRow, 1);
  *row = (CaseRow){.case_id = g_strdup (job->entry->case_id),
                   .number = g_strdup (strict_json_peek (job->entry->body, "number", NULL)),
                   .service = g_strdup (strict_json_peek (job->entry->body, "service", NULL)),
                   .hall = g_strdup (job->source->device->hall),
                   .guide = g_strdup (strict_json_peek (job->entry->body, "guide", NULL)),
                   .submitted_at = legal_time (job),
                   .seal = g_strdup ("waiting")};
  if (row->submitted_at != job->entry->at)
    json_object_set_new (body, "device_clock", json_integer (job->entry->at));
  return case_act_submit (city, row, actor, origin, body, job->source->now, error) &&
         use_objects (job, error) && send_envelope (job, error);
}

/* A supplement or a withdrawal: the person acts on a case that is here. */
static gboolean
acted (const Job *job, CaseAction action, const char **ret_reason, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (CaseRow) row = NULL;
  g_autoptr (json_t) origin = origin_of (job), actor = talent (job);
  gint64 at = legal_time (job);

  if (job->entry->case_id == NULL ||
      (action == CASE_ACTION_SUPPLEMENT && !wraps_are_sound (job->entry->body))) {
    *ret_reason = "bad-body";
    return TRUE;
  }
  row = case_db_find (job->city->db, job->entry->case_id, &failed);
  if (row == NULL) {
    *ret_reason = "unknown-case";
    return missing_is_fine (&failed, error);
  }
  if (strcmp (row->hall, job->source->device->hall) != 0) {
    *ret_reason = "unknown-case";
    return TRUE;
  }
  if (!case_act_apply (job->city, row, action, CASE_ACTOR_TALENT, CASE_ACT_ANY_VERSION, actor,
                       origin, NULL, at, job->source->now, &failed)) {
    if (!onestop_error_is (failed, ONESTOP_ERROR_CONFLICT) &&
        !onestop_error_is (failed, ONESTOP_ERROR_DENIED)) {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }
    *ret_reason = "not-allowed";
    return TRUE;
  }
  return action != CASE_ACTION_SUPPLEMENT ||
         (use_objects (job, error) && send_envelope (job, error) &&
          case_db_set_seal (job->city->db, row->case_id, "waiting", error));
}

static gboolean
ticket_is_sound (const char *number)
{
  return strlen (number) == 4 && g_ascii_isupper (number[0]) && g_ascii_isdigit (number[1]) &&
         g_ascii_isdigit (number[2]) && g_ascii_isdigit (number[3]);
}

static gboolean
queued (const Job *job, const char *state, const char **ret_reason, GError **error)
{
  const json_t *body = job->entry->body;
  const char *number = strict_json_peek (body, "number", "");
  const char *window = strict_json_peek (body, "window", NULL);
  gint64 at = legal_time (job);
  g_autofree char *today = clock_day (at), *when = clock_format (at);
  char family[2] = {number[0], '\0'};
  FeedQueue row = {.hall = job->source->device->hall,
                   .day = strict_json_peek (body, "day", today),
                   .number = number,
                   .family = family,
                   .state = state,
                   .window = window,
                   .device = job->entry->device,
                   .at = at};
  gboolean changed = FALSE;
  int day;

  if (!ticket_is_sound (number) || !calendar_day_parse (row.day, &day)) {
    *ret_reason = "bad-body";
    return TRUE;
  }
  if (!feed_db_queue (job->city->db, &row, &changed, error))
    return FALSE;
  if (!changed)
    return TRUE;
  g_autoptr (json_t) item =
      json_pack ("{s:s,s:s,s:s,s:s,s:s,s:s?,s:s}", "kind", "queue", "number", number, "family",
                 family, "day", row.day, "state", state, "window", window, "at", when);
  g_autofree char *text = strict_json_write (item);
  return feed_db_add (job->city->db, row.hall, NULL, text, error);
}

static gboolean
staff (const Job *job, const char **ret_reason, GError **error)
{
  const char *action = strict_json_peek (job->entry->body, "action", "");
  const char *text = strict_json_peek (job->entry->body, "key", "");
  g_autoptr (GBytes) key = NULL;

  if (strcmp (action, "hall_key") != 0)
    return TRUE;
  key = encode_unbase64 (text);
  if (key == NULL || g_bytes_get_size (key) != 32 ||
      strcmp (job->source->device->role, "desk") != 0) {
    *ret_reason = "bad-body";
    return TRUE;
  }
  log_notice ("city.hall-key", "hall %s has a key from %s", job->source->device->hall,
              job->entry->device);
  return city_set_hall_key (job->city, job->source->device->hall, g_bytes_get_data (key, NULL),
                            job->source->now, error) &&
         meta_db_audit (job->city->db, job->source->now, job->entry->device, "hall-key",
                        job->source->device->hall, error);
}

gboolean
project_entry (City *city, const ProjectSource *source, const Entry *entry, const char *line,
               gsize length, const char **ret_reason, GError **error)
{
  Job job = {city, source, entry, line, length};

  *ret_reason = NULL;
  switch (entry->kind) {
  case ENTRY_KIND_CASE_SUBMITTED:
    return submitted (&job, ret_reason, error);
  case ENTRY_KIND_CASE_SUPPLEMENT:
    return acted (&job, CASE_ACTION_SUPPLEMENT, ret_reason, error);
  case ENTRY_KIND_CASE_WITHDRAWN:
    return acted (&job, CASE_ACTION_WITHDRAW, ret_reason, error);
  case ENTRY_KIND_TICKET_DRAWN:
    return queued (&job, "waiting", ret_reason, error);
  case ENTRY_KIND_TICKET_CALLED:
    return queued (&job, "called", ret_reason, error);
  case ENTRY_KIND_TICKET_SERVED:
    return queued (&job, "served", ret_reason, error);
  case ENTRY_KIND_TICKET_MISSED:
    return queued (&job, "missed", ret_reason, error);
  case ENTRY_KIND_STAFF_ACTION:
    return staff (&job, ret_reason, error);
  case ENTRY_KIND_TICKET_REDEEMED:
  case ENTRY_KIND_PRINT_OUTCOME:
  case ENTRY_KIND_HELP_CALL:
  case ENTRY_KIND_AUDIT:
  case ENTRY_KIND_HEARTBEAT:
    return TRUE; /* kept in the log; nothing follows from it here */
  }
  return TRUE;
}

gboolean
project_seal (City *city, const char *case_id, GError **error)
{
  gint64 missing = 0;
  g_autoptr (GError) damage = NULL;

  if (!object_db_missing (city->db, case_id, &missing, error))
    return FALSE;
  if (missing > 0)
    return TRUE;
  if (case_open_check (city, case_id, &damage))
    return case_db_set_seal (city->db, case_id, "good", error);
  log_warning ("city.seal-damaged", "case %s: %s", case_id, damage->message);
  return case_db_set_seal (city->db, case_id, "damaged", error) &&
         meta_db_alarm (city->db, clock_now (), "seal-damaged", NULL, case_id, error);
}

gboolean
project_object (City *city, const char *sha256, GError **error)
{
  g_autoptr (GPtrArray) cases = object_db_cases (city->db, sha256, error);

  if (cases == NULL)
    return FALSE;
  for (guint i = 0; i < cases->len; i++)
    if (!project_seal (city, g_ptr_array_index (cases, i), error))
      return FALSE;
  return TRUE;
}
