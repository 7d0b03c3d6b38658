/* backup.h: copies from which the city can be restored, and what devices may delete after them.
 *
 * A backup directory holds objects/ab/... (shared by all backups in it, copied once) and one folder
 * a backup, backup-YYYYMMDDTHHMMSSZ/, with city.db and, written last, manifest.json {"at",
 * "database" (its SHA-256), "objects" (how many)}. Without the manifest it is not finished. Keys
 * are not in it: a backup alone opens nothing. */
#pragma once

#include "city/city.h"

/* Copies while the server runs, checks every byte it copied, then moves `safe`. `directory` NULL:
 * the configured one. `ret_path` (or NULL) owned. */
gboolean backup_make (City *city, const char *directory, gint64 now, char **ret_path,
                      GError **error);

/* Puts backup `path` in the place of the database of `config` (whose keys stay) with a new epoch.
 * The former database is kept beside it. CONFLICT while a server runs; CORRUPT, INVALID. */
gboolean backup_restore (const Config *config, const char *path, gint64 now, GError **error);

/* Holds `directory`/lock for this process until it ends. CONFLICT if another has it. */
gboolean backup_lock (const char *directory, GError **error);

/* Everything that can be checked: database, chains, events against rows, audit, every object's
 * bytes. One line a finding in `ret_report`. FALSE with CORRUPT at the first damage. */
gboolean backup_check (City *city, GString *report, GError **error);
