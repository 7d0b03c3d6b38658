/* backup.h: the whole store in one file, consistent, while it runs; and back.
 *
 * The file is a SQLite database: the copied store, and a table of the sealed objects that it names.
 * Keys and enrolment are not in it: a device's keys never leave it. */
#pragma once

#include "store/db.h"

/* Writes `path` (0600; a new file beside it, then renamed). */
gboolean backup_write (Db *db, const char *path, GError **error);

/* Makes the store in `directory` from `path`. CONFLICT if a store is there; INVALID if the file is
 * no backup; CORRUPT if its chain is broken. The restored store begins a new incarnation, and its
 * counters jump, so that no number given after the backup is given again. */
gboolean backup_restore (const char *path, const char *directory, gint64 now, GError **error);
