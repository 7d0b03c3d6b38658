/* clock.h: time, in milliseconds since 1970-01-01T00:00:00Z (UTC), and as text.
 *
 * The hall lives in Asia/Shanghai (UTC+8, no summer time); days are days there. Text in records is
 * RFC 3339 in UTC with milliseconds and Z. Pure modules never call clock_now: they take the time.
 */
#pragma once

#include <glib.h>

/* The wall clock, in ms. A test shifts it by ONESTOP_CLOCK_OFFSET (seconds, signed),
 * or lets it stand still at ONESTOP_CLOCK_STILL (seconds since 1970). */
gint64 clock_now (void);

/* A clock that never goes back, in ms; for time-outs only. */
gint64 clock_monotonic (void);

/* "2026-11-23T08:15:30.123Z". Owned. */
char *clock_format (gint64 ms);

/* Reads exactly the form of clock_format (fraction optional). FALSE with INVALID otherwise. */
gboolean clock_parse (const char *text, gint64 *ret_ms, GError **error);

/* The date in Asia/Shanghai, "2026-11-23". Owned. */
char *clock_day (gint64 ms);

/* Date and time in Asia/Shanghai, "2026-11-23 16:15". Owned. */
char *clock_local (gint64 ms);
