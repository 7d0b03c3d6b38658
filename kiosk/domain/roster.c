/* roster.c: reads the roster's lines, and refuses a file with one that it does not understand. */
#include "domain/roster.h"

#include <string.h>

#include "base/error.h"

static gboolean
read_line (const char *text, RosterLine *ret_line)
{
  const char *title = text + 65;
  gsize length = strlen (text);

  if (length < 66 || length > 65 + ROSTER_MAX_TITLE || text[64] != ' ' ||
      strspn (text, "0123456789abcdef") != 64)
    return FALSE;
  for (const char *c = title; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  g_strlcpy (ret_line->hash, text, sizeof ret_line->hash);
  g_strlcpy (ret_line->title, title, sizeof ret_line->title);
  return TRUE;
}

GArray *
roster_parse (const char *text, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, TRUE, sizeof (RosterLine));
  guint number = 0;

  while (*text != '\0') {
    gsize length = strcspn (text, "\n");
    g_autofree char *line = g_strndup (text, length);
    RosterLine read = {0};
    text += length + (text[length] == '\n');
    number++;
    g_strchomp (line);
    if (*line == '\0' || *line == '#')
      continue;
    if (!read_line (line, &read)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "line %u of the roster is not 64 hex digits, a blank and a title", number);
      return NULL;
    }
    g_array_append_val (lines, read);
  }
  if (lines->len == 0) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the roster is empty");
    return NULL;
  }
  return g_steal_pointer (&lines);
}
