/* code-line.c: cuts lines and judges them by their letters. Text that is no code of ours is dropped
 * here, byte by byte. */
#include "devices/code-line.h"

#include <string.h>

gboolean
code_line_is_letter (guint8 byte)
{
  return g_ascii_isdigit (byte) || g_ascii_isupper (byte) ||
         (byte != '\0' && strchr (" $%*+-./:", byte) != NULL);
}

gboolean
code_line_is_code (const char *text, gsize length)
{
  gsize prefix = strlen (CODE_LINE_PREFIX);

  if (length <= prefix || length > CODE_LINE_MAX || memcmp (text, CODE_LINE_PREFIX, prefix) != 0)
    return FALSE;
  for (gsize i = prefix; i < length; i++)
    if (!code_line_is_letter ((guint8)text[i]))
      return FALSE;
  return TRUE;
}

static void
end_line (CodeLine *line, CodeLineFunc func, gpointer data)
{
  gboolean good = !line->bad && code_line_is_code (line->line, line->length);
  gboolean empty = !line->bad && line->length == 0;
  char text[CODE_LINE_MAX + 1];

  memcpy (text, line->line, line->length);
  text[line->length] = '\0';
  memset (line, 0, sizeof *line);
  if (!empty)
    func (good ? text : NULL, data);
}

void
code_line_feed (CodeLine *line, const guint8 *bytes, gsize length, CodeLineFunc func, gpointer data)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\r' || bytes[i] == '\n')
      end_line (line, func, data);
    else if (line->bad || line->length == CODE_LINE_MAX || !code_line_is_letter (bytes[i]))
      line->bad = TRUE;
    else
      line->line[line->length++] = (char)bytes[i];
  }
}

void
code_line_silence (CodeLine *line, CodeLineFunc func, gpointer data)
{
  if (line->length == 0 && !line->bad)
    return;
  line->bad = TRUE;
  end_line (line, func, data);
}
