/* suite.h: which algorithms a byte stands for, and the small interface over them.
 *
 * 1 = X25519, XChaCha20-Poly1305 (libsodium's secretstream and sealed box), Ed25519, SHA-256.
 * 2 is kept for SM2, SM4, SM3. Sealing is seal.h, opening open.h (a library of its own), hashing
 * hash.h; signing and verifying are here. */
#pragma once

#include <glib.h>

#define SUITE_1 1

#define SUITE_PUBLIC_BYTES 32
#define SUITE_SECRET_BYTES 32 /* an Ed25519 seed or an X25519 scalar */
#define SUITE_SIGNATURE_BYTES 64

/* Makes libsodium ready; every function of the room calls it. Aborts if it cannot. */
void suite_start (void);

/* TRUE for a suite that this program can use. */
gboolean suite_is_known (guint8 suite);

/* Ed25519 (RFC 8032, pure) by the key whose seed is `seed`. */
void suite_sign (const guint8 seed[SUITE_SECRET_BYTES], const void *message, gsize length,
                 guint8 ret_signature[SUITE_SIGNATURE_BYTES]);

gboolean suite_verify (const guint8 public_key[SUITE_PUBLIC_BYTES], const void *message,
                       gsize length, const guint8 signature[SUITE_SIGNATURE_BYTES]);

/* Overwrites memory so that the compiler cannot leave it out. */
void suite_wipe (void *memory, gsize length);
