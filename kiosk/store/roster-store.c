/* roster-store.c: the roster as it was imported last. Keeps no number and no name. */
#include "store/roster-store.h"

typedef struct {
  const char *key;
  const GArray *lines;
  gint64 at;
} Replace;

DB_SQL (sql_forget, "DELETE FROM roster");
DB_SQL (sql_forget_key, "DELETE FROM roster_key");
DB_SQL (sql_key, "INSERT INTO roster_key (one, key, imported_at) VALUES (1, ?1, ?2)");
DB_SQL (sql_insert, "INSERT INTO roster (hash, title) VALUES (?1, ?2) ON CONFLICT DO NOTHING");

static gboolean
replace (Db *db, gpointer data, GError **error)
{
  const Replace *replace = data;

  if (!db_run (db, sql_forget, error, "") || !db_run (db, sql_forget_key, error, "") ||
      !db_run (db, sql_key, error, "si", replace->key, replace->at))
    return FALSE;
  for (guint i = 0; i < replace->lines->len; i++) {
    const RosterLine *line = &g_array_index (replace->lines, RosterLine, i);
    if (!db_run (db, sql_insert, error, "ss", line->hash, line->title))
      return FALSE;
  }
  return TRUE;
}

gboolean
roster_store_replace (Db *db, const char *key, const GArray *lines, gint64 at, GError **error)
{
  Replace data = {key, lines, at};
  return db_write (db, replace, &data, error);
}

DB_SQL (sql_get_key, "SELECT key FROM roster_key");

char *
roster_store_key (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get_key, error, "");
  return rows != NULL && db_rows_next (rows, error) ? db_rows_text (rows, 0) : NULL;
}

DB_SQL (sql_count, "SELECT count (*) FROM roster");
DB_SQL (sql_at, "SELECT imported_at FROM roster_key");

gboolean
roster_store_count (Db *db, gint64 *ret_lines, gint64 *ret_at, GError **error)
{
  return db_select_int (db, sql_count, 0, ret_lines, error, "") &&
         db_select_int (db, sql_at, 0, ret_at, error, "");
}

DB_SQL (sql_titles, "SELECT title FROM roster WHERE hash = ?1 ORDER BY title");

GPtrArray *
roster_store_titles (Db *db, const char *hash, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_titles, error, "s", hash);
  return db_rows_texts (rows, error);
}
