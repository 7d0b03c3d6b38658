/* ticket-sign.h: tickets as COSE_Sign1 (RFC 9052) by Ed25519, in base45 (RFC 9285) after "YZ1:".
 *
 * Protected header {1: alg, 4: kid (8 bytes)}, empty unprotected header, tag 18. Emits alg -8
 * (EdDSA), accepts -8 and -19 (Ed25519, RFC 9864). */
#pragma once

#include <glib.h>

#include "domain/ticket.h"
#include "trust/key-set.h"
#include "trust/key.h"

#define TICKET_SIGN_PREFIX "YZ1:"
#define TICKET_SIGN_MAX_TEXT 1024

/* The text for the QR code. INVALID from ticket_encode. Owned. */
char *ticket_sign (const Ticket *ticket, const Key *key, GError **error);

typedef enum {
  TICKET_VERDICT_GOOD,
  TICKET_VERDICT_UNREADABLE,  /* not one of our codes, or damaged */
  TICKET_VERDICT_UNKNOWN_KEY, /* cannot be verified yet; not "forged" */
  TICKET_VERDICT_FORGED,      /* the signature does not hold, or the key is not that hall's */
  TICKET_VERDICT_REVOKED,     /* its key is revoked, or was not valid when it was issued */
  TICKET_VERDICT_EARLY,
  TICKET_VERDICT_OVER,
} TicketVerdict;

/* Judges a scanned text at `now` (ms). `ret_ticket` (may be NULL) is set, owned, for GOOD, EARLY
 * and OVER, and NULL otherwise. */
TicketVerdict ticket_sign_check (const char *text, gsize length, const KeySet *keys, gint64 now,
                                 Ticket **ret_ticket);

/* Reads without judging the signature: what the paper claims. NULL if unreadable. `ret_kid` may be
 * NULL. Owned. */
Ticket *ticket_sign_read (const char *text, gsize length, guint8 ret_kid[8]);

/* "good", "unreadable", "unknown-key", "forged", "revoked", "early", "over". Static. */
const char *ticket_sign_verdict_word (TicketVerdict verdict);

/* The public key as a COSE_Key (RFC 9052, RFC 9053 section 7.2): OKP, Ed25519, kid, alg -8. Owned.
 */
GBytes *ticket_sign_cose_key (const guint8 public_key[32]);

/* The layer below: checks one COSE_Sign1 message. FALSE if malformed or not by `public_key`;
 * `ret_payload` is owned. */
gboolean ticket_sign_verify_cose (const void *bytes, gsize length, const guint8 public_key[32],
                                  GBytes **ret_payload);
