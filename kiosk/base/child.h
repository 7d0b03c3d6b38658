/* child.h: a helper process of ours: one task a life, JSON lines out, killed when it stalls.
 *
 * A helper gets its input on standard input, says what it does in lines of JSON on standard output
 * (each an object with a member "event", a word) and, if its task makes bytes (a page, pixels),
 * writes them to descriptor 3. It inherits nothing else, but standard error. This module starts it,
 * reads both ends within limits, and ends it: by SIGTERM, and by SIGKILL a second later, when it is
 * cancelled, says nothing for `stall_ms`, or lives longer than `limit_ms`. It knows nothing of what
 * the helpers do. */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

/* One line: `event` is its object (borrowed; a reference may be taken), `word` the event's word.
 * FALSE with an error ends the helper. */
typedef gboolean (*ChildEventFunc) (json_t *event, const char *word, gpointer data, GError **error);

#define CHILD_MAX_LINE 16384 /* bytes */
#define CHILD_MAX_LINES 10000

typedef struct {
  const char *const *argv; /* NULL-terminated; argv[0] is a path or a helper's name (file_helper) */
  GBytes *input;           /* its standard input; NULL: nothing */
  gsize max_payload;       /* most bytes taken from descriptor 3; 0: it gets no such descriptor */
  guint stall_ms;          /* longest silence on both ends */
  guint limit_ms;          /* longest life */
  ChildEventFunc on_event; /* called in the thread of child_run */
  gpointer data;
} ChildTask;

/* How a helper ended. */
typedef struct {
  gboolean stalled;  /* we killed it for its silence or its age */
  gboolean signaled; /* it died of a signal (ours or the kernel's) */
  int status;        /* exit status, or the signal's number */
  GBytes *payload;   /* what it wrote to descriptor 3, in a region; NULL if max_payload is 0 */
} ChildEnd;

void child_end_clear (ChildEnd *end);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChildEnd, child_end_clear)

/* Runs `task` to its end, blocking: call it in a GTask's thread or in a program without a loop.
 * TRUE when the helper ran and ended, however it ended: `ret_end` tells (clear it). FALSE with
 * CANCELLED, with NOT_FOUND or BUG if it cannot be started, with FULL if it said too much, with
 * INVALID if a line is no event, or with the error of `on_event`. */
gboolean child_run (const ChildTask *task, GCancellable *cancellable, ChildEnd *ret_end,
                    GError **error);
