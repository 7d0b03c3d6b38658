/* enrol.c: one-time codes, certificates, revocation. Refuses to believe what a request says of
 * itself: name, hall and role are those that the code was made for. */
#include "city/enrol.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/db/log-db.h"
#include "city/db/meta-db.h"
#include "domain/case-number.h"
#include "domain/entry.h"
#include "trust/certificate.h"
#include "trust/enrol-code.h"
#include "trust/hash.h"
#include "trust/suite.h"

#define BLOCK_FIRST 199
#define BLOCK_SIZE 200
#define BLOCK_LAST 999

static char
role_letter (const char *role)
{
  return strcmp (role, "kiosk") == 0 ? 'K' : strcmp (role, "desk") == 0 ? 'D' : '\0';
}

/* The next free name, case code and number block of the hall: kiosk 1 draws 1 to 199, kiosk 2 200
 * to 399, and so on. A desk draws none. */
static DeviceRow *
choose (City *city, const char *hall, const char *role, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) taken = device_db_taken (city->db, hall, now, error);
  g_autoptr (DeviceRow) row = g_new0 (DeviceRow, 1);
  g_autofree char *prefix = g_strdup_printf ("%s-%c", hall, role_letter (role));
  const char *letters = CASE_NUMBER_ALPHABET "";
  gint64 highest = 0, block_to = 0;
  gboolean used[128] = {FALSE};

  if (taken == NULL)
    return NULL;
  for (guint i = 0; i < taken->len; i++) {
    g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (taken, i), " ", 3);
    if (g_str_has_prefix (parts[0], prefix))
      highest = MAX (highest, g_ascii_strtoll (parts[0] + strlen (prefix), NULL, 10));
    used[parts[1][0] & 127] = TRUE;
    block_to = MAX (block_to, g_ascii_strtoll (parts[2], NULL, 10));
  }
  /* Letters first: a number that begins GSA reads better than GS2. */
  for (const char *p = letters + 8; row->case_code == NULL && *p != '\0'; p++)
    if (!used[(guchar)*p])
      row->case_code = g_strndup (p, 1);
  for (const char *p = letters; row->case_code == NULL && p < letters + 8; p++)
    if (!used[(guchar)*p])
      row->case_code = g_strndup (p, 1);
  if (role_letter (role) == 'K') {
    row->block_from = block_to == 0 ? 1 : block_to + 1;
    row->block_to = block_to == 0 ? BLOCK_FIRST : block_to + BLOCK_SIZE;
  }
  if (row->case_code == NULL || row->block_to > BLOCK_LAST) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "the hall has no room for one more");
    return NULL;
  }
  row->device = g_strdup_printf ("%s%" G_GINT64_FORMAT, prefix, highest + 1);
  row->hall = g_strdup (hall);
  row->role = g_strdup (role);
  return g_steal_pointer (&row);
}

typedef struct {
  City *city;
  const char *hash;
  DeviceRow *row;
  gint64 now, expires;
} CodeWork;

static gboolean
store_code (Db *db, void *data, GError **error)
{
  CodeWork *work = data;
  return device_db_add_code (db, work->hash, work->row, work->expires, error) &&
         meta_db_audit (db, work->now, "operator", "enrol-code", work->row->device, error);
}

char *
enrol_make_code (City *city, const char *hall, const char *role, const char *device, gint64 now,
                 char **ret_device, GError **error)
{
  guint8 pin[32], secret[ENROL_CODE_SECRET_BYTES];
  g_autofree char *code = NULL, *hash = NULL;
  g_autoptr (DeviceRow) row = NULL;
  CodeWork work;

  if (!case_number_is_hall (hall) || role_letter (role) == '\0' ||
      (device != NULL && (!entry_is_device (device) || !g_str_has_prefix (device, hall)))) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "hall (two characters), role (kiosk, desk) or device (GS-K1) is malformed");
    return NULL;
  }
  if (device != NULL)
    row = device_db_find (city->db, device, NULL);
  if (row == NULL && (row = choose (city, hall, role, now, error)) == NULL)
    return NULL;
  if (device != NULL && strcmp (row->role, role) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "%s is a %s", device, row->role);
    return NULL;
  }
  if (device != NULL && strcmp (row->device, device) != 0) {
    g_free (row->device);
    row->device = g_strdup (device);
  }
  if (!certificate_pin (city->ca, pin, error))
    return NULL;
  code = enrol_code_make (pin, secret);
  hash = hash_sha256_hex (secret, sizeof secret);
  suite_wipe (secret, sizeof secret);
  work = (CodeWork){city, hash, row, now, now + ENROL_CODE_LIFE_MS};
  if (!db_write (city->db, store_code, &work, error))
    return NULL;
  if (ret_device != NULL)
    *ret_device = g_strdup (row->device);
  return g_steal_pointer (&code);
}

