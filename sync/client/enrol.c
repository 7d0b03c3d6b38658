/* enrol.c: from a one-time code to a device with keys, certificate and key set. Refuses to send a
 * single byte of ours before the CA has proved to be the one that the code names. */
#include "client/enrol.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "client/http.h"
#include "client/uplink.h"
#include "store/db.h"
#include "store/key-set-store.h"
#include "trust/certificate.h"
#include "trust/enrol-code.h"
#include "trust/suite.h"

#define MAX_PEM 65536

typedef struct {
  Config *config;
  char *directory;
  char *tls_key_path, *certificate_path, *ca_path, *device_key_path, *request_path;
  guint8 secret[ENROL_CODE_SECRET_BYTES], pin[ENROL_CODE_PIN_BYTES];
  Db *db;
  Key *device_key;
  char *csr;
  char *ca_pem;
  Http *http;
} Enrol;

static void
enrol_clear (Enrol *enrol)
{
  http_free (enrol->http);
  key_free (enrol->device_key);
  db_free (enrol->db);
  config_free (enrol->config);
  g_free (enrol->directory);
  g_free (enrol->tls_key_path);
  g_free (enrol->certificate_path);
  g_free (enrol->ca_path);
  g_free (enrol->device_key_path);
  g_free (enrol->request_path);
  g_free (enrol->csr);
  g_free (enrol->ca_pem);
  suite_wipe (enrol->secret, sizeof enrol->secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Enrol, enrol_clear)

static gboolean
open_place (Enrol *enrol, const char *option, GError **error)
{
  g_autofree char *path = config_path (option), *keys = NULL, *enrolled = NULL;
  Config *config = enrol->config = config_load (path, error);

  if (config == NULL)
    return FALSE;
  enrol->directory = g_strdup (config->store_directory);
  enrolled = g_build_filename (enrol->directory, "enrolment.json", NULL);
  if (g_file_test (enrolled, G_FILE_TEST_EXISTS)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "%s: this device is enrolled already", enrolled);
    return FALSE;
  }
  enrol->db = db_open (enrol->directory, clock_now (), error);
  if (enrol->db == NULL)
    return FALSE;
  keys = g_build_filename (enrol->directory, "keys", NULL);
  enrol->device_key_path = g_build_filename (keys, "device.key", NULL);
  enrol->request_path = g_build_filename (keys, "enrol.csr", NULL);
  enrol->tls_key_path = uplink_key_path (config, config->city_key, "tls.key");
  enrol->certificate_path = uplink_key_path (config, config->city_certificate, "tls.crt");
  enrol->ca_path = uplink_key_path (config, config->city_ca, "ca.crt");
  return file_make_folder (keys, 0700, error);
}

/* The device key; one from an attempt before this one is kept. */
static gboolean
make_device_key (Enrol *enrol, GError **error)
{
  g_autoptr (GError) problem = NULL;

  enrol->device_key = key_load (KEY_KIND_SIGN, enrol->device_key_path, &problem);
  if (enrol->device_key != NULL)
    return TRUE;
  if (!onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  enrol->device_key = key_new (KEY_KIND_SIGN);
  return key_save (enrol->device_key, enrol->device_key_path, error);
}

/* TLS key and request; kept as they are until the answer is there, for the same request again gets
 * the same answer. */
static gboolean
make_request (Enrol *enrol, GError **error)
{
  g_autofree char *key = file_read_text (enrol->tls_key_path, MAX_PEM, NULL);
  gboolean done;

  enrol->csr = key != NULL ? file_read_text (enrol->request_path, MAX_PEM, NULL) : NULL;
  if (enrol->csr != NULL) {
    suite_wipe (key, strlen (key));
    return TRUE;
  }
  if (key == NULL) {
    key = certificate_make_key (error);
    if (key == NULL || !file_write (enrol->tls_key_path, key, strlen (key), 0600, error))
      return FALSE;
  }
  enrol->csr = certificate_request (key, "onestop device", error);
  done = enrol->csr != NULL &&
         file_write (enrol->request_path, enrol->csr, strlen (enrol->csr), 0600, error);
  suite_wipe (key, strlen (key));
  return done;
}

/* Over a line that is not verified, and with nothing of ours in it, the CA; then the pin decides.
 */
static gboolean
fetch_ca (Enrol *enrol, const char *url, GError **error)
{
  HttpRequest request = {.method = "GET", .path = "/v1/ca", .max = MAX_PEM};
  g_autoptr (HttpAnswer) answer = NULL;

  enrol->http = http_new (url, error);
  if (enrol->http == NULL || (answer = http_send (enrol->http, &request, error)) == NULL ||
      !http_answer_is_good (answer, NULL, error))
    return FALSE;
  enrol->ca_pem =
      g_strndup (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body));
  if (!enrol_code_matches (enrol->pin, enrol->ca_pem)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the server at %s is not the city that made this code; nothing was sent", url);
    return FALSE;
  }
  http_trust (enrol->http, enrol->ca_pem);
  return TRUE;
}

