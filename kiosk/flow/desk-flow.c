/* desk-flow.c: the queue and the hall's cases at the desk, and the opening of one. Refuses to open
 * anything before the reading is recorded. */
#include "flow/desk-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "document/document.h"
#include "domain/case.h"
#include "domain/person.h"
#include "domain/queue.h"
#include "store/envelope-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/peer-store.h"
#include "trust/open.h"

#define SIGNATURE_SLOT "signature"

/* ---- the queue ---- */

void
desk_queue_free (DeskQueue *queue)
{
  if (queue == NULL)
    return;
  g_free (queue->day);
  g_ptr_array_unref (queue->waiting);
  g_ptr_array_unref (queue->missed);
  public_ticket_free (queue->called);
  g_free (queue);
}

static gboolean
is_state (const PublicTicket *ticket, QueueState state)
{
  return g_strcmp0 (ticket->state, queue_state_word (state)) == 0;
}

static int
by_time (gconstpointer a, gconstpointer b)
{
  const PublicTicket *left = *(PublicTicket *const *)a, *right = *(PublicTicket *const *)b;
  return left->at != right->at ? (left->at < right->at ? -1 : 1)
                               : strcmp (left->number, right->number);
}

static int
by_time_back (gconstpointer a, gconstpointer b)
{
  return by_time (b, a);
}

/* Puts `ticket` where it belongs, or frees it. */
static void
sort_in (DeskQueue *queue, const char *window, PublicTicket *ticket)
{
  if (is_state (ticket, QUEUE_STATE_SERVED))
    queue->served++;
  if (is_state (ticket, QUEUE_STATE_WAITING))
    g_ptr_array_add (queue->waiting, ticket);
  else if (is_state (ticket, QUEUE_STATE_MISSED))
    g_ptr_array_add (queue->missed, ticket);
  else if (is_state (ticket, QUEUE_STATE_CALLED) && g_strcmp0 (ticket->window, window) == 0 &&
           (queue->called == NULL || queue->called->at < ticket->at)) {
    public_ticket_free (queue->called);
    queue->called = ticket;
  } else
    public_ticket_free (ticket);
}

DeskQueue *
desk_flow_queue (App *app, Db *db, gint64 now, GError **error)
{
  g_autofree char *day = clock_day (now);
  g_autoptr (GPtrArray) tickets = public_store_queue (db, day, error);
  g_autoptr (PeerState) peer = tickets != NULL ? peer_store_load (db, error) : NULL;
  DeskQueue *queue;

  if (peer == NULL)
    return NULL;
  queue = g_new0 (DeskQueue, 1);
  queue->day = g_steal_pointer (&day);
  queue->as_of = peer->last_success;
  queue->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)public_ticket_free);
  queue->missed = g_ptr_array_new_with_free_func ((GDestroyNotify)public_ticket_free);
  g_ptr_array_set_free_func (tickets, NULL);
  for (guint i = 0; i < tickets->len; i++)
    sort_in (queue, app->config->desk_window, tickets->pdata[i]);
  g_ptr_array_sort (queue->waiting, by_time);
  g_ptr_array_sort (queue->missed, by_time_back);
  return queue;
}

/* One step of the queue: the journal's entry, and the same for our own board at once. */
typedef struct {
  App *app;
  const Clerk *clerk;
  gint64 now;
  char family;        /* call next: of this family, or 0 */
  const char *number; /* call this one; or NULL */
  gboolean miss;
  char *done; /* the number that was called or missed */
} Step;

static gboolean
is_desk (const App *app, GError **error)
{
  if (app->enrolment != NULL && strcmp (app->enrolment->role, "desk") == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "this device is not enrolled as a desk");
  return FALSE;
}

