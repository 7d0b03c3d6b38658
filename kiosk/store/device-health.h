/* device-health.h: what the owner of a device last saw of it, for those who may not touch it.
 *
 * One row a device ("receipt-printer", "page-printer", "scanner"...): a stable word, since when it
 * holds and when somebody last looked. onestop-print writes the printers; screens and the doctor
 * read. Nothing here is history. */
#pragma once

#include "store/db.h"

typedef struct {
  char *device;
  char *condition;   /* a stable word, "ready", "media-empty"... */
  char *detail;      /* as the device said it, or NULL */
  gint64 since;      /* ms: when this condition began */
  gint64 checked_at; /* ms: when it was last confirmed */
} DeviceHealth;

void device_health_free (DeviceHealth *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeviceHealth, device_health_free)

/* Notes that `device` was seen in `condition` at `at`; `since` moves when the condition changes. */
gboolean device_health_set (Db *db, const char *device, const char *condition, const char *detail,
                            gint64 at, GError **error);

/* NOT_FOUND if nobody ever looked. */
DeviceHealth *device_health_get (Db *db, const char *device, GError **error);

/* All rows by name. DeviceHealth. */
GPtrArray *device_health_list (Db *db, GError **error);
