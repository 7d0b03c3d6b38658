/* test-track-flow.c: a case as its applicant sees it, before and after the city has spoken. */
#include "application.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "flow/track-flow.h"
#include "kiosk-app.h"
#include "store/public-store.h"

static void
apply (Db *db, const char *number, const char *action, const char *state, const char *at,
       const char *due)
{
  g_autoptr (json_t) item = json_pack ("{ss ss ss ss ss ss ss? sb}", "kind", "case", "number",
                                       number, "service", APPLICATION_SERVICE, "action", action,
                                       "state", state, "at", at, "due", due, "due_provisional", 0);
  g_autoptr (GError) error = NULL;

  if (due != NULL)
    json_object_set_new (item, "limit", json_pack ("{si ss}", "n", 10, "unit", "workday"));
  g_assert_true (public_store_apply (db, item, NULL, &error));
}

static void
test_track (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (IntakeResult) result = intake_flow_submit (flow, f->app->db, clock_now (), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TrackCase) own = track_flow_case (f->app, f->app->db, result->number, "en", &error);
  g_autoptr (TrackCase) heard = NULL;
  const TrackStep *last;

  g_assert_no_error (error);
  g_assert_cmpstr (own->state, ==, "submitted");
  g_assert_false (own->sent);
  g_assert_cmpint (own->as_of, ==, 0);
  g_assert_true (((TrackStep *)own->steps->pdata[0])->local);
  apply (f->app->db, result->number, "submit", "submitted", "2026-11-23T01:00:00.000Z", NULL);
  apply (f->app->db, result->number, "accept", "accepted", "2026-11-24T02:00:00.000Z",
         "2026-12-07");
  apply (f->app->db, result->number, "receive", "received", "2026-11-23T17:00:00.000Z",
         "2026-12-07");
  heard = track_flow_case (f->app, f->app->db, result->number, "en", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (heard->steps->len, ==, 3);
  g_assert_cmpstr (heard->state, ==, "accepted");
  g_assert_cmpstr (heard->due, ==, "2026-12-07");
  g_assert_cmpint (heard->limit_n, ==, 10);
  g_assert_true (heard->sent);
  last = heard->steps->pdata[1];
  g_assert_cmpstr (last->action, ==, "receive");
  g_assert_cmpstr (last->day, ==, "2026-11-24");
  g_assert_false (last->local);
  g_assert_null (track_flow_case (f->app, f->app->db, "GSA-ZZZZZZ-2", "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/track-flow/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("case", test_track);
  return g_test_run ();
}