static gboolean
set_state (Db *db, const Step *step, const char *number, const char *day, EntryKind kind,
           QueueState state, GError **error)
{
  const char *window = step->app->config->desk_window;
  g_autofree char *at = clock_format (step->now);
  g_autoptr (json_t) body = json_pack ("{ss ss ss ss}", "number", number, "window", window, "day",
                                       day, "clerk", step->clerk->name);
  g_autoptr (json_t) item =
      json_pack ("{ss ss ss ss ss ss}", "kind", "queue", "number", number, "day", day, "state",
                 queue_state_word (state), "window", window, "at", at);
  JournalDraft draft = {.device = step->app->enrolment->device,
                        .kind = kind,
                        .body = body,
                        .at = step->now,
                        .unsure = app_clock_unsure (step->app, db, step->now, NULL)};

  return journal_append (db, &draft, NULL, error) && public_store_apply (db, item, NULL, error);
}

static gboolean
set_served (Db *db, const Step *step, const DeskQueue *queue, const char *but, GError **error)
{
  if (queue->called == NULL || g_strcmp0 (queue->called->number, but) == 0)
    return TRUE;
  return set_state (db, step, queue->called->number, queue->day, ENTRY_KIND_TICKET_SERVED,
                    QUEUE_STATE_SERVED, error);
}

static const char *
who_is_next (const DeskQueue *queue, char family)
{
  for (guint i = 0; i < queue->waiting->len; i++) {
    const PublicTicket *ticket = queue->waiting->pdata[i];
    if (family == 0 || ticket->number[0] == family)
      return ticket->number;
  }
  return NULL;
}

static gboolean
do_miss (Db *db, Step *step, const DeskQueue *queue, GError **error)
{
  if (queue->called == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no number is called now");
    return FALSE;
  }
  step->done = g_strdup (queue->called->number);
  return set_state (db, step, step->done, queue->day, ENTRY_KIND_TICKET_MISSED, QUEUE_STATE_MISSED,
                    error);
}

static gboolean
do_call (Db *db, Step *step, const DeskQueue *queue, GError **error)
{
  const char *number = step->number != NULL ? step->number : who_is_next (queue, step->family);
  g_autoptr (PublicTicket) known = NULL;
  g_autoptr (GError) problem = NULL;

  if (number != NULL)
    known = public_store_ticket (db, queue->day, number, &problem);
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (known == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 number == NULL ? "nobody waits" : "nobody drew this number today");
    return FALSE;
  }
  step->done = g_strdup (number);
  return set_served (db, step, queue, number, error) &&
         set_state (db, step, number, queue->day, ENTRY_KIND_TICKET_CALLED, QUEUE_STATE_CALLED,
                    error);
}

static gboolean
do_step (Db *db, gpointer data, GError **error)
{
  Step *step = data;
  g_autoptr (DeskQueue) queue = desk_flow_queue (step->app, db, step->now, error);

  if (queue == NULL)
    return FALSE;
  return step->miss ? do_miss (db, step, queue, error) : do_call (db, step, queue, error);
}

static gboolean
run_step (Db *db, Step *step, char **ret_number, GError **error)
{
  g_autofree char *done = NULL;

  if (!is_desk (step->app, error))
    return FALSE;
  if (!db_write (db, do_step, step, error)) {
    g_free (step->done);
    return FALSE;
  }
  done = step->done;
  if (ret_number != NULL)
    *ret_number = g_steal_pointer (&done);
  return TRUE;
}

gboolean
desk_flow_call_next (App *app, Db *db, const Clerk *clerk, char family, gint64 now,
                     char **ret_number, GError **error)
{
  Step step = {.app = app, .clerk = clerk, .now = now, .family = family};
  return run_step (db, &step, ret_number, error);
}

gboolean
desk_flow_call (App *app, Db *db, const Clerk *clerk, const char *number, gint64 now,
                GError **error)
{
  Step step = {.app = app, .clerk = clerk, .now = now, .number = number};
  return run_step (db, &step, NULL, error);
}

gboolean
desk_flow_miss (App *app, Db *db, const Clerk *clerk, gint64 now, char **ret_number, GError **error)
{
  Step step = {.app = app, .clerk = clerk, .now = now, .miss = TRUE};
  return run_step (db, &step, ret_number, error);
}

