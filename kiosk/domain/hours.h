/* hours.h: when a hall is open: "mon-fri 09:00-12:00 13:30-17:00; sat 09:00-12:00".
 *
 * Entries are separated by ';'. An entry is one day (mon tue wed thu fri sat sun), a range of them,
 * or none for every day, and then one or more times FROM-TO in the hall's time zone
 * (Asia/Shanghai); TO is later than FROM and at most 24:00. Days are the week's, not the working
 * days of a calendar: a hall that closes on a holiday switches the terminal off. */
#pragma once

#include <glib.h>

typedef struct Hours Hours;

/* NULL with INVALID if `text` is not of that form; an empty text too. Owned. */
Hours *hours_parse (const char *text, GError **error);
void hours_free (Hours *hours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hours, hours_free)

/* Is it open at `now` (ms, see clock.h)? FROM is inside, TO is outside. NULL is always open. */
gboolean hours_is_open (const Hours *hours, gint64 now);

/* As people read it, a line an entry: "Mon to Fri 09:00–12:00, 13:30–17:00\nSat 09:00–12:00".
 * Owned. */
char *hours_text (const Hours *hours, const char *language);
