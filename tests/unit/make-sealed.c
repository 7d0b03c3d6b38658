/* make-sealed.c: a small program for test-trust-independent.py: seals a case for a new key and
 * signs tickets with a new one, and prints it all as one JSON document. */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/strict-json.h"
#include "trust/key-set.h"
#include "trust/seal.h"
#include "trust/ticket-sign.h"

#define CASE_ID "019a0b5c-9c40-7d11-8000-000000000002"

static void
put_base64 (json_t *object, const char *member, const void *bytes, gsize length)
{
  g_autofree char *base64 = encode_base64 (bytes, length);
  json_object_set_new (object, member, json_string (base64));
}

static json_t *
seal_one (SealCase *seal, SealPlace place, gsize length)
{
  g_autofree guint8 *plain = g_malloc (length + 1);
  json_t *object = json_pack ("{s:s,s:s,s:i}", "kind", place.kind, "slot", place.slot, "index",
                              (int)place.index);
  char sha256[HASH_HEX];
  g_autoptr (GBytes) sealed = NULL;

  for (gsize i = 0; i < length; i++)
    plain[i] = (guint8)(i * 7 + length);
  sealed = seal_object (seal, place, plain, length, sha256, NULL);
  g_assert (sealed != NULL);
  put_base64 (object, "plain", plain, length);
  put_base64 (object, "sealed", g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  json_object_set_new (object, "sha256", json_string (sha256));
  return object;
}

static json_t *
sign_one (TicketKind kind, const Key *key)
{
  g_autoptr (Ticket) ticket = ticket_new (kind);
  g_autofree char *text = NULL;

  ticket->hall = g_strdup ("GS");
  ticket->number = g_strdup (kind == TICKET_KIND_QUEUE ? "A012" : "GSA-222223-D");
  ticket->service = g_strdup (kind == TICKET_KIND_QUEUE ? "" : "gusu-talent-card");
  ticket->issued = 1795400000;
  ticket->expires = 1795440000;
  memset (ticket->id, 0xab, sizeof ticket->id);
  if (kind == TICKET_KIND_RECEIPT)
    ticket->case_number = g_strdup ("GSA-222223-D");
  text = ticket_sign (ticket, key, NULL);
  g_assert (text != NULL);
  return json_string (text);
}

int
main (void)
{
  static const gsize lengths[] = {0, 1, 65528, 65529, 700000};
  g_autoptr (Key) recipient = key_new (KEY_KIND_SEAL), device = key_new (KEY_KIND_SIGN);
  g_autoptr (KeySet) set = key_set_new (1, 1, 2);
  g_autoptr (SealCase) seal = seal_case_new (CASE_ID);
  g_autoptr (GBytes) cose = ticket_sign_cose_key (key_peek_public (device));
  g_autoptr (json_t) all = json_pack ("{s:s}", "case_id", CASE_ID);
  json_t *objects = json_array (), *tickets = json_array ();
  g_autofree char *text = NULL;

  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (recipient));
  put_base64 (all, "secret", key_peek_secret (recipient), 32);
  put_base64 (all, "cose_key", g_bytes_get_data (cose, NULL), g_bytes_get_size (cose));
  json_object_set_new (all, "wraps", seal_wraps (seal, set->recipients, NULL));
  json_array_append_new (objects, seal_one (seal, SEAL_PLACE_BODY, 2000));
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    json_array_append_new (objects,
                           seal_one (seal, SEAL_PLACE_DOCUMENT ("passport", i), lengths[i]));
  json_array_append_new (tickets, sign_one (TICKET_KIND_QUEUE, device));
  json_array_append_new (tickets, sign_one (TICKET_KIND_RECEIPT, device));
  json_object_set_new (all, "objects", objects);
  json_object_set_new (all, "tickets", tickets);
  text = strict_json_write (all);
  puts (text);
  return 0;
}
