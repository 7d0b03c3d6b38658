/* feed-db.c: the one ordered list of what devices may know. Refuses items to whom they are not for:
 * hall and role are part of the query, not of the reader's good will. */
#include "city/db/feed-db.h"

#include "base/error.h"

/* The writer is alone (BEGIN IMMEDIATE), so that max + 1 leaves no gap a reader could skip. */
DB_SQL (add_item, "INSERT INTO feed(cursor,hall,role,item) "
                  "VALUES((SELECT coalesce(max(cursor),0)+1 FROM feed),$1,$2,$3)");
gboolean
feed_db_add (Db *db, const char *hall, const char *role, const char *item, GError **error)
{
  return db_run (db, error, NULL, add_item, "ttt", hall, role, item);
}

DB_SQL (read_items, "SELECT cursor,item FROM feed WHERE cursor>$1 AND (hall IS NULL OR hall=$2) "
                    "AND (role IS NULL OR role=$3) ORDER BY cursor LIMIT $4");
gboolean
feed_db_read (Db *db, gint64 after, const char *hall, const char *role, gint64 limit,
              FeedDbVisit visit, void *data, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, read_items, "itti", after, hall, role, limit);
  GError *failed = NULL;

  while (rows != NULL && db_rows_next (rows, &failed))
    if (!visit (db_rows_int (rows, 0), db_rows_text (rows, 1), data))
      break;
  if (failed != NULL)
    g_propagate_error (error, failed);
  return rows != NULL && failed == NULL;
}

DB_SQL (feed_head, "SELECT coalesce(max(cursor),0) FROM feed");
gboolean
feed_db_head (Db *db, gint64 *ret_cursor, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, feed_head, "");

  if (rows == NULL || !db_rows_next (rows, error))
    return FALSE;
  *ret_cursor = db_rows_int (rows, 0);
  return TRUE;
}

DB_SQL (put_queue,
        "INSERT INTO queue_number(hall,day,number,family,state,window,at,device) "
        "VALUES($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (hall,day,number) DO UPDATE SET state=$5,"
        "window=coalesce($6,window),at=$7,device=$8 WHERE at<=$7 AND state<>$5");
gboolean
feed_db_queue (Db *db, const FeedQueue *row, gboolean *ret_changed, GError **error)
{
  int changes = 0;

  if (!db_run (db, error, &changes, put_queue, "ttttttit", row->hall, row->day, row->number,
               row->family, row->state, row->window, row->at, row->device))
    return FALSE;
  *ret_changed = changes > 0;
  return TRUE;
}

DB_SQL (has_queue, "SELECT 1 FROM queue_number WHERE hall=$1 AND day=$2 AND number=$3");
gboolean
feed_db_queue_has (Db *db, const char *hall, const char *day, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, has_queue, "ttt", hall, day, number);
  return rows != NULL && db_rows_next (rows, error);
}