static char *
request_text (const Enrol *enrol)
{
  const char *incarnation = db_peek_incarnation (enrol->db);
  g_autofree char *secret = encode_base32 (enrol->secret, sizeof enrol->secret);
  g_autofree char *hash = hash_sha256_hex (enrol->csr, strlen (enrol->csr));
  g_autofree char *message =
      g_strdup_printf ("onestop-enrol-1\n%s\n%s\n%s", secret, hash, incarnation);
  g_autofree char *public_key = encode_base64 (key_peek_public (enrol->device_key), 32);
  guint8 signature[SUITE_SIGNATURE_BYTES];
  g_autofree char *proof = NULL;
  g_autoptr (json_t) json = NULL;

  key_sign (enrol->device_key, message, strlen (message), signature);
  proof = encode_base64 (signature, sizeof signature);
  json = json_pack ("{s:s,s:s,s:s,s:s,s:s}", "secret", secret, "csr", enrol->csr, "device_key",
                    public_key, "incarnation", incarnation, "proof", proof);
  return strict_json_write (json);
}

static json_t *
ask (Enrol *enrol, GError **error)
{
  g_autofree char *body = request_text (enrol);
  const char *headers[] = {"Content-Type: application/json", NULL};
  HttpRequest request = {.method = "POST",
                         .path = "/v1/enrol",
                         .headers = headers,
                         .body = body,
                         .length = strlen (body)};
  g_autoptr (HttpAnswer) answer = NULL;

  fault_point ("sync.before-enrol");
  answer = http_send (enrol->http, &request, error);
  suite_wipe (body, strlen (body));
  if (answer == NULL || !http_answer_is_good (answer, NULL, error))
    return NULL;
  return http_answer_json (answer, error);
}

/* ---- the answer ---- */

static gboolean
read_block (const json_t *answer, Enrolment *enrolment, GError **error)
{
  json_t *block = json_object_get (answer, "ticket_block");
  gint64 from, to;

  if (block == NULL || json_is_null (block))
    return TRUE;
  if (!strict_json_int (block, "from", &from, error) || !strict_json_int (block, "to", &to, error))
    return FALSE;
  enrolment->ticket_from = (int)from;
  enrolment->ticket_to = (int)to;
  return TRUE;
}

static gboolean
read_key (const json_t *answer, guint8 ret_key[32], GError **error)
{
  const char *base64 = strict_json_string (answer, "keyset_key", error);
  g_autoptr (GBytes) bytes = base64 != NULL ? encode_unbase64 (base64) : NULL;

  if (base64 == NULL)
    return FALSE;
  if (bytes == NULL || g_bytes_get_size (bytes) != 32) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "keyset_key is malformed");
    return FALSE;
  }
  memcpy (ret_key, g_bytes_get_data (bytes, NULL), 32);
  return TRUE;
}

