/* suite.c: algorithms by number, over libsodium. Refuses to know any suite but those it can use. */
#include "trust/suite.h"

#include <sodium.h>

void
suite_start (void)
{
  static gsize once;

  if (g_once_init_enter (&once)) {
    if (sodium_init () < 0)
      g_error ("libsodium cannot start");
    g_once_init_leave (&once, 1);
  }
}

gboolean
suite_is_known (guint8 suite)
{
  return suite == SUITE_1;
}

void
suite_sign (const guint8 seed[SUITE_SECRET_BYTES], const void *message, gsize length,
            guint8 ret_signature[SUITE_SIGNATURE_BYTES])
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];

  suite_start ();
  crypto_sign_seed_keypair (public_key, secret, seed);
  crypto_sign_detached (ret_signature, NULL, message, length, secret);
  sodium_memzero (secret, sizeof secret);
}

gboolean
suite_verify (const guint8 public_key[SUITE_PUBLIC_BYTES], const void *message, gsize length,
              const guint8 signature[SUITE_SIGNATURE_BYTES])
{
  suite_start ();
  return crypto_sign_verify_detached (signature, message, length, public_key) == 0;
}

void
suite_wipe (void *memory, gsize length)
{
  sodium_memzero (memory, length);
}
