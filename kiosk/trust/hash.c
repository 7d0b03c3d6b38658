/* hash.c: SHA-256 by GnuTLS (which uses the processor's own instructions), key names by BLAKE2b. */
#include "trust/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <sodium.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "trust/suite.h"

struct _Hash {
  gnutls_hash_hd_t handle;
};

void
hash_sha256 (const void *bytes, gsize length, guint8 ret_hash[HASH_BYTES])
{
  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, bytes, length, ret_hash) != 0)
    g_error ("GnuTLS has no SHA-256");
}

char *
hash_sha256_hex (const void *bytes, gsize length)
{
  guint8 hash[HASH_BYTES];

  hash_sha256 (bytes, length, hash);
  return encode_hex (hash, sizeof hash);
}

Hash *
hash_new (void)
{
  Hash *hash = g_new0 (Hash, 1);

  if (gnutls_hash_init (&hash->handle, GNUTLS_DIG_SHA256) != 0)
    g_error ("GnuTLS has no SHA-256");
  return hash;
}

void
hash_add (Hash *hash, const void *bytes, gsize length)
{
  if (gnutls_hash (hash->handle, bytes, length) != 0)
    g_error ("SHA-256 failed");
}

void
hash_finish (Hash *hash, guint8 ret_hash[HASH_BYTES])
{
  gnutls_hash_deinit (hash->handle, ret_hash);
  hash->handle = NULL;
}

char *
hash_finish_hex (Hash *hash)
{
  guint8 bytes[HASH_BYTES];

  hash_finish (hash, bytes);
  return encode_hex (bytes, sizeof bytes);
}

void
hash_free (Hash *hash)
{
  if (hash == NULL)
    return;
  if (hash->handle != NULL)
    gnutls_hash_deinit (hash->handle, NULL);
  g_free (hash);
}

char *
hash_file_hex (const char *path, GError **error)
{
  g_autoptr (Hash) hash = hash_new ();
  g_autofree guint8 *buffer = g_malloc (65536);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n;

  if (fd < 0) {
    file_set_error (error, errno, "cannot open", path);
    return NULL;
  }
  while ((n = read (fd, buffer, 65536)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      file_set_error (error, errno, "cannot read", path);
      close (fd);
      return NULL;
    }
    hash_add (hash, buffer, n);
  }
  close (fd);
  return hash_finish_hex (hash);
}

char *
hash_keyed_hex (const guint8 key[HASH_KEY_BYTES], const void *bytes, gsize length)
{
  guint8 hash[HASH_BYTES];

  suite_start ();
  if (crypto_generichash_blake2b (hash, sizeof hash, bytes, length, key, HASH_KEY_BYTES) != 0)
    g_error ("libsodium has no keyed BLAKE2b");
  return encode_hex (hash, sizeof hash);
}

void
hash_kid (const guint8 public_key[32], guint8 ret_kid[HASH_KID_BYTES])
{
  suite_start ();
  if (crypto_generichash_blake2b (ret_kid, HASH_KID_BYTES, public_key, 32, NULL, 0) != 0)
    g_error ("libsodium has no BLAKE2b of 8 bytes");
}

void
hash_kid_hex (const guint8 public_key[32], char ret_kid[HASH_KID_HEX])
{
  guint8 kid[HASH_KID_BYTES];
  g_autofree char *hex = NULL;

  hash_kid (public_key, kid);
  hex = encode_hex (kid, sizeof kid);
  g_strlcpy (ret_kid, hex, HASH_KID_HEX);
}
