/* batch.h: the body of POST /v1/entries (sync/PROTOCOL.md, section 4): consecutive entries of one
 * log, each followed by one LF, in one zstd frame. The signature over the head is
 * trust/log-chain's. */
#pragma once

#include <glib.h>

#define BATCH_MAX_BYTES (1024 * 1024)                 /* before compression */
#define BATCH_MAX_COMPRESSED (BATCH_MAX_BYTES + 8192) /* the most that a batch can take up */

/* Packs entry lines (GBytes *, exact bytes without the LF), oldest first. FULL over
 * BATCH_MAX_BYTES; INVALID without a line, or if one is empty or holds an LF. Owned. */
GBytes *batch_pack (GPtrArray *lines, GError **error);

/* The lines of a body, without their LF, in their order (GBytes *); nothing is said of their
 * content, and one may be longer than an entry may be. `compressed`: it came with Content-Encoding
 * zstd: exactly one frame. FULL over the limits (before memory is taken for it); INVALID if it is
 * no zstd frame, has bytes after it, an empty line, or no LF at its end. Owned. */
GPtrArray *batch_unpack (const void *body, gsize length, gboolean compressed, GError **error);
