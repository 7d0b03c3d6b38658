/* strict-json.c: jansson with every door shut. Refuses to guess: nothing is converted, nothing is
 * defaulted but in peek. */
#include "base/strict-json.h"

#include "base/error.h"
#include "base/file.h"

/* jansson recurses while it parses and while it frees, so depth is checked before it sees the text.
 */
static gboolean
depth_is_fine (const char *text, gsize length)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '[' || c == '{') {
      if (++depth > STRICT_JSON_MAX_DEPTH)
        return FALSE;
    } else if ((c == ']' || c == '}') && depth > 0) {
      depth--;
    }
  }
  return TRUE;
}

json_t *
strict_json_parse (const char *text, gsize length, GError **error)
{
  json_error_t e;
  json_t *value;

  if (!depth_is_fine (text, length)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "JSON is nested deeper than %d levels", STRICT_JSON_MAX_DEPTH);
    return NULL;
  }
  value = json_loadb (text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
  if (value == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not JSON: line %d, column %d: %s",
                 e.line, e.column,
                 json_error_code (&e) == json_error_out_of_memory ? "out of memory" : "bad syntax");
  return value;
}

json_t *
strict_json_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, STRICT_JSON_MAX_BYTES, error);
  json_t *value;
  gsize length;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  value = strict_json_parse (text != NULL ? text : "", length, error);
  if (value == NULL)
    g_prefix_error (error, "%s: ", path);
  return value;
}

static char *
write_with (const json_t *value, size_t flags)
{
  char *text = json_dumps (value, flags | JSON_ENCODE_ANY);
  char *copy;

  g_assert (text != NULL);
  copy = g_strdup (text);
  free (text);
  return copy;
}

char *
strict_json_write (const json_t *value)
{
  return write_with (value, JSON_COMPACT);
}

char *
strict_json_canonical (const json_t *value)
{
  return write_with (value, JSON_COMPACT | JSON_SORT_KEYS);
}

char *
strict_json_pretty (const json_t *value)
{
  return write_with (value, JSON_INDENT (1));
}

static json_t *
member (const json_t *object, const char *key, json_type type, const char *type_word,
        GError **error)
{
  json_t *value = json_object_get (object, key);

  if (value == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "member \"%s\" is missing", key);
    return NULL;
  }
  if (json_typeof (value) != type) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "member \"%s\" is not %s", key,
                 type_word);
    return NULL;
  }
  return value;
}

const char *
strict_json_string (const json_t *object, const char *key, GError **error)
{
  json_t *value = member (object, key, JSON_STRING, "a string", error);
  return value != NULL ? json_string_value (value) : NULL;
}

gboolean
strict_json_int (const json_t *object, const char *key, gint64 *ret_value, GError **error)
{
  json_t *value = member (object, key, JSON_INTEGER, "an integer", error);
  if (value == NULL)
    return FALSE;
  *ret_value = json_integer_value (value);
  return TRUE;
}

gboolean
strict_json_bool (const json_t *object, const char *key, gboolean *ret_value, GError **error)
{
  json_t *value = json_object_get (object, key);

  if (!json_is_boolean (value)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "member \"%s\" is %s", key,
                 value == NULL ? "missing" : "not a boolean");
    return FALSE;
  }
  *ret_value = json_is_true (value);
  return TRUE;
}

json_t *
strict_json_object (const json_t *object, const char *key, GError **error)
{
  return member (object, key, JSON_OBJECT, "an object", error);
}

json_t *
strict_json_array (const json_t *object, const char *key, GError **error)
{
  return member (object, key, JSON_ARRAY, "an array", error);
}

const char *
strict_json_peek (const json_t *object, const char *key, const char *fallback)
{
  json_t *value = json_object_get (object, key);
  return json_is_string (value) ? json_string_value (value) : fallback;
}

gboolean
strict_json_only (const json_t *object, const char *const *allowed, GError **error)
{
  const char *key;
  json_t *value;

  json_object_foreach ((json_t *)object, key, value) {
    if (!g_strv_contains (allowed, key)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "unknown member \"%s\"", key);
      return FALSE;
    }
  }
  return TRUE;
}