/* What a request asks, read strictly. */
typedef struct {
  const char *secret, *csr, *incarnation;
  guint8 key[32];
  char hash[HASH_HEX];
} Asked;

static gboolean
read_request (const json_t *body, Asked *asked, GError **error)
{
  static const char *const allowed[] = {"secret",      "csr",   "device_key",
                                        "incarnation", "proof", NULL};
  const char *key_text = strict_json_peek (body, "device_key", "");
  g_autoptr (GBytes) key = encode_unbase64 (key_text);
  g_autofree char *canonical = strict_json_canonical (body), *hash = NULL;

  asked->secret = strict_json_string (body, "secret", error);
  asked->csr = asked->secret != NULL ? strict_json_string (body, "csr", error) : NULL;
  asked->incarnation = asked->csr != NULL ? strict_json_string (body, "incarnation", error) : NULL;
  if (asked->incarnation == NULL || !strict_json_only (body, allowed, error))
    return FALSE;
  if (!id_is_uuid7 (asked->incarnation) || key == NULL || g_bytes_get_size (key) != 32) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "incarnation or key is malformed");
    return FALSE;
  }
  memcpy (asked->key, g_bytes_get_data (key, NULL), 32);
  hash = hash_sha256_hex (canonical, strlen (canonical));
  g_strlcpy (asked->hash, hash, sizeof asked->hash);
  return TRUE;
}

static gboolean
proof_holds (const Asked *asked, const char *proof)
{
  g_autofree char *csr = hash_sha256_hex (asked->csr, strlen (asked->csr));
  g_autofree char *text =
      g_strdup_printf ("onestop-enrol-1\n%s\n%s\n%s", asked->secret, csr, asked->incarnation);
  g_autoptr (GBytes) raw = encode_unbase64 (proof);

  return raw != NULL && g_bytes_get_size (raw) == SUITE_SIGNATURE_BYTES &&
         suite_verify (asked->key, text, strlen (text), g_bytes_get_data (raw, NULL));
}

typedef struct {
  City *city;
  const Asked *asked;
  DeviceCode *code;
  const char *secret_hash, *certificate;
  gint64 now;
  char *answer; /* out */
} EnrolWork;

static json_t *
make_answer (EnrolWork *work, GError **error)
{
  City *city = work->city;
  DeviceRow *row = work->code->row;
  g_autofree char *keyset = city_keyset (city, error);
  g_autoptr (json_t) parsed =
      keyset != NULL ? strict_json_parse (keyset, strlen (keyset), error) : NULL;
  g_autofree char *key = encode_base64 (key_peek_public (city->keyset_sign), 32);
  g_autofree char *time = clock_format (work->now);
  json_t *block;

  if (parsed == NULL)
    return NULL;
  block = row->block_to > 0 ? json_pack ("{s:I,s:I}", "from", (json_int_t)row->block_from, "to",
                                         (json_int_t)row->block_to)
                            : json_null ();
  return json_pack ("{s:s,s:s,s:s,s:s,s:o,s:s,s:s,s:s,s:O,s:s,s:s}", "device", row->device, "hall",
                    row->hall, "role", row->role, "case_code", row->case_code, "ticket_block",
                    block, "certificate", work->certificate, "ca", city->ca, "keyset_key", key,
                    "keyset", parsed, "epoch", city->epoch, "server_time", time);
}

static gboolean
store_device (Db *db, void *data, GError **error)
{
  EnrolWork *work = data;
  DeviceRow *row = work->code->row;
  g_autoptr (Certificate) certificate =
      certificate_read (work->certificate, strlen (work->certificate), error);
  g_autoptr (json_t) answer = NULL;
  LogRow chain;

  if (certificate == NULL)
    return FALSE;
  memcpy (row->key, work->asked->key, sizeof row->key);
  row->incarnation = g_strdup (work->asked->incarnation);
  if (!device_db_put (db, row, work->now, error) ||
      !device_db_add_certificate (db, certificate->serial, row->device, certificate->to, error) ||
      !log_db_chain (db, row->device, row->incarnation, &chain, error) ||
      !city_issue_keyset (work->city, work->now, error) ||
      !meta_db_audit (db, work->now, "operator", "enrolled", row->device, error))
    return FALSE;
  answer = make_answer (work, error);
  if (answer == NULL)
    return FALSE;
  work->answer = strict_json_write (answer);
  return device_db_use_code (db, work->secret_hash, work->asked->hash, work->answer, error);
}

static void
refuse_code (HttpRequest *request)
{
  http_reply_problem (request, 403, "code-refused", "The code is unknown, used or late", NULL);
}

