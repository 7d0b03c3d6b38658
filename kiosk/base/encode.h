/* encode.h: bytes as text. Every decoder is strict: one text for one byte string, nothing ignored.
 */
#pragma once

#include <glib.h>

/* Lower-case hexadecimal. Owned. */
char *encode_hex (const guint8 *bytes, gsize length);

/* Exactly `length` bytes from 2 * `length` lower-case digits. FALSE otherwise; `ret_bytes`
 * untouched. */
gboolean encode_unhex (const char *text, guint8 *ret_bytes, gsize length);

/* Base64 (RFC 4648, section 4, padded). Decoding returns NULL on any other character, bad padding
 * or unused bits that are not zero. Owned. */
char *encode_base64 (const guint8 *bytes, gsize length);
GBytes *encode_unbase64 (const char *text);

/* Base32 (RFC 4648, section 6) without padding, upper case; decoding takes lower case as well and
 * refuses unused bits that are not zero. Owned; NULL if refused. */
char *encode_base32 (const guint8 *bytes, gsize length);
GBytes *encode_unbase32 (const char *text);

/* Base45 (RFC 9285). `length` of the text is at most 4096. Owned; NULL if refused. */
char *encode_base45 (const guint8 *bytes, gsize length);
GBytes *encode_unbase45 (const char *text, gsize length);
