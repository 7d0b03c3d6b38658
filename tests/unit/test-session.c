/* test-session.c: walks the session's table in full: every state by every event, every timer. */
#include <glib.h>

#include "flow/session.h"

static const char *const languages[] = {"zh_CN", "en", NULL};

static Session *
fresh (void)
{
  return session_new (&session_default_times, languages, 0);
}

/* The events of a shortest way from attract to `to`, by the table; TRUE if there is one. */
static gboolean
bring (Session *session, SessionState to)
{
  gboolean seen[SESSION_N_STATES] = {0};
  int from[SESSION_N_STATES], by[SESSION_N_STATES], queue[SESSION_N_STATES], head = 0, tail = 0;
  seen[SESSION_ATTRACT] = TRUE;
  queue[tail++] = SESSION_ATTRACT;
  while (head < tail) {
    int state = queue[head++];
    for (int event = 0; event < SESSION_N_EVENTS; event++) {
      int next = session_next (state, event);
      if (next < 0 || seen[next])
        continue;
      seen[next] = TRUE;
      from[next] = state;
      by[next] = event;
      queue[tail++] = next;
    }
  }
  if (!seen[to])
    return FALSE;
  int way[SESSION_N_STATES], n = 0;
  for (int state = to; state != SESSION_ATTRACT; state = from[state])
    way[n++] = by[state];
  while (n-- > 0)
    g_assert_true (session_event (session, way[n], 0));
  return session_state (session) == to;
}

static void
bring_there (Session *session, SessionState state)
{
  if (state == SESSION_CLOSED)
    session_set_hall_open (session, FALSE, 0);
  else
    g_assert_true (bring (session, state));
  g_assert_cmpint (session_state (session), ==, state);
}

static void
test_every_state_by_every_event (void)
{
  int moved = 0, refused = 0;
  for (int state = 0; state < SESSION_N_STATES; state++)
    for (int event = 0; event < SESSION_N_EVENTS; event++) {
      g_autoptr (Session) session = fresh ();
      bring_there (session, state);
      SessionState page = session_page (session);
      int next = session_next (state, event);
      gboolean done = session_event (session, event, 0);
      g_assert_cmpint (done, ==, next != -1);
      if (next == -1) {
        g_assert_cmpint (session_state (session), ==, state);
        g_assert_cmpint (session_page (session), ==, page);
        refused++;
        continue;
      }
      moved++;
      /* A closed hall has no home. */
      if (next >= 0 && state != SESSION_CLOSED)
        g_assert_cmpint (session_state (session), ==, next);
      /* Whatever happened, the way home is open. */
      if (session_state (session) != SESSION_HOME) {
        gboolean home =
            session_event (session, SESSION_END, 0) || session_event (session, SESSION_WAKE, 0);
        g_assert_true (home || session_state (session) == SESSION_CLOSED);
      }
    }
  g_assert_cmpint (moved, >, 130);
  g_assert_cmpint (moved + refused, ==, SESSION_N_STATES * SESSION_N_EVENTS);
}

static int freed;

static void
on_free (gpointer data)
{
  freed++;
}

static int wiped;

static void
on_wipe (gpointer data)
{
  wiped++;
}

static void
test_end_and_wipe_from_everywhere (void)
{
  for (int state = 0; state < SESSION_N_STATES; state++) {
    g_autoptr (Session) session = fresh ();
    bring_there (session, state);
    if (!session_is_open (session))
      continue;
    freed = wiped = 0;
    session_add_wipe (session, on_wipe, NULL);
    for (int slot = 0; slot < SESSION_N_SLOTS; slot++)
      session_take_flow (session, slot, GINT_TO_POINTER (1), on_free);
    session_set_service (session, "some-service");
    session_set_language (session, "en", 0);
    g_assert_true (session_event (session, SESSION_END, 0));
    g_assert_cmpint (session_state (session), ==, SESSION_HOME);
    g_assert_cmpint (freed, ==, SESSION_N_SLOTS);
    g_assert_cmpint (wiped, ==, 1);
    g_assert_null (session_service (session));
    g_assert_cmpstr (session_language (session), ==, "zh_CN");
    g_assert_false (session_is_open (session));
    /* No way back to what was there. */
    g_assert_false (session_event (session, SESSION_BACK, 0));
  }
}

