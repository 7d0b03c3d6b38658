/* slip-flow.h: the result slip (F9): a check's result on paper, and its answers back from the code.
 *
 * What the code carries: the answers to the questions of the short check that are yes or no, a
 * choice or a whole number. Never a date (it may be a birthday), never a text, never what the guide
 * calls sensitive or a detail of one service. Looking is unlimited; starting an application from it
 * is once on each machine. */
#pragma once

#include "domain/ticket.h"
#include "flow/app.h"
#include "flow/eligibility-flow.h"

#define SLIP_FLOW_DAYS 30 /* how long a code may be shown */

typedef struct {
  char *id; /* 24 hex digits */
  gint64 at;
  gboolean with_code; /* FALSE: the answers do not fit; the paper says so */
  json_t *data;       /* what the paper says */
} Slip;

void slip_free (Slip *slip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Slip, slip_free)

/* The slip of the result as it stands. DENIED before enrolment. Stores nothing. Owned. */
Slip *slip_flow_make (App *app, const EligibilityFlow *flow, const char *language, gint64 now,
                      GError **error);

/* Stores it for the printer and queues it, in one transaction. `ret_print_id` may be NULL. */
gboolean slip_flow_print (Db *db, const Slip *slip, gint64 *ret_print_id, GError **error);

/* The same in the app's worker; takes the slip. Finishes with the spool row's id, or 0. */
void slip_flow_take_print_async (App *app, Slip *slip, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gint64 slip_flow_print_finish (GAsyncResult *result, GError **error);

/* The PDF of a stored slip. CORRUPT if its row cannot be read. */
GBytes *slip_flow_render (App *app, const char *id, int copy, GError **error);

/* The check again, with the answers of a scanned slip, on `today`. An answer that the guide of now
 * does not have is left out. Owned. */
EligibilityFlow *slip_flow_open (Guide *guide, const Ticket *ticket, const char *today,
                                 GError **error);

/* Uses the slip up on this machine: CONFLICT if it began an application here before. */
gboolean slip_flow_start (App *app, Db *db, const Ticket *ticket, gint64 now, GError **error);
void slip_flow_start_async (App *app, const Ticket *ticket, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean slip_flow_start_finish (GAsyncResult *result, GError **error);
