/* log-db.c: append-only. Refuses to rewrite: no statement here changes or drops bytes of an entry.
 */
#include "city/db/log-db.h"

#include <string.h>

#include "base/error.h"
#include "domain/entry.h"
#include "trust/hash.h"

DB_SQL (find_chain,
        "SELECT chain,received,head,safe FROM chain WHERE device=$1 AND incarnation=$2");
DB_SQL (add_chain, "INSERT INTO chain(device,incarnation,received,head,safe) "
                   "VALUES($1,$2,0,$3,0) ON CONFLICT DO NOTHING");
static gboolean
read_chain (Db *db, const char *device, const char *incarnation, LogRow *ret_row,
            gboolean *ret_found, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_chain, "tt", device, incarnation);
  GError *failed = NULL;

  if (rows == NULL)
    return FALSE;
  *ret_found = db_rows_next (rows, &failed);
  if (*ret_found) {
    ret_row->id = db_rows_int (rows, 0);
    ret_row->received = db_rows_int (rows, 1);
    g_strlcpy (ret_row->head, db_rows_text (rows, 2), sizeof ret_row->head);
    ret_row->safe = db_rows_int (rows, 3);
  }
  if (failed != NULL)
    g_propagate_error (error, failed);
  return failed == NULL;
}

gboolean
log_db_chain (Db *db, const char *device, const char *incarnation, LogRow *ret_row, GError **error)
{
  gboolean found = FALSE;

  if (!read_chain (db, device, incarnation, ret_row, &found, error))
    return FALSE;
  return found ||
         (db_run (db, error, NULL, add_chain, "ttt", device, incarnation, ENTRY_FIRST_PREV) &&
          read_chain (db, device, incarnation, ret_row, &found, error));
}

DB_SQL (append_entry, "INSERT INTO device_log VALUES($1,$2,$3,$4,$5,$6)");
DB_SQL (move_head, "UPDATE chain SET received=$2,head=$3 WHERE chain=$1 AND received=$2-1");
gboolean
log_db_append (Db *db, gint64 chain, gint64 seq, const char *hash, const void *bytes, gsize length,
               gint64 now, const char *reason, GError **error)
{
  int changes = 0;

  if (!db_run (db, error, NULL, append_entry, "iitbit", chain, seq, hash, bytes, length, now,
               reason) ||
      !db_run (db, error, &changes, move_head, "iit", chain, seq, hash))
    return FALSE;
  if (changes != 1)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "the chain is not at its head");
  return changes == 1;
}

DB_SQL (find_entry, "SELECT hash,reason FROM device_log WHERE chain=$1 AND seq=$2");
gboolean
log_db_find (Db *db, gint64 chain, gint64 seq, char **ret_hash, char **ret_reason, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_entry, "ii", chain, seq);

  if (!db_rows_first (rows, error, "no such entry"))
    return FALSE;
  *ret_hash = g_strdup (db_rows_text (rows, 0));
  *ret_reason = g_strdup (db_rows_text (rows, 1));
  return TRUE;
}

/* Only for lines that cannot be read: rare, so a walk is fine and no index on hashes is paid for.
 */
DB_SQL (find_hash, "SELECT coalesce(max(seq),0) FROM device_log WHERE chain=$1 AND hash=$2");
gboolean
log_db_find_hash (Db *db, gint64 chain, const char *hash, gint64 *ret_seq, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_hash, "it", chain, hash);

  if (rows == NULL || !db_rows_next (rows, error))
    return FALSE;
  *ret_seq = db_rows_int (rows, 0);
  return TRUE;
}

DB_SQL (entry_bytes, "SELECT bytes FROM device_log WHERE chain=$1 AND seq=$2");
GBytes *
log_db_bytes (Db *db, gint64 chain, gint64 seq, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, entry_bytes, "ii", chain, seq);
  gsize length;
  const void *bytes;

  if (!db_rows_first (rows, error, "no such entry"))
    return NULL;
  bytes = db_rows_blob (rows, 0, &length);
  return g_bytes_new (bytes, length);
}

