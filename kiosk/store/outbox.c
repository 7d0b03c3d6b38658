/* outbox.c: reads what waits to be sent. Refuses to decide when, or to whom. */
#include "store/outbox.h"

DB_SQL (sql_after, "SELECT incarnation, seq, at, kind, case_id, hash, bytes FROM entry"
                   " WHERE incarnation = ?1 AND seq > ?2 ORDER BY seq");

GPtrArray *
outbox_read (Db *db, const char *incarnation, gint64 after_seq, gsize max_bytes, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_after, error, "si", incarnation, after_seq);
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify)journal_entry_free);
  gsize bytes = 0;

  if (rows == NULL)
    return NULL;
  while (db_rows_next (rows, &problem)) {
    JournalEntry *entry = journal_entry_from (rows, error);
    if (entry == NULL)
      return NULL;
    bytes += g_bytes_get_size (entry->bytes) + 1;
    if (entries->len > 0 && bytes > max_bytes) {
      journal_entry_free (entry);
      break;
    }
    g_ptr_array_add (entries, entry);
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return g_steal_pointer (&entries);
}

void
outbox_object_free (OutboxObject *object)
{
  if (object == NULL)
    return;
  g_free (object->sha256);
  g_free (object);
}

static gpointer
read_object (DbRows *rows)
{
  OutboxObject *object = g_new0 (OutboxObject, 1);

  object->sha256 = db_rows_text (rows, 0);
  object->size = db_rows_int (rows, 1);
  return object;
}

DB_SQL (sql_unsent, "SELECT sha256, size FROM object WHERE sent = 0 AND purged = 0"
                    " ORDER BY incarnation, seq, place LIMIT ?1");

GPtrArray *
outbox_objects (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_unsent, error, "i", (gint64)max);

  return db_rows_all (rows, read_object, (GDestroyNotify)outbox_object_free, error);
}

DB_SQL (sql_sent, "UPDATE object SET sent = 1 WHERE sha256 = ?1");

static gboolean
mark_sent (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_sent, error, "s", (const char *)data);
}

gboolean
outbox_object_sent (Db *db, const char *sha256, GError **error)
{
  return db_write (db, mark_sent, (gpointer)sha256, error);
}

typedef struct {
  const char *incarnation;
  gint64 after_seq;
} Resend;

DB_SQL (sql_resend,
        "UPDATE object SET sent = 0 WHERE incarnation = ?1 AND seq > ?2 AND purged = 0");

static gboolean
resend (Db *db, gpointer data, GError **error)
{
  Resend *again = data;
  return db_run (db, sql_resend, error, "si", again->incarnation, again->after_seq);
}

gboolean
outbox_resend_objects (Db *db, const char *incarnation, gint64 after_seq, GError **error)
{
  Resend again = {incarnation, after_seq};
  return db_write (db, resend, &again, error);
}

DB_SQL (sql_waiting_entries,
        "SELECT count (*), min (e.at) FROM entry e LEFT JOIN watermark w USING (incarnation)"
        " WHERE e.seq > coalesce (w.received, 0)");
DB_SQL (sql_waiting_objects,
        "SELECT count (*), min (e.at) FROM object o JOIN entry e USING (incarnation, seq)"
        " WHERE o.sent = 0 AND o.purged = 0");

static gboolean
count_waiting (Db *db, const char *sql, gint64 *ret_count, gint64 *since, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql, error, "");

  if (rows == NULL)
    return FALSE;
  if (!db_rows_next (rows, &problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  *ret_count = db_rows_int (rows, 0);
  if (*ret_count > 0 && (*since == 0 || db_rows_int (rows, 1) < *since))
    *since = db_rows_int (rows, 1);
  return TRUE;
}

gboolean
outbox_status (Db *db, OutboxStatus *ret_status, GError **error)
{
  OutboxStatus status = {0};

  if (!count_waiting (db, sql_waiting_entries, &status.entries, &status.since, error) ||
      !count_waiting (db, sql_waiting_objects, &status.objects, &status.since, error))
    return FALSE;
  *ret_status = status;
  return TRUE;
}
