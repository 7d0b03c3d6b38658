/* test-ticket.c: CBOR, and the claims of a ticket. */
#include <string.h>

#include "base/cbor.h"
#include "base/encode.h"
#include "base/error.h"
#include "domain/ticket.h"

static GBytes *
unhex (const char *text)
{
  gsize n = strlen (text) / 2;
  guint8 *bytes = g_malloc (n + 1);

  g_assert_true (encode_unhex (text, bytes, n));
  return g_bytes_new_take (bytes, n);
}

static void
test_cbor_int (void)
{
  /* RFC 8949, appendix A */
  static const struct {
    gint64 value;
    const char *hex;
  } vectors[] = {{0, "00"},
                 {10, "0a"},
                 {23, "17"},
                 {24, "1818"},
                 {100, "1864"},
                 {1000, "1903e8"},
                 {1000000, "1a000f4240"},
                 {1000000000000, "1b000000e8d4a51000"},
                 {-1, "20"},
                 {-10, "29"},
                 {-100, "3863"},
                 {-1000, "3903e7"},
                 {G_MAXINT64, "1b7fffffffffffffff"},
                 {G_MININT64, "3b7fffffffffffffff"}};
  static const char *const refused[] = {"1817",
                                        "1900ff",
                                        "1a0000ffff",
                                        "1b00000000ffffffff",
                                        "1bffffffffffffffff",
                                        "3bffffffffffffffff",
                                        "18",
                                        "19ff",
                                        "1c",
                                        "1f",
                                        "40",
                                        "f5",
                                        "f90000",
                                        ""};

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (GByteArray) to = g_byte_array_new ();
    CborReader reader;
    gint64 value = 1;
    cbor_write_int (to, vectors[i].value);
    g_autofree char *hex = encode_hex (to->data, to->len);
    g_assert_cmpstr (hex, ==, vectors[i].hex);
    reader = cbor_reader (to->data, to->len);
    g_assert_true (cbor_read_int (&reader, &value));
    g_assert_cmpint (value, ==, vectors[i].value);
    g_assert_true (cbor_at_end (&reader));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GBytes) bytes = unhex (refused[i]);
    CborReader reader = cbor_reader (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    CborReader before = reader;
    gint64 value = 77;
    g_assert_false (cbor_read_int (&reader, &value));
    g_assert_cmpint (value, ==, 77);
    g_assert_true (reader.at == before.at);
  }
}

