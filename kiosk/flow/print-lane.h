/* print-lane.h: one printer of onestop-print: one errand at a time, and its health while idle.
 *
 * The condition that each errand sees goes into store/device-health at once when it changes, and
 * every PRINT_LANE_CONFIRM_S while it stays. */
#pragma once

#include "flow/print-errand.h"
#include "store/db.h"

#define PRINT_LANE_CONFIRM_S 30

typedef struct _PrintLane PrintLane;
typedef struct _PrintTurn PrintTurn;

/* `device` is "receipt-printer" or "page-printer"; `printer` its address, "" without one. While
 * idle the printer is asked every `poll_s` seconds (0: never). Owned. */
PrintLane *print_lane_new (Db *db, const char *device, const char *printer, guint poll_s);

/* Kills what runs; turns that wait are dropped without a call. NULL is fine. */
void print_lane_free (PrintLane *lane);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintLane, print_lane_free)

/* Takes `task` (copied; its `printer` is ignored) when those before it are done. on_end comes
 * exactly once, from the main loop, unless the turn is dropped. Without an address it ends NOT_SENT
 * with "not-configured". The turn lives until on_end returns or it is dropped. */
PrintTurn *print_lane_run (PrintLane *lane, const PrintErrandTask *task,
                           const PrintErrandCalls *calls, gpointer data);

/* Gives a turn up; a document that may be on its way stays on its way. No call comes any more. */
void print_lane_drop (PrintTurn *turn);

gboolean print_lane_is_busy (const PrintLane *lane);

/* The last condition seen; UNREACHABLE before the first look. */
PrinterCondition print_lane_condition (const PrintLane *lane);
