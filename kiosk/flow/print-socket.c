/* print-socket.c: one connection, one job, in memory. Refuses other users, documents over the
 * printer's limit, and to keep anything after the last line. */
#include "flow/print-socket.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/region.h"
#include "base/strict-json.h"

#define MAX_BYTES (64 * 1024 * 1024)
#define READ_S 10 /* for the client to say all of it */

struct _PrintSocket {
  char *path;
  PrintLane *page, *receipt;
  PrintDrainLimits limits;
  GSocketService *service;
  GPtrArray *guests; /* Guest */
};

typedef struct {
  PrintSocket *socket;
  GSocketConnection *connection;
  GCancellable *cancellable;
  int refs;
  guint patience;
  char head[PRINT_SOCKET_HEAD + 1];
  Region *region;
  gint64 bytes, copies;
  char *media;
  char gone[1];
  PrintTurn *turn;
  gboolean sent;
  gboolean told; /* a condition was told */
  PrinterCondition condition;
} Guest;

static void
guest_unref (Guest *self)
{
  if (--self->refs > 0)
    return;
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->connection);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->region, region_free);
  g_free (self->media);
  g_free (self);
}

static Guest *
guest_ref (Guest *self)
{
  self->refs++;
  return self;
}

/* Takes the guest out: no call of ours speaks to it any more. */
static void
dismiss (Guest *self)
{
  if (self->socket == NULL)
    return;
  GPtrArray *guests = self->socket->guests;
  self->socket = NULL;
  g_clear_handle_id (&self->patience, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  (void)g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_ptr_array_remove (guests, self); /* its reference */
}

static void
tell (Guest *self, json_t *line)
{
  g_autofree char *text = strict_json_write (line);
  g_autofree char *whole = g_strconcat (text, "\n", NULL);

  json_decref (line);
  /* A few short lines: they fit the socket's buffer. A guest that is gone is noticed by its read.
   */
  (void)g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)),
                                   whole, strlen (whole), NULL, NULL, NULL);
}

static void
tell_last (Guest *self, const char *state, const char *reason, PrinterCondition condition)
{
  tell (self, json_pack ("{ss ss ss}", "state", state, "reason", reason, "condition",
                         printer_condition_word (condition)));
}

static void
refuse (Guest *self, const char *reason)
{
  tell_last (self, "not-sent", reason, PRINTER_CONDITION_OTHER);
  dismiss (self);
}

/* ---- the job ---- */

static gboolean
on_created (PrintErrand *errand, int id, gpointer data)
{
  Guest *self = data;

  self->sent = TRUE;
  tell (self, json_pack ("{ss}", "state", "sending"));
  return TRUE;
}

static void
on_alive (PrintErrand *errand, PrinterCondition condition, gpointer data)
{
  Guest *self = data;

  if (self->socket == NULL || (self->told && condition == self->condition))
    return;
  self->told = TRUE;
  self->condition = condition;
  tell (self,
        json_pack ("{ss ss}", "state", "waiting", "condition", printer_condition_word (condition)));
}

static void
on_end (PrintErrand *errand, const PrintErrandEnd *end, gpointer data)
{
  Guest *self = data;

  self->turn = NULL;
  if (self->socket != NULL) {
    tell_last (self, print_errand_outcome_word (end->outcome), end->reason, end->condition);
    dismiss (self);
  }
  guest_unref (self);
}

static const PrintErrandCalls calls = {on_created, NULL, on_alive, on_end};

static void
on_gone (GObject *source, GAsyncResult *result, gpointer data)
{
  Guest *self = data;

  (void)g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  if (self->socket != NULL && self->turn != NULL) {
    if (!self->sent) {
      print_lane_drop (g_steal_pointer (&self->turn));
      guest_unref (self);
    }
    dismiss (self);
  }
  guest_unref (self);
}

static void
run (Guest *self, GInputStream *from)
{
  guint8 random[8];
  id_random (random, sizeof random);
  g_autofree char *hex = encode_hex (random, sizeof random);
  g_autofree char *name = g_strconcat ("onestop-paper-", hex, NULL);
  g_autoptr (GBytes) pdf = region_take_bytes (g_steal_pointer (&self->region), self->bytes);
  const PrintErrandTask task = {.kind = PRINT_ERRAND_PRINT,
                                .job_name = name,
                                .media = self->media,
                                .copies = (int)self->copies,
                                .pdf = pdf,
                                .silence_s = self->socket->limits.silence_s,
                                .stall_s = self->socket->limits.stall_s,
                                .mend_s = self->socket->limits.mend_s};
  PrintLane *lane = strcmp (self->media, "a4") == 0 ? self->socket->page : self->socket->receipt;

  g_clear_handle_id (&self->patience, g_source_remove);
  self->turn = print_lane_run (lane, &task, &calls, guest_ref (self));
  g_input_stream_read_async (from, self->gone, 1, G_PRIORITY_DEFAULT, self->cancellable, on_gone,
                             guest_ref (self));
}

