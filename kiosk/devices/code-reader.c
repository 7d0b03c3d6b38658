/* code-reader.c: a serial line that may vanish and come back, and what is a code on it. Text that
 * is no code of ours is dropped here, byte by byte, and never logged. */
#include "devices/code-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"

#define RETRY_SECONDS 1
#define SILENCE_MS 500

struct _CodeReader {
  char *path; /* of the serial line; NULL for the others */
  gboolean keyboard;
  CodeReaderFunc func;
  gpointer data;
  int fd;
  guint source;  /* of fd */
  guint retry;   /* while it is away */
  guint silence; /* while a piece waits for its end */
  CodeLine line;
  gboolean said_gone;
};

static void
on_line (const char *text, gpointer data)
{
  CodeReader *reader = data;

  reader->func (text != NULL ? CODE_READER_CODE : CODE_READER_UNREADABLE, text, reader->data);
}

static void look_for_line (CodeReader *reader);

static void
close_line (CodeReader *reader)
{
  g_clear_handle_id (&reader->source, g_source_remove);
  g_clear_handle_id (&reader->silence, g_source_remove);
  if (reader->fd >= 0)
    close (reader->fd);
  reader->fd = -1;
  memset (&reader->line, 0, sizeof reader->line);
}

static gboolean
on_retry (gpointer data)
{
  CodeReader *reader = data;

  reader->retry = 0;
  look_for_line (reader);
  return G_SOURCE_REMOVE;
}

static void
lose_line (CodeReader *reader)
{
  close_line (reader);
  reader->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, reader);
  if (reader->said_gone)
    return;
  reader->said_gone = TRUE;
  log_warning ("code-reader.gone", "%s", reader->path);
  reader->func (CODE_READER_DETACHED, NULL, reader->data);
}

static gboolean
on_silence (gpointer data)
{
  CodeReader *reader = data;

  reader->silence = 0;
  code_line_silence (&reader->line, on_line, reader);
  return G_SOURCE_REMOVE;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  CodeReader *reader = data;
  guint8 piece[512];
  gssize n = read (fd, piece, sizeof piece);

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (n <= 0) {
    reader->source = 0;
    lose_line (reader);
    return G_SOURCE_REMOVE;
  }
  g_clear_handle_id (&reader->silence, g_source_remove);
  reader->silence = g_timeout_add (SILENCE_MS, on_silence, reader);
  code_line_feed (&reader->line, piece, n, on_line, reader);
  return G_SOURCE_CONTINUE;
}

/* Opens the line raw. FALSE with errno; a path that is no terminal is refused. */
static gboolean
open_line (CodeReader *reader)
{
  struct termios settings;

  reader->fd = open (reader->path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (reader->fd < 0 || tcgetattr (reader->fd, &settings) != 0)
    return FALSE;
  cfmakeraw (&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  cfsetspeed (&settings, B115200);
  return tcsetattr (reader->fd, TCSANOW, &settings) == 0;
}

static void
look_for_line (CodeReader *reader)
{
  if (!open_line (reader)) {
    lose_line (reader);
    return;
  }
  /* What it read while nobody listened is nobody's code. */
  tcflush (reader->fd, TCIFLUSH);
  reader->source = g_unix_fd_add (reader->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, reader);
  reader->said_gone = FALSE;
  log_info ("code-reader.attached", "%s", reader->path);
  reader->func (CODE_READER_ATTACHED, NULL, reader->data);
}

static gboolean
on_start (gpointer data)
{
  return on_retry (data);
}

CodeReader *
code_reader_new (const char *device, CodeReaderFunc func, gpointer data, GError **error)
{
  gboolean serial = g_str_has_prefix (device, "serial:/");
  CodeReader *reader;

  if (!serial && strcmp (device, "keyboard") != 0 && strcmp (device, "none") != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "code reader \"%s\": not keyboard, serial:PATH or none", device);
    return NULL;
  }
  reader = g_new0 (CodeReader, 1);
  reader->func = func;
  reader->data = data;
  reader->fd = -1;
  reader->keyboard = strcmp (device, "keyboard") == 0;
  if (serial) {
    reader->path = g_strdup (device + strlen ("serial:"));
    /* Not from inside this call: the caller does not have the reader yet. */
    reader->retry = g_idle_add (on_start, reader);
  }
  return reader;
}

void
code_reader_free (CodeReader *reader)
{
  if (reader == NULL)
    return;
  g_clear_handle_id (&reader->retry, g_source_remove);
  close_line (reader);
  g_free (reader->path);
  g_free (reader);
}

gboolean
code_reader_is_keyboard (const CodeReader *reader)
{
  return reader->keyboard;
}

gboolean
code_reader_is_ready (const CodeReader *reader)
{
  return reader->keyboard || reader->fd >= 0;
}
