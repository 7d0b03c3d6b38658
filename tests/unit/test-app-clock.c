/* test-app-clock.c: a clock that is not believed. */
#include <string.h>

#include "application.h"
#include "base/clock.h"
#include "kiosk-app.h"
#include "store/journal.h"
#include "store/peer-store.h"

#define DAY_MS (86400 * (gint64)1000)

static void
test_clock (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now (), judged = 0, last = 0;
  g_autoptr (IntakeFlow) late = NULL, back = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = NULL;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (app_clock_unsure (f->app, f->app->db, now, &judged));
  g_assert_cmpint (judged, ==, now);
  /* A clock that went back to 2020 is not believed, and the entry says so. */
  g_assert_true (app_clock_unsure (f->app, f->app->db, 1577836800000, &judged));
  g_assert_cmpint (judged, >, now - 2 * 3600 * 1000);
  result = intake_flow_submit (back, f->app->db, 1577836800000, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->at, >, now - 2 * 3600 * 1000);
  entry = journal_get (f->app->db, db_peek_incarnation (f->app->db), 1, NULL);
  g_assert_nonnull (strstr (g_bytes_get_data (entry->bytes, NULL), "\"unsure\":true"));
  g_assert_true (journal_last_at (f->app->db, &last, NULL));
  g_assert_cmpint (last, ==, 0);
  /* One that ran far ahead of the city is judged at the floor. */
  g_assert_true (peer_store_heard_time (f->app->db, now, NULL));
  g_assert_false (app_clock_unsure (f->app, f->app->db, now + 29 * DAY_MS, NULL));
  g_assert_true (app_clock_unsure (f->app, f->app->db, now + 31 * DAY_MS, &judged));
  g_assert_cmpint (judged, ==, now);
  late = application_fill (f->app, "en", TRUE);
  g_clear_pointer (&result, intake_result_free);
  result = intake_flow_submit (late, f->app->db, now + 3650 * DAY_MS, &error);
  g_assert_no_error (error);
  g_assert_nonnull (result);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app-clock/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("unsure", test_clock);
  return g_test_run ();
}
