/* device-port.c: the table of requests a device may make. Refuses by itself whoever is not the
 * device that he says: TLS only passes the certificate on. */
#include "city/device-port.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/db/object-db.h"
#include "city/enrol.h"
#include "city/feed.h"
#include "city/ingest.h"
#include "city/object.h"
#include "city/upload.h"
#include "trust/certificate.h"
#include "wire/batch.h"

#define BODY_MAX (256 * 1024)
#define TRIES_MAX 20 /* enrolments an address may try in a minute */
#define SWEEP_SECONDS 3600

struct DevicePort {
  City *city;
  HttpServer *server;
  Feed *feed;
  Uploads *uploads;
  GHashTable *tries; /* address -> count, emptied each minute */
  guint forget, sweep;
};

typedef struct Route Route;

typedef void (*Answer) (DevicePort *port, HttpRequest *request, const DeviceRow *device,
                        const char *rest);

struct Route {
  const char *method, *path; /* a path that ends with '/' has one more segment */
  gboolean open;             /* answers without a certificate */
  gsize body;                /* its largest body; 0: none */
  gboolean early;            /* answers when the headers are here */
  Answer answer;
};

static void
answer_health (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  http_reply_text (request, 200, "text/plain; charset=utf-8", "ok\n");
}

static void
answer_ca (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  http_reply_text (request, 200, "application/x-pem-file", port->city->ca);
}

static void
answer_enrol (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  const char *peer = http_peer (request);
  int tries = GPOINTER_TO_INT (g_hash_table_lookup (port->tries, peer)) + 1;

  g_hash_table_replace (port->tries, g_strdup (peer), GINT_TO_POINTER (tries));
  if (tries > TRIES_MAX)
    http_reply_problem (request, 429, "busy", "Too many tries from this address", NULL);
  else
    enrol_request (port->city, request);
}

static void
answer_renew (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  enrol_renew (port->city, request, device);
}

static void
answer_time (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  g_autofree char *time = clock_format (clock_now ());
  g_autoptr (json_t) document = city_sign (
      port->city, "time", json_pack ("{s:s,s:s}", "epoch", port->city->epoch, "server_time", time));
  http_reply_json (request, 200, document);
}

static void
answer_keyset (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = city_keyset (port->city, &error), *tag = NULL;

  if (text == NULL) {
    http_reply_error (request, error);
    return;
  }
  tag = g_strdup_printf ("\"%x-%zu\"", g_str_hash (text), strlen (text));
  http_set_header (request, "ETag", tag);
  if (g_strcmp0 (http_header (request, "If-None-Match"), tag) == 0)
    http_reply (request, 304, NULL, "", 0);
  else
    http_reply_text (request, 200, "application/json", text);
}

static void
answer_entries (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  ingest_batch (port->city, request, device);
}

static void
answer_entries_state (DevicePort *port, HttpRequest *request, const DeviceRow *device,
                      const char *rest)
{
  ingest_state (port->city, request, device);
}

static void
not_here (HttpRequest *request)
{
  http_reply_problem (request, 404, "not-found", "It is not here", NULL);
}

static void
answer_object_head (DevicePort *port, HttpRequest *request, const DeviceRow *device,
                    const char *rest)
{
  if (object_is_name (rest) && object_db_has (port->city->db, rest, NULL))
    http_reply (request, 200, "application/octet-stream", "", 0);
  else
    not_here (request);
}

/* "bytes=K-" alone; anything else is served whole, as HTTP permits. */
static gint64
range_start (HttpRequest *request, gint64 size)
{
  const char *text = http_header (request, "Range");
  g_autofree char *digits = NULL;
  guint64 from;

  if (text == NULL || !g_str_has_prefix (text, "bytes=") || !g_str_has_suffix (text, "-"))
    return 0;
  digits = g_strndup (text + 6, strlen (text) - 7);
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &from, NULL))
    return 0;
  return (gint64)from < size ? (gint64)from : -1;
}

static void
answer_object (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  g_autofree char *path = NULL, *range = NULL;
  struct stat st;
  gint64 from;
  int fd;

  if (strcmp (device->role, "desk") != 0) {
    http_reply_problem (request, 403, "wrong-role", "Objects go to desks alone", NULL);
    return;
  }
  if (!object_is_name (rest) || !object_db_has (port->city->db, rest, NULL)) {
    not_here (request);
    return;
  }
  if (!object_db_used_in (port->city->db, rest, device->hall, NULL)) {
    http_reply_problem (request, 403, "wrong-hall", "This object is not of your hall", NULL);
    return;
  }
  path = object_path (port->city, rest);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &st) != 0) {
    g_autoptr (GError) error = NULL;
    file_set_error (&error, errno, "cannot open", path);
    http_reply_error (request, error);
    if (fd >= 0)
      close (fd);
    return;
  }
  from = range_start (request, st.st_size);
  if (from < 0) {
    close (fd);
    http_reply_problem (request, 416, "bad-request", "The range is past the end", NULL);
    return;
  }
  if (from > 0) {
    range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                             from, (gint64)st.st_size - 1, (gint64)st.st_size);
    http_set_header (request, "Content-Range", range);
  }
  http_reply_file (request, from > 0 ? 206 : 200, "application/octet-stream", fd, from,
                   st.st_size - from);
}

static void
answer_upload (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  upload_begin (port->uploads, request, device->device, rest);
}

static void
answer_feed (DevicePort *port, HttpRequest *request, const DeviceRow *device, const char *rest)
{
  feed_request (port->feed, request, device);
}

