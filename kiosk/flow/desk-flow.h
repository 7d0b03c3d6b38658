/* desk-flow.h: what a clerk does at the desk: calls numbers, looks at the hall's cases, opens one.
 *
 * The desk knows what its own sync brought: queue and states as of when the city was last heard,
 * and the hall's cases, sealed. Lists hold no name. Opening a case records the reading first: the
 * entry `audit` {"action":"case_opened","clerk","number"} is on the disk before anything is
 * decrypted, and what is opened stays in memory and is wiped.
 *
 * Calls are entries of the desk's own journal (ticket.called, ticket.missed, ticket.served) and
 * stand in queue_public at once, in the same transaction; the city hears them with the next sync.
 */
#pragma once

#include "flow/app.h"
#include "flow/clerk-flow.h"
#include "store/public-store.h"

/* ---- the queue ---- */

typedef struct {
  char *day;            /* "2026-11-23" */
  GPtrArray *waiting;   /* PublicTicket, who waits longest first */
  GPtrArray *missed;    /* PublicTicket, latest first */
  PublicTicket *called; /* called by this window and not yet served or missed; or NULL */
  guint served;         /* numbers served today, in the hall */
  gint64 as_of;         /* when the city was last heard; 0 never */
} DeskQueue;

void desk_queue_free (DeskQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskQueue, desk_queue_free)

DeskQueue *desk_flow_queue (App *app, Db *db, gint64 now, GError **error);

/* The number that is called is served, and who waits longest (in window family `family`, or in all:
 * 0) is called. NOT_FOUND when nobody waits there; then the former number stays called. DENIED for
 * a device that is no desk. `ret_number` (owned, may be NULL). */
gboolean desk_flow_call_next (App *app, Db *db, const Clerk *clerk, char family, gint64 now,
                              char **ret_number, GError **error);

/* Calls `number` of today (again): the one that is called, or a missed one that came back. A former
 * called number is served. NOT_FOUND for a number that nobody drew. */
gboolean desk_flow_call (App *app, Db *db, const Clerk *clerk, const char *number, gint64 now,
                         GError **error);

/* The number that is called did not come. NOT_FOUND when none is called. */
gboolean desk_flow_miss (App *app, Db *db, const Clerk *clerk, gint64 now, char **ret_number,
                         GError **error);

/* ---- cases ---- */

typedef struct {
  char *number;
  char *service; /* guide id */
  char *service_zh, *service_en;
  char *state; /* the newest (case_state_word) */
  gint64 state_at;
  gint64 submitted_at;
  gint64 limit_n;   /* 0 without a limit */
  char *limit_unit; /* or NULL */
  char *due;        /* "2026-12-07", or NULL */
  gboolean due_provisional;
  gboolean complete; /* body and documents are here */
} DeskCase;

void desk_case_free (DeskCase *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskCase, desk_case_free)

/* The hall's cases, newest first, at most `max`. DeskCase. */
GPtrArray *desk_flow_cases (App *app, Db *db, guint max, GError **error);

/* ---- an opened case ---- */

typedef struct {
  char *slot;
  int index; /* within the slot */
  char *media;
  int rotate;
  guint pages;   /* 1 for pictures; 0 if it cannot be told */
  char *name;    /* as handed over, or NULL */
  char *sha256;  /* of the plaintext, or NULL */
  GBytes *bytes; /* NULL: not here yet */
} DeskDocument;

typedef struct {
  DeskCase *item;
  char *case_id;
  char *device;                /* where it was submitted */
  char manifest[65];           /* SHA-256 of its sealed body, in hex */
  json_t *body;                /* the sealed body, wiped when it goes */
  const GuideService *service; /* of the app's guide, or NULL if it does not have it any more */
  gboolean other_guide;        /* begun with another version of the guide */
  GPtrArray *documents;        /* DeskDocument, in the guide's order, the signature last */
  GPtrArray *events;           /* PublicCase, oldest first */
} DeskReading;

/* Wipes. NULL is fine. */
void desk_reading_free (DeskReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskReading, desk_reading_free)

/* Records the reading, then opens. NOT_FOUND for a case that this hall does not have, RETRY while
 * its body is still on the way, DENIED, CORRUPT as trust/open. Owned. */
DeskReading *desk_flow_open (App *app, Db *db, const Clerk *clerk, const char *number, gint64 now,
                             GError **error);

/* Records what became of a dossier of `number` on paper: `outcome` is "printed", "failed",
 * "unknown" or "not-sent" (entry print.outcome). */
gboolean desk_flow_note_print (App *app, Db *db, const Clerk *clerk, const char *number,
                               const char *outcome, gint64 now, GError **error);

/* The name of the person the case is about, in full; NULL if the form has none. Owned: wipe with
 * person_text_free. */
char *desk_reading_name (const DeskReading *reading);

/* The value of a field of the form in any part of the body, or NULL. Borrowed. */
const json_t *desk_reading_answer (const DeskReading *reading, const char *field);

/* What a person calls a document: the material's name, or the signature. Borrowed. */
const char *desk_reading_document_name (const DeskReading *reading, const DeskDocument *document,
                                        const char *language);
