/* batch.c: lines in, one zstd frame out, and back. Refuses to grow: no frame, whatever it claims,
 * is given more than the limit of a batch. */
#include "wire/batch.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/error.h"

#define LEVEL 3

static GBytes *
compress (const GString *text, GError **error)
{
  gsize bound = ZSTD_compressBound (text->len);
  guint8 *frame = g_malloc (bound);
  gsize length = ZSTD_compress (frame, bound, text->str, text->len, LEVEL);

  if (ZSTD_isError (length)) {
    g_free (frame);
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, "zstd: %s", ZSTD_getErrorName (length));
    return NULL;
  }
  return g_bytes_new_take (frame, length);
}

GBytes *
batch_pack (GPtrArray *lines, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++) {
    gsize length;
    const char *line = g_bytes_get_data (lines->pdata[i], &length);
    if (length == 0 || memchr (line, '\n', length) != NULL) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "batch: not a line");
      return NULL;
    }
    if (length >= BATCH_MAX_BYTES - text->len) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "batch: larger than the limit");
      return NULL;
    }
    g_string_append_len (text, line, (gssize)length);
    g_string_append_c (text, '\n');
  }
  if (lines->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "batch: empty");
    return NULL;
  }
  return compress (text, error);
}

static GPtrArray *
split (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  const char *end = text + length;

  for (const char *at = text, *lf; at < end; at = lf + 1) {
    lf = memchr (at, '\n', end - at);
    if (lf == NULL || lf == at) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "batch: %s",
                   lf == NULL ? "the last line is cut" : "an empty line");
      return NULL;
    }
    g_ptr_array_add (lines, g_bytes_new (at, lf - at));
  }
  if (lines->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "batch: empty");
    return NULL;
  }
  return g_steal_pointer (&lines);
}

/* The text of the one frame in `body`. */
static GBytes *
decompress (const void *body, gsize length, GError **error)
{
  unsigned long long claimed = ZSTD_getFrameContentSize (body, length);
  gsize frame = ZSTD_findFrameCompressedSize (body, length), room, got;
  g_autofree guint8 *text = NULL;

  if (claimed == ZSTD_CONTENTSIZE_ERROR || ZSTD_isError (frame) || frame != length) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "batch: not one zstd frame");
    return NULL;
  }
  if (claimed != ZSTD_CONTENTSIZE_UNKNOWN && claimed > BATCH_MAX_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "batch: larger than the limit");
    return NULL;
  }
  room = claimed == ZSTD_CONTENTSIZE_UNKNOWN ? BATCH_MAX_BYTES : (gsize)claimed;
  text = g_malloc (room + 1);
  got = ZSTD_decompress (text, room, body, length);
  if (ZSTD_isError (got)) {
    gboolean full = ZSTD_getErrorCode (got) == ZSTD_error_dstSize_tooSmall;
    g_set_error (error, ONESTOP_ERROR, full ? ONESTOP_ERROR_FULL : ONESTOP_ERROR_INVALID,
                 "batch: %s", full ? "larger than the limit" : "damaged");
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&text), got);
}

GPtrArray *
batch_unpack (const void *body, gsize length, gboolean compressed, GError **error)
{
  g_autoptr (GBytes) text = NULL;

  if (length > (compressed ? BATCH_MAX_COMPRESSED : BATCH_MAX_BYTES)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "batch: larger than the limit");
    return NULL;
  }
  if (!compressed)
    return split (body, length, error);
  text = decompress (body, length, error);
  if (text == NULL)
    return NULL;
  return split (g_bytes_get_data (text, NULL), g_bytes_get_size (text), error);
}
