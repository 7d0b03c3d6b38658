/* http.c: libcurl behind a narrow door. Refuses every convenience that could widen trust: system
 * CAs, proxies, redirects, other protocols, answers without a limit. */
#include "client/http.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"

#define MAX_ANSWER (1024 * 1024)
#define MAX_HEADERS 64
#define CONNECT_SECONDS 10
#define QUIET_SECONDS 30

struct _Http {
  CURL *curl;
  CURLM *multi; /* made at the first http_start */
  char *url, *ca, *certificate, *key;
  gint64 judge_at;
  HttpStop stop;
  gpointer stop_data;
  /* of the running request */
  struct curl_slist *headers;
  GByteArray *body;
  GHashTable *answered;
  gsize max;
  gboolean too_large, busy;
  char problem[CURL_ERROR_SIZE];
};

static gboolean
url_is_fine (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && strcmp (g_uri_get_scheme (uri), "https") == 0 &&
         g_uri_get_host (uri) != NULL && g_uri_get_userinfo (uri) == NULL &&
         g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
         (*g_uri_get_path (uri) == '\0' || strcmp (g_uri_get_path (uri), "/") == 0);
}

Http *
http_new (const char *url, GError **error)
{
  static gsize once;
  Http *http;

  if (!url_is_fine (url)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "\"%s\" is not https://HOST[:PORT]",
                 url);
    return NULL;
  }
  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
  http = g_new0 (Http, 1);
  http->curl = curl_easy_init ();
  if (http->curl == NULL)
    g_error ("libcurl cannot start");
  http->url = g_strdup (url);
  if (g_str_has_suffix (http->url, "/"))
    http->url[strlen (http->url) - 1] = '\0';
  return http;
}

static void
end_request (Http *http)
{
  if (http->busy && http->multi != NULL)
    curl_multi_remove_handle (http->multi, http->curl);
  http->busy = FALSE;
  g_clear_pointer (&http->headers, curl_slist_free_all);
  g_clear_pointer (&http->body, g_byte_array_unref);
  g_clear_pointer (&http->answered, g_hash_table_unref);
}

void
http_free (Http *http)
{
  if (http == NULL)
    return;
  end_request (http);
  curl_easy_cleanup (http->curl);
  if (http->multi != NULL)
    curl_multi_cleanup (http->multi);
  g_free (http->url);
  g_free (http->ca);
  g_free (http->certificate);
  g_free (http->key);
  g_free (http);
}

void
http_trust (Http *http, const char *ca_pem)
{
  g_free (http->ca);
  http->ca = g_strdup (ca_pem);
}

void
http_present (Http *http, const char *certificate_path, const char *key_path)
{
  g_free (http->certificate);
  g_free (http->key);
  http->certificate = g_strdup (certificate_path);
  http->key = g_strdup (key_path);
}

void
http_judge_at (Http *http, gint64 ms)
{
  http->judge_at = ms;
}

void
http_stop_when (Http *http, HttpStop stop, gpointer data)
{
  http->stop = stop;
  http->stop_data = data;
}

void
http_answer_free (HttpAnswer *answer)
{
  if (answer == NULL)
    return;
  g_bytes_unref (answer->body);
  g_hash_table_unref (answer->headers);
  g_free (answer);
}

/* ---- what libcurl calls ---- */

static size_t
on_body (char *bytes, size_t one, size_t n, void *data)
{
  Http *http = data;

  if (n > http->max - MIN (http->max, http->body->len)) {
    http->too_large = TRUE;
    return 0;
  }
  g_byte_array_append (http->body, (const guint8 *)bytes, (guint)n);
  return n;
}

static size_t
on_header (char *bytes, size_t one, size_t n, void *data)
{
  Http *http = data;
  const char *colon = memchr (bytes, ':', n);
  char *name, *value;

  if (n > 5 && memcmp (bytes, "HTTP/", 5) == 0)
    g_hash_table_remove_all (http->answered);
  if (colon == NULL || g_hash_table_size (http->answered) >= MAX_HEADERS)
    return n;
  name = g_ascii_strdown (bytes, colon - bytes);
  value = g_strndup (colon + 1, n - (colon + 1 - bytes));
  g_strstrip (value);
  g_hash_table_replace (http->answered, name, value);
  return n;
}

