/* key.h: key pairs made, kept in guarded memory, saved and loaded.
 *
 * A file holds the 32 secret bytes, nothing else, mode 0600 in a folder of 0700: the seed of an
 * Ed25519 key, or an X25519 scalar. */
#pragma once

#include <glib.h>

typedef enum {
  KEY_KIND_SIGN, /* Ed25519 */
  KEY_KIND_SEAL, /* X25519 */
} KeyKind;

typedef struct _Key Key;

Key *key_new (KeyKind kind);
/* Copies `secret`; the caller wipes its own. */
Key *key_new_from_secret (KeyKind kind, const guint8 secret[32]);
/* Wipes. NULL is fine. */
void key_free (Key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, key_free)

/* NOT_FOUND; DENIED if others than the owner may read the file; CORRUPT if it is not 32 bytes. */
Key *key_load (KeyKind kind, const char *path, GError **error);

/* CONFLICT if `path` is there: a key is never overwritten. FULL, RETRY. */
gboolean key_save (const Key *key, const char *path, GError **error);

KeyKind key_kind (const Key *key);
/* 32 bytes each, living as long as the key. The secret must not be copied to common memory. */
const guint8 *key_peek_public (const Key *key);
const guint8 *key_peek_secret (const Key *key);
/* 16 hex digits (hash_kid). */
const char *key_peek_kid (const Key *key);

/* Ed25519 over `message` by a key of KEY_KIND_SIGN. */
void key_sign (const Key *key, const void *message, gsize length, guint8 ret_signature[64]);
