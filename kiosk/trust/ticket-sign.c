/* ticket-sign.c: COSE_Sign1 around a ticket's claims. Refuses every header it did not expect, every
 * second spelling of the same message, and judges time and key only after the signature. */
#include "trust/ticket-sign.h"

#include <string.h>

#include "base/cbor.h"
#include "base/encode.h"
#include "trust/hash.h"
#include "trust/suite.h"

enum { COSE_ALG = 1, COSE_CONTENT_TYPE = 3, COSE_KID = 4 };
enum { ALG_EDDSA = -8, ALG_ED25519 = -19 };
#define TAG_SIGN1 18
#define TAG_CWT 61
#define MAX_KID 16

typedef struct {
  const guint8 *protected, *payload, *signature, *kid;
  gsize protected_length, payload_length, kid_length;
} Sign1;

static GBytes *
to_be_signed (const guint8 *protected, gsize protected_length, const guint8 *payload,
              gsize payload_length)
{
  GByteArray *to = g_byte_array_new ();

  cbor_write_array (to, 4);
  cbor_write_text (to, "Signature1");
  cbor_write_bytes (to, protected, protected_length);
  cbor_write_bytes (to, NULL, 0);
  cbor_write_bytes (to, payload, payload_length);
  return g_byte_array_free_to_bytes (to);
}

char *
ticket_sign (const Ticket *ticket, const Key *key, GError **error)
{
  g_autoptr (GBytes) claims = ticket_encode (ticket, error);
  g_autoptr (GByteArray) header = g_byte_array_new (), message = g_byte_array_new ();
  g_autoptr (GBytes) signed_bytes = NULL;
  g_autofree char *base45 = NULL;
  guint8 kid[HASH_KID_BYTES], signature[SUITE_SIGNATURE_BYTES];
  const guint8 *payload;
  gsize length;

  if (claims == NULL)
    return NULL;
  payload = g_bytes_get_data (claims, &length);
  hash_kid (key_peek_public (key), kid);
  cbor_write_map (header, 2);
  cbor_write_int (header, COSE_ALG);
  cbor_write_int (header, ALG_EDDSA);
  cbor_write_int (header, COSE_KID);
  cbor_write_bytes (header, kid, sizeof kid);
  signed_bytes = to_be_signed (header->data, header->len, payload, length);
  key_sign (key, g_bytes_get_data (signed_bytes, NULL), g_bytes_get_size (signed_bytes), signature);
  cbor_write_tag (message, TAG_SIGN1);
  cbor_write_array (message, 4);
  cbor_write_bytes (message, header->data, header->len);
  cbor_write_map (message, 0);
  cbor_write_bytes (message, payload, length);
  cbor_write_bytes (message, signature, sizeof signature);
  base45 = encode_base45 (message->data, message->len);
  return g_strconcat (TICKET_SIGN_PREFIX, base45, NULL);
}

static gboolean
read_kid (CborReader *reader, Sign1 *sign)
{
  return sign->kid == NULL && cbor_read_bytes (reader, &sign->kid, &sign->kid_length) &&
         sign->kid_length <= MAX_KID;
}

/* alg must be there, kid and content type may; labels ascend and no other is known. */
static gboolean
read_protected (Sign1 *sign)
{
  CborReader reader = cbor_reader (sign->protected, sign->protected_length);
  gint64 label, last = 0, value;
  gboolean has_alg = FALSE;
  guint n;

  if (!cbor_read_map (&reader, &n) || n > 3)
    return FALSE;
  for (guint i = 0; i < n; i++, last = label) {
    if (!cbor_read_int (&reader, &label) || label <= last)
      return FALSE;
    if (label == COSE_ALG && cbor_read_int (&reader, &value) &&
        (value == ALG_EDDSA || value == ALG_ED25519))
      has_alg = TRUE;
    else if (label == COSE_CONTENT_TYPE && cbor_read_int (&reader, &value) && value >= 0)
      continue;
    else if (label != COSE_KID || !read_kid (&reader, sign))
      return FALSE;
  }
  return has_alg && cbor_at_end (&reader);
}

static gboolean
read_unprotected (CborReader *reader, Sign1 *sign)
{
  gint64 label;
  guint n;

  if (!cbor_read_map (reader, &n) || n > 1)
    return FALSE;
  return n == 0 || (cbor_read_int (reader, &label) && label == COSE_KID && read_kid (reader, sign));
}

static gboolean
read_sign1 (const void *bytes, gsize length, Sign1 *sign)
{
  CborReader reader = cbor_reader (bytes, length);
  gsize signature_length;
  guint64 tag;
  guint n;

  *sign = (Sign1){0};
  if (!cbor_read_tag (&reader, &tag))
    return FALSE;
  if (tag == TAG_CWT && !cbor_read_tag (&reader, &tag))
    return FALSE;
  return tag == TAG_SIGN1 && cbor_read_array (&reader, &n) && n == 4 &&
         cbor_read_bytes (&reader, &sign->protected, &sign->protected_length) &&
         read_protected (sign) && read_unprotected (&reader, sign) &&
         cbor_read_bytes (&reader, &sign->payload, &sign->payload_length) &&
         cbor_read_bytes (&reader, &sign->signature, &signature_length) &&
         signature_length == SUITE_SIGNATURE_BYTES && cbor_at_end (&reader);
}

