/* test-batch.c: the body of a batch, packed and unpacked, and bodies that are none. */
#include <string.h>
#include <zstd.h>

#include "base/error.h"
#include "base/id.h"
#include "wire/batch.h"

static GPtrArray *
lines_of (guint n, gsize length)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (guint i = 0; i < n; i++) {
    guint8 *line = g_malloc (length);
    id_random (line, length);
    for (gsize j = 0; j < length; j++)
      line[j] = line[j] == '\n' ? 'n' : line[j];
    g_ptr_array_add (lines, g_bytes_new_take (line, length));
  }
  return lines;
}

static void
test_round (void)
{
  static const guint sizes[][2] = {{1, 1}, {3, 700}, {16, 65535}};

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GPtrArray) lines = lines_of (sizes[i][0], sizes[i][1]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) body = batch_pack (lines, &error);
    g_assert_no_error (error);
    g_assert_cmpint (g_bytes_get_size (body), <=, BATCH_MAX_COMPRESSED);
    g_autoptr (GPtrArray) again =
        batch_unpack (g_bytes_get_data (body, NULL), g_bytes_get_size (body), TRUE, &error);
    g_assert_no_error (error);
    g_assert_cmpint (again->len, ==, lines->len);
    for (guint j = 0; j < lines->len; j++)
      g_assert_true (g_bytes_equal (again->pdata[j], lines->pdata[j]));
  }
}

static void
assert_refused (const void *body, gsize length, gboolean compressed, OnestopError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = batch_unpack (body, length, compressed, &error);

  g_assert_null (lines);
  g_assert_error (error, ONESTOP_ERROR, (int)code);
}

static void
test_pack_refuses (void)
{
  g_autoptr (GPtrArray) none = lines_of (0, 1), many = lines_of (17, 65535);
  g_autoptr (GPtrArray) bad = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GError) error = NULL;

  g_assert_null (batch_pack (none, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (batch_pack (many, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_ptr_array_add (bad, g_bytes_new_static ("a\nb", 3));
  g_assert_null (batch_pack (bad, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_plain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = batch_unpack ("{}\n[]\n", 6, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpint (lines->len, ==, 2);
  assert_refused ("", 0, FALSE, ONESTOP_ERROR_INVALID);
  assert_refused ("{}", 2, FALSE, ONESTOP_ERROR_INVALID);
  assert_refused ("{}\n\n", 4, FALSE, ONESTOP_ERROR_INVALID);
  assert_refused ("\n", 1, FALSE, ONESTOP_ERROR_INVALID);
  g_autofree char *huge = g_strnfill (BATCH_MAX_BYTES + 1, '\n');
  assert_refused (huge, BATCH_MAX_BYTES + 1, FALSE, ONESTOP_ERROR_FULL);
}

/* A small frame that unfolds to much: with and without saying so. */
static void
test_bombs (void)
{
  const gsize size = 64 * 1024 * 1024;
  g_autofree char *zeros = g_malloc0 (size);
  g_autofree char *frame = g_malloc (ZSTD_compressBound (size));
  gsize length = ZSTD_compress (frame, ZSTD_compressBound (size), zeros, size, 19);
  ZSTD_CCtx *context = ZSTD_createCCtx ();

  g_assert_cmpint (length, <, 65536);
  assert_refused (frame, length, TRUE, ONESTOP_ERROR_FULL);
  ZSTD_CCtx_setParameter (context, ZSTD_c_contentSizeFlag, 0);
  length = ZSTD_compress2 (context, frame, ZSTD_compressBound (size), zeros, size);
  g_assert_cmpint (ZSTD_getFrameContentSize (frame, length), ==, ZSTD_CONTENTSIZE_UNKNOWN);
  assert_refused (frame, length, TRUE, ONESTOP_ERROR_FULL);
  /* Of an honest size but without saying so: taken. */
  length = ZSTD_compress2 (context, frame, ZSTD_compressBound (size), "{}\n", 3);
  g_autoptr (GPtrArray) lines = batch_unpack (frame, length, TRUE, NULL);
  g_assert_cmpint (lines->len, ==, 1);
  ZSTD_freeCCtx (context);
}

static void
test_damaged (void)
{
  g_autoptr (GPtrArray) lines = lines_of (3, 200);
  g_autoptr (GBytes) body = batch_pack (lines, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (body, &length);
  g_autofree guint8 *copy = g_malloc (2 * length);

  for (gsize cut = 0; cut < length; cut++) {
    g_autoptr (GPtrArray) read = batch_unpack (data, cut, TRUE, NULL);
    g_assert_null (read);
  }
  memcpy (copy, data, length);
  memcpy (copy + length, data, length);
  assert_refused (copy, 2 * length, TRUE, ONESTOP_ERROR_INVALID);
  assert_refused (copy, length + 1, TRUE, ONESTOP_ERROR_INVALID);
  assert_refused ("{}\n", 3, TRUE, ONESTOP_ERROR_INVALID);
  /* A skippable frame holds nothing. */
  assert_refused ("\x50\x2a\x4d\x18\x02\x00\x00\x00{}", 10, TRUE, ONESTOP_ERROR_INVALID);
  for (gsize bit = 0; bit < length * 8; bit++) {
    g_autoptr (GPtrArray) read = NULL;
    memcpy (copy, data, length);
    copy[bit / 8] ^= 1 << (bit % 8);
    read = batch_unpack (copy, length, TRUE, NULL); /* whatever it is, it is no crash */
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/round", test_round);
  g_test_add_func ("/batch/pack-refuses", test_pack_refuses);
  g_test_add_func ("/batch/plain", test_plain);
  g_test_add_func ("/batch/bombs", test_bombs);
  g_test_add_func ("/batch/damaged", test_damaged);
  return g_test_run ();
}