static const Route routes[] = {
    {"GET", "/healthz", TRUE, 0, FALSE, answer_health},
    {"GET", "/v1/ca", TRUE, 0, FALSE, answer_ca},
    {"POST", "/v1/enrol", TRUE, BODY_MAX, FALSE, answer_enrol},
    {"POST", "/v1/renew", FALSE, BODY_MAX, FALSE, answer_renew},
    {"GET", "/v1/time", FALSE, 0, FALSE, answer_time},
    {"GET", "/v1/keyset", FALSE, 0, FALSE, answer_keyset},
    {"POST", "/v1/entries", FALSE, BATCH_MAX_COMPRESSED, FALSE, answer_entries},
    {"GET", "/v1/entries", FALSE, 0, FALSE, answer_entries_state},
    {"HEAD", "/v1/objects/", FALSE, 0, FALSE, answer_object_head},
    {"GET", "/v1/objects/", FALSE, 0, FALSE, answer_object},
    {"POST", "/v1/uploads", FALSE, 0, TRUE, answer_upload},
    {"HEAD", "/v1/uploads/", FALSE, 0, TRUE, answer_upload},
    {"PATCH", "/v1/uploads/", FALSE, 0, TRUE, answer_upload},
    {"DELETE", "/v1/uploads/", FALSE, 0, TRUE, answer_upload},
    {"GET", "/v1/feed", FALSE, 0, FALSE, answer_feed},
};

static const Route *
find_route (HttpRequest *request, const char **ret_rest)
{
  const char *path = http_path (request);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    const Route *route = &routes[i];
    gsize length = strlen (route->path);
    gboolean deeper = route->path[length - 1] == '/';
    if (strcmp (route->method, http_method (request)) != 0)
      continue;
    if (deeper ? strncmp (path, route->path, length) == 0 : strcmp (path, route->path) == 0) {
      *ret_rest = deeper ? path + length : NULL;
      return route;
    }
  }
  return NULL;
}

/* The device behind the certificate, as it is registered now. NULL after a reply. */
static DeviceRow *
authenticate (DevicePort *port, HttpRequest *request)
{
  GBytes *der = http_peer_certificate (request);
  g_autoptr (Certificate) certificate = NULL;
  g_autoptr (DeviceRow) device = NULL;
  g_autoptr (GError) error = NULL;

  if (der == NULL) {
    http_reply_problem (request, 401, "certificate-required", "A device's certificate is needed",
                        NULL);
    return NULL;
  }
  certificate = certificate_check (g_bytes_get_data (der, NULL), g_bytes_get_size (der),
                                   port->city->ca, clock_now (), NULL, &error);
  if (certificate != NULL)
    device = device_db_find (port->city->db, certificate->device, &error);
  if (device != NULL &&
      (strcmp (device->hall, certificate->hall) != 0 ||
       strcmp (device->role, certificate->role) != 0 || strcmp (device->state, "revoked") == 0 ||
       !device_db_certificate_is_good (port->city->db, certificate->serial, device->device, NULL)))
    g_clear_pointer (&device, device_db_row_free);
  if (device == NULL) {
    log_warning ("city.certificate-refused", "%s from %s: %s", http_path (request),
                 http_peer (request), error != NULL ? error->message : "not the registered device");
    http_reply_problem (request, 403, "certificate-refused", "This certificate is not accepted",
                        NULL);
    return NULL;
  }
  return g_steal_pointer (&device);
}

static void
answer (DevicePort *port, HttpRequest *request, const Route *route, const char *rest)
{
  g_autoptr (DeviceRow) device = NULL;

  if (!route->open && (device = authenticate (port, request)) == NULL)
    return;
  route->answer (port, request, device, rest);
}

static void
on_begin (HttpRequest *request, gpointer data)
{
  DevicePort *port = data;
  const char *rest = NULL;
  const Route *route = find_route (request, &rest);

  if (route == NULL) {
    not_here (request);
  } else if (route->early) {
    answer (port, request, route, rest);
  } else if (route->body > 0) {
    g_autoptr (DeviceRow) device = NULL;
    /* Nobody's bytes are collected who may not send any. */
    if (!route->open && (device = authenticate (port, request)) == NULL)
      return;
    http_collect (request, route->body);
  }
}

static void
on_finish (HttpRequest *request, gpointer data)
{
  DevicePort *port = data;
  const char *rest = NULL;
  const Route *route = find_route (request, &rest);

  if (route->early)
    upload_finish (port->uploads, request);
  else
    answer (port, request, route, rest);
}

static const HttpHandler handler = {on_begin, on_finish};

static gboolean
on_forget (gpointer data)
{
  g_hash_table_remove_all (((DevicePort *)data)->tries);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_sweep (gpointer data)
{
  upload_sweep (((DevicePort *)data)->uploads);
  return G_SOURCE_CONTINUE;
}

DevicePort *
device_port_new (City *city, GError **error)
{
  g_autoptr (DevicePort) port = g_new0 (DevicePort, 1);

  port->city = city;
  port->feed = feed_new (city);
  port->uploads = upload_new (city);
  port->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  port->server = http_server_new (city->config->listen, city->server, city->server_key, city->ca,
                                  &handler, port, error);
  if (port->server == NULL)
    return NULL;
  port->forget = g_timeout_add_seconds (60, on_forget, port);
  port->sweep = g_timeout_add_seconds (SWEEP_SECONDS, on_sweep, port);
  return g_steal_pointer (&port);
}

void
device_port_free (DevicePort *port)
{
  if (port == NULL)
    return;
  if (port->forget != 0)
    g_source_remove (port->forget);
  if (port->sweep != 0)
    g_source_remove (port->sweep);
  feed_end (port->feed);
  http_server_free (port->server);
  feed_free (port->feed);
  upload_free (port->uploads);
  g_hash_table_unref (port->tries);
  g_free (port);
}

int
device_port_number (const DevicePort *port)
{
  return http_server_port (port->server);
}
