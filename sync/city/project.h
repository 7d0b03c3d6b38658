/* project.h: what an entry of a device's log does to cases, queue and feed. */
#pragma once

#include "city/city.h"
#include "city/db/device-db.h"
#include "domain/entry.h"

typedef struct {
  const DeviceRow *device;
  gint64 chain;
  gint64 now;
  gboolean clock_is_good; /* the device's clock was within 5 minutes of ours at this batch */
} ProjectSource;

/* Applies `entry` (whose exact bytes are `line`). Inside a db_write. FALSE only when the database
 * fails. `*ret_reason` is NULL, or the static word of section 4 of sync/PROTOCOL.md for which the
 * entry is refused: then nothing was changed. */
gboolean project_entry (City *city, const ProjectSource *source, const Entry *entry,
                        const char *line, gsize length, const char **ret_reason, GError **error);

/* Tries the seals of a case once all of it is here: "good" or "damaged" (with an alarm). After the
 * entry is in the log. Inside a db_write. */
gboolean project_seal (City *city, const char *case_id, GError **error);

/* An object has arrived: looks whether cases that waited for it are whole now, and tries their
 * seals. Inside a db_write. */
gboolean project_object (City *city, const char *sha256, GError **error);