/* ---- what the client says ---- */

static void
on_document (GObject *source, GAsyncResult *result, gpointer data)
{
  Guest *self = data;
  gsize n = 0;

  gboolean good = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL);
  if (self->socket != NULL) {
    if (good && n == self->bytes)
      run (self, G_INPUT_STREAM (source));
    else
      refuse (self, "incomplete");
  }
  guest_unref (self);
}

static gboolean
read_head (Guest *self)
{
  g_autoptr (json_t) head = strict_json_parse (self->head, PRINT_SOCKET_HEAD, NULL);
  const char *media = head != NULL ? strict_json_peek (head, "media", NULL) : NULL;

  self->copies = 1;
  if (media == NULL || !strict_json_int (head, "bytes", &self->bytes, NULL) || self->bytes < 1 ||
      self->bytes > MAX_BYTES)
    return FALSE;
  if (json_object_get (head, "copies") != NULL &&
      (!strict_json_int (head, "copies", &self->copies, NULL) || self->copies < 1 ||
       self->copies > 99))
    return FALSE;
  self->media = g_strdup (media);
  return TRUE;
}

static void
on_head (GObject *source, GAsyncResult *result, gpointer data)
{
  Guest *self = data;
  gsize n = 0;

  gboolean good = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n, NULL);
  if (self->socket != NULL) {
    if (!good || n != PRINT_SOCKET_HEAD || !read_head (self))
      refuse (self, "refused");
    else if ((self->region = region_new (self->bytes, NULL)) == NULL)
      refuse (self, "full");
    else
      g_input_stream_read_all_async (G_INPUT_STREAM (source), region_peek (self->region),
                                     self->bytes, G_PRIORITY_DEFAULT, self->cancellable,
                                     on_document, guest_ref (self));
  }
  guest_unref (self);
}

static gboolean
on_patience (gpointer data)
{
  Guest *self = data;

  self->patience = 0;
  refuse (self, "incomplete");
  return G_SOURCE_REMOVE;
}

static gboolean
is_same_user (GSocketConnection *connection)
{
  g_autoptr (GCredentials) peer =
      g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);

  return peer != NULL && g_credentials_get_unix_user (peer, NULL) == geteuid ();
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  PrintSocket *self = data;

  if (!is_same_user (connection)) {
    log_warning ("print.socket-stranger", "another user knocked at the print socket");
    return TRUE;
  }
  Guest *guest = g_new0 (Guest, 1);
  guest->refs = 1;
  guest->socket = self;
  guest->connection = g_object_ref (connection);
  guest->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->guests, guest);
  if (self->guests->len > PRINT_SOCKET_MAX_JOBS) {
    refuse (guest, "busy");
    return TRUE;
  }
  guest->patience = g_timeout_add_seconds (READ_S, on_patience, guest);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                 guest->head, PRINT_SOCKET_HEAD, G_PRIORITY_DEFAULT,
                                 guest->cancellable, on_head, guest_ref (guest));
  return TRUE;
}

PrintSocket *
print_socket_new (const char *directory, PrintLane *page, PrintLane *receipt,
                  const PrintDrainLimits *limits, GError **error)
{
  g_autofree char *path = g_build_filename (directory, PRINT_SOCKET_NAME, NULL);
  g_autoptr (GSocketService) service = g_socket_service_new ();

  if (strlen (path) >= sizeof ((struct sockaddr_un *)NULL)->sun_path) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the path %s is too long", path);
    return NULL;
  }
  (void)g_unlink (path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  mode_t before = umask (0177);
  gboolean good =
      g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                     G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
  umask (before);
  if (!good)
    return NULL;
  PrintSocket *self = g_new0 (PrintSocket, 1);
  self->path = g_steal_pointer (&path);
  self->page = page;
  self->receipt = receipt;
  self->limits = *limits;
  self->guests = g_ptr_array_new_with_free_func ((GDestroyNotify)guest_unref);
  self->service = g_steal_pointer (&service);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);
  return self;
}

void
print_socket_free (PrintSocket *self)
{
  if (self == NULL)
    return;
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  (void)g_unlink (self->path);
  while (self->guests->len > 0) {
    Guest *guest = g_ptr_array_index (self->guests, 0);
    if (guest->turn != NULL) {
      print_lane_drop (g_steal_pointer (&guest->turn));
      guest_unref (guest);
    }
    dismiss (guest);
  }
  g_ptr_array_unref (self->guests);
  g_free (self->path);
  g_free (self);
}
