/* test-desk-flow.c: a clerk on a real store: the queue called and journalled, a sealed case opened
 * after its reading is recorded, refused to who has no key, and its dossier drawn. */
#include "application.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "flow/dossier-flow.h"
#include "flow/ticket-flow.h"
#include "site.h"
#include "store/envelope-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/public-store.h"

#define PASSPHRASE "sample-test-passphrase"

typedef struct {
  char *folder;
  App *kiosk, *desk;
  Clerk *clerk;
} Fixture;

static App *
open_device (const char *folder, const char *role, const char *device, gint64 now)
{
  SiteOptions options = site_options (now);
  g_autofree char *file = g_strconcat (role, ".conf", NULL);
  g_autofree char *config = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;
  App *app;

  options.device = device;
  options.role = role;
  site_make (folder, &options);
  app = app_open (config, 0, &error);
  g_assert_no_error (error);
  return app;
}

/* The hall's key of the site becomes the desk's, behind a first clerk's passphrase. */
static void
give_key (Fixture *f, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *from = g_build_filename (f->folder, "city", "hall.key", NULL);
  g_autofree char *to = g_build_filename (f->desk->directory, "keys", "hall.key", NULL);
  g_autoptr (GBytes) key = file_read (from, 4096, &error);

  g_assert_no_error (error);
  file_write (to, g_bytes_get_data (key, NULL), g_bytes_get_size (key), 0600, &error);
  clerk_flow_add (f->desk, "sample", PASSPHRASE, NULL, NULL, now, &error);
  g_assert_no_error (error);
  f->clerk = clerk_flow_sign_in (f->desk, "sample", PASSPHRASE, now, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();

  f->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  f->kiosk = open_device (f->folder, "kiosk", "GS-K1", now);
  f->desk = open_device (f->folder, "desk", "GS-D1", now);
  give_key (f, now);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  clerk_free (f->clerk);
  app_free (f->desk);
  app_free (f->kiosk);
  site_remove (f->folder);
  g_free (f->folder);
}

/* ---- the queue ---- */

static void
draw (Fixture *f, const char *number, gint64 at)
{
  g_autofree char *day = clock_day (at), *when = clock_format (at);
  g_autoptr (json_t) item = json_pack ("{ss ss ss ss ss}", "kind", "queue", "number", number, "day",
                                       day, "state", "waiting", "at", when);
  g_autoptr (GError) error = NULL;

  public_store_apply (f->desk->db, item, NULL, &error);
  g_assert_no_error (error);
}

static guint
count_entries (Fixture *f, EntryKind kind, const char *number)
{
  const char *incarnation = db_peek_incarnation (f->desk->db);
  gint64 last;
  guint n = 0;

  journal_head (f->desk->db, incarnation, &last, NULL, NULL);
  for (gint64 seq = 1; seq <= last; seq++) {
    g_autoptr (JournalEntry) row = journal_get (f->desk->db, incarnation, seq, NULL);
    g_autoptr (Entry) entry =
        entry_parse (g_bytes_get_data (row->bytes, NULL), g_bytes_get_size (row->bytes), NULL);
    n += entry->kind == kind &&
         g_strcmp0 (strict_json_peek (entry->body, "number", NULL), number) == 0;
  }
  return n;
}

static void
test_queue (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *missed = NULL;
  g_autoptr (DeskQueue) queue = NULL;

  g_assert_false (desk_flow_call_next (f->desk, f->desk->db, f->clerk, 0, now, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  draw (f, "B001", now - 3000);
  draw (f, "A001", now - 2000);
  draw (f, "A002", now - 1000);
  g_assert_true (desk_flow_call_next (f->desk, f->desk->db, f->clerk, 'A', now, &first, &error));
  g_assert_cmpstr (first, ==, "A001");
  g_assert_true (desk_flow_miss (f->desk, f->desk->db, f->clerk, now + 1, &missed, &error));
  g_assert_cmpstr (missed, ==, "A001");
  g_assert_true (desk_flow_call_next (f->desk, f->desk->db, f->clerk, 0, now + 2, &second, &error));
  g_assert_cmpstr (second, ==, "B001");
  /* The missed one came back: B001 is served. */
  g_assert_true (desk_flow_call (f->desk, f->desk->db, f->clerk, "A001", now + 3, &error));
  g_assert_false (desk_flow_call (f->desk, f->desk->db, f->clerk, "C009", now + 4, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  queue = desk_flow_queue (f->desk, f->desk->db, now + 5, NULL);
  g_assert_cmpstr (queue->called->number, ==, "A001");
  g_assert_cmpuint (queue->waiting->len, ==, 1);
  g_assert_cmpuint (queue->missed->len, ==, 0);
  g_assert_cmpuint (queue->served, ==, 1);
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_TICKET_CALLED, "A001"), ==, 2);
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_TICKET_MISSED, "A001"), ==, 1);
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_TICKET_SERVED, "B001"), ==, 1);
}

