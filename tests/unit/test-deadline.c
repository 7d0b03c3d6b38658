/* test-deadline.c: working days of 2024 to 2027 and the limits counted with them. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/deadline.h"

static Calendar *
shipped (void)
{
  g_autofree char *path = file_asset ("guide/calendar.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) document = strict_json_load (path, &error);
  Calendar *calendar;

  g_assert_no_error (error);
  calendar = calendar_new (document, &error);
  g_assert_no_error (error);
  return calendar;
}

static int
day (const char *text)
{
  int n = 0;

  g_assert_true (calendar_day_parse (text, &n));
  return n;
}

static void
assert_deadline (const Calendar *calendar, const char *start, int n, DeadlineUnit unit,
                 const char *last, gboolean provisional)
{
  Deadline deadline;
  g_autofree char *text = NULL;

  g_assert_true (deadline_compute (calendar, day (start), n, unit, NULL, 0, &deadline, NULL));
  text = calendar_day_format (deadline.last);
  if (strcmp (text, last) != 0)
    g_error ("%s + %d: %s, not %s", start, n, text, last);
  g_assert_false (deadline.open);
  g_assert_cmpint (deadline.provisional, ==, provisional);
}

static void
test_vectors (void)
{
  static const struct {
    const char *start;
    int n;
    const char *last;
    gboolean provisional;
  } rows[] = {{"2026-02-12", 1, "2026-02-13", FALSE}, {"2026-02-12", 3, "2026-02-24", FALSE},
              {"2026-02-13", 5, "2026-02-27", FALSE}, {"2026-02-27", 1, "2026-02-28", FALSE},
              {"2026-04-30", 5, "2026-05-11", FALSE}, {"2026-05-08", 1, "2026-05-09", FALSE},
              {"2026-06-18", 5, "2026-06-26", FALSE}, {"2026-09-18", 1, "2026-09-20", FALSE},
              {"2026-09-24", 5, "2026-10-09", FALSE}, {"2026-09-30", 3, "2026-10-10", FALSE},
              {"2025-12-31", 1, "2026-01-04", FALSE}, {"2025-12-31", 2, "2026-01-05", FALSE},
              {"2025-09-26", 5, "2025-10-10", FALSE}, {"2026-11-23", 20, "2026-12-21", FALSE},
              {"2026-12-25", 10, "2027-01-11", TRUE}, {"2026-11-23", 0, "2026-11-23", FALSE}};
  g_autoptr (Calendar) calendar = shipped ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_deadline (calendar, rows[i].start, rows[i].n, DEADLINE_UNIT_WORKDAY, rows[i].last,
                     rows[i].provisional);
  g_assert_cmpint (calendar_count_working (calendar, day ("2026-02-01"), day ("2026-02-28")), ==,
                   16);
  g_assert_cmpint (calendar_count_working (calendar, day ("2026-09-20"), day ("2026-10-10")), ==,
                   10);
}

static void
test_calendar_days (void)
{
  g_autoptr (Calendar) calendar = shipped ();

  assert_deadline (calendar, "2026-11-02", 15, DEADLINE_UNIT_CALENDAR_DAY, "2026-11-17", FALSE);
  /* the 15th day is Saturday 12-05: Monday */
  assert_deadline (calendar, "2026-11-20", 15, DEADLINE_UNIT_CALENDAR_DAY, "2026-12-07", FALSE);
  /* ends inside the October holiday: the first working day after it */
  assert_deadline (calendar, "2026-09-18", 15, DEADLINE_UNIT_CALENDAR_DAY, "2026-10-08", FALSE);
  /* a worked Saturday is a day like any other */
  assert_deadline (calendar, "2026-09-25", 15, DEADLINE_UNIT_CALENDAR_DAY, "2026-10-10", FALSE);
  assert_deadline (calendar, "2026-12-25", 15, DEADLINE_UNIT_CALENDAR_DAY, "2027-01-11", TRUE);
}

