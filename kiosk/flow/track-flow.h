/* track-flow.h: how a case or a queue number stands, as far as this machine has heard.
 *
 * Reads case_public and queue_public and nothing else of a case but its own submission: no name, no
 * answer. Each answer says as of when. */
#pragma once

#include "flow/app.h"
#include "flow/ticket-flow.h"

typedef struct {
  char *action; /* of the case machine: "submit", "receive", "accept"... */
  char *state;  /* after it */
  gint64 at;
  char *day;        /* "2026-11-23" in Asia/Shanghai */
  char *actor;      /* who acted: a role (case_actor_word), or NULL */
  char *department; /* its id in the guide, or NULL */
  gboolean local;   /* known from this machine alone: stored here, not yet heard of by the city */
} TrackStep;

typedef struct {
  char *number;
  char *service;
  char *service_name; /* in the language asked */
  char *state;        /* the newest */
  GPtrArray *steps;   /* TrackStep, oldest first */
  gint64 limit_n;     /* 0 without a limit */
  char *limit_unit;   /* or NULL */
  char *due;          /* "2026-12-07", or NULL */
  gboolean due_provisional;
  gboolean sent; /* the city has received it */
  gint64 as_of;  /* when this machine last heard from the city; 0 never */
} TrackCase;

typedef struct {
  char *number;
  char *family;
  char *day;
  char *state;  /* "waiting", "called", "served", "missed", "redeemed" */
  char *window; /* or NULL */
  gint64 ahead; /* numbers before it that are not called, as far as known; -1 when it was called */
  gint64 as_of;
} TrackTicket;

void track_step_free (TrackStep *step);
void track_case_free (TrackCase *track);
void track_ticket_free (TrackTicket *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TrackCase, track_case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TrackTicket, track_ticket_free)

/* NOT_FOUND when neither this machine nor the city's feed knows `number`. `app->guide` names the
 * service. Owned. */
TrackCase *track_flow_case (App *app, Db *db, const char *number, const char *language,
                            GError **error);

/* A queue ticket that was scanned. Owned. */
TrackTicket *track_flow_ticket (App *app, Db *db, const Ticket *ticket, GError **error);

/* In the app's worker: a TrackCase of a receipt, or a TrackTicket of a queue ticket. */
void track_flow_case_async (App *app, const char *number, const char *language,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
TrackCase *track_flow_case_finish (GAsyncResult *result, GError **error);
void track_flow_ticket_async (App *app, const Ticket *ticket, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
TrackTicket *track_flow_ticket_finish (GAsyncResult *result, GError **error);