static gboolean
holds (const Sign1 *sign, const guint8 public_key[32])
{
  g_autoptr (GBytes) message =
      to_be_signed (sign->protected, sign->protected_length, sign->payload, sign->payload_length);
  return suite_verify (public_key, g_bytes_get_data (message, NULL), g_bytes_get_size (message),
                       sign->signature);
}

gboolean
ticket_sign_verify_cose (const void *bytes, gsize length, const guint8 public_key[32],
                         GBytes **ret_payload)
{
  Sign1 sign;

  if (!read_sign1 (bytes, length, &sign) || !holds (&sign, public_key))
    return FALSE;
  if (ret_payload != NULL)
    *ret_payload = g_bytes_new (sign.payload, sign.payload_length);
  return TRUE;
}

/* The COSE message in a scanned text, or NULL. */
static GBytes *
unwrap_text (const char *text, gsize length)
{
  const gsize prefix = strlen (TICKET_SIGN_PREFIX);

  if (length < prefix || length > TICKET_SIGN_MAX_TEXT ||
      memcmp (text, TICKET_SIGN_PREFIX, prefix) != 0)
    return NULL;
  return encode_unbase45 (text + prefix, length - prefix);
}

/* Our own tickets are stricter than COSE: one tag, kid of eight bytes in the protected header. */
static Ticket *
read_ticket (GBytes *message, Sign1 *ret_sign)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);

  if (!read_sign1 (bytes, length, ret_sign) || bytes[0] != (0xc0 | TAG_SIGN1) ||
      ret_sign->kid_length != HASH_KID_BYTES || ret_sign->kid < ret_sign->protected ||
      ret_sign->kid >= ret_sign->protected + ret_sign->protected_length)
    return NULL;
  return ticket_decode (ret_sign->payload, ret_sign->payload_length, NULL);
}

Ticket *
ticket_sign_read (const char *text, gsize length, guint8 ret_kid[8])
{
  g_autoptr (GBytes) message = unwrap_text (text, length);
  Ticket *ticket;
  Sign1 sign;

  if (message == NULL || (ticket = read_ticket (message, &sign)) == NULL)
    return NULL;
  if (ret_kid != NULL)
    memcpy (ret_kid, sign.kid, HASH_KID_BYTES);
  return ticket;
}

TicketVerdict
ticket_sign_check (const char *text, gsize length, const KeySet *keys, gint64 now,
                   Ticket **ret_ticket)
{
  g_autoptr (GBytes) message = unwrap_text (text, length);
  g_autoptr (Ticket) ticket = NULL;
  const KeySetTicketKey *key;
  TicketTime time;
  Sign1 sign;

  if (ret_ticket != NULL)
    *ret_ticket = NULL;
  if (message == NULL || (ticket = read_ticket (message, &sign)) == NULL)
    return TICKET_VERDICT_UNREADABLE;
  key = key_set_peek_ticket_key (keys, sign.kid);
  if (key == NULL)
    return TICKET_VERDICT_UNKNOWN_KEY;
  if (!holds (&sign, key->key) || strcmp (key->hall, ticket->hall) != 0)
    return TICKET_VERDICT_FORGED;
  if ((key->revoked != 0 && now >= key->revoked) ||
      ticket->issued * 1000 + TICKET_SKEW_MS < key->from ||
      ticket->issued * 1000 > key->to + TICKET_SKEW_MS)
    return TICKET_VERDICT_REVOKED;
  time = ticket_time (ticket, now);
  if (ret_ticket != NULL)
    *ret_ticket = g_steal_pointer (&ticket);
  return time == TICKET_TIME_EARLY  ? TICKET_VERDICT_EARLY
         : time == TICKET_TIME_OVER ? TICKET_VERDICT_OVER
                                    : TICKET_VERDICT_GOOD;
}

const char *
ticket_sign_verdict_word (TicketVerdict verdict)
{
  static const char *const words[] = {
      [TICKET_VERDICT_GOOD] = "good",
      [TICKET_VERDICT_UNREADABLE] = "unreadable",
      [TICKET_VERDICT_UNKNOWN_KEY] = "unknown-key",
      [TICKET_VERDICT_FORGED] = "forged",
      [TICKET_VERDICT_REVOKED] = "revoked",
      [TICKET_VERDICT_EARLY] = "early",
      [TICKET_VERDICT_OVER] = "over",
  };
  return words[verdict];
}

GBytes *
ticket_sign_cose_key (const guint8 public_key[32])
{
  enum { KTY = 1, KID = 2, ALG = 3, CRV = -1, X = -2, OKP = 1, ED25519 = 6 };
  GByteArray *to = g_byte_array_new ();
  guint8 kid[HASH_KID_BYTES];

  hash_kid (public_key, kid);
  cbor_write_map (to, 5);
  cbor_write_int (to, KTY);
  cbor_write_int (to, OKP);
  cbor_write_int (to, KID);
  cbor_write_bytes (to, kid, sizeof kid);
  cbor_write_int (to, ALG);
  cbor_write_int (to, ALG_EDDSA);
  cbor_write_int (to, CRV);
  cbor_write_int (to, ED25519);
  cbor_write_int (to, X);
  cbor_write_bytes (to, public_key, 32);
  return g_byte_array_free_to_bytes (to);
}
