/* ticket.c: the claims of a QR ticket as deterministic CBOR. Refuses any other spelling of the same
 * claims, and any claim it does not know. */
#include "domain/ticket.h"

#include <string.h>

#include "base/cbor.h"
#include "base/error.h"
#include "base/strict-json.h"

enum {
  CLAIM_ISSUER = 1,
  CLAIM_EXPIRES = 4,
  CLAIM_ISSUED = 6,
  CLAIM_ID = 7,
  CLAIM_TICKET = -65537,
  CLAIM_CASE = -65538,
  CLAIM_MANIFEST = -65539,
  CLAIM_GUIDE = -65540,
  CLAIM_FACTS = -65541
};

/* The largest time that is taken, in seconds: the year 9999. */
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

Ticket *
ticket_new (TicketKind kind)
{
  Ticket *ticket = g_new0 (Ticket, 1);

  ticket->kind = kind;
  return ticket;
}

void
ticket_free (Ticket *ticket)
{
  if (ticket == NULL)
    return;
  g_free (ticket->hall);
  g_free (ticket->number);
  g_free (ticket->service);
  g_free (ticket->case_number);
  g_free (ticket->facts);
  g_free (ticket);
}

const char *
ticket_kind_word (TicketKind kind)
{
  switch (kind) {
  case TICKET_KIND_RECEIPT:
    return "receipt";
  case TICKET_KIND_SLIP:
    return "slip";
  case TICKET_KIND_QUEUE:
    break;
  }
  return "queue";
}

/* Printable ASCII of `least` to TICKET_MAX_TEXT bytes: what identifiers are made of. */
static gboolean
text_is_fine (const char *text, gsize least)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (text == NULL || length < least || length > TICKET_MAX_TEXT)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

/* A value of a fact: no texts but words, nothing nested but a list of words. */
static gboolean
value_is_fine (const json_t *value)
{
  if (!json_is_array (value))
    return json_is_boolean (value) || json_is_null (value) || json_is_integer (value) ||
           text_is_fine (json_string_value (value), 1);
  for (gsize i = 0; i < json_array_size (value); i++)
    if (!text_is_fine (json_string_value (json_array_get (value, i)), 1))
      return FALSE;
  return TRUE;
}

/* One spelling: what is read writes the same bytes again. */
static gboolean
facts_are_fine (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  const char *key;
  json_t *value;

  if (length == 0 || length > TICKET_MAX_FACTS)
    return FALSE;
  g_autoptr (json_t) facts = strict_json_parse (text, length, NULL);
  if (!json_is_object (facts))
    return FALSE;
  json_object_foreach (facts, key, value)
    if (!text_is_fine (key, 1) || !value_is_fine (value))
      return FALSE;
  g_autofree char *again = strict_json_canonical (facts);
  return g_strcmp0 (again, text) == 0;
}

static const char *
fault_in (const Ticket *ticket)
{
  gboolean receipt = ticket->kind == TICKET_KIND_RECEIPT, slip = ticket->kind == TICKET_KIND_SLIP;

  if (ticket->kind != TICKET_KIND_QUEUE && !receipt && !slip)
    return "kind";
  if (!text_is_fine (ticket->hall, 1))
    return "hall";
  if (slip ? g_strcmp0 (ticket->number, "") != 0 : !text_is_fine (ticket->number, 1))
    return "number";
  if (!text_is_fine (ticket->service, 0))
    return "service";
  if (ticket->slot < 0 || ticket->slot > LAST_SECOND / 60)
    return "slot";
  if (ticket->issued < 0 || ticket->expires < ticket->issued || ticket->expires > LAST_SECOND)
    return "times";
  if (receipt ? !text_is_fine (ticket->case_number, 1) : ticket->case_number != NULL)
    return "case number";
  if (slip ? !facts_are_fine (ticket->facts) : ticket->facts != NULL)
    return "facts";
  return NULL;
}

