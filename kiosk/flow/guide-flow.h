/* guide-flow.h: which guide a device shows now: the city's, and where it fits the supplement of the
 * district in which the hall stands (domain/guide-supplement). */
#pragma once

#include <glib.h>

#include "domain/guide.h"
#include "store/db.h"

/* Loads the city's guide that is shipped. NOT_FOUND if there is none, INVALID if it is damaged.
 * Owned. */
Guide *guide_flow_load (GError **error);

/* The same with the supplement of `district` ("320571") that is shipped. Owned. */
Guide *guide_flow_load_for (const char *district, GError **error);

/* The city's guide with `supplement`; the city's alone, and a line in the log that says why, if
 * that does not fit. Owned. */
Guide *guide_flow_with_supplement (Guide *take_city, GBytes *supplement);

/* The guide in force in `district` at `now` (ms): what the newest package says for that day in
 * Asia/Shanghai, so that the next version comes at midnight of its first day; before any package,
 * the shipped one. A kept document that cannot be read is passed over, with a line in the log.
 * Owned. */
Guide *guide_flow_in_force (Db *db, const char *district, gint64 now, GError **error);

/* FALSE if guide_flow_in_force would now give another than `shown`. */
gboolean guide_flow_is_in_force (Db *db, const char *district, gint64 now, const Guide *shown);

/* Keeps what `shown` is made of, for a case that began with it. */
gboolean guide_flow_keep (Db *db, const Guide *shown, gint64 now, GError **error);

/* The guide that a case began with, by its name. NOT_FOUND: it is not kept here. Owned. */
Guide *guide_flow_load_kept (Db *db, const char *sha256, GError **error);

/* Loads a guide from a file (at most GUIDE_MAX_BYTES, else FULL, unread). Owned. */
Guide *guide_flow_load_file (const char *path, GError **error);
