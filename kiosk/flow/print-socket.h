/* print-socket.h: the socket for paper that holds personal data (dossier, filled form), server
 * side.
 *
 * `print.sock` in the state directory, mode 0600, same user only (SO_PEERCRED). One connection is
 * one job. The client sends a head of exactly PRINT_SOCKET_HEAD bytes, the JSON object
 * {"bytes":N,"media":"a4","copies":1} filled up with blanks and ended by a newline, and then N
 * bytes of PDF. It gets lines of JSON:
 *
 *   {"state":"waiting","condition":W}   whenever the condition changes
 *   {"state":"sending"}                 from here on paper may come out
 *   {"state":"printed"|"failed"|"unknown"|"not-sent","reason":W,"condition":W}   the last
 *
 * The document stays in memory, is never spooled and never sent a second time. If the client goes
 * before "sending", nothing is sent; after it, the job goes its way unwatched. A client that hears
 * no last line knows nothing: unknown. a4 goes to the page printer, a roll to the receipt printer.
 */
#pragma once

#include "flow/print-drain.h"

#define PRINT_SOCKET_NAME "print.sock"
#define PRINT_SOCKET_HEAD 96
#define PRINT_SOCKET_MAX_JOBS 4 /* at a time; more are refused with "busy" */

typedef struct _PrintSocket PrintSocket;

/* Listens in `directory`; a socket file left by a dead process is replaced (the caller holds the
 * lock). INVALID if the path is too long for a socket (107 bytes). Owned. */
PrintSocket *print_socket_new (const char *directory, PrintLane *page, PrintLane *receipt,
                               const PrintDrainLimits *limits, GError **error);

/* Closes and removes the socket. */
void print_socket_free (PrintSocket *socket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrintSocket, print_socket_free)
