/* test-store.c: the store on a real SQLite in a temporary folder. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "store/backup.h"
#include "store/case-store.h"
#include "store/enrolment.h"
#include "store/envelope-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "store/print-spool.h"
#include "store/public-store.h"
#include "store/receipt-store.h"
#include "store/ticket-store.h"
#include "trust/hash.h"

#define NOW G_GINT64_CONSTANT (1795400000000)

typedef struct {
  char *directory;
  Db *db;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->directory = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  f->db = db_open (f->directory, NOW, &error);
  g_assert_no_error (error);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *below = g_build_filename (path, name, NULL);
    remove_all (below);
  }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  db_free (f->db);
  remove_all (f->directory);
  g_free (f->directory);
}

static void
reopen (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  db_free (f->db);
  f->db = db_open (f->directory, NOW + 1, &error);
  g_assert_no_error (error);
}

/* ---- what a commit makes ---- */

typedef struct {
  gint64 at;
  char *number;
  gboolean fail_late;
} Submission;

static gboolean
submit (Db *db, gpointer data, GError **error)
{
  Submission *s = data;
  gint64 counter, seq;
  g_autofree char *text = NULL, *hash = NULL, *case_id = NULL;
  g_autoptr (GArray) objects = g_array_new (FALSE, TRUE, sizeof (EntryObject));
  EntryObject object = {.size = 10};
  g_autoptr (json_t) body = NULL, receipt = NULL;

  if (!case_store_next_counter (db, &counter, error))
    return FALSE;
  s->number = case_number_make ("GS", 'A', (guint32)counter, error);
  text = g_strdup_printf ("object %d", (int)counter);
  hash = hash_sha256_hex (text, strlen (text));
  g_strlcpy (object.sha256, hash, sizeof object.sha256);
  g_array_append_val (objects, object);
  case_id = g_strdup_printf ("019a0b5c-9c40-7d11-8000-%012d", (int)counter);
  body = json_pack ("{ss ss ss ss}", "number", s->number, "service", "gusu-talent-card", "guide",
                    "aa", "hall", "GS");
  receipt = json_pack ("{ss}", "number", s->number);
  JournalDraft draft = {"GS-K1", ENTRY_KIND_CASE_SUBMITTED, case_id, objects, body, s->at, FALSE};
  if (!journal_append (db, &draft, &seq, error))
    return FALSE;
  CaseRow row = {.number = s->number,
                 .case_id = case_id,
                 .service = (char *)"gusu-talent-card",
                 .guide = (char *)"aa",
                 .hall = (char *)"GS",
                 .language = (char *)"",
                 .submitted_at = s->at,
                 .incarnation = (char *)db_peek_incarnation (db),
                 .seq = seq};
  if (!case_store_insert (db, &row, error) ||
      !receipt_store_insert (db, s->number, receipt, s->at, error) ||
      !print_spool_add (db, PRINT_KIND_RECEIPT, s->number, s->at, NULL, error))
    return FALSE;
  if (s->fail_late)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "as asked");
  return !s->fail_late;
}

static char *
submit_one (Db *db, gint64 at)
{
  Submission s = {at, NULL, FALSE};
  g_autoptr (GError) error = NULL;

  g_assert_true (db_write (db, submit, &s, &error));
  g_assert_no_error (error);
  return s.number;
}

static void
draw_one (Db *db, gint64 at, const char *number)
{
  g_autoptr (json_t) body = json_pack ("{ss ss ss}", "number", number, "family", "A", "ticket_id",
                                       "000102030405060708090a0b");
  JournalDraft draft = {"GS-K1", ENTRY_KIND_TICKET_DRAWN, NULL, NULL, body, at, FALSE};
  g_autoptr (GError) error = NULL;

  g_assert_true (journal_append (db, &draft, NULL, &error));
  g_assert_no_error (error);
}

/* ---- the file itself ---- */

extern const char *const __start_onestop_sql[];
extern const char *const __stop_onestop_sql[];

