/* log.h: the event log on standard error, one line an event.
 *
 * A line is `LEVEL event.id text`; the text never holds personal data, file contents, answers or
 * keys. systemd's journal adds the time and the program. */
#pragma once

#include <glib.h>

typedef enum {
  LOG_LEVEL_DEBUG,
  LOG_LEVEL_INFO,
  LOG_LEVEL_NOTICE,
  LOG_LEVEL_WARNING,
  LOG_LEVEL_ERROR
} LogLevel;

/* Writes one event. `id` is a stable dotted name ("print.job-aborted"). Debug events are written
 * only when the environment has ONESTOP_DEBUG. Control characters in the text become blanks. */
void log_event (LogLevel level, const char *id, const char *format, ...) G_GNUC_PRINTF (3, 4);

#define log_debug(id, ...) log_event (LOG_LEVEL_DEBUG, id, __VA_ARGS__)
#define log_info(id, ...) log_event (LOG_LEVEL_INFO, id, __VA_ARGS__)
#define log_notice(id, ...) log_event (LOG_LEVEL_NOTICE, id, __VA_ARGS__)
#define log_warning(id, ...) log_event (LOG_LEVEL_WARNING, id, __VA_ARGS__)
#define log_error(id, ...) log_event (LOG_LEVEL_ERROR, id, __VA_ARGS__)
