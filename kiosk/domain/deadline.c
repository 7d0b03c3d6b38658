/* deadline.c: counting days. Refuses to know why a limit runs or stands still; that is the case's.
 */
#include "domain/deadline.h"

#include <string.h>

#include "base/error.h"

/* The last day of the pause that holds `day`, or `day` - 1 if none does. */
static int
pause_end (const DeadlinePause *pauses, gsize n_pauses, int day)
{
  int end = day - 1;

  for (gsize i = 0; i < n_pauses; i++)
    if (pauses[i].first <= day && day <= pauses[i].last)
      end = MAX (end, pauses[i].last);
  return end;
}

static gboolean
arguments_are_fine (int n, const DeadlinePause *pauses, gsize n_pauses, GError **error)
{
  if (n < 0 || n > DEADLINE_MAX_DAYS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a limit has 0 to %d days, not %d",
                 DEADLINE_MAX_DAYS, n);
    return FALSE;
  }
  for (gsize i = 0; i < n_pauses; i++) {
    if (pauses[i].last < pauses[i].first) {
      g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                           "a pause ends before it begins");
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
deadline_compute (const Calendar *calendar, int start, int n, DeadlineUnit unit,
                  const DeadlinePause *pauses, gsize n_pauses, Deadline *ret_deadline,
                  GError **error)
{
  Deadline deadline = {FALSE, start, !calendar_is_known (calendar, start), FALSE};
  int counted = 0, day = start;

  if (!arguments_are_fine (n, pauses, n_pauses, error))
    return FALSE;
  while (counted < n) {
    int end = pause_end (pauses, n_pauses, ++day);
    if (end == DEADLINE_OPEN) {
      deadline.open = TRUE;
      *ret_deadline = deadline;
      return TRUE;
    }
    if (end >= day) {
      day = end; /* the loop goes on with the day after */
      continue;
    }
    /* A working-day limit depends on each day's kind; a calendar-day limit only on its end's. */
    if (unit == DEADLINE_UNIT_WORKDAY && !calendar_is_known (calendar, day))
      deadline.provisional = TRUE;
    counted += unit == DEADLINE_UNIT_CALENDAR_DAY || calendar_is_working (calendar, day);
  }
  if (unit == DEADLINE_UNIT_CALENDAR_DAY) {
    if (n > 0 && !calendar_is_working (calendar, day)) {
      day = calendar_next_working (calendar, day);
      deadline.moved = TRUE;
    }
    deadline.provisional = !calendar_is_known (calendar, day);
  }
  deadline.last = day;
  *ret_deadline = deadline;
  return TRUE;
}

int
deadline_counting_day (const Calendar *calendar, int day, int minutes, int closing_minutes)
{
  if (minutes > closing_minutes || !calendar_is_working (calendar, day))
    return calendar_next_working (calendar, day);
  return day;
}

int
deadline_days_left (const Calendar *calendar, int today, int last)
{
  if (today <= last)
    return calendar_count_working (calendar, today, last);
  return -calendar_count_working (calendar, last, today);
}

const char *
deadline_unit_word (DeadlineUnit unit)
{
  return unit == DEADLINE_UNIT_WORKDAY ? "workday" : "calendar_day";
}

gboolean
deadline_unit_parse (const char *word, DeadlineUnit *ret_unit)
{
  if (g_strcmp0 (word, "workday") == 0)
    *ret_unit = DEADLINE_UNIT_WORKDAY;
  else if (g_strcmp0 (word, "calendar_day") == 0)
    *ret_unit = DEADLINE_UNIT_CALENDAR_DAY;
  else
    return FALSE;
  return TRUE;
}

gboolean
deadline_pause_parse (const char *text, DeadlinePause *ret_pause, GError **error)
{
  const char *dots = strstr (text, "..");
  g_autofree char *first = dots == NULL ? NULL : g_strndup (text, (gsize)(dots - text));
  DeadlinePause pause = {0, DEADLINE_OPEN};

  if (dots == NULL || !calendar_day_parse (first, &pause.first) ||
      (dots[2] != '\0' && !calendar_day_parse (dots + 2, &pause.last)) ||
      pause.last < pause.first) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a pause is YYYY-MM-DD..YYYY-MM-DD or YYYY-MM-DD.., not \"%.40s\"", text);
    return FALSE;
  }
  *ret_pause = pause;
  return TRUE;
}
