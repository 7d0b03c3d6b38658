/* print-drain.h: works a store's print spool off, one job after the other, on the receipt printer.
 *
 * Order of a job: render to memory, let a child make an empty job at the printer, commit
 * `sending` with the printer's job id, and only then let the document go. So a row found `sending`
 * by a new process is exactly one whose paper may exist: the printer is asked by job name, and if
 * it does not know, the row is `unknown` and a person decides. A row found `queued` never left.
 *
 * Every end is committed together with a print.outcome entry of the journal (once the device is
 * enrolled): {"kind","reference","copy","outcome","reason"}. */
#pragma once

#include "flow/app.h"
#include "flow/print-lane.h"

typedef struct {
  guint mend_s;    /* longest wait for a person to mend the printer */
  guint gone_s;    /* longest wait for a printer that nobody here can mend */
  guint stall_s;   /* longest time without progress of a job at the printer */
  guint silence_s; /* longest silence of a child before it is killed */
} PrintDrainLimits;

typedef struct _PrintDrain PrintDrain;

/* `lane` is the receipt printer's, and outlives the drain. Starts at once in the main loop; the
 * caller holds the lock that makes it the only drain of this store. */
PrintDrain *print_drain_new (App *app, PrintLane *lane, const PrintDrainLimits *limits);
void print_drain_free (PrintDrain *drain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintDrain, print_drain_free)

/* For a program that drains once: called when nothing more can be done now. `left` rows wait, or
 * failed, or are unknown since the drain began. */
void print_drain_on_rest (PrintDrain *drain, void (*func) (guint left, gpointer data),
                          gpointer data);
