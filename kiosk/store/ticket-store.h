/* ticket-store.h: queue tickets of this machine, and which tickets were redeemed here. */
#pragma once

#include "store/db.h"

typedef struct {
  char *id;      /* cti, 24 hex digits */
  char *number;  /* "A012" */
  char *family;  /* "A" */
  char *day;     /* "2026-11-23", Asia/Shanghai */
  char *service; /* guide id, or NULL */
  char *language;
  gint64 drawn_at;
  gint64 expires_at;
  char *text; /* "YZ1:...", what its QR says */
} TicketRow;

void ticket_row_free (TicketRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TicketRow, ticket_row_free)

/* The next number of `family` on `day` in the block `from`..`to` (each at most 999). FULL when the
 * block is used up. Only inside the write that inserts the ticket (BUG otherwise). */
gboolean ticket_store_next_number (Db *db, const char *day, const char *family, int from, int to,
                                   int *ret_number, GError **error);

gboolean ticket_store_insert (Db *db, const TicketRow *row, GError **error);

/* NOT_FOUND. */
TicketRow *ticket_store_get (Db *db, const char *id, GError **error);

/* Numbers drawn here on `day` in `family`. */
gboolean ticket_store_count (Db *db, const char *day, const char *family, gint64 *ret_count,
                             GError **error);

/* Notes that `id` was redeemed here; CONFLICT if it was before, with `ret_first_at` (may be NULL)
 * telling when. */
gboolean ticket_store_redeem (Db *db, const char *id, const char *purpose, gint64 at,
                              gint64 *ret_first_at, GError **error);

/* Deletes drawn tickets of days before `day`; what was redeemed stays. */
gboolean ticket_store_purge (Db *db, const char *day, GError **error);
