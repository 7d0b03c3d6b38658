/* key-set.h: to whom a case is sealed and whose tickets hold, as one signed, expiring package.
 *
 * {"signed":{"type":"keyset","version":n,"issued","expires",
 *   "recipients":[{"kid","role":"working"|"hall"|"recovery","hall"?,"key":base64}],
 *   "ticket_keys":[{"kid","device","hall","key","from","to","revoked"?}]},"signature":base64}
 * Ed25519 over "onestop-keyset-1\n" and the canonical JSON (sorted, compact) of `signed`. The
 * signer's public key comes with enrolment. Times are RFC 3339. */
#pragma once

#include <glib.h>

#include "trust/hash.h"
#include "trust/key.h"

#define KEY_SET_MAX_BYTES (1024 * 1024)
#define KEY_SET_LIFE_MS (90 * (gint64)86400000)

typedef enum { KEY_SET_ROLE_WORKING, KEY_SET_ROLE_HALL, KEY_SET_ROLE_RECOVERY } KeySetRole;

typedef struct {
  char kid[HASH_KID_HEX];
  KeySetRole role;
  char *hall; /* KEY_SET_ROLE_HALL only, else NULL */
  guint8 key[32];
} KeySetRecipient;

typedef struct {
  char kid[HASH_KID_HEX];
  char *device;
  char *hall;
  guint8 key[32];  /* Ed25519 */
  gint64 from, to; /* ms: tickets issued in this time are good */
  gint64 revoked; /* ms, or 0: from then on no ticket of this key counts (its thief may antedate) */
} KeySetTicketKey;

typedef struct {
  gint64 version;
  gint64 issued, expires; /* ms */
  GPtrArray *recipients;  /* KeySetRecipient */
  GPtrArray *ticket_keys; /* KeySetTicketKey */
} KeySet;

/* An empty one (for the city to fill with the two calls below). Owned. */
KeySet *key_set_new (gint64 version, gint64 issued, gint64 expires);
void key_set_free (KeySet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KeySet, key_set_free)
void key_set_add_recipient (KeySet *set, KeySetRole role, const char *hall,
                            const guint8 public_key[32]);
/* `revoked` 0: it is not. */
void key_set_add_ticket_key (KeySet *set, const char *device, const char *hall,
                             const guint8 public_key[32], gint64 from, gint64 to, gint64 revoked);

/* The signed package as text. Owned. */
char *key_set_sign (const KeySet *set, const Key *signer);

/* DENIED if the signature is not by `signer_public`; INVALID if malformed (a kid that is not
 * its key's, times, doubles); members it does not know are ignored. Expiry is not looked at here:
 * the caller compares version (never take a lower one) and asks the calls below. Owned. */
KeySet *key_set_parse (const char *text, gsize length, const guint8 signer_public[32],
                       GError **error);

/* The recipients of a case of `hall`: the working key, the hall's, the recovery key; borrowed
 * records in an array that is owned. DENIED if the set is not valid at `now` (before issued by
 * more than a day, or expired) or lacks one of the three: then nothing may be accepted. */
GPtrArray *key_set_recipients (const KeySet *set, const char *hall, gint64 now, GError **error);

/* The key with this kid (8 bytes), or NULL. Borrowed. */
const KeySetTicketKey *key_set_peek_ticket_key (const KeySet *set, const guint8 kid[8]);
