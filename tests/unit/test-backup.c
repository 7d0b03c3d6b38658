/* test-backup.c: a copy written, restored as a new life, and refused. */
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "device-store.h"
#include "store/backup.h"
#include "store/journal.h"
#include "store/object-store.h"

static void
test_backup (DeviceStore *f, gconstpointer data)
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
  first = device_store_submit_one (f->db, DEVICE_STORE_NOW);
  g_assert_true (backup_write (f->db, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_false (backup_restore (path, f->directory, DEVICE_STORE_NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  second = device_store_submit_one (f->db, DEVICE_STORE_NOW + 1);
  g_assert_true (backup_restore (path, other, DEVICE_STORE_NOW + 2, &error));
  g_assert_no_error (error);
  db = db_open (other, DEVICE_STORE_NOW + 3, &error);
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
    g_autofree char *next = device_store_submit_one (db, DEVICE_STORE_NOW + 4);
    g_assert_cmpstr (next, !=, second);
    g_assert_cmpstr (next, !=, first);
  }
}

static void
test_backup_refused (DeviceStore *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "x.backup", NULL);
  g_autofree char *other = g_build_filename (f->directory, "restored", NULL);
  g_autofree char *store = g_build_filename (other, "store.db", NULL);
  static const char junk[] = "this is not a backup";
  g_autoptr (GError) error = NULL;
  g_autoptr (Db) copy = NULL;

  g_assert_true (file_write (path, junk, sizeof junk, 0600, NULL));
  g_assert_false (backup_restore (path, other, DEVICE_STORE_NOW, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  for (int i = 0; i < 3; i++)
    g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW + i));
  g_assert_true (backup_write (f->db, path, &error));
  copy = db_open_copy (path, &error);
  g_assert_true (db_run (copy, "DROP TRIGGER entry_stays", &error, ""));
  g_assert_true (db_run (copy, "UPDATE entry SET at = at + 1 WHERE seq = 2", &error, ""));
  g_clear_pointer (&copy, db_free);
  g_assert_false (backup_restore (path, other, DEVICE_STORE_NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
  g_assert_false (g_file_test (store, G_FILE_TEST_EXISTS));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/backup/" name, DeviceStore, NULL, device_store_set_up, function,                   \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("restore", test_backup);
  ADD ("refused", test_backup_refused);
  return g_test_run ();
}
