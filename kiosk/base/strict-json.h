/* strict-json.h: JSON (RFC 8259) in and out, strictly, on jansson.
 *
 * Refused: bad UTF-8, duplicate keys, trailing bytes, numbers out of range, NUL in strings, nesting
 * over 128 or texts over the given size. Members are read through these calls, so that a missing or
 * mistyped member is an INVALID error that names it. */
#pragma once

#include <glib.h>
#include <jansson.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

#define STRICT_JSON_MAX_DEPTH 128
#define STRICT_JSON_MAX_BYTES (2u * 1024 * 1024)

/* Parses `length` bytes (any JSON value at the top). INVALID with place and reason. Owned by the
 * caller. */
json_t *strict_json_parse (const char *text, gsize length, GError **error);

/* Reads and parses a file of at most STRICT_JSON_MAX_BYTES. NOT_FOUND, INVALID. */
json_t *strict_json_load (const char *path, GError **error);

/* Compact text with keys in insertion order, no escapes but the needed ones. Owned; never NULL. */
char *strict_json_write (const json_t *value);

/* Compact text with keys sorted: the same value always gives the same bytes. Owned. */
char *strict_json_canonical (const json_t *value);

/* Indented text for people. Owned. */
char *strict_json_pretty (const json_t *value);

/* Members of `object`. Each returns NULL / FALSE with INVALID that names `key` if it is missing or
 * of another type. Returned strings and values are borrowed from `object`. */
const char *strict_json_string (const json_t *object, const char *key, GError **error);
gboolean strict_json_int (const json_t *object, const char *key, gint64 *ret_value, GError **error);
gboolean strict_json_bool (const json_t *object, const char *key, gboolean *ret_value,
                           GError **error);
json_t *strict_json_object (const json_t *object, const char *key, GError **error);
json_t *strict_json_array (const json_t *object, const char *key, GError **error);

/* The member as a string, or `fallback` if it is missing or null or no string. Borrowed. */
const char *strict_json_peek (const json_t *object, const char *key, const char *fallback);

/* TRUE if every member of `object` is one of the NULL-terminated `allowed` keys; else INVALID that
 * names the first stranger. */
gboolean strict_json_only (const json_t *object, const char *const *allowed, GError **error);