GBytes *
ticket_encode (const Ticket *ticket, GError **error)
{
  gboolean receipt = ticket->kind == TICKET_KIND_RECEIPT;
  const char *fault = fault_in (ticket);
  GByteArray *to;

  if (fault != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "ticket: %s missing or malformed",
                 fault);
    return NULL;
  }
  to = g_byte_array_new ();
  cbor_write_map (to, ticket->kind == TICKET_KIND_QUEUE ? 5 : 7);
  cbor_write_int (to, CLAIM_ISSUER);
  cbor_write_text (to, ticket->hall);
  cbor_write_int (to, CLAIM_EXPIRES);
  cbor_write_int (to, ticket->expires);
  cbor_write_int (to, CLAIM_ISSUED);
  cbor_write_int (to, ticket->issued);
  cbor_write_int (to, CLAIM_ID);
  cbor_write_bytes (to, ticket->id, TICKET_ID_BYTES);
  cbor_write_int (to, CLAIM_TICKET);
  cbor_write_array (to, 5);
  cbor_write_int (to, ticket->kind);
  cbor_write_text (to, ticket->hall);
  cbor_write_text (to, ticket->number);
  cbor_write_text (to, ticket->service);
  cbor_write_int (to, ticket->slot);
  if (receipt) {
    cbor_write_int (to, CLAIM_CASE);
    cbor_write_text (to, ticket->case_number);
    cbor_write_int (to, CLAIM_MANIFEST);
    cbor_write_bytes (to, ticket->manifest, TICKET_MANIFEST_BYTES);
  }
  if (ticket->kind == TICKET_KIND_SLIP) {
    cbor_write_int (to, CLAIM_GUIDE);
    cbor_write_bytes (to, ticket->guide, TICKET_GUIDE_BYTES);
    cbor_write_int (to, CLAIM_FACTS);
    cbor_write_text (to, ticket->facts);
  }
  return g_byte_array_free_to_bytes (to);
}

static gboolean
read_label (CborReader *r, gint64 wanted)
{
  gint64 label;
  return cbor_read_int (r, &label) && label == wanted;
}

static gboolean
read_text (CborReader *r, char **ret_text)
{
  const char *text;
  gsize length;

  if (!cbor_read_text (r, &text, &length))
    return FALSE;
  *ret_text = g_strndup (text, length);
  return TRUE;
}

static gboolean
read_bytes (CborReader *r, guint8 *ret_bytes, gsize wanted)
{
  const guint8 *bytes;
  gsize length;

  if (!cbor_read_bytes (r, &bytes, &length) || length != wanted)
    return FALSE;
  memcpy (ret_bytes, bytes, wanted);
  return TRUE;
}

static gboolean
read_claims (CborReader *r, Ticket *ticket)
{
  g_autofree char *issuer = NULL;
  guint pairs, n;
  gint64 kind;

  if (!cbor_read_map (r, &pairs) || !read_label (r, CLAIM_ISSUER) || !read_text (r, &issuer) ||
      !read_label (r, CLAIM_EXPIRES) || !cbor_read_int (r, &ticket->expires) ||
      !read_label (r, CLAIM_ISSUED) || !cbor_read_int (r, &ticket->issued) ||
      !read_label (r, CLAIM_ID) || !read_bytes (r, ticket->id, TICKET_ID_BYTES) ||
      !read_label (r, CLAIM_TICKET) || !cbor_read_array (r, &n) || n != 5 ||
      !cbor_read_int (r, &kind) || !read_text (r, &ticket->hall) ||
      !read_text (r, &ticket->number) || !read_text (r, &ticket->service) ||
      !cbor_read_int (r, &ticket->slot) || strcmp (issuer, ticket->hall) != 0)
    return FALSE;
  if (kind == TICKET_KIND_QUEUE && pairs == 5) {
    ticket->kind = TICKET_KIND_QUEUE;
    return cbor_at_end (r);
  }
  if (kind == TICKET_KIND_SLIP && pairs == 7) {
    ticket->kind = TICKET_KIND_SLIP;
    return read_label (r, CLAIM_GUIDE) && read_bytes (r, ticket->guide, TICKET_GUIDE_BYTES) &&
           read_label (r, CLAIM_FACTS) && read_text (r, &ticket->facts) && cbor_at_end (r);
  }
  ticket->kind = TICKET_KIND_RECEIPT;
  return kind == TICKET_KIND_RECEIPT && pairs == 7 && read_label (r, CLAIM_CASE) &&
         read_text (r, &ticket->case_number) && read_label (r, CLAIM_MANIFEST) &&
         read_bytes (r, ticket->manifest, TICKET_MANIFEST_BYTES) && cbor_at_end (r);
}

Ticket *
ticket_decode (const void *bytes, gsize length, GError **error)
{
  CborReader reader = cbor_reader (bytes, length);
  g_autoptr (Ticket) ticket = ticket_new (TICKET_KIND_QUEUE);

  if (!read_claims (&reader, ticket) || fault_in (ticket) != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not the claims of a ticket");
    return NULL;
  }
  return g_steal_pointer (&ticket);
}

TicketTime
ticket_time (const Ticket *ticket, gint64 now_ms)
{
  if (ticket->issued * 1000 > now_ms + TICKET_SKEW_MS)
    return TICKET_TIME_EARLY;
  if (ticket->expires * 1000 + TICKET_SKEW_MS < now_ms)
    return TICKET_TIME_OVER;
  return TICKET_TIME_GOOD;
}
