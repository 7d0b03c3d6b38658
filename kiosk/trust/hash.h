/* hash.h: SHA-256 (FIPS 180-4) of bytes, and the short name of a public key. */
#pragma once

#include <glib.h>

#define HASH_BYTES 32
#define HASH_HEX 65 /* with the NUL */
#define HASH_KID_BYTES 8
#define HASH_KID_HEX 17 /* with the NUL */

void hash_sha256 (const void *bytes, gsize length, guint8 ret_hash[HASH_BYTES]);

/* Lower-case hex. Owned. */
char *hash_sha256_hex (const void *bytes, gsize length);

/* Piece by piece. */
typedef struct _Hash Hash;
Hash *hash_new (void);
void hash_add (Hash *hash, const void *bytes, gsize length);
/* Ends it; nothing may be added after. The hex form is owned. */
void hash_finish (Hash *hash, guint8 ret_hash[HASH_BYTES]);
char *hash_finish_hex (Hash *hash);
void hash_free (Hash *hash);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hash, hash_free)

/* SHA-256 of a file's bytes. NOT_FOUND, RETRY. Hex, owned. */
char *hash_file_hex (const char *path, GError **error);

/* Keyed BLAKE2b (RFC 7693) with HASH_BYTES of output. Lower-case hex, owned. */
#define HASH_KEY_BYTES 32
char *hash_keyed_hex (const guint8 key[HASH_KEY_BYTES], const void *bytes, gsize length);

/* kid of a public key: BLAKE2b with 8 bytes of output over its 32 bytes. */
void hash_kid (const guint8 public_key[32], guint8 ret_kid[HASH_KID_BYTES]);
void hash_kid_hex (const guint8 public_key[32], char ret_kid[HASH_KID_HEX]);
