/* ticket.h: what a QR ticket claims, as a record and as the bytes that are signed.
 *
 * The bytes are a CWT claims set (RFC 8392) in deterministic CBOR: 1 issuer hall, 4 expires,
 * 6 issued, 7 id, -65537 [kind, hall, number, service, slot]; a receipt adds -65538 case number
 * and -65539 manifest hash; a slip adds -65540 the first bytes of the guide's SHA-256 and -65541
 * the answers of an eligibility check: {fact: value} as canonical JSON, the values true, false,
 * null, whole numbers, words, lists of words. Nothing of a person is in it: which facts may travel
 * is slip-flow's to say. Signing is trust/ticket-sign's. */
#pragma once

#include <glib.h>

#define TICKET_ID_BYTES 12
#define TICKET_MANIFEST_BYTES 32
#define TICKET_MAX_TEXT 64 /* bytes of number, service, case number */
#define TICKET_GUIDE_BYTES 8
#define TICKET_MAX_FACTS 400                    /* bytes of the answers on a slip */
#define TICKET_SKEW_MS (10 * 60 * (gint64)1000) /* clocks may differ by this much */

typedef enum {
  TICKET_KIND_QUEUE = 1,   /* a number for a window family, good for its day */
  TICKET_KIND_RECEIPT = 2, /* what was handed in */
  TICKET_KIND_SLIP = 3,    /* the answers of an eligibility check, to begin with */
} TicketKind;

typedef struct {
  TicketKind kind;
  char *hall;     /* "GS": the issuer, and the hall where it holds */
  char *number;   /* queue: "A012"; receipt: the case number; slip: "" */
  char *service;  /* service id; "" when a ticket or slip names none */
  gint64 slot;    /* appointed time in minutes since 1970 UTC; 0: none */
  gint64 issued;  /* seconds since 1970 UTC */
  gint64 expires; /* seconds since 1970 UTC */
  guint8 id[TICKET_ID_BYTES];
  char *case_number;                      /* receipt only, else NULL */
  guint8 manifest[TICKET_MANIFEST_BYTES]; /* receipt only: SHA-256 of the sealed body */
  guint8 guide[TICKET_GUIDE_BYTES];       /* slip only */
  char *facts;                            /* slip only, else NULL */
} Ticket;

/* All zero but the kind. Fill it with owned strings. Owned. */
Ticket *ticket_new (TicketKind kind);
void ticket_free (Ticket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ticket, ticket_free)

/* The claims as CBOR. INVALID if a member is missing, too long or out of range. Owned. */
GBytes *ticket_encode (const Ticket *ticket, GError **error);

/* Reads exactly what ticket_encode writes; INVALID otherwise. Owned. */
Ticket *ticket_decode (const void *bytes, gsize length, GError **error);

typedef enum { TICKET_TIME_GOOD, TICKET_TIME_EARLY, TICKET_TIME_OVER } TicketTime;

/* Early: issued later than `now_ms`; over: expired; both by more than TICKET_SKEW_MS. */
TicketTime ticket_time (const Ticket *ticket, gint64 now_ms);

/* "queue", "receipt" or "slip". Static. */
const char *ticket_kind_word (TicketKind kind);
