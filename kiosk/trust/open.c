/* open.c: the only code that opens a seal. Gives out nothing before the whole object has proved
 * itself: every chunk, the FINAL tag at the very end, the length, the padding. */
#include "trust/open.h"

#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/suite.h"

#define MAX_WRAPS 16

struct _OpenCase {
  char *case_id;
  guint8 *key; /* sodium_malloc */
};

/* The wrap for `key`, 80 bytes, or NULL with an error. */
static GBytes *
find_wrap (const json_t *wraps, const Key *key, GError **error)
{
  static const char *const members[] = {"kid", "wrap", NULL};
  json_t *one;
  gsize i;

  if (!json_is_array (wraps) || json_array_size (wraps) > MAX_WRAPS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "wraps malformed");
    return NULL;
  }
  json_array_foreach (wraps, i, one) {
    const char *kid, *base64;
    g_autoptr (GBytes) bytes = NULL;
    if (!json_is_object (one)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "wraps malformed");
      return NULL;
    }
    if (!strict_json_only (one, members, error) ||
        (kid = strict_json_string (one, "kid", error)) == NULL ||
        (base64 = strict_json_string (one, "wrap", error)) == NULL)
      return NULL;
    if (strcmp (kid, key_peek_kid (key)) != 0)
      continue;
    bytes = encode_unbase64 (base64);
    if (bytes != NULL && g_bytes_get_size (bytes) == SEAL_WRAP_BYTES)
      return g_steal_pointer (&bytes);
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "wraps malformed");
    return NULL;
  }
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "not sealed for key %s",
               key_peek_kid (key));
  return NULL;
}

OpenCase *
open_case_new (const char *case_id, const json_t *wraps, const Key *key, GError **error)
{
  g_autoptr (GBytes) wrap = NULL;
  g_autoptr (OpenCase) open = NULL;

  g_return_val_if_fail (key_kind (key) == KEY_KIND_SEAL, NULL);
  wrap = find_wrap (wraps, key, error);
  if (wrap == NULL)
    return NULL;
  open = g_new0 (OpenCase, 1);
  open->case_id = g_strdup (case_id);
  open->key = sodium_malloc (crypto_secretstream_xchacha20poly1305_KEYBYTES);
  if (open->key == NULL)
    g_error ("no guarded memory for a key");
  if (crypto_box_seal_open (open->key, g_bytes_get_data (wrap, NULL), SEAL_WRAP_BYTES,
                            key_peek_public (key), key_peek_secret (key)) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "the wrap for key %s does not open",
                 key_peek_kid (key));
    return NULL;
  }
  sodium_mprotect_readonly (open->key);
  return g_steal_pointer (&open);
}

void
open_case_free (OpenCase *open)
{
  if (open == NULL)
    return;
  sodium_free (open->key);
  g_free (open->case_id);
  g_free (open);
}

/* Plaintext that wipes itself. */
typedef struct {
  guint8 *bytes;
  gsize length;
} Plain;

static void
plain_free (gpointer data)
{
  Plain *plain = data;

  sodium_memzero (plain->bytes, plain->length);
  g_free (plain->bytes);
  g_free (plain);
}

/* Pulls every chunk into `plain` (length bytes). FALSE unless FINAL stands exactly at the end. */
static gboolean
pull_all (const OpenCase *open, GBytes *associated, const guint8 *sealed, gsize length,
          guint8 *plain)
{
  crypto_secretstream_xchacha20poly1305_state state;
  gsize ad_length;
  const guint8 *ad = g_bytes_get_data (associated, &ad_length);
  guint8 tag = 0;
  gboolean good;

  good = crypto_secretstream_xchacha20poly1305_init_pull (&state, sealed + 1, open->key) == 0;
  sealed += SEAL_HEADER_BYTES;
  length -= SEAL_HEADER_BYTES;
  while (good && length > 0) {
    gsize n = MIN (length, SEAL_CHUNK_BYTES + SEAL_CHUNK_OVERHEAD);
    guint8 wanted = n == length ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
    unsigned long long got = 0;
    good = crypto_secretstream_xchacha20poly1305_pull (&state, plain, &got, &tag, sealed, n, ad,
                                                       ad_length) == 0 &&
           tag == wanted;
    plain += got;
    sealed += n;
    length -= n;
  }
  sodium_memzero (&state, sizeof state);
  return good && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

/* The length before the bytes, if it, the padding and the size agree. */
static gboolean
plain_length (const guint8 *plain, gsize length, gsize *ret_length)
{
  guint64 said;
  guint8 any = 0;

  if (length < sizeof said)
    return FALSE;
  memcpy (&said, plain, sizeof said);
  said = GUINT64_FROM_LE (said);
  if (said > length - sizeof said || seal_padded (said + sizeof said) != length)
    return FALSE;
  for (gsize i = sizeof said + said; i < length; i++)
    any |= plain[i];
  *ret_length = said;
  return any == 0;
}

/* How many bytes of plaintext stand in a sealed object of `length`; 0 if none can: the last chunk
 * must hold at least one. */
static gsize
plain_size (gsize length)
{
  const gsize whole = SEAL_CHUNK_BYTES + SEAL_CHUNK_OVERHEAD;
  gsize rest, last;

  if (length <= SEAL_HEADER_BYTES || length > SEAL_MAX_SEALED)
    return 0;
  rest = length - SEAL_HEADER_BYTES;
  last = rest % whole;
  if (last > 0 && last <= SEAL_CHUNK_OVERHEAD)
    return 0;
  return rest / whole * SEAL_CHUNK_BYTES + (last > 0 ? last - SEAL_CHUNK_OVERHEAD : 0);
}

GBytes *
open_object (OpenCase *open, SealPlace place, const void *sealed, gsize length, GError **error)
{
  g_autoptr (GBytes) associated = seal_associated (open->case_id, place, error);
  gsize size = plain_size (length), said = 0;
  g_autoptr (GBytes) all = NULL;
  Plain *plain;

  if (associated == NULL)
    return NULL;
  if (size == 0 || !suite_is_known (*(const guint8 *)sealed)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "not a sealed object");
    return NULL;
  }
  plain = g_new0 (Plain, 1);
  plain->length = size;
  plain->bytes = g_malloc (size);
  all = g_bytes_new_with_free_func (plain->bytes, size, plain_free, plain);
  if (!pull_all (open, associated, sealed, length, plain->bytes) ||
      !plain_length (plain->bytes, size, &said)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                 "sealed object damaged, cut, or not of this place");
    return NULL;
  }
  return g_bytes_new_from_bytes (all, 8, said);
}
