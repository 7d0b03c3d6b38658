/* print-spool.h: paper that waits for a printer. A row only points to what is printed (a receipt
 * row, a ticket row, a slip row); it holds nothing of the applicant. onestop-print drains it,
 * screens watch it.
 *
 * Each row ends as printed, failed or cancelled. A row found `sending` by a new onestop-print is
 * made `unknown`: the printer is asked by job name, and if it does not know, a person. Nothing is
 * sent twice by itself. */
#pragma once

#include "store/db.h"

typedef enum { PRINT_KIND_RECEIPT, PRINT_KIND_TICKET, PRINT_KIND_SLIP } PrintKind;

typedef enum {
  PRINT_STATE_QUEUED,    /* stored, not begun */
  PRINT_STATE_SENDING,   /* the printer may have bytes of it */
  PRINT_STATE_UNKNOWN,   /* it may be on paper: ask the printer, then a person */
  PRINT_STATE_PRINTED,   /* the printer said so, or a person did */
  PRINT_STATE_FAILED,    /* the printer said so; `reason` */
  PRINT_STATE_CANCELLED, /* nobody wants it any more */
} PrintState;

typedef struct {
  gint64 id;
  PrintKind kind;
  char *reference; /* case number, or id of the ticket or slip */
  int copy;        /* 1; a reprint (补打) counts on */
  PrintState state;
  char *reason;      /* a stable word ("media-empty", "printer-gone"...), or NULL */
  char *job_name;    /* "onestop-<id>-<copy>-<random>", made with the row, unique for ever */
  gint64 ipp_id;     /* job id at the printer, 0 while unknown */
  gboolean unwanted; /* nobody waits for it any more: to be cancelled at the printer */
  gint64 queued_at;
  gint64 changed_at;
} PrintJob;

void print_job_free (PrintJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintJob, print_job_free)

const char *print_state_word (PrintState state);
const char *print_kind_word (PrintKind kind);

/* Queues one copy; its copy number is one more than the highest for `reference`. `ret_id` may be
 * NULL. */
gboolean print_spool_add (Db *db, PrintKind kind, const char *reference, gint64 at, gint64 *ret_id,
                          GError **error);

/* The oldest queued row, or NULL without error when none waits. */
PrintJob *print_spool_next (Db *db, GError **error);

/* NOT_FOUND. */
PrintJob *print_spool_get (Db *db, gint64 id, GError **error);

/* The newest row for `reference`; NOT_FOUND. */
PrintJob *print_spool_find (Db *db, PrintKind kind, const char *reference, GError **error);

/* Rows, newest first, at most `max`. PrintJob. */
GPtrArray *print_spool_list (Db *db, guint max, GError **error);

/* Rows in `state`, oldest first. PrintJob. */
GPtrArray *print_spool_in_state (Db *db, PrintState state, GError **error);

/* The one setter. Allowed: queued -> sending, failed, cancelled; sending -> unknown, printed,
 * failed, queued (only when no byte was sent); unknown -> printed, failed, queued (a person chose
 * to print again), cancelled; failed -> queued, cancelled. Anything else is CONFLICT, also when
 * another process was faster. */
gboolean print_spool_set (Db *db, gint64 id, PrintState state, const char *reason, gint64 at,
                          GError **error);

/* Nobody waits any more for a row that is `sending`; CONFLICT in another state. The process that
 * sends it gives it up at the printer if it still can. */
gboolean print_spool_unwant (Db *db, gint64 id, GError **error);

/* The printer's job id, once known. */
gboolean print_spool_set_ipp_id (Db *db, gint64 id, gint64 ipp_id, GError **error);

/* Deletes rows printed or cancelled longer than 10 minutes ago at `now` (secure_delete). */
gboolean print_spool_purge (Db *db, gint64 now, GError **error);
