/* http.c: libmicrohttpd driven from GLib's main loop through its epoll descriptor. Refuses to
 * route: paths are the handlers'. A body never exceeds what the handler agreed to. */
#include "city/http.h"

#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "trust/certificate.h"
#include "trust/suite.h"

#define IDLE_SECONDS 60u
#define CONNECTIONS_MAX 1000u
#define DRAIN_MAX (4 * 1024 * 1024)
#define CONNECTION_MEMORY (256u * 1024)
#define TLS_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct HttpServer {
  struct MHD_Daemon *daemon;
  GSource *source;
  GSocket *socket;
  const HttpHandler *handler;
  gpointer data;
  int port;
};

struct HttpRequest {
  HttpServer *server;
  struct MHD_Connection *connection;
  char *method, *path, *peer;
  GBytes *certificate;
  gboolean asked_certificate;
  GByteArray *body;
  gsize body_max;
  gboolean overflow;
  HttpSink sink;
  gpointer sink_data;
  gpointer state;
  GDestroyNotify destroy_state;
  GPtrArray *headers; /* name, value, name, value */
  struct MHD_Response *response;
  int status;
  gboolean suspended;
};

static void
request_free (HttpRequest *request)
{
  if (request->destroy_state != NULL)
    request->destroy_state (request->state);
  if (request->body != NULL) {
    /* A form may hold a passphrase. */
    suite_wipe (request->body->data, request->body->len);
    g_byte_array_unref (request->body);
  }
  g_clear_pointer (&request->certificate, g_bytes_unref);
  g_clear_pointer (&request->headers, g_ptr_array_unref);
  g_clear_pointer (&request->response, MHD_destroy_response);
  g_free (request->method);
  g_free (request->path);
  g_free (request->peer);
  g_free (request);
}

const char *
http_method (const HttpRequest *request)
{
  return request->method;
}

const char *
http_path (const HttpRequest *request)
{
  return request->path;
}

const char *
http_header (const HttpRequest *request, const char *name)
{
  return MHD_lookup_connection_value (request->connection, MHD_HEADER_KIND, name);
}

