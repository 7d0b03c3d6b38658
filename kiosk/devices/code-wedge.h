/* code-wedge.h: tells the keys of a code reader that acts as a keyboard from a person's. Pure.
 *
 * A person does not type faster than CODE_WEDGE_GAP_MS a character; a reader does. Characters that
 * may begin a reader's line are held back; when they turn out to be typed by a person they come
 * back to be replayed to the widget that would have had them. A line that is a reader's is
 * swallowed to its end (Enter, or a silence of CODE_WEDGE_FRAME_GAP_MS), whatever is in it. */
#pragma once

#include "devices/code-line.h"

#define CODE_WEDGE_GAP_MS 60
#define CODE_WEDGE_FRAME_GAP_MS 500

typedef enum {
  CODE_WEDGE_PASS,      /* not ours: let the key go on; first replay what `ret_replay` holds */
  CODE_WEDGE_SWALLOW,   /* stop the key here; it may come back by a replay */
  CODE_WEDGE_CODE,      /* stop the key here: a code is complete */
  CODE_WEDGE_UNREADABLE /* stop the key here: a line that is no code of ours ended */
} CodeWedgeResult;

typedef struct {
  char line[CODE_LINE_MAX + 1];
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
