/* receipt-store.h: what a receipt or supplement slip shows, as JSON without a name (reprints, F66).
 *
 * Kept until the case's entry is safe at the city and 24 hours are over. */
#pragma once

#include <jansson.h>

#include "store/db.h"

/* `data` is the receipt of paper/receipt-paper. CONFLICT if the number has one. */
gboolean receipt_store_insert (Db *db, const char *number, const json_t *data, gint64 at,
                               GError **error);

/* The data; NOT_FOUND when there is none or it was purged. Owned. */
json_t *receipt_store_get (Db *db, const char *number, GError **error);

/* Deletes receipts of cases that are safe and older than 24 hours at `now`. */
gboolean receipt_store_purge (Db *db, gint64 now, GError **error);
