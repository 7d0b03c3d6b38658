/* enrol-code.c: the one-time code, written for people and read from people. Refuses to be clever
 * about letters that look alike: base32 has no 0, 1, 8, 9. */
#include "trust/enrol-code.h"

#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "trust/certificate.h"

#define HALF 26

char *
enrol_code_make (const guint8 pin[32], guint8 ret_secret[ENROL_CODE_SECRET_BYTES])
{
  g_autofree char *second = encode_base32 (pin, ENROL_CODE_PIN_BYTES), *first = NULL;

  id_random (ret_secret, ENROL_CODE_SECRET_BYTES);
  first = encode_base32 (ret_secret, ENROL_CODE_SECRET_BYTES);
  return g_strconcat (first, second, NULL);
}

gboolean
enrol_code_parse (const char *code, guint8 ret_secret[ENROL_CODE_SECRET_BYTES],
                  guint8 ret_pin[ENROL_CODE_PIN_BYTES], GError **error)
{
  g_autoptr (GString) letters = g_string_new (NULL);
  g_autofree char *first = NULL;
  g_autoptr (GBytes) secret = NULL, pin = NULL;

  for (const char *p = code; *p != '\0' && letters->len <= 2 * HALF; p++)
    if (!g_ascii_isspace (*p) && *p != '-')
      g_string_append_c (letters, *p);
  if (letters->len == 2 * HALF) {
    first = g_strndup (letters->str, HALF);
    secret = encode_unbase32 (first);
    pin = encode_unbase32 (letters->str + HALF);
  }
  if (secret == NULL || pin == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "this is no enrolment code (%d letters and digits 2 to 7)", 2 * HALF);
    return FALSE;
  }
  memcpy (ret_secret, g_bytes_get_data (secret, NULL), ENROL_CODE_SECRET_BYTES);
  memcpy (ret_pin, g_bytes_get_data (pin, NULL), ENROL_CODE_PIN_BYTES);
  return TRUE;
}

gboolean
enrol_code_matches (const guint8 pin[ENROL_CODE_PIN_BYTES], const char *ca_pem)
{
  guint8 hash[32];

  return certificate_pin (ca_pem, hash, NULL) && memcmp (hash, pin, ENROL_CODE_PIN_BYTES) == 0;
}