static Enrolment *
read_enrolment (const json_t *answer, const char *url, GError **error)
{
  g_autoptr (Enrolment) enrolment = g_new0 (Enrolment, 1);
  const char *device, *hall, *role, *case_code;
  json_t *name = json_object_get (answer, "hall_name");

  if ((device = strict_json_string (answer, "device", error)) == NULL ||
      (hall = strict_json_string (answer, "hall", error)) == NULL ||
      (role = strict_json_string (answer, "role", error)) == NULL ||
      (case_code = strict_json_string (answer, "case_code", error)) == NULL ||
      !read_block (answer, enrolment, error) || !read_key (answer, enrolment->keyset_key, error))
    return NULL;
  enrolment->device = g_strdup (device);
  enrolment->hall = g_strdup (hall);
  enrolment->role = g_strdup (role);
  enrolment->case_code = *case_code;
  enrolment->city = g_strdup (url);
  enrolment->hall_name_zh = g_strdup (strict_json_peek (name, "zh-CN", NULL));
  enrolment->hall_name_en = g_strdup (strict_json_peek (name, "en", NULL));
  return g_steal_pointer (&enrolment);
}

/* The certificate must be ours, the CA the one we checked, the key set signed and sealing for us.
 */
static gboolean
judge_answer (const Enrol *enrol, const json_t *answer, const Enrolment *enrolment,
              const char *key_set_text, GError **error)
{
  const char *pem = strict_json_string (answer, "certificate", error);
  g_autoptr (Certificate) certificate = NULL;
  g_autoptr (KeySet) set = NULL;

  if (pem == NULL)
    return FALSE;
  certificate = certificate_check (pem, strlen (pem), enrol->ca_pem, clock_now (), NULL, error);
  if (certificate == NULL)
    return FALSE;
  if (strcmp (certificate->device, enrolment->device) != 0 ||
      strcmp (certificate->hall, enrolment->hall) != 0 ||
      strcmp (certificate->role, enrolment->role) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the certificate names another device than the answer");
    return FALSE;
  }
  set = key_set_parse (key_set_text, strlen (key_set_text), enrolment->keyset_key, error);
  return set != NULL;
}

static gboolean
keep (const Enrol *enrol, const json_t *answer, const Enrolment *enrolment,
      const char *key_set_text, GError **error)
{
  const char *pem = strict_json_string (answer, "certificate", error);
  g_autoptr (GBytes) key_set = g_bytes_new (key_set_text, strlen (key_set_text));

  fault_point ("sync.enrolled");
  if (!file_write (enrol->certificate_path, pem, strlen (pem), 0600, error) ||
      !file_write (enrol->ca_path, enrol->ca_pem, strlen (enrol->ca_pem), 0600, error) ||
      !key_set_store_replace (enrol->directory, key_set, error) ||
      !enrolment_save (enrol->directory, enrolment, clock_now (), error))
    return FALSE;
  g_unlink (enrol->request_path);
  return TRUE;
}

static void
compare_with_config (const Config *config, const Enrolment *enrolment)
{
  if (*config->device_id != '\0' && strcmp (config->device_id, enrolment->device) != 0)
    log_warning ("sync.enrol-name", "the configuration names this device %s, the city %s",
                 config->device_id, enrolment->device);
  if (*config->hall_id != '\0' && strcmp (config->hall_id, enrolment->hall) != 0)
    log_warning ("sync.enrol-hall", "the configuration names the hall %s, the city %s",
                 config->hall_id, enrolment->hall);
}

gboolean
enrol_run (const char *option, const char *url, const char *code, char **ret_device, GError **error)
{
  g_auto (Enrol) enrol = {0};
  g_autoptr (json_t) answer = NULL;
  g_autoptr (Enrolment) enrolment = NULL;
  g_autofree char *key_set_text = NULL;
  json_t *key_set;

  if (!enrol_code_parse (code, enrol.secret, enrol.pin, error) ||
      !open_place (&enrol, option, error) || !fetch_ca (&enrol, url, error) ||
      !make_device_key (&enrol, error) || !make_request (&enrol, error) ||
      (answer = ask (&enrol, error)) == NULL ||
      (enrolment = read_enrolment (answer, url, error)) == NULL ||
      (key_set = strict_json_object (answer, "keyset", error)) == NULL)
    return FALSE;
  key_set_text = strict_json_write (key_set);
  if (!judge_answer (&enrol, answer, enrolment, key_set_text, error) ||
      !keep (&enrol, answer, enrolment, key_set_text, error))
    return FALSE;
  compare_with_config (enrol.config, enrolment);
  *ret_device = g_strdup (enrolment->device);
  return TRUE;
}
