/* meta-db.c: what belongs to the server as a whole. Refuses to change or drop a line of the audit
 * log: each is chained to the one before. */
#include "city/db/meta-db.h"

#include <string.h>

#include "base/error.h"
#include "domain/entry.h"
#include "trust/hash.h"

DB_SQL (get_value, "SELECT value FROM meta WHERE name=$1");
char *
meta_db_get (Db *db, const char *name, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, get_value, "t", name);

  return db_rows_first (rows, error, "no value \"%s\"", name) ? g_strdup (db_rows_text (rows, 0))
                                                              : NULL;
}

DB_SQL (set_value, "INSERT INTO meta VALUES($1,$2) ON CONFLICT (name) DO UPDATE SET value=$2");
gboolean
meta_db_set (Db *db, const char *name, const char *value, GError **error)
{
  return db_run (db, error, NULL, set_value, "tt", name, value);
}

DB_SQL (add_alarm, "INSERT INTO alarm(at,kind,device,text) VALUES($1,$2,$3,$4)");
gboolean
meta_db_alarm (Db *db, gint64 now, const char *kind, const char *device, const char *text,
               GError **error)
{
  return db_run (db, error, NULL, add_alarm, "ittt", now, kind, device, text);
}

DB_SQL (add_alarm_once, "INSERT INTO alarm(at,kind,text) SELECT $1,$2,$3 WHERE NOT EXISTS "
                        "(SELECT 1 FROM alarm WHERE kind=$2 AND text=$3)");
gboolean
meta_db_alarm_once (Db *db, gint64 now, const char *kind, const char *text, GError **error)
{
  return db_run (db, error, NULL, add_alarm_once, "itt", now, kind, text);
}

static void
alarm_free (void *data)
{
  MetaAlarm *alarm = data;
  g_free (alarm->kind);
  g_free (alarm->device);
  g_free (alarm->text);
  g_free (alarm);
}

static void *
read_alarm (DbRows *rows)
{
  MetaAlarm *alarm = g_new0 (MetaAlarm, 1);

  *alarm = (MetaAlarm){.id = db_rows_int (rows, 0),
                       .at = db_rows_int (rows, 1),
                       .kind = g_strdup (db_rows_text (rows, 2)),
                       .device = g_strdup (db_rows_text (rows, 3)),
                       .text = g_strdup (db_rows_text (rows, 4))};
  return alarm;
}

DB_SQL (
    list_alarms,
    "SELECT id,at,kind,device,text FROM alarm WHERE seen_at IS NULL ORDER BY id DESC LIMIT 100");
GPtrArray *
meta_db_alarms (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, list_alarms, "");

  return db_rows_all (rows, read_alarm, alarm_free, error);
}

DB_SQL (mark_alarm, "UPDATE alarm SET seen_at=$2 WHERE id=$1 AND seen_at IS NULL");
gboolean
meta_db_alarm_seen (Db *db, gint64 id, gint64 now, GError **error)
{
  return db_run (db, error, NULL, mark_alarm, "ii", id, now);
}

static char *
audit_hash (const char *prev, gint64 at, const char *actor, const char *action, const char *subject)
{
  g_autofree char *text =
      g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%s\n%s\n%s", prev, at, actor, action, subject);
  return hash_sha256_hex (text, strlen (text));
}

DB_SQL (audit_head, "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1");
DB_SQL (audit_add,
        "INSERT INTO audit(at,actor,action,subject,prev_hash,hash) VALUES($1,$2,$3,$4,$5,$6)");
gboolean
meta_db_audit (Db *db, gint64 now, const char *actor, const char *action, const char *subject,
               GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, audit_head, "");
  g_autofree char *prev = NULL, *hash = NULL;

  if (rows == NULL)
    return FALSE;
  prev = g_strdup (db_rows_next (rows, NULL) ? db_rows_text (rows, 0) : ENTRY_FIRST_PREV);
  hash = audit_hash (prev, now, actor, action, subject);
  return db_run (db, error, NULL, audit_add, "ittttt", now, actor, action, subject, prev, hash);
}

DB_SQL (audit_all, "SELECT seq,at,actor,action,subject,prev_hash,hash FROM audit ORDER BY seq");
gboolean
meta_db_audit_check (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, audit_all, "");
  g_autofree char *prev = g_strdup (ENTRY_FIRST_PREV);
  GError *failed = NULL;

  while (rows != NULL && db_rows_next (rows, &failed)) {
    g_autofree char *hash = audit_hash (prev, db_rows_int (rows, 1), db_rows_text (rows, 2),
                                        db_rows_text (rows, 3), db_rows_text (rows, 4));
    if (g_strcmp0 (db_rows_text (rows, 5), prev) != 0 ||
        g_strcmp0 (db_rows_text (rows, 6), hash) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                   "audit line %" G_GINT64_FORMAT " does not follow", db_rows_int (rows, 0));
      return FALSE;
    }
    g_free (prev);
    prev = g_steal_pointer (&hash);
  }
  if (failed != NULL)
    g_propagate_error (error, failed);
  return rows != NULL && failed == NULL;
}

DB_SQL (add_backup, "INSERT INTO backup(at,path) VALUES($1,$2)");
gboolean
meta_db_add_backup (Db *db, gint64 at, const char *path, GError **error)
{
  return db_run (db, error, NULL, add_backup, "it", at, path);
}

DB_SQL (last_backup, "SELECT coalesce(max(at),0) FROM backup");
gboolean
meta_db_last_backup (Db *db, gint64 *ret_at, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, last_backup, "");
  if (rows == NULL || !db_rows_next (rows, error))
    return FALSE;
  *ret_at = db_rows_int (rows, 0);
  return TRUE;
}
