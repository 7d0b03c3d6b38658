/* key-wrap.h: a key behind a passphrase (the hall key, once for each clerk). In trust_open_dep.
 *
 * Argon2id (RFC 9106; 256 MiB, 3 passes) makes a key from the passphrase, XChaCha20-Poly1305 seals
 * the 32 secret bytes. As JSON: {"suite":1,"kdf":"argon2id","ops","mem","salt","nonce","box",
 * "kid"}. One clerk leaves = one wrap is dropped (and the key changed). */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "trust/key.h"

#define KEY_WRAP_MIN_PASSPHRASE 12 /* characters */

/* INVALID if the passphrase is shorter than KEY_WRAP_MIN_PASSPHRASE; RETRY without memory. Owned.
 */
json_t *key_wrap (const Key *key, const char *passphrase, GError **error);

/* DENIED if the passphrase is another; INVALID if the wrap is malformed or asks for more than 1 GiB
 * or 10 passes. Takes about half a second. Owned. */
Key *key_wrap_open (KeyKind kind, const json_t *wrap, const char *passphrase, GError **error);