static void
test_cbor_runs (void)
{
  static const char *const bad_text[] = {"61ff",     "6161ff00", "6200", "5f4101ff",
                                         "7f6161ff", "78016f",   "6100", "7bffffffffffffffff"};
  const char *text;
  gsize length;

  for (gsize i = 0; i < G_N_ELEMENTS (bad_text); i++) {
    g_autoptr (GBytes) bytes = unhex (bad_text[i]);
    CborReader reader = cbor_reader (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    gboolean read = cbor_read_text (&reader, &text, &length);
    g_assert_true (!read || !cbor_at_end (&reader));
  }
}

#define FACTS "{\"identity\":\"jiangsu\",\"known\":null,\"titles\":[\"jieqing\"],\"years\":3}"

static Ticket *
sample (TicketKind kind)
{
  Ticket *ticket = ticket_new (kind);

  ticket->hall = g_strdup ("GS");
  ticket->number = g_strdup (kind == TICKET_KIND_QUEUE  ? "A012"
                             : kind == TICKET_KIND_SLIP ? ""
                                                        : "GSA-222223-D");
  ticket->service = g_strdup ("gusu-talent-card");
  ticket->issued = 1795400000;
  ticket->expires = 1795440000;
  memset (ticket->id, 0xab, sizeof ticket->id);
  if (kind == TICKET_KIND_RECEIPT) {
    ticket->case_number = g_strdup ("GSA-222223-D");
    memset (ticket->manifest, 9, sizeof ticket->manifest);
  }
  if (kind == TICKET_KIND_SLIP) {
    memset (ticket->guide, 7, sizeof ticket->guide);
    ticket->facts = g_strdup (FACTS);
  }
  return ticket;
}

static void
test_claims (void)
{
  g_autoptr (GError) error = NULL;

  for (TicketKind kind = TICKET_KIND_QUEUE; kind <= TICKET_KIND_SLIP; kind++) {
    g_autoptr (Ticket) ticket = sample (kind);
    g_autoptr (GBytes) bytes = ticket_encode (ticket, &error);
    g_assert_no_error (error);
    gsize length;
    const guint8 *data = g_bytes_get_data (bytes, &length);
    g_autoptr (Ticket) again = ticket_decode (data, length, &error);
    g_assert_no_error (error);
    g_assert_cmpint (again->kind, ==, kind);
    g_assert_cmpstr (again->hall, ==, ticket->hall);
    g_assert_cmpstr (again->number, ==, ticket->number);
    g_assert_cmpstr (again->service, ==, ticket->service);
    g_assert_cmpstr (again->case_number, ==, ticket->case_number);
    g_assert_cmpint (again->issued, ==, ticket->issued);
    g_assert_cmpint (again->expires, ==, ticket->expires);
    g_assert_cmpmem (again->id, 12, ticket->id, 12);
    g_assert_cmpmem (again->manifest, 32, ticket->manifest, 32);
    g_assert_cmpmem (again->guide, 8, ticket->guide, 8);
    g_assert_cmpstr (again->facts, ==, ticket->facts);
    for (gsize cut = 0; cut < length; cut++)
      g_assert_null (ticket_decode (data, cut, NULL));
    g_autofree guint8 *longer = g_memdup2 (data, length);
    longer = g_realloc (longer, length + 1);
    longer[length] = 0;
    g_assert_null (ticket_decode (longer, length + 1, NULL));
  }
}

static void
test_one_spelling (void)
{
  /* Whatever decodes must encode to the same bytes, for every flip of a bit. */
  for (TicketKind kind = TICKET_KIND_QUEUE; kind <= TICKET_KIND_SLIP; kind++) {
    g_autoptr (Ticket) ticket = sample (kind);
    g_autoptr (GBytes) bytes = ticket_encode (ticket, NULL);
    gsize length;
    const guint8 *data = g_bytes_get_data (bytes, &length);
    guint read = 0;
    for (gsize bit = 0; bit < length * 8; bit++) {
      g_autofree guint8 *flipped = g_memdup2 (data, length);
      flipped[bit / 8] ^= 1 << (bit % 8);
      g_autoptr (Ticket) other = ticket_decode (flipped, length, NULL);
      if (other == NULL)
        continue;
      g_autoptr (GBytes) again = ticket_encode (other, NULL);
      g_assert_cmpmem (g_bytes_get_data (again, NULL), g_bytes_get_size (again), flipped, length);
      read++;
    }
    g_assert_cmpint (read, >, 0);
  }
}

static void
test_refused (void)
{
  g_autoptr (Ticket) ticket = sample (TICKET_KIND_QUEUE);
  g_autoptr (GError) error = NULL;

  g_free (ticket->number);
  ticket->number = g_strnfill (TICKET_MAX_TEXT + 1, 'A');
  g_assert_null (ticket_encode (ticket, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_free (ticket->number);
  ticket->number = g_strdup ("A\033[2J");
  g_assert_null (ticket_encode (ticket, NULL));
  g_free (ticket->number);
  ticket->number = g_strdup ("A012");
  ticket->case_number = g_strdup ("GSA-222223-D");
  g_assert_null (ticket_encode (ticket, NULL));
  g_clear_pointer (&ticket->case_number, g_free);
  ticket->expires = ticket->issued - 1;
  g_assert_null (ticket_encode (ticket, NULL));
}

static void
test_slip_refused (void)
{
  static const char *const refused[] = {"",
                                        "[]",
                                        "{\"b\":1,\"a\":1}",
                                        "{\"a\": 1}",
                                        "{\"a\":{}}",
                                        "{\"a\":[[]]}",
                                        "{\"a\":1.5}",
                                        "{\"a\":\"two words\"}",
                                        "{\"a\":\"王示例\"}",
                                        "{\"a\":[\"\"]}",
                                        "{\"\":1}",
                                        "{\"a\":\"\"}"};
  g_autoptr (Ticket) ticket = sample (TICKET_KIND_SLIP);

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_free (ticket->facts);
    ticket->facts = g_strdup (refused[i]);
    g_assert_null (ticket_encode (ticket, NULL));
  }
  g_free (ticket->facts);
  ticket->facts = g_strdup (FACTS);
  g_free (ticket->number);
  ticket->number = g_strdup ("A012");
  g_assert_null (ticket_encode (ticket, NULL));
}

static void
test_time (void)
{
  g_autoptr (Ticket) ticket = sample (TICKET_KIND_QUEUE);
  gint64 from = ticket->issued * 1000, to = ticket->expires * 1000;

  g_assert_cmpint (ticket_time (ticket, from - TICKET_SKEW_MS - 1), ==, TICKET_TIME_EARLY);
  g_assert_cmpint (ticket_time (ticket, from - TICKET_SKEW_MS), ==, TICKET_TIME_GOOD);
  g_assert_cmpint (ticket_time (ticket, to + TICKET_SKEW_MS), ==, TICKET_TIME_GOOD);
  g_assert_cmpint (ticket_time (ticket, to + TICKET_SKEW_MS + 1), ==, TICKET_TIME_OVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticket/cbor-int", test_cbor_int);
  g_test_add_func ("/ticket/cbor-runs", test_cbor_runs);
  g_test_add_func ("/ticket/claims", test_claims);
  g_test_add_func ("/ticket/one-spelling", test_one_spelling);
  g_test_add_func ("/ticket/refused", test_refused);
  g_test_add_func ("/ticket/slip-refused", test_slip_refused);
  g_test_add_func ("/ticket/time", test_time);
  return g_test_run ();
}
