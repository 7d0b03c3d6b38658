/* test-hours.c: opening hours: what is read, what is refused, and every minute of a week. */
#include "base/clock.h"
#include "base/error.h"
#include "domain/hours.h"

#define MINUTE_MS G_GINT64_CONSTANT (60000)

static gint64
at (const char *text)
{
  gint64 ms = 0;

  g_assert_true (clock_parse (text, &ms, NULL));
  return ms;
}

static void
test_week (void)
{
  g_autoptr (Hours) hours = hours_parse ("mon-fri 9:00-12:00 13:30-17:00; sat 09:00-12:00", NULL);
  /* 2026-11-23 is a Monday; midnight in Suzhou is 16:00 of the day before in UTC. */
  gint64 monday = at ("2026-11-22T16:00:00Z");
  int open = 0;

  for (int minute = 0; minute < 7 * 24 * 60; minute++) {
    int day = minute / 1440, of_day = minute % 1440;
    gboolean morning = of_day >= 540 && of_day < 720, afternoon = of_day >= 810 && of_day < 1020;
    gboolean wanted = (morning && day < 6) || (afternoon && day < 5);
    g_assert_cmpint (hours_is_open (hours, monday + minute * MINUTE_MS), ==, wanted);
    open += wanted;
  }
  g_assert_cmpint (open, ==, 6 * 180 + 5 * 210);
}

static void
test_edges (void)
{
  g_autoptr (Hours) daily = hours_parse ("09:00-17:00", NULL);
  g_autoptr (Hours) always = hours_parse ("mon-sun 00:00-24:00", NULL);

  g_assert_false (hours_is_open (daily, at ("2026-11-29T00:59:59.999Z")));
  g_assert_true (hours_is_open (daily, at ("2026-11-29T01:00:00.000Z")));
  g_assert_true (hours_is_open (daily, at ("2026-11-29T08:59:59.999Z")));
  g_assert_false (hours_is_open (daily, at ("2026-11-29T09:00:00.000Z")));
  g_assert_true (hours_is_open (always, at ("2026-11-28T15:59:59Z")));
  g_assert_true (hours_is_open (always, at ("2026-11-28T16:00:00Z")));
  g_assert_true (hours_is_open (NULL, 0));
}

static void
test_refused (void)
{
  static const char *const wrong[] = {"",
                                      " ",
                                      ";",
                                      "mon-fri",
                                      "mon-fri 9-17",
                                      "09:00",
                                      "17:00-9:00",
                                      "9:00-9:00",
                                      "9:00-24:01",
                                      "9:00-25:00",
                                      "9:60-10:00",
                                      "fri-mon 9:00-10:00",
                                      "monday 9:00-10:00",
                                      "9:00-10:00 mon",
                                      "mon tue 9:00-10:00",
                                      "9:00-10:00;",
                                      "mon 9:00 - 10:00",
                                      "-1:00-10:00",
                                      "9:00-10:00x",
                                      "9:0-10:00",
                                      "Mon 9:00-10:00",
                                      "mon- 9:00-10:00",
                                      "-",
                                      ":-:",
                                      "-fri 9:00-10:00"};

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Hours) hours = hours_parse (wrong[i], &error);
    g_assert_null (hours);
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

static void
check_text (const char *written, const char *language, const char *wanted)
{
  g_autoptr (Hours) hours = hours_parse (written, NULL);
  g_autofree char *text = hours_text (hours, language);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_text (void)
{
  static const char written[] = "mon-fri 9:00-12:00 13:30-17:00; sat 09:00-12:00";

  check_text (written, "en", "Mon to Fri 09:00–12:00, 13:30–17:00\nSat 09:00–12:00");
  check_text (written, "zh_CN", "周一至周五 09:00–12:00、13:30–17:00\n周六 09:00–12:00");
  check_text ("9:00-17:00", "zh_CN", "09:00–17:00");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hours/week", test_week);
  g_test_add_func ("/hours/edges", test_edges);
  g_test_add_func ("/hours/refused", test_refused);
  g_test_add_func ("/hours/text", test_text);
  return g_test_run ();
}
