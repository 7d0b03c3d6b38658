/* print-flow.h: paper that is still to come, as screens and the command line see it.
 *
 * A receipt or a ticket is a row of the print spool (store/print-spool.h), written in the
 * transaction that makes what it tells. onestop-print works the rows off; screens only look, and
 * answer the one question that no machine can answer. Nothing here touches a device: screens may
 * call all of it, in the thread that owns `db`.
 *
 *   queued -> sending -> printed | failed | unknown; queued, failed, unknown -> cancelled
 *
 * - queued: not a byte of the document has left. It waits for the printer: PRINT_FLOW_MEND_S if a
 *   person can mend it, PRINT_FLOW_GONE_S if not; then failed with the printer's condition, so that
 *   nothing comes out for a stranger.
 * - sending: the document may be on its way. Committed before its first byte leaves.
 * - printed: the printer said completed and showed no fault, or a person has the paper.
 * - failed: nothing, or only part of it, came out, and nothing will. May be offered again.
 * - unknown: nobody can tell. Never sent again by itself: a person answers.
 */
#pragma once

#include "devices/printer-condition.h"
#include "store/print-spool.h"

#define PRINT_FLOW_MEND_S 300
#define PRINT_FLOW_GONE_S 20

/* What a page about paper shows. */
typedef struct {
  PrintState state;
  int copy;                   /* 1; a reprint (补打) counts on */
  char *reason;               /* stable word, or NULL */
  PrinterCondition condition; /* of the receipt printer, or what made the job fail */
} PrintFlowView;

void print_flow_view_clear (PrintFlowView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrintFlowView, print_flow_view_clear)

/* Where the job stands. NOT_FOUND when it was purged: it was printed or given up long ago. */
gboolean print_flow_look (Db *db, gint64 id, gint64 now, PrintFlowView *ret_view, GError **error);

/* The answer to "do you have the paper?" for a job that is unknown. With paper it becomes printed;
 * without, it is given up and another copy is queued, whose id goes to `ret_id` (may be NULL; `id`
 * itself with paper). CONFLICT if the job is no longer unknown: look again. */
gboolean print_flow_answer (Db *db, gint64 id, gboolean have_paper, gint64 now, gint64 *ret_id,
                            GError **error);

/* A person wants a failed job again. If nothing of it had left, the same copy is queued, else
 * another copy (补打). CONFLICT for a job that is not failed. */
gboolean print_flow_again (Db *db, gint64 id, gint64 now, gint64 *ret_id, GError **error);

/* A person does not want the paper any more: queued, failed and unknown jobs end as cancelled; one
 * that is being sent is given up at the printer as far as that still can be, and ends as cancelled,
 * unknown or printed. CONFLICT if it is done. */
gboolean print_flow_cancel (Db *db, gint64 id, gint64 now, GError **error);

/* The person left. What waits for a printer that cannot print now is cancelled, also in the
 * printer, so that it does not come out for a stranger; what is coming out may come. Never a
 * CONFLICT. */
gboolean print_flow_leave (Db *db, gint64 id, gint64 now, GError **error);

/* ---- is the printer all right? asked before the flow begins and before commit ---- */

#define PRINT_FLOW_RECEIPT_PRINTER "receipt-printer"
#define PRINT_FLOW_PAGE_PRINTER "page-printer"
#define PRINT_FLOW_STALE_MS 90000

typedef struct {
  gboolean known; /* FALSE: onestop-print has not looked for PRINT_FLOW_STALE_MS */
  PrinterCondition condition;
  gint64 since;
  gint64 checked_at;
} PrinterHealth;

/* The state of one of the two printers as onestop-print last saw it. */
gboolean print_flow_health (Db *db, const char *device, gint64 now, PrinterHealth *ret_health,
                            GError **error);
