/* public-store.h: what the city told everybody of cases and of the queue: case_public and
 * queue_public, all that tracking reads. No name stands in it.
 *
 * One row an event; an item that comes twice is one row. */
#pragma once

#include <jansson.h>

#include "store/db.h"

typedef struct {
  char *number;
  char *service; /* or NULL */
  char *action;  /* a transition of the case machine ("receive"...) */
  char *state;   /* the state after it ("received"...) */
  gint64 at;
  gint64 limit_n;   /* 0 without a limit */
  char *limit_unit; /* "workday", "calendar_day", or NULL */
  char *due;        /* "2026-12-01", or NULL */
  gboolean due_provisional;
  char *actor;      /* who acted: a role (case_actor_word), or NULL from an older city */
  char *department; /* with a department's act: its id in the guide, or NULL */
} PublicCase;

typedef struct {
  char *number; /* "A012" */
  char *family; /* "A" */
  char *day;
  char *state;  /* "waiting", "called", "served", "missed", "redeemed" */
  char *window; /* or NULL */
  gint64 at;
} PublicTicket;

void public_case_free (PublicCase *row);
void public_ticket_free (PublicTicket *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PublicCase, public_case_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PublicTicket, public_ticket_free)

/* Applies one feed item of kind "case" or "queue" (a JSON object as the feed sends it). TRUE with
 * `ret_known` FALSE for any other kind. INVALID for a bad item: the caller notes it and goes on. */
gboolean public_store_apply (Db *db, const json_t *item, gboolean *ret_known, GError **error);

/* The newest event of every case heard of, latest first, at most `max`. PublicCase. */
GPtrArray *public_store_cases (Db *db, guint max, GError **error);

/* Events of a case in time order. PublicCase; empty when nothing was heard. */
GPtrArray *public_store_case (Db *db, const char *number, GError **error);

/* The newest event of a ticket on `day`, or NULL without error. */
PublicTicket *public_store_ticket (Db *db, const char *day, const char *number, GError **error);

/* The newest events of `day`, one a ticket, latest first, at most `max`: the call board.
 * PublicTicket. */
GPtrArray *public_store_called (Db *db, const char *day, guint max, GError **error);

/* The newest event of every number of `day`, by family and time: the desk's queue. PublicTicket. */
GPtrArray *public_store_queue (Db *db, const char *day, GError **error);

/* Tickets of `family` on `day` that were drawn here or heard of, are not called yet, and come
 * before `number`; as far as this machine knows. */
gboolean public_store_ahead (Db *db, const char *day, const char *family, const char *number,
                             gint64 *ret_ahead, GError **error);
