/* receipt-store.c: receipts as they were handed out, until the city holds the case for good. */
#include "store/receipt-store.h"

#include <string.h>

#include "base/strict-json.h"

#define KEEP_MS (24 * 3600 * (gint64)1000)

typedef struct {
  const char *number;
  const char *data;
  gint64 at;
} Row;

DB_SQL (sql_insert, "INSERT INTO receipt (number, data, at) VALUES (?1, ?2, ?3)");

static gboolean
insert (Db *db, gpointer data, GError **error)
{
  const Row *row = data;
  return db_run (db, sql_insert, error, "ssi", row->number, row->data, row->at);
}

gboolean
receipt_store_insert (Db *db, const char *number, const json_t *data, gint64 at, GError **error)
{
  g_autofree char *text = strict_json_write (data);
  Row row = {number, text, at};

  return db_write (db, insert, &row, error);
}

DB_SQL (sql_get, "SELECT data FROM receipt WHERE number = ?1");

json_t *
receipt_store_get (Db *db, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "s", number);
  g_autofree char *text = NULL;

  if (!db_rows_first (rows, error, "no receipt of this number is kept here"))
    return NULL;
  text = db_rows_text (rows, 0);
  return strict_json_parse (text, strlen (text), error);
}

DB_SQL (sql_purge,
        "DELETE FROM receipt WHERE at < ?1 AND number IN (SELECT c.number FROM case_local c"
        " JOIN watermark w USING (incarnation) WHERE c.seq <= w.safe)");

static gboolean
purge (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_purge, error, "i", *(gint64 *)data - KEEP_MS);
}

gboolean
receipt_store_purge (Db *db, gint64 now, GError **error)
{
  return db_write (db, purge, &now, error);
}
