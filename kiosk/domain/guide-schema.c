/* guide-schema.c: walks a document along its schema. Reads nothing into the document, changes
 * nothing, and stops after enough problems. */
#include "domain/guide-schema.h"

#include <string.h>

#include "base/clock.h"
#include "base/strict-json.h"
#include "domain/age.h"

#define FAR 1000

typedef struct {
  const json_t *root;
  GHashTable *patterns; /* text -> GRegex */
  GPtrArray *problems;
} Check;

/* A place is a chain on the stack: its text is made only when there is something to say. */
typedef struct _Place Place;
struct _Place {
  const Place *above;
  const char *name; /* or NULL: `index` */
  gsize index;
};

static void check (Check *all, const json_t *schema, const json_t *value, const Place *place);

static void
write_place (const Place *place, GString *text)
{
  if (place == NULL)
    return;
  write_place (place->above, text);
  if (place->name != NULL)
    g_string_append_printf (text, "/%s", place->name);
  else
    g_string_append_printf (text, "/%zu", place->index);
}

static void G_GNUC_PRINTF (3, 4) say (Check *all, const Place *place, const char *format, ...)
{
  if (all->problems->len >= GUIDE_SCHEMA_MAX_PROBLEMS)
    return;
  GString *text = g_string_new (NULL);
  va_list args;
  write_place (place, text);
  g_string_append (text, ": ");
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_ptr_array_add (all->problems, g_string_free (text, FALSE));
}

/* What is wrong with `value`, told aside. */
static GPtrArray *
aside (Check *all, const json_t *schema, const json_t *value, const Place *place)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);
  Check apart = *all;
  apart.problems = problems;
  check (&apart, schema, value, place);
  return problems;
}

static gboolean
holds (Check *all, const json_t *schema, const json_t *value, const Place *place)
{
  g_autoptr (GPtrArray) problems = aside (all, schema, value, place);
  return problems->len == 0;
}

/* --- Single values ------------------------------------------------------------------------------
 */

static const char *
type_word (const json_t *value)
{
  switch (json_typeof (value)) {
  case JSON_OBJECT:
    return "object";
  case JSON_ARRAY:
    return "array";
  case JSON_STRING:
    return "string";
  case JSON_INTEGER:
    return "integer";
  case JSON_REAL:
    return "number";
  case JSON_NULL:
    return "null";
  default:
    return "boolean";
  }
}

static gboolean
contains_value (const json_t *list, const json_t *value)
{
  for (gsize i = 0; i < json_array_size (list); i++)
    if (json_equal (json_array_get (list, i), value))
      return TRUE;
  return FALSE;
}

static void
check_type (Check *all, const json_t *keyword, const json_t *value, const Place *place)
{
  g_autoptr (json_t) word = json_string (type_word (value));
  if (!(json_is_array (keyword) ? contains_value (keyword, word) : json_equal (keyword, word)))
    say (all, place, "is of type %s, which it may not be", type_word (value));
}

static gboolean
matches (Check *all, const char *pattern, const char *text)
{
  GRegex *regex = g_hash_table_lookup (all->patterns, pattern);
  if (regex == NULL) {
    regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    if (regex == NULL)
      return FALSE;
    g_hash_table_insert (all->patterns, (gpointer)pattern, regex);
  }
  return g_regex_match (regex, text, 0, NULL);
}

static void
check_text (Check *all, const char *key, const json_t *keyword, const char *text,
            const Place *place)
{
  gint64 at;
  if (strcmp (key, "pattern") == 0 && !matches (all, json_string_value (keyword), text))
    say (all, place, "\"%.60s\" is not of the form %s", text, json_string_value (keyword));
  else if (strcmp (key, "minLength") == 0 &&
           g_utf8_strlen (text, -1) < json_integer_value (keyword))
    say (all, place, "is too short");
  else if (strcmp (key, "format") == 0 &&
           !(strcmp (json_string_value (keyword), "date") == 0 ? age_is_day (text)
                                                               : clock_parse (text, &at, NULL)))
    say (all, place, "\"%.60s\" is no %s", text, json_string_value (keyword));
}