static void
test_pauses (void)
{
  g_autoptr (Calendar) calendar = shipped ();
  g_autoptr (GError) error = NULL;
  DeadlinePause pauses[2];
  Deadline deadline;

  /* 2026-11-23 is a Monday. Five days: 24 25 26 27 30; a pause on 26 and 27 leaves 24 25 30 1 2. */
  g_assert_true (deadline_pause_parse ("2026-11-26..2026-11-27", &pauses[0], NULL));
  g_assert_true (deadline_compute (calendar, day ("2026-11-23"), 5, DEADLINE_UNIT_WORKDAY, pauses,
                                   1, &deadline, NULL));
  g_assert_cmpint (deadline.last, ==, day ("2026-12-02"));
  /* overlapping, in the wrong order, and over the weekend */
  pauses[1] = pauses[0];
  g_assert_true (deadline_pause_parse ("2026-11-25..2026-11-29", &pauses[0], NULL));
  g_assert_true (deadline_compute (calendar, day ("2026-11-23"), 5, DEADLINE_UNIT_WORKDAY, pauses,
                                   2, &deadline, NULL));
  g_assert_cmpint (deadline.last, ==, day ("2026-12-03"));
  /* after the end: no matter */
  g_assert_true (deadline_pause_parse ("2026-12-01..", &pauses[0], NULL));
  g_assert_true (deadline_compute (calendar, day ("2026-11-23"), 5, DEADLINE_UNIT_WORKDAY, pauses,
                                   1, &deadline, NULL));
  g_assert_cmpint (deadline.last, ==, day ("2026-11-30"));
  g_assert_false (deadline.open);
  /* still paused before the end */
  g_assert_true (deadline_pause_parse ("2026-11-30..", &pauses[0], NULL));
  g_assert_true (deadline_compute (calendar, day ("2026-11-23"), 5, DEADLINE_UNIT_WORKDAY, pauses,
                                   1, &deadline, NULL));
  g_assert_true (deadline.open);

  g_assert_false (deadline_pause_parse ("2026-11-30..2026-11-29", &pauses[0], &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (deadline_pause_parse ("2026-11-30", &pauses[0], &error));
  g_clear_error (&error);
  g_assert_false (
      deadline_compute (calendar, 0, -1, DEADLINE_UNIT_WORKDAY, NULL, 0, &deadline, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_counting (void)
{
  g_autoptr (Calendar) calendar = shipped ();

  g_assert_cmpint (deadline_counting_day (calendar, day ("2026-09-18"), 1020, 1020), ==,
                   day ("2026-09-18"));
  g_assert_cmpint (deadline_counting_day (calendar, day ("2026-09-18"), 1021, 1020), ==,
                   day ("2026-09-20"));
  g_assert_cmpint (deadline_counting_day (calendar, day ("2026-10-03"), 600, 1020), ==,
                   day ("2026-10-08"));
  g_assert_cmpint (deadline_days_left (calendar, day ("2026-11-23"), day ("2026-11-30")), ==, 5);
  g_assert_cmpint (deadline_days_left (calendar, day ("2026-11-30"), day ("2026-11-30")), ==, 0);
  g_assert_cmpint (deadline_days_left (calendar, day ("2026-12-01"), day ("2026-11-30")), ==, -1);
  g_assert_false (calendar_is_known (calendar, day ("2023-12-31")));
  g_assert_false (calendar_is_known (calendar, day ("2027-01-01")));
  g_assert_true (calendar_is_known (calendar, day ("2024-01-01")));
}

/* Days against GLib's own calendar, every day of two centuries. */
static void
test_days (void)
{
  g_autoptr (GDate) date = g_date_new_dmy (1, G_DATE_JANUARY, 1900);
  static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-00-10",  "2026-1-01",
                                      "2026-01-1",  "26-01-01",   "2026-01-01 ", "",
                                      "1899-12-31", "2200-01-01", "2026/01/01"};
  int n = day ("1900-01-01"), y, m, d;

  g_assert_cmpint (day ("1970-01-01"), ==, 0);
  for (; g_date_get_year (date) < 2200; n++) {
    g_autofree char *text = calendar_day_format (n);
    calendar_day_split (n, &y, &m, &d);
    g_assert_cmpint (y, ==, g_date_get_year (date));
    g_assert_cmpint (m, ==, g_date_get_month (date));
    g_assert_cmpint (d, ==, g_date_get_day (date));
    g_assert_cmpint (calendar_weekday (n), ==, g_date_get_weekday (date));
    g_assert_cmpint (day (text), ==, n);
    g_date_add_days (date, 1);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (calendar_day_parse (wrong[i], &n));
  g_assert_false (calendar_day_parse (NULL, &n));
  /* Midnight in Suzhou is 16:00 UTC. */
  g_assert_cmpint (calendar_day_of (G_GINT64_CONSTANT (1795363199999)), ==, day ("2026-11-22"));
  g_assert_cmpint (calendar_day_of (G_GINT64_CONSTANT (1795363200000)), ==, day ("2026-11-23"));
  g_assert_cmpint (calendar_years_between (day ("1990-11-23"), day ("2026-11-22")), ==, 35);
  g_assert_cmpint (calendar_years_between (day ("1990-11-23"), day ("2026-11-23")), ==, 36);
  g_assert_cmpint (calendar_years_between (day ("2004-02-29"), day ("2026-02-28")), ==, 21);
}

static void
test_refused_documents (void)
{
  static const char *const refused[] = {
      "{}",
      "{\"revision\":\"x\"}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"maybe\",\"off\":[],\"work\":[]}]"
      "}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[7],\"work\":"
      "[]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[\"2025-11-"
      "01\"],"
      "\"work\":[]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[\"2026-11-"
      "01\"],"
      "\"work\":[\"2026-11-01\"]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[\"2026-11-"
      "02.."
      "2026-11-01\"],\"work\":[]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"provisional\",\"off\":[],"
      "\"work\":[]},"
      "{\"year\":2027,\"status\":\"published\",\"off\":[],\"work\":[]}]}",
      "{\"revision\":\"x\",\"years\":[{\"year\":2026,\"status\":\"published\",\"off\":[],\"work\":["
      "]},"
      "{\"year\":2028,\"status\":\"published\",\"off\":[],\"work\":[]}]}"};
  static const char december[] = "{\"revision\":\"x\",\"years\":[{\"year\":2027,\"status\":"
                                 "\"published\",\"off\":[\"2026-12-31.."
                                 "2027-01-02\"],\"work\":[\"2026-12-27\"]}]}";
  g_autoptr (json_t) fine = strict_json_parse (december, strlen (december), NULL);
  g_autoptr (Calendar) calendar = calendar_new (fine, NULL);

  g_assert_nonnull (calendar);
  g_assert_false (calendar_is_working (calendar, day ("2026-12-31")));
  g_assert_true (calendar_is_working (calendar, day ("2026-12-27")));
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (json_t) document = strict_json_parse (refused[i], strlen (refused[i]), &error);
    g_assert_no_error (error);
    if (calendar_new (document, &error) != NULL)
      g_error ("taken: %s", refused[i]);
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deadline/vectors", test_vectors);
  g_test_add_func ("/deadline/calendar-days", test_calendar_days);
  g_test_add_func ("/deadline/pauses", test_pauses);
  g_test_add_func ("/deadline/counting", test_counting);
  g_test_add_func ("/calendar/days", test_days);
  g_test_add_func ("/calendar/refused", test_refused_documents);
  return g_test_run ();
}
