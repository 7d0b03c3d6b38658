/* code-reader.h: QR codes from a reader on a serial line, or from one that acts as a keyboard.
 *
 * A code of ours is one line: `YZ1:` and base45 (RFC 9285: 0-9 A-Z blank $ % * + - . / :), at most
 * CODE_READER_MAX bytes in all. Everything else (control bytes, escape sequences, other alphabets,
 * lines without end, other people's codes) is CODE_READER_UNREADABLE and nothing more: its text
 * leaves this module by no way. What a code means is domain/ticket's business. */
#pragma once

#include <glib.h>

#define CODE_READER_PREFIX "YZ1:"
#define CODE_READER_MAX 1024

typedef enum {
  CODE_READER_CODE,       /* a line of our form: `text` is it, without its end */
  CODE_READER_UNREADABLE, /* something was read that is not: `text` is NULL */
  CODE_READER_ATTACHED,   /* the serial reader is there */
  CODE_READER_DETACHED    /* it is gone; it is looked for again every second */
} CodeReaderEvent;

typedef void (*CodeReaderFunc) (CodeReaderEvent event, const char *text, gpointer data);

/* TRUE if `length` bytes of `text` are a code of our form. */
gboolean code_reader_is_code (const char *text, gsize length);

/* --- Lines of a serial reader (pure) --- */

typedef struct {
  char line[CODE_READER_MAX + 1];
  gsize length;
  gboolean bad; /* this line cannot become a code any more */
} CodeLine;

/* Takes `length` bytes as they came, in any pieces; calls `func` for each line that CR or LF ended
 * (empty ones are left out). A line that grows over CODE_READER_MAX is forgotten up to its end and
 * is one CODE_READER_UNREADABLE then. Start with a zeroed CodeLine. */
void code_line_feed (CodeLine *line, const guint8 *bytes, gsize length, CodeReaderFunc func,
                     gpointer data);

/* The line has been silent: a piece without an end is CODE_READER_UNREADABLE and forgotten. */
void code_line_silence (CodeLine *line, CodeReaderFunc func, gpointer data);

/* --- The reader on a serial line --- */

typedef struct _CodeReader CodeReader;

/* `device` is `[code-reader] device`: `serial:PATH` opens the line (raw, 115200) in the default
 * main context and opens it again whenever it went; `keyboard` and `none` give a reader that never
 * calls. NULL with INVALID for another text. `func` is called in the main context. */
CodeReader *code_reader_new (const char *device, CodeReaderFunc func, gpointer data,
                             GError **error);
void code_reader_free (CodeReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodeReader, code_reader_free)

/* TRUE if the device is `keyboard`: the window then feeds a CodeWedge. */
gboolean code_reader_is_keyboard (const CodeReader *reader);

/* TRUE if it can read now: an open serial line, or a keyboard. */
gboolean code_reader_is_ready (const CodeReader *reader);

/* --- Frames of a reader that acts as a keyboard (pure) ---
 *
 * A person does not type faster than CODE_WEDGE_GAP_MS a character; a reader does. Characters that
 * may begin a reader's line are held back; when they turn out to be typed by a person they come
 * back to be replayed to the widget that would have had them. A line that is a reader's is
 * swallowed to its end (Enter, or a silence of CODE_WEDGE_FRAME_GAP_MS), whatever is in it. */

#define CODE_WEDGE_GAP_MS 60
#define CODE_WEDGE_FRAME_GAP_MS 500

typedef enum {
  CODE_WEDGE_PASS,      /* not ours: let the key go on; first replay what `ret_replay` holds */
  CODE_WEDGE_SWALLOW,   /* stop the key here; it may come back by a replay */
  CODE_WEDGE_CODE,      /* stop the key here: a code is complete */
  CODE_WEDGE_UNREADABLE /* stop the key here: a line that is no code of ours ended */
} CodeWedgeResult;

typedef struct {
  char line[CODE_READER_MAX + 1];
  gsize length;
  gint64 last_ms; /* time of the last character */
  gboolean bad;
  guint burst; /* characters in this many or more, typed too fast for a person, are a reader's line
                  even without our prefix; 0: only the prefix counts. 0 where people type on a
                  keyboard (desk), 6 where they do not (kiosk) */
} CodeWedge;

/* One key: `character` is its Unicode character, '\r' for Enter, 0 for a key without one (it
 * passes, but not in the middle of a reader's line); `ms` a time that never goes back. `ret_text`
 * (owned by the caller, always set, mostly NULL) is the code for CODE_WEDGE_CODE; for
 * CODE_WEDGE_PASS and CODE_WEDGE_SWALLOW the characters to replay before this key (UTF-8, control
 * characters among them if such keys were held). */
CodeWedgeResult code_wedge_key (CodeWedge *wedge, gunichar character, gint64 ms, char **ret_text);

/* Time went by (call it a few times a second while keys were swallowed): when a person typed what
 * is held, it comes back in `ret_text` with CODE_WEDGE_PASS; a frame that broke off is
 * CODE_WEDGE_UNREADABLE; otherwise CODE_WEDGE_SWALLOW, nothing to do. */
CodeWedgeResult code_wedge_silence (CodeWedge *wedge, gint64 ms, char **ret_text);