/* ---- cases ---- */

void
desk_case_free (DeskCase *item)
{
  if (item == NULL)
    return;
  g_free (item->number);
  g_free (item->service);
  g_free (item->service_zh);
  g_free (item->service_en);
  g_free (item->state);
  g_free (item->limit_unit);
  g_free (item->due);
  g_free (item);
}

static void
take_newest (DeskCase *item, const PublicCase *event)
{
  g_free (item->state);
  g_free (item->limit_unit);
  g_free (item->due);
  item->state = g_strdup (event->state);
  item->state_at = event->at;
  item->limit_n = event->limit_n;
  item->limit_unit = g_strdup (event->limit_unit);
  item->due = g_strdup (event->due);
  item->due_provisional = event->due_provisional;
}

static DeskCase *
describe (const App *app, const Envelope *envelope, const GPtrArray *events)
{
  DeskCase *item = g_new0 (DeskCase, 1);
  const GuideService *service = app->guide != NULL && envelope->service != NULL
                                    ? guide_service (app->guide, envelope->service)
                                    : NULL;

  item->number = g_strdup (envelope->number);
  item->service = g_strdup (envelope->service);
  item->service_zh =
      g_strdup (service != NULL ? guide_text (service->name, "zh_CN", NULL) : envelope->service);
  item->service_en =
      g_strdup (service != NULL ? guide_text (service->name, "en", NULL) : envelope->service);
  item->submitted_at = envelope->at;
  item->state = g_strdup (case_state_word (CASE_STATE_SUBMITTED));
  item->state_at = envelope->at;
  item->complete = envelope->complete;
  if (events->len > 0)
    take_newest (item, events->pdata[events->len - 1]);
  return item;
}

GPtrArray *
desk_flow_cases (App *app, Db *db, guint max, GError **error)
{
  g_autoptr (GPtrArray) envelopes = envelope_store_cases (db, max, error);
  g_autoptr (GPtrArray) cases = NULL;

  if (envelopes == NULL)
    return NULL;
  cases = g_ptr_array_new_with_free_func ((GDestroyNotify)desk_case_free);
  for (guint i = 0; i < envelopes->len; i++) {
    const Envelope *envelope = envelopes->pdata[i];
    g_autoptr (GPtrArray) events = public_store_case (db, envelope->number, error);
    if (events == NULL)
      return NULL;
    g_ptr_array_add (cases, describe (app, envelope, events));
  }
  return g_steal_pointer (&cases);
}

/* ---- an opened case ---- */

static void
desk_document_free (gpointer data)
{
  DeskDocument *document = data;

  g_free (document->slot);
  g_free (document->media);
  person_text_free (document->name);
  g_free (document->sha256);
  g_clear_pointer (&document->bytes, g_bytes_unref);
  g_free (document);
}

void
desk_reading_free (DeskReading *reading)
{
  if (reading == NULL)
    return;
  desk_case_free (reading->item);
  g_free (reading->case_id);
  g_free (reading->device);
  person_json_free (reading->body);
  g_ptr_array_unref (reading->documents);
  if (reading->events != NULL)
    g_ptr_array_unref (reading->events);
  g_free (reading);
}

static gboolean
record (App *app, Db *db, const Clerk *clerk, const Envelope *envelope, gint64 now, GError **error)
{
  g_autoptr (json_t) body = json_pack ("{ss ss ss}", "action", "case_opened", "clerk", clerk->name,
                                       "number", envelope->number);
  JournalDraft draft = {.device = app->enrolment->device,
                        .kind = ENTRY_KIND_AUDIT,
                        .case_id = envelope->case_id,
                        .body = body,
                        .at = now,
                        .unsure = app_clock_unsure (app, db, now, NULL)};

  return journal_append (db, &draft, NULL, error);
}

