/* http.h: requests to the city over mutual TLS, by libcurl with OpenSSL.
 *
 * The only trust is the city's own CA; host names are checked; no proxy, no redirects, no other
 * protocol. The time at which certificates are judged is given, for the machine's clock may be
 * dead. An Http holds one connection and belongs to one thread. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct _Http Http;

/* For the server at `url` ("https://host[:port]", nothing after it). INVALID. Owned. */
Http *http_new (const char *url, GError **error);
void http_free (Http *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Http, http_free)

/* Whom to believe: the CA's PEM text. Without it (and only to fetch the CA itself) nothing of the
 * server is verified. */
void http_trust (Http *http, const char *ca_pem);

/* Who we are: PEM files of certificate and key. */
void http_present (Http *http, const char *certificate_path, const char *key_path);

/* When certificates are judged, ms; 0: by the machine's clock. */
void http_judge_at (Http *http, gint64 ms);

/* Asked about every half second of a transfer; TRUE ends it with CANCELLED. */
typedef gboolean (*HttpStop) (gpointer data);
void http_stop_when (Http *http, HttpStop stop, gpointer data);

typedef struct {
  const char *method;         /* "GET", "HEAD", "POST", "PATCH", "DELETE" */
  const char *path;           /* "/v1/..." */
  const char *const *headers; /* "Name: value", NULL-terminated; NULL: none */
  const void *body;           /* must live until the answer is there; NULL: none */
  gsize length;
  gsize max;           /* most bytes of an answer; 0: 1 MiB */
  guint quiet;         /* seconds without a byte after which it is given up; 0: 30 */
  GByteArray *collect; /* if not NULL: the answer's bytes go to its end, also when it breaks */
} HttpRequest;

typedef struct {
  int status;
  GBytes *body;        /* never NULL */
  GHashTable *headers; /* lower-case name: value, the last one of a name */
} HttpAnswer;

void http_answer_free (HttpAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HttpAnswer, http_answer_free)

/* Sends and waits. Any status is an answer. OFFLINE: no connection, broken, too slow; DENIED: TLS
 * refused (theirs or ours); FULL: answer too large; CANCELLED. Owned. */
HttpAnswer *http_send (Http *http, const HttpRequest *request, GError **error);

/* The same without waiting, for the long poll: start, then poll until there is an answer or an
 * error. One at a time; the request's texts are copied, its body must live. */
gboolean http_start (Http *http, const HttpRequest *request, GError **error);
gboolean http_busy (const Http *http);
/* Waits at most `ms`. NULL without error: not yet. */
HttpAnswer *http_poll (Http *http, guint ms, GError **error);
void http_cancel (Http *http);

/* Borrowed, or NULL. `name` in lower case. */
const char *http_answer_header (const HttpAnswer *answer, const char *name);

/* TRUE if the status is 2xx. Else the error that the problem document or the status means: 401 and
 * 403 DENIED, 404 and 410 NOT_FOUND, 409 CONFLICT, 413 and other 4xx INVALID, 507 FULL, 408, 429
 * and 5xx RETRY. `ret_word` (may be NULL) gets the problem's word ("sequence-gap") or NULL; owned.
 */
gboolean http_answer_is_good (const HttpAnswer *answer, char **ret_word, GError **error);

/* The body as a JSON object. INVALID if it is none. Owned. */
json_t *http_answer_json (const HttpAnswer *answer, GError **error);
