/* db.h: the city's own layer over SQLite: one connection, prepared statements, one way to write.
 *
 * One SQL text serves every engine that may come: parameters are $1, $2, ... and bound by number
 * whatever their order in the text. Statements are named by DB_SQL, so that a test can prepare
 * each of them; they stand only in this folder, above the function that runs them. WAL and
 * synchronous FULL are set and read back at every open. Not for use by two threads. */
#pragma once

#include <glib.h>

typedef struct Db Db;
typedef struct DbRows DbRows;

/* Declares a static statement and lists it for db_prepare_all. */
#define DB_SQL(name, text)                                                                         \
  static const char name[] = text;                                                                 \
  static const char *const name##_listed __attribute__ ((used, section ("onestop_sql"))) = name

/* Opens or makes the database file, and brings it to the newest schema with the numbered steps of
 * assets/schema/city. A database that is newer than the program is CONFLICT; one that cannot be
 * made durable is BUG; else as the functions below. */
Db *db_open (const char *path, GError **error);
void db_free (Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Db, db_free)

/* `types` has one letter for each of $1, $2, ...: `t` const char* (NULL binds NULL), `i` gint64,
 * `d` double, `b` const void* and gsize, `y` GBytes* (NULL binds NULL). Integers must be passed as
 * gint64. */

/* Runs a statement that gives no rows. Errors: RETRY when locked, FULL, CORRUPT, CONFLICT for a
 * broken constraint, BUG otherwise. `ret_changes` (or NULL) is the number of rows it changed. */
gboolean db_run (Db *db, GError **error, int *ret_changes, const char *sql, const char *types, ...);

/* Starts a query. NULL with the errors above. Free it (to its end or not) by db_rows_free. */
DbRows *db_select (Db *db, GError **error, const char *sql, const char *types, ...);
void db_rows_free (DbRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbRows, db_rows_free)

/* TRUE with a row to read, FALSE at the end (no error set) or on failure. */
gboolean db_rows_next (DbRows *rows, GError **error);

/* The first row of a query (`rows` NULL: it failed, `error` is set). TRUE with the row to read;
 * FALSE with the error of reading it, or NOT_FOUND with the words `none` if there is no row. */
gboolean db_rows_first (DbRows *rows, GError **error, const char *none, ...) G_GNUC_PRINTF (3, 4);

/* All rows of a query (NULL as above), each as `read` makes it of the row to read; freed by
 * `free_row`. NULL on error. Owned. */
typedef void *(*DbReadRow) (DbRows *rows);
GPtrArray *db_rows_all (DbRows *rows, DbReadRow read, GDestroyNotify free_row, GError **error);

/* The first column of all rows as text. NULL on error. Owned. */
GPtrArray *db_rows_texts (DbRows *rows, GError **error);

/* Columns from 0. Text and blobs are borrowed until the next call of db_rows_next. A NULL column is
 * NULL or 0. */
const char *db_rows_text (DbRows *rows, int column);
gint64 db_rows_int (DbRows *rows, int column);
const void *db_rows_blob (DbRows *rows, int column, gsize *ret_length);

/* One transaction: BEGIN IMMEDIATE, `work`, COMMIT (on disk when this returns TRUE); ROLLBACK when
 * `work` returns FALSE. Does not nest. */
typedef gboolean (*DbWork) (Db *db, void *data, GError **error);
gboolean db_write (Db *db, DbWork work, void *data, GError **error);

/* Writes a consistent copy of the whole database to a new file and fsyncs it. */
gboolean db_copy (Db *db, const char *path, GError **error);

/* Prepares every DB_SQL statement of the program; names the first that fails. */
gboolean db_prepare_all (Db *db, GError **error);

/* SQLite's own integrity check: CORRUPT with its first line. */
gboolean db_check (Db *db, GError **error);
