/* code-line.h: lines of a code reader, byte by byte, and which of them are codes of ours. Pure.
 *
 * A code of ours is one line: `YZ1:` and base45 (RFC 9285: 0-9 A-Z blank $ % * + - . / :), at most
 * CODE_LINE_MAX bytes in all. Everything else (control bytes, escape sequences, other alphabets,
 * lines without end, other people's codes) is unreadable and nothing more: its text leaves this
 * module by no way. What a code means is domain/ticket's business. */
#pragma once

#include <glib.h>

#define CODE_LINE_PREFIX "YZ1:"
#define CODE_LINE_MAX 1024

/* TRUE if `length` bytes of `text` are a code of our form. */
gboolean code_line_is_code (const char *text, gsize length);

/* TRUE for the letters of base45. */
gboolean code_line_is_letter (guint8 byte);

/* A line ended: `text` is the code, or NULL if it is none. */
typedef void (*CodeLineFunc) (const char *text, gpointer data);

typedef struct {
  char line[CODE_LINE_MAX + 1];
  gsize length;
  gboolean bad; /* this line cannot become a code any more */
} CodeLine;

/* Takes `length` bytes as they came, in any pieces; calls `func` for each line that CR or LF ended
 * (empty ones are left out). A line that grows over CODE_LINE_MAX is forgotten up to its end and is
 * one that is unreadable then. Start with a zeroed CodeLine. `func` may not free the line. */
void code_line_feed (CodeLine *line, const guint8 *bytes, gsize length, CodeLineFunc func,
                     gpointer data);

/* The line has been silent: a piece without an end is unreadable, and forgotten. */
void code_line_silence (CodeLine *line, CodeLineFunc func, gpointer data);