static void
test_statements (Fixture *f, gconstpointer data)
{
  gsize n = __stop_onestop_sql - __start_onestop_sql;

  g_assert_cmpuint (n, >, 60);
  for (const char *const *sql = __start_onestop_sql; sql < __stop_onestop_sql; sql++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (db_prepares (f->db, *sql, &error));
    g_assert_no_error (error);
  }
  g_assert_false (db_prepares (f->db, "SELECT nothing FROM nowhere", NULL));
}

static void
test_permissions (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "store.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  struct stat st;

  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (wal, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
}

static void
test_newer (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (db_run (f->db, "PRAGMA user_version=999", &error, ""));
  g_clear_pointer (&f->db, db_free);
  g_assert_null (db_open (f->directory, NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

static void
test_append_only (Fixture *f, gconstpointer data)
{
  static const char *const wrong[] = {
      "UPDATE entry SET at = 1", "DELETE FROM entry",
      "DELETE FROM identity",    "UPDATE identity SET began_at = 1",
      "DELETE FROM redeemed",    "INSERT OR REPLACE INTO entry SELECT * FROM entry"};
  g_autofree char *number = submit_one (f->db, NOW);

  g_assert_true (ticket_store_redeem (f->db, "000102030405060708090a0b", "x", NOW, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (db_run (f->db, wrong[i], &error, ""));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  }
}

/* ---- one transaction ---- */

static gboolean
overlook (Db *db, gpointer data, GError **error)
{
  Submission s = {NOW, NULL, TRUE};

  db_write (db, submit, &s, NULL);
  g_free (s.number);
  return TRUE;
}

static void
test_all_or_nothing (Fixture *f, gconstpointer data)
{
  Submission s = {NOW, NULL, TRUE};
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *wanted = case_number_make ("GS", 'A', 1, NULL);
  g_autoptr (GPtrArray) cases = NULL, jobs = NULL;
  gint64 seq;

  g_assert_false (db_write (f->db, submit, &s, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY);
  g_free (s.number);
  g_clear_error (&error);
  g_assert_false (db_write (f->db, overlook, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG);
  cases = case_store_list (f->db, 10, NULL);
  jobs = print_spool_list (f->db, 10, NULL);
  g_assert_cmpuint (cases->len, ==, 0);
  g_assert_cmpuint (jobs->len, ==, 0);
  g_assert_true (journal_head (f->db, db_peek_incarnation (f->db), &seq, NULL, NULL));
  g_assert_cmpint (seq, ==, 0);
  /* A number that was rolled back is given again; one that was committed never is. */
  first = submit_one (f->db, NOW);
  g_assert_cmpstr (first, ==, wanted);
  g_clear_error (&error);
  g_assert_false (case_store_next_counter (f->db, &seq, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG);
}

/* ---- the journal ---- */

static void
test_journal (Fixture *f, gconstpointer data)
{
  g_autoptr (JournalReport) report = NULL;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL, *again = NULL;
  JournalDraft other = {"GS-K2", ENTRY_KIND_HEARTBEAT, NULL, NULL, NULL, NOW, FALSE};
  gint64 seq, last;

  for (int i = 0; i < 5; i++)
    g_free (submit_one (f->db, NOW + i));
  g_assert_true (journal_head (f->db, db_peek_incarnation (f->db), &seq, &head, NULL));
  g_assert_cmpint (seq, ==, 5);
  reopen (f);
  g_assert_true (journal_head (f->db, db_peek_incarnation (f->db), &seq, &again, NULL));
  g_assert_cmpstr (head, ==, again);
  entry = journal_get (f->db, db_peek_incarnation (f->db), 5, NULL);
  g_assert_cmpstr (entry->hash, ==, head);
  report = journal_verify (f->db, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->entries, ==, 5);
  g_assert_cmpint (report->broken_seq, ==, 0);
  g_assert_cmpstr (report->head, ==, head);
  g_assert_true (journal_last_at (f->db, &last, NULL));
  g_assert_cmpint (last, ==, NOW + 4);
  g_assert_false (journal_append (f->db, &other, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

/* Somebody with the file in his hands: each kind of change is found. */
static void
test_tampered (Fixture *f, gconstpointer data)
{
  static const char *const wrong[] = {
      "UPDATE entry SET bytes = CAST (replace (CAST (bytes AS TEXT), 'gusu', 'gusv') AS BLOB)"
      " WHERE seq = 2",
      "UPDATE entry SET at = at + 1 WHERE seq = 2",
      "UPDATE entry SET kind = 'audit' WHERE seq = 2",
      "UPDATE entry SET hash = replace (hash, substr (hash, 1, 1), 'x') WHERE seq = 2",
      "UPDATE entry SET unsure = 1 WHERE seq = 2",
      "UPDATE entry SET case_id = NULL WHERE seq = 2",
      "DELETE FROM entry WHERE seq = 2",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    Fixture g;
    g_autoptr (JournalReport) report = NULL;
    g_autoptr (GError) error = NULL;
    set_up (&g, NULL);
    for (int n = 0; n < 3; n++)
      g_free (submit_one (g.db, NOW + n));
    g_assert_true (db_run (g.db, "PRAGMA foreign_keys=OFF", &error, ""));
    g_assert_true (db_run (g.db, "DROP TRIGGER entry_stays", &error, ""));
    g_assert_true (db_run (g.db, "DROP TRIGGER entry_remains", &error, ""));
    g_assert_true (db_run (g.db, wrong[i], &error, ""));
    g_assert_cmpint (db_changes (g.db), ==, 1);
    report = journal_verify (g.db, &error);
    g_assert_no_error (error);
    g_assert_cmpint (report->broken_seq, >=, 2);
    g_assert_cmpint (report->broken_seq, <=, 3);
    g_assert_nonnull (report->reason);
    tear_down (&g, NULL);
  }
}

static char *
dump (Db *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql, &error, "");
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  while (db_rows_next (rows, &error)) {
    g_autofree char *line = db_rows_text (rows, 0);
    g_string_append_printf (text, "%s\n", line);
  }
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static const char dump_rebuildable[] =
    "SELECT 'case ' || number || case_id || service || guide || hall || submitted_at || incarnation"
    " || seq FROM case_local UNION ALL SELECT 'counter ' || last FROM case_counter UNION ALL"
    " SELECT 'ticket ' || day || family || last FROM ticket_counter UNION ALL"
    " SELECT 'object ' || sha256 || size || incarnation || seq || place || purged FROM object"
    " ORDER BY 1";

static void
test_rebuild (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *number = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    g_free (submit_one (f->db, NOW + i));
  draw_one (f->db, NOW, "A001");
  draw_one (f->db, NOW, "A007");
  g_assert_true (
      db_run (f->db, "INSERT INTO ticket_counter VALUES ('2026-11-23', 'A', 7)", &error, ""));
  g_assert_true (
      peer_store_acknowledge (f->db, db_peek_incarnation (f->db), 2, 1, "e1", NOW, NULL, &error));
  g_assert_true (object_store_purge (f->db, db_peek_incarnation (f->db), 1, NULL, &error));
  before = dump (f->db, dump_rebuildable);
  g_assert_nonnull (strstr (before, "ticket 2026-11-23A7"));
  g_assert_true (db_run (f->db, "DELETE FROM case_local", &error, ""));
  g_assert_true (db_run (f->db, "DELETE FROM ticket_counter", &error, ""));
  g_assert_true (db_run (f->db, "DELETE FROM object", &error, ""));
  g_assert_true (db_run (f->db, "UPDATE case_counter SET last = 0", &error, ""));
  g_assert_true (journal_rebuild (f->db, &error));
  g_assert_no_error (error);
  after = dump (f->db, dump_rebuildable);
  g_assert_cmpstr (before, ==, after);
  number = submit_one (f->db, NOW + 9);
  g_assert_true (case_number_is_valid (number));
}

/* ---- sending ---- */

static void
test_outbox (Fixture *f, gconstpointer data)
{
  const char *life = db_peek_incarnation (f->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = NULL, some = NULL, one = NULL, objects = NULL, none = NULL;
  OutboxStatus status;
  gsize length;

  for (int i = 0; i < 4; i++)
    g_free (submit_one (f->db, NOW + i));
  all = outbox_read (f->db, life, 0, 1024 * 1024, &error);
  g_assert_cmpuint (all->len, ==, 4);
  length = g_bytes_get_size (((JournalEntry *)all->pdata[0])->bytes) + 1;
  some = outbox_read (f->db, life, 1, 2 * length + 10, &error);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpint (((JournalEntry *)some->pdata[0])->seq, ==, 2);
  one = outbox_read (f->db, life, 0, 1, &error);
  g_assert_cmpuint (one->len, ==, 1);
  objects = outbox_objects (f->db, 10, &error);
  g_assert_cmpuint (objects->len, ==, 4);
  g_assert_true (outbox_status (f->db, &status, &error));
  g_assert_cmpint (status.entries, ==, 4);
  g_assert_cmpint (status.objects, ==, 4);
  g_assert_cmpint (status.since, ==, NOW);
  for (guint i = 0; i < objects->len; i++)
    g_assert_true (outbox_object_sent (f->db, ((OutboxObject *)objects->pdata[i])->sha256, &error));
  g_assert_true (peer_store_acknowledge (f->db, life, 4, 2, "e1", NOW, NULL, &error));
  g_assert_true (outbox_status (f->db, &status, &error));
  g_assert_cmpint (status.entries + status.objects + status.since, ==, 0);
  none = outbox_read (f->db, life, 4, 1000, &error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_watermarks (Fixture *f, gconstpointer data)
{
  const char *life = db_peek_incarnation (f->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (PeerState) state = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gint64 received, safe;
  gboolean new_epoch = TRUE;

  for (int i = 0; i < 4; i++)
    g_free (submit_one (f->db, NOW + i));
  g_assert_false (peer_store_acknowledge (f->db, life, 5, 0, "e1", NOW, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (peer_store_acknowledge (f->db, life, 2, 3, "e1", NOW, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (peer_store_acknowledge (f->db, life, 4, 2, "e1", NOW, &new_epoch, &error));
  g_assert_false (new_epoch);
  g_assert_true (peer_store_acknowledge (f->db, life, 1, 0, "e1", NOW - 5, &new_epoch, &error));
  g_assert_true (peer_store_watermarks (f->db, life, &received, &safe, &error));
  g_assert_cmpint (received, ==, 4);
  g_assert_cmpint (safe, ==, 2);
  objects = outbox_objects (f->db, 10, NULL);
  for (guint i = 0; i < objects->len; i++)
    g_assert_true (outbox_object_sent (f->db, ((OutboxObject *)objects->pdata[i])->sha256, &error));
  g_assert_true (object_store_purge (f->db, life, 2, NULL, &error));
  g_assert_true (peer_store_set_cursor (f->db, "c-9", &error));
  g_assert_true (peer_store_acknowledge (f->db, life, 3, 2, "e2", NOW, &new_epoch, &error));
  g_assert_no_error (error);
  g_assert_true (new_epoch);
  g_assert_true (peer_store_watermarks (f->db, life, &received, &safe, &error));
  g_assert_cmpint (received, ==, 2);
  g_assert_cmpint (safe, ==, 2);
  g_clear_pointer (&objects, g_ptr_array_unref);
  objects = outbox_objects (f->db, 10, NULL);
  g_assert_cmpuint (objects->len, ==, 2);
  state = peer_store_load (f->db, NULL);
  g_assert_cmpstr (state->epoch, ==, "e2");
  g_assert_null (state->cursor);
  g_assert_cmpint (state->server_time, ==, NOW);
}

/* ---- objects ---- */

static void
test_objects (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("object 1", 8), read = NULL;
  g_autoptr (GBytes) orphan = g_bytes_new_static ("orphan", 6);
  g_autofree char *name = NULL, *lost = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;
  guint purged = 0;

  g_assert_true (object_store_put (f->directory, bytes, &name, &error));
  g_assert_true (object_store_put (f->directory, bytes, NULL, &error));
  g_assert_true (object_store_put (f->directory, orphan, &lost, &error));
  g_free (submit_one (f->db, NOW));
  read = object_store_get (f->directory, name, &error);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_null (object_store_get (f->directory, "../../etc/passwd", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpuint (object_store_sweep (f->db, 0, &error), ==, 0);
  g_assert_cmpuint (object_store_sweep (f->db, clock_now () + 10000, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_null (object_store_get (f->directory, lost, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  path = object_store_path (f->directory, name);
  g_assert_true (file_write (path, "object 2", 8, 0600, NULL));
  g_assert_null (object_store_get (f->directory, name, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_true (object_store_purge (f->db, db_peek_incarnation (f->db), 0, &purged, &error));
  g_assert_cmpuint (purged, ==, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (object_store_purge (f->db, db_peek_incarnation (f->db), 1, &purged, &error));
  g_assert_cmpuint (purged, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_receipts (Fixture *f, gconstpointer data)
{
  g_autofree char *number = submit_one (f->db, NOW);
  g_autoptr (json_t) kept = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 day = 24 * 3600 * 1000;

  /* Neither a day nor the city alone is enough. */
  g_assert_true (receipt_store_purge (f->db, NOW + 2 * day, &error));
  kept = receipt_store_get (f->db, number, &error);
  g_assert_nonnull (kept);
  g_assert_true (
      peer_store_acknowledge (f->db, db_peek_incarnation (f->db), 1, 1, "e1", NOW, NULL, &error));
  g_assert_true (receipt_store_purge (f->db, NOW + day - 1, &error));
  json_decref (g_steal_pointer (&kept));
  kept = receipt_store_get (f->db, number, &error);
  g_assert_nonnull (kept);
  g_assert_true (receipt_store_purge (f->db, NOW + day + 1, &error));
  g_assert_null (receipt_store_get (f->db, number, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

/* ---- paper ---- */

static gint64
spool_in (Db *db, PrintState state)
{
  static const PrintState way[][3] = {
      [PRINT_STATE_QUEUED] = {PRINT_STATE_QUEUED},
      [PRINT_STATE_SENDING] = {PRINT_STATE_SENDING},
      [PRINT_STATE_UNKNOWN] = {PRINT_STATE_SENDING, PRINT_STATE_UNKNOWN},
      [PRINT_STATE_PRINTED] = {PRINT_STATE_SENDING, PRINT_STATE_PRINTED},
      [PRINT_STATE_FAILED] = {PRINT_STATE_SENDING, PRINT_STATE_FAILED},
      [PRINT_STATE_CANCELLED] = {PRINT_STATE_CANCELLED},
  };
  gint64 id = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (print_spool_add (db, PRINT_KIND_RECEIPT, "GSA-222223-D", NOW, &id, &error));
  for (int i = 0; i < 3 && way[state][i] != PRINT_STATE_QUEUED; i++)
    g_assert_true (print_spool_set (db, id, way[state][i], "because", NOW, &error));
  g_assert_no_error (error);
  return id;
}

static void
test_spool_states (Fixture *f, gconstpointer data)
{
  /* from (row) to (column): queued sending unknown printed failed cancelled */
  static const char *const allowed[] = {".x..xx", "x.xxx.", "x..xxx", "......", "x....x", "......"};

  for (guint from = 0; from < 6; from++)
    for (guint to = 0; to < 6; to++) {
      g_autoptr (GError) error = NULL;
      gint64 id = spool_in (f->db, from);
      gboolean done = print_spool_set (f->db, id, to, NULL, NOW + 1, &error);
      g_autoptr (PrintJob) job = print_spool_get (f->db, id, NULL);
      g_assert_cmpint (done, ==, allowed[from][to] == 'x');
      g_assert_cmpint (job->state, ==, done ? to : from);
      if (!done)
        g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
    }
}

static void
test_spool (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrintJob) next = NULL, found = NULL, nothing = print_spool_next (f->db, &error);
  g_autoptr (GPtrArray) sending = NULL;
  gint64 first, second, third;

  g_assert_null (nothing);
  g_assert_no_error (error);
  first = spool_in (f->db, PRINT_STATE_QUEUED);
  second = spool_in (f->db, PRINT_STATE_QUEUED);
  next = print_spool_next (f->db, &error);
  g_assert_cmpint (next->id, ==, first);
  g_assert_cmpint (next->copy, ==, 1);
  g_assert_true (print_spool_set (f->db, first, PRINT_STATE_SENDING, NULL, NOW, &error));
  g_assert_true (print_spool_set_ipp_id (f->db, first, 17, &error));
  sending = print_spool_in_state (f->db, PRINT_STATE_SENDING, &error);
  g_assert_cmpuint (sending->len, ==, 1);
  g_assert_cmpint (((PrintJob *)sending->pdata[0])->ipp_id, ==, 17);
  g_assert_true (print_spool_set (f->db, first, PRINT_STATE_PRINTED, NULL, NOW, &error));
  found = print_spool_find (f->db, PRINT_KIND_RECEIPT, "GSA-222223-D", &error);
  g_assert_cmpint (found->id, ==, second);
  g_assert_cmpint (found->copy, ==, 2);
  g_assert_cmpstr (found->job_name, !=, next->job_name);
  g_assert_true (print_spool_purge (f->db, NOW + 11 * 60 * 1000, &error));
  g_assert_null (print_spool_get (f->db, first, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  /* A copy number is never given again, even when the row is gone. */
  third = spool_in (f->db, PRINT_STATE_QUEUED);
  g_clear_pointer (&found, print_job_free);
  found = print_spool_get (f->db, third, NULL);
  g_assert_cmpint (found->copy, ==, 3);
}

/* ---- tickets ---- */

static gboolean
take_number (Db *db, gpointer data, GError **error)
{
  int *number = data;
  return ticket_store_next_number (db, "2026-11-23", "A", 5, 7, number, error);
}

static void
test_tickets (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 first = 0;
  int number = 0;

  for (int wanted = 5; wanted <= 7; wanted++) {
    g_assert_true (db_write (f->db, take_number, &number, &error));
    g_assert_cmpint (number, ==, wanted);
  }
  g_assert_false (db_write (f->db, take_number, &number, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_true (
      ticket_store_redeem (f->db, "000102030405060708090a0b", "check-in", NOW, NULL, &error));
  g_assert_false (
      ticket_store_redeem (f->db, "000102030405060708090a0b", "check-in", NOW + 5, &first, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_assert_cmpint (first, ==, NOW);
}

/* ---- what the city tells ---- */

static gboolean
apply_text (Db *db, const char *text, GError **error)
{
  g_autoptr (json_t) item = strict_json_parse (text, strlen (text), error);
  gboolean known = FALSE;

  return public_store_apply (db, item, &known, error) && known;
}

static void
test_public (Fixture *f, gconstpointer data)
{
  g_autofree char *file =
      g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "protocol", "feed.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) vector = strict_json_load (file, &error);
  g_autoptr (GPtrArray) events = NULL, called = NULL, newest = NULL;
  const PublicCase *last;
  json_t *item;
  gsize i;
  gint64 ahead;

  g_assert_no_error (error);
  for (int twice = 0; twice < 2; twice++)
    json_array_foreach (json_object_get (json_object_get (vector, "feed"), "items"), i, item) {
      gboolean known;
      g_assert_true (public_store_apply (f->db, item, &known, &error));
      g_assert_no_error (error);
    }
  events = public_store_case (f->db, "GSA-222223-D", &error);
  g_assert_cmpuint (events->len, ==, 2);
  last = events->pdata[1];
  g_assert_cmpstr (last->state, ==, "received");
  g_assert_cmpstr (last->action, ==, "receive");
  g_assert_cmpint (last->limit_n, ==, 10);
  g_assert_cmpstr (last->limit_unit, ==, "workday");
  g_assert_cmpstr (last->due, ==, "2026-12-07");
  newest = public_store_cases (f->db, 10, &error);
  g_assert_cmpuint (newest->len, ==, 1);
  g_assert_cmpstr (((PublicCase *)newest->pdata[0])->state, ==, "received");
  called = public_store_called (f->db, "2026-11-23", 5, &error);
  g_assert_cmpuint (called->len, ==, 1);
  g_assert_cmpstr (((PublicTicket *)called->pdata[0])->window, ==, "2");
  g_assert_true (apply_text (f->db,
                             "{\"kind\":\"queue\",\"number\":\"A013\",\"family\":\"A\",\"day\":"
                             "\"2026-11-23\",\"state\":\"waiting\",\"window\":null,\"at\":"
                             "\"2026-11-23T01:00:00.000Z\"}",
                             &error));
  g_assert_true (public_store_ahead (f->db, "2026-11-23", "A", "A014", &ahead, &error));
  g_assert_cmpint (ahead, ==, 1);
}

static void
test_public_refused (Fixture *f, gconstpointer data)
{
  static const char *const wrong[] = {
      "{\"kind\":\"case\",\"number\":\"GSA-222223-E\",\"state\":\"received\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"fine\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"received\",\"at\":\"now\"}",
      "{\"kind\":\"queue\",\"number\":\"A0\",\"day\":\"2026-11-23\",\"state\":\"called\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"queue\",\"number\":\"A012\",\"day\":\"2026-13-23\",\"state\":\"called\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (apply_text (f->db, wrong[i], &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

static void
test_envelopes (Fixture *f, gconstpointer data)
{
  Fixture desk;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GPtrArray) wanted = NULL, cases = NULL, one = NULL;
  g_autofree char *number = submit_one (f->db, NOW);
  g_autoptr (GBytes) bad = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;

  entry = journal_get (f->db, db_peek_incarnation (f->db), 1, NULL);
  set_up (&desk, NULL);
  g_assert_true (envelope_store_put (desk.db, entry->bytes, &error));
  g_assert_true (envelope_store_put (desk.db, entry->bytes, &error));
  g_assert_no_error (error);
  g_assert_false (envelope_store_put (desk.db, bad, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  wanted = envelope_store_wanted (desk.db, 10, &error);
  g_assert_cmpuint (wanted->len, ==, 1);
  cases = envelope_store_cases (desk.db, 10, &error);
  g_assert_cmpuint (cases->len, ==, 1);
  g_assert_false (((Envelope *)cases->pdata[0])->complete);
  g_assert_cmpstr (((Envelope *)cases->pdata[0])->number, ==, number);
  g_assert_true (envelope_store_arrived (desk.db, wanted->pdata[0], &error));
  one = envelope_store_case (desk.db, number, &error);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_true (((Envelope *)one->pdata[0])->complete);
  g_assert_true (g_bytes_equal (((Envelope *)one->pdata[0])->bytes, entry->bytes));
  tear_down (&desk, NULL);
}

/* ---- who it is ---- */

static void
test_enrolment (Fixture *f, gconstpointer data)
{
  Enrolment made = {.device = (char *)"GS-K1",
                    .role = (char *)"kiosk",
                    .hall = (char *)"GS",
                    .hall_name_zh = (char *)"示例大厅",
                    .hall_name_en = (char *)"Sample hall",
                    .case_code = 'A',
                    .ticket_from = 1,
                    .ticket_to = 199,
                    .city = (char *)"https://localhost:1",
                    .keyset_key = {1, 2, 3}};
  g_autoptr (Enrolment) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->directory, "enrolment.json", NULL), *text = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_null (enrolment_load (f->directory, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (enrolment_save (f->directory, &made, NOW, &error));
  read = enrolment_load (f->directory, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->device, ==, "GS-K1");
  g_assert_cmpstr (read->hall_name_zh, ==, "示例大厅");
  g_assert_cmpint (read->case_code, ==, 'A');
  g_assert_cmpint (read->ticket_to, ==, 199);
  g_assert_cmpmem (read->keyset_key, 32, made.keyset_key, 32);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  parts = g_strsplit (text, "\"kiosk\"", 2);
  g_clear_pointer (&text, g_free);
  text = g_strjoinv ("\"throne\"", parts);
  g_assert_true (file_write (path, text, strlen (text), 0600, NULL));
  g_assert_null (enrolment_load (f->directory, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

/* ---- backup ---- */

static void
test_backup (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "copy.backup", NULL);
  g_autofree char *other = g_build_filename (f->directory, "restored", NULL);
  g_autofree char *first = NULL, *second = NULL, *object = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("object 1", 8), back = NULL;
  g_autoptr (JournalReport) report = NULL;
  g_autoptr (GPtrArray) lives = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Db) db = NULL;
  struct stat st;

  g_assert_true (object_store_put (f->directory, bytes, &object, &error));
  first = submit_one (f->db, NOW);
  g_assert_true (backup_write (f->db, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_false (backup_restore (path, f->directory, NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  second = submit_one (f->db, NOW + 1);
  g_assert_true (backup_restore (path, other, NOW + 2, &error));
  g_assert_no_error (error);
  db = db_open (other, NOW + 3, &error);
  g_assert_no_error (error);
  report = journal_verify (db, &error);
  g_assert_cmpint (report->broken_seq, ==, 0);
  g_assert_cmpint (report->entries, ==, 1);
  lives = journal_incarnations (db, &error);
  g_assert_cmpuint (lives->len, ==, 2);
  g_assert_cmpstr (lives->pdata[1], ==, db_peek_incarnation (db));
  g_assert_cmpstr (db_peek_incarnation (db), !=, db_peek_incarnation (f->db));
  back = object_store_get (other, object, &error);
  g_assert_true (g_bytes_equal (back, bytes));
  /* The number that was given after the backup is not given again. */
  {
    g_autofree char *next = submit_one (db, NOW + 4);
    g_assert_cmpstr (next, !=, second);
    g_assert_cmpstr (next, !=, first);
  }
}

static void
test_backup_refused (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "x.backup", NULL);
  g_autofree char *other = g_build_filename (f->directory, "restored", NULL);
  g_autofree char *store = g_build_filename (other, "store.db", NULL);
  static const char junk[] = "this is not a backup";
  g_autoptr (GError) error = NULL;
  g_autoptr (Db) copy = NULL;

  g_assert_true (file_write (path, junk, sizeof junk, 0600, NULL));
  g_assert_false (backup_restore (path, other, NOW, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  for (int i = 0; i < 3; i++)
    g_free (submit_one (f->db, NOW + i));
  g_assert_true (backup_write (f->db, path, &error));
  copy = db_open_copy (path, &error);
  g_assert_true (db_run (copy, "DROP TRIGGER entry_stays", &error, ""));
  g_assert_true (db_run (copy, "UPDATE entry SET at = at + 1 WHERE seq = 2", &error, ""));
  g_clear_pointer (&copy, db_free);
  g_assert_false (backup_restore (path, other, NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
  g_assert_false (g_file_test (store, G_FILE_TEST_EXISTS));
}

#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("statements", test_statements);
  ADD ("permissions", test_permissions);
  ADD ("newer", test_newer);
  ADD ("append-only", test_append_only);
  ADD ("all-or-nothing", test_all_or_nothing);
  ADD ("journal", test_journal);
  ADD ("tampered", test_tampered);
  ADD ("rebuild", test_rebuild);
  ADD ("outbox", test_outbox);
  ADD ("watermarks", test_watermarks);
  ADD ("objects", test_objects);
  ADD ("receipts", test_receipts);
  ADD ("spool-states", test_spool_states);
  ADD ("spool", test_spool);
  ADD ("tickets", test_tickets);
  ADD ("public", test_public);
  ADD ("public-refused", test_public_refused);
  ADD ("envelopes", test_envelopes);
  ADD ("enrolment", test_enrolment);
  ADD ("backup", test_backup);
  ADD ("backup-refused", test_backup_refused);
  return g_test_run ();
}
