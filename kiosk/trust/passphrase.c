/* passphrase.c: Argon2id with fixed cost. Refuses short passphrases; knows no user. */
#include "trust/passphrase.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "trust/suite.h"

#define OPS 3
#define MEMORY (64u * 1024 * 1024)

char *
passphrase_hash (const char *passphrase, GError **error)
{
  char hash[crypto_pwhash_STRBYTES];
  gsize length = strlen (passphrase);

  suite_start ();
  if (length > PASSPHRASE_MAX || !g_utf8_validate (passphrase, (gssize)length, NULL) ||
      g_utf8_strlen (passphrase, -1) < PASSPHRASE_MIN) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a passphrase has at least %d characters and at most %d bytes", PASSPHRASE_MIN,
                 PASSPHRASE_MAX);
    return NULL;
  }
  if (crypto_pwhash_str_alg (hash, passphrase, length, OPS, MEMORY, crypto_pwhash_ALG_ARGON2ID13) !=
      0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "no memory to hash a passphrase");
    return NULL;
  }
  return g_strdup (hash);
}

gboolean
passphrase_verify (const char *hash, const char *passphrase)
{
  /* Of no passphrase that anybody can type: only its cost matters. */
  static char stand_in[crypto_pwhash_STRBYTES];
  gsize length = strlen (passphrase);
  gboolean same;

  suite_start ();
  if (hash == NULL && stand_in[0] == '\0') {
    guint8 random[32];
    randombytes_buf (random, sizeof random);
    (void)!crypto_pwhash_str_alg (stand_in, (const char *)random, sizeof random, OPS, MEMORY,
                                  crypto_pwhash_ALG_ARGON2ID13);
  }
  same = length <= PASSPHRASE_MAX &&
         crypto_pwhash_str_verify (hash != NULL ? hash : stand_in, passphrase, length) == 0;
  return hash != NULL && same;
}
