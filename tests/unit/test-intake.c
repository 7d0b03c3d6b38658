/* test-intake.c: the flows of a visitor on a real store: an application submitted, refused, and its
 * sealed body opened again; tickets drawn, scanned, redeemed; tracking. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/receipt.h"
#include "flow/intake-flow.h"
#include "flow/ticket-flow.h"
#include "flow/track-flow.h"
#include "ops/retention.h"
#include "site.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/key-set-store.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "store/print-spool.h"
#include "store/public-store.h"
#include "store/receipt-store.h"
#include "trust/open.h"

#define SERVICE "gusu-talent-card"
#define DAY_MS (86400 * (gint64)1000)

typedef struct {
  char *folder;
  char *config;
  App *app;
} Fixture;

static void
open_site (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->app = app_open (f->config, 0, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  SiteOptions options = site_options (clock_now ());

  f->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  f->config = g_build_filename (f->folder, "kiosk.conf", NULL);
  site_make (f->folder, &options);
  open_site (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  app_free (f->app);
  site_remove (f->folder);
  g_free (f->folder);
  g_free (f->config);
}

static GBytes *
sample (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "submit", name, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = file_read (path, 1024 * 1024, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
answer (IntakeFlow *flow, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "submit", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answers = strict_json_load (path, &error);
  const char *field;
  json_t *value;

  g_assert_no_error (error);
  json_object_foreach (answers, field, value) {
    intake_flow_take_answer (flow, field, json_deep_copy (value), &error);
    g_assert_no_error (error);
  }
}

static void
add (IntakeFlow *flow, const char *slot, const char *media, const char *name)
{
  g_autoptr (GBytes) bytes = sample (name);
  g_autoptr (GError) error = NULL;

  intake_flow_add_document (flow, slot, media, name, bytes, 1, NULL, &error);
  g_assert_no_error (error);
}

static IntakeFlow *
fill (App *app)
{
  g_autoptr (GError) error = NULL;
  IntakeFlow *flow = intake_flow_new (app, SERVICE, "en", &error);
  g_autoptr (GBytes) signature = sample ("signature.svg");
  gint64 now = clock_now ();

  g_assert_no_error (error);
  answer (flow, "answers.json");
  answer (flow, "applicant.json");
  answer (flow, "on-behalf.json");
  add (flow, "photo", "image/jpeg", "photo.jpg");
  add (flow, "identity", "image/jpeg", "identity.jpg");
  add (flow, "employment", "application/pdf", "employment.pdf");
  add (flow, "equal-proof", "image/png", "equal-proof.png");
  add (flow, "identity", "image/jpeg", "photo.jpg");
  g_assert_true (intake_flow_rotate_document (flow, "identity", 1, 90, &error));
  g_assert_true (intake_flow_read_notice (flow, "privacy-talent-card", now, &error));
  g_assert_true (intake_flow_consent (flow, "truth", TRUE, now, &error));
  g_assert_true (intake_flow_consent (flow, "purpose", TRUE, now, &error));
  g_assert_true (intake_flow_consent (flow, "call-back", FALSE, now, &error));
  g_assert_true (intake_flow_set_signature (flow, signature, &error));
  g_assert_no_error (error);
  return flow;
}

static guint
count_objects (Fixture *f)
{
  g_autofree char *objects = g_build_filename (f->app->directory, "objects", NULL);
  g_autoptr (GDir) dir = g_dir_open (objects, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *below = g_build_filename (objects, name, NULL);
    g_autoptr (GDir) inner = g_dir_open (below, 0, NULL);
    while (g_dir_read_name (inner) != NULL)
      n++;
  }
  return n;
}

static void
check_nothing_stored (Fixture *f)
{
  g_autoptr (GPtrArray) cases = case_store_list (f->app->db, 10, NULL);
  g_autoptr (GPtrArray) jobs = print_spool_list (f->app->db, 10, NULL);
  gint64 seq;

  g_assert_cmpuint (cases->len, ==, 0);
  g_assert_cmpuint (jobs->len, ==, 0);
  g_assert_cmpuint (count_objects (f), ==, 0);
  g_assert_true (journal_head (f->app->db, db_peek_incarnation (f->app->db), &seq, NULL, NULL));
  g_assert_cmpint (seq, ==, 0);
}

/* ---- submitting ---- */

