/* code-wedge.c: holds keys back until it is known whose they are. A reader's line never becomes
 * text of a widget; a person's is never lost. */
#include "devices/code-wedge.h"

#include <string.h>

/* TRUE if what is held still is the beginning of our prefix, or goes on behind it. */
static gboolean
is_framed (const CodeWedge *wedge)
{
  gsize length = MIN (wedge->length, strlen (CODE_LINE_PREFIX));

  return memcmp (wedge->line, CODE_LINE_PREFIX, length) == 0;
}

/* TRUE if the line is a reader's for sure: our prefix is complete, or it came faster than a person
 * types. Then it is swallowed to its end. */
static gboolean
is_readers (const CodeWedge *wedge)
{
  return wedge->bad || (is_framed (wedge) && wedge->length >= strlen (CODE_LINE_PREFIX)) ||
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
  gboolean good = !wedge->bad && code_line_is_code (wedge->line, wedge->length);

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

  if (wedge->length + n > CODE_LINE_MAX) {
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
