/* print-client.c: the asking end of the print socket, in a thread of GIO that blocks so that no
 * loop has to. Refuses to guess: a connection that breaks after "sending" is unknown. */
#include "flow/print-client.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "base/strict-json.h"
#include "flow/print-socket.h"

#define MAX_LINE 1024

typedef struct {
  char *directory, *media;
  GBytes *pdf;
  int copies;
  PrintClientFunc on_state;
  gpointer state_data;
  GMainContext *context;
} Errand;

typedef struct {
  PrintClientFunc on_state;
  gpointer data;
  gboolean sending;
  PrinterCondition condition;
} News;

static void
errand_free (Errand *self)
{
  g_free (self->directory);
  g_free (self->media);
  g_bytes_unref (self->pdf);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

void
print_client_end_free (PrintClientEnd *end)
{
  if (end == NULL)
    return;
  g_free (end->reason);
  g_free (end);
}

static PrintClientEnd *
end_new (PrintClientOutcome outcome, PrinterCondition condition, const char *reason)
{
  PrintClientEnd *end = g_new0 (PrintClientEnd, 1);

  end->outcome = outcome;
  end->condition = condition;
  end->reason = g_strdup (reason);
  return end;
}

static gboolean
on_news (gpointer data)
{
  const News *news = data;

  news->on_state (news->sending, news->condition, news->data);
  return G_SOURCE_REMOVE;
}

static void
pass_on (const Errand *self, gboolean sending, PrinterCondition condition)
{
  News *news;

  if (self->on_state == NULL)
    return;
  if (self->context == NULL) {
    self->on_state (sending, condition, self->state_data);
    return;
  }
  news = g_new0 (News, 1);
  *news = (News){self->on_state, self->state_data, sending, condition};
  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, on_news, news, g_free);
}

/* A line of at most MAX_LINE bytes into `line`; FALSE at the end. */
static gboolean
read_line (GInputStream *from, char *line, GCancellable *cancellable)
{
  for (gsize n = 0; n < MAX_LINE; n++) {
    if (g_input_stream_read (from, line + n, 1, cancellable, NULL) != 1)
      return FALSE;
    if (line[n] == '\n') {
      line[n] = '\0';
      return TRUE;
    }
  }
  return FALSE;
}

static PrintClientEnd *
listen_to (const Errand *self, GInputStream *from, GCancellable *cancellable)
{
  static const char *const last[] = {"printed", "failed", "unknown", "not-sent"};
  gboolean sending = FALSE;
  char line[MAX_LINE];

  while (read_line (from, line, cancellable)) {
    g_autoptr (json_t) said = strict_json_parse (line, strlen (line), NULL);
    const char *state = said != NULL ? strict_json_peek (said, "state", "") : "";
    PrinterCondition condition = PRINTER_CONDITION_OTHER;
    if (said != NULL)
      (void)printer_condition_parse (strict_json_peek (said, "condition", ""), &condition);
    for (guint i = 0; i < G_N_ELEMENTS (last); i++)
      if (strcmp (state, last[i]) == 0)
        return end_new (i, condition, strict_json_peek (said, "reason", "none"));
    sending = sending || strcmp (state, "sending") == 0;
    pass_on (self, sending, condition);
  }
  return end_new (sending ? PRINT_CLIENT_UNKNOWN : PRINT_CLIENT_NOT_SENT,
                  PRINTER_CONDITION_NOT_ANSWERING, "crashed");
}

static PrintClientEnd *
send (const Errand *self, GCancellable *cancellable)
{
  g_autofree char *path = g_build_filename (self->directory, PRINT_SOCKET_NAME, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), cancellable, NULL);
  g_autofree char *head = NULL;
  g_autofree char *padded = NULL;
  gsize size = 0;
  const void *bytes = g_bytes_get_data (self->pdf, &size);

  if (connection == NULL)
    return end_new (PRINT_CLIENT_NOT_SENT, PRINTER_CONDITION_NOT_ANSWERING, "no-daemon");
  head = g_strdup_printf ("{\"bytes\":%" G_GSIZE_FORMAT ",\"media\":\"%.24s\",\"copies\":%d}", size,
                          self->media, self->copies);
  padded = g_strdup_printf ("%-*s\n", PRINT_SOCKET_HEAD - 1, head);
  GOutputStream *to = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  /* A server that refuses closes early: what it said is still there to read. */
  if (g_output_stream_write_all (to, padded, PRINT_SOCKET_HEAD, NULL, cancellable, NULL))
    (void)g_output_stream_write_all (to, bytes, size, NULL, cancellable, NULL);
  return listen_to (self, g_io_stream_get_input_stream (G_IO_STREAM (connection)), cancellable);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, send (data, cancellable), (GDestroyNotify)print_client_end_free);
}

void
print_client_send_async (const char *directory, GBytes *pdf, const char *media, int copies,
                         PrintClientFunc on_state, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Errand *errand = g_new0 (Errand, 1);

  *errand = (Errand){g_strdup (directory),
                     g_strdup (media),
                     g_bytes_ref (pdf),
                     copies,
                     on_state,
                     user_data,
                     g_main_context_ref_thread_default ()};
  /* Cancelled or not, the outcome is what the last line said. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, errand, (GDestroyNotify)errand_free);
  g_task_run_in_thread (task, run);
}

PrintClientEnd *
print_client_send_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

PrintClientEnd *
print_client_send (const char *directory, GBytes *pdf, const char *media, int copies,
                   PrintClientFunc on_state, gpointer data)
{
  Errand errand = {(char *)directory, (char *)media, pdf, copies, on_state, data, NULL};

  return send (&errand, NULL);
}
