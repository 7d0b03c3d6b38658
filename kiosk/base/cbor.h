/* cbor.h: deterministic CBOR (RFC 8949, section 4.2.1), the small part that tickets need.
 *
 * The writer appends to a GByteArray. The reader is strict: definite lengths, shortest heads, no
 * floats, no simple values; each call moves on only when it succeeds. Nesting is the caller's
 * program text, so depth needs no counter. */
#pragma once

#include <glib.h>

void cbor_write_int (GByteArray *to, gint64 value);
void cbor_write_bytes (GByteArray *to, const void *bytes, gsize length);
void cbor_write_text (GByteArray *to, const char *text);
void cbor_write_array (GByteArray *to, guint n);
void cbor_write_map (GByteArray *to, guint n_pairs);
void cbor_write_tag (GByteArray *to, guint64 tag);

/* What is not read yet. `at` never passes `end`. */
typedef struct {
  const guint8 *at, *end;
} CborReader;

CborReader cbor_reader (const void *bytes, gsize length);
gboolean cbor_at_end (const CborReader *reader);

/* Each reads one item of its type; FALSE (reader and outputs untouched) if the next one is not
 * that. Bytes and text point into the input; text is checked UTF-8 without NUL, and is not
 * terminated. Arrays and maps give the number of items or pairs that follow. */
gboolean cbor_read_int (CborReader *reader, gint64 *ret_value);
gboolean cbor_read_bytes (CborReader *reader, const guint8 **ret_bytes, gsize *ret_length);
gboolean cbor_read_text (CborReader *reader, const char **ret_text, gsize *ret_length);
gboolean cbor_read_array (CborReader *reader, guint *ret_n);
gboolean cbor_read_map (CborReader *reader, guint *ret_n_pairs);
gboolean cbor_read_tag (CborReader *reader, guint64 *ret_tag);
