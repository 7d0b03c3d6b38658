/* encode.c: hex, base64, base32 and base45. Refuses leniency: what it takes in, it would write out
 * again in the same letters. */
#include "base/encode.h"

#include <string.h>

char *
encode_hex (const guint8 *bytes, gsize length)
{
  static const char digits[] = "0123456789abcdef";
  char *text = g_malloc (2 * length + 1);

  for (gsize i = 0; i < length; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  text[2 * length] = '\0';
  return text;
}

static int
hex_value (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

gboolean
encode_unhex (const char *text, guint8 *ret_bytes, gsize length)
{
  if (strlen (text) != 2 * length)
    return FALSE;
  for (gsize i = 0; i < 2 * length; i++)
    if (hex_value (text[i]) < 0)
      return FALSE;
  for (gsize i = 0; i < length; i++)
    ret_bytes[i] = (guint8)((guint)hex_value (text[2 * i]) << 4 | hex_value (text[2 * i + 1]));
  return TRUE;
}

char *
encode_base64 (const guint8 *bytes, gsize length)
{
  return g_base64_encode (bytes, length);
}

GBytes *
encode_unbase64 (const char *text)
{
  gsize length;
  guchar *bytes = g_base64_decode (text, &length);
  g_autofree char *again = g_base64_encode (bytes, length);

  /* GLib skips what it does not know; only a text that comes out the same was strict. */
  if (strcmp (again, text) != 0) {
    g_free (bytes);
    return NULL;
  }
  return g_bytes_new_take (bytes, length);
}

static const char base32_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *
encode_base32 (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new ((length * 8 + 4) / 5 + 1);
  guint32 buffer = 0;
  guint bits = 0;

  for (gsize i = 0; i < length; i++) {
    buffer = buffer << 8 | bytes[i];
    bits += 8;
    while (bits >= 5)
      g_string_append_c (text, base32_letters[buffer >> (bits -= 5) & 31]);
  }
  if (bits > 0)
    g_string_append_c (text, base32_letters[buffer << (5 - bits) & 31]);
  return g_string_free (text, FALSE);
}

GBytes *
encode_unbase32 (const char *text)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint32 buffer = 0;
  guint bits = 0;

  for (const char *p = text; *p != '\0'; p++) {
    const char *at = strchr (base32_letters, g_ascii_toupper (*p));
    if (at == NULL)
      return NULL;
    buffer = buffer << 5 | (guint32)(at - base32_letters);
    bits += 5;
    if (bits >= 8) {
      guint8 byte = (guint8)(buffer >> (bits -= 8));
      g_byte_array_append (bytes, &byte, 1);
    }
  }
  if (bits >= 5 || (buffer & ((1u << bits) - 1)) != 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static const char base45_letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

char *
encode_base45 (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (length / 2 * 3 + 3);

  for (gsize i = 0; i < length; i += 2) {
    gboolean pair = i + 1 < length;
    guint v = pair ? (guint)bytes[i] << 8 | bytes[i + 1] : bytes[i];
    g_string_append_c (text, base45_letters[v % 45]);
    g_string_append_c (text, base45_letters[v / 45 % 45]);
    if (pair)
      g_string_append_c (text, base45_letters[v / 2025]);
  }
  return g_string_free (text, FALSE);
}

GBytes *
encode_unbase45 (const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (length % 3 == 1 || length > 4096)
    return NULL;
  for (gsize i = 0; i < length; i += 3) {
    guint n = (guint)MIN (3, length - i), v = 0, scale = 1;
    for (guint j = 0; j < n; j++, scale *= 45) {
      const char *at = memchr (base45_letters, text[i + j], 45);
      if (at == NULL)
        return NULL;
      v += (guint)(at - base45_letters) * scale;
    }
    if (v > (n == 3 ? 0xffffu : 0xffu))
      return NULL;
    g_byte_array_append (bytes, n == 3 ? (guint8[]){v >> 8, v & 255} : (guint8[]){v & 255}, n - 1);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
