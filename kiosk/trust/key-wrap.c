/* key-wrap.c: a secret key behind Argon2id. Refuses wraps that ask for absurd amounts of work. */
#include "trust/key-wrap.h"

#include <sodium.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/hash.h"
#include "trust/suite.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define BOX (32 + crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define MAX_MEMORY (1024 * 1024 * (gint64)1024)
#define MAX_PASSES 10

/* The passphrase's key, in guarded memory; NULL without memory. */
static guint8 *
stretch (const char *passphrase, const guint8 *salt, gint64 passes, gint64 memory)
{
  guint8 *key = sodium_malloc (32);

  if (key != NULL && crypto_pwhash (key, 32, passphrase, strlen (passphrase), salt, passes, memory,
                                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    sodium_free (key);
    key = NULL;
  }
  return key;
}

json_t *
key_wrap (const Key *key, const char *passphrase, GError **error)
{
  guint8 salt[crypto_pwhash_SALTBYTES], nonce[NONCE], box[BOX], *stretched;
  const char *kid = key_peek_kid (key);
  g_autofree char *salt64 = NULL, *nonce64 = NULL, *box64 = NULL;

  if (g_utf8_strlen (passphrase, -1) < KEY_WRAP_MIN_PASSPHRASE) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a passphrase has at least %d characters", KEY_WRAP_MIN_PASSPHRASE);
    return NULL;
  }
  suite_start ();
  randombytes_buf (salt, sizeof salt);
  randombytes_buf (nonce, sizeof nonce);
  stretched =
      stretch (passphrase, salt, crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE);
  if (stretched == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "no memory to wrap a key");
    return NULL;
  }
  crypto_aead_xchacha20poly1305_ietf_encrypt (box, NULL, key_peek_secret (key), 32,
                                              (const guint8 *)kid, strlen (kid), NULL, nonce,
                                              stretched);
  sodium_free (stretched);
  salt64 = encode_base64 (salt, sizeof salt);
  nonce64 = encode_base64 (nonce, sizeof nonce);
  box64 = encode_base64 (box, sizeof box);
  return json_pack ("{s:i,s:s,s:I,s:I,s:s,s:s,s:s,s:s}", "suite", SUITE_1, "kdf", "argon2id", "ops",
                    (json_int_t)crypto_pwhash_OPSLIMIT_MODERATE, "mem",
                    (json_int_t)crypto_pwhash_MEMLIMIT_MODERATE, "salt", salt64, "nonce", nonce64,
                    "box", box64, "kid", kid);
}

static gboolean
read_bytes (const json_t *wrap, const char *member, guint8 *ret_bytes, gsize length, GError **error)
{
  const char *base64 = strict_json_string (wrap, member, error);
  g_autoptr (GBytes) bytes = base64 != NULL ? encode_unbase64 (base64) : NULL;

  if (base64 == NULL)
    return FALSE;
  if (bytes == NULL || g_bytes_get_size (bytes) != length) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key wrap: %s malformed", member);
    return FALSE;
  }
  memcpy (ret_bytes, g_bytes_get_data (bytes, NULL), length);
  return TRUE;
}

static Key *
open_box (KeyKind kind, const guint8 *box, const char *kid, const guint8 *nonce,
          const guint8 *stretched)
{
  guint8 *secret = sodium_malloc (32);
  Key *key = NULL;

  if (secret == NULL)
    g_error ("no guarded memory for a key");
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (secret, NULL, NULL, box, BOX, (const guint8 *)kid,
                                                  strlen (kid), nonce, stretched) == 0)
    key = key_new_from_secret (kind, secret);
  sodium_free (secret);
  return key;
}

Key *
key_wrap_open (KeyKind kind, const json_t *wrap, const char *passphrase, GError **error)
{
  static const char *const members[] = {"suite", "kdf", "ops", "mem", "salt",
                                        "nonce", "box", "kid", NULL};
  guint8 salt[crypto_pwhash_SALTBYTES], nonce[NONCE], box[BOX], *stretched;
  g_autoptr (Key) key = NULL;
  gint64 suite, passes, memory;
  const char *kdf, *kid;

  if (!strict_json_only (wrap, members, error) || !strict_json_int (wrap, "suite", &suite, error) ||
      (kdf = strict_json_string (wrap, "kdf", error)) == NULL ||
      !strict_json_int (wrap, "ops", &passes, error) ||
      !strict_json_int (wrap, "mem", &memory, error) ||
      !read_bytes (wrap, "salt", salt, sizeof salt, error) ||
      !read_bytes (wrap, "nonce", nonce, sizeof nonce, error) ||
      !read_bytes (wrap, "box", box, sizeof box, error) ||
      (kid = strict_json_string (wrap, "kid", error)) == NULL)
    return NULL;
  if (suite != SUITE_1 || strcmp (kdf, "argon2id") != 0 || passes < 1 || passes > MAX_PASSES ||
      memory < (gint64)crypto_pwhash_MEMLIMIT_MIN || memory > MAX_MEMORY) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key wrap: not one we make");
    return NULL;
  }
  suite_start ();
  stretched = stretch (passphrase, salt, passes, memory);
  if (stretched == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "no memory to unwrap a key");
    return NULL;
  }
  key = open_box (kind, box, kid, nonce, stretched);
  sodium_free (stretched);
  if (key == NULL || strcmp (key_peek_kid (key), kid) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "the passphrase is another one");
    return NULL;
  }
  return g_steal_pointer (&key);
}
