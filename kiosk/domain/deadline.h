/* deadline.h: the last day of a limit.
 *
 * The day on which a limit starts is not counted; the n-th counted day is the last one, until
 * closing time. Working-day limits count working days. Calendar-day limits count all days, and one
 * that ends on a day off moves to the next working day. */
#pragma once

#include <glib.h>

#include "domain/calendar.h"

typedef enum { DEADLINE_UNIT_WORKDAY, DEADLINE_UNIT_CALENDAR_DAY } DeadlineUnit;

/* Days that do not count: `first` (the day on which the clock stopped) to `last` (the day of what
 * made it run again), both inclusive; counting resumes on the day after. DEADLINE_OPEN as `last`:
 * still paused. Pauses may overlap and come in any order. */
#define DEADLINE_OPEN G_MAXINT
typedef struct {
  int first, last;
} DeadlinePause;

typedef struct {
  gboolean open;        /* paused without an end before the n-th day: there is no last day yet */
  int last;             /* the last day, unless open */
  gboolean provisional; /* a day that it depends on lies in a year without a published notice */
  gboolean moved;       /* calendar days: the end fell on a day off and moved */
} Deadline;

#define DEADLINE_MAX_DAYS 3660

/* The last day of a limit of `n` (1 to DEADLINE_MAX_DAYS; 0 gives `start` itself) units that starts
 * on `start`. INVALID for an `n` or a pause out of range. */
gboolean deadline_compute (const Calendar *calendar, int start, int n, DeadlineUnit unit,
                           const DeadlinePause *pauses, gsize n_pauses, Deadline *ret_deadline,
                           GError **error);

/* The day an act counts as done on for a *promised* limit: `day`, or the next working day if
 * `minutes` (of the day, local) is past `closing_minutes` or `day` is off. Never use it for
 * statutory limits: those take the day itself. */
int deadline_counting_day (const Calendar *calendar, int day, int minutes, int closing_minutes);

/* Working days left until `last` as seen on `today`: 0 on the last day, negative when late. */
int deadline_days_left (const Calendar *calendar, int today, int last);

/* "workday" or "calendar_day". Static; parse FALSE for a stranger. */
const char *deadline_unit_word (DeadlineUnit unit);
gboolean deadline_unit_parse (const char *word, DeadlineUnit *ret_unit);

/* "2026-03-02..2026-03-05" or, still open, "2026-03-02..". FALSE with INVALID. */
gboolean deadline_pause_parse (const char *text, DeadlinePause *ret_pause, GError **error);
