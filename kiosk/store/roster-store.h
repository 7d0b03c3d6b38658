/* roster-store.h: the roster of titles with its key: hashes that say nothing without the number.
 *
 * Who takes the machine has hashes and key together and could try numbers one by one; what stands
 * against that is the encrypted disk. */
#pragma once

#include "domain/roster.h"
#include "store/db.h"

/* Puts `lines` (RosterLine) and the key (64 hex digits) in the place of what was there. The same
 * line twice counts once. */
gboolean roster_store_replace (Db *db, const char *key, const GArray *lines, gint64 at,
                               GError **error);

/* The key in hex; NULL without error before the first import. Owned. */
char *roster_store_key (Db *db, GError **error);

/* How many lines there are, and since when (0: never). */
gboolean roster_store_count (Db *db, gint64 *ret_lines, gint64 *ret_at, GError **error);

/* The titles of `hash`, sorted: char *, empty for a stranger. Owned. */
GPtrArray *roster_store_titles (Db *db, const char *hash, GError **error);
