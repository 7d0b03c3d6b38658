/* calendar.c: the working-day table. Knows no clock and no file: the document is given, a day is a
 * number. What a notice does not speak of is Monday to Friday. */
#include "domain/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"

#define CALENDAR_FIRST_YEAR 1900
#define CALENDAR_LAST_YEAR 2199
#define CALENDAR_MAX_ITEM_DAYS 31

struct Calendar {
  char *revision;
  int first_known, last_known; /* years with a published notice; 0, -1: none */
  GHashTable *off;             /* day -> TRUE (off) or FALSE (work) */
};

/* Days from the civil date and back: Howard Hinnant's algorithms ("chrono-compatible low-level date
 * algorithms"), with eras of 400 years beginning on 1 March. */
static int
day_of (int year, int month, int mday)
{
  int y = month <= 2 ? year - 1 : year;
  int era = y / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;

  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

void
calendar_day_split (int day, int *ret_year, int *ret_month, int *ret_day)
{
  int z = day + 719468;
  int era = (z >= 0 ? z : z - 146096) / 146097;
  int doe = z - era * 146097;
  int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int mp = (5 * doy + 2) / 153;

  *ret_day = doy - (153 * mp + 2) / 5 + 1;
  *ret_month = mp < 10 ? mp + 3 : mp - 9;
  *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

gboolean
calendar_day_join (int year, int month, int mday, int *ret_day)
{
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR || month < 1 || month > 12 ||
      mday < 1 || mday > lengths[month - 1] + (month == 2 && leap))
    return FALSE;
  *ret_day = day_of (year, month, mday);
  return TRUE;
}

static gboolean
parse_day (const char *text, gsize length, int *ret_day)
{
  int part[3] = {0, 0, 0};
  static const char form[] = "0000-11-22";

  if (length != sizeof form - 1)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (form[i] == '-') {
      if (text[i] != '-')
        return FALSE;
    } else if (g_ascii_isdigit (text[i])) {
      int *p = &part[form[i] - '0'];
      *p = *p * 10 + (text[i] - '0');
    } else {
      return FALSE;
    }
  }
  return calendar_day_join (part[0], part[1], part[2], ret_day);
}

gboolean
calendar_day_parse (const char *text, int *ret_day)
{
  return text != NULL && parse_day (text, strlen (text), ret_day);
}

int
calendar_day_of (gint64 ms)
{
  g_autofree char *text = clock_day (ms);
  int day = 0;

  calendar_day_parse (text, &day);
  return day;
}

char *
calendar_day_format (int day)
{
  int year, month, mday;

  calendar_day_split (day, &year, &month, &mday);
  return g_strdup_printf ("%04d-%02d-%02d", year, month, mday);
}

int
calendar_weekday (int day)
{
  return (day % 7 + 7 + 3) % 7 + 1; /* 1970-01-01 was a Thursday */
}

int
calendar_years_between (int birth, int today)
{
  int y1, m1, d1, y2, m2, d2;

  calendar_day_split (birth, &y1, &m1, &d1);
  calendar_day_split (today, &y2, &m2, &d2);
  return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

/* An item: one day, or first..last. */
static gboolean
add_item (Calendar *calendar, int year, const char *text, gboolean off, GError **error)
{
  const char *dots = strstr (text, "..");
  int first = 0, last = 0, y, m, d;

  if (dots == NULL ? !parse_day (text, strlen (text), &first)
                   : !parse_day (text, (gsize)(dots - text), &first) ||
                         !parse_day (dots + 2, strlen (dots + 2), &last)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "calendar %d: \"%.40s\" is neither a date nor first..last", year, text);
    return FALSE;
  }
  if (dots == NULL)
    last = first;
  if (last < first || last - first >= CALENDAR_MAX_ITEM_DAYS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "calendar %d: \"%s\" ends before it begins or is too long", year, text);
    return FALSE;
  }
  for (int day = first; day <= last; day++) {
    calendar_day_split (day, &y, &m, &d);
    if (y != year && !(y == year - 1 && m == 12 && d >= 22)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "calendar %d: \"%s\" lies outside its year", year, text);
      return FALSE;
    }
    if (!g_hash_table_insert (calendar->off, GINT_TO_POINTER (day), GINT_TO_POINTER (off))) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "calendar %d: a day of \"%s\" stands twice", year, text);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
