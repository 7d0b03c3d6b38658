/* db.c: opens the store as it must be, runs its schema steps, its writes and its statements.
 * Refuses a file that does not hold WAL and FULL, a newer schema, and SQL that is not prepared with
 * bound values. Nothing else in kiosk/ includes sqlite3.h. */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/id.h"

#define BUSY_MS 10000

struct _Db {
  sqlite3 *handle;
  char *directory;
  char *incarnation;
  guint depth;
  gboolean doomed;
};

struct _DbRows {
  Db *db;
  sqlite3_stmt *statement;
};

static OnestopError
code_of (int extended)
{
  switch (extended & 0xff) {
  case SQLITE_FULL:
    return ONESTOP_ERROR_FULL;
  case SQLITE_CONSTRAINT:
    return ONESTOP_ERROR_CONFLICT;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return ONESTOP_ERROR_CORRUPT;
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return ONESTOP_ERROR_DENIED;
  case SQLITE_ERROR:
  case SQLITE_MISUSE:
  case SQLITE_RANGE:
  case SQLITE_MISMATCH:
    return ONESTOP_ERROR_BUG;
  default:
    return ONESTOP_ERROR_RETRY;
  }
}

static gboolean
fail (Db *db, const char *what, GError **error)
{
  int code = sqlite3_extended_errcode (db->handle);
  OnestopError word = code_of (code);

  /* A full disk shows itself as a failed write or sync of the WAL, too. */
  if ((code & 0xff) == SQLITE_IOERR && sqlite3_system_errno (db->handle) == ENOSPC)
    word = ONESTOP_ERROR_FULL;
  g_set_error (error, ONESTOP_ERROR, word, "store: %s: %s", what, sqlite3_errmsg (db->handle));
  return FALSE;
}

static gboolean
execute (Db *db, const char *sql, const char *what, GError **error)
{
  if (sqlite3_exec (db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
    return fail (db, what, error);
  return TRUE;
}

/* ---- statements ---- */

static sqlite3_stmt *
prepare (Db *db, const char *sql, const char *types, va_list values, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int place = 1;

  if (sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL) != SQLITE_OK) {
    fail (db, "cannot prepare", error);
    return NULL;
  }
  for (const char *t = types; *t != '\0'; t++, place++) {
    if (*t == 's') {
      const char *text = va_arg (values, const char *);
      sqlite3_bind_text (statement, place, text, -1, SQLITE_TRANSIENT);
    } else if (*t == 'i') {
      sqlite3_bind_int64 (statement, place, va_arg (values, gint64));
    } else if (*t == 'b') {
      GBytes *bytes = va_arg (values, GBytes *);
      if (bytes != NULL)
        sqlite3_bind_blob64 (statement, place, g_bytes_get_data (bytes, NULL),
                             g_bytes_get_size (bytes), SQLITE_TRANSIENT);
    } else {
      g_assert_not_reached ();
    }
  }
  if (sqlite3_bind_parameter_count (statement) != place - 1) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "store: %d values for: %s", place - 1,
                 sql);
    sqlite3_finalize (statement);
    return NULL;
  }
  return statement;
}

gboolean
db_run (Db *db, const char *sql, GError **error, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list values;
  gboolean done;
  int pretended = fault_errno ("store.statement");

  if (pretended != 0) {
    file_set_error (error, pretended, "cannot write", "the store");
    return FALSE;
  }
  va_start (values, types);
  statement = prepare (db, sql, types, values, error);
  va_end (values);
  if (statement == NULL)
    return FALSE;
  done = sqlite3_step (statement) == SQLITE_DONE;
  if (!done)
    fail (db, "cannot write", error);
  sqlite3_finalize (statement);
  return done;
}

gboolean
db_prepares (Db *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean good = sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL) == SQLITE_OK;

  if (!good)
    fail (db, "cannot prepare", error);
  sqlite3_finalize (statement);
  return good;
}

gint64
db_changes (const Db *db)
{
  return sqlite3_changes64 (db->handle);
}

static DbRows *
select_rows (Db *db, const char *sql, const char *types, va_list values, GError **error)
{
  sqlite3_stmt *statement = prepare (db, sql, types, values, error);
  DbRows *rows;

  if (statement == NULL)
    return NULL;
  rows = g_new0 (DbRows, 1);
  rows->db = db;
  rows->statement = statement;
  return rows;
}

DbRows *
db_select (Db *db, const char *sql, GError **error, const char *types, ...)
{
  DbRows *rows;
  va_list values;

  va_start (values, types);
  rows = select_rows (db, sql, types, values, error);
  va_end (values);
  return rows;
}

