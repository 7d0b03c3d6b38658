/* test-store.c: the file of the store: rights, versions, what may never change, one transaction. */
#include <sys/stat.h>

#include "base/error.h"
#include "device-store.h"
#include "domain/case-number.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/peer-store.h"
#include "store/print-spool.h"
#include "store/ticket-store.h"

extern const char *const __start_onestop_sql[];
extern const char *const __stop_onestop_sql[];

static const char *self;

/* Another program opens the store, and ends. */
static void
visit (DeviceStore *f)
{
  const char *argv[] = {self, "--visit", f->directory, NULL};
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* The last one to close a store deletes its WAL; two connections of one program must not make
 * another program believe that it is the last. */
static void
test_two_connections (DeviceStore *f, gconstpointer data)
{
  g_autofree char *wal = g_build_filename (f->directory, "store.db-wal", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Db) second = db_open (f->directory, DEVICE_STORE_NOW, &error);
  g_autoptr (PeerState) seen = NULL;
  struct stat before, after;

  g_assert_no_error (error);
  g_assert_cmpint (stat (wal, &before), ==, 0);
  visit (f);
  g_assert_cmpint (stat (wal, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
  g_assert_true (peer_store_attempt (second, DEVICE_STORE_NOW + 5, &error));
  visit (f);
  seen = peer_store_load (f->db, &error);
  g_assert_no_error (error);
  g_assert_cmpint (seen->last_attempt, ==, DEVICE_STORE_NOW + 5);
}

static void
test_statements (DeviceStore *f, gconstpointer data)
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

/* What cannot be read is never taken for what is not there, nor for a shorter list. */
static void
test_rows (DeviceStore *f, gconstpointer data)
{
  static const char good[] = "SELECT 'a' UNION ALL SELECT 'b'", none[] = "SELECT 1 WHERE 0",
                    bad[] = "SELECT 'a' UNION ALL SELECT abs(-9223372036854775807-1)",
                    bad_first[] = "SELECT abs(-9223372036854775807-1)";
  g_autoptr (DbRows) all = db_select (f->db, good, NULL, ""),
                     some = db_select (f->db, bad, NULL, "");
  g_autoptr (DbRows) one = db_select (f->db, good, NULL, ""),
                     empty = db_select (f->db, none, NULL, "");
  g_autoptr (DbRows) broken = db_select (f->db, bad_first, NULL, "");
  g_autoptr (GPtrArray) texts = db_rows_texts (all, NULL), partly = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (texts->len, ==, 2);
  g_assert_cmpstr (texts->pdata[1], ==, "b");
  partly = db_rows_texts (some, &error);
  g_assert_null (partly);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (db_rows_first (one, &error, "nothing"));
  g_assert_no_error (error);
  g_assert_false (db_rows_first (broken, &error, "nothing"));
  g_assert_nonnull (error);
  g_assert_false (onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND));
  g_clear_error (&error);
  g_assert_false (db_rows_first (empty, &error, "no row %d", 5));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "no row 5");
  g_assert_null (db_rows_texts (NULL, NULL));
  g_assert_false (db_rows_first (NULL, NULL, "nothing"));
}

static void
test_permissions (DeviceStore *f, gconstpointer data)
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
test_newer (DeviceStore *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (db_run (f->db, "PRAGMA user_version=999", &error, ""));
  g_clear_pointer (&f->db, db_free);
  g_assert_null (db_open (f->directory, DEVICE_STORE_NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

static void
test_append_only (DeviceStore *f, gconstpointer data)
{
  static const char *const wrong[] = {
      "UPDATE entry SET at = 1", "DELETE FROM entry",
      "DELETE FROM identity",    "UPDATE identity SET began_at = 1",
      "DELETE FROM redeemed",    "INSERT OR REPLACE INTO entry SELECT * FROM entry"};
  g_autofree char *number = device_store_submit_one (f->db, DEVICE_STORE_NOW);

  g_assert_true (
      ticket_store_redeem (f->db, "000102030405060708090a0b", "x", DEVICE_STORE_NOW, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (db_run (f->db, wrong[i], &error, ""));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  }
}

static gboolean
overlook (Db *db, gpointer data, GError **error)
{
  DeviceStoreCase s = {DEVICE_STORE_NOW, NULL, TRUE};

  db_write (db, device_store_submit, &s, NULL);
  g_free (s.number);
  return TRUE;
}

static void
test_all_or_nothing (DeviceStore *f, gconstpointer data)
{
  DeviceStoreCase s = {DEVICE_STORE_NOW, NULL, TRUE};
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *wanted = case_number_make ("GS", 'A', 1, NULL);
  g_autoptr (GPtrArray) cases = NULL, jobs = NULL;
  gint64 seq;

  g_assert_false (db_write (f->db, device_store_submit, &s, &error));
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
  first = device_store_submit_one (f->db, DEVICE_STORE_NOW);
  g_assert_cmpstr (first, ==, wanted);
  g_clear_error (&error);
  g_assert_false (case_store_next_counter (f->db, &seq, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/store/" name, DeviceStore, NULL, device_store_set_up, function,                    \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  self = argv[0];
  if (argc == 3 && strcmp (argv[1], "--visit") == 0) {
    g_autoptr (Db) visited = db_open (argv[2], DEVICE_STORE_NOW, NULL);
    return visited != NULL ? 0 : 1;
  }
  g_test_init (&argc, &argv, NULL);
  ADD ("two-connections", test_two_connections);
  ADD ("statements", test_statements);
  ADD ("rows", test_rows);
  ADD ("permissions", test_permissions);
  ADD ("newer", test_newer);
  ADD ("append-only", test_append_only);
  ADD ("all-or-nothing", test_all_or_nothing);
  return g_test_run ();
}
