/* test-seal.c: what was sealed opens again, and only so: whole, unchanged, in its own place. */
#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "trust/key-set.h"
#include "trust/open.h"
#include "trust/seal.h"

#define CASE_ID "019a0b5c-9c40-7d11-8000-000000000002"
#define OTHER_ID "019a0b5c-9c40-7d11-8000-000000000003"

typedef struct {
  Key *working, *hall;
  json_t *wraps;
  SealCase *seal;
  OpenCase *open;
} Site;

static Site
site_new (void)
{
  Site site = {.working = key_new (KEY_KIND_SEAL), .hall = key_new (KEY_KIND_SEAL)};
  g_autoptr (KeySet) set = key_set_new (1, 1, 2);
  g_autoptr (GError) error = NULL;

  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (site.working));
  key_set_add_recipient (set, KEY_SET_ROLE_HALL, "GS", key_peek_public (site.hall));
  site.seal = seal_case_new (CASE_ID);
  site.wraps = seal_wraps (site.seal, set->recipients, &error);
  g_assert_no_error (error);
  site.open = open_case_new (CASE_ID, site.wraps, site.working, &error);
  g_assert_no_error (error);
  return site;
}

static void
site_clear (Site *site)
{
  key_free (site->working);
  key_free (site->hall);
  json_decref (site->wraps);
  seal_case_free (site->seal);
  open_case_free (site->open);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Site, site_clear)

static GBytes *
some_bytes (gsize length)
{
  guint8 *bytes = g_malloc (length + 1);

  id_random (bytes, length);
  return g_bytes_new_take (bytes, length);
}

static void
test_round (void)
{
  static const gsize lengths[] = {0,     1,     7,     8,      9,      1000,    65519,  65520,
                                  65527, 65528, 65529, 131071, 131072, 1000000, 5000000};
  g_auto (Site) site = site_new ();
  g_autoptr (OpenCase) hall = open_case_new (CASE_ID, site.wraps, site.hall, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GBytes) plain = some_bytes (lengths[i]);
    g_autoptr (GError) error = NULL;
    SealPlace place = SEAL_PLACE_DOCUMENT ("passport", (guint)i);
    char sha256[HASH_HEX];
    g_autoptr (GBytes) sealed =
        seal_object (site.seal, place, g_bytes_get_data (plain, NULL), lengths[i], sha256, &error);
    g_assert_no_error (error);
    gsize size;
    const guint8 *data = g_bytes_get_data (sealed, &size);
    g_autofree char *hash = hash_sha256_hex (data, size);
    g_autoptr (GBytes) opened = open_object (i % 2 ? hall : site.open, place, data, size, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (hash, ==, sha256);
    g_assert_cmpint (size, ==, seal_sealed_size (lengths[i]));
    g_assert_cmpint (data[0], ==, 1);
    g_assert_true (g_bytes_equal (plain, opened));
  }
}

typedef struct {
  GByteArray *bytes;
  gsize fail_after;
} Tap;

static gboolean
on_sealed (const void *bytes, gsize length, gpointer data, GError **error)
{
  Tap *tap = data;

  g_byte_array_append (tap->bytes, bytes, (guint)length);
  if (tap->bytes->len <= tap->fail_after)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "disk full");
  return FALSE;
}