void
db_rows_free (DbRows *rows)
{
  if (rows == NULL)
    return;
  sqlite3_finalize (rows->statement);
  g_free (rows);
}

gboolean
db_rows_next (DbRows *rows, GError **error)
{
  int code = sqlite3_step (rows->statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    fail (rows->db, "cannot read", error);
  return FALSE;
}

char *
db_rows_text (DbRows *rows, int column)
{
  return g_strdup ((const char *)sqlite3_column_text (rows->statement, column));
}

gint64
db_rows_int (DbRows *rows, int column)
{
  return sqlite3_column_int64 (rows->statement, column);
}

gboolean
db_rows_is_null (DbRows *rows, int column)
{
  return sqlite3_column_type (rows->statement, column) == SQLITE_NULL;
}

GBytes *
db_rows_bytes (DbRows *rows, int column)
{
  const void *bytes = sqlite3_column_blob (rows->statement, column);
  return g_bytes_new (bytes, sqlite3_column_bytes (rows->statement, column));
}

gboolean
db_rows_first (DbRows *rows, GError **error, const char *none, ...)
{
  GError *problem = NULL;
  va_list words;

  if (rows == NULL)
    return FALSE;
  if (db_rows_next (rows, &problem))
    return TRUE;
  if (problem == NULL) {
    va_start (words, none);
    problem = g_error_new_valist (ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, none, words);
    va_end (words);
  }
  g_propagate_error (error, problem);
  return FALSE;
}

GPtrArray *
db_rows_all (DbRows *rows, DbReadRow read, GDestroyNotify free_row, GError **error)
{
  GPtrArray *all;
  GError *problem = NULL;

  if (rows == NULL)
    return NULL;
  all = g_ptr_array_new_with_free_func (free_row);
  while (db_rows_next (rows, &problem))
    g_ptr_array_add (all, read (rows));
  if (problem != NULL) {
    g_propagate_error (error, problem);
    g_clear_pointer (&all, g_ptr_array_unref);
  }
  return all;
}

static gpointer
read_text (DbRows *rows)
{
  return db_rows_text (rows, 0);
}

GPtrArray *
db_rows_texts (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_text, g_free, error);
}

gboolean
db_select_int (Db *db, const char *sql, gint64 fallback, gint64 *ret_value, GError **error,
               const char *types, ...)
{
  g_autoptr (DbRows) rows = NULL;
  g_autoptr (GError) problem = NULL;
  va_list values;

  va_start (values, types);
  rows = select_rows (db, sql, types, values, error);
  va_end (values);
  if (rows == NULL)
    return FALSE;
  if (db_rows_next (rows, &problem))
    *ret_value = db_rows_is_null (rows, 0) ? fallback : db_rows_int (rows, 0);
  else if (problem == NULL)
    *ret_value = fallback;
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

/* ---- writes ---- */

static gboolean
begin (Db *db, GError **error)
{
  int pretended = fault_errno ("store.begin");

  if (pretended != 0) {
    file_set_error (error, pretended, "cannot begin to write", "the store");
    return FALSE;
  }
  return execute (db, "BEGIN IMMEDIATE", "cannot begin to write", error);
}

static gboolean
commit (Db *db, GError **error)
{
  int pretended = fault_errno ("store.before-commit");

  if (pretended != 0) {
    file_set_error (error, pretended, "cannot commit", "the store");
    return FALSE;
  }
  if (!execute (db, "COMMIT", "cannot commit", error))
    return FALSE;
  fault_point ("store.after-commit");
  return TRUE;
}

gboolean
db_write (Db *db, DbWork work, gpointer data, GError **error)
{
  gboolean done;

  if (db->depth > 0) {
    db->depth++;
    done = work (db, data, error);
    db->depth--;
    if (!done)
      db->doomed = TRUE;
    return done;
  }
  if (!begin (db, error))
    return FALSE;
  db->depth = 1;
  db->doomed = FALSE;
  done = work (db, data, error);
  db->depth = 0;
  if (done && db->doomed) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG,
                 "store: a part of the write failed and was overlooked");
    done = FALSE;
  }
  if (done)
    done = commit (db, error);
  /* A COMMIT that failed may have rolled back by itself. */
  if (!done && !sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  return done;
}

gboolean
db_in_write (const Db *db)
{
  return db->depth > 0;
}

/* ---- opening ---- */

