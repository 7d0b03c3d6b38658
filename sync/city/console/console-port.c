/* console-port.c: the table of requests a browser may make. Refuses forms that are not from our own
 * page, and everything but the sign-in page to whoever is not signed in. */
#include "city/console/console-port.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "city/console/case-page.h"
#include "city/console/device-page.h"
#include "city/console/html.h"
#include "city/console/queue-page.h"
#include "city/console/session.h"
#include "city/console/sign-in-page.h"
#include "city/http.h"
#include "city/metrics.h"

#define FORM_MAX (64 * 1024)
#define STATIC_MAX (512 * 1024)
#define TRIES_MAX 60 /* sign-ins an address may try in a minute */

struct ConsolePort {
  City *city;
  HttpServer *server;
  Sessions *sessions;
  GHashTable *tries;
  guint forget;
  int pending; /* passphrases being checked */
};

static const struct {
  const char *path, *asset, *type;
} files[] = {{"/console.css", "city/console.css", "text/css; charset=utf-8"},
             {"/console.js", "city/console.js", "text/javascript; charset=utf-8"},
             {"/mark.svg", "city/mark.svg", "image/svg+xml"}};

/* TRUE after a reply. */
static gboolean
answer_file (HttpRequest *request, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *name = NULL;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;
    if (strcmp (files[i].path, path) != 0)
      continue;
    name = file_asset (files[i].asset);
    bytes = file_read (name, STATIC_MAX, &error);
    if (bytes == NULL) {
      http_reply_error (request, error);
      return TRUE;
    }
    http_set_header (request, "Cache-Control", "no-cache");
    http_reply_bytes (request, 200, files[i].type, bytes);
    return TRUE;
  }
  return FALSE;
}

/* "/cases/NUMBER/REST": the number, and what follows it ("" if nothing does). */
static char *
case_path (const char *path, const char **ret_rest)
{
  const char *number, *end;

  if (!g_str_has_prefix (path, "/cases/"))
    return NULL;
  number = path + strlen ("/cases/");
  end = number + strcspn (number, "/");
  *ret_rest = *end == '/' ? end + 1 : end;
  return g_strndup (number, (gsize)(end - number));
}

static void
answer_get (ConsolePort *port, HttpRequest *request, Session *session, const char *path)
{
  const char *rest = NULL;
  g_autofree char *number = case_path (path, &rest);

  if (strcmp (path, "/") == 0)
    html_redirect (request, "/cases");
  else if (strcmp (path, "/cases") == 0)
    queue_page_reply (port->city, request, session);
  else if (strcmp (path, "/devices") == 0)
    device_page_reply (port->city, request, session);
  else if (number != NULL && *rest == '\0')
    case_page_reply (port->city, request, session, number, 200, NULL, NULL);
  else if (number != NULL && g_str_has_prefix (rest, "document/"))
    case_page_document (port->city, request, session, number, rest + strlen ("document/"));
  else
    html_reply_note (request, session, 404, "没有这一页", "请从办件列表进入。");
}

static void
answer_post (ConsolePort *port, HttpRequest *request, Session *session, const char *path,
             GHashTable *sent)
{
  const char *rest = NULL;
  g_autofree char *number = case_path (path, &rest);

  if (strcmp (path, "/sign-out") == 0) {
    session_end (port->sessions, request);
    html_redirect (request, "/sign-in");
  } else if (strcmp (path, "/devices/seen") == 0) {
    device_page_seen (port->city, request, session, sent);
  } else if (number != NULL && strcmp (rest, "act") == 0) {
    case_page_act (port->city, request, session, number, sent);
  } else if (number != NULL && strcmp (rest, "open") == 0) {
    case_page_open (port->city, request, session, number, sent);
  } else {
    html_reply_note (request, session, 404, "没有这一页", "请从办件列表进入。");
  }
}

static GHashTable *
read_form (HttpRequest *request)
{
  GByteArray *body = http_body (request);
  g_autofree char *text = g_strndup ((const char *)body->data, body->len);
  GHashTable *form = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

  return form != NULL ? form : g_hash_table_new (g_str_hash, g_str_equal);
}

static gboolean
too_many (ConsolePort *port, HttpRequest *request)
{
  const char *peer = http_peer (request);
  int tries = GPOINTER_TO_INT (g_hash_table_lookup (port->tries, peer)) + 1;

  g_hash_table_replace (port->tries, g_strdup (peer), GINT_TO_POINTER (tries));
  return tries > TRIES_MAX;
}

