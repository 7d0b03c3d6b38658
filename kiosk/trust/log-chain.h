/* log-chain.h: a device's entries follow one another, and the device says so at each batch head. */
#pragma once

#include <glib.h>

#include "domain/entry.h"
#include "trust/hash.h"
#include "trust/key.h"

/* Where a log stands: after entry `seq` with hash `hash` (seq 0 and ENTRY_FIRST_PREV at the start).
 */
typedef struct {
  char *device;
  char *incarnation;
  guint64 seq;
  char hash[HASH_HEX];
} LogChain;

/* `hash` NULL: at the start (then seq must be 0). Owned. */
LogChain *log_chain_new (const char *device, const char *incarnation, guint64 seq,
                         const char *hash);
void log_chain_free (LogChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogChain, log_chain_free)

/* Takes the next entry's exact bytes. INVALID or FULL from entry_parse; CONFLICT, untouched, if
 * device, incarnation, seq or prev do not continue the chain. `ret_entry` may be NULL; owned. */
gboolean log_chain_add (LogChain *chain, const char *bytes, gsize length, Entry **ret_entry,
                        GError **error);

/* Signature at a batch head, over "onestop-batch-1\n" device "\n" incarnation "\n" seq "\n" hash of
 * the last entry. Base64; owned. `key` is the device key. */
char *log_chain_sign (const LogChain *head, const Key *key);

/* DENIED unless `signature` (base64) is by `device_public` over this head. */
gboolean log_chain_verify (const LogChain *head, const guint8 device_public[32],
                           const char *signature, GError **error);
