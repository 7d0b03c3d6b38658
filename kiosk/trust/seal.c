/* seal.c: one random key a submission, used to seal and to wrap, then wiped. Holds nothing that
 * opens: that is open.c, in another library. */
#include "trust/seal.h"

#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "trust/key-set.h"
#include "trust/suite.h"

#define HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES

G_STATIC_ASSERT (SEAL_HEADER_BYTES == 1 + HEADER);
G_STATIC_ASSERT (SEAL_CHUNK_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES);
G_STATIC_ASSERT (SEAL_WRAP_BYTES == crypto_box_SEALBYTES + 32);

struct _SealCase {
  char *case_id;
  guint8 *key; /* sodium_malloc */
};

SealCase *
seal_case_new (const char *case_id)
{
  SealCase *seal = g_new0 (SealCase, 1);

  suite_start ();
  seal->case_id = g_strdup (case_id);
  seal->key = sodium_malloc (crypto_secretstream_xchacha20poly1305_KEYBYTES);
  if (seal->key == NULL)
    g_error ("no guarded memory for a key");
  crypto_secretstream_xchacha20poly1305_keygen (seal->key);
  sodium_mprotect_readonly (seal->key);
  return seal;
}

void
seal_case_free (SealCase *seal)
{
  if (seal == NULL)
    return;
  sodium_free (seal->key);
  g_free (seal->case_id);
  g_free (seal);
}

guint64
seal_padded (guint64 length)
{
  guint e, s;
  guint64 mask;

  if (length < 2)
    return length;
  e = 63 - (guint)__builtin_clzll (length);
  s = 32 - (guint)__builtin_clz (e);
  mask = (G_GUINT64_CONSTANT (1) << (e - s)) - 1;
  return (length + mask) & ~mask;
}

static guint64
n_chunks (guint64 padded)
{
  return (padded + SEAL_CHUNK_BYTES - 1) / SEAL_CHUNK_BYTES;
}

guint64
seal_sealed_size (guint64 length)
{
  guint64 padded = seal_padded (length + 8);
  return SEAL_HEADER_BYTES + padded + n_chunks (padded) * SEAL_CHUNK_OVERHEAD;
}

static gboolean
place_is_fine (const char *case_id, SealPlace place)
{
  gsize length;

  if (!id_is_uuid7 (case_id) || place.kind == NULL || place.slot == NULL)
    return FALSE;
  if (strcmp (place.kind, "body") == 0)
    return *place.slot == '\0' && place.index == 0;
  length = strlen (place.slot);
  if (strcmp (place.kind, "document") != 0 || length == 0 || length > 64)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (place.slot[i]))
      return FALSE;
  return TRUE;
}

GBytes *
seal_associated (const char *case_id, SealPlace place, GError **error)
{
  static const char head[] = "onestop-object-1";
  g_autoptr (GByteArray) bytes = NULL;
  char index[16];

  if (!place_is_fine (case_id, place)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "no place for a sealed object");
    return NULL;
  }
  bytes = g_byte_array_new ();
  g_snprintf (index, sizeof index, "%u", place.index);
  g_byte_array_append (bytes, (const guint8 *)head, sizeof head);
  g_byte_array_append (bytes, (const guint8 *)case_id, (guint)strlen (case_id) + 1);
  g_byte_array_append (bytes, (const guint8 *)place.kind, (guint)strlen (place.kind) + 1);
  g_byte_array_append (bytes, (const guint8 *)place.slot, (guint)strlen (place.slot) + 1);
  g_byte_array_append (bytes, (const guint8 *)index, (guint)strlen (index));
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

struct _SealStream {
  crypto_secretstream_xchacha20poly1305_state state;
  GBytes *associated;
  Hash *hash;
  SealSink sink;
  gpointer data;
  guint64 expected, added; /* bytes of plaintext, without the length before them */
  guint64 padded, pushed;  /* with it, and with the padding */
  guint64 size;            /* of what went out */
  gsize fill;              /* bytes waiting in `chunk` */
  guint8 chunk[SEAL_CHUNK_BYTES];
};

static gboolean
put (SealStream *stream, const void *bytes, gsize length, GError **error)
{
  hash_add (stream->hash, bytes, length);
  stream->size += length;
  return stream->sink (bytes, length, stream->data, error);
}

