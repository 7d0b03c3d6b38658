/* ticket-store.c: number blocks, drawn tickets, and what was redeemed here. A number is taken only
 * in the write that stores its ticket. */
#include "store/ticket-store.h"

#include "base/error.h"

void
ticket_row_free (TicketRow *row)
{
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->number);
  g_free (row->family);
  g_free (row->day);
  g_free (row->service);
  g_free (row->language);
  g_free (row->text);
  g_free (row);
}

DB_SQL (sql_last, "SELECT last FROM ticket_counter WHERE day = ?1 AND family = ?2");
DB_SQL (sql_take, "INSERT INTO ticket_counter (day, family, last) VALUES (?1, ?2, ?3)"
                  " ON CONFLICT (day, family) DO UPDATE SET last = excluded.last");

gboolean
ticket_store_next_number (Db *db, const char *day, const char *family, int from, int to,
                          int *ret_number, GError **error)
{
  gint64 last, next;

  if (!db_in_write (db)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "a queue number outside of a write");
    return FALSE;
  }
  if (!db_select_int (db, sql_last, 0, &last, error, "ss", day, family))
    return FALSE;
  next = MAX (last + 1, (gint64)from);
  if (next > to) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "the numbers of family %s are used up today", family);
    return FALSE;
  }
  if (!db_run (db, sql_take, error, "ssi", day, family, next))
    return FALSE;
  *ret_number = (int)next;
  return TRUE;
}

DB_SQL (sql_insert, "INSERT INTO ticket (id, number, family, day, service, language, drawn_at,"
                    " expires_at, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

static gboolean
insert (Db *db, gpointer data, GError **error)
{
  const TicketRow *row = data;
  return db_run (db, sql_insert, error, "ssssssiis", row->id, row->number, row->family, row->day,
                 row->service, row->language, row->drawn_at, row->expires_at, row->text);
}

gboolean
ticket_store_insert (Db *db, const TicketRow *row, GError **error)
{
  return db_write (db, insert, (gpointer)row, error);
}

DB_SQL (sql_get, "SELECT id, number, family, day, service, language, drawn_at, expires_at, text"
                 " FROM ticket WHERE id = ?1");

TicketRow *
ticket_store_get (Db *db, const char *id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "s", id);
  TicketRow *row;

  if (!db_rows_first (rows, error, "no such ticket is kept here"))
    return NULL;
  row = g_new0 (TicketRow, 1);
  row->id = db_rows_text (rows, 0);
  row->number = db_rows_text (rows, 1);
  row->family = db_rows_text (rows, 2);
  row->day = db_rows_text (rows, 3);
  row->service = db_rows_text (rows, 4);
  row->language = db_rows_text (rows, 5);
  row->drawn_at = db_rows_int (rows, 6);
  row->expires_at = db_rows_int (rows, 7);
  row->text = db_rows_text (rows, 8);
  return row;
}

DB_SQL (sql_count, "SELECT count (*) FROM ticket WHERE day = ?1 AND family = ?2");

gboolean
ticket_store_count (Db *db, const char *day, const char *family, gint64 *ret_count, GError **error)
{
  return db_select_int (db, sql_count, 0, ret_count, error, "ss", day, family);
}

typedef struct {
  const char *id;
  const char *purpose;
  gint64 at;
  gint64 first_at;
} Redeem;

DB_SQL (sql_redeemed, "SELECT at FROM redeemed WHERE id = ?1");
DB_SQL (sql_redeem, "INSERT INTO redeemed (id, purpose, at) VALUES (?1, ?2, ?3)");

static gboolean
redeem (Db *db, gpointer data, GError **error)
{
  Redeem *redeem = data;

  if (!db_select_int (db, sql_redeemed, -1, &redeem->first_at, error, "s", redeem->id))
    return FALSE;
  if (redeem->first_at >= 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "this ticket was used before");
    return FALSE;
  }
  return db_run (db, sql_redeem, error, "ssi", redeem->id, redeem->purpose, redeem->at);
}

gboolean
ticket_store_redeem (Db *db, const char *id, const char *purpose, gint64 at, gint64 *ret_first_at,
                     GError **error)
{
  Redeem data = {id, purpose, at, -1};
  gboolean done = db_write (db, redeem, &data, error);

  if (!done && data.first_at >= 0 && ret_first_at != NULL)
    *ret_first_at = data.first_at;
  return done;
}

DB_SQL (sql_purge_tickets, "DELETE FROM ticket WHERE day < ?1");
DB_SQL (sql_purge_queue, "DELETE FROM queue_public WHERE day < ?1");

static gboolean
purge (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_purge_tickets, error, "s", (const char *)data) &&
         db_run (db, sql_purge_queue, error, "s", (const char *)data);
}

gboolean
ticket_store_purge (Db *db, const char *day, GError **error)
{
  return db_write (db, purge, (gpointer)day, error);
}
