/* round.c: what is done when. Refuses to hurry after a failure, and to let one step's failure hold
 * up the others. */
#include "client/round.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "client/pull.h"
#include "client/push.h"
#include "client/renewal.h"
#include "client/upload.h"
#include "store/peer-store.h"

#define FIRST_DELAY_MS 1000
#define BACK_OFF_MS 2000
#define MAX_BACK_OFF_MS 60000
#define TICK_MS 300
#define WAIT_SECONDS 25
#define ASK_EVERY_MS 30000
#define FETCH_EVERY_MS 2000
#define RENEW_EVERY_MS (3600 * 1000)

typedef gboolean (*Step) (Uplink *uplink, GError **error);

static gboolean
ends_round (const GError *error)
{
  return onestop_error_is (error, ONESTOP_ERROR_OFFLINE) ||
         onestop_error_is (error, ONESTOP_ERROR_CANCELLED);
}

/* Entries and objects in turn until nothing moves: new entries go before old objects. In training
 * nothing is sent. */
static gboolean
send_all (Uplink *uplink, GError **error)
{
  g_autoptr (GError) first = NULL;

  if (uplink->config->mode == CONFIG_MODE_TRAINING)
    return TRUE;
  for (gboolean more = TRUE; more;) {
    g_autoptr (GError) problem = NULL;
    more = FALSE;
    if (!push_entries (uplink, &problem) && (first == NULL || ends_round (problem))) {
      g_clear_error (&first);
      first = g_steal_pointer (&problem);
    }
    if (ends_round (first))
      break;
    g_clear_error (&problem);
    if (!upload_objects (uplink, &more, &problem) && (first == NULL || ends_round (problem))) {
      g_clear_error (&first);
      first = g_steal_pointer (&problem);
    }
    if (ends_round (first))
      break;
  }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
fresh_key_set (Uplink *uplink, GError **error)
{
  return pull_key_set (uplink, error);
}

static gboolean
newer_key_set (Uplink *uplink, GError **error)
{
  return !uplink->want_key_set || pull_key_set (uplink, error);
}

/* Runs the steps; notes in the store how it went. */
static gboolean
run_steps (Uplink *uplink, const Step *steps, guint n, GError **error)
{
  g_autoptr (GError) first = NULL;
  gint64 began = clock_now ();

  if (!peer_store_attempt (uplink->db, began, error))
    return FALSE;
  for (guint i = 0; i < n && !ends_round (first); i++) {
    g_autoptr (GError) problem = NULL;
    if (steps[i](uplink, &problem))
      continue;
    if (first == NULL || ends_round (problem)) {
      g_clear_error (&first);
      first = g_steal_pointer (&problem);
    }
  }
  if (first == NULL)
    return peer_store_success (uplink->db, MAX (began, clock_now ()), error);
  if (!onestop_error_is (first, ONESTOP_ERROR_CANCELLED))
    peer_store_failure (uplink->db, clock_now (), first, NULL);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean
round_run (Uplink *uplink, GError **error)
{
  static const Step steps[] = {push_ask,      send_all,     fresh_key_set, pull_all,
                               newer_key_set, pull_objects, renewal_run};
  return run_steps (uplink, steps, G_N_ELEMENTS (steps), error);
}

/* ---- for ever ---- */

typedef struct {
  Uplink *uplink;
  HttpStop stop;
  gpointer data;
  gint64 asked, fetched, renewed; /* clock_monotonic */
} Loop;

static gboolean
stopped (const Loop *loop)
{
  return loop->stop != NULL && loop->stop (loop->data);
}

static void
pause_for (const Loop *loop, gint64 ms)
{
  gint64 until = clock_monotonic () + ms;

  while (!stopped (loop) && clock_monotonic () < until)
    g_usleep ((gulong)MIN (TICK_MS, MAX (1, until - clock_monotonic ())) * 1000);
}

static gint64
back_off (const Loop *loop)
{
  g_autoptr (PeerState) state = peer_store_load (loop->uplink->db, NULL);
  gint64 failures = state != NULL ? state->failures : 1;
  gint64 delay = MIN (BACK_OFF_MS * (failures + 1), MAX_BACK_OFF_MS);

  return delay - delay / 5 + g_random_int_range (0, (gint32)(delay * 2 / 5));
}

/* Keeps the long poll standing and applies what it brings. */
static gboolean
listen_once (Loop *loop, GError **error)
{
  Uplink *uplink = loop->uplink;
  g_autoptr (HttpAnswer) answer = NULL;
  g_autoptr (GError) problem = NULL;
  gboolean more;

  if (!http_busy (uplink->feed)) {
    g_autofree char *path = pull_path (uplink, WAIT_SECONDS, error);
    HttpRequest request = {
        .method = "GET", .path = path, .max = 40u * 1024 * 1024, .quiet = WAIT_SECONDS + 20};
    if (path == NULL || !http_start (uplink->feed, &request, error))
      return FALSE;
  }
  answer = http_poll (uplink->feed, TICK_MS, &problem);
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (answer == NULL)
    return TRUE;
  if (!pull_apply (uplink, answer, &more, error))
    return FALSE;
  loop->fetched = 0;
  return newer_key_set (uplink, error);
}

static gboolean
every (gint64 *last, gint64 interval)
{
  gint64 now = clock_monotonic ();

  if (*last != 0 && now - *last < interval)
    return FALSE;
  *last = now;
  return TRUE;
}

/* One tick of a line that stands. */
static gboolean
tick (Loop *loop, GError **error)
{
  static const Step sending[] = {send_all}, asking[] = {push_ask, send_all};
  Uplink *uplink = loop->uplink;

  if (!listen_once (loop, error))
    return FALSE;
  if (every (&loop->asked, ASK_EVERY_MS)) {
    if (!run_steps (uplink, asking, G_N_ELEMENTS (asking), error))
      return FALSE;
  } else if (push_is_due (uplink) && !run_steps (uplink, sending, G_N_ELEMENTS (sending), error)) {
    return FALSE;
  }
  if (every (&loop->fetched, FETCH_EVERY_MS) && !pull_objects (uplink, error))
    return FALSE;
  return !every (&loop->renewed, RENEW_EVERY_MS) || renewal_run (uplink, error);
}

void
round_for_ever (Uplink *uplink, HttpStop stop, gpointer data)
{
  Loop loop = {.uplink = uplink, .stop = stop, .data = data};

  uplink_stop_when (uplink, stop, data);
  pause_for (&loop, g_random_int_range (0, FIRST_DELAY_MS));
  while (!stopped (&loop)) {
    g_autoptr (GError) error = NULL;
    if (round_run (uplink, &error)) {
      loop.asked = loop.renewed = clock_monotonic ();
      while (!stopped (&loop) && tick (&loop, &error))
        ;
      /* run_steps noted its own failures; what the long poll met is noted here. */
      if (error != NULL && !onestop_error_is (error, ONESTOP_ERROR_CANCELLED))
        peer_store_failure (uplink->db, clock_now (), error, NULL);
    }
    http_cancel (uplink->feed);
    if (error == NULL || stopped (&loop))
      continue;
    log_warning ("sync.failed", "%s", error->message);
    pause_for (&loop, back_off (&loop));
  }
}