static gboolean
read_back (Db *db, const char *pragma, const char *wanted, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean good;

  if (sqlite3_prepare_v2 (db->handle, pragma, -1, &statement, NULL) != SQLITE_OK)
    return fail (db, pragma, error);
  good = sqlite3_step (statement) == SQLITE_ROW &&
         g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), wanted) == 0;
  if (!good)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "store: %s is \"%s\", not \"%s\"", pragma,
                 (const char *)sqlite3_column_text (statement, 0), wanted);
  sqlite3_finalize (statement);
  return good;
}

static gboolean
set_up (Db *db, GError **error)
{
  static const char *const held[][2] = {
      {"PRAGMA journal_mode", "wal"}, {"PRAGMA synchronous", "2"},
      {"PRAGMA foreign_keys", "1"},   {"PRAGMA secure_delete", "1"},
      {"PRAGMA trusted_schema", "0"}, {"PRAGMA cell_size_check", "1"},
      {"PRAGMA temp_store", "2"},     {"PRAGMA recursive_triggers", "1"},
  };

  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, BUSY_MS);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_limit (db->handle, SQLITE_LIMIT_ATTACHED, 0);
  if (!execute (db,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON",
                "cannot set up", error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    if (!read_back (db, held[i][0], held[i][1], error))
      return FALSE;
  return TRUE;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

/* The step files in order; they are numbered from 001 without gaps. */
static GPtrArray *
list_steps (GError **error)
{
  g_autofree char *folder = file_asset ("schema/kiosk");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".sql"))
      g_ptr_array_add (steps, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (steps, by_name);
  for (guint i = 0; i < steps->len; i++) {
    g_autofree char *base = g_path_get_basename (steps->pdata[i]);
    if (g_ascii_strtoll (base, NULL, 10) != i + 1) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "schema step %u is called %s", i + 1,
                   base);
      return NULL;
    }
  }
  if (steps->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "no schema in %s", folder);
    return NULL;
  }
  return g_steal_pointer (&steps);
}

static gboolean
user_version (Db *db, gint64 *ret_version, GError **error)
{
  return db_select_int (db, "PRAGMA user_version", 0, ret_version, error, "");
}

typedef struct {
  GPtrArray *steps;
  guint step; /* from 1 */
} Step;

static gboolean
run_step (Db *db, gpointer data, GError **error)
{
  Step *step = data;
  const char *path = step->steps->pdata[step->step - 1];
  g_autofree char *text = NULL, *version = NULL;
  gint64 now = 0;

  /* Another process may have run it while this one waited for the lock. */
  if (!user_version (db, &now, error))
    return FALSE;
  if (now >= step->step)
    return TRUE;
  text = file_read_text (path, 1024 * 1024, error);
  if (text == NULL)
    return FALSE;
  version = g_strdup_printf ("PRAGMA user_version=%u", step->step);
  return execute (db, text, path, error) && execute (db, version, path, error);
}

static gboolean
bring_up_to_date (Db *db, GError **error)
{
  g_autoptr (GPtrArray) steps = list_steps (error);
  gint64 version = 0;

  if (steps == NULL || !user_version (db, &version, error))
    return FALSE;
  if (version > steps->len) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "the store has schema %" G_GINT64_FORMAT ", this program knows %u", version,
                 steps->len);
    return FALSE;
  }
  for (guint i = (guint)version + 1; i <= steps->len; i++) {
    Step step = {steps, i};
    if (!db_write (db, run_step, &step, error))
      return FALSE;
  }
  return TRUE;
}

DB_SQL (sql_newest_identity, "SELECT incarnation FROM identity ORDER BY position DESC LIMIT 1");

static gboolean
load_incarnation (Db *db, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_newest_identity, error, "");

  if (rows == NULL)
    return FALSE;
  g_clear_pointer (&db->incarnation, g_free);
  if (db_rows_next (rows, &problem))
    db->incarnation = db_rows_text (rows, 0);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

DB_SQL (sql_insert_identity, "INSERT INTO identity (incarnation, began_at) VALUES (?1, ?2)");

static gboolean
make_incarnation (Db *db, gpointer data, GError **error)
{
  gint64 now = *(gint64 *)data;
  g_autofree char *incarnation = id_uuid7 (now);

  if (!load_incarnation (db, error))
    return FALSE;
  if (db->incarnation != NULL)
    return TRUE;
  return db_run (db, sql_insert_identity, error, "si", incarnation, now) &&
         load_incarnation (db, error);
}

