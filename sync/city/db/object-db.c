/* object-db.c: rows about files. Refuses to know their bytes: those are city/object's. */
#include "city/db/object-db.h"

DB_SQL (has_object, "SELECT 1 FROM object WHERE sha256=$1");
gboolean
object_db_has (Db *db, const char *sha256, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, has_object, "t", sha256);
  return rows != NULL && db_rows_next (rows, error);
}

DB_SQL (add_object, "INSERT INTO object VALUES($1,$2,$3) ON CONFLICT DO NOTHING");
gboolean
object_db_add (Db *db, const char *sha256, gint64 size, gint64 now, GError **error)
{
  return db_run (db, error, NULL, add_object, "tii", sha256, size, now);
}

void
object_db_upload_free (ObjectUpload *upload)
{
  if (upload == NULL)
    return;
  g_free (upload->id);
  g_free (upload->device);
  g_free (upload->sha256);
  g_free (upload);
}

DB_SQL (put_upload, "INSERT INTO upload VALUES($1,$2,$3,$4,$5,$6) ON CONFLICT (id) DO UPDATE SET "
                    "length=$4,complete=$5,touched_at=$6");
gboolean
object_db_put_upload (Db *db, const ObjectUpload *upload, GError **error)
{
  return db_run (db, error, NULL, put_upload, "tttiii", upload->id, upload->device, upload->sha256,
                 upload->length, (gint64)upload->complete, upload->touched_at);
}

DB_SQL (find_upload, "SELECT id,device,sha256,length,complete,touched_at FROM upload WHERE id=$1");
ObjectUpload *
object_db_find_upload (Db *db, const char *id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_upload, "t", id);
  ObjectUpload *upload;

  if (!db_rows_first (rows, error, "no such upload"))
    return NULL;
  upload = g_new0 (ObjectUpload, 1);
  *upload = (ObjectUpload){.id = g_strdup (db_rows_text (rows, 0)),
                           .device = g_strdup (db_rows_text (rows, 1)),
                           .sha256 = g_strdup (db_rows_text (rows, 2)),
                           .length = db_rows_int (rows, 3),
                           .complete = db_rows_int (rows, 4) != 0,
                           .touched_at = db_rows_int (rows, 5)};
  return upload;
}

DB_SQL (drop_upload, "DELETE FROM upload WHERE id=$1");
gboolean
object_db_drop_upload (Db *db, const char *id, GError **error)
{
  return db_run (db, error, NULL, drop_upload, "t", id);
}

DB_SQL (old_uploads, "SELECT id FROM upload WHERE touched_at<$1");
GPtrArray *
object_db_old_uploads (Db *db, gint64 before, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, old_uploads, "i", before);
  return db_rows_texts (rows, error);
}

DB_SQL (use_object, "INSERT INTO object_use(sha256,chain,seq,ordinal,size,hall,case_id) "
                    "VALUES($1,$2,$3,$4,$5,$6,$7)");
gboolean
object_db_use (Db *db, const char *sha256, gint64 chain, gint64 seq, gint64 ordinal, gint64 size,
               const char *hall, const char *case_id, GError **error)
{
  return db_run (db, error, NULL, use_object, "tiiiitt", sha256, chain, seq, ordinal, size, hall,
                 case_id);
}

DB_SQL (used_in, "SELECT 1 FROM object_use WHERE sha256=$1 AND hall=$2 LIMIT 1");
gboolean
object_db_used_in (Db *db, const char *sha256, const char *hall, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, used_in, "tt", sha256, hall);
  return rows != NULL && db_rows_next (rows, error);
}

DB_SQL (missing, "SELECT count(DISTINCT u.sha256) FROM object_use u WHERE u.case_id=$1 AND NOT "
                 "EXISTS (SELECT 1 FROM object o WHERE o.sha256=u.sha256)");
gboolean
object_db_missing (Db *db, const char *case_id, gint64 *ret_n, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, missing, "t", case_id);

  if (rows == NULL || !db_rows_next (rows, error))
    return FALSE;
  *ret_n = db_rows_int (rows, 0);
  return TRUE;
}

DB_SQL (cases_of,
        "SELECT DISTINCT case_id FROM object_use WHERE sha256=$1 AND case_id IS NOT NULL");
GPtrArray *
object_db_cases (Db *db, const char *sha256, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, cases_of, "t", sha256);
  return db_rows_texts (rows, error);
}

DB_SQL (entries_of,
        "SELECT u.chain,u.seq FROM object_use u JOIN device_log l ON l.chain=u.chain AND "
        "l.seq=u.seq WHERE u.case_id=$1 AND u.ordinal=0 ORDER BY l.received_at,u.seq");
GArray *
object_db_entries (Db *db, const char *case_id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, entries_of, "t", case_id);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (ObjectEntry));
  GError *failed = NULL;

  while (rows != NULL && db_rows_next (rows, &failed)) {
    ObjectEntry entry = {db_rows_int (rows, 0), db_rows_int (rows, 1)};
    g_array_append_val (all, entry);
  }
  if (failed != NULL)
    g_propagate_error (error, failed);
  return rows != NULL && failed == NULL ? g_steal_pointer (&all) : NULL;
}

DB_SQL (each_object, "SELECT sha256,size FROM object ORDER BY sha256");
gboolean
object_db_each (Db *db, ObjectDbVisit visit, void *data, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, each_object, "");
  GError *failed = NULL;

  while (rows != NULL && failed == NULL && db_rows_next (rows, &failed))
    visit (db_rows_text (rows, 0), db_rows_int (rows, 1), data, &failed);
  if (failed != NULL)
    g_propagate_error (error, failed);
  return rows != NULL && failed == NULL;
}
