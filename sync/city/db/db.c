/* db.c: SQLite behind the city's tables. Refuses to know any table: SQL that reads or writes rows
 * stands in the *-db modules beside it, and this file holds pragmas and transactions alone. */
#include "city/db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

#define SCHEMA_FILE_MAX (256 * 1024)
#define BUSY_MS 20000

struct Db {
  sqlite3 *handle;
  GHashTable *statements; /* text (by address) -> idle sqlite3_stmt */
  gboolean in_write;
};

struct DbRows {
  Db *db;
  sqlite3_stmt *statement;
  const char *sql;
};

extern const char *const __start_onestop_sql[];
extern const char *const __stop_onestop_sql[];

static gboolean
fail (Db *db, int code, const char *what, GError **error)
{
  OnestopError kind = ONESTOP_ERROR_BUG;

  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
    kind = ONESTOP_ERROR_RETRY;
    break;
  case SQLITE_FULL:
    kind = ONESTOP_ERROR_FULL;
    break;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    kind = ONESTOP_ERROR_CORRUPT;
    break;
  case SQLITE_CONSTRAINT:
    kind = ONESTOP_ERROR_CONFLICT;
    break;
  default:
    break;
  }
  g_set_error (error, ONESTOP_ERROR, (int)kind, "database: %s: %s", what,
               db->handle != NULL ? sqlite3_errmsg (db->handle) : sqlite3_errstr (code));
  return FALSE;
}

static gboolean
script (Db *db, const char *text, GError **error)
{
  int code = sqlite3_exec (db->handle, text, NULL, NULL, NULL);
  return code == SQLITE_OK || fail (db, code, "statement", error);
}

static gboolean
pragma_int (Db *db, const char *text, gint64 *ret_value, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db->handle, text, -1, &statement, NULL);
  gboolean done = code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW;

  if (done)
    *ret_value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return done || fail (db, code, text, error);
}

static gboolean
set_durable (Db *db, GError **error)
{
  gint64 synchronous = 0;
  sqlite3_stmt *statement = NULL;
  gboolean wal;

  sqlite3_busy_timeout (db->handle, BUSY_MS);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!script (db,
               "PRAGMA trusted_schema=OFF;PRAGMA cell_size_check=ON;PRAGMA foreign_keys=ON;"
               "PRAGMA secure_delete=ON;PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
               error))
    return FALSE;
  sqlite3_prepare_v2 (db->handle, "PRAGMA journal_mode", -1, &statement, NULL);
  wal = statement != NULL && sqlite3_step (statement) == SQLITE_ROW &&
        strcmp ((const char *)sqlite3_column_text (statement, 0), "wal") == 0;
  sqlite3_finalize (statement);
  if (!pragma_int (db, "PRAGMA synchronous", &synchronous, error))
    return FALSE;
  if (!wal || synchronous != 2) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG,
                 "database: WAL and synchronous FULL could not be set");
    return FALSE;
  }
  return TRUE;
}

/* Step n is the file assets/schema/city/NNN-*.sql; user_version is the last one that ran. */
static gboolean
run_step (Db *db, gint64 n, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, SCHEMA_FILE_MAX, error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_strdup_printf ("BEGIN IMMEDIATE;%.*s;PRAGMA user_version=%d;COMMIT;",
                          (int)g_bytes_get_size (bytes),
                          (const char *)g_bytes_get_data (bytes, NULL), (int)n);
  if (!script (db, text, error)) {
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  return TRUE;
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
migrate (Db *db, GError **error)
{
  g_autofree char *folder = file_asset ("schema/city");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  gint64 version = 0;

  if (dir == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no schema in %s", folder);
    return FALSE;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".sql"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, by_name);
  if (!pragma_int (db, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version > (gint64)names->len) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "the database is of a newer program (step %" G_GINT64_FORMAT ")", version);
    return FALSE;
  }
  for (gint64 n = version + 1; n <= (gint64)names->len; n++) {
    g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, n - 1), NULL);
    if (!run_step (db, n, path, error))
      return FALSE;
  }
  return TRUE;
}

