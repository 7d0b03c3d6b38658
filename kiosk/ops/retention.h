/* retention.h: how long this machine keeps what, and the one call that deletes the rest.
 *
 * | data | where | until | deleted by |
 * |---|---|---|---|
 * | draft of an application | memory | the end of the session | intake-flow |
 * | sealed body and documents | objects/ | the city holds them for good (`safe`) | retention_run |
 * | receipt (no name) | store | `safe`, and 24 hours over | retention_run |
 * | print job | store | 10 minutes after it was printed or cancelled | retention_run |
 * | queue tickets and their places | store | the end of their day | retention_run |
 * | guides | store | 3 days after another took their place, if no case began with them |
 * retention_run | | log entries, case numbers, public states | store | kept: nothing in them is
 * personal in clear |
 * - |
 */
#pragma once

#include "store/db.h"

/* Deletes what is due at `now`; called when a program with a screen starts; onestop-sync and
 * onestop-print purge what is theirs as they go. Goes on after a
 * failure and reports the first. */
gboolean retention_run (Db *db, gint64 now, GError **error);
