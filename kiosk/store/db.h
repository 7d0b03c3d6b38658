/* db.h: the one SQLite file of a device (`store.db` in its state directory) and the only way in.
 *
 * Opened with journal_mode=WAL and synchronous=FULL (both set and read back: a store that does not
 * hold them is not opened), foreign_keys, secure_delete, defensive, trusted_schema off, a busy time
 * of 10 s. The schema stands in assets/schema/kiosk/NNN-*.sql; a step that is missing is run at
 * open, each in one transaction with its user_version. A file of a newer version is refused
 * (CONFLICT).
 *
 * A Db belongs to one thread at a time. onestop-kiosk, onestop-print, onestop-sync and onestop each
 * open their own. Errors: FULL (disk), RETRY (busy, I/O), CORRUPT, CONFLICT (a unique row is there
 * already, an append-only row would change), BUG (a statement that does not fit the schema).
 *
 * SQL text stands right above the function that runs it, in DB_SQL, which also lists it for the
 * test that prepares every statement. */
#pragma once

#include <glib.h>

typedef struct _Db Db;
typedef struct _DbRows DbRows;

/* Opens or makes the store in `directory` (made with 0700 if missing; objects/ in it too). `now`
 * is the time of the incarnation, if the store is new. */
Db *db_open (const char *directory, gint64 now, GError **error);
void db_free (Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Db, db_free)

const char *db_peek_directory (const Db *db);

/* The life of this store's log: a UUIDv7 made with the store, and anew by a restore. */
const char *db_peek_incarnation (const Db *db);

typedef gboolean (*DbWork) (Db *db, gpointer data, GError **error);

/* All writes: BEGIN IMMEDIATE, `work`, COMMIT (which is on the disk when this returns TRUE); if
 * `work` fails, ROLLBACK, and nothing of it stays. Inside a write this joins the outer one, and a
 * failure dooms it as a whole. Every function of the store that changes something calls this
 * itself, so one caller's several changes become one transaction by standing in one db_write. */
gboolean db_write (Db *db, DbWork work, gpointer data, GError **error);

/* Passes PRAGMA quick_check and foreign_key_check. CORRUPT with the first finding. */
gboolean db_check (Db *db, GError **error);

/* ---- for the store room alone ---- */

#define DB_SQL(name, ...)                                                                          \
  static const char name[] = __VA_ARGS__;                                                          \
  static const char *const name##_listed __attribute__ ((section ("onestop_sql"), used)) = name

/* TRUE inside db_write. */
gboolean db_in_write (const Db *db);

/* Begins a new life of the log (restore). Only inside a write. */
gboolean db_new_incarnation (Db *db, gint64 now, GError **error);

/* Runs one statement without rows. `types` has a letter for each parameter ?1, ?2...: s text
 * (const char *, NULL is null), i integer (gint64), b blob (GBytes *, NULL is null). */
gboolean db_run (Db *db, const char *sql, GError **error, const char *types, ...);

/* Whether SQLite takes `sql` (the test of all statements). */
gboolean db_prepares (Db *db, const char *sql, GError **error);

/* Rows that the last db_run changed. */
gint64 db_changes (const Db *db);

/* Starts a select. NULL on error. */
DbRows *db_select (Db *db, const char *sql, GError **error, const char *types, ...);
void db_rows_free (DbRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbRows, db_rows_free)

/* TRUE: a row stands ready. FALSE: the end, or an error (`error` set). */
gboolean db_rows_next (DbRows *rows, GError **error);

/* Columns of the ready row, from 0. Text is owned by the caller, NULL where null. */
char *db_rows_text (DbRows *rows, int column);
gint64 db_rows_int (DbRows *rows, int column);
gboolean db_rows_is_null (DbRows *rows, int column);
GBytes *db_rows_bytes (DbRows *rows, int column);

/* The first row of a select (`rows` NULL: it failed, `error` is set). TRUE with the row ready;
 * FALSE with the error of reading it, or NOT_FOUND with the words `none` if there is no row. */
gboolean db_rows_first (DbRows *rows, GError **error, const char *none, ...) G_GNUC_PRINTF (3, 4);

/* All rows of a select (NULL as above), each as `read` makes it of the ready row; freed by
 * `free_row`. NULL on error. Owned. */
typedef gpointer (*DbReadRow) (DbRows *rows);
GPtrArray *db_rows_all (DbRows *rows, DbReadRow read, GDestroyNotify free_row, GError **error);

/* The first column of all rows as text. NULL on error. Owned. */
GPtrArray *db_rows_texts (DbRows *rows, GError **error);

/* The first column of the first row as an integer, or `fallback` without a row. FALSE on error. */
gboolean db_select_int (Db *db, const char *sql, gint64 fallback, gint64 *ret_value, GError **error,
                        const char *types, ...);

/* Opens a copied database file as it is: no schema step, no WAL (backup.c). */
Db *db_open_copy (const char *path, GError **error);

/* Copies the whole open database page by page to the file `path` (SQLite's backup interface), while
 * others write. The copy is closed and synced. */
gboolean db_copy_to (Db *db, const char *path, GError **error);