add_items (Calendar *calendar, int year, const json_t *entry, const char *key, GError **error)
{
  json_t *items = strict_json_array (entry, key, error);
  json_t *item;
  size_t i;

  if (items == NULL)
    return FALSE;
  json_array_foreach (items, i, item) {
    if (!json_is_string (item)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "calendar %d: \"%s\" holds something that is no text", year, key);
      return FALSE;
    }
    if (!add_item (calendar, year, json_string_value (item), g_str_equal (key, "off"), error))
      return FALSE;
  }
  return TRUE;
}

/* `previous`: the year before in the document, 0 for the first. */
static gboolean
add_year (Calendar *calendar, const json_t *entry, int *previous, GError **error)
{
  const char *status = strict_json_string (entry, "status", error);
  gint64 year = 0;
  gboolean published;

  if (status == NULL || !strict_json_int (entry, "year", &year, error))
    return FALSE;
  published = g_str_equal (status, "published");
  if (!published && !g_str_equal (status, "provisional")) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "calendar: a status is published or provisional, not \"%.40s\"", status);
    return FALSE;
  }
  if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR ||
      (*previous != 0 && year != *previous + 1)) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "calendar: years must ascend without a gap");
    return FALSE;
  }
  if (published && *previous != 0 && calendar->last_known != *previous) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "calendar: a published year follows a provisional one");
    return FALSE;
  }
  if (published) {
    calendar->last_known = (int)year;
    if (calendar->first_known == 0)
      calendar->first_known = (int)year;
  }
  *previous = (int)year;
  return add_items (calendar, (int)year, entry, "off", error) &&
         add_items (calendar, (int)year, entry, "work", error);
}

Calendar *
calendar_new (const json_t *document, GError **error)
{
  const char *revision = strict_json_string (document, "revision", error);
  json_t *years = revision == NULL ? NULL : strict_json_array (document, "years", error);
  g_autoptr (Calendar) calendar = NULL;
  int previous = 0;
  json_t *entry;
  size_t i;

  if (years == NULL)
    return NULL;
  calendar = g_new0 (Calendar, 1);
  calendar->revision = g_strdup (revision);
  calendar->last_known = -1;
  calendar->off = g_hash_table_new (NULL, NULL);
  json_array_foreach (years, i, entry)
    if (!add_year (calendar, entry, &previous, error))
      return NULL;
  return g_steal_pointer (&calendar);
}

void
calendar_free (Calendar *calendar)
{
  if (calendar == NULL)
    return;
  g_hash_table_unref (calendar->off);
  g_free (calendar->revision);
  g_free (calendar);
}

const char *
calendar_peek_revision (const Calendar *calendar)
{
  return calendar->revision;
}

gboolean
calendar_is_working (const Calendar *calendar, int day)
{
  gpointer off;

  if (g_hash_table_lookup_extended (calendar->off, GINT_TO_POINTER (day), NULL, &off))
    return !GPOINTER_TO_INT (off);
  return calendar_weekday (day) <= 5;
}

gboolean
calendar_is_known (const Calendar *calendar, int day)
{
  int year, month, mday;

  calendar_day_split (day, &year, &month, &mday);
  return year >= calendar->first_known && year <= calendar->last_known;
}

int
calendar_next_working (const Calendar *calendar, int day)
{
  do
    day++;
  while (!calendar_is_working (calendar, day));
  return day;
}

int
calendar_count_working (const Calendar *calendar, int after, int until)
{
  int n = 0;

  for (int day = after + 1; day <= until; day++)
    n += calendar_is_working (calendar, day);
  return n;
}