static json_t *
open_body (Fixture *f, const char *key_name, OpenCase **ret_open, Entry **ret_entry)
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
check_document (Fixture *f, OpenCase *open, const json_t *line, const char *name)
{
  g_autoptr (GBytes) wanted = sample (name), plain = NULL, sealed = NULL;
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
test_submit (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
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
  g_assert_true (case_number_is_valid (result->number));
  row = case_store_get (f->app->db, result->number, &error);
  g_assert_cmpstr (row->service, ==, SERVICE);
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
test_once (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
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
test_receipt_code (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
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

/* ---- what is missing ---- */

static gboolean
names (GPtrArray *problems, IntakePart part, const char *id)
{
  for (guint i = 0; i < problems->len; i++) {
    const IntakeProblem *problem = problems->pdata[i];
    if (problem->part == part && strcmp (problem->id, id) == 0 && !problem->later)
      return TRUE;
  }
  return FALSE;
}

static void
test_problems (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (IntakeFlow) flow = intake_flow_new (f->app, SERVICE, "zh_CN", &error);
  g_autoptr (GPtrArray) problems = intake_flow_problems (flow, -1);

  g_assert_true (names (problems, INTAKE_PART_FORM, "id_kind"));
  g_assert_true (names (problems, INTAKE_PART_DOCUMENTS, "identity"));
  g_assert_true (names (problems, INTAKE_PART_NOTICE, "privacy-talent-card"));
  g_assert_true (names (problems, INTAKE_PART_CONSENT, "purpose"));
  g_assert_false (names (problems, INTAKE_PART_CONSENT, "call-back"));
  g_assert_false (names (problems, INTAKE_PART_SIGNATURE, "signature"));
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  check_nothing_stored (f);
}

static void
test_wrong_number (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (GPtrArray) before = intake_flow_problems (flow, INTAKE_PART_FORM), after = NULL;

  g_assert_cmpuint (before->len, ==, 0);
  g_assert_true (intake_flow_take_answer (flow, "id_cn", json_string ("320508199003070026"), NULL));
  after = intake_flow_problems (flow, INTAKE_PART_FORM);
  g_assert_true (names (after, INTAKE_PART_FORM, "id_cn"));
}

static void
test_required_consent (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (GError) error = NULL;

  g_assert_true (intake_flow_consent (flow, "purpose", FALSE, clock_now (), NULL));
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "purpose"));
  check_nothing_stored (f);
}

static void
test_strangers (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (intake_flow_take_answer (flow, "shoe_size", json_integer (41), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (
      intake_flow_add_document (flow, "poem", "image/png", NULL, bytes, 1, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_consent (flow, "anything", TRUE, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_read_notice (flow, "another", 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_set_signature (flow, bytes, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (intake_flow_new (f->app, "no-such-service", "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_documents (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (GPtrArray) identity = NULL, all = intake_flow_documents (flow, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (all->len, ==, 5);
  g_assert_cmpstr (((IntakeDocument *)all->pdata[0])->slot, ==, "identity");
  g_assert_true (intake_flow_remove_document (flow, "identity", 0, &error));
  identity = intake_flow_documents (flow, "identity");
  g_assert_cmpuint (identity->len, ==, 1);
  g_assert_cmpint (((IntakeDocument *)identity->pdata[0])->rotate, ==, 90);
  g_assert_false (intake_flow_remove_document (flow, "identity", 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

/* ---- fail closed ---- */

static void
check_denied (Fixture *f, IntakeFlow *flow)
{
  g_autoptr (GError) error = NULL, early = NULL;

  g_assert_null (intake_flow_new (f->app, SERVICE, "en", &early));
  g_assert_error (early, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  check_nothing_stored (f);
}

static void
test_no_key_set (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autofree char *path = g_build_filename (f->app->directory, "keyset.json", NULL);

  g_unlink (path);
  check_denied (f, flow);
}

static void
test_bad_key_sets (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autofree char *path = g_build_filename (f->app->directory, "keyset.json", NULL);
  SiteOptions expired = site_options (now), early = site_options (now),
              lacking = site_options (now), rolled_back = site_options (now);

  expired.issued -= 100 * DAY_MS;
  expired.expires -= 100 * DAY_MS;
  site_make (f->folder, &expired);
  check_denied (f, flow);
  early.issued += 3 * DAY_MS;
  early.expires += 3 * DAY_MS;
  site_make (f->folder, &early);
  check_denied (f, flow);
  lacking.without_hall = TRUE;
  site_make (f->folder, &lacking);
  check_denied (f, flow);
  rolled_back.version = 3;
  site_make (f->folder, &rolled_back);
  g_assert_true (app_load_key_set (f->app, NULL));
  rolled_back.version = 2;
  site_make (f->folder, &rolled_back);
  g_assert_false (app_load_key_set (f->app, NULL));
  check_denied (f, flow);
  g_assert_true (file_write (path, "{}", 2, 0600, NULL));
  check_denied (f, flow);
}

static void
test_unenrolled (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->app->directory, "enrolment.json", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  app_free (f->app);
  open_site (f);
  g_assert_null (intake_flow_new (f->app, SERVICE, "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_null (
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", clock_now (), NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
}

static void
test_no_reserve (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autofree char *path = g_build_filename (f->app->directory, "reserve", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  check_nothing_stored (f);
}

/* ---- the clock ---- */

static void
test_clock (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now (), judged = 0, last = 0;
  g_autoptr (IntakeFlow) late = NULL, back = fill (f->app);
  g_autoptr (IntakeResult) result = NULL;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (app_clock_unsure (f->app, f->app->db, now, &judged));
  g_assert_cmpint (judged, ==, now);
  /* A clock that went back to 2020 is not believed, and the entry says so. */
  g_assert_true (app_clock_unsure (f->app, f->app->db, 1577836800000, &judged));
  g_assert_cmpint (judged, >, now - 2 * 3600 * 1000);
  result = intake_flow_submit (back, f->app->db, 1577836800000, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->at, >, now - 2 * 3600 * 1000);
  entry = journal_get (f->app->db, db_peek_incarnation (f->app->db), 1, NULL);
  g_assert_nonnull (strstr (g_bytes_get_data (entry->bytes, NULL), "\"unsure\":true"));
  g_assert_true (journal_last_at (f->app->db, &last, NULL));
  g_assert_cmpint (last, ==, 0);
  /* One that ran far ahead of the city is judged at the floor. */
  g_assert_true (peer_store_heard_time (f->app->db, now, NULL));
  g_assert_false (app_clock_unsure (f->app, f->app->db, now + 29 * DAY_MS, NULL));
  g_assert_true (app_clock_unsure (f->app, f->app->db, now + 31 * DAY_MS, &judged));
  g_assert_cmpint (judged, ==, now);
  late = fill (f->app);
  g_clear_pointer (&result, intake_result_free);
  result = intake_flow_submit (late, f->app->db, now + 3650 * DAY_MS, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
}

/* ---- keeping ---- */

static void
test_retention (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, now, NULL);
  g_autoptr (TicketRow) ticket =
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", now, NULL, NULL);
  g_autoptr (TicketRow) kept = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (retention_run (f->app->db, now, &error));
  g_assert_cmpuint (count_objects (f), ==, 7);
  kept = ticket_store_get (f->app->db, ticket->id, &error);
  g_assert_no_error (error);
  g_assert_true (peer_store_acknowledge (f->app->db, db_peek_incarnation (f->app->db), 1, 1, "e",
                                         now, NULL, &error));
  g_assert_true (retention_run (f->app->db, now + 2 * DAY_MS, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_objects (f), ==, 0);
  g_assert_null (receipt_store_get (f->app->db, result->number, NULL));
  g_assert_null (ticket_store_get (f->app->db, ticket->id, NULL));
}

/* ---- tickets ---- */

static void
test_tickets (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now (), print_id = 0, first_print = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (TicketRow) first =
      ticket_flow_draw (f->app, f->app->db, "A", SERVICE, "en", now, &first_print, &error);
  g_autoptr (TicketRow) second =
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", now, &print_id, &error);
  g_autoptr (TicketScan) scan = NULL, over = NULL, early = NULL, broken = NULL;
  g_autoptr (TrackTicket) track = NULL;
  g_autofree char *bent = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (first->number, ==, "A001");
  g_assert_cmpstr (second->number, ==, "A002");
  g_assert_cmpint (print_id, >, first_print);
  scan = ticket_flow_scan (f->app, second->text, strlen (second->text), now);
  g_assert_cmpint (scan->kind, ==, TICKET_SCAN_QUEUE);
  track = track_flow_ticket (f->app, f->app->db, scan->ticket, &error);
  g_assert_cmpstr (track->state, ==, "waiting");
  g_assert_cmpint (track->ahead, ==, 1);
  over = ticket_flow_scan (f->app, second->text, strlen (second->text), now + 2 * DAY_MS);
  g_assert_cmpint (over->kind, ==, TICKET_SCAN_OVER);
  bent = g_strdup (second->text);
  bent[strlen (bent) / 2] = bent[strlen (bent) / 2] == 'A' ? 'B' : 'A';
  broken = ticket_flow_scan (f->app, bent, strlen (bent), now);
  g_assert_true (broken->kind == TICKET_SCAN_UNREADABLE || broken->kind == TICKET_SCAN_REFUSED ||
                 broken->kind == TICKET_SCAN_NOT_VERIFIED);
  g_assert_true (ticket_flow_redeem (f->app, f->app->db, scan->ticket, "check-in", now, &error));
  g_assert_false (ticket_flow_redeem (f->app, f->app->db, scan->ticket, "check-in", now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (ticket_flow_draw (f->app, f->app->db, "Q", NULL, "en", now, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_block_full (Fixture *f, gconstpointer data)
{
  SiteOptions options = site_options (clock_now ());
  g_autoptr (GError) error = NULL;

  options.ticket_from = 200;
  options.ticket_to = 201;
  site_make (f->folder, &options);
  app_free (f->app);
  open_site (f);
  for (int i = 0; i < 2; i++)
    ticket_row_free (
        ticket_flow_draw (f->app, f->app->db, "B", NULL, "en", clock_now (), NULL, &error));
  g_assert_no_error (error);
  g_assert_null (
      ticket_flow_draw (f->app, f->app->db, "B", NULL, "en", clock_now (), NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

/* ---- tracking ---- */

static void
apply (Db *db, const char *number, const char *action, const char *state, const char *at,
       const char *due)
{
  g_autoptr (json_t) item =
      json_pack ("{ss ss ss ss ss ss ss? sb}", "kind", "case", "number", number, "service", SERVICE,
                 "action", action, "state", state, "at", at, "due", due, "due_provisional", 0);
  g_autoptr (GError) error = NULL;

  if (due != NULL)
    json_object_set_new (item, "limit", json_pack ("{si ss}", "n", 10, "unit", "workday"));
  g_assert_true (public_store_apply (db, item, NULL, &error));
}

static void
test_track (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TrackCase) own = track_flow_case (f->app, f->app->db, result->number, "en", &error);
  g_autoptr (TrackCase) heard = NULL;
  const TrackStep *last;

  g_assert_no_error (error);
  g_assert_cmpstr (own->state, ==, "submitted");
  g_assert_false (own->sent);
  g_assert_cmpint (own->as_of, ==, 0);
  g_assert_true (((TrackStep *)own->steps->pdata[0])->local);
  apply (f->app->db, result->number, "submit", "submitted", "2026-11-23T01:00:00.000Z", NULL);
  apply (f->app->db, result->number, "accept", "accepted", "2026-11-24T02:00:00.000Z",
         "2026-12-07");
  apply (f->app->db, result->number, "receive", "received", "2026-11-23T17:00:00.000Z",
         "2026-12-07");
  heard = track_flow_case (f->app, f->app->db, result->number, "en", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heard->steps->len, ==, 3);
  g_assert_cmpstr (heard->state, ==, "accepted");
  g_assert_cmpstr (heard->due, ==, "2026-12-07");
  g_assert_cmpint (heard->limit_n, ==, 10);
  g_assert_true (heard->sent);
  last = heard->steps->pdata[1];
  g_assert_cmpstr (last->action, ==, "receive");
  g_assert_cmpstr (last->day, ==, "2026-11-24");
  g_assert_false (last->local);
  g_assert_null (track_flow_case (f->app, f->app->db, "GSA-ZZZZZZ-2", "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

/* ---- in the worker ---- */

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
test_worker (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
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
test_reprint (Fixture *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = fill (f->app);
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

#define ADD(name, function) g_test_add ("/intake/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("submit", test_submit);
  ADD ("once", test_once);
  ADD ("receipt-code", test_receipt_code);
  ADD ("problems", test_problems);
  ADD ("wrong-number", test_wrong_number);
  ADD ("required-consent", test_required_consent);
  ADD ("strangers", test_strangers);
  ADD ("documents", test_documents);
  ADD ("no-key-set", test_no_key_set);
  ADD ("bad-key-sets", test_bad_key_sets);
  ADD ("unenrolled", test_unenrolled);
  ADD ("no-reserve", test_no_reserve);
  ADD ("clock", test_clock);
  ADD ("retention", test_retention);
  ADD ("tickets", test_tickets);
  ADD ("block-full", test_block_full);
  ADD ("track", test_track);
  ADD ("worker", test_worker);
  ADD ("reprint", test_reprint);
  return g_test_run ();
}