static void
check_number (Check *all, const char *key, const json_t *keyword, const json_t *value,
              const Place *place)
{
  double bound = json_number_value (keyword), number = json_number_value (value);
  if (strcmp (key, "minimum") == 0 ? number < bound : number > bound)
    say (all, place, "is out of range");
}

/* --- Lists --------------------------------------------------------------------------------------
 */

static void
check_list (Check *all, const char *key, const json_t *keyword, const json_t *list,
            const Place *place)
{
  gsize n = json_array_size (list), fitting = 0;
  if (strcmp (key, "minItems") == 0) {
    if (n < (gsize)json_integer_value (keyword))
      say (all, place, "has %zu entries; at least %" JSON_INTEGER_FORMAT " are asked for", n,
           json_integer_value (keyword));
    return;
  }
  for (gsize i = 0; i < n && all->problems->len < GUIDE_SCHEMA_MAX_PROBLEMS; i++) {
    Place item = {place, NULL, i};
    if (strcmp (key, "items") == 0)
      check (all, keyword, json_array_get (list, i), &item);
    else
      fitting += holds (all, keyword, json_array_get (list, i), &item);
  }
  if (strcmp (key, "contains") == 0 && fitting == 0)
    say (all, place, "lacks an entry that it must have");
}

/* --- Objects ------------------------------------------------------------------------------------
 */

static void
check_required (Check *all, const json_t *keyword, const json_t *object, const Place *place)
{
  for (gsize i = 0; i < json_array_size (keyword); i++) {
    const char *name = json_string_value (json_array_get (keyword, i));
    if (json_object_get (object, name) == NULL)
      say (all, place, "has no \"%s\"", name);
  }
}

/* The schema of the member `name`, or NULL where none of `properties` and `patternProperties` is
 * its. */
static const json_t *
schema_of_member (Check *all, const json_t *schema, const char *name)
{
  const json_t *found = json_object_get (json_object_get (schema, "properties"), name);
  const char *pattern;
  json_t *value;
  if (found != NULL)
    return found;
  json_object_foreach (json_object_get (schema, "patternProperties"), pattern, value)
    if (matches (all, pattern, name))
      return value;
  return NULL;
}

static void
check_members (Check *all, const json_t *schema, const json_t *object, const Place *place)
{
  const json_t *names = json_object_get (schema, "propertyNames");
  gboolean closed = json_is_false (json_object_get (schema, "additionalProperties"));
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)object, name, value) {
    Place member = {place, name, 0};
    const json_t *of = schema_of_member (all, schema, name);
    g_autoptr (json_t) text = json_string (name);
    if (names != NULL && !holds (all, names, text, &member))
      say (all, place, "has a member \"%.60s\", which it may not have", name);
    if (of != NULL)
      check (all, of, value, &member);
    else if (closed)
      say (all, place, "has a member \"%.60s\", which is not known", name);
  }
}

/* --- Schemas in schemas -------------------------------------------------------------------------
 */

/* How far `value` is from an alternative that it does not fit: one of another type is no near one.
 */
static guint
distance (const json_t *alternative, const json_t *value, const GPtrArray *problems)
{
  const char *type = strict_json_peek (alternative, "type", NULL);
  return problems->len + (g_strcmp0 (type, type_word (value)) == 0 ? 0 : FAR * (type != NULL));
}

