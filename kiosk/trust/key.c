/* key.c: key pairs in guarded memory, and their files. Refuses a file that others may read, and
 * never writes over one. */
#include "trust/key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "trust/hash.h"
#include "trust/suite.h"

struct _Key {
  KeyKind kind;
  guint8 public_key[32];
  char kid[HASH_KID_HEX];
  guint8 *secret; /* sodium_malloc: guarded, not in core files, wiped when freed */
};

static void
derive_public (KeyKind kind, const guint8 secret[32], guint8 ret_public[32])
{
  guint8 expanded[crypto_sign_SECRETKEYBYTES];

  if (kind == KEY_KIND_SEAL) {
    crypto_scalarmult_base (ret_public, secret);
    return;
  }
  crypto_sign_seed_keypair (ret_public, expanded, secret);
  sodium_memzero (expanded, sizeof expanded);
}

Key *
key_new_from_secret (KeyKind kind, const guint8 secret[32])
{
  Key *key = g_new0 (Key, 1);

  suite_start ();
  key->kind = kind;
  key->secret = sodium_malloc (32);
  if (key->secret == NULL)
    g_error ("no guarded memory for a key");
  memcpy (key->secret, secret, 32);
  sodium_mprotect_readonly (key->secret);
  derive_public (kind, key->secret, key->public_key);
  hash_kid_hex (key->public_key, key->kid);
  return key;
}

Key *
key_new (KeyKind kind)
{
  guint8 secret[32];
  Key *key;

  suite_start ();
  randombytes_buf (secret, sizeof secret);
  key = key_new_from_secret (kind, secret);
  sodium_memzero (secret, sizeof secret);
  return key;
}

void
key_free (Key *key)
{
  if (key == NULL)
    return;
  sodium_free (key->secret);
  g_free (key);
}

/* Reads exactly 32 bytes and nothing more. */
static gboolean
read_secret (int fd, guint8 secret[32])
{
  gsize length = 0;
  guint8 more;

  while (length < 32) {
    gssize n = read (fd, secret + length, 32 - length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    length += n;
  }
  return read (fd, &more, 1) == 0;
}

Key *
key_load (KeyKind kind, const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  guint8 secret[32];
  struct stat st;
  Key *key = NULL;

  if (fd < 0) {
    file_set_error (error, errno, "cannot open key", path);
    return NULL;
  }
  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode) || (st.st_mode & 077) != 0)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "key %s: others than its owner may read it", path);
  else if (!read_secret (fd, secret))
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "key %s: not a key", path);
  else
    key = key_new_from_secret (kind, secret);
  sodium_memzero (secret, sizeof secret);
  close (fd);
  return key;
}

gboolean
key_save (const Key *key, const char *path, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "key %s is there already", path);
    return FALSE;
  }
  return file_write (path, key->secret, 32, 0600, error);
}

KeyKind
key_kind (const Key *key)
{
  return key->kind;
}

const guint8 *
key_peek_public (const Key *key)
{
  return key->public_key;
}

const guint8 *
key_peek_secret (const Key *key)
{
  return key->secret;
}

const char *
key_peek_kid (const Key *key)
{
  return key->kid;
}

void
key_sign (const Key *key, const void *message, gsize length, guint8 ret_signature[64])
{
  g_assert (key->kind == KEY_KIND_SIGN);
  suite_sign (key->secret, message, length, ret_signature);
}
