/* object-store.h: sealed blobs as files, objects/ab/abcdef..., named by the SHA-256 of the file.
 *
 * A file is written and synced, with its folder, before the transaction that speaks of it. What no
 * row speaks of is an orphan of a crash and is swept. Nothing here is ever opened (trust/open). */
#pragma once

#include "store/db.h"

/* Stores `sealed`; the same bytes twice are one file. `ret_sha256` is owned, 64 hex digits. */
gboolean object_store_put (const char *directory, GBytes *sealed, char **ret_sha256,
                           GError **error);

/* The bytes, checked against their name: NOT_FOUND, CORRUPT, INVALID for a name that is none. */
GBytes *object_store_get (const char *directory, const char *sha256, GError **error);

/* Where the file stands or would stand. Owned. */
char *object_store_path (const char *directory, const char *sha256);

/* Deletes files without a row that are older than `before` (ms, file time). Their number. */
guint object_store_sweep (Db *db, gint64 before, GError **error);

/* Deletes the files of objects whose entry is at most `safe` in `incarnation`; the rows stay and
 * say so. FALSE on error; `ret_purged` may be NULL. */
gboolean object_store_purge (Db *db, const char *incarnation, gint64 safe, guint *ret_purged,
                             GError **error);
