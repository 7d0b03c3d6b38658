/* test-ticket-flow.c: tickets drawn, scanned, redeemed, to the end of the block. */
#include <string.h>

#include "application.h"
#include "base/clock.h"
#include "base/error.h"
#include "flow/ticket-flow.h"
#include "flow/track-flow.h"
#include "kiosk-app.h"
#include "site.h"

#define DAY_MS (86400 * (gint64)1000)

static void
test_tickets (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now (), print_id = 0, first_print = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (TicketRow) first = ticket_flow_draw (f->app, f->app->db, "A", APPLICATION_SERVICE,
                                                  "en", now, &first_print, &error);
  g_autoptr (TicketRow) second =
      ticket_flow_draw (f->app, f->app->db, "A", NULL, "en", now, &print_id, &error);
  g_autoptr (TicketScan) scan = NULL, over = NULL, early = NULL, broken = NULL;
  g_autoptr (TrackTicket) track = NULL;
  g_autofree char *bent = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (first->number, ==, "A001");
  g_assert_cmpstr (second->number, ==, "A002");
  g_assert_cmpint (print_id, >, first_print);
  scan = ticket_flow_scan (f->app, second->text, strlen (second->text), now);
  g_assert_cmpint (scan->kind, ==, TICKET_SCAN_QUEUE);
  track = track_flow_ticket (f->app, f->app->db, scan->ticket, &error);
  g_assert_cmpstr (track->state, ==, "waiting");
  g_assert_cmpint (track->ahead, ==, 1);
  over = ticket_flow_scan (f->app, second->text, strlen (second->text), now + 2 * DAY_MS);
  g_assert_cmpint (over->kind, ==, TICKET_SCAN_OVER);
  bent = g_strdup (second->text);
  bent[strlen (bent) / 2] = bent[strlen (bent) / 2] == 'A' ? 'B' : 'A';
  broken = ticket_flow_scan (f->app, bent, strlen (bent), now);
  g_assert_true (broken->kind == TICKET_SCAN_UNREADABLE || broken->kind == TICKET_SCAN_REFUSED ||
                 broken->kind == TICKET_SCAN_NOT_VERIFIED);
  g_assert_true (ticket_flow_redeem (f->app, f->app->db, scan->ticket, "check-in", now, &error));
  g_assert_false (ticket_flow_redeem (f->app, f->app->db, scan->ticket, "check-in", now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (ticket_flow_draw (f->app, f->app->db, "Q", NULL, "en", now, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_block_full (KioskApp *f, gconstpointer data)
{
  SiteOptions options = site_options (clock_now ());
  g_autoptr (GError) error = NULL;

  options.ticket_from = 200;
  options.ticket_to = 201;
  site_make (f->folder, &options);
  kiosk_app_reopen (f);
  for (int i = 0; i < 2; i++)
    ticket_row_free (
        ticket_flow_draw (f->app, f->app->db, "B", NULL, "en", clock_now (), NULL, &error));
  g_assert_no_error (error);
  g_assert_null (
      ticket_flow_draw (f->app, f->app->db, "B", NULL, "en", clock_now (), NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/ticket-flow/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("redeem", test_tickets);
  ADD ("block-full", test_block_full);
  return g_test_run ();
}
