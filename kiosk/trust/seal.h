/* seal.h: what a case holds, encrypted so that this machine cannot read it again.
 *
 * One random key a submission seals its body and documents; the key itself is wrapped for each
 * recipient (libsodium crypto_box_seal) and then wiped. A sealed object is
 *   suite byte 0x01, 24-byte secretstream header, chunks of 64 KiB + 17 bytes, the last one tagged
 *   FINAL,
 * over the plaintext `length (u64, little endian), bytes, zeros` whose size is padded by Padmé
 * (Nikitin and others, PETS 2019). Associated data of every chunk:
 *   "onestop-object-1\0" case_id "\0" kind "\0" slot "\0" index (decimal)
 * so that an object of another case, kind, slot or place does not open. SHA-256 and size of an
 * object are those of the sealed bytes. Opening: open.h. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "trust/hash.h"

#define SEAL_CHUNK_BYTES 65536
#define SEAL_CHUNK_OVERHEAD 17
#define SEAL_HEADER_BYTES 25 /* suite and secretstream header */
#define SEAL_WRAP_BYTES 80
#define SEAL_MAX_PLAIN (64u * 1024 * 1024)
#define SEAL_MAX_SEALED (72u * 1024 * 1024)

/* Where an object belongs. The body: kind "body", slot "", index 0. */
typedef struct {
  const char *kind; /* "body" or "document" */
  const char *slot; /* material slot of the guide */
  guint index;      /* from 0, counted within the slot */
} SealPlace;

#define SEAL_PLACE_BODY ((SealPlace){"body", "", 0})
#define SEAL_PLACE_DOCUMENT(slot, index) ((SealPlace){"document", (slot), (index)})

/* The key of one submission, in guarded memory. */
typedef struct _SealCase SealCase;

/* A new random key for `case_id` (UUIDv7). Owned. */
SealCase *seal_case_new (const char *case_id);
/* Wipes the key. NULL is fine. */
void seal_case_free (SealCase *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SealCase, seal_case_free)

/* Seals a whole object in memory. INVALID for a bad place, FULL over SEAL_MAX_PLAIN. `ret_sha256`
 * is that of the returned bytes. Owned. */
GBytes *seal_object (SealCase *seal, SealPlace place, const void *plain, gsize length,
                     char ret_sha256[HASH_HEX], GError **error);

/* The same piece by piece, for a known length of plaintext: `sink` gets the sealed bytes in order
 * and may fail (its error is passed on; then only free is left to do). */
typedef gboolean (*SealSink) (const void *bytes, gsize length, gpointer data, GError **error);
typedef struct _SealStream SealStream;

SealStream *seal_stream_new (SealCase *seal, SealPlace place, guint64 length, SealSink sink,
                             gpointer data, GError **error);
gboolean seal_stream_add (SealStream *stream, const void *bytes, gsize length, GError **error);
/* INVALID if another number of bytes was added than announced. */
gboolean seal_stream_finish (SealStream *stream, char ret_sha256[HASH_HEX], guint64 *ret_size,
                             GError **error);
void seal_stream_free (SealStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SealStream, seal_stream_free)

/* Wraps the key for every recipient: the JSON array [{"kid","wrap"}] of an entry's body (kid 16 hex
 * digits, wrap base64 of SEAL_WRAP_BYTES). `recipients`: KeySetRecipient (key_set_recipients).
 * INVALID if there is none or one has an unusable key. Owned. */
json_t *seal_wraps (SealCase *seal, GPtrArray *recipients, GError **error);

/* Size after Padmé of `length` bytes. */
guint64 seal_padded (guint64 length);
/* Size of the sealed object for `length` bytes of plaintext. */
guint64 seal_sealed_size (guint64 length);
/* The associated data for `place`; INVALID if case_id or place is malformed. Owned. */
GBytes *seal_associated (const char *case_id, SealPlace place, GError **error);
