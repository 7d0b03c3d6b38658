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

static gboolean
is_letter (char c)
{
  return g_ascii_isdigit (c) || g_ascii_isupper (c) || (c != '\0' && strchr (" $%*+-./:", c));
}

gboolean
code_reader_is_code (const char *text, gsize length)
{
  gsize prefix = strlen (CODE_READER_PREFIX);

  if (length <= prefix || length > CODE_READER_MAX ||
      memcmp (text, CODE_READER_PREFIX, prefix) != 0)
    return FALSE;
  for (gsize i = prefix; i < length; i++)
    if (!is_letter (text[i]))
      return FALSE;
  return TRUE;
}

static void
end_line (CodeLine *line, CodeReaderFunc func, gpointer data)
{
  gboolean good = !line->bad && code_reader_is_code (line->line, line->length);
  gboolean empty = !line->bad && line->length == 0;
  char text[CODE_READER_MAX + 1];

  memcpy (text, line->line, line->length);
  text[line->length] = '\0';
  /* Before the call: it may end the reader. */
  memset (line, 0, sizeof *line);
  if (!empty)
    func (good ? CODE_READER_CODE : CODE_READER_UNREADABLE, good ? text : NULL, data);
}

void
code_line_feed (CodeLine *line, const guint8 *bytes, gsize length, CodeReaderFunc func,
                gpointer data)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\r' || bytes[i] == '\n')
      end_line (line, func, data);
    else if (line->bad || line->length == CODE_READER_MAX || !is_letter ((char)bytes[i]))
      line->bad = TRUE;
    else
      line->line[line->length++] = (char)bytes[i];
  }
}

void
code_line_silence (CodeLine *line, CodeReaderFunc func, gpointer data)
{
  if (line->length == 0 && !line->bad)
    return;
  line->bad = TRUE;
  end_line (line, func, data);
}

/* --- the serial line --- */

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
  code_line_silence (&reader->line, reader->func, reader->data);
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
  code_line_feed (&reader->line, piece, n, reader->func, reader->data);
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

/* --- the keyboard --- */

/* TRUE if what is held still is the beginning of our prefix, or goes on behind it. */
static gboolean
is_framed (const CodeWedge *wedge)
{
  gsize length = MIN (wedge->length, strlen (CODE_READER_PREFIX));

  return memcmp (wedge->line, CODE_READER_PREFIX, length) == 0;
}

/* TRUE if the line is a reader's for sure: our prefix is complete, or it came faster than a person
 * types. Then it is swallowed to its end. */
static gboolean
is_readers (const CodeWedge *wedge)
{
  return wedge->bad || (is_framed (wedge) && wedge->length >= strlen (CODE_READER_PREFIX)) ||
         (wedge->burst > 0 && g_utf8_strlen (wedge->line, (gssize)wedge->length) >= wedge->burst);
}

/* A machine under load may hold a reader's keys up; a person's are told from it by the first. */
static gint64
gap_of (gboolean readers)
{
  return readers ? CODE_WEDGE_FRAME_GAP_MS : CODE_WEDGE_GAP_MS;
}

static void
forget (CodeWedge *wedge)
{
  memset (wedge->line, 0, wedge->length);
  wedge->length = 0;
  wedge->bad = FALSE;
}

static char *
take_held (CodeWedge *wedge)
{
  char *held = wedge->length > 0 ? g_strndup (wedge->line, wedge->length) : NULL;

  forget (wedge);
  return held;
}

static CodeWedgeResult
end_frame (CodeWedge *wedge, char **ret_text)
{
  gboolean good = !wedge->bad && code_reader_is_code (wedge->line, wedge->length);

  if (good)
    *ret_text = g_strndup (wedge->line, wedge->length);
  forget (wedge);
  return good ? CODE_WEDGE_CODE : CODE_WEDGE_UNREADABLE;
}

/* Adds to what is held; without room the line is bad. */
static void
hold (CodeWedge *wedge, gunichar character)
{
  char bytes[6];
  int n = g_unichar_to_utf8 (character, bytes);

  if (wedge->length + n > CODE_READER_MAX) {
    wedge->bad = TRUE;
    return;
  }
  memcpy (wedge->line + wedge->length, bytes, n);
  wedge->length += n;
}

CodeWedgeResult
code_wedge_key (CodeWedge *wedge, gunichar character, gint64 ms, char **ret_text)
{
  gboolean enter = character == '\r' || character == '\n';
  gboolean readers = is_readers (wedge);
  gsize before;

  *ret_text = NULL;
  if (character == 0)
    return readers ? CODE_WEDGE_SWALLOW : CODE_WEDGE_PASS;
  if (ms - wedge->last_ms > gap_of (readers)) {
    /* What was held was typed, or is a frame that broke off: that is dropped. */
    if (readers)
      forget (wedge);
    else
      *ret_text = take_held (wedge);
    readers = FALSE;
  }
  wedge->last_ms = ms;
  if (readers && enter)
    return end_frame (wedge, ret_text);
  if (enter) {
    if (*ret_text == NULL)
      *ret_text = take_held (wedge);
    return CODE_WEDGE_PASS;
  }
  before = wedge->length;
  hold (wedge, character);
  if (readers || wedge->burst > 0 || is_framed (wedge))
    return CODE_WEDGE_SWALLOW;
  /* Not the beginning of a frame: this key goes on, behind what was held. */
  wedge->length = before;
  if (*ret_text == NULL)
    *ret_text = take_held (wedge);
  return CODE_WEDGE_PASS;
}

CodeWedgeResult
code_wedge_silence (CodeWedge *wedge, gint64 ms, char **ret_text)
{
  *ret_text = NULL;
  if ((wedge->length == 0 && !wedge->bad) || ms - wedge->last_ms <= gap_of (is_readers (wedge)))
    return CODE_WEDGE_SWALLOW;
  if (is_readers (wedge)) {
    forget (wedge);
    return CODE_WEDGE_UNREADABLE;
  }
  *ret_text = take_held (wedge);
  return CODE_WEDGE_PASS;
}
