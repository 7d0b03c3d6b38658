/* print-flow.h: paper that is still to come, as screens and the command line see it.
 *
 * A receipt or a ticket is a row of the print spool (store/print-spool.h), written in the
 * transaction that makes what it tells. onestop-print works the rows off; screens only look, and
 * answer the one question that no machine can answer. Nothing here touches a device.
 *
 *   queued -> sending -> printed | failed | unknown
 *
 * - queued: waits for the printer, at most PRINT_FLOW_WAIT_MS; then failed with the printer's
 *   condition. Nothing was sent, so a later attempt is no second copy.
 * - sending: a process is at it; `stage` says whether the document may already be on its way.
 * - printed: the printer said completed and showed no fault.
 * - failed: nothing, or only part of it, came out, and nothing will. May be offered again.
 * - unknown: nobody can tell. Never sent again by itself: a person answers
 *   (print_flow_answer).
 *
 * Paper of a second attempt after a document was sent carries its copy number (补打 n).
 */
#pragma once

#include <glib.h>

#define PRINT_FLOW_WAIT_MS (5 * 60 * 1000)