static void
enrol_with (City *city, HttpRequest *request, const Asked *asked, const char *proof)
{
  g_autoptr (GBytes) secret = encode_unbase32 (asked->secret);
  g_autofree char *hash = NULL, *certificate = NULL;
  g_autoptr (DeviceCode) code = NULL;
  g_autoptr (GError) error = NULL;
  EnrolWork work = {.city = city, .asked = asked, .now = clock_now ()};

  if (secret != NULL && g_bytes_get_size (secret) == ENROL_CODE_SECRET_BYTES) {
    hash = hash_sha256_hex (g_bytes_get_data (secret, NULL), ENROL_CODE_SECRET_BYTES);
    code = device_db_find_code (city->db, hash, NULL);
  }
  if (code == NULL || work.now > code->expires_at ||
      (code->request_hash != NULL && strcmp (code->request_hash, asked->hash) != 0)) {
    refuse_code (request);
    return;
  }
  if (code->answer != NULL) {
    http_reply_text (request, 201, "application/json", code->answer);
    return;
  }
  if (!proof_holds (asked, proof)) {
    http_reply_problem (request, 403, "bad-signature", "The proof does not verify", NULL);
    return;
  }
  certificate =
      certificate_issue (city->ca_key, city->ca, asked->csr, code->row->hall, code->row->role,
                         code->row->device, work.now, CERTIFICATE_DAYS, &error);
  if (certificate == NULL) {
    http_reply_problem (request, 400, "bad-request", error->message, NULL);
    return;
  }
  work.code = code;
  work.secret_hash = hash;
  work.certificate = certificate;
  if (!db_write (city->db, store_device, &work, &error)) {
    if (onestop_error_is (error, ONESTOP_ERROR_DENIED))
      refuse_code (request);
    else
      http_reply_error (request, error);
    g_free (work.answer);
    return;
  }
  log_notice ("city.enrolled", "%s", code->row->device);
  http_reply_text (request, 201, "application/json", work.answer);
  g_free (work.answer);
  if (city->on_feed != NULL)
    city->on_feed (city->on_feed_data);
}

void
enrol_request (City *city, HttpRequest *request)
{
  GByteArray *raw = http_body (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) body = strict_json_parse ((const char *)raw->data, raw->len, &error);
  Asked asked;

  if (body == NULL || !read_request (body, &asked, &error))
    http_reply_problem (request, 400, "bad-request", error->message, NULL);
  else
    enrol_with (city, request, &asked, strict_json_peek (body, "proof", ""));
}

typedef struct {
  const char *certificate;
  const char *device;
} RenewWork;

static gboolean
store_certificate (Db *db, void *data, GError **error)
{
  RenewWork *work = data;
  g_autoptr (Certificate) certificate =
      certificate_read (work->certificate, strlen (work->certificate), error);
  return certificate != NULL &&
         device_db_add_certificate (db, certificate->serial, work->device, certificate->to, error);
}

void
enrol_renew (City *city, HttpRequest *request, const DeviceRow *device)
{
  GByteArray *raw = http_body (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) body = strict_json_parse ((const char *)raw->data, raw->len, &error);
  const char *csr = body != NULL ? strict_json_string (body, "csr", &error) : NULL;
  g_autofree char *certificate =
      csr != NULL ? certificate_issue (city->ca_key, city->ca, csr, device->hall, device->role,
                                       device->device, clock_now (), CERTIFICATE_DAYS, &error)
                  : NULL;
  RenewWork work = {certificate, device->device};
  g_autoptr (json_t) answer = NULL;

  if (certificate == NULL) {
    http_reply_problem (request, 400, "bad-request", error->message, NULL);
    return;
  }
  if (!db_write (city->db, store_certificate, &work, &error)) {
    http_reply_error (request, error);
    return;
  }
  answer = json_pack ("{s:s}", "certificate", certificate);
  http_reply_json (request, 200, answer);
}

typedef struct {
  City *city;
  const char *device, *state, *action;
  gint64 now;
} StateWork;

static gboolean
store_state (Db *db, void *data, GError **error)
{
  StateWork *work = data;
  return device_db_set_state (db, work->device, work->state, work->now, error) &&
         city_issue_keyset (work->city, work->now, error) &&
         meta_db_audit (db, work->now, "operator", work->action, work->device, error);
}

gboolean
enrol_revoke (City *city, const char *device, gint64 now, GError **error)
{
  StateWork work = {city, device, "revoked", "revoked", now};
  return db_write (city->db, store_state, &work, error);
}

gboolean
enrol_release (City *city, const char *device, gint64 now, GError **error)
{
  StateWork work = {city, device, "active", "released", now};
  return db_write (city->db, store_state, &work, error);
}
