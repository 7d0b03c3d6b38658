/* open.h: opens what seal.h sealed. A library of its own (trust_open_dep): never linked into the
 * kiosk, its command line's kiosk half or its sync daemon; a lint looks for its symbols there.
 *
 * Every function refuses rather than guesses: DENIED when no wrap is for this key or a wrap does
 * not open; CORRUPT when an object was changed, cut, lengthened, belongs elsewhere (other case,
 * kind, slot, index) or has no FINAL chunk. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "trust/key.h"
#include "trust/seal.h"

/* The key of one submission, unwrapped, in guarded memory. */
typedef struct _OpenCase OpenCase;

/* `wraps` is the array in the entry's body; `key` a KEY_KIND_SEAL pair. INVALID if the array is
 * malformed. Owned. */
OpenCase *open_case_new (const char *case_id, const json_t *wraps, const Key *key, GError **error);
void open_case_free (OpenCase *open);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpenCase, open_case_free)

/* Opens a whole sealed object. The plaintext has exactly its own length and is wiped when the last
 * reference goes. Owned. */
GBytes *open_object (OpenCase *open, SealPlace place, const void *sealed, gsize length,
                     GError **error);