/* ---- a case ---- */

/* Submits on the kiosk; the number. */
static char *
submit (Fixture *f, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (IntakeFlow) flow = application_fill (f->kiosk, "zh_CN", FALSE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->kiosk->db, now, &error);

  g_assert_no_error (error);
  return g_strdup (result->number);
}

/* What sync does: the entry as an envelope, and its objects (all but the last `missing`). */
static void
carry (Fixture *f, guint missing)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JournalEntry) row =
      journal_get (f->kiosk->db, db_peek_incarnation (f->kiosk->db), 1, &error);
  g_autoptr (GPtrArray) wanted = NULL;

  envelope_store_put (f->desk->db, row->bytes, &error);
  g_assert_no_error (error);
  wanted = envelope_store_wanted (f->desk->db, 100, &error);
  for (guint i = 0; i + missing < wanted->len; i++) {
    g_autoptr (GBytes) object = object_store_get (f->kiosk->directory, wanted->pdata[i], &error);
    g_assert_true (object_store_put (f->desk->directory, object, NULL, &error));
    g_assert_true (envelope_store_arrived (f->desk->db, wanted->pdata[i], &error));
  }
  g_assert_no_error (error);
}

/* The cover's code is the desk's own, of this case and of what was handed in. */
static void
check_code (Fixture *f, const Dossier *dossier, gint64 now)
{
  gsize length = strlen (dossier->ticket_text);
  guint8 kid[8];
  g_autoptr (Ticket) ticket = NULL, claimed = ticket_sign_read (dossier->ticket_text, length, kid);
  g_autofree char *manifest = NULL, *signer = NULL;
  g_autoptr (GPtrArray) cases = envelope_store_case (f->desk->db, dossier->number, NULL);
  const Envelope *envelope = cases->pdata[0];
  g_autoptr (Entry) entry = entry_parse (g_bytes_get_data (envelope->bytes, NULL),
                                         g_bytes_get_size (envelope->bytes), NULL);

  g_assert_cmpint (ticket_sign_check (dossier->ticket_text, length, f->desk->key_set, now, &ticket),
                   ==, TICKET_VERDICT_GOOD);
  g_assert_cmpint (ticket->kind, ==, TICKET_KIND_RECEIPT);
  g_assert_cmpstr (ticket->case_number, ==, dossier->number);
  manifest = encode_hex (ticket->manifest, sizeof ticket->manifest);
  g_assert_cmpstr (manifest, ==, g_array_index (entry->objects, EntryObject, 0).sha256);
  signer = encode_hex (kid, sizeof kid);
  g_assert_cmpstr (signer, ==, key_peek_kid (f->desk->device_key));
}

