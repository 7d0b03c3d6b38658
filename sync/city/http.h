/* http.h: an HTTPS server on GLib's main loop, over libmicrohttpd and GnuTLS.
 *
 * One thread: every callback runs in the main loop, so nothing here needs a lock. A request's body
 * is either collected up to a limit or handed on piece by piece. A reply may come later than the
 * request (http_suspend). */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

typedef struct HttpServer HttpServer;
typedef struct HttpRequest HttpRequest;

typedef struct {
  /* Headers are here, the body is not. It may reply at once (the body is then not read), or say
   * what becomes of the body by http_collect or http_stream; without either a body is refused. */
  void (*begin) (HttpRequest *request, gpointer data);
  /* The body is whole. Must reply or suspend. */
  void (*finish) (HttpRequest *request, gpointer data);
} HttpHandler;

/* Listens on `address` ("127.0.0.1:8443", "[::]:0"; port 0: any). Keys and certificates are PEM;
 * with `client_ca` clients are asked for a certificate, and what they sent is for the handler to
 * judge. OFFLINE if the address cannot be had, INVALID if it or the PEM is malformed. */
HttpServer *http_server_new (const char *address, const char *certificate, const char *key,
                             const char *client_ca, const HttpHandler *handler, gpointer data,
                             GError **error);
void http_server_free (HttpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpServer, http_server_free)
int http_server_port (const HttpServer *server);

/* What came. Borrowed; NULL if it is not there. */
const char *http_method (const HttpRequest *request);
const char *http_path (const HttpRequest *request); /* decoded, without the query */
const char *http_header (const HttpRequest *request, const char *name);
const char *http_query (const HttpRequest *request, const char *name);
const char *http_cookie (const HttpRequest *request, const char *name);
GByteArray *http_body (const HttpRequest *request); /* after http_collect */
/* The client's address as text. Borrowed. */
const char *http_peer (HttpRequest *request);
/* The client's certificate (DER), NULL if it sent none. Borrowed. */
GBytes *http_peer_certificate (HttpRequest *request);
/* The declared length of the body, -1 if it is not declared. */
gint64 http_length (const HttpRequest *request);

/* In begin: the body is collected; one over `max` bytes is answered 413 by itself. */
void http_collect (HttpRequest *request, gsize max);

/* In begin: each piece of the body goes to `sink`; when it says FALSE the rest is dropped. */
typedef gboolean (*HttpSink) (HttpRequest *request, const void *bytes, gsize length, gpointer data);
void http_stream (HttpRequest *request, HttpSink sink, gpointer data);

/* State of the handler's own with the request; `destroy` is called when the request has ended,
 * however it did. */
void http_attach (HttpRequest *request, gpointer state, GDestroyNotify destroy);
gpointer http_attached (const HttpRequest *request);

/* A header of the reply to come. The value must hold no control characters. */
void http_set_header (HttpRequest *request, const char *name, const char *value);

/* Replies; the bytes are copied. `type` may be NULL when there is no body. */
void http_reply (HttpRequest *request, int status, const char *type, const void *bytes,
                 gsize length);
void http_reply_text (HttpRequest *request, int status, const char *type, const char *text);
void http_reply_json (HttpRequest *request, int status, const json_t *value);
void http_reply_bytes (HttpRequest *request, int status, const char *type, GBytes *bytes);
/* The rest of a file from `offset`; takes over `fd`. */
void http_reply_file (HttpRequest *request, int status, const char *type, int fd, gint64 offset,
                      gint64 length);
/* A problem document (RFC 9457): type urn:onestop:problem:WORD, or `word` itself if it has a colon.
 * `more` (taken over, may be NULL) adds members. */
void http_reply_problem (HttpRequest *request, int status, const char *word, const char *title,
                         json_t *more);
/* The problem that an error of ours is, in words that give nothing away. Logs faults of ours. */
void http_reply_error (HttpRequest *request, const GError *error);

/* Leaves the request without a reply for now; http_resume (after a reply was given) goes on. */
void http_suspend (HttpRequest *request);
void http_resume (HttpRequest *request);
