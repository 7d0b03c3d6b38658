/* enrol-code.h: the one-time code that a device is enrolled with.
 *
 * 52 base32 characters: 26 of a secret (16 bytes), 26 of the first 16 bytes of SHA-256 over the
 * CA's public key (certificate_pin). Blanks and dashes are skipped and lower case is taken when a
 * code is read, for it is typed by people. */
#pragma once

#include <glib.h>

#define ENROL_CODE_SECRET_BYTES 16
#define ENROL_CODE_PIN_BYTES 16
#define ENROL_CODE_LIFE_MS (15 * 60 * (gint64)1000)

/* A new random secret and the code to hand out. The server keeps only a hash of the secret. Code
 * owned. */
char *enrol_code_make (const guint8 pin[32], guint8 ret_secret[ENROL_CODE_SECRET_BYTES]);

/* INVALID if it is no code. */
gboolean enrol_code_parse (const char *code, guint8 ret_secret[ENROL_CODE_SECRET_BYTES],
                           guint8 ret_pin[ENROL_CODE_PIN_BYTES], GError **error);

/* TRUE if the CA certificate `ca_pem` is the one that the code means. */
gboolean enrol_code_matches (const guint8 pin[ENROL_CODE_PIN_BYTES], const char *ca_pem);