DB_SQL (refused, "SELECT seq,reason FROM device_log WHERE chain=$1 AND seq>=$2 AND seq<=$3 "
                 "AND reason IS NOT NULL ORDER BY seq DESC LIMIT 100");
gboolean
log_db_refused (Db *db, gint64 chain, gint64 from, gint64 to, LogDbVisit visit, void *data,
                GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, refused, "iii", chain, from, to);
  GError *failed = NULL;

  while (rows != NULL && db_rows_next (rows, &failed))
    visit (db_rows_int (rows, 0), db_rows_text (rows, 1), data);
  if (failed != NULL)
    g_propagate_error (error, failed);
  return rows != NULL && failed == NULL;
}

DB_SQL (add_quarantine, "INSERT INTO quarantine(device,at,reason,bytes) VALUES($1,$2,$3,$4)");
gboolean
log_db_quarantine (Db *db, const char *device, gint64 now, const char *reason, const void *bytes,
                   gsize length, GError **error)
{
  return db_run (db, error, NULL, add_quarantine, "titb", device, now, reason, bytes, length);
}

DB_SQL (safe_marks,
        "SELECT c.device||' '||c.incarnation||' '||coalesce((SELECT min(u.seq)-1 FROM object_use u "
        "WHERE u.chain=c.chain AND NOT EXISTS (SELECT 1 FROM object o WHERE o.sha256=u.sha256)),"
        "c.received) FROM chain c");
GPtrArray *
log_db_safe_marks (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, safe_marks, "");
  return db_rows_texts (rows, error);
}

DB_SQL (set_safe, "UPDATE chain SET safe=$3 WHERE device=$1 AND incarnation=$2 AND safe<$3");
gboolean
log_db_set_safe (Db *db, const char *device, const char *incarnation, gint64 safe, GError **error)
{
  return db_run (db, error, NULL, set_safe, "tti", device, incarnation, safe);
}

DB_SQL (all_entries, "SELECT l.chain,l.seq,l.hash,l.bytes,c.received,c.head FROM device_log l "
                     "JOIN chain c ON c.chain=l.chain ORDER BY l.chain,l.seq");
gboolean
log_db_check (Db *db, gint64 *ret_entries, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, all_entries, "");
  GError *failed = NULL;
  gint64 chain = 0, seq = 0, count = 0;
  char prev[65] = "";

  while (rows != NULL && failed == NULL && db_rows_next (rows, &failed)) {
    gsize length;
    const char *bytes = db_rows_blob (rows, 3, &length);
    g_autofree char *hash = hash_sha256_hex (bytes, length);
    g_autoptr (Entry) entry = entry_parse (bytes, length, NULL);

    if (db_rows_int (rows, 0) != chain) {
      chain = db_rows_int (rows, 0);
      seq = 0;
      g_strlcpy (prev, ENTRY_FIRST_PREV, sizeof prev);
    }
    seq++;
    /* A line that is no entry has its place by its neighbours alone. */
    if (db_rows_int (rows, 1) != seq || g_strcmp0 (hash, db_rows_text (rows, 2)) != 0 ||
        (entry != NULL && strcmp (entry->prev, prev) != 0) ||
        (seq == db_rows_int (rows, 4) && g_strcmp0 (hash, db_rows_text (rows, 5)) != 0))
      g_set_error (&failed, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                   "log %" G_GINT64_FORMAT ", entry %" G_GINT64_FORMAT " does not follow", chain,
                   seq);
    g_strlcpy (prev, hash, sizeof prev);
    count++;
  }
  if (failed != NULL)
    g_propagate_error (error, failed);
  if (rows == NULL || failed != NULL)
    return FALSE;
  *ret_entries = count;
  return TRUE;
}
