/* log.c: one line an event, one write(2) a line, so that lines of several processes do not mix.
 * Refuses files, rotation and levels by module: the journal does those. */
#include "base/log.h"

#include <unistd.h>

static const char *const level_words[] = {"debug", "info", "notice", "warning", "error"};

void
log_event (LogLevel level, const char *id, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list args;

  if (level == LOG_LEVEL_DEBUG && g_getenv ("ONESTOP_DEBUG") == NULL)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  for (char *p = text; *p != '\0'; p++)
    if ((guchar)*p < 0x20 || *p == 0x7f)
      *p = ' ';
  line = g_strdup_printf ("%s %s %s\n", level_words[level], id, text);
  /* A log line that cannot be written has nowhere else to go. */
  (void)!write (STDERR_FILENO, line, strlen (line));
}
