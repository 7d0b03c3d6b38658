/* test-city-db.c: the city's layer over SQLite: every statement prepares, parameters go by number,
 * transactions end whole, the audit log notices. */
#include <glib/gstdio.h>

#include "base/error.h"
#include "city/db/db.h"
#include "city/db/meta-db.h"

DB_SQL (reversed, "SELECT $2,$1");

typedef struct {
  char *folder;
  Db *db;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  path = g_build_filename (f->folder, "city.db", NULL);
  f->db = db_open (path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const names[] = {"city.db", "city.db-wal", "city.db-shm"};

  db_free (f->db);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (f->folder, names[i], NULL);
    g_unlink (path);
  }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static void
test_statements (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DbRows) rows = NULL;

  g_assert_true (db_prepare_all (f->db, &error));
  g_assert_no_error (error);
  g_assert_true (db_check (f->db, &error));
  rows = db_select (f->db, &error, reversed, "ti", "one", (gint64)2);
  g_assert_true (db_rows_next (rows, &error));
  g_assert_cmpint (db_rows_int (rows, 0), ==, 2);
  g_assert_cmpstr (db_rows_text (rows, 1), ==, "one");
  g_assert_false (db_rows_next (rows, &error));
  g_assert_no_error (error);
}

/* What cannot be read is never taken for what is not there, nor for a shorter list. */
static void
test_rows (Fixture *f, gconstpointer data)
{
  static const char good[] = "SELECT 'a' UNION ALL SELECT 'b'", none[] = "SELECT 1 WHERE 0",
                    bad[] = "SELECT 'a' UNION ALL SELECT abs(-9223372036854775807-1)",
                    bad_first[] = "SELECT abs(-9223372036854775807-1)";
  g_autoptr (DbRows) all = db_select (f->db, NULL, good, ""),
                     some = db_select (f->db, NULL, bad, "");
  g_autoptr (DbRows) one = db_select (f->db, NULL, good, ""),
                     empty = db_select (f->db, NULL, none, "");
  g_autoptr (DbRows) broken = db_select (f->db, NULL, bad_first, "");
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

static gboolean
half (Db *db, void *data, GError **error)
{
  g_assert_true (meta_db_set (db, "half", "yes", error));
  if (data == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "enough");
  return data != NULL;
}

static void
test_write (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;

  g_assert_false (db_write (f->db, half, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (meta_db_get (f->db, "half", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (db_write (f->db, half, f, &error));
  value = meta_db_get (f->db, "half", &error);
  g_assert_cmpstr (value, ==, "yes");
}

DB_SQL (tamper, "UPDATE audit SET subject='other' WHERE seq=2");

static void
test_audit (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    g_assert_true (meta_db_audit (f->db, 1000 + i, "operator", "try", "thing", &error));
  g_assert_true (meta_db_audit_check (f->db, &error));
  g_assert_true (db_run (f->db, &error, NULL, tamper, ""));
  g_assert_false (meta_db_audit_check (f->db, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/city-db/statements", Fixture, NULL, set_up, test_statements, tear_down);
  g_test_add ("/city-db/rows", Fixture, NULL, set_up, test_rows, tear_down);
  g_test_add ("/city-db/write", Fixture, NULL, set_up, test_write, tear_down);
  g_test_add ("/city-db/audit", Fixture, NULL, set_up, test_audit, tear_down);
  return g_test_run ();
}