static void
test_home_holds_nothing (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_GUIDE);
  freed = 0;
  session_take_flow (session, SESSION_SLOT_ELIGIBILITY, GINT_TO_POINTER (1), on_free);
  session_set_language (session, "en", 0);
  g_assert_true (session_event (session, SESSION_GO_HOME, 0));
  g_assert_cmpint (freed, ==, 1);
  g_assert_cmpstr (session_language (session), ==, "en");
}

static void
test_back_returns_one_page (void)
{
  g_autoptr (Session) session = fresh ();
  session_event (session, SESSION_WAKE, 0);
  session_event (session, SESSION_GO_GUIDE, 0);
  session_event (session, SESSION_SERVICE, 0);
  session_event (session, SESSION_START, 0);
  session_event (session, SESSION_STEP, 0);
  session_event (session, SESSION_DONE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_MATERIALS);
  const SessionState way[] = {SESSION_FORM, SESSION_GUIDE, SESSION_CATALOGUE, SESSION_HOME};
  for (gsize i = 0; i < G_N_ELEMENTS (way); i++) {
    g_assert_true (session_event (session, SESSION_BACK, 0));
    g_assert_cmpint (session_state (session), ==, way[i]);
  }
}

static void
test_change_comes_back_to_the_review (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_REVIEW);
  session_event (session, SESSION_EDIT_FORM, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_FORM);
  session_event (session, SESSION_DONE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_REVIEW);
  session_event (session, SESSION_EDIT_MATERIALS, 0);
  session_event (session, SESSION_GO_SCAN, 0);
  session_event (session, SESSION_DONE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_MATERIALS);
  session_event (session, SESSION_DONE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_REVIEW);
}

static void
test_submitted_is_not_left_backwards (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_SIGN);
  session_take_flow (session, SESSION_SLOT_INTAKE, GINT_TO_POINTER (1), NULL);
  g_assert_true (session_has_work (session));
  g_assert_true (session_loses (session, SESSION_END));
  g_assert_false (session_loses (session, SESSION_BACK));
  session_event (session, SESSION_DONE, 0);
  g_assert_false (session_has_work (session));
  session_event (session, SESSION_BACK, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_HOME);
}

static void
test_silence (void)
{
  for (int state = 0; state < SESSION_N_STATES; state++)
    for (int foreign = 0; foreign < 2; foreign++) {
      g_autoptr (Session) session = fresh ();
      if (state == SESSION_IDLE || state == SESSION_CLOSED)
        continue;
      bring_there (session, state);
      if (foreign)
        session_set_language (session, "en", 0);
      session_touch (session, 1000);
      gint64 now = 1000;
      for (; now < 400000 && session_state (session) == state; now += 500)
        session_tick (session, now);
      gint64 quiet = (now - 500 - 1000) / 1000;
      switch (session_quiet (state)) {
      case SESSION_QUIET_NONE:
        g_assert_cmpint (session_state (session), ==, state);
        continue;
      case SESSION_QUIET_HOME:
        g_assert_cmpint (session_state (session), ==, SESSION_ATTRACT);
        g_assert_cmpint (quiet, ==, foreign ? 180 : 60);
        g_assert_cmpstr (session_language (session), ==, "zh_CN");
        continue;
      case SESSION_QUIET_DONE:
        g_assert_cmpint (session_state (session), ==, SESSION_HOME);
        g_assert_cmpint (quiet, ==, foreign ? 60 : 30);
        g_assert_cmpuint (session_wipes (session), ==, 1);
        continue;
      case SESSION_QUIET_MENU:
        g_assert_cmpint (quiet, ==, foreign ? 180 : 60);
        break;
      case SESSION_QUIET_FORM:
        g_assert_cmpint (quiet, ==, 180);
        break;
      }
      /* The warning: the page stays under it, a touch beside the buttons does nothing. */
      int total, form = foreign || session_quiet (state) == SESSION_QUIET_FORM;
      g_assert_cmpint (session_state (session), ==, SESSION_IDLE);
      g_assert_cmpint (session_page (session), ==, state);
      gint64 warned = now - 500;
      g_assert_cmpint (session_countdown (session, warned, &total), ==, form ? 45 : 20);
      g_assert_cmpint (total, ==, form ? 45 : 20);
      session_touch (session, now);
      g_assert_cmpint (session_countdown (session, warned + 1, NULL), ==, form ? 45 : 20);
      g_assert_cmpint (session_countdown (session, warned + 3500, NULL), ==, form ? 42 : 17);
      session_tick (session, warned + total * 1000 - 1);
      g_assert_cmpint (session_state (session), ==, SESSION_IDLE);
      session_tick (session, warned + total * 1000);
      g_assert_cmpint (session_state (session), ==, SESSION_HOME);
      g_assert_cmpuint (session_wipes (session), ==, 1);
      /* Nobody: half a minute later attract. */
      session_tick (session, warned + total * 1000 + 29999);
      g_assert_cmpint (session_state (session), ==, SESSION_HOME);
      session_tick (session, warned + total * 1000 + 30000);
      g_assert_cmpint (session_state (session), ==, SESSION_ATTRACT);
    }
}

