/* meta-db.h: single values, alarms, the audit log and the list of finished backups. */
#pragma once

#include "city/db/db.h"

/* "epoch", "keyset_version", ... NULL with NOT_FOUND. Owned. */
char *meta_db_get (Db *db, const char *name, GError **error);
gboolean meta_db_set (Db *db, const char *name, const char *value, GError **error);

/* Something staff must see. `device` may be NULL; the text holds nothing personal. */
gboolean meta_db_alarm (Db *db, gint64 now, const char *kind, const char *device, const char *text,
                        GError **error);

/* The same, unless there is one of this kind and text, seen or not. */
gboolean meta_db_alarm_once (Db *db, gint64 now, const char *kind, const char *text,
                             GError **error);

typedef struct {
  gint64 id, at;
  char *kind, *device, *text;
} MetaAlarm;

/* Alarms that nobody has marked as seen, newest first, at most 100. Owned array of owned records.
 */
GPtrArray *meta_db_alarms (Db *db, GError **error);
gboolean meta_db_alarm_seen (Db *db, gint64 id, gint64 now, GError **error);

/* One line of the hash-chained audit log: who did what to what. */
gboolean meta_db_audit (Db *db, gint64 now, const char *actor, const char *action,
                        const char *subject, GError **error);

/* CORRUPT naming the first line whose hash does not follow. */
gboolean meta_db_audit_check (Db *db, GError **error);

gboolean meta_db_add_backup (Db *db, gint64 at, const char *path, GError **error);
/* The time of the newest one, 0 if there is none. */
gboolean meta_db_last_backup (Db *db, gint64 *ret_at, GError **error);
