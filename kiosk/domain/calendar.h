/* calendar.h: days, and which of them are working days.
 *
 * A day is an int: days since 1970-01-01 (proleptic Gregorian, no time zone; the caller takes days
 * in Asia/Shanghai, see clock_day). Working days come from the State Council's yearly notice, kept
 * as data in assets/guide/calendar.json; pure: the caller loads the JSON. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct Calendar Calendar;

/* Reads the document: {"revision": "...", "years": [{"year": 2026, "status": "published" |
 * "provisional", "source": "...", "off": ["2026-01-01..2026-01-03", "2026-06-19"], "work":
 * ["2026-01-04"]}]}. Years ascend without a gap; a published year never follows a provisional one;
 * an item lies in its year (or in the last ten days of December before it) and stands once. INVALID
 * that names the place. */
Calendar *calendar_new (const json_t *document, GError **error);
void calendar_free (Calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Calendar, calendar_free)

/* The revision text of the document: kept beside every date computed with it. Borrowed. */
const char *calendar_peek_revision (const Calendar *calendar);

/* TRUE unless off: the notice's word if it speaks of the day, else Monday to Friday. */
gboolean calendar_is_working (const Calendar *calendar, int day);

/* TRUE if the notice for the day's year is published. A date that depends on any other day is
 * provisional. */
gboolean calendar_is_known (const Calendar *calendar, int day);

/* The first working day after `day` (never `day` itself). */
int calendar_next_working (const Calendar *calendar, int day);

/* How many working days lie in (after, until]; 0 if until <= after. */
int calendar_count_working (const Calendar *calendar, int after, int until);

/* "2026-11-23" to a day and back. Parsing takes exactly that form and a real date of the years 1900
 * to 2199; FALSE otherwise, `ret_day` untouched. */
gboolean calendar_day_parse (const char *text, int *ret_day);
char *calendar_day_format (int day);

/* The day in Asia/Shanghai at `ms` UTC (clock_day); 0 outside of the years above. */
int calendar_day_of (gint64 ms);

/* Parts of a day. Weekday: 1 Monday to 7 Sunday. */
void calendar_day_split (int day, int *ret_year, int *ret_month, int *ret_day);
int calendar_weekday (int day);

/* A day from its parts; FALSE if there is no such date, `ret_day` untouched. */
gboolean calendar_day_join (int year, int month, int mday, int *ret_day);

/* Full years from `birth` to `today` (29 February counts as reached on 1 March). */
int calendar_years_between (int birth, int today);
