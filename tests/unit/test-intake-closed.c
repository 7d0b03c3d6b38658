/* test-intake-closed.c: a kiosk that cannot seal or store takes nothing. */
#include <glib/gstdio.h>

#include "application.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "flow/ticket-flow.h"
#include "kiosk-app.h"
#include "site.h"

#define DAY_MS (86400 * (gint64)1000)

static void
check_denied (KioskApp *f, IntakeFlow *flow)
{
  g_autoptr (GError) error = NULL, early = NULL;

  g_assert_null (intake_flow_new (f->app, APPLICATION_SERVICE, "en", &early));
  g_assert_error (early, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  kiosk_app_check_empty (f);
}

static void
test_no_key_set (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autofree char *path = g_build_filename (f->app->directory, "keyset.json", NULL);

  g_unlink (path);
  check_denied (f, flow);
}

static void
test_bad_key_sets (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autofree char *path = g_build_filename (f->app->directory, "keyset.json", NULL);
  SiteOptions expired = site_options (now), early = site_options (now),
              lacking = site_options (now), rolled_back = site_options (now);

  expired.issued -= 100 * DAY_MS;
  expired.expires -= 100 * DAY_MS;
  site_make (f->folder, &expired);
  check_denied (f, flow);
  early.issued += 3 * DAY_MS;
  early.expires += 3 * DAY_MS;
  site_make (f->folder, &early);
  check_denied (f, flow);
  lacking.without_hall = TRUE;
  site_make (f->folder, &lacking);
  check_denied (f, flow);
  rolled_back.version = 3;
  site_make (f->folder, &rolled_back);
  g_assert_true (app_load_key_set (f->app, NULL));
  rolled_back.version = 2;
  site_make (f->folder, &rolled_back);
  g_assert_false (app_load_key_set (f->app, NULL));
  check_denied (f, flow);
  g_assert_true (file_write (path, "{}", 2, 0600, NULL));
  check_denied (f, flow);
}

static void
test_unenrolled (KioskApp *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->app->directory, "enrolment.json", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  kiosk_app_reopen (f);
  g_assert_null (intake_flow_new (f->app, APPLICATION_SERVICE, "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_null (
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", clock_now (), NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
}

static void
test_no_reserve (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autofree char *path = g_build_filename (f->app->directory, "reserve", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  kiosk_app_check_empty (f);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/intake-closed/" name, KioskApp, NULL, kiosk_app_set_up, function,                  \
              kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("no-key-set", test_no_key_set);
  ADD ("bad-key-sets", test_bad_key_sets);
  ADD ("unenrolled", test_unenrolled);
  ADD ("no-reserve", test_no_reserve);
  return g_test_run ();
}
