/* key-set-store.h: the signed key set as it was received: `keyset.json` in the state directory.
 *
 * This room keeps the bytes; trust/key-set says what they are worth. */
#pragma once

#include <glib.h>

/* The bytes; NOT_FOUND before the first one came. */
GBytes *key_set_store_read (const char *directory, GError **error);

/* Replaces them, in one step that survives a power cut. The caller has verified them and refused a
 * lower version. */
gboolean key_set_store_replace (const char *directory, GBytes *package, GError **error);