/* Pushes the waiting chunk; it is the last one when nothing is left to pad. */
static gboolean
push_chunk (SealStream *stream, GError **error)
{
  guint8 sealed[SEAL_CHUNK_BYTES + SEAL_CHUNK_OVERHEAD];
  gboolean last = stream->pushed + stream->fill == stream->padded;
  gsize ad_length;
  const guint8 *ad = g_bytes_get_data (stream->associated, &ad_length);
  gsize length = stream->fill;

  crypto_secretstream_xchacha20poly1305_push (
      &stream->state, sealed, NULL, stream->chunk, length, ad, ad_length,
      last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
  stream->pushed += length;
  stream->fill = 0;
  return put (stream, sealed, length + SEAL_CHUNK_OVERHEAD, error);
}

/* Takes plaintext of any origin: the length, the bytes, the padding (`bytes` NULL: zeros). */
static gboolean
take (SealStream *stream, const guint8 *bytes, guint64 length, GError **error)
{
  while (length > 0) {
    gsize n = MIN (length, SEAL_CHUNK_BYTES - stream->fill);
    if (bytes != NULL) {
      memcpy (stream->chunk + stream->fill, bytes, n);
      bytes += n;
    } else {
      memset (stream->chunk + stream->fill, 0, n);
    }
    stream->fill += n;
    length -= n;
    if (stream->fill == SEAL_CHUNK_BYTES && !push_chunk (stream, error))
      return FALSE;
  }
  return TRUE;
}

SealStream *
seal_stream_new (SealCase *seal, SealPlace place, guint64 length, SealSink sink, gpointer data,
                 GError **error)
{
  g_autoptr (GBytes) associated = seal_associated (seal->case_id, place, error);
  g_autoptr (SealStream) stream = NULL;
  guint8 header[SEAL_HEADER_BYTES] = {SUITE_1};
  guint64 prefix = GUINT64_TO_LE (length);

  if (associated == NULL)
    return NULL;
  if (length > SEAL_MAX_PLAIN) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "too large to be sealed");
    return NULL;
  }
  stream = g_new0 (SealStream, 1);
  stream->associated = g_steal_pointer (&associated);
  stream->hash = hash_new ();
  stream->sink = sink;
  stream->data = data;
  stream->expected = length;
  stream->padded = seal_padded (length + 8);
  crypto_secretstream_xchacha20poly1305_init_push (&stream->state, header + 1, seal->key);
  if (!put (stream, header, sizeof header, error) ||
      !take (stream, (const guint8 *)&prefix, sizeof prefix, error))
    return NULL;
  return g_steal_pointer (&stream);
}

gboolean
seal_stream_add (SealStream *stream, const void *bytes, gsize length, GError **error)
{
  if (length > stream->expected - stream->added) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "more bytes than were announced");
    return FALSE;
  }
  stream->added += length;
  return take (stream, bytes, length, error);
}

gboolean
seal_stream_finish (SealStream *stream, char ret_sha256[HASH_HEX], guint64 *ret_size,
                    GError **error)
{
  g_autofree char *hex = NULL;

  if (stream->added != stream->expected) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "fewer bytes than were announced");
    return FALSE;
  }
  if (!take (stream, NULL, stream->padded - 8 - stream->expected, error) ||
      (stream->fill > 0 && !push_chunk (stream, error)))
    return FALSE;
  hex = hash_finish_hex (stream->hash);
  g_strlcpy (ret_sha256, hex, HASH_HEX);
  *ret_size = stream->size;
  return TRUE;
}

void
seal_stream_free (SealStream *stream)
{
  if (stream == NULL)
    return;
  g_clear_pointer (&stream->associated, g_bytes_unref);
  hash_free (stream->hash);
  sodium_memzero (stream, sizeof *stream);
  g_free (stream);
}

static gboolean
collect (const void *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (data, bytes, (guint)length);
  return TRUE;
}

GBytes *
seal_object (SealCase *seal, SealPlace place, const void *plain, gsize length,
             char ret_sha256[HASH_HEX], GError **error)
{
  g_autoptr (GByteArray) sealed = NULL;
  g_autoptr (SealStream) stream = NULL;
  guint64 size;

  if (length <= SEAL_MAX_PLAIN)
    sealed = g_byte_array_sized_new ((guint)seal_sealed_size (length));
  stream = seal_stream_new (seal, place, length, collect, sealed, error);
  if (stream == NULL || !seal_stream_add (stream, plain, length, error) ||
      !seal_stream_finish (stream, ret_sha256, &size, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&sealed));
}

json_t *
seal_wraps (SealCase *seal, GPtrArray *recipients, GError **error)
{
  g_autoptr (json_t) wraps = json_array ();

  for (guint i = 0; i < recipients->len; i++) {
    const KeySetRecipient *to = g_ptr_array_index (recipients, i);
    guint8 wrap[SEAL_WRAP_BYTES];
    g_autofree char *base64 = NULL;
    if (crypto_box_seal (wrap, seal->key, 32, to->key) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "recipient %s: unusable key",
                   to->kid);
      return NULL;
    }
    base64 = encode_base64 (wrap, sizeof wrap);
    json_array_append_new (wraps, json_pack ("{s:s,s:s}", "kid", to->kid, "wrap", base64));
  }
  if (recipients->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "nobody to seal for");
    return NULL;
  }
  return g_steal_pointer (&wraps);
}