static void
test_still_here_three_times (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_FORM);
  for (int i = 0; i < 3; i++) {
    g_assert_true (session_event (session, SESSION_SILENCE, 0));
    g_assert_true (session_may_continue (session));
    g_assert_true (session_event (session, SESSION_STILL_HERE, 0));
    g_assert_cmpint (session_state (session), ==, SESSION_FORM);
  }
  session_event (session, SESSION_SILENCE, 0);
  g_assert_false (session_may_continue (session));
  g_assert_false (session_event (session, SESSION_STILL_HERE, 0));
  g_assert_true (session_event (session, SESSION_TIME_OVER, 0));

  /* A touch between them begins the count again. */
  g_autoptr (Session) second = fresh ();
  bring_there (second, SESSION_CATALOGUE);
  for (int i = 0; i < 9; i++) {
    session_event (second, SESSION_SILENCE, 0);
    g_assert_true (session_event (second, SESSION_STILL_HERE, 0));
    session_touch (second, 0);
  }
}

static void
test_closed_hall (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_GUIDE);
  session_set_hall_open (session, FALSE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_GUIDE); /* not interrupted */
  session_event (session, SESSION_END, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_CLOSED);
  g_assert_true (session_event (session, SESSION_GO_GUIDE, 0)); /* reading goes on */
  g_assert_true (session_event (session, SESSION_BACK, 0));
  g_assert_cmpint (session_state (session), ==, SESSION_CLOSED);
  session_set_hall_open (session, TRUE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_ATTRACT);
}

/* Who reads the guide in a closed hall begins nothing, whatever page he stands on; who was there
 * before may; and it opens again by itself. */
static void
test_reading_in_a_closed_hall (void)
{
  g_autoptr (Session) session = fresh ();
  bring_there (session, SESSION_GUIDE);
  session_set_hall_open (session, FALSE, 0);
  g_assert_true (session_may_begin (session));
  g_assert_true (session_event (session, SESSION_START, 0));
  g_assert_true (session_event (session, SESSION_END, 0));
  g_assert_false (session_may_begin (session));
  const SessionEvent way[] = {SESSION_GO_GUIDE, SESSION_SERVICE, SESSION_GO_CHECK, SESSION_DONE,
                              SESSION_SERVICE};
  for (gsize i = 0; i < G_N_ELEMENTS (way); i++) {
    g_assert_true (session_event (session, way[i], 0));
    g_assert_false (session_event (session, SESSION_START, 0));
    g_assert_false (session_event (session, SESSION_GO_TICKET, 0));
  }
  session_event (session, SESSION_SILENCE, 0);
  session_event (session, SESSION_STILL_HERE, 0);
  g_assert_false (session_event (session, SESSION_START, 0));
  session_set_hall_open (session, TRUE, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_GUIDE); /* not interrupted */
  g_assert_true (session_event (session, SESSION_START, 0));
  session_event (session, SESSION_END, 0);
  g_assert_cmpint (session_state (session), ==, SESSION_HOME);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/every-state-by-every-event", test_every_state_by_every_event);
  g_test_add_func ("/session/end-and-wipe-from-everywhere", test_end_and_wipe_from_everywhere);
  g_test_add_func ("/session/home-holds-nothing", test_home_holds_nothing);
  g_test_add_func ("/session/back-returns-one-page", test_back_returns_one_page);
  g_test_add_func ("/session/change-comes-back-to-the-review",
                   test_change_comes_back_to_the_review);
  g_test_add_func ("/session/submitted-is-not-left-backwards",
                   test_submitted_is_not_left_backwards);
  g_test_add_func ("/session/silence", test_silence);
  g_test_add_func ("/session/still-here-three-times", test_still_here_three_times);
  g_test_add_func ("/session/closed-hall", test_closed_hall);
  g_test_add_func ("/session/reading-in-a-closed-hall", test_reading_in_a_closed_hall);
  return g_test_run ();
}