gboolean
db_new_incarnation (Db *db, gint64 now, GError **error)
{
  g_autofree char *incarnation = id_uuid7 (now);

  return db_run (db, sql_insert_identity, error, "si", incarnation, now) &&
         load_incarnation (db, error);
}

/* SQLite would make it readable to others. A file that is there is never opened here: closing it
 * would drop the POSIX locks that SQLite holds for this process's other connections, and the next
 * program to end would delete the WAL under them. */
static gboolean
make_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  int code = errno;

  if (fd >= 0)
    close (fd);
  if (fd >= 0 || (code == EEXIST && !g_file_test (path, G_FILE_TEST_IS_SYMLINK)))
    return TRUE;
  file_set_error (error, code, "cannot open", path);
  return FALSE;
}

Db *
db_open (const char *directory, gint64 now, GError **error)
{
  g_autoptr (Db) db = g_new0 (Db, 1);
  g_autofree char *path = g_build_filename (directory, "store.db", NULL);
  g_autofree char *objects = g_build_filename (directory, "objects", NULL);

  if (!file_make_folder (directory, 0700, error) || !file_make_folder (objects, 0700, error) ||
      !make_file (path, error))
    return NULL;
  db->directory = g_strdup (directory);
  if (sqlite3_open_v2 (path, &db->handle,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_FULLMUTEX,
                       NULL) != SQLITE_OK) {
    fail (db, "cannot open", error);
    return NULL;
  }
  if (!set_up (db, error) || !bring_up_to_date (db, error) || !load_incarnation (db, error))
    return NULL;
  if (db->incarnation == NULL && !db_write (db, make_incarnation, &now, error))
    return NULL;
  return g_steal_pointer (&db);
}

Db *
db_open_copy (const char *path, GError **error)
{
  g_autoptr (Db) db = g_new0 (Db, 1);

  db->directory = g_path_get_dirname (path);
  if (sqlite3_open_v2 (path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL) !=
      SQLITE_OK) {
    fail (db, "cannot open the backup", error);
    return NULL;
  }
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  return g_steal_pointer (&db);
}

void
db_free (Db *db)
{
  if (db == NULL)
    return;
  sqlite3_close_v2 (db->handle);
  g_free (db->directory);
  g_free (db->incarnation);
  g_free (db);
}

const char *
db_peek_directory (const Db *db)
{
  return db->directory;
}

const char *
db_peek_incarnation (const Db *db)
{
  return db->incarnation;
}

/* ---- upkeep ---- */

static gboolean
finds_nothing (Db *db, const char *pragma, const char *fine, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, pragma, error, "");

  if (rows == NULL)
    return FALSE;
  while (db_rows_next (rows, &problem)) {
    g_autofree char *finding = db_rows_text (rows, 0);
    if (g_strcmp0 (finding, fine) == 0)
      continue;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "store: %s: %s", pragma, finding);
    return FALSE;
  }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

gboolean
db_check (Db *db, GError **error)
{
  return finds_nothing (db, "PRAGMA quick_check", "ok", error) &&
         finds_nothing (db, "PRAGMA foreign_key_check", NULL, error);
}

static gboolean
copy_pages (Db *db, sqlite3 *to, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", db->handle, "main");
  int code;

  if (backup == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "backup: %s", sqlite3_errmsg (to));
    return FALSE;
  }
  code = sqlite3_backup_step (backup, -1);
  for (int i = 0; i < 100 && (code == SQLITE_BUSY || code == SQLITE_LOCKED); i++) {
    sqlite3_sleep (50);
    code = sqlite3_backup_step (backup, -1);
  }
  sqlite3_backup_finish (backup);
  if (code != SQLITE_DONE) {
    g_set_error (error, ONESTOP_ERROR, code_of (code), "backup: %s", sqlite3_errstr (code));
    return FALSE;
  }
  return TRUE;
}

gboolean
db_copy_to (Db *db, const char *path, GError **error)
{
  sqlite3 *to = NULL;
  gboolean done;

  if (sqlite3_open_v2 (path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
    g_set_error (error, ONESTOP_ERROR, code_of (sqlite3_errcode (to)), "backup: %s",
                 sqlite3_errmsg (to));
    sqlite3_close_v2 (to);
    return FALSE;
  }
  /* One file without a WAL beside it. */
  done = copy_pages (db, to, error) &&
         sqlite3_exec (to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK;
  if (!done && error != NULL && *error == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "backup: %s", sqlite3_errmsg (to));
  sqlite3_close_v2 (to);
  return done;
}
