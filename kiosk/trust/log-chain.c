/* log-chain.c: entry after entry, each naming the hash of the one before. Refuses to move on over a
 * gap, a fork or another device's line. */
#include "trust/log-chain.h"

#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "trust/suite.h"

LogChain *
log_chain_new (const char *device, const char *incarnation, guint64 seq, const char *hash)
{
  LogChain *chain = g_new0 (LogChain, 1);

  chain->device = g_strdup (device);
  chain->incarnation = g_strdup (incarnation);
  chain->seq = seq;
  g_strlcpy (chain->hash, hash != NULL ? hash : ENTRY_FIRST_PREV, sizeof chain->hash);
  return chain;
}

void
log_chain_free (LogChain *chain)
{
  if (chain == NULL)
    return;
  g_free (chain->device);
  g_free (chain->incarnation);
  g_free (chain);
}

static const char *
break_before (const LogChain *chain, const Entry *entry)
{
  if (strcmp (entry->device, chain->device) != 0)
    return "another device's entry";
  if (strcmp (entry->incarnation, chain->incarnation) != 0)
    return "an entry of another incarnation";
  if (entry->seq != chain->seq + 1)
    return "a gap";
  if (strcmp (entry->prev, chain->hash) != 0)
    return "a fork";
  return NULL;
}

gboolean
log_chain_add (LogChain *chain, const char *bytes, gsize length, Entry **ret_entry, GError **error)
{
  g_autoptr (Entry) entry = entry_parse (bytes, length, error);
  g_autofree char *hash = NULL;
  const char *fault;

  if (entry == NULL)
    return FALSE;
  fault = break_before (chain, entry);
  if (fault != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "log of %s: %s after entry %" G_GUINT64_FORMAT, chain->device, fault, chain->seq);
    return FALSE;
  }
  hash = hash_sha256_hex (bytes, length);
  chain->seq++;
  g_strlcpy (chain->hash, hash, sizeof chain->hash);
  if (ret_entry != NULL)
    *ret_entry = g_steal_pointer (&entry);
  return TRUE;
}

static char *
head_text (const LogChain *head)
{
  return g_strdup_printf ("onestop-batch-1\n%s\n%s\n%" G_GUINT64_FORMAT "\n%s", head->device,
                          head->incarnation, head->seq, head->hash);
}

char *
log_chain_sign (const LogChain *head, const Key *key)
{
  g_autofree char *text = head_text (head);
  guint8 signature[SUITE_SIGNATURE_BYTES];

  key_sign (key, text, strlen (text), signature);
  return encode_base64 (signature, sizeof signature);
}

gboolean
log_chain_verify (const LogChain *head, const guint8 device_public[32], const char *signature,
                  GError **error)
{
  g_autofree char *text = head_text (head);
  g_autoptr (GBytes) bytes = encode_unbase64 (signature);

  if (bytes != NULL && g_bytes_get_size (bytes) == SUITE_SIGNATURE_BYTES &&
      suite_verify (device_public, text, strlen (text), g_bytes_get_data (bytes, NULL)))
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "the signature at the head of the batch does not hold");
  return FALSE;
}