static void
finalize (void *statement)
{
  sqlite3_finalize (statement);
}

Db *
db_open (const char *path, GError **error)
{
  g_autoptr (Db) db = g_new0 (Db, 1);
  int code;

  db->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize);
  code = sqlite3_open_v2 (path, &db->handle,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK) {
    fail (db, code, path, error);
    return NULL;
  }
  if (!set_durable (db, error) || !migrate (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

void
db_free (Db *db)
{
  if (db == NULL)
    return;
  g_hash_table_unref (db->statements);
  sqlite3_close (db->handle);
  g_free (db);
}

/* An idle statement of this text, or a new one: a query may run inside another of the same text. */
static sqlite3_stmt *
take_statement (Db *db, const char *sql, GError **error)
{
  void *found = NULL;
  sqlite3_stmt *statement = NULL;
  int code;

  if (g_hash_table_steal_extended (db->statements, sql, NULL, &found))
    return found;
  code = sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL);
  if (code != SQLITE_OK)
    fail (db, code, sql, error);
  return statement;
}

static void
give_back (Db *db, const char *sql, sqlite3_stmt *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  g_hash_table_insert (db->statements, (void *)sql, statement);
}

static int
bind_one (sqlite3_stmt *statement, int at, char type, va_list *args)
{
  switch (type) {
  case 't':
    return sqlite3_bind_text (statement, at, va_arg (*args, const char *), -1, SQLITE_TRANSIENT);
  case 'i':
    return sqlite3_bind_int64 (statement, at, va_arg (*args, gint64));
  case 'd':
    return sqlite3_bind_double (statement, at, va_arg (*args, double));
  case 'b': {
    const void *bytes = va_arg (*args, const void *);
    gsize length = va_arg (*args, gsize);
    return sqlite3_bind_blob64 (statement, at, bytes, length, SQLITE_TRANSIENT);
  }
  case 'y': {
    GBytes *bytes = va_arg (*args, GBytes *);
    if (bytes == NULL)
      return sqlite3_bind_null (statement, at);
    return sqlite3_bind_blob64 (statement, at, g_bytes_get_data (bytes, NULL),
                                g_bytes_get_size (bytes), SQLITE_TRANSIENT);
  }
  default:
    return SQLITE_MISUSE;
  }
}

static sqlite3_stmt *
start (Db *db, const char *sql, const char *types, va_list *args, GError **error)
{
  sqlite3_stmt *statement = take_statement (db, sql, error);

  for (int i = 0; statement != NULL && types[i] != '\0'; i++) {
    g_autofree char *name = g_strdup_printf ("$%d", i + 1);
    int at = sqlite3_bind_parameter_index (statement, name);
    int code = at > 0 ? bind_one (statement, at, types[i], args) : SQLITE_RANGE;
    if (code != SQLITE_OK) {
      fail (db, code, sql, error);
      give_back (db, sql, statement);
      return NULL;
    }
  }
  return statement;
}

gboolean
db_run (Db *db, GError **error, int *ret_changes, const char *sql, const char *types, ...)
{
  va_list args;
  sqlite3_stmt *statement;
  int code;

  va_start (args, types);
  statement = start (db, sql, types, &args, error);
  va_end (args);
  if (statement == NULL)
    return FALSE;
  code = sqlite3_step (statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    fail (db, code, sql, error);
  else if (ret_changes != NULL)
    *ret_changes = sqlite3_changes (db->handle);
  give_back (db, sql, statement);
  return code == SQLITE_DONE || code == SQLITE_ROW;
}

DbRows *
db_select (Db *db, GError **error, const char *sql, const char *types, ...)
{
  va_list args;
  sqlite3_stmt *statement;
  DbRows *rows;

  va_start (args, types);
  statement = start (db, sql, types, &args, error);
  va_end (args);
  if (statement == NULL)
    return NULL;
  rows = g_new0 (DbRows, 1);
  *rows = (DbRows){.db = db, .statement = statement, .sql = sql};
  return rows;
}

void
db_rows_free (DbRows *rows)
{
  if (rows == NULL)
    return;
  give_back (rows->db, rows->sql, rows->statement);
  g_free (rows);
}

gboolean
db_rows_next (DbRows *rows, GError **error)
{
  int code = sqlite3_step (rows->statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    fail (rows->db, code, rows->sql, error);
  return FALSE;
}

gboolean
db_rows_first (DbRows *rows, GError **error, const char *none, ...)
{
  GError *failed = NULL;
  va_list words;

  if (rows == NULL)
    return FALSE;
  if (db_rows_next (rows, &failed))
    return TRUE;
  if (failed == NULL) {
    va_start (words, none);
    failed = g_error_new_valist (ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, none, words);
    va_end (words);
  }
  g_propagate_error (error, failed);
  return FALSE;
}

GPtrArray *
db_rows_all (DbRows *rows, DbReadRow read, GDestroyNotify free_row, GError **error)
{
  GPtrArray *all;
  GError *failed = NULL;

  if (rows == NULL)
    return NULL;
  all = g_ptr_array_new_with_free_func (free_row);
  while (db_rows_next (rows, &failed))
    g_ptr_array_add (all, read (rows));
  if (failed != NULL) {
    g_propagate_error (error, failed);
    g_clear_pointer (&all, g_ptr_array_unref);
  }
  return all;
}

static void *
read_text (DbRows *rows)
{
  return g_strdup (db_rows_text (rows, 0));
}

GPtrArray *
db_rows_texts (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_text, g_free, error);
}

const char *
db_rows_text (DbRows *rows, int column)
{
  return (const char *)sqlite3_column_text (rows->statement, column);
}

gint64
db_rows_int (DbRows *rows, int column)
{
  return sqlite3_column_int64 (rows->statement, column);
}

const void *
db_rows_blob (DbRows *rows, int column, gsize *ret_length)
{
  const void *bytes = sqlite3_column_blob (rows->statement, column);
  *ret_length = (gsize)sqlite3_column_bytes (rows->statement, column);
  return bytes;
}

gboolean
db_write (Db *db, DbWork work, void *data, GError **error)
{
  g_assert (!db->in_write);
  if (!script (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  db->in_write = TRUE;
  if (!work (db, data, error)) {
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
    db->in_write = FALSE;
    return FALSE;
  }
  db->in_write = FALSE;
  if (!script (db, "COMMIT", error)) {
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
  }
  return TRUE;
}

gboolean
db_copy (Db *db, const char *path, GError **error)
{
  sqlite3 *other = NULL;
  sqlite3_backup *backup;
  int code = sqlite3_open_v2 (path, &other, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  int fd;

  if (code == SQLITE_OK) {
    backup = sqlite3_backup_init (other, "main", db->handle, "main");
    if (backup != NULL)
      sqlite3_backup_step (backup, -1);
    code = backup != NULL ? sqlite3_backup_finish (backup) : sqlite3_errcode (other);
  }
  sqlite3_close (other);
  if (code != SQLITE_OK)
    return fail (db, code, path, error);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fsync (fd) != 0) {
    file_set_error (error, errno, "cannot sync", path);
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  close (fd);
  return TRUE;
}

gboolean
db_prepare_all (Db *db, GError **error)
{
  for (const char *const *p = __start_onestop_sql; p < __stop_onestop_sql; p++) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2 (db->handle, *p, -1, &statement, NULL);
    sqlite3_finalize (statement);
    if (code != SQLITE_OK)
      return fail (db, code, *p, error);
  }
  return TRUE;
}

gboolean
db_check (Db *db, GError **error)
{
  sqlite3_stmt *statement = NULL;
  const char *text = NULL;
  gboolean good;

  sqlite3_prepare_v2 (db->handle, "PRAGMA integrity_check(1)", -1, &statement, NULL);
  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    text = (const char *)sqlite3_column_text (statement, 0);
  good = g_strcmp0 (text, "ok") == 0;
  if (!good)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "database: %s",
                 text != NULL ? text : sqlite3_errmsg (db->handle));
  sqlite3_finalize (statement);
  return good;
}
