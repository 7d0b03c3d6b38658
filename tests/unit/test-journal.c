/* test-journal.c: the chain of entries on a real store: appended, tampered with, made again. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "device-store.h"
#include "domain/case-number.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/peer-store.h"

static void
test_journal (DeviceStore *f, gconstpointer data)
{
  g_autoptr (JournalReport) report = NULL;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = NULL, *again = NULL;
  JournalDraft other = {"GS-K2", ENTRY_KIND_HEARTBEAT, NULL, NULL, NULL, DEVICE_STORE_NOW, FALSE};
  gint64 seq, last;

  for (int i = 0; i < 5; i++)
    g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW + i));
  g_assert_true (journal_head (f->db, db_peek_incarnation (f->db), &seq, &head, NULL));
  g_assert_cmpint (seq, ==, 5);
  device_store_reopen (f);
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
  g_assert_cmpint (last, ==, DEVICE_STORE_NOW + 4);
  g_assert_false (journal_append (f->db, &other, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

/* Somebody with the file in his hands: each kind of change is found. */
static void
test_tampered (DeviceStore *f, gconstpointer data)
{
  static const char *const wrong[] = {
      ("UPDATE entry SET bytes = CAST (replace (CAST (bytes AS TEXT), 'gusu', 'gusv') AS BLOB)"
       " WHERE seq = 2"),
      "UPDATE entry SET at = at + 1 WHERE seq = 2",
      "UPDATE entry SET kind = 'audit' WHERE seq = 2",
      "UPDATE entry SET hash = replace (hash, substr (hash, 1, 1), 'x') WHERE seq = 2",
      "UPDATE entry SET unsure = 1 WHERE seq = 2",
      "UPDATE entry SET case_id = NULL WHERE seq = 2",
      "DELETE FROM entry WHERE seq = 2",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    DeviceStore g;
    g_autoptr (JournalReport) report = NULL;
    g_autoptr (GError) error = NULL;
    device_store_set_up (&g, NULL);
    for (int n = 0; n < 3; n++)
      g_free (device_store_submit_one (g.db, DEVICE_STORE_NOW + n));
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
    device_store_tear_down (&g, NULL);
  }
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
test_rebuild (DeviceStore *f, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *number = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW + i));
  draw_one (f->db, DEVICE_STORE_NOW, "A001");
  draw_one (f->db, DEVICE_STORE_NOW, "A007");
  g_assert_true (
      db_run (f->db, "INSERT INTO ticket_counter VALUES ('2026-11-23', 'A', 7)", &error, ""));
  g_assert_true (peer_store_acknowledge (f->db, db_peek_incarnation (f->db), 2, 1, "e1",
                                         DEVICE_STORE_NOW, NULL, &error));
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
  number = device_store_submit_one (f->db, DEVICE_STORE_NOW + 9);
  g_assert_true (case_number_is_valid (number));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/journal/" name, DeviceStore, NULL, device_store_set_up, function,                  \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("chain", test_journal);
  ADD ("tampered", test_tampered);
  ADD ("rebuild", test_rebuild);
  return g_test_run ();
}