static void
test_stream (void)
{
  g_auto (Site) site = site_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Tap tap = {bytes, G_MAXSIZE};
  g_autoptr (GBytes) plain = some_bytes (300001), opened = NULL;
  const guint8 *p = g_bytes_get_data (plain, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SealStream) stream =
      seal_stream_new (site.seal, SEAL_PLACE_BODY, 300001, on_sealed, &tap, &error);
  g_autofree char *hash = NULL;
  char sha256[HASH_HEX];
  guint64 size;

  g_assert_no_error (error);
  for (gsize at = 0, step = 1; at < 300001; at += step, step = step * 3 % 70001 + 1)
    g_assert_true (seal_stream_add (stream, p + at, MIN (step, 300001 - at), &error));
  g_assert_false (seal_stream_add (stream, p, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (seal_stream_finish (stream, sha256, &size, &error));
  g_assert_cmpint (size, ==, bytes->len);
  hash = hash_sha256_hex (bytes->data, bytes->len);
  g_assert_cmpstr (hash, ==, sha256);
  opened = open_object (site.open, SEAL_PLACE_BODY, bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (plain, opened));
}

static void
test_stream_fails (void)
{
  g_auto (Site) site = site_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Tap tap = {bytes, 70000};
  g_autoptr (GBytes) plain = some_bytes (200000);
  g_autoptr (GError) error = NULL;
  g_autoptr (SealStream) stream =
      seal_stream_new (site.seal, SEAL_PLACE_BODY, 200000, on_sealed, &tap, &error);
  g_autoptr (SealStream) early = NULL;
  char sha256[HASH_HEX];
  guint64 size;

  g_assert_false (seal_stream_add (stream, g_bytes_get_data (plain, NULL), 200000, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  tap.fail_after = G_MAXSIZE;
  early = seal_stream_new (site.seal, SEAL_PLACE_BODY, 5, on_sealed, &tap, &error);
  g_assert_false (seal_stream_finish (early, sha256, &size, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (
      seal_stream_new (site.seal, SEAL_PLACE_BODY, SEAL_MAX_PLAIN + 1, on_sealed, &tap, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

static void
assert_corrupt (OpenCase *open, SealPlace place, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = open_object (open, place, bytes, length, &error);

  g_assert_null (plain);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
}

static void
test_flips (void)
{
  g_auto (Site) site = site_new ();
  SealPlace place = SEAL_PLACE_DOCUMENT ("photo", 0);
  char sha256[HASH_HEX];
  g_autoptr (GBytes) sealed = seal_object (site.seal, place, "SAMPLE TEST", 11, sha256, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (sealed, &length);

  for (gsize bit = 0; bit < length * 8; bit++) {
    g_autofree guint8 *copy = g_memdup2 (data, length);
    copy[bit / 8] ^= 1 << (bit % 8);
    assert_corrupt (site.open, place, copy, length);
  }
  for (gsize cut = 0; cut < length; cut++)
    assert_corrupt (site.open, place, data, cut);
}

/* A long stream: cut at and around every chunk, chunks swapped, doubled, dropped, lengthened. */
static void
test_chunks (void)
{
  const gsize chunk = SEAL_CHUNK_BYTES + SEAL_CHUNK_OVERHEAD;
  g_auto (Site) site = site_new ();
  g_autoptr (GBytes) plain = some_bytes (4 * SEAL_CHUNK_BYTES - 8);
  char sha256[HASH_HEX];
  g_autoptr (GBytes) sealed =
      seal_object (site.seal, SEAL_PLACE_BODY, g_bytes_get_data (plain, NULL),
                   4 * SEAL_CHUNK_BYTES - 8, sha256, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (sealed, &length);
  g_autofree guint8 *copy = g_malloc (length + chunk + 1);

  g_assert_cmpint (length, ==, SEAL_HEADER_BYTES + 4 * chunk);
  for (gsize n = 0; n < 4; n++)
    for (gssize off = -1; off <= 18; off++)
      assert_corrupt (site.open, SEAL_PLACE_BODY, data, SEAL_HEADER_BYTES + n * chunk + off);
  memcpy (copy, data, length);
  memcpy (copy + SEAL_HEADER_BYTES, data + SEAL_HEADER_BYTES + chunk, chunk);
  memcpy (copy + SEAL_HEADER_BYTES + chunk, data + SEAL_HEADER_BYTES, chunk);
  assert_corrupt (site.open, SEAL_PLACE_BODY, copy, length);
  memcpy (copy, data, length);
  memmove (copy + SEAL_HEADER_BYTES, copy + SEAL_HEADER_BYTES + chunk,
           length - SEAL_HEADER_BYTES - chunk);
  assert_corrupt (site.open, SEAL_PLACE_BODY, copy, length - chunk);
  memcpy (copy, data, length);
  memcpy (copy + length, data + length - chunk, chunk);
  assert_corrupt (site.open, SEAL_PLACE_BODY, copy, length + chunk);
  copy[length] = 0;
  assert_corrupt (site.open, SEAL_PLACE_BODY, copy, length + 1);
}

static void
test_places (void)
{
  g_auto (Site) site = site_new ();
  SealPlace place = SEAL_PLACE_DOCUMENT ("passport", 1);
  char sha256[HASH_HEX];
  g_autoptr (GBytes) sealed = seal_object (site.seal, place, "x", 1, sha256, NULL);
  gsize n;
  const guint8 *data = g_bytes_get_data (sealed, &n);
  g_autoptr (OpenCase) other = open_case_new (OTHER_ID, site.wraps, site.working, NULL);
  g_autoptr (GBytes) fine = open_object (site.open, place, data, n, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fine);
  assert_corrupt (other, place, data, n);
  assert_corrupt (site.open, SEAL_PLACE_BODY, data, n);
  assert_corrupt (site.open, SEAL_PLACE_DOCUMENT ("passport", 0), data, n);
  assert_corrupt (site.open, SEAL_PLACE_DOCUMENT ("passport1", 1), data, n);
  assert_corrupt (site.open, SEAL_PLACE_DOCUMENT ("photo", 1), data, n);
  g_assert_null (seal_object (site.seal, SEAL_PLACE_DOCUMENT ("", 0), "x", 1, sha256, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (seal_object (site.seal, (SealPlace){"body", "x", 0}, "x", 1, sha256, &error));
  g_clear_error (&error);
  g_assert_null (seal_object (site.seal, (SealPlace){"letter", "x", 0}, "x", 1, sha256, &error));
}

static void
test_wraps (void)
{
  g_auto (Site) site = site_new (), second = site_new ();
  g_autoptr (Key) stranger = key_new (KEY_KIND_SEAL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) swapped = json_deep_copy (site.wraps), foreign = json_deep_copy (site.wraps);
  json_t *a = json_array_get (swapped, 0), *b = json_array_get (swapped, 1);
  g_autoptr (json_t) first = json_incref (json_object_get (a, "wrap"));
  g_autoptr (OpenCase) wrong = NULL;
  char sha256[HASH_HEX];
  g_autoptr (GBytes) sealed = NULL;

  g_assert_null (open_case_new (CASE_ID, site.wraps, stranger, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  json_object_set (a, "wrap", json_object_get (b, "wrap"));
  json_object_set (b, "wrap", first);
  g_assert_null (open_case_new (CASE_ID, swapped, site.working, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  /* A wrap of another case's key for the same recipient opens, but then no object does. */
  {
    g_autoptr (KeySet) set = key_set_new (1, 1, 2);
    key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (site.working));
    g_autoptr (json_t) others = seal_wraps (second.seal, set->recipients, NULL);
    wrong = open_case_new (CASE_ID, others, site.working, &error);
    g_assert_no_error (error);
  }
  sealed = seal_object (site.seal, SEAL_PLACE_BODY, "x", 1, sha256, NULL);
  assert_corrupt (wrong, SEAL_PLACE_BODY, g_bytes_get_data (sealed, NULL),
                  g_bytes_get_size (sealed));
  json_object_set_new (json_array_get (foreign, 0), "wrap", json_string ("AAAA"));
  g_assert_null (open_case_new (CASE_ID, foreign, site.working, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

/* Padmé: at most 12 % more, never less, and few bits of the size are left. */
static void
test_padme (void)
{
  static const guint64 table[][2] = {
      {0, 0},       {1, 1},       {2, 2},         {8, 8},         {9, 10},           {100, 104},
      {1000, 1024}, {1025, 1088}, {65536, 65536}, {65537, 67584}, {1000000, 1015808}};

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpint (seal_padded (table[i][0]), ==, table[i][1]);
  for (guint64 n = 8; n < 40000000; n += n / 1000 + 1) {
    guint64 padded = seal_padded (n);
    g_assert_cmpint (padded, >=, n);
    g_assert_cmpint (padded - n, <=, n * 12 / 100);
    g_assert_cmpint (seal_padded (padded), ==, padded);
  }
}

/* Opening must refuse what was pushed with the right key but lies about its own length. */
static void
test_false_length (void)
{
  g_auto (Site) site = site_new ();
  g_autoptr (GBytes) ad = seal_associated (CASE_ID, SEAL_PLACE_BODY, NULL);
  static const struct {
    guint64 said;
    gsize length;
    guint8 pad;
  } lies[] = {{9, 16, 0}, {1, 16, 0}, {7, 16, 7}, {G_MAXUINT64, 16, 0}, {0, 7, 0}};
  g_autoptr (GBytes) wrap =
      encode_unbase64 (strict_json_peek (json_array_get (site.wraps, 0), "wrap", ""));
  guint8 key[32];

  g_assert_cmpint (crypto_box_seal_open (key, g_bytes_get_data (wrap, NULL), 80,
                                         key_peek_public (site.working),
                                         key_peek_secret (site.working)),
                   ==, 0);
  for (gsize i = 0; i <= G_N_ELEMENTS (lies); i++) {
    crypto_secretstream_xchacha20poly1305_state state;
    guint8 sealed[64] = {1}, plain[16] = {0};
    gboolean honest = i == G_N_ELEMENTS (lies);
    guint64 said = GUINT64_TO_LE (honest ? 8 : lies[i].said);
    gsize length = honest ? 16 : lies[i].length;
    memcpy (plain, &said, 8);
    plain[15] = honest ? 0 : lies[i].pad;
    crypto_secretstream_xchacha20poly1305_init_push (&state, sealed + 1, key);
    crypto_secretstream_xchacha20poly1305_push (
        &state, sealed + SEAL_HEADER_BYTES, NULL, plain, length, g_bytes_get_data (ad, NULL),
        g_bytes_get_size (ad), crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    if (honest) {
      g_autoptr (GBytes) fine =
          open_object (site.open, SEAL_PLACE_BODY, sealed, SEAL_HEADER_BYTES + length + 17, NULL);
      g_assert_nonnull (fine);
    } else {
      assert_corrupt (site.open, SEAL_PLACE_BODY, sealed, SEAL_HEADER_BYTES + length + 17);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/round", test_round);
  g_test_add_func ("/seal/stream", test_stream);
  g_test_add_func ("/seal/stream-fails", test_stream_fails);
  g_test_add_func ("/seal/flips", test_flips);
  g_test_add_func ("/seal/chunks", test_chunks);
  g_test_add_func ("/seal/places", test_places);
  g_test_add_func ("/seal/wraps", test_wraps);
  g_test_add_func ("/seal/padme", test_padme);
  g_test_add_func ("/seal/false-length", test_false_length);
  return g_test_run ();
}
