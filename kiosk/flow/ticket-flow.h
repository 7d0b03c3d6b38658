/* ticket-flow.h: draws a queue number, judges what was scanned, redeems once. */
#pragma once

#include "domain/ticket.h"
#include "flow/app.h"
#include "store/ticket-store.h"
#include "trust/ticket-sign.h"

/* Draws the next number of window family `family` ("A") for today: number from this device's block,
 * signed text, journal entry and spool row in one transaction. `service` may be NULL.
 * `ret_print_id` may be NULL. FULL when the day's block is used up, DENIED before enrolment, RETRY
 * while the clock is unsure of the day. Owned. */
TicketRow *ticket_flow_draw (App *app, Db *db, const char *family, const char *service,
                             const char *language, gint64 now, gint64 *ret_print_id,
                             GError **error);

/* In the app's worker; the result is a TicketRow. */
void ticket_flow_draw_async (App *app, const char *family, const char *service,
                             const char *language, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
TicketRow *ticket_flow_draw_finish (GAsyncResult *result, GError **error);

/* The signed text of a receipt ticket, by this device's own key: the kiosk's on the receipt, the
 * desk's on the cover of a dossier. It looks the case up and holds for three years. `manifest` is
 * the SHA-256 of the sealed body in hex. DENIED before enrolment. Owned. */
char *ticket_flow_sign_receipt (const App *app, const char *number, const char *service,
                                const char *manifest, gint64 at, GError **error);

/* What a scanned text is. */
typedef enum {
  TICKET_SCAN_QUEUE,        /* a queue ticket of this hall, good today */
  TICKET_SCAN_RECEIPT,      /* a receipt of this hall */
  TICKET_SCAN_SLIP,         /* a result slip of this hall */
  TICKET_SCAN_OTHER_HALL,   /* good, but of another hall */
  TICKET_SCAN_OVER,         /* its day is over */
  TICKET_SCAN_EARLY,        /* not yet */
  TICKET_SCAN_NOT_VERIFIED, /* a key that this machine does not know yet */
  TICKET_SCAN_REFUSED,      /* forged or revoked */
  TICKET_SCAN_UNREADABLE,   /* not one of our codes, or damaged */
} TicketScanKind;

typedef struct {
  TicketScanKind kind;
  TicketVerdict verdict;
  Ticket *ticket; /* what it claims; NULL for UNREADABLE and REFUSED */
} TicketScan;

void ticket_scan_free (TicketScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TicketScan, ticket_scan_free)

/* Never fails: what cannot be read is UNREADABLE. Looking is unlimited. Owned. */
TicketScan *ticket_flow_scan (App *app, const char *text, gsize length, gint64 now);

/* Uses a ticket for `purpose` ("check-in"), once on this machine: CONFLICT with the time of the
 * first use in the message. Journal entry in the same transaction. */
gboolean ticket_flow_redeem (App *app, Db *db, const Ticket *ticket, const char *purpose,
                             gint64 now, GError **error);