static int
on_progress (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  Http *http = data;
  return http->stop != NULL && http->stop (http->stop_data);
}

static CURLcode
on_ssl_context (CURL *curl, void *context, void *data)
{
  const Http *http = data;

  if (http->judge_at != 0)
    X509_VERIFY_PARAM_set_time (SSL_CTX_get0_param (context), (time_t)(http->judge_at / 1000));
  return CURLE_OK;
}

/* ---- one request ---- */

static void
set_trust (Http *http)
{
  CURL *curl = http->curl;

  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_CAINFO, NULL);
  curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
  if (http->ca != NULL) {
    struct curl_blob blob = {http->ca, strlen (http->ca), CURL_BLOB_NOCOPY};
    curl_easy_setopt (curl, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, on_ssl_context);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, http);
  } else {
    curl_easy_setopt (curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt (curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt (curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt (curl, CURLOPT_FORBID_REUSE, 1L);
    return;
  }
  if (http->certificate != NULL) {
    curl_easy_setopt (curl, CURLOPT_SSLCERT, http->certificate);
    curl_easy_setopt (curl, CURLOPT_SSLKEY, http->key);
  }
}

static void
set_body (Http *http, const HttpRequest *request)
{
  gboolean has_body = request->body != NULL || strcmp (request->method, "POST") == 0 ||
                      strcmp (request->method, "PATCH") == 0;

  if (strcmp (request->method, "HEAD") == 0)
    curl_easy_setopt (http->curl, CURLOPT_NOBODY, 1L);
  else if (has_body) {
    curl_easy_setopt (http->curl, CURLOPT_POST, 1L);
    curl_easy_setopt (http->curl, CURLOPT_POSTFIELDS, request->body != NULL ? request->body : "");
    curl_easy_setopt (http->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
  }
  curl_easy_setopt (http->curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void
prepare (Http *http, const HttpRequest *request)
{
  g_autofree char *url = g_strconcat (http->url, request->path, NULL);
  CURL *curl = http->curl;

  end_request (http);
  curl_easy_reset (curl);
  http->body = request->collect != NULL ? g_byte_array_ref (request->collect) : g_byte_array_new ();
  http->answered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  http->max = request->max != 0 ? request->max : MAX_ANSWER;
  http->too_large = FALSE;
  *http->problem = '\0';
  /* No "100 Continue" is waited for, and a form is never what we send. */
  http->headers = curl_slist_append (NULL, "Expect:");
  http->headers = curl_slist_append (http->headers, "Content-Type:");
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    http->headers = curl_slist_append (http->headers, request->headers[i]);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, http->headers);
  curl_easy_setopt (curl, CURLOPT_USERAGENT, "onestop-sync/" ONESTOP_VERSION);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, http->problem);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_TIME,
                    (long)(request->quiet != 0 ? request->quiet : QUIET_SECONDS));
  curl_easy_setopt (curl, CURLOPT_UPLOAD_BUFFERSIZE, 262144L);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, http);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, http);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, http);
  set_trust (http);
  set_body (http, request);
}

static OnestopError
code_for (const Http *http, CURLcode code)
{
  switch (code) {
  case CURLE_ABORTED_BY_CALLBACK:
    return ONESTOP_ERROR_CANCELLED;
  case CURLE_WRITE_ERROR:
    return http->too_large ? ONESTOP_ERROR_FULL : ONESTOP_ERROR_RETRY;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
    return ONESTOP_ERROR_DENIED;
  case CURLE_OUT_OF_MEMORY:
    return ONESTOP_ERROR_RETRY;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
    return ONESTOP_ERROR_INVALID;
  default:
    return ONESTOP_ERROR_OFFLINE;
  }
}

