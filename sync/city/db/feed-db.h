/* feed-db.h: what goes down to the devices, in one order without gaps, and the queue it tells of.
 */
#pragma once

#include "city/db/db.h"

/* Appends an item (compact JSON without "cursor"). `hall` NULL: every hall; `role` NULL: every
 * role. Only inside db_write. */
gboolean feed_db_add (Db *db, const char *hall, const char *role, const char *item, GError **error);

typedef gboolean (*FeedDbVisit) (gint64 cursor, const char *item, void *data);
/* Items after `after` that a device of this hall and role gets, at most `limit`; ends early when
 * `visit` says FALSE. */
gboolean feed_db_read (Db *db, gint64 after, const char *hall, const char *role, gint64 limit,
                       FeedDbVisit visit, void *data, GError **error);
/* The newest cursor, 0 if there is none. */
gboolean feed_db_head (Db *db, gint64 *ret_cursor, GError **error);

typedef struct {
  const char *hall, *day, *number, *family, *state, *window, *device;
  gint64 at;
} FeedQueue;

/* Puts a number where it stands now. An entry older than the row leaves it as it is:
 * `*ret_changed` FALSE. */
gboolean feed_db_queue (Db *db, const FeedQueue *row, gboolean *ret_changed, GError **error);

/* The family of a number and the day's last state; FALSE without an error if there is none. */
gboolean feed_db_queue_has (Db *db, const char *hall, const char *day, const char *number,
                            GError **error);
