/* fuzz-ticket.c: scanned texts, COSE messages and claims. None that was changed may be good. */
#include "fuzz.h"

#include <string.h>

#include "base/encode.h"
#include "trust/ticket-sign.h"

const char *const fuzz_name = "ticket";

static Key *key;
static KeySet *keys;
static char *good[3];

static char *
sign_one (TicketKind kind)
{
  g_autoptr (Ticket) ticket = ticket_new (kind);

  ticket->hall = g_strdup ("GS");
  ticket->number = g_strdup (kind == TICKET_KIND_SLIP ? "" : "A012");
  ticket->service = g_strdup ("gusu-talent-card");
  ticket->issued = 1795400000;
  ticket->expires = 1795440000;
  if (kind == TICKET_KIND_RECEIPT)
    ticket->case_number = g_strdup ("GSA-222223-D");
  if (kind == TICKET_KIND_SLIP)
    ticket->facts = g_strdup ("{\"identity\":\"jiangsu\",\"titles\":[\"jieqing\"]}");
  return ticket_sign (ticket, key, NULL);
}

GPtrArray *
fuzz_seeds (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  key = key_new (KEY_KIND_SIGN);
  keys = key_set_new (1, 0, 1);
  key_set_add_ticket_key (keys, "GS-K1", "GS", key_peek_public (key), 0, G_MAXINT64 / 2, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    good[i] = sign_one (TICKET_KIND_QUEUE + i);
    g_ptr_array_add (all, g_bytes_new (good[i], strlen (good[i])));
    g_ptr_array_add (all, encode_unbase45 (good[i] + 4, strlen (good[i]) - 4));
  }
  return all;
}

static gboolean
is_good (const void *text, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    if (length == strlen (good[i]) && memcmp (text, good[i], length) == 0)
      return TRUE;
  return FALSE;
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autofree char *wrapped = length < 2000 ? encode_base45 (bytes, length) : g_strdup ("");
  g_autofree char *text = g_strconcat ("YZ1:", wrapped, NULL);
  g_autoptr (Ticket) ticket = NULL, read = ticket_decode (bytes, length, NULL);
  g_autoptr (Ticket) claimed = ticket_sign_read ((const char *)bytes, length, NULL);

  if (ticket_sign_check ((const char *)bytes, length, keys, 1795400000000, NULL) ==
      TICKET_VERDICT_GOOD)
    g_assert (is_good (bytes, length));
  if (ticket_sign_check (text, strlen (text), keys, 1795400000000, &ticket) == TICKET_VERDICT_GOOD)
    g_assert (is_good (text, strlen (text)));
}
