/* signed-document.c: one way to sign a JSON object. Refuses a type other than the one asked for.
 * What stands beside `signed` counts for nothing. */
#include "trust/signed-document.h"

#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/suite.h"

static char *
message_for (const json_t *content, const char *type)
{
  g_autofree char *canonical = strict_json_canonical (content);
  return g_strdup_printf ("onestop-%s-1\n%s", type, canonical);
}

json_t *
signed_document_make (const json_t *content, const Key *signer)
{
  const char *type = strict_json_peek (content, "type", NULL);
  g_autofree char *message = NULL, *base64 = NULL;
  guint8 signature[SUITE_SIGNATURE_BYTES];
  json_t *document = json_object ();

  g_return_val_if_fail (type != NULL, document);
  message = message_for (content, type);
  key_sign (signer, message, strlen (message), signature);
  base64 = encode_base64 (signature, sizeof signature);
  json_object_set (document, "signed", (json_t *)content);
  json_object_set_new (document, "signature", json_string (base64));
  return document;
}

json_t *
signed_document_check (const json_t *document, const char *type, const guint8 signer_public[32],
                       GError **error)
{
  g_autofree char *message = NULL;
  g_autoptr (GBytes) signature = NULL;
  const char *base64, *said;
  json_t *content;

  if (!json_is_object (document)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: not an object", type);
    return NULL;
  }
  if ((content = strict_json_object (document, "signed", error)) == NULL ||
      (base64 = strict_json_string (document, "signature", error)) == NULL ||
      (said = strict_json_string (content, "type", error)) == NULL)
    return NULL;
  if (strcmp (said, type) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not a signed %s", type);
    return NULL;
  }
  signature = encode_unbase64 (base64);
  message = message_for (content, type);
  if (signature == NULL || g_bytes_get_size (signature) != SUITE_SIGNATURE_BYTES ||
      !suite_verify (signer_public, message, strlen (message),
                     g_bytes_get_data (signature, NULL))) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "%s: the signature does not hold",
                 type);
    return NULL;
  }
  return content;
}