static GBytes *
open_one (App *app, OpenCase *open, SealPlace place, const char *sha256, GError **error)
{
  g_autoptr (GBytes) sealed = object_store_get (app->directory, sha256, error);

  return sealed != NULL ? open_object (open, place, g_bytes_get_data (sealed, NULL),
                                       g_bytes_get_size (sealed), error)
                        : NULL;
}

static json_t *
open_body (App *app, OpenCase *open, const Entry *entry, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) plain = NULL;

  if (entry->objects->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "the case has no body");
    return NULL;
  }
  plain = open_one (app, open, SEAL_PLACE_BODY,
                    g_array_index (entry->objects, EntryObject, 0).sha256, &problem);
  if (plain != NULL)
    return strict_json_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), error);
  if (onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND))
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY,
                 "the case is still on its way to this desk");
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/* A document that has not come yet stands without bytes; a damaged one stops the reading. */
static gboolean
open_document (App *app, DeskReading *reading, OpenCase *open, const json_t *line, GError **error)
{
  const char *slot = strict_json_string (line, "slot", error);
  const char *object = slot != NULL ? strict_json_string (line, "object", error) : NULL;
  g_autoptr (GError) problem = NULL;
  DeskDocument *document;

  if (object == NULL)
    return FALSE;
  document = g_new0 (DeskDocument, 1);
  document->slot = g_strdup (slot);
  document->index = (int)json_integer_value (json_object_get (line, "index"));
  document->media = g_strdup (strict_json_peek (line, "media", "application/octet-stream"));
  document->rotate = (int)json_integer_value (json_object_get (line, "rotate"));
  document->name = g_strdup (strict_json_peek (line, "name", NULL));
  document->sha256 = g_strdup (strict_json_peek (line, "sha256", NULL));
  g_ptr_array_add (reading->documents, document);
  document->bytes =
      open_one (app, open, SEAL_PLACE_DOCUMENT (slot, (guint)document->index), object, &problem);
  if (document->bytes != NULL || onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* How many pages a document has, as the intake helper says. */
static void
count_pages (DeskReading *reading)
{
  for (guint i = 0; i < reading->documents->len; i++) {
    DeskDocument *document = reading->documents->pdata[i];
    g_autoptr (DocumentVerdict) verdict = NULL;
    document->pages = 1;
    if (document->bytes == NULL || strcmp (document->media, "application/pdf") != 0)
      continue;
    verdict = document_check (document->bytes, NULL, NULL);
    document->pages = verdict != NULL ? verdict->pages : 0;
  }
}

static int
place_of (const DeskReading *reading, const char *slot)
{
  if (reading->service != NULL)
    for (guint i = 0; i < reading->service->materials->len; i++)
      if (strcmp (((GuideMaterial *)reading->service->materials->pdata[i])->id, slot) == 0)
        return (int)i;
  return strcmp (slot, SIGNATURE_SLOT) == 0 ? G_MAXINT : G_MAXINT - 1;
}

static int
by_place (gconstpointer a, gconstpointer b, gpointer reading)
{
  const DeskDocument *left = *(DeskDocument *const *)a, *right = *(DeskDocument *const *)b;
  int l = place_of (reading, left->slot), r = place_of (reading, right->slot);

  return l != r ? (l < r ? -1 : 1) : left->index - right->index;
}

static gboolean
open_envelope (App *app, DeskReading *reading, const Clerk *clerk, const Envelope *envelope,
               GError **error)
{
  g_autoptr (Entry) entry = entry_parse (g_bytes_get_data (envelope->bytes, NULL),
                                         g_bytes_get_size (envelope->bytes), error);
  g_autoptr (OpenCase) open =
      entry != NULL ? open_case_new (entry->case_id, json_object_get (entry->body, "wraps"),
                                     clerk->hall_key, error)
                    : NULL;
  json_t *body = open != NULL ? open_body (app, open, entry, error) : NULL;
  json_t *lines = body != NULL ? json_object_get (body, "documents") : NULL, *line;
  gboolean fine = body != NULL;
  gsize i;

  json_array_foreach (lines, i, line)
    fine = fine && open_document (app, reading, open, line, error);
  if (reading->body == NULL && body != NULL)
    memcpy (reading->manifest, g_array_index (entry->objects, EntryObject, 0).sha256,
            sizeof reading->manifest);
  if (reading->body == NULL)
    reading->body = body;
  else
    person_json_free (body);
  return fine;
}

static DeskReading *
open_all (App *app, const Clerk *clerk, const GPtrArray *envelopes, GPtrArray *events,
          GError **error)
{
  const Envelope *first = envelopes->pdata[0];
  g_autoptr (DeskReading) reading = g_new0 (DeskReading, 1);

  reading->documents = g_ptr_array_new_with_free_func (desk_document_free);
  reading->events = g_ptr_array_ref (events);
  reading->item = describe (app, first, events);
  reading->case_id = g_strdup (first->case_id);
  reading->device = g_strdup (first->device);
  if (app->guide != NULL && first->service != NULL)
    reading->service = guide_service (app->guide, first->service);
  for (guint i = 0; i < envelopes->len; i++)
    if (!open_envelope (app, reading, clerk, envelopes->pdata[i], error))
      return NULL;
  reading->other_guide =
      app->guide == NULL || g_strcmp0 (strict_json_peek (reading->body, "guide", NULL),
                                       guide_peek_sha256 (app->guide)) != 0;
  g_ptr_array_sort_with_data (reading->documents, by_place, reading);
  count_pages (reading);
  return g_steal_pointer (&reading);
}

DeskReading *
desk_flow_open (App *app, Db *db, const Clerk *clerk, const char *number, gint64 now,
                GError **error)
{
  g_autoptr (GPtrArray) envelopes = NULL, events = NULL;

  if (!is_desk (app, error))
    return NULL;
  envelopes = envelope_store_case (db, number, error);
  events = envelopes != NULL ? public_store_case (db, number, error) : NULL;
  if (events == NULL)
    return NULL;
  if (envelopes->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "this hall has no such case");
    return NULL;
  }
  if (!record (app, db, clerk, envelopes->pdata[0], now, error))
    return NULL;
  return open_all (app, clerk, envelopes, events, error);
}

gboolean
desk_flow_note_print (App *app, Db *db, const Clerk *clerk, const char *number, const char *outcome,
                      gint64 now, GError **error)
{
  g_autoptr (json_t) body = json_pack ("{ss ss ss ss}", "paper", "dossier", "number", number,
                                       "outcome", outcome, "clerk", clerk->name);
  JournalDraft draft = {.device = app->enrolment->device,
                        .kind = ENTRY_KIND_PRINT_OUTCOME,
                        .body = body,
                        .at = now,
                        .unsure = app_clock_unsure (app, db, now, NULL)};

  return journal_append (db, &draft, NULL, error);
}

const json_t *
desk_reading_answer (const DeskReading *reading, const char *field)
{
  static const char *const parts[] = {"applicant", "on_behalf", "answers"};

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    const json_t *value = json_object_get (json_object_get (reading->body, parts[i]), field);
    if (value != NULL)
      return value;
  }
  return NULL;
}

char *
desk_reading_name (const DeskReading *reading)
{
  static const char *const fields[] = {"name", "name_zh", "name_mrz"};

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *text = json_string_value (desk_reading_answer (reading, fields[i]));
    if (text != NULL && *text != '\0')
      return g_strdup (text);
  }
  return NULL;
}

const char *
desk_reading_document_name (const DeskReading *reading, const DeskDocument *document,
                            const char *language)
{
  const GuideMaterial *material =
      reading->service != NULL ? guide_material (reading->service, document->slot) : NULL;

  if (material != NULL)
    return guide_text (material->name, language, NULL);
  if (strcmp (document->slot, SIGNATURE_SLOT) == 0)
    return g_str_has_prefix (language, "zh") ? "手写签名图像" : "Signature (image)";
  return document->slot;
}
