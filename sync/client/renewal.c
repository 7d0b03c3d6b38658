/* renewal.c: asks for a new certificate in time. Refuses one that is not for this device. */
#include "client/renewal.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "trust/certificate.h"
#include "trust/suite.h"

#define MAX_PEM 65536

static gboolean
is_for_us (const Uplink *uplink, const char *pem, gint64 judged, GError **error)
{
  g_autoptr (Certificate) new =
      certificate_check (pem, strlen (pem), uplink->ca_pem, judged, NULL, error);

  if (new == NULL)
    return FALSE;
  if (strcmp (new->device, uplink->enrolment->device) == 0 &&
      strcmp (new->hall, uplink->enrolment->hall) == 0 &&
      strcmp (new->role, uplink->enrolment->role) == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "the city's new certificate is for another device");
  return FALSE;
}

/* The request as JSON text. */
static char *
make_request (Uplink *uplink, GError **error)
{
  g_autofree char *key = file_read_text (uplink->key_path, MAX_PEM, error);
  g_autofree char *csr =
      key != NULL ? certificate_request (key, uplink->enrolment->device, error) : NULL;
  g_autoptr (json_t) json = csr != NULL ? json_pack ("{s:s}", "csr", csr) : NULL;

  if (key != NULL)
    suite_wipe (key, strlen (key));
  return json != NULL ? strict_json_write (json) : NULL;
}

gboolean
renewal_run (Uplink *uplink, GError **error)
{
  g_autofree char *old = file_read_text (uplink->certificate_path, MAX_PEM, error), *body = NULL;
  const char *headers[] = {"Content-Type: application/json", NULL};
  HttpRequest request = {.method = "POST", .path = "/v1/renew", .headers = headers};
  g_autoptr (HttpAnswer) answer = NULL;
  g_autoptr (json_t) document = NULL;
  gint64 from, to, judged;
  const char *pem;

  if (old == NULL || !certificate_times (old, &from, &to, error))
    return FALSE;
  uplink_clock_unsure (uplink, &judged);
  if (judged < from + (to - from) / 2)
    return TRUE;
  if ((body = make_request (uplink, error)) == NULL)
    return FALSE;
  request.body = body;
  request.length = strlen (body);
  if ((answer = uplink_ask (uplink, &request, error)) == NULL ||
      (document = http_answer_json (answer, error)) == NULL ||
      (pem = strict_json_string (document, "certificate", error)) == NULL ||
      !is_for_us (uplink, pem, judged, error) ||
      !file_write (uplink->certificate_path, pem, strlen (pem), 0600, error))
    return FALSE;
  log_notice ("sync.renewed", "the device's certificate was renewed");
  return TRUE;
}
