/* test-retention.c: what a kiosk lets go, and when. */
#include "application.h"
#include "base/clock.h"
#include "flow/ticket-flow.h"
#include "kiosk-app.h"
#include "ops/retention.h"
#include "store/peer-store.h"
#include "store/receipt-store.h"

#define DAY_MS (86400 * (gint64)1000)

static void
test_retention (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, now, NULL);
  g_autoptr (TicketRow) ticket =
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", now, NULL, NULL);
  g_autoptr (TicketRow) kept = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (retention_run (f->app->db, now, &error));
  g_assert_cmpuint (kiosk_app_count_objects (f), ==, 7);
  kept = ticket_store_get (f->app->db, ticket->id, &error);
  g_assert_no_error (error);
  g_assert_true (peer_store_acknowledge (f->app->db, db_peek_incarnation (f->app->db), 1, 1, "e",
                                         now, NULL, &error));
  g_assert_true (retention_run (f->app->db, now + 2 * DAY_MS, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kiosk_app_count_objects (f), ==, 0);
  g_assert_null (receipt_store_get (f->app->db, result->number, NULL));
  g_assert_null (ticket_store_get (f->app->db, ticket->id, NULL));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/retention/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("safe", test_retention);
  return g_test_run ();
}
