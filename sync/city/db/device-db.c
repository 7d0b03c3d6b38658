/* device-db.c: rows of devices, certificates and codes. Refuses to keep a code's secret: only its
 * hash is here. */
#include "city/db/device-db.h"

#include <string.h>

#include "base/error.h"

void
device_db_row_free (DeviceRow *row)
{
  if (row == NULL)
    return;
  g_free (row->device);
  g_free (row->hall);
  g_free (row->role);
  g_free (row->case_code);
  g_free (row->incarnation);
  g_free (row->state);
  g_free (row);
}

static void *
read_row (DbRows *rows)
{
  DeviceRow *row = g_new0 (DeviceRow, 1);
  gsize length;
  const void *key = db_rows_blob (rows, 6, &length);

  *row = (DeviceRow){.device = g_strdup (db_rows_text (rows, 0)),
                     .hall = g_strdup (db_rows_text (rows, 1)),
                     .role = g_strdup (db_rows_text (rows, 2)),
                     .case_code = g_strdup (db_rows_text (rows, 3)),
                     .block_from = db_rows_int (rows, 4),
                     .block_to = db_rows_int (rows, 5),
                     .incarnation = g_strdup (db_rows_text (rows, 7)),
                     .state = g_strdup (db_rows_text (rows, 8)),
                     .enrolled_at = db_rows_int (rows, 9),
                     .heard_at = db_rows_int (rows, 10)};
  if (length == sizeof row->key)
    memcpy (row->key, key, length);
  return row;
}

#define DEVICE_COLUMNS                                                                             \
  "device,hall,role,case_code,block_from,block_to,key,incarnation,state,enrolled_at,heard_at"

DB_SQL (find_device, "SELECT " DEVICE_COLUMNS " FROM device WHERE device=$1");
DeviceRow *
device_db_find (Db *db, const char *device, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_device, "t", device);

  return db_rows_first (rows, error, "no device \"%s\"", device) ? read_row (rows) : NULL;
}

DB_SQL (list_devices, "SELECT " DEVICE_COLUMNS " FROM device ORDER BY device");
GPtrArray *
device_db_list (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, list_devices, "");

  return db_rows_all (rows, read_row, (GDestroyNotify)device_db_row_free, error);
}

DB_SQL (revoke_certificates,
        "UPDATE certificate SET revoked_at=$2 WHERE device=$1 AND revoked_at IS NULL");
DB_SQL (put_device,
        "INSERT INTO device(device,hall,role,case_code,block_from,block_to,key,incarnation,state,"
        "enrolled_at,changed_at) VALUES($1,$2,$3,$4,$5,$6,$7,$8,'active',$9,$9) "
        "ON CONFLICT (device) DO UPDATE SET hall=$2,role=$3,case_code=$4,block_from=$5,"
        "block_to=$6,key=$7,incarnation=$8,state='active',enrolled_at=$9,changed_at=$9");
gboolean
device_db_put (Db *db, const DeviceRow *row, gint64 now, GError **error)
{
  return db_run (db, error, NULL, revoke_certificates, "ti", row->device, now) &&
         db_run (db, error, NULL, put_device, "ttttiibti", row->device, row->hall, row->role,
                 row->case_code, row->block_from, row->block_to, (const void *)row->key,
                 sizeof row->key, row->incarnation, now);
}

DB_SQL (set_state, "UPDATE device SET state=$2,changed_at=$3 WHERE device=$1");
gboolean
device_db_set_state (Db *db, const char *device, const char *state, gint64 now, GError **error)
{
  int changes = 0;

  if (!db_run (db, error, &changes, set_state, "tti", device, state, now))
    return FALSE;
  if (changes == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no device \"%s\"", device);
    return FALSE;
  }
  return strcmp (state, "revoked") != 0 ||
         db_run (db, error, NULL, revoke_certificates, "ti", device, now);
}

DB_SQL (set_heard, "UPDATE device SET heard_at=$2 WHERE device=$1");
gboolean
device_db_heard (Db *db, const char *device, gint64 now, GError **error)
{
  return db_run (db, error, NULL, set_heard, "ti", device, now);
}

DB_SQL (add_certificate, "INSERT INTO certificate(serial,device,expires_at) VALUES($1,$2,$3)");
gboolean
device_db_add_certificate (Db *db, const char *serial, const char *device, gint64 expires_at,
                           GError **error)
{
  return db_run (db, error, NULL, add_certificate, "tti", serial, device, expires_at);
}

DB_SQL (find_certificate,
        "SELECT 1 FROM certificate WHERE serial=$1 AND device=$2 AND revoked_at IS NULL");
gboolean
device_db_certificate_is_good (Db *db, const char *serial, const char *device, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_certificate, "tt", serial, device);
  return rows != NULL && db_rows_next (rows, error);
}

DB_SQL (add_code, "INSERT INTO enrol_code(secret_hash,device,hall,role,case_code,block_from,"
                  "block_to,expires_at) VALUES($1,$2,$3,$4,$5,$6,$7,$8)");
gboolean
device_db_add_code (Db *db, const char *secret_hash, const DeviceRow *row, gint64 expires_at,
                    GError **error)
{
  return db_run (db, error, NULL, add_code, "tttttiii", secret_hash, row->device, row->hall,
                 row->role, row->case_code, row->block_from, row->block_to, expires_at);
}

void
device_db_code_free (DeviceCode *code)
{
  if (code == NULL)
    return;
  device_db_row_free (code->row);
  g_free (code->request_hash);
  g_free (code->answer);
  g_free (code);
}

DB_SQL (find_code, "SELECT device,hall,role,case_code,block_from,block_to,expires_at,request_hash,"
                   "answer FROM enrol_code WHERE secret_hash=$1");
DeviceCode *
device_db_find_code (Db *db, const char *secret_hash, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_code, "t", secret_hash);
  DeviceCode *code;

  if (!db_rows_first (rows, error, "no such code"))
    return NULL;
  code = g_new0 (DeviceCode, 1);
  code->row = g_new0 (DeviceRow, 1);
  *code->row = (DeviceRow){.device = g_strdup (db_rows_text (rows, 0)),
                           .hall = g_strdup (db_rows_text (rows, 1)),
                           .role = g_strdup (db_rows_text (rows, 2)),
                           .case_code = g_strdup (db_rows_text (rows, 3)),
                           .block_from = db_rows_int (rows, 4),
                           .block_to = db_rows_int (rows, 5)};
  code->expires_at = db_rows_int (rows, 6);
  code->request_hash = g_strdup (db_rows_text (rows, 7));
  code->answer = g_strdup (db_rows_text (rows, 8));
  return code;
}

DB_SQL (use_code, "UPDATE enrol_code SET request_hash=$2,answer=$3 "
                  "WHERE secret_hash=$1 AND request_hash IS NULL");
gboolean
device_db_use_code (Db *db, const char *secret_hash, const char *request_hash, const char *answer,
                    GError **error)
{
  int changes = 0;

  if (!db_run (db, error, &changes, use_code, "ttt", secret_hash, request_hash, answer))
    return FALSE;
  if (changes != 1)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "the code is used");
  return changes == 1;
}

DB_SQL (taken, "SELECT device||' '||case_code||' '||block_to FROM device WHERE hall=$1 UNION "
               "SELECT device||' '||case_code||' '||block_to FROM enrol_code "
               "WHERE hall=$1 AND request_hash IS NULL AND expires_at>=$2 ORDER BY 1");
GPtrArray *
device_db_taken (Db *db, const char *hall, gint64 now, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, taken, "ti", hall, now);
  return db_rows_texts (rows, error);
}
