/* ticket-flow.c: queue numbers drawn, codes judged, tickets used once. Refuses to draw without a
 * block of numbers, and to say more of a code than its signature shows. */
#include "flow/ticket-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "domain/queue.h"
#include "store/journal.h"
#include "store/print-spool.h"

#define SHANGHAI_MS (8 * 3600 * (gint64)1000)
#define DAY_MS (86400 * (gint64)1000)
#define RECEIPT_LIFE_S (3 * 366 * (gint64)86400)

/* ---- drawing ---- */

typedef struct {
  App *app;
  const char *family;
  const char *service;
  const char *language;
  gint64 at;
  gboolean unsure;
  TicketRow *row;
  gint64 print_id;
} Draw;

/* A queue ticket holds until the end of its day in the hall. */
static gint64
end_of_day (gint64 at)
{
  return ((at + SHANGHAI_MS) / DAY_MS + 1) * DAY_MS - SHANGHAI_MS;
}

static char *
sign (const Draw *draw, GError **error)
{
  g_autoptr (Ticket) ticket = ticket_new (TICKET_KIND_QUEUE);
  const TicketRow *row = draw->row;

  ticket->hall = g_strdup (draw->app->enrolment->hall);
  ticket->number = g_strdup (row->number);
  ticket->service = g_strdup (row->service != NULL ? row->service : "");
  ticket->issued = row->drawn_at / 1000;
  ticket->expires = row->expires_at / 1000;
  g_assert (encode_unhex (row->id, ticket->id, sizeof ticket->id));
  return ticket_sign (ticket, draw->app->device_key, error);
}

static gboolean
fill (Db *db, Draw *draw, GError **error)
{
  const Enrolment *enrolment = draw->app->enrolment;
  TicketRow *row = draw->row;
  guint8 id[TICKET_ID_BYTES];
  int n;

  id_random (id, sizeof id);
  row->id = encode_hex (id, sizeof id);
  row->family = g_strdup (draw->family);
  row->day = clock_day (draw->at);
  row->service = g_strdup (draw->service);
  row->language = g_strdup (draw->language);
  row->drawn_at = draw->at;
  row->expires_at = end_of_day (draw->at);
  if (!ticket_store_next_number (db, row->day, draw->family, enrolment->ticket_from,
                                 enrolment->ticket_to, &n, error))
    return FALSE;
  row->number = queue_number_format (draw->family[0], n, error);
  if (row->number == NULL)
    return FALSE;
  row->text = sign (draw, error);
  return row->text != NULL;
}

static gboolean
tell (Db *db, const Draw *draw, GError **error)
{
  const TicketRow *row = draw->row;
  g_autoptr (json_t) body = json_pack ("{ss ss}", "number", row->number, "family", row->family);
  JournalDraft draft = {.device = draw->app->enrolment->device,
                        .kind = ENTRY_KIND_TICKET_DRAWN,
                        .body = body,
                        .at = draw->at,
                        .unsure = draw->unsure};

  if (row->service != NULL)
    json_object_set_new (body, "service", json_string (row->service));
  json_object_set_new (body, "ticket_id", json_string (row->id));
  return journal_append (db, &draft, NULL, error);
}

static gboolean
draw_one (Db *db, gpointer data, GError **error)
{
  Draw *draw = data;

  if (!fill (db, draw, error) || !tell (db, draw, error) ||
      !ticket_store_insert (db, draw->row, error) ||
      !print_spool_add (db, PRINT_KIND_TICKET, draw->row->id, draw->at, &draw->print_id, error))
    return FALSE;
  fault_point ("ticket.before-commit");
  return TRUE;
}

static gboolean
may_draw (const App *app, const char *family, GError **error)
{
  if (app->enrolment == NULL || app->device_key == NULL || app->enrolment->ticket_from == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "this device has no block of queue numbers");
    return FALSE;
  }
  if (strlen (family) != 1 || queue_family (family[0]) == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "no window family \"%s\"", family);
    return FALSE;
  }
  return TRUE;
}

TicketRow *
ticket_flow_draw (App *app, Db *db, const char *family, const char *service, const char *language,
                  gint64 now, gint64 *ret_print_id, GError **error)
{
  g_autoptr (TicketRow) row = g_new0 (TicketRow, 1);
  Draw draw = {app, family, service, language, now, FALSE, row, 0};
  gint64 judged;

  if (!may_draw (app, family, error))
    return NULL;
  draw.unsure = app_clock_unsure (app, db, now, &judged);
  if (draw.unsure && now < judged) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY,
                 "the clock of this machine is wrong, so the day of a number is not known");
    return NULL;
  }
  draw.at = MAX (now, judged);
  if (!db_write (db, draw_one, &draw, error))
    return NULL;
  fault_point ("ticket.after-commit");
  if (ret_print_id != NULL)
    *ret_print_id = draw.print_id;
  return g_steal_pointer (&row);
}

typedef struct {
  App *app;
  char *family;
  char *service;
  char *language;
} DrawLater;

static void
draw_later_free (gpointer data)
{
  DrawLater *later = data;

  g_free (later->family);
  g_free (later->service);
  g_free (later->language);
  g_free (later);
}

static gpointer
draw_in_worker (Db *db, gpointer data, GError **error)
{
  DrawLater *later = data;
  return ticket_flow_draw (later->app, db, later->family, later->service, later->language,
                           clock_now (), NULL, error);
}

