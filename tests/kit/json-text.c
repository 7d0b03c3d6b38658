/* json-text.c: JSON of tests, read by the product's strict reader. */
#include "json-text.h"

#include <string.h>

json_t *
json_text_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  json_t *value = strict_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return value;
}
