/* print-client.h: paper that holds personal data, from a screen or a command to onestop-print.
 *
 * The document goes over the print socket (print-socket.h has the words), is held in memory at both
 * ends, and is never sent a second time by itself. If the other end dies, the outcome is UNKNOWN
 * once paper may have come, else NOT_SENT. */
#pragma once

#include <gio/gio.h>

#include "devices/printer-condition.h"

typedef enum {
  PRINT_CLIENT_PRINTED,
  PRINT_CLIENT_FAILED,   /* nothing more will come */
  PRINT_CLIENT_UNKNOWN,  /* ask the person */
  PRINT_CLIENT_NOT_SENT, /* nothing left; `condition` or `reason` says why */
} PrintClientOutcome;

typedef struct {
  PrintClientOutcome outcome;
  PrinterCondition condition;
  char *reason; /* a stable word; "no-daemon" when onestop-print does not run */
} PrintClientEnd;

void print_client_end_free (PrintClientEnd *end);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintClientEnd, print_client_end_free)

/* What happens meanwhile, in the caller's main context: waiting for the printer (with what is wrong
 * with it), or sending. */
typedef void (*PrintClientFunc) (gboolean sending, PrinterCondition condition, gpointer data);

/* Prints `copies` (1 to 99) of `pdf` (at most 64 MiB) on `media` ("a4" or "roll:WxL"). `directory`
 * is the state directory. `on_state` may be NULL. Cancelling before "sending" gives the job up. */
void print_client_send_async (const char *directory, GBytes *pdf, const char *media, int copies,
                              PrintClientFunc on_state, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);

/* Never NULL: trouble is an outcome. Owned. */
PrintClientEnd *print_client_send_finish (GAsyncResult *result);

/* The same and waits: for programs without a screen. */
PrintClientEnd *print_client_send (const char *directory, GBytes *pdf, const char *media,
                                   int copies, PrintClientFunc on_state, gpointer data);