/* Exactly one fits; else what the nearest one says. */
static void
check_one_of (Check *all, const json_t *keyword, const json_t *value, const Place *place)
{
  g_autoptr (GPtrArray) nearest = NULL;
  guint fitting = 0, least = G_MAXUINT;
  for (gsize i = 0; i < json_array_size (keyword); i++) {
    const json_t *alternative = json_array_get (keyword, i);
    g_autoptr (GPtrArray) problems = aside (all, alternative, value, place);
    fitting += problems->len == 0;
    if (distance (alternative, value, problems) < least) {
      least = distance (alternative, value, problems);
      g_clear_pointer (&nearest, g_ptr_array_unref);
      nearest = g_steal_pointer (&problems);
    }
  }
  if (fitting > 1)
    say (all, place, "is two things at once");
  for (guint i = 0; fitting == 0 && nearest != NULL && i < nearest->len; i++)
    if (all->problems->len < GUIDE_SCHEMA_MAX_PROBLEMS)
      g_ptr_array_add (all->problems, g_strdup (g_ptr_array_index (nearest, i)));
}

static const json_t *
follow (Check *all, const json_t *keyword, const Place *place)
{
  const char *text = json_string_value (keyword);
  const json_t *found =
      text != NULL && g_str_has_prefix (text, "#/$defs/")
          ? json_object_get (json_object_get (all->root, "$defs"), text + strlen ("#/$defs/"))
          : NULL;
  if (found == NULL)
    say (all, place, "the schema refers to nothing: %s", text);
  return found;
}

static void
check_keyword (Check *all, const json_t *schema, const char *key, const json_t *keyword,
               const json_t *value, const Place *place)
{
  static const char *const words[] = {"$schema",       "$id",         "$defs",
                                      "title",         "description", "additionalProperties",
                                      "properties",    "then",        "patternProperties",
                                      "propertyNames", NULL};
  static const char *const of_text[] = {"pattern", "minLength", "format", NULL};
  static const char *const of_number[] = {"minimum", "maximum", NULL};
  static const char *const of_list[] = {"minItems", "items", "contains", NULL};
  if (strcmp (key, "$ref") == 0) {
    const json_t *other = follow (all, keyword, place);
    if (other != NULL)
      check (all, other, value, place);
  } else if (strcmp (key, "type") == 0) {
    check_type (all, keyword, value, place);
  } else if (strcmp (key, "enum") == 0) {
    if (!contains_value (keyword, value))
      say (all, place, "is none of the values that are known here");
  } else if (strcmp (key, "const") == 0) {
    if (!json_equal (keyword, value))
      say (all, place, "is not what it must be");
  } else if (strcmp (key, "oneOf") == 0) {
    check_one_of (all, keyword, value, place);
  } else if (strcmp (key, "if") == 0) {
    if (holds (all, keyword, value, place))
      check (all, json_object_get (schema, "then"), value, place);
  } else if (strcmp (key, "required") == 0) {
    if (json_is_object (value))
      check_required (all, keyword, value, place);
  } else if (g_strv_contains (of_text, key)) {
    if (json_is_string (value))
      check_text (all, key, keyword, json_string_value (value), place);
  } else if (g_strv_contains (of_number, key)) {
    if (json_is_number (value))
      check_number (all, key, keyword, value, place);
  } else if (g_strv_contains (of_list, key)) {
    if (json_is_array (value))
      check_list (all, key, keyword, value, place);
  } else if (!g_strv_contains (words, key)) {
    say (all, place, "the schema has a keyword that is not known: %s", key);
  }
}

static void
check (Check *all, const json_t *schema, const json_t *value, const Place *place)
{
  const char *key;
  json_t *keyword;
  json_object_foreach ((json_t *)schema, key, keyword)
    check_keyword (all, schema, key, keyword, value, place);
  if (json_is_object (value))
    check_members (all, schema, value, place);
}

void
guide_schema_check (json_t *schema, const json_t *document, GPtrArray *problems)
{
  g_autoptr (GHashTable) patterns =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_regex_unref);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  Check all = {schema, patterns, found};
  check (&all, schema, document, NULL);
  g_ptr_array_extend_and_steal (problems, g_steal_pointer (&found));
}