/* The timeline names roles and departments; who is not told is not guessed. */
static void
check_timeline (Fixture *f, const Clerk *clerk, const char *number, gint64 now)
{
  static const char *const items[][3] = {
      {"receive", "received", "{\"role\":\"centre\"}"},
      {"accept", "accepted", "{\"role\":\"department\",\"department\":\"hr-bureau\"}"},
      {"decide", "decided", NULL}};
  static const char *const who[] = {"GS-K1", "服务中心", "苏州市人力资源和社会保障局", "—"};
  g_autoptr (DeskReading) reading = NULL;
  g_autoptr (Dossier) dossier = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++) {
    g_autofree char *at = clock_format (now + ((gint64)i + 1) * 60000);
    g_autoptr (json_t) item = json_pack ("{s:s,s:s,s:s,s:s,s:s}", "kind", "case", "number", number,
                                         "action", items[i][0], "state", items[i][1], "at", at);
    if (items[i][2] != NULL)
      json_object_set_new (item, "actor", json_loads (items[i][2], 0, NULL));
    g_assert_true (public_store_apply (f->desk->db, item, NULL, NULL));
  }
  reading = desk_flow_open (f->desk, f->desk->db, clerk, number, now, NULL);
  dossier = dossier_flow_fill (f->desk, reading, "sample", now);
  g_assert_cmpuint (dossier->events->len, ==, G_N_ELEMENTS (who));
  for (guint i = 0; i < G_N_ELEMENTS (who); i++)
    g_assert_cmpstr (((DossierEvent *)dossier->events->pdata[i])->who, ==, who[i]);
}

static void
test_open (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autofree char *number = submit (f, now), *name = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskReading) reading = NULL;
  g_autoptr (GPtrArray) cases = NULL;
  g_autoptr (Dossier) dossier = NULL;
  g_autoptr (GBytes) pdf = NULL;
  int pages = 0;

  carry (f, 0);
  cases = desk_flow_cases (f->desk, f->desk->db, 10, &error);
  g_assert_cmpuint (cases->len, ==, 1);
  g_assert_true (((DeskCase *)cases->pdata[0])->complete);
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_AUDIT, number), ==, 0);
  reading = desk_flow_open (f->desk, f->desk->db, f->clerk, number, now, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_AUDIT, number), ==, 1);
  name = desk_reading_name (reading);
  g_assert_cmpstr (name, ==, "王示例");
  g_assert_cmpuint (reading->documents->len, ==, 5);
  g_assert_cmpstr (((DeskDocument *)reading->documents->pdata[0])->slot, ==, "identity");
  g_assert_cmpstr (((DeskDocument *)reading->documents->pdata[4])->slot, ==, "signature");
  for (guint i = 0; i < 4; i++) {
    const DeskDocument *document = reading->documents->pdata[i];
    g_autoptr (GBytes) bytes = application_sample (document->name);
    g_assert_true (g_bytes_equal (bytes, document->bytes));
  }
  dossier = dossier_flow_fill (f->desk, reading, "sample", now);
  g_assert_cmpstr (dossier->paper_kind, ==, "居民身份证");
  g_assert_cmpstr (dossier->identity_line, ==, "身份：自行填写，未核原件");
  g_assert_false (dossier->recognised);
  check_code (f, dossier, now);
  pdf = dossier_flow_render (f->desk, reading, "sample", now, &pages, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pages, >=, 8);
  check_timeline (f, f->clerk, number, now);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autofree char *number = submit (f, now);
  g_autoptr (GError) error = NULL;
  Clerk stranger = {.name = (char *)"stranger", .hall_key = key_new (KEY_KIND_SEAL)};

  g_assert_null (desk_flow_open (f->desk, f->desk->db, f->clerk, number, now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  carry (f, 100); /* the entry alone */
  g_assert_null (desk_flow_open (f->desk, f->desk->db, f->clerk, number, now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY);
  g_clear_error (&error);
  carry (f, 0);
  g_assert_null (desk_flow_open (f->desk, f->desk->db, &stranger, number, now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  /* Who tried is recorded, also where nothing opened. */
  g_assert_cmpuint (count_entries (f, ENTRY_KIND_AUDIT, number), ==, 2);
  /* A kiosk is no desk. */
  g_assert_null (desk_flow_open (f->kiosk, f->kiosk->db, f->clerk, number, now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  key_free (stranger.hall_key);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/desk-flow/queue", Fixture, NULL, set_up, test_queue, tear_down);
  g_test_add ("/desk-flow/open", Fixture, NULL, set_up, test_open, tear_down);
  g_test_add ("/desk-flow/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