const char *
http_query (const HttpRequest *request, const char *name)
{
  return MHD_lookup_connection_value (request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *
http_cookie (const HttpRequest *request, const char *name)
{
  return MHD_lookup_connection_value (request->connection, MHD_COOKIE_KIND, name);
}

GByteArray *
http_body (const HttpRequest *request)
{
  return request->body;
}

const char *
http_peer (HttpRequest *request)
{
  const union MHD_ConnectionInfo *info;

  if (request->peer == NULL) {
    info = MHD_get_connection_info (request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    g_autoptr (GSocketAddress) address =
        info != NULL
            ? g_socket_address_new_from_native (info->client_addr, sizeof (struct sockaddr_storage))
            : NULL;
    if (G_IS_INET_SOCKET_ADDRESS (address))
      request->peer = g_inet_address_to_string (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
    else
      request->peer = g_strdup ("unknown");
  }
  return request->peer;
}

GBytes *
http_peer_certificate (HttpRequest *request)
{
  if (!request->asked_certificate) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (request->connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (info != NULL)
      request->certificate = certificate_peer (info->tls_session);
    request->asked_certificate = TRUE;
  }
  return request->certificate;
}

gint64
http_length (const HttpRequest *request)
{
  const char *text = http_header (request, "Content-Length");
  guint64 length;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return -1;
  return (gint64)length;
}

void
http_collect (HttpRequest *request, gsize max)
{
  request->body = g_byte_array_new ();
  request->body_max = max;
  if (http_length (request) > (gint64)max)
    http_reply_problem (request, 413, "too-large", "The body is over the limit", NULL);
}

void
http_stream (HttpRequest *request, HttpSink sink, gpointer data)
{
  request->sink = sink;
  request->sink_data = data;
}

void
http_attach (HttpRequest *request, gpointer state, GDestroyNotify destroy)
{
  request->state = state;
  request->destroy_state = destroy;
}

gpointer
http_attached (const HttpRequest *request)
{
  return request->state;
}

void
http_set_header (HttpRequest *request, const char *name, const char *value)
{
  g_ptr_array_add (request->headers, g_strdup (name));
  g_ptr_array_add (request->headers, g_strdup (value));
}

static gboolean
has_header (HttpRequest *request, const char *name)
{
  for (guint i = 0; i < request->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (request->headers, i), name) == 0)
      return TRUE;
  return FALSE;
}

static void
take_response (HttpRequest *request, int status, const char *type, struct MHD_Response *response)
{
  g_assert (response != NULL);
  g_clear_pointer (&request->response, MHD_destroy_response);
  if (type != NULL && !has_header (request, "Content-Type"))
    http_set_header (request, "Content-Type", type);
  if (!has_header (request, "Cache-Control"))
    http_set_header (request, "Cache-Control", "no-store");
  http_set_header (request, "X-Content-Type-Options", "nosniff");
  for (guint i = 0; i < request->headers->len; i += 2)
    MHD_add_response_header (response, g_ptr_array_index (request->headers, i),
                             g_ptr_array_index (request->headers, i + 1));
  request->response = response;
  request->status = status;
}

void
http_reply (HttpRequest *request, int status, const char *type, const void *bytes, gsize length)
{
  take_response (request, status, type,
                 MHD_create_response_from_buffer (length, (void *)bytes, MHD_RESPMEM_MUST_COPY));
}

void
http_reply_text (HttpRequest *request, int status, const char *type, const char *text)
{
  http_reply (request, status, type, text, strlen (text));
}

void
http_reply_json (HttpRequest *request, int status, const json_t *value)
{
  g_autofree char *text = strict_json_write (value);
  http_reply_text (request, status, "application/json", text);
}

static void
free_bytes (void *bytes)
{
  g_bytes_unref (bytes);
}

static ssize_t
read_bytes (void *data, uint64_t at, char *buffer, size_t max)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (data, &length);
  gsize n = MIN (max, length - at);

  if (at >= length)
    return MHD_CONTENT_READER_END_OF_STREAM;
  memcpy (buffer, bytes + at, n);
  return (ssize_t)n;
}

void
http_reply_bytes (HttpRequest *request, int status, const char *type, GBytes *bytes)
{
  take_response (request, status, type,
                 MHD_create_response_from_callback (g_bytes_get_size (bytes), 65536, read_bytes,
                                                    g_bytes_ref (bytes), free_bytes));
}

void
http_reply_file (HttpRequest *request, int status, const char *type, int fd, gint64 offset,
                 gint64 length)
{
  take_response (request, status, type,
                 MHD_create_response_from_fd_at_offset64 ((uint64_t)length, fd, (uint64_t)offset));
}

void
http_reply_problem (HttpRequest *request, int status, const char *word, const char *title,
                    json_t *more)
{
  g_autofree char *type = strchr (word, ':') != NULL
                              ? g_strdup (word)
                              : g_strdup_printf ("urn:onestop:problem:%s", word);
  g_autoptr (json_t) problem =
      json_pack ("{s:s,s:s,s:i}", "type", type, "title", title, "status", status);
  g_autofree char *text = NULL;

  if (more != NULL)
    json_object_update (problem, more);
  json_decref (more);
  text = strict_json_write (problem);
  http_reply_text (request, status, "application/problem+json", text);
}

void
http_reply_error (HttpRequest *request, const GError *error)
{
  OnestopError code = error != NULL && error->domain == ONESTOP_ERROR ? (OnestopError)error->code
                                                                      : ONESTOP_ERROR_BUG;
  int status = onestop_error_http_status (code);

  if (status >= 500)
    log_error ("city.request-failed", "%s %s: %s", request->method, request->path,
               error != NULL ? error->message : "no reason");
  http_reply_problem (
      request, status,
      code == ONESTOP_ERROR_INVALID     ? "bad-request"
      : code == ONESTOP_ERROR_NOT_FOUND ? "not-found"
                                        : onestop_error_word (code),
      status >= 500 || error == NULL ? "The server could not do it" : error->message, NULL);
}

void
http_suspend (HttpRequest *request)
{
  request->suspended = TRUE;
}

void
http_resume (HttpRequest *request)
{
  if (!request->suspended)
    return;
  request->suspended = FALSE;
  MHD_resume_connection (request->connection);
  /* Its own wake-up does not reach a loop that polls the epoll descriptor from outside. */
  g_source_set_ready_time (request->server->source, 0);
}

static enum MHD_Result
send_reply (HttpRequest *request)
{
  enum MHD_Result done =
      MHD_queue_response (request->connection, (unsigned)request->status, request->response);
  g_clear_pointer (&request->response, MHD_destroy_response);
  return done;
}

static HttpRequest *
request_new (HttpServer *server, struct MHD_Connection *connection, const char *url,
             const char *method)
{
  HttpRequest *request = g_new0 (HttpRequest, 1);

  request->server = server;
  request->connection = connection;
  request->method = g_strdup (method);
  request->path = g_strdup (url);
  request->headers = g_ptr_array_new_with_free_func (g_free);
  return request;
}

static void
take_piece (HttpRequest *request, const char *bytes, gsize length)
{
  if (request->overflow || request->response != NULL)
    return;
  if (request->sink != NULL) {
    request->overflow = !request->sink (request, bytes, length, request->sink_data);
  } else if (request->body == NULL || request->body->len + length > request->body_max) {
    request->overflow = TRUE;
    http_reply_problem (request, 413, "too-large", "The body is over the limit", NULL);
  } else {
    g_byte_array_append (request->body, (const guint8 *)bytes, (guint)length);
  }
}

/* A reply before the body has come closes the connection under a client that still sends, which
 * may then never read it. Small bodies are read and dropped first. */
static gboolean
is_worth_draining (HttpRequest *request)
{
  gint64 length = http_length (request);
  return length > 0 && length <= DRAIN_MAX && http_header (request, "Expect") == NULL;
}

static enum MHD_Result
on_access (void *data, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *bytes, size_t *size, void **state)
{
  HttpServer *server = data;
  HttpRequest *request = *state;

  if (request == NULL) {
    request = *state = request_new (server, connection, url, method);
    server->handler->begin (request, server->data);
    return request->response != NULL && !is_worth_draining (request) ? send_reply (request)
                                                                     : MHD_YES;
  }
  if (*size > 0) {
    take_piece (request, bytes, *size);
    *size = 0;
    return MHD_YES;
  }
  if (request->response == NULL)
    server->handler->finish (request, server->data);
  if (request->response == NULL && request->suspended) {
    MHD_suspend_connection (connection);
    return MHD_YES;
  }
  if (request->response == NULL)
    http_reply_problem (request, 500, "bug", "The server could not do it", NULL);
  return send_reply (request);
}

static void
on_completed (void *data, struct MHD_Connection *connection, void **state,
              enum MHD_RequestTerminationCode code)
{
  if (*state != NULL)
    request_free (*state);
  *state = NULL;
}

/* The source: wakes for the epoll descriptor, or when microhttpd says that it has something to do.
 */
typedef struct {
  GSource source;
  struct MHD_Daemon *daemon;
  gpointer tag;
} DaemonSource;

static gboolean
on_prepare (GSource *source, int *timeout)
{
  MHD_UNSIGNED_LONG_LONG ms;
  *timeout = MHD_get_timeout (((DaemonSource *)source)->daemon, &ms) == MHD_YES
                 ? (int)MIN (ms, 60000)
                 : -1;
  return *timeout == 0;
}

static gboolean
on_check (GSource *source)
{
  DaemonSource *self = (DaemonSource *)source;
  MHD_UNSIGNED_LONG_LONG ms;

  return (g_source_query_unix_fd (source, self->tag) & G_IO_IN) != 0 ||
         (MHD_get_timeout (self->daemon, &ms) == MHD_YES && ms == 0);
}

static gboolean
on_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, -1);
  MHD_run (((DaemonSource *)source)->daemon);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_functions = {on_prepare, on_check, on_dispatch, NULL, NULL, NULL};

static GSource *
watch (struct MHD_Daemon *daemon)
{
  GSource *source = g_source_new (&source_functions, sizeof (DaemonSource));
  DaemonSource *self = (DaemonSource *)source;
  int fd = MHD_get_daemon_info (daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

  self->daemon = daemon;
  self->tag = g_source_add_unix_fd (source, fd, G_IO_IN);
  g_source_attach (source, NULL);
  return source;
}

static GSocket *
listen_on (const char *text, GError **error)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = colon != NULL ? g_strndup (text, (gsize)(colon - text)) : NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) failed = NULL;
  guint64 port;

  if (host != NULL && host[0] == '[' && g_str_has_suffix (host, "]")) {
    host[strlen (host) - 1] = '\0';
    memmove (host, host + 1, strlen (host));
  }
  if (host != NULL && g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
    address = g_inet_socket_address_new_from_string (host, (guint)port);
  if (address == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "\"%s\" is not ADDRESS:PORT", text);
    return NULL;
  }
  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, &failed);
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, &failed)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE, "cannot listen on %s: %s", text,
                 failed->message);
    return NULL;
  }
  g_socket_set_listen_backlog (socket, 128);
  if (!g_socket_listen (socket, &failed)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE, "cannot listen on %s: %s", text,
                 failed->message);
    return NULL;
  }
  return g_steal_pointer (&socket);
}

