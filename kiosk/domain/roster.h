/* roster.h: the file of who holds which title, as the centre hands it out (F7).
 *
 * UTF-8 text. One line a title: 64 lower-case hex digits, one blank, the title's id in the guide
 * (an option of a question, "jieqing"). The digits are BLAKE2b of 32 bytes under the roster's
 * 32-byte key, over the identity number as domain/number writes it: ASCII, upper case, no blanks.
 * Empty lines and lines that begin with # are passed over. A person with two titles has two lines.
 */
#pragma once

#include <glib.h>

#define ROSTER_MAX_BYTES (32 * 1024 * 1024)
#define ROSTER_MAX_TITLE 64

typedef struct {
  char hash[65];
  char title[ROSTER_MAX_TITLE + 1];
} RosterLine;

/* RosterLine, in the file's order. INVALID with the number of the line that is none, or for a file
 * without lines. Owned. */
GArray *roster_parse (const char *text, GError **error);
