/* print-watch.h: watches one row of the print spool for a page, and says what the paper does. */
#pragma once

#include "flow/print-flow.h"
#include "kiosk/page.h"

/* The newest job for `reference` (a ticket id, a case number); 0 if there is none. */
gint64 print_watch_find (Page *page, PrintKind kind, const char *reference);

/* Where job `id` stands; FALSE if it cannot be told (0, purged, no store). */
gboolean print_watch_look (Page *page, gint64 id, PrintFlowView *ret_view);

/* Remembers in the session that `id` is the job on screen, for the fault page. When the session
 * forgets it (wipe, another job), print_flow_leave is told. */
void print_watch_remember (Page *page, gint64 id);
gint64 print_watch_remembered (Page *page);

/* "Printing", "Take your ticket", ... for what stands beside the slot. Static text. */
const char *print_watch_words (Page *page, const PrintFlowView *view);

/* What a visitor decides about the job on screen, done by the worker; then the page is stepped. */
typedef enum {
  PRINT_WATCH_HAVE_PAPER,
  PRINT_WATCH_NO_PAPER,
  PRINT_WATCH_AGAIN,
  PRINT_WATCH_CANCEL
} PrintWatchAct;
void print_watch_do (Page *page, PrintWatchAct act);
