/* passphrase.h: what is kept of a passphrase: an Argon2id hash (RFC 9106) in libsodium's text form.
 *
 * For people who sign in to a server; a key behind a passphrase is key-wrap.h. */
#pragma once

#include <glib.h>

#define PASSPHRASE_MIN 12  /* characters */
#define PASSPHRASE_MAX 256 /* bytes */

/* INVALID if too short, too long or no UTF-8; RETRY without memory. 64 MiB, 3 passes: about a
 * quarter of a second. Owned. */
char *passphrase_hash (const char *passphrase, GError **error);

/* TRUE if `hash` was made of `passphrase`. A NULL hash takes the same time and is FALSE, so that a
 * stranger's name cannot be told from a known one. */
gboolean passphrase_verify (const char *hash, const char *passphrase);
