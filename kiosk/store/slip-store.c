/* slip-store.c: result slips on their way to the printer. Keeps none longer than an hour. */
#include "store/slip-store.h"

#include <string.h>

#include "base/strict-json.h"

#define KEEP_MS (3600 * (gint64)1000)

typedef struct {
  const char *id;
  const char *data;
  gint64 at;
} Row;

DB_SQL (sql_insert, "INSERT INTO slip (id, data, at) VALUES (?1, ?2, ?3)");

static gboolean
insert (Db *db, gpointer data, GError **error)
{
  const Row *row = data;
  return db_run (db, sql_insert, error, "ssi", row->id, row->data, row->at);
}

gboolean
slip_store_insert (Db *db, const char *id, const json_t *data, gint64 at, GError **error)
{
  g_autofree char *text = strict_json_write (data);
  Row row = {id, text, at};

  return db_write (db, insert, &row, error);
}

DB_SQL (sql_get, "SELECT data FROM slip WHERE id = ?1");

json_t *
slip_store_get (Db *db, const char *id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "s", id);
  g_autofree char *text = NULL;

  if (!db_rows_first (rows, error, "no such slip is kept here"))
    return NULL;
  text = db_rows_text (rows, 0);
  return strict_json_parse (text, strlen (text), error);
}

DB_SQL (sql_purge, "DELETE FROM slip WHERE at < ?1");

static gboolean
purge (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_purge, error, "i", *(gint64 *)data - KEEP_MS);
}

gboolean
slip_store_purge (Db *db, gint64 now, GError **error)
{
  return db_write (db, purge, &now, error);
}