static void
on_post (ConsolePort *port, HttpRequest *request, const char *path)
{
  g_autoptr (GHashTable) sent = read_form (request);
  gboolean signing_in = strcmp (path, "/sign-in") == 0;
  Session *session = signing_in ? NULL : session_find (port->sessions, request);

  if (!session_is_own_form (session, request, g_hash_table_lookup (sent, "token")) ||
      (session == NULL && !signing_in)) {
    if (session == NULL && !signing_in)
      html_redirect (request, "/sign-in");
    else
      html_reply_note (request, session, 403, "没有提交", "页面已过期，请回到办件页面再试。");
  } else if (!signing_in) {
    answer_post (port, request, session, path, sent);
  } else if (too_many (port, request)) {
    html_reply_note (request, NULL, 429, "试得太多", "请一分钟后再试。");
  } else {
    sign_in_page_try (port->city, port->sessions, request, sent, &port->pending);
  }
}

/* To this machine's own monitor alone. */
static void
answer_metrics (ConsolePort *port, HttpRequest *request)
{
  const char *peer = http_peer (request);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (strcmp (peer, "127.0.0.1") != 0 && strcmp (peer, "::1") != 0) {
    http_reply_problem (request, 404, "not-found", "It is not here", NULL);
    return;
  }
  text = metrics_text (port->city, clock_now (), &error);
  if (text != NULL)
    http_reply_text (request, 200, "text/plain; version=0.0.4; charset=utf-8", text);
  else
    http_reply_error (request, error);
}

static void
on_get (ConsolePort *port, HttpRequest *request, const char *path)
{
  Session *session;

  if (strcmp (path, "/healthz") == 0) {
    http_reply_text (request, 200, "text/plain; charset=utf-8", "ok\n");
    return;
  }
  if (strcmp (path, "/metrics") == 0) {
    answer_metrics (port, request);
    return;
  }
  if (answer_file (request, path))
    return;
  session = session_find (port->sessions, request);
  if (strcmp (path, "/sign-in") == 0)
    sign_in_page_reply (request, FALSE);
  else if (session == NULL)
    html_redirect (request, "/sign-in");
  else
    answer_get (port, request, session, path);
}

static void
on_begin (HttpRequest *request, gpointer data)
{
  if (strcmp (http_method (request), "POST") == 0)
    http_collect (request, FORM_MAX);
}

static void
on_finish (HttpRequest *request, gpointer data)
{
  ConsolePort *port = data;
  const char *path = http_path (request);

  if (!g_utf8_validate (path, -1, NULL))
    http_reply_problem (request, 400, "bad-request", "The path is no UTF-8", NULL);
  else if (strcmp (http_method (request), "POST") == 0)
    on_post (port, request, path);
  else if (strcmp (http_method (request), "GET") == 0 ||
           strcmp (http_method (request), "HEAD") == 0)
    on_get (port, request, path);
  else
    http_reply_problem (request, 405, "bad-request", "GET and POST alone", NULL);
}

static const HttpHandler handler = {on_begin, on_finish};

static gboolean
on_forget (gpointer data)
{
  g_hash_table_remove_all (((ConsolePort *)data)->tries);
  return G_SOURCE_CONTINUE;
}

ConsolePort *
console_port_new (City *city, GError **error)
{
  g_autoptr (ConsolePort) port = g_new0 (ConsolePort, 1);

  port->city = city;
  port->sessions = session_table_new (city);
  port->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  port->server = http_server_new (city->config->console, city->server, city->server_key, NULL,
                                  &handler, port, error);
  if (port->server == NULL)
    return NULL;
  port->forget = g_timeout_add_seconds (60, on_forget, port);
  return g_steal_pointer (&port);
}

void
console_port_free (ConsolePort *port)
{
  if (port == NULL)
    return;
  while (port->pending > 0)
    g_main_context_iteration (NULL, TRUE);
  if (port->forget != 0)
    g_source_remove (port->forget);
  http_server_free (port->server);
  session_table_free (port->sessions);
  g_hash_table_unref (port->tries);
  g_free (port);
}

int
console_port_number (const ConsolePort *port)
{
  return http_server_port (port->server);
}
