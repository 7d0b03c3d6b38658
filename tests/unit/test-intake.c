/* test-intake.c: an application handed in: what is stored, and its sealed body opened again. */
#include <string.h>

#include "application.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/receipt.h"
#include "flow/guide-flow.h"
#include "flow/ticket-flow.h"
#include "kiosk-app.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/print-spool.h"
#include "store/receipt-store.h"
#include "trust/open.h"

static json_t *
open_body (KioskApp *f, const char *key_name, OpenCase **ret_open, Entry **ret_entry)
{
  g_autofree char *path = g_build_filename (f->folder, "city", key_name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Key) key = key_load (KEY_KIND_SEAL, path, &error);
  g_autoptr (JournalEntry) stored =
      journal_get (f->app->db, db_peek_incarnation (f->app->db), 1, &error);
  g_autoptr (GBytes) sealed = NULL, plain = NULL;
  const EntryObject *first;

  g_assert_no_error (error);
  *ret_entry = entry_parse (g_bytes_get_data (stored->bytes, NULL),
                            g_bytes_get_size (stored->bytes), &error);
  g_assert_no_error (error);
  *ret_open = open_case_new ((*ret_entry)->case_id, json_object_get ((*ret_entry)->body, "wraps"),
                             key, &error);
  g_assert_no_error (error);
  first = &g_array_index ((*ret_entry)->objects, EntryObject, 0);
  sealed = object_store_get (f->app->directory, first->sha256, &error);
  g_assert_no_error (error);
  plain = open_object (*ret_open, SEAL_PLACE_BODY, g_bytes_get_data (sealed, NULL),
                       g_bytes_get_size (sealed), &error);
  g_assert_no_error (error);
  return strict_json_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), &error);
}

static void
check_document (KioskApp *f, OpenCase *open, const json_t *line, const char *name)
{
  g_autoptr (GBytes) wanted = application_sample (name), plain = NULL, sealed = NULL;
  g_autoptr (GError) error = NULL;
  const char *slot = strict_json_peek (line, "slot", "");
  guint index = (guint)json_integer_value (json_object_get (line, "index"));

  sealed = object_store_get (f->app->directory, strict_json_peek (line, "object", ""), &error);
  g_assert_no_error (error);
  plain = open_object (open, SEAL_PLACE_DOCUMENT (slot, index), g_bytes_get_data (sealed, NULL),
                       g_bytes_get_size (sealed), &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (plain, wanted));
}

static void
test_submit (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), &error);
  g_autoptr (CaseRow) row = NULL;
  g_autoptr (json_t) kept = NULL, body = NULL;
  g_autoptr (Receipt) receipt = NULL;
  g_autoptr (PrintJob) job = NULL;
  g_autoptr (OpenCase) open = NULL;
  g_autoptr (Entry) entry = NULL;
  const json_t *documents;

  g_assert_no_error (error);
  g_autoptr (Guide) guide =
      guide_flow_load_kept (f->app->db, guide_peek_sha256 (f->app->guide), &error);
  g_assert_no_error (error); /* what the case began with stays, whatever is published next */
  g_assert_true (case_number_is_valid (result->number));
  row = case_store_get (f->app->db, result->number, &error);
  g_assert_cmpstr (row->service, ==, APPLICATION_SERVICE);
  g_assert_cmpstr (row->case_id, ==, result->case_id);
  g_assert_cmpstr (row->language, ==, "en");
  kept = receipt_store_get (f->app->db, result->number, &error);
  g_assert_true (json_equal (kept, result->receipt));
  receipt = receipt_from_json (kept, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (receipt->documents->len, ==, 4);
  job = print_spool_get (f->app->db, result->print_id, &error);
  g_assert_cmpstr (job->reference, ==, result->number);
  g_assert_cmpint (job->state, ==, PRINT_STATE_QUEUED);

  body = open_body (f, "hall.key", &open, &entry);
  g_assert_cmpuint (entry->objects->len, ==, 7);
  g_assert_cmpstr (strict_json_peek (entry->body, "number", ""), ==, result->number);
  g_assert_cmpstr (strict_json_peek (body, "language", ""), ==, "en");
  g_assert_cmpstr (strict_json_peek (json_object_get (body, "applicant"), "name", ""), ==,
                   "王示例");
  g_assert_cmpstr (strict_json_peek (json_object_get (body, "answers"), "tell", ""), ==, "talent");
  g_assert_cmpstr (strict_json_peek (json_object_get (body, "identity_proof"), "method", ""), ==,
                   "typed");
  g_assert_cmpuint (json_array_size (json_object_get (body, "consents")), ==, 4);
  documents = json_object_get (body, "documents");
  g_assert_cmpuint (json_array_size (documents), ==, 6);
  check_document (f, open, json_array_get (documents, 0), "identity.jpg");
  check_document (f, open, json_array_get (documents, 1), "photo.jpg");
  g_assert_cmpint (json_integer_value (json_object_get (json_array_get (documents, 1), "index")),
                   ==, 1);
  g_assert_cmpint (json_integer_value (json_object_get (json_array_get (documents, 1), "rotate")),
                   ==, 90);
  check_document (f, open, json_array_get (documents, 5), "signature.svg");
}

static void
test_once (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (result);
  g_assert_cmpuint (json_object_size (intake_flow_peek_answers (flow)), ==, 0);
  g_assert_false (intake_flow_has_signature (flow));
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

/* A receipt says what happened: its code leads to the case and to the very bytes. */
static void
test_receipt_code (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), NULL);
  g_autoptr (TicketScan) scan =
      ticket_flow_scan (f->app, result->ticket_text, strlen (result->ticket_text), clock_now ());
  g_autoptr (GPtrArray) objects = outbox_objects (f->app->db, 1, NULL);
  guint8 manifest[32];

  g_assert_cmpint (scan->kind, ==, TICKET_SCAN_RECEIPT);
  g_assert_cmpstr (scan->ticket->case_number, ==, result->number);
  g_assert_true (encode_unhex (((OutboxObject *)objects->pdata[0])->sha256, manifest, 32));
  g_assert_cmpmem (manifest, 32, scan->ticket->manifest, 32);
}

typedef struct {
  GMainLoop *loop;
  IntakeFlow *flow;
  IntakeResult *result;
  GError *error;
} Waiting;

static void
on_submitted (GObject *source, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  waiting->result = intake_flow_submit_finish (waiting->flow, result, &waiting->error);
  g_main_loop_quit (waiting->loop);
}

static void
test_worker (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (CaseRow) row = NULL;
  g_autoptr (GError) error = NULL;
  Waiting waiting = {loop, flow, NULL, NULL};

  g_assert_true (app_start_worker (f->app, &error));
  intake_flow_submit_async (flow, NULL, on_submitted, &waiting);
  g_main_loop_run (loop);
  g_assert_no_error (waiting.error);
  row = case_store_get (f->app->db, waiting.result->number, &error);
  g_assert_no_error (error);
  intake_result_free (waiting.result);
}

static void
test_reprint (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), NULL);
  g_autoptr (PrintJob) job = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  g_assert_true (intake_flow_reprint (f->app->db, result->number, clock_now (), &id, &error));
  job = print_spool_get (f->app->db, id, &error);
  g_assert_cmpint (job->copy, ==, 2);
  g_assert_false (intake_flow_reprint (f->app->db, "GSA-ZZZZZZ-2", clock_now (), &id, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/intake/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("submit", test_submit);
  ADD ("once", test_once);
  ADD ("receipt-code", test_receipt_code);
  ADD ("worker", test_worker);
  ADD ("reprint", test_reprint);
  return g_test_run ();
}
