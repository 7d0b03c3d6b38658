/* slip-store.h: what the result slips of the last hour say, as JSON without a name or an answer in
 * clear (flow/slip-flow). They are kept for the printer alone. */
#pragma once

#include <jansson.h>

#include "store/db.h"

/* `id` is 24 hex digits. */
gboolean slip_store_insert (Db *db, const char *id, const json_t *data, gint64 at, GError **error);

/* The data; NOT_FOUND when there is none or it was purged. Owned. */
json_t *slip_store_get (Db *db, const char *id, GError **error);

/* Deletes slips older than an hour at `now`. */
gboolean slip_store_purge (Db *db, gint64 now, GError **error);
