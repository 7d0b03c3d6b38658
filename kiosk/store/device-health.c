/* device-health.c: one row a device, overwritten. Refuses to keep a history: the journal and the
 * system's log do. */
#include "store/device-health.h"

void
device_health_free (DeviceHealth *health)
{
  if (health == NULL)
    return;
  g_free (health->device);
  g_free (health->condition);
  g_free (health->detail);
  g_free (health);
}

typedef struct {
  const char *device, *condition, *detail;
  gint64 at;
} Set;

DB_SQL (sql_set,
        "INSERT INTO device_health (device, condition, detail, since, checked_at)"
        " VALUES (?1, ?2, ?3, ?4, ?4)"
        " ON CONFLICT (device) DO UPDATE SET"
        " since = CASE WHEN condition = excluded.condition THEN since ELSE excluded.since END,"
        " condition = excluded.condition, detail = excluded.detail,"
        " checked_at = excluded.checked_at");

static gboolean
set (Db *db, gpointer data, GError **error)
{
  const Set *set = data;
  return db_run (db, sql_set, error, "sssi", set->device, set->condition, set->detail, set->at);
}

gboolean
device_health_set (Db *db, const char *device, const char *condition, const char *detail, gint64 at,
                   GError **error)
{
  Set data = {device, condition, detail, at};
  return db_write (db, set, &data, error);
}

static gpointer
read_row (DbRows *rows)
{
  DeviceHealth *health = g_new0 (DeviceHealth, 1);

  health->device = db_rows_text (rows, 0);
  health->condition = db_rows_text (rows, 1);
  health->detail = db_rows_text (rows, 2);
  health->since = db_rows_int (rows, 3);
  health->checked_at = db_rows_int (rows, 4);
  return health;
}

DB_SQL (sql_get, "SELECT device, condition, detail, since, checked_at FROM device_health"
                 " WHERE device = ?1");

DeviceHealth *
device_health_get (Db *db, const char *device, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "s", device);

  return db_rows_first (rows, error, "nobody has looked at %s yet", device) ? read_row (rows)
                                                                            : NULL;
}

DB_SQL (sql_list, "SELECT device, condition, detail, since, checked_at FROM device_health"
                  " ORDER BY device");

GPtrArray *
device_health_list (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_list, error, "");

  return db_rows_all (rows, read_row, (GDestroyNotify)device_health_free, error);
}
