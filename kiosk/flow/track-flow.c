/* track-flow.c: reads what the city told everybody, and what this machine itself stored. Refuses to
 * know more: no name, no answer, and nothing without saying as of when. */
#include "flow/track-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "store/case-store.h"
#include "store/peer-store.h"
#include "store/public-store.h"

void
track_step_free (TrackStep *step)
{
  if (step == NULL)
    return;
  g_free (step->action);
  g_free (step->state);
  g_free (step->day);
  g_free (step->actor);
  g_free (step->department);
  g_free (step);
}

void
track_case_free (TrackCase *track)
{
  if (track == NULL)
    return;
  g_free (track->number);
  g_free (track->service);
  g_free (track->service_name);
  g_free (track->state);
  g_clear_pointer (&track->steps, g_ptr_array_unref);
  g_free (track->limit_unit);
  g_free (track->due);
  g_free (track);
}

void
track_ticket_free (TrackTicket *track)
{
  if (track == NULL)
    return;
  g_free (track->number);
  g_free (track->family);
  g_free (track->day);
  g_free (track->state);
  g_free (track->window);
  g_free (track);
}

/* ---- a case ---- */

static TrackStep *
add_step (TrackCase *track, const char *action, const char *state, gint64 at, gboolean local)
{
  TrackStep *step = g_new0 (TrackStep, 1);

  step->action = g_strdup (action);
  step->state = g_strdup (state);
  step->at = at;
  step->day = clock_day (at);
  step->local = local;
  g_ptr_array_add (track->steps, step);
  g_free (track->state);
  track->state = g_strdup (state);
  return step;
}

static void
take_event (TrackCase *track, const PublicCase *event)
{
  TrackStep *step = add_step (track, event->action, event->state, event->at, FALSE);

  step->actor = g_strdup (event->actor);
  step->department = g_strdup (event->department);
  track->limit_n = event->limit_n;
  g_free (track->limit_unit);
  track->limit_unit = g_strdup (event->limit_unit);
  g_free (track->due);
  track->due = g_strdup (event->due);
  track->due_provisional = event->due_provisional;
  if (track->service == NULL)
    track->service = g_strdup (event->service);
}

static gboolean
was_received (Db *db, const CaseRow *row, gboolean *ret_received, GError **error)
{
  gint64 received, safe;

  if (!peer_store_watermarks (db, row->incarnation, &received, &safe, error))
    return FALSE;
  *ret_received = row->seq <= received;
  return TRUE;
}

/* This machine's own knowledge: the case is stored here, and perhaps sent. */
static gboolean
take_own (TrackCase *track, Db *db, const CaseRow *row, GError **error)
{
  track->service = g_strdup (row->service);
  if (!was_received (db, row, &track->sent, error))
    return FALSE;
  return TRUE;
}

static void
name_service (TrackCase *track, const App *app, const char *language)
{
  const GuideService *service = track->service != NULL && app->guide != NULL
                                    ? guide_service (app->guide, track->service)
                                    : NULL;
  const char *name = service != NULL ? guide_text (service->name, language, NULL) : NULL;

  track->service_name = g_strdup (name != NULL ? name : track->service);
}

TrackCase *
track_flow_case (App *app, Db *db, const char *number, const char *language, GError **error)
{
  g_autoptr (TrackCase) track = g_new0 (TrackCase, 1);
  g_autoptr (CaseRow) row = case_store_get (db, number, NULL);
  g_autoptr (GPtrArray) events = public_store_case (db, number, error);
  g_autoptr (PeerState) peer = events != NULL ? peer_store_load (db, error) : NULL;

  if (peer == NULL)
    return NULL;
  if (row == NULL && events->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "this machine has not heard of a case with this number");
    return NULL;
  }
  track->number = g_strdup (number);
  track->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)track_step_free);
  track->as_of = peer->last_success;
  if (row != NULL && !take_own (track, db, row, error))
    return NULL;
  track->sent = track->sent || events->len > 0;
  if (row != NULL && events->len == 0)
    add_step (track, "submit", "submitted", row->submitted_at, TRUE);
  for (guint i = 0; i < events->len; i++)
    take_event (track, events->pdata[i]);
  name_service (track, app, language);
  return g_steal_pointer (&track);
}

/* ---- a queue ticket ---- */

TrackTicket *
track_flow_ticket (App *app, Db *db, const Ticket *ticket, GError **error)
{
  g_autoptr (TrackTicket) track = g_new0 (TrackTicket, 1);
  g_autoptr (PublicTicket) heard = NULL;
  g_autoptr (PeerState) peer = NULL;
  g_autoptr (GError) problem = NULL;

  track->number = g_strdup (ticket->number);
  track->family = g_strndup (ticket->number, 1);
  track->day = clock_day (ticket->issued * 1000);
  heard = public_store_ticket (db, track->day, track->number, &problem);
  peer = problem == NULL ? peer_store_load (db, &problem) : NULL;
  if (peer == NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  track->as_of = peer->last_success;
  track->state = g_strdup (heard != NULL ? heard->state : "waiting");
  track->window = heard != NULL ? g_strdup (heard->window) : NULL;
  track->ahead = -1;
  if ((strcmp (track->state, "waiting") == 0 || strcmp (track->state, "redeemed") == 0) &&
      !public_store_ahead (db, track->day, track->family, track->number, &track->ahead, error))
    return NULL;
  return g_steal_pointer (&track);
}

/* ---- in the worker ---- */

typedef struct {
  App *app;
  char *number;
  char *language;
  Ticket *ticket;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->number);
  g_free (question->language);
  ticket_free (question->ticket);
  g_free (question);
}

static gpointer
case_in_worker (Db *db, gpointer data, GError **error)
{
  Question *question = data;
  return track_flow_case (question->app, db, question->number, question->language, error);
}

void
track_flow_case_async (App *app, const char *number, const char *language,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->app = app;
  question->number = g_strdup (number);
  question->language = g_strdup (language);
  worker_run (app->worker, case_in_worker, question, question_free, (GDestroyNotify)track_case_free,
              cancellable, callback, user_data);
}

TrackCase *
track_flow_case_finish (GAsyncResult *result, GError **error)
{
  return worker_finish (result, error);
}

static gpointer
ticket_in_worker (Db *db, gpointer data, GError **error)
{
  Question *question = data;
  return track_flow_ticket (question->app, db, question->ticket, error);
}

void
track_flow_ticket_async (App *app, const Ticket *ticket, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);
  Ticket *copy = ticket_new (ticket->kind);

  copy->hall = g_strdup (ticket->hall);
  copy->number = g_strdup (ticket->number);
  copy->service = g_strdup (ticket->service);
  copy->issued = ticket->issued;
  copy->expires = ticket->expires;
  memcpy (copy->id, ticket->id, sizeof copy->id);
  question->app = app;
  question->ticket = copy;
  worker_run (app->worker, ticket_in_worker, question, question_free,
              (GDestroyNotify)track_ticket_free, cancellable, callback, user_data);
}

TrackTicket *
track_flow_ticket_finish (GAsyncResult *result, GError **error)
{
  return worker_finish (result, error);
}
