/* device-db.h: enrolled devices, their certificates, and codes to enrol with. */
#pragma once

#include "city/db/db.h"

typedef struct {
  char *device, *hall, *role, *case_code;
  gint64 block_from, block_to; /* 0, 0: draws no tickets */
  guint8 key[32];              /* Ed25519, public */
  char *incarnation;
  char *state; /* "active", "revoked", "quarantined" */
  gint64 enrolled_at, heard_at;
} DeviceRow;

void device_db_row_free (DeviceRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeviceRow, device_db_row_free)

/* NULL with NOT_FOUND. Owned. */
DeviceRow *device_db_find (Db *db, const char *device, GError **error);
/* All, by name. Owned array. */
GPtrArray *device_db_list (Db *db, GError **error);

/* Enrols, or enrols anew in place of a former device of this name: its certificates are revoked. */
gboolean device_db_put (Db *db, const DeviceRow *row, gint64 now, GError **error);
gboolean device_db_set_state (Db *db, const char *device, const char *state, gint64 now,
                              GError **error);
gboolean device_db_heard (Db *db, const char *device, gint64 now, GError **error);

gboolean device_db_add_certificate (Db *db, const char *serial, const char *device,
                                    gint64 expires_at, GError **error);
/* TRUE if `serial` was issued to `device` and is not revoked. FALSE without an error if not. */
gboolean device_db_certificate_is_good (Db *db, const char *serial, const char *device,
                                        GError **error);

/* A code, by the hash of its secret. `key`, `state` and times of the row are not used. */
gboolean device_db_add_code (Db *db, const char *secret_hash, const DeviceRow *row,
                             gint64 expires_at, GError **error);

typedef struct {
  DeviceRow *row; /* device, hall, role, case_code and block */
  gint64 expires_at;
  char *request_hash, *answer; /* NULL: not used yet */
} DeviceCode;

void device_db_code_free (DeviceCode *code);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeviceCode, device_db_code_free)

/* NULL with NOT_FOUND. Owned. */
DeviceCode *device_db_find_code (Db *db, const char *secret_hash, GError **error);
gboolean device_db_use_code (Db *db, const char *secret_hash, const char *request_hash,
                             const char *answer, GError **error);

/* Names and case codes that codes not used yet were made for, and those of devices: for choosing
 * the next free ones. Each element "DEVICE CASECODE BLOCKTO". Owned array of owned texts. */
GPtrArray *device_db_taken (Db *db, const char *hall, gint64 now, GError **error);
