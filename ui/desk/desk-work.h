/* desk-work.h: what the window asks of the store, done by the worker's thread one after the other.
 */
#pragma once

#include "desk/desk.h"

/* What is asked; each member may be NULL or 0. */
typedef struct {
  char *text;     /* a name or a number */
  char *secret;   /* a passphrase; wiped */
  char family;    /* of the queue, or 0 */
  gpointer extra; /* borrowed: must outlive the work */
} DeskAsk;

/* Runs in the worker's thread, on an App whose `db` is the worker's. */
typedef gpointer (*DeskFunc) (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error);

/* Back in the main loop. Takes `result`. Not called when the clerk who asked has gone. */
typedef void (*DeskDone) (Desk *desk, gpointer result, const GError *error);

/* `ask` is copied (extra is not); `result_free` frees what nobody takes. */
void desk_work_run (Desk *desk, DeskFunc func, const DeskAsk *ask, GDestroyNotify result_free,
                    DeskDone done);

/* Frees `data` when the worker has done all that was asked before; NULL is fine. */
void desk_work_free_last (Desk *desk, gpointer data, GDestroyNotify free);
