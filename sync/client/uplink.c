/* uplink.c: opens the device's store and keys, and sends. Refuses to run for a device that is not
 * enrolled. */
#include "client/uplink.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "store/key-set-store.h"
#include "store/peer-store.h"

#define BUILT G_GINT64_CONSTANT (1767225600000) /* 2026-01-01: no time before it is believed */
#define UNSURE_AFTER (30 * 86400 * G_GINT64_CONSTANT (1000))
#define MAX_PEM 65536

char *
uplink_key_path (const Config *config, const char *configured, const char *name)
{
  if (configured != NULL && *configured != '\0')
    return g_strdup (configured);
  return g_build_filename (config->store_directory, "keys", name, NULL);
}

static gboolean
open_keys (Uplink *uplink, GError **error)
{
  const Config *config = uplink->config;
  g_autofree char *device = uplink_key_path (config, NULL, "device.key");

  uplink->ca_path = uplink_key_path (config, config->city_ca, "ca.crt");
  uplink->certificate_path = uplink_key_path (config, config->city_certificate, "tls.crt");
  uplink->key_path = uplink_key_path (config, config->city_key, "tls.key");
  uplink->device_key = key_load (KEY_KIND_SIGN, device, error);
  if (uplink->device_key == NULL)
    return FALSE;
  uplink->ca_pem = file_read_text (uplink->ca_path, MAX_PEM, error);
  return uplink->ca_pem != NULL;
}

static Http *
open_line (const Uplink *uplink, GError **error)
{
  const char *configured = uplink->config->city_url;
  const char *url =
      configured != NULL && *configured != '\0' ? configured : uplink->enrolment->city;
  Http *http = http_new (url != NULL ? url : "", error);

  if (http == NULL)
    return NULL;
  http_trust (http, uplink->ca_pem);
  http_present (http, uplink->certificate_path, uplink->key_path);
  return http;
}

Uplink *
uplink_open (const char *option, GError **error)
{
  g_autofree char *path = config_path (option);
  g_autoptr (Uplink) uplink = g_new0 (Uplink, 1);
  g_autoptr (GError) no_key_set = NULL;

  if ((uplink->config = config_load (path, error)) == NULL)
    return NULL;
  uplink->directory = g_strdup (uplink->config->store_directory);
  uplink->enrolment = enrolment_load (uplink->directory, error);
  if (uplink->enrolment == NULL) {
    if (error == NULL || onestop_error_is (*error, ONESTOP_ERROR_NOT_FOUND))
      g_prefix_error (error, "this device is not enrolled: ");
    return NULL;
  }
  if ((uplink->db = db_open (uplink->directory, clock_now (), error)) == NULL ||
      !open_keys (uplink, error) || (uplink->http = open_line (uplink, error)) == NULL ||
      (uplink->feed = open_line (uplink, error)) == NULL)
    return NULL;
  if (!uplink_load_key_set (uplink, &no_key_set)) {
    log_warning ("sync.no-key-set", "%s", no_key_set->message);
    uplink->want_key_set = TRUE;
  }
  return g_steal_pointer (&uplink);
}

void
uplink_free (Uplink *uplink)
{
  if (uplink == NULL)
    return;
  http_free (uplink->feed);
  http_free (uplink->http);
  key_set_free (uplink->key_set);
  key_free (uplink->device_key);
  enrolment_free (uplink->enrolment);
  db_free (uplink->db);
  config_free (uplink->config);
  g_free (uplink->directory);
  g_free (uplink->ca_pem);
  g_free (uplink->ca_path);
  g_free (uplink->certificate_path);
  g_free (uplink->key_path);
  g_free (uplink);
}

void
uplink_stop_when (Uplink *uplink, HttpStop stop, gpointer data)
{
  http_stop_when (uplink->http, stop, data);
  http_stop_when (uplink->feed, stop, data);
}

static gint64
last_server_time (Uplink *uplink)
{
  g_autoptr (PeerState) state = peer_store_load (uplink->db, NULL);
  return state != NULL ? state->server_time : 0;
}

gint64
uplink_floor (Uplink *uplink)
{
  gint64 issued = uplink->key_set != NULL ? uplink->key_set->issued : 0;
  return MAX (BUILT, MAX (issued, last_server_time (uplink)));
}

gboolean
uplink_clock_unsure (Uplink *uplink, gint64 *ret_judged)
{
  gint64 now = clock_now (), floor = uplink_floor (uplink), heard = last_server_time (uplink);
  gboolean unsure = now < floor || (heard > 0 && now > heard + UNSURE_AFTER);

  *ret_judged = unsure ? floor : now;
  return unsure;
}

HttpAnswer *
uplink_send (Uplink *uplink, const HttpRequest *request, GError **error)
{
  gint64 floor = uplink_floor (uplink), judged;
  g_autoptr (GError) problem = NULL;
  HttpAnswer *answer;

  http_judge_at (uplink->http, MAX (clock_now (), floor));
  http_judge_at (uplink->feed, MAX (clock_now (), floor));
  answer = http_send (uplink->http, request, &problem);
  if (answer == NULL && onestop_error_is (problem, ONESTOP_ERROR_DENIED) &&
      uplink_clock_unsure (uplink, &judged)) {
    g_clear_error (&problem);
    http_judge_at (uplink->http, floor);
    http_judge_at (uplink->feed, floor);
    answer = http_send (uplink->http, request, &problem);
  }
  if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return answer;
}

HttpAnswer *
uplink_ask (Uplink *uplink, const HttpRequest *request, GError **error)
{
  g_autoptr (HttpAnswer) answer = uplink_send (uplink, request, error);

  if (answer == NULL || !http_answer_is_good (answer, NULL, error))
    return NULL;
  return g_steal_pointer (&answer);
}

gboolean
uplink_load_key_set (Uplink *uplink, GError **error)
{
  g_autoptr (GBytes) bytes = key_set_store_read (uplink->directory, error);
  KeySet *set;

  if (bytes == NULL)
    return FALSE;
  set = key_set_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                       uplink->enrolment->keyset_key, error);
  if (set == NULL)
    return FALSE;
  key_set_free (uplink->key_set);
  uplink->key_set = set;
  return TRUE;
}
