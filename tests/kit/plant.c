/* plant.c: changes one place of a JSON document, so that a table of faults is a table of lines. */
#include "plant.h"

#include <string.h>

#include "base/file.h"
#include "base/strict-json.h"

GBytes *
plant_read (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "guide", name, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = file_read (path, GUIDE_MAX_BYTES, &error);
  g_assert_no_error (error);
  return bytes;
}

json_t *
plant_json (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  json_t *json =
      strict_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return json;
}

Guide *
plant_guide (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  Guide *guide = guide_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return guide;
}

GBytes *
plant_text (const json_t *json)
{
  char *text = strict_json_write (json);
  return g_bytes_new_take (text, strlen (text));
}

static void
set_item (json_t *list, const char *name, json_t *value)
{
  gsize index = (gsize)g_ascii_strtoull (name, NULL, 10);
  if (value == NULL)
    g_assert_cmpint (json_array_remove (list, index), ==, 0);
  else if (index == json_array_size (list))
    json_array_append_new (list, value);
  else
    json_array_set_new (list, index, value);
}

void
plant_at (json_t *json, const char *path, const char *value)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  g_autoptr (GBytes) text = g_bytes_new_static (value, strlen (value));
  json_t *new_value = strcmp (value, "-") == 0 ? NULL : plant_json (text);
  guint i = 0;
  for (; names[i + 1] != NULL; i++) {
    json = json_is_array (json)
               ? json_array_get (json, (gsize)g_ascii_strtoull (names[i], NULL, 10))
               : json_object_get (json, names[i]);
    g_assert_nonnull (json);
  }
  if (json_is_array (json))
    set_item (json, names[i], new_value);
  else if (new_value != NULL)
    json_object_set_new (json, names[i], new_value);
  else
    g_assert_cmpint (json_object_del (json, names[i]), ==, 0);
}
