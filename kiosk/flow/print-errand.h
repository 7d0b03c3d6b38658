/* print-errand.h: one errand at a printer, run by a child process that is killed when it stalls.
 *
 * Order, first line of its standard input: {"do","printer","name","media","copies","bytes","id",
 * "stall_s","mend_s"}, then `bytes` bytes of PDF. Answers, a line each:
 *
 *   {"say":"created","id":N}     the job is made, no document sent; it waits for the line "go",
 *                                or "no": then it gives the empty job up. A parent that is gone
 *                                says neither: the job is left for its next life to find
 *   {"say":"sent"}               the document is out
 *   {"say":"alive","condition":W,"state":N}
 *   {"say":"end","outcome":W,"reason":W,"condition":W}   the last line
 *
 * The line "cancel", after "go", asks it to give the job up at the printer.
 */
#pragma once

#include <gio/gio.h>

#include "devices/printer-condition.h"

/* A child says something every quarter of a second, or after a time-out of libcups. */
#define PRINT_ERRAND_SILENCE_S 20

typedef enum {
  PRINT_ERRAND_STATUS, /* how is the printer? */
  PRINT_ERRAND_PRINT,  /* print this, once */
  PRINT_ERRAND_FOLLOW, /* what became of the job of this name? */
} PrintErrandKind;

typedef enum {
  PRINT_ERRAND_TOLD,     /* STATUS: the condition is known */
  PRINT_ERRAND_PRINTED,  /* it is on paper, as far as a printer can tell */
  PRINT_ERRAND_FAILED,   /* the printer did not do it, and will not */
  PRINT_ERRAND_UNKNOWN,  /* it may be on paper */
  PRINT_ERRAND_NOT_SENT, /* nothing of it ever reached the printer; may be tried again */
} PrintErrandOutcome;

typedef struct {
  PrintErrandKind kind;
  const char *printer;  /* ipp:// URI or CUPS destination */
  const char *job_name; /* unique; how the job is found again */
  const char *media;    /* printer_media_parse */
  int copies;
  GBytes *pdf;     /* PRINT */
  guint silence_s; /* the child's; 0: PRINT_ERRAND_SILENCE_S */
  guint stall_s;   /* longest time without progress of the job */
  guint mend_s;    /* the same while somebody can mend it (paper, cover, jam) */
} PrintErrandTask;

typedef struct {
  PrintErrandOutcome outcome;
  PrinterCondition condition; /* the last one seen */
  char *reason;               /* a stable word: a condition's, or "aborted", "canceled", "stalled",
                                 "refused", "no-pdf", "interrupted", "not-found", "crashed",
                                 "person" (print_errand_cancel) */
} PrintErrandEnd;

const char *print_errand_outcome_word (PrintErrandOutcome outcome);

typedef struct _PrintErrand PrintErrand;

typedef struct {
  /* The job is made. TRUE: send the document (the caller has it on record that paper may come);
   * FALSE: give the job up, nothing is sent. NULL: always TRUE. */
  gboolean (*on_created) (PrintErrand *errand, int id, gpointer data);
  void (*on_sent) (PrintErrand *errand, gpointer data);                              /* or NULL */
  void (*on_alive) (PrintErrand *errand, PrinterCondition condition, gpointer data); /* or NULL */
  /* The last call, exactly once; the child is gone. */
  void (*on_end) (PrintErrand *errand, const PrintErrandEnd *end, gpointer data);
} PrintErrandCalls;

/* Starts the child (`onestop-print --errand`). A child that cannot be started ends NOT_SENT from
 * the main loop. Never NULL; free it after on_end, or earlier: then the child is killed and on_end
 * never comes. `calls` must outlive it. */
PrintErrand *print_errand_start (const PrintErrandTask *task, const PrintErrandCalls *calls,
                                 gpointer data);
void print_errand_free (PrintErrand *errand);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintErrand, print_errand_free)

/* Asks the child to give the job up at the printer; what became of it comes with on_end. */
void print_errand_cancel (PrintErrand *errand);

/* TRUE once the document may be on its way. */
gboolean print_errand_was_sent (const PrintErrand *errand);
