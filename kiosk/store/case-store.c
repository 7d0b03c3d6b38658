/* case-store.c: the cases of this machine, in clear only what tracking needs. */
#include "store/case-store.h"

#include "base/error.h"

void
case_row_free (CaseRow *row)
{
  if (row == NULL)
    return;
  g_free (row->number);
  g_free (row->case_id);
  g_free (row->service);
  g_free (row->guide);
  g_free (row->hall);
  g_free (row->language);
  g_free (row->incarnation);
  g_free (row);
}

DB_SQL (sql_take, "UPDATE case_counter SET last = last + 1");
DB_SQL (sql_taken, "SELECT last FROM case_counter");

gboolean
case_store_next_counter (Db *db, gint64 *ret_counter, GError **error)
{
  if (!db_in_write (db)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "a case number outside of a write");
    return FALSE;
  }
  return db_run (db, sql_take, error, "") &&
         db_select_int (db, sql_taken, 0, ret_counter, error, "");
}

DB_SQL (sql_insert, "INSERT INTO case_local (number, case_id, service, guide, hall, language,"
                    " submitted_at, incarnation, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

static gboolean
insert (Db *db, gpointer data, GError **error)
{
  const CaseRow *row = data;
  return db_run (db, sql_insert, error, "ssssssisi", row->number, row->case_id, row->service,
                 row->guide, row->hall, row->language, row->submitted_at, row->incarnation,
                 row->seq);
}

gboolean
case_store_insert (Db *db, const CaseRow *row, GError **error)
{
  return db_write (db, insert, (gpointer)row, error);
}

static gpointer
read_row (DbRows *rows)
{
  CaseRow *row = g_new0 (CaseRow, 1);

  row->number = db_rows_text (rows, 0);
  row->case_id = db_rows_text (rows, 1);
  row->service = db_rows_text (rows, 2);
  row->guide = db_rows_text (rows, 3);
  row->hall = db_rows_text (rows, 4);
  row->language = db_rows_text (rows, 5);
  row->submitted_at = db_rows_int (rows, 6);
  row->incarnation = db_rows_text (rows, 7);
  row->seq = db_rows_int (rows, 8);
  return row;
}

DB_SQL (sql_get, "SELECT number, case_id, service, guide, hall, language, submitted_at,"
                 " incarnation, seq FROM case_local WHERE number = ?1");

CaseRow *
case_store_get (Db *db, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "s", number);

  return db_rows_first (rows, error, "no case with this number is known here") ? read_row (rows)
                                                                               : NULL;
}

DB_SQL (sql_list, "SELECT number, case_id, service, guide, hall, language, submitted_at,"
                  " incarnation, seq FROM case_local ORDER BY submitted_at DESC, number DESC"
                  " LIMIT ?1");

GPtrArray *
case_store_list (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_list, error, "i", (gint64)max);

  return db_rows_all (rows, read_row, (GDestroyNotify)case_row_free, error);
}