static void
on_mhd_log (void *data, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  log_debug ("city.http", "%s", text);
}

HttpServer *
http_server_new (const char *address, const char *certificate, const char *key,
                 const char *client_ca, const HttpHandler *handler, gpointer data, GError **error)
{
  g_autoptr (HttpServer) server = g_new0 (HttpServer, 1);
  g_autoptr (GSocketAddress) local = NULL;
  struct MHD_OptionItem trust[] = {{MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)client_ca},
                                   {MHD_OPTION_END, 0, NULL}};

  server->handler = handler;
  server->data = data;
  server->socket = listen_on (address, error);
  if (server->socket == NULL)
    return NULL;
  local = g_socket_get_local_address (server->socket, NULL);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));
  server->daemon = MHD_start_daemon (
      MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
      on_access, server, MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, NULL, MHD_OPTION_LISTEN_SOCKET,
      g_socket_get_fd (server->socket), MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
      MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_HTTPS_MEM_KEY, key,
      MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITY, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
      MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      (size_t)CONNECTION_MEMORY, client_ca != NULL ? MHD_OPTION_ARRAY : MHD_OPTION_END, trust,
      MHD_OPTION_END);
  if (server->daemon == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "cannot serve on %s: key or certificate is not usable", address);
    return NULL;
  }
  server->source = watch (server->daemon);
  return g_steal_pointer (&server);
}

void
http_server_free (HttpServer *server)
{
  if (server == NULL)
    return;
  if (server->source != NULL) {
    g_source_destroy (server->source);
    g_source_unref (server->source);
  }
  if (server->daemon != NULL)
    MHD_stop_daemon (server->daemon);
  /* microhttpd has closed the descriptor; the GSocket must not do it again. */
  if (server->socket != NULL && server->daemon == NULL)
    g_object_unref (server->socket);
  g_free (server);
}

int
http_server_port (const HttpServer *server)
{
  return server->port;
}