/* The finished request as an answer. */
static HttpAnswer *
conclude (Http *http, CURLcode code, GError **error)
{
  HttpAnswer *answer = NULL;
  long status = 0;

  if (code != CURLE_OK) {
    g_set_error (error, ONESTOP_ERROR, (int)code_for (http, code), "%s: %s", http->url,
                 *http->problem != '\0' ? http->problem : curl_easy_strerror (code));
  } else {
    curl_easy_getinfo (http->curl, CURLINFO_RESPONSE_CODE, &status);
    answer = g_new0 (HttpAnswer, 1);
    answer->status = (int)status;
    answer->body = g_bytes_new (http->body->data, http->body->len);
    answer->headers = g_hash_table_ref (http->answered);
  }
  end_request (http);
  return answer;
}

HttpAnswer *
http_send (Http *http, const HttpRequest *request, GError **error)
{
  prepare (http, request);
  return conclude (http, curl_easy_perform (http->curl), error);
}

gboolean
http_start (Http *http, const HttpRequest *request, GError **error)
{
  g_return_val_if_fail (!http->busy, FALSE);
  if (http->multi == NULL)
    http->multi = curl_multi_init ();
  prepare (http, request);
  if (http->multi == NULL || curl_multi_add_handle (http->multi, http->curl) != CURLM_OK) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "libcurl cannot start a request");
    return FALSE;
  }
  http->busy = TRUE;
  return TRUE;
}

gboolean
http_busy (const Http *http)
{
  return http->busy;
}

HttpAnswer *
http_poll (Http *http, guint ms, GError **error)
{
  int running = 0, left;
  CURLMsg *message;

  g_return_val_if_fail (http->busy, NULL);
  curl_multi_perform (http->multi, &running);
  if (running > 0 && ms > 0) {
    curl_multi_poll (http->multi, NULL, 0, (int)ms, NULL);
    curl_multi_perform (http->multi, &running);
  }
  while ((message = curl_multi_info_read (http->multi, &left)) != NULL)
    if (message->msg == CURLMSG_DONE)
      return conclude (http, message->data.result, error);
  return NULL;
}

void
http_cancel (Http *http)
{
  end_request (http);
}

/* ---- answers ---- */

const char *
http_answer_header (const HttpAnswer *answer, const char *name)
{
  return g_hash_table_lookup (answer->headers, name);
}

static OnestopError
code_of_status (int status)
{
  if (status == 401 || status == 403)
    return ONESTOP_ERROR_DENIED;
  if (status == 404 || status == 410)
    return ONESTOP_ERROR_NOT_FOUND;
  if (status == 409)
    return ONESTOP_ERROR_CONFLICT;
  if (status == 507)
    return ONESTOP_ERROR_FULL;
  if (status == 408 || status == 429 || status >= 500)
    return ONESTOP_ERROR_RETRY;
  return ONESTOP_ERROR_INVALID;
}

gboolean
http_answer_is_good (const HttpAnswer *answer, char **ret_word, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (json_t) problem = NULL;
  const char *type, *word = NULL;

  if (answer->status >= 200 && answer->status < 300)
    return TRUE;
  problem = length > 0 ? strict_json_parse (text, length, NULL) : NULL;
  type = strict_json_peek (problem, "type", NULL);
  if (type != NULL && (word = strrchr (type, type[0] == 'u' ? ':' : '#')) != NULL)
    word++;
  g_set_error (error, ONESTOP_ERROR, (int)code_of_status (answer->status),
               "the city answers %d%s%s", answer->status, word != NULL ? " " : "",
               word != NULL ? word : "");
  if (ret_word != NULL)
    *ret_word = g_strdup (word);
  return FALSE;
}

json_t *
http_answer_json (const HttpAnswer *answer, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);
  json_t *json = strict_json_parse (text != NULL ? text : "", length, error);

  if (json == NULL || json_is_object (json))
    return json;
  json_decref (json);
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the city's answer is no object");
  return NULL;
}
