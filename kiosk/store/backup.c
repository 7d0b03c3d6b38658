/* backup.c: the store and its sealed objects in one file, and back. Refuses to put a backup over a
 * store that is there, or to go on as the log's old life. */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "store/journal.h"
#include "store/object-store.h"

/* Numbers that may have been given after the backup are left out. */
#define CASE_JUMP 10000
#define TICKET_JUMP 50

/* The copy gets one table more. */
#define MAKE_TABLE                                                                                 \
  "CREATE TABLE backup_object (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT"

/* ---- writing ---- */

static const char sql_make_table[] = MAKE_TABLE;
DB_SQL (sql_objects, "SELECT sha256 FROM object WHERE purged = 0"
                     " UNION SELECT sha256 FROM envelope_object WHERE here = 1");
static const char sql_insert_object[] = "INSERT INTO backup_object (sha256, bytes) VALUES (?1, ?2)";

typedef struct {
  const char *directory;
} Fill;

static gboolean
fill (Db *copy, gpointer data, GError **error)
{
  Fill *fill = data;
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = NULL;

  if (!db_run (copy, sql_make_table, error, ""))
    return FALSE;
  rows = db_select (copy, sql_objects, error, "");
  while (rows != NULL && db_rows_next (rows, &problem)) {
    g_autofree char *sha256 = db_rows_text (rows, 0);
    g_autoptr (GBytes) bytes = object_store_get (fill->directory, sha256, &problem);
    /* Purged since the copy was made: the city holds it for good. */
    if (onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND)) {
      g_clear_error (&problem);
      continue;
    }
    if (bytes == NULL)
      break;
    if (!db_run (copy, sql_insert_object, error, "sb", sha256, bytes))
      return FALSE;
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return rows != NULL;
}

static gboolean
make_copy (Db *db, const char *path, GError **error)
{
  Fill data = {db_peek_directory (db)};
  g_autoptr (Db) copy = NULL;

  if (!db_copy_to (db, path, error))
    return FALSE;
  copy = db_open_copy (path, error);
  return copy != NULL && db_write (copy, fill, &data, error);
}

static gboolean
put_in_place (const char *from, const char *to, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (to);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && rename (from, to) == 0 && fsync (fd) == 0;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  if (!done)
    file_set_error (error, saved, "cannot write", to);
  return done;
}

/* An empty file beside `path` that only its owner can read. Owned. */
static char *
make_beside (const char *path, GError **error)
{
  g_autofree char *beside = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (beside, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0) {
    file_set_error (error, errno, "cannot make", path);
    return NULL;
  }
  close (fd);
  return g_steal_pointer (&beside);
}

gboolean
backup_write (Db *db, const char *path, GError **error)
{
  g_autofree char *beside = make_beside (path, error);
  gboolean done;

  if (beside == NULL)
    return FALSE;
  done = make_copy (db, beside, error) && put_in_place (beside, path, error);
  if (!done)
    g_unlink (beside);
  return done;
}

/* ---- restoring ---- */

static const char sql_stored_objects[] = "SELECT sha256, bytes FROM backup_object";

static gboolean
bring_objects (Db *copy, const char *directory, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (copy, sql_stored_objects, &problem, "");

  while (rows != NULL && db_rows_next (rows, &problem)) {
    g_autofree char *sha256 = db_rows_text (rows, 0), *stored = NULL;
    g_autoptr (GBytes) bytes = db_rows_bytes (rows, 1);
    if (!object_store_put (directory, bytes, &stored, error))
      return FALSE;
    if (strcmp (stored, sha256) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                   "object %s is damaged in the backup", sha256);
      return FALSE;
    }
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return TRUE;
}

static const char sql_drop[] = "DROP TABLE backup_object";
DB_SQL (sql_jump_case, "UPDATE case_counter SET last = last + ?1");
DB_SQL (sql_jump_ticket, "UPDATE ticket_counter SET last = last + ?1");
DB_SQL (sql_forget_spool, "UPDATE spool SET state = 'cancelled', reason = 'restored'"
                          " WHERE state IN ('queued', 'sending', 'unknown')");

/* The log begins a new life, for the other end may know more of the old one than this copy. */
static gboolean
begin_anew (Db *copy, gpointer data, GError **error)
{
  return db_run (copy, sql_drop, error, "") &&
         db_run (copy, sql_jump_case, error, "i", (gint64)CASE_JUMP) &&
         db_run (copy, sql_jump_ticket, error, "i", (gint64)TICKET_JUMP) &&
         db_run (copy, sql_forget_spool, error, "") &&
         db_new_incarnation (copy, *(gint64 *)data, error);
}

static gboolean
is_whole (Db *copy, GError **error)
{
  g_autoptr (JournalReport) report = NULL;
  gint64 tables;

  if (!db_select_int (copy,
                      "SELECT count (*) FROM sqlite_schema WHERE name IN ('entry', 'identity',"
                      " 'backup_object')",
                      0, &tables, error, ""))
    return FALSE;
  if (tables != 3) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not a backup of a store");
    return FALSE;
  }
  if (!db_check (copy, error))
    return FALSE;
  report = journal_verify (copy, error);
  if (report == NULL)
    return FALSE;
  if (report->broken_seq != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                 "the backup's chain is broken at entry %" G_GINT64_FORMAT ": %s",
                 report->broken_seq, report->reason);
    return FALSE;
  }
  return TRUE;
}

static gboolean
prepare (const char *path, const char *made, const char *directory, gint64 now, GError **error)
{
  g_autoptr (Db) from = db_open_copy (path, error);
  g_autoptr (Db) copy = NULL;

  if (from == NULL || !is_whole (from, error) || !db_copy_to (from, made, error))
    return FALSE;
  copy = db_open_copy (made, error);
  return copy != NULL && bring_objects (copy, directory, error) &&
         db_write (copy, begin_anew, &now, error) && db_run (copy, "VACUUM", error, "");
}

gboolean
backup_restore (const char *path, const char *directory, gint64 now, GError **error)
{
  g_autofree char *store = g_build_filename (directory, "store.db", NULL);
  g_autofree char *objects = g_build_filename (directory, "objects", NULL);
  g_autofree char *made = NULL;
  gboolean done;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s is not a file", path);
    return FALSE;
  }
  if (g_file_test (store, G_FILE_TEST_EXISTS)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "a store is there already: %s",
                 store);
    return FALSE;
  }
  if (!file_make_folder (directory, 0700, error) || !file_make_folder (objects, 0700, error))
    return FALSE;
  made = make_beside (store, error);
  if (made == NULL)
    return FALSE;
  done = prepare (path, made, directory, now, error) && put_in_place (made, store, error);
  if (!done)
    g_unlink (made);
  return done;
}