void
ticket_flow_draw_async (App *app, const char *family, const char *service, const char *language,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  DrawLater *later = g_new0 (DrawLater, 1);

  later->app = app;
  later->family = g_strdup (family);
  later->service = g_strdup (service);
  later->language = g_strdup (language);
  worker_run (app->worker, draw_in_worker, later, draw_later_free, (GDestroyNotify)ticket_row_free,
              cancellable, callback, user_data);
}

TicketRow *
ticket_flow_draw_finish (GAsyncResult *result, GError **error)
{
  return worker_finish (result, error);
}

/* ---- scanning ---- */

void
ticket_scan_free (TicketScan *scan)
{
  if (scan == NULL)
    return;
  ticket_free (scan->ticket);
  g_free (scan);
}

static TicketScanKind
kind_of (const App *app, TicketVerdict verdict, const Ticket *ticket)
{
  switch (verdict) {
  case TICKET_VERDICT_UNREADABLE:
    return TICKET_SCAN_UNREADABLE;
  case TICKET_VERDICT_UNKNOWN_KEY:
    return TICKET_SCAN_NOT_VERIFIED;
  case TICKET_VERDICT_FORGED:
  case TICKET_VERDICT_REVOKED:
    return TICKET_SCAN_REFUSED;
  case TICKET_VERDICT_EARLY:
  case TICKET_VERDICT_OVER:
  case TICKET_VERDICT_GOOD:
    break;
  }
  if (app->enrolment == NULL || strcmp (ticket->hall, app->enrolment->hall) != 0)
    return TICKET_SCAN_OTHER_HALL;
  if (verdict == TICKET_VERDICT_OVER)
    return TICKET_SCAN_OVER;
  if (verdict == TICKET_VERDICT_EARLY)
    return TICKET_SCAN_EARLY;
  if (ticket->kind == TICKET_KIND_SLIP)
    return TICKET_SCAN_SLIP;
  return ticket->kind == TICKET_KIND_RECEIPT ? TICKET_SCAN_RECEIPT : TICKET_SCAN_QUEUE;
}

char *
ticket_flow_sign_receipt (const App *app, const char *number, const char *service,
                          const char *manifest, gint64 at, GError **error)
{
  g_autoptr (Ticket) ticket = ticket_new (TICKET_KIND_RECEIPT);

  if (app->device_key == NULL || app->enrolment == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "this device is not enrolled");
    return NULL;
  }
  ticket->hall = g_strdup (app->enrolment->hall);
  ticket->number = g_strdup (number);
  ticket->service = g_strdup (service);
  ticket->issued = at / 1000;
  ticket->expires = ticket->issued + RECEIPT_LIFE_S;
  id_random (ticket->id, sizeof ticket->id);
  ticket->case_number = g_strdup (number);
  g_assert (encode_unhex (manifest, ticket->manifest, sizeof ticket->manifest));
  return ticket_sign (ticket, app->device_key, error);
}

TicketScan *
ticket_flow_scan (App *app, const char *text, gsize length, gint64 now)
{
  TicketScan *scan = g_new0 (TicketScan, 1);
  gint64 judged;

  app_clock_unsure (app, app->db, now, &judged);
  app_load_key_set (app, NULL);
  if (app->key_set != NULL)
    scan->verdict = ticket_sign_check (text, length, app->key_set, judged, &scan->ticket);
  else {
    g_autoptr (Ticket) claimed = ticket_sign_read (text, length, NULL);
    scan->verdict = claimed != NULL ? TICKET_VERDICT_UNKNOWN_KEY : TICKET_VERDICT_UNREADABLE;
  }
  scan->kind = kind_of (app, scan->verdict, scan->ticket);
  if (scan->kind == TICKET_SCAN_NOT_VERIFIED)
    scan->ticket = ticket_sign_read (text, length, NULL);
  return scan;
}

/* ---- redeeming ---- */

typedef struct {
  App *app;
  const Ticket *ticket;
  const char *purpose;
  gint64 at;
  gboolean unsure;
} Redeem;

static gboolean
redeem (Db *db, gpointer data, GError **error)
{
  Redeem *redeem = data;
  g_autofree char *id = encode_hex (redeem->ticket->id, sizeof redeem->ticket->id);
  g_autoptr (json_t) body = json_pack ("{ss ss ss}", "ticket_id", id, "number",
                                       redeem->ticket->number, "purpose", redeem->purpose);
  JournalDraft draft = {.device = redeem->app->enrolment->device,
                        .kind = ENTRY_KIND_TICKET_REDEEMED,
                        .body = body,
                        .at = redeem->at,
                        .unsure = redeem->unsure};
  gint64 first = 0;

  if (!ticket_store_redeem (db, id, redeem->purpose, redeem->at, &first, error)) {
    g_autofree char *when = clock_local (first);
    if (first > 0)
      g_prefix_error (error, "%s: ", when);
    return FALSE;
  }
  return journal_append (db, &draft, NULL, error);
}

gboolean
ticket_flow_redeem (App *app, Db *db, const Ticket *ticket, const char *purpose, gint64 now,
                    GError **error)
{
  Redeem data = {app, ticket, purpose, now, FALSE};
  gint64 judged;

  if (app->enrolment == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "this device is not enrolled");
    return FALSE;
  }
  data.unsure = app_clock_unsure (app, db, now, &judged);
  data.at = MAX (now, judged);
  return db_write (db, redeem, &data, error);
}
