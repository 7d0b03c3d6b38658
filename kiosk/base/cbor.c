/* cbor.c: the few CBOR items that tickets are made of. Refuses whatever has a second spelling:
 * indefinite lengths, longer heads than needed, floats and simple values are simply not read. */
#include "base/cbor.h"

#include <string.h>

enum { MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG };

static void
write_head (GByteArray *to, guint8 major, guint64 value)
{
  guint extra = value < 24             ? 0
                : value <= G_MAXUINT8  ? 1
                : value <= G_MAXUINT16 ? 2
                : value <= G_MAXUINT32 ? 4
                                       : 8;
  guint8 head[9];

  head[0] = (guint8)(major << 5 | (extra == 0   ? value
                                   : extra == 1 ? 24
                                   : extra == 2 ? 25
                                   : extra == 4 ? 26
                                                : 27));
  for (guint i = 0; i < extra; i++)
    head[1 + i] = (guint8)(value >> (8 * (extra - 1 - i)));
  g_byte_array_append (to, head, 1 + extra);
}

void
cbor_write_int (GByteArray *to, gint64 value)
{
  if (value < 0)
    write_head (to, MAJOR_NEGATIVE, (guint64)~value);
  else
    write_head (to, MAJOR_UINT, (guint64)value);
}

void
cbor_write_bytes (GByteArray *to, const void *bytes, gsize length)
{
  write_head (to, MAJOR_BYTES, length);
  if (length > 0)
    g_byte_array_append (to, bytes, (guint)length);
}

void
cbor_write_text (GByteArray *to, const char *text)
{
  gsize length = strlen (text);

  write_head (to, MAJOR_TEXT, length);
  if (length > 0)
    g_byte_array_append (to, (const guint8 *)text, (guint)length);
}

void
cbor_write_array (GByteArray *to, guint n)
{
  write_head (to, MAJOR_ARRAY, n);
}

void
cbor_write_map (GByteArray *to, guint n_pairs)
{
  write_head (to, MAJOR_MAP, n_pairs);
}

void
cbor_write_tag (GByteArray *to, guint64 tag)
{
  write_head (to, MAJOR_TAG, tag);
}

CborReader
cbor_reader (const void *bytes, gsize length)
{
  const guint8 *at = bytes;
  return (CborReader){at, at + length};
}

gboolean
cbor_at_end (const CborReader *reader)
{
  return reader->at == reader->end;
}

/* The head of the next item; moves `reader` behind it. */
static gboolean
read_head (CborReader *reader, guint8 *ret_major, guint64 *ret_value)
{
  const guint8 *p = reader->at;
  guint info, extra;
  guint64 value = 0;

  if (p == reader->end)
    return FALSE;
  *ret_major = *p >> 5;
  info = *p++ & 31;
  if (info < 24) {
    *ret_value = info;
    reader->at = p;
    return TRUE;
  }
  if (info > 27)
    return FALSE;
  extra = 1u << (info - 24);
  if ((gsize)(reader->end - p) < extra)
    return FALSE;
  for (guint i = 0; i < extra; i++)
    value = value << 8 | *p++;
  if (value < (extra == 1 ? 24 : G_GUINT64_CONSTANT (1) << (4 * extra)))
    return FALSE;
  *ret_value = value;
  reader->at = p;
  return TRUE;
}

gboolean
cbor_read_int (CborReader *reader, gint64 *ret_value)
{
  CborReader r = *reader;
  guint8 major;
  guint64 value;

  if (!read_head (&r, &major, &value) || major > MAJOR_NEGATIVE || value > G_MAXINT64)
    return FALSE;
  *ret_value = major == MAJOR_UINT ? (gint64)value : ~(gint64)value;
  *reader = r;
  return TRUE;
}

static gboolean
read_run (CborReader *reader, guint8 wanted, const guint8 **ret_bytes, gsize *ret_length)
{
  CborReader r = *reader;
  guint8 major;
  guint64 value;

  if (!read_head (&r, &major, &value) || major != wanted || value > (gsize)(r.end - r.at))
    return FALSE;
  *ret_bytes = r.at;
  *ret_length = value;
  reader->at = r.at + value;
  return TRUE;
}

gboolean
cbor_read_bytes (CborReader *reader, const guint8 **ret_bytes, gsize *ret_length)
{
  return read_run (reader, MAJOR_BYTES, ret_bytes, ret_length);
}

gboolean
cbor_read_text (CborReader *reader, const char **ret_text, gsize *ret_length)
{
  CborReader r = *reader;
  const guint8 *bytes;
  gsize length;

  if (!read_run (&r, MAJOR_TEXT, &bytes, &length) ||
      !g_utf8_validate_len ((const char *)bytes, length, NULL))
    return FALSE;
  *ret_text = (const char *)bytes;
  *ret_length = length;
  *reader = r;
  return TRUE;
}

static gboolean
read_count (CborReader *reader, guint8 wanted, guint64 most, guint64 *ret_value)
{
  CborReader r = *reader;
  guint8 major;
  guint64 value;

  if (!read_head (&r, &major, &value) || major != wanted || value > most)
    return FALSE;
  *ret_value = value;
  *reader = r;
  return TRUE;
}

gboolean
cbor_read_array (CborReader *reader, guint *ret_n)
{
  guint64 n;

  if (!read_count (reader, MAJOR_ARRAY, G_MAXUINT, &n))
    return FALSE;
  *ret_n = (guint)n;
  return TRUE;
}

gboolean
cbor_read_map (CborReader *reader, guint *ret_n_pairs)
{
  guint64 n;

  if (!read_count (reader, MAJOR_MAP, G_MAXUINT, &n))
    return FALSE;
  *ret_n_pairs = (guint)n;
  return TRUE;
}

gboolean
cbor_read_tag (CborReader *reader, guint64 *ret_tag)
{
  return read_count (reader, MAJOR_TAG, G_MAXUINT64, ret_tag);
}
