/* certificate.c: the city's own certificate authority on GnuTLS. Refuses to take a name from a
 * request, and to believe a certificate whose every part it has not judged itself. */
#include "trust/certificate.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "trust/hash.h"

#define URI_HEAD "urn:onestop:"
#define HOUR (3600)
#define DAY (24 * HOUR)

typedef struct gnutls_x509_crt_int Crt;
typedef struct gnutls_x509_crq_int Crq;
typedef struct gnutls_x509_privkey_int Privkey;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Crt, gnutls_x509_crt_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Crq, gnutls_x509_crq_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Privkey, gnutls_x509_privkey_deinit)

/* TRUE if `code` is no error; else an error of `kind`. */
static gboolean
check (int code, OnestopError kind, const char *what, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, kind, "%s: %s", what, gnutls_strerror (code));
  return FALSE;
}

static gnutls_datum_t
datum (const void *bytes, gsize length)
{
  return (gnutls_datum_t){(unsigned char *)bytes, (unsigned)length};
}

static Crt *
load_crt (const void *bytes, gsize length, GError **error)
{
  gnutls_datum_t data = datum (bytes, length);
  g_autoptr (Crt) crt = NULL;
  gboolean pem = length > 0 && g_strstr_len (bytes, (gssize)length, "-----BEGIN") != NULL;

  gnutls_x509_crt_init (&crt);
  if (!check (gnutls_x509_crt_import (crt, &data, pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER),
              ONESTOP_ERROR_INVALID, "certificate", error))
    return NULL;
  return g_steal_pointer (&crt);
}

static Privkey *
load_key (const char *pem, GError **error)
{
  gnutls_datum_t data = datum (pem, strlen (pem));
  g_autoptr (Privkey) key = NULL;

  gnutls_x509_privkey_init (&key);
  if (!check (gnutls_x509_privkey_import (key, &data, GNUTLS_X509_FMT_PEM), ONESTOP_ERROR_INVALID,
              "private key", error))
    return NULL;
  return g_steal_pointer (&key);
}

/* Takes GnuTLS's own memory as a string of ours, wiping the original. */
static char *
take_text (gnutls_datum_t *data)
{
  char *text = g_strndup ((const char *)data->data, data->size);

  gnutls_memset (data->data, 0, data->size);
  gnutls_free (data->data);
  return text;
}

char *
certificate_make_key (GError **error)
{
  g_autoptr (Privkey) key = NULL;
  gnutls_datum_t pem = {0};

  gnutls_x509_privkey_init (&key);
  if (!check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
              ONESTOP_ERROR_BUG, "cannot make a key", error) ||
      !check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                 &pem),
              ONESTOP_ERROR_BUG, "cannot write a key", error))
    return NULL;
  return take_text (&pem);
}

/* What every certificate of ours has. */
static gboolean
fill (Crt *crt, const char *name, gint64 from, gint64 to, GError **error)
{
  guint8 serial[16];

  id_random (serial, sizeof serial);
  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and always of one length */
  return check (gnutls_x509_crt_set_version (crt, 3), ONESTOP_ERROR_BUG, "version", error) &&
         check (gnutls_x509_crt_set_serial (crt, serial, sizeof serial), ONESTOP_ERROR_BUG,
                "serial", error) &&
         check (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                               (unsigned)strlen (name)),
                ONESTOP_ERROR_INVALID, "name", error) &&
         check (gnutls_x509_crt_set_activation_time (crt, (time_t)from), ONESTOP_ERROR_BUG, "time",
                error) &&
         check (gnutls_x509_crt_set_expiration_time (crt, (time_t)to), ONESTOP_ERROR_BUG, "time",
                error);
}

static gboolean
set_key_ids (Crt *crt, Crt *issuer, GError **error)
{
  guint8 id[64];
  size_t length = sizeof id;

  if (!check (gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA256, id, &length),
              ONESTOP_ERROR_BUG, "key id", error) ||
      !check (gnutls_x509_crt_set_subject_key_id (crt, id, MIN (length, 20)), ONESTOP_ERROR_BUG,
              "key id", error))
    return FALSE;
  length = sizeof id;
  return check (gnutls_x509_crt_get_key_id (issuer, GNUTLS_KEYID_USE_SHA256, id, &length),
                ONESTOP_ERROR_BUG, "key id", error) &&
         check (gnutls_x509_crt_set_authority_key_id (crt, id, MIN (length, 20)), ONESTOP_ERROR_BUG,
                "key id", error);
}

static char *
sign_and_write (Crt *crt, Crt *issuer, Privkey *issuer_key, GError **error)
{
  gnutls_datum_t pem = {0};

  if (!set_key_ids (crt, issuer, error) ||
      !check (gnutls_x509_crt_sign2 (crt, issuer, issuer_key, GNUTLS_DIG_SHA256, 0),
              ONESTOP_ERROR_BUG, "cannot sign", error) ||
      !check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), ONESTOP_ERROR_BUG,
              "cannot write a certificate", error))
    return NULL;
  return take_text (&pem);
}

char *
certificate_make_ca (const char *key_pem, const char *name, gint64 now, GError **error)
{
  g_autoptr (Privkey) key = load_key (key_pem, error);
  g_autoptr (Crt) crt = NULL;
  gint64 s = now / 1000;

  if (key == NULL)
    return NULL;
  gnutls_x509_crt_init (&crt);
  if (!fill (crt, name, s - DAY, s + CERTIFICATE_CA_DAYS * (gint64)DAY, error) ||
      !check (gnutls_x509_crt_set_key (crt, key), ONESTOP_ERROR_BUG, "key", error) ||
      !check (gnutls_x509_crt_set_basic_constraints (crt, 1, 0), ONESTOP_ERROR_BUG, "constraints",
              error) ||
      !check (gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
              ONESTOP_ERROR_BUG, "usage", error))
    return NULL;
  return sign_and_write (crt, crt, key, error);
}

char *
certificate_request (const char *key_pem, const char *device, GError **error)
{
  g_autoptr (Privkey) key = load_key (key_pem, error);
  g_autoptr (Crq) crq = NULL;
  gnutls_datum_t pem = {0};

  if (key == NULL)
    return NULL;
  gnutls_x509_crq_init (&crq);
  if (!check (gnutls_x509_crq_set_version (crq, 1), ONESTOP_ERROR_BUG, "version", error) ||
      !check (gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_COMMON_NAME, 0, device,
                                             (unsigned)strlen (device)),
              ONESTOP_ERROR_INVALID, "name", error) ||
      !check (gnutls_x509_crq_set_key (crq, key), ONESTOP_ERROR_BUG, "key", error) ||
      !check (gnutls_x509_crq_sign2 (crq, key, GNUTLS_DIG_SHA256, 0), ONESTOP_ERROR_BUG,
              "cannot sign a request", error) ||
      !check (gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_PEM, &pem), ONESTOP_ERROR_BUG,
              "cannot write a request", error))
    return NULL;
  return take_text (&pem);
}

/* hall, role and device as they may stand in the URI. */
static gboolean
word_is_fine (const char *word)
{
  gsize length = strlen (word);

  if (length == 0 || length > 32)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (word[i]) && word[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean
role_is_fine (const char *role)
{
  return strcmp (role, "kiosk") == 0 || strcmp (role, "desk") == 0 || strcmp (role, "hall") == 0;
}

/* A request whose own signature holds, with a key of at least 128 bits of strength. */
static Crq *
load_request (const char *pem, GError **error)
{
  gnutls_datum_t data = datum (pem, strlen (pem));
  g_autoptr (Crq) crq = NULL;
  unsigned bits = 0;
  int algorithm;

  gnutls_x509_crq_init (&crq);
  if (!check (gnutls_x509_crq_import (crq, &data, GNUTLS_X509_FMT_PEM), ONESTOP_ERROR_INVALID,
              "request", error) ||
      !check (gnutls_x509_crq_verify (crq, 0), ONESTOP_ERROR_DENIED, "request", error))
    return NULL;
  algorithm = gnutls_x509_crq_get_pk_algorithm (crq, &bits);
  if (algorithm != GNUTLS_PK_EDDSA_ED25519 && (algorithm != GNUTLS_PK_ECDSA || bits < 256)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "request: its key is too weak");
    return NULL;
  }
  return g_steal_pointer (&crq);
}

static gboolean
set_leaf (Crt *crt, const char *purpose, GError **error)
{
  return check (gnutls_x509_crt_set_basic_constraints (crt, 0, -1), ONESTOP_ERROR_BUG,
                "constraints", error) &&
         check (gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE),
                ONESTOP_ERROR_BUG, "usage", error) &&
         check (gnutls_x509_crt_set_key_purpose_oid (crt, purpose, 1), ONESTOP_ERROR_BUG, "purpose",
                error);
}

/* Nothing but the key: names and extensions of a request count for nothing. */
static gboolean
take_public_key (Crt *crt, Crq *crq, GError **error)
{
  gnutls_pubkey_t key = NULL;
  gboolean done;

  gnutls_pubkey_init (&key);
  done = check (gnutls_pubkey_import_x509_crq (key, crq, 0), ONESTOP_ERROR_INVALID, "request",
                error) &&
         check (gnutls_x509_crt_set_pubkey (crt, key), ONESTOP_ERROR_BUG, "key", error);
  gnutls_pubkey_deinit (key);
  return done;
}

char *
certificate_issue (const char *ca_key_pem, const char *ca_pem, const char *request_pem,
                   const char *hall, const char *role, const char *device, gint64 now, guint days,
                   GError **error)
{
  g_autofree char *uri = g_strdup_printf (URI_HEAD "%s:%s:%s", hall, role, device);
  g_autoptr (Privkey) ca_key = load_key (ca_key_pem, error);
  g_autoptr (Crt) ca = ca_key != NULL ? load_crt (ca_pem, strlen (ca_pem), error) : NULL;
  g_autoptr (Crq) crq = ca != NULL ? load_request (request_pem, error) : NULL;
  g_autoptr (Crt) crt = NULL;
  gint64 s = now / 1000;

  if (crq == NULL)
    return NULL;
  if (!word_is_fine (hall) || !role_is_fine (role) || !word_is_fine (device)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "hall, role or device malformed");
    return NULL;
  }
  gnutls_x509_crt_init (&crt);
  if (!fill (crt, device, s - HOUR, s + days * (gint64)DAY, error) ||
      !take_public_key (crt, crq, error) ||
      !check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_URI, uri,
                                                    (unsigned)strlen (uri), GNUTLS_FSAN_SET),
              ONESTOP_ERROR_BUG, "uri", error) ||
      !set_leaf (crt, GNUTLS_KP_TLS_WWW_CLIENT, error))
    return NULL;
  return sign_and_write (crt, ca, ca_key, error);
}

static gboolean
add_name (Crt *crt, const char *name, GError **error)
{
  guint8 address[16];
  gsize length = inet_pton (AF_INET, name, address) == 1    ? 4
                 : inet_pton (AF_INET6, name, address) == 1 ? 16
                                                            : 0;
  int code = length > 0
                 ? gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, address,
                                                         (unsigned)length, GNUTLS_FSAN_APPEND)
                 : gnutls_x509_crt_set_subject_alt_name (
                       crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen (name), GNUTLS_FSAN_APPEND);
  return check (code, ONESTOP_ERROR_INVALID, "server name", error);
}

char *
certificate_issue_server (const char *ca_key_pem, const char *ca_pem, const char *key_pem,
                          const char *const *names, gint64 now, guint days, GError **error)
{
  g_autoptr (Privkey) ca_key = load_key (ca_key_pem, error);
  g_autoptr (Crt) ca = ca_key != NULL ? load_crt (ca_pem, strlen (ca_pem), error) : NULL;
  g_autoptr (Privkey) key = ca != NULL ? load_key (key_pem, error) : NULL;
  g_autoptr (Crt) crt = NULL;
  gint64 s = now / 1000;

  if (key == NULL)
    return NULL;
  if (names[0] == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a server needs a name");
    return NULL;
  }
  gnutls_x509_crt_init (&crt);
  if (!fill (crt, names[0], s - HOUR, s + days * (gint64)DAY, error) ||
      !check (gnutls_x509_crt_set_key (crt, key), ONESTOP_ERROR_BUG, "key", error) ||
      !set_leaf (crt, GNUTLS_KP_TLS_WWW_SERVER, error))
    return NULL;
  for (const char *const *name = names; *name != NULL; name++)
    if (!add_name (crt, *name, error))
      return NULL;
  return sign_and_write (crt, ca, ca_key, error);
}

void
certificate_free (Certificate *certificate)
{
  if (certificate == NULL)
    return;
  g_free (certificate->hall);
  g_free (certificate->role);
  g_free (certificate->device);
  g_free (certificate->serial);
  g_free (certificate);
}

/* hall, role, device out of the one name of the certificate. */
static gboolean
read_uri (Crt *crt, Certificate *certificate)
{
  char uri[160], common[64];
  size_t length = sizeof uri, common_length = sizeof common;
  g_auto (GStrv) parts = NULL;
  size_t none = 0;

  if (gnutls_x509_crt_get_subject_alt_name (crt, 0, uri, &length, NULL) != GNUTLS_SAN_URI ||
      length >= sizeof uri || memchr (uri, '\0', length) != NULL ||
      gnutls_x509_crt_get_subject_alt_name (crt, 1, NULL, &none, NULL) !=
          GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ||
      gnutls_x509_crt_get_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, common,
                                     &common_length) < 0)
    return FALSE;
  uri[length] = '\0';
  if (!g_str_has_prefix (uri, URI_HEAD))
    return FALSE;
  parts = g_strsplit (uri + strlen (URI_HEAD), ":", -1);
  if (g_strv_length (parts) != 3 || !word_is_fine (parts[0]) || !role_is_fine (parts[1]) ||
      !word_is_fine (parts[2]) || strcmp (common, parts[2]) != 0)
    return FALSE;
  certificate->hall = g_strdup (parts[0]);
  certificate->role = g_strdup (parts[1]);
  certificate->device = g_strdup (parts[2]);
  return TRUE;
}

static Certificate *
describe (Crt *crt, GError **error)
{
  g_autoptr (Certificate) certificate = g_new0 (Certificate, 1);
  guint8 serial[64];
  size_t length = sizeof serial;

  if (gnutls_x509_crt_get_serial (crt, serial, &length) < 0 || !read_uri (crt, certificate)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not the certificate of a device");
    return NULL;
  }
  certificate->serial = encode_hex (serial, length);
  certificate->from = (gint64)gnutls_x509_crt_get_activation_time (crt) * 1000;
  certificate->to = (gint64)gnutls_x509_crt_get_expiration_time (crt) * 1000;
  return g_steal_pointer (&certificate);
}

Certificate *
certificate_read (const void *bytes, gsize length, GError **error)
{
  g_autoptr (Crt) crt = load_crt (bytes, length, error);
  return crt != NULL ? describe (crt, error) : NULL;
}

static gboolean
deny (GError **error, const char *why)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "certificate refused: %s", why);
  return FALSE;
}

/* Issued by the CA and for clients. Time is judged apart, with the caller's clock. */
static gboolean
issued_for_clients (Crt *crt, Crt *ca, GError **error)
{
  char purpose[64];
  size_t length = sizeof purpose;
  unsigned status = 0, usage = 0;
  const unsigned flags = GNUTLS_VERIFY_DISABLE_TIME_CHECKS;
  int code = gnutls_x509_crt_verify (crt, &ca, 1, flags, &status);

  if (code < 0 || status != 0)
    return deny (error, "not issued by this city");
  if (gnutls_x509_crt_get_ca_status (crt, NULL) > 0 ||
      gnutls_x509_crt_get_key_usage (crt, &usage, NULL) < 0 ||
      (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 ||
      gnutls_x509_crt_get_key_purpose_oid (crt, 0, purpose, &length, NULL) < 0 ||
      strcmp (purpose, GNUTLS_KP_TLS_WWW_CLIENT) != 0)
    return deny (error, "not for a device");
  return TRUE;
}

Certificate *
certificate_check (const void *bytes, gsize length, const char *ca_pem, gint64 now,
                   const char *const *revoked, GError **error)
{
  g_autoptr (Crt) ca = load_crt (ca_pem, strlen (ca_pem), error);
  g_autoptr (Crt) crt = NULL;
  g_autoptr (Certificate) certificate = NULL;

  if (ca == NULL)
    return NULL;
  if ((crt = load_crt (bytes, length, NULL)) == NULL) {
    deny (error, "unreadable");
    return NULL;
  }
  if (!issued_for_clients (crt, ca, error))
    return NULL;
  if ((certificate = describe (crt, NULL)) == NULL) {
    deny (error, "it names no device");
    return NULL;
  }
  if (now < certificate->from || now > certificate->to) {
    deny (error, now < certificate->from ? "not valid yet" : "expired");
    return NULL;
  }
  if (revoked != NULL && g_strv_contains (revoked, certificate->serial)) {
    deny (error, "revoked");
    return NULL;
  }
  return g_steal_pointer (&certificate);
}

GBytes *
certificate_peer (gpointer gnutls_session)
{
  unsigned n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (gnutls_session, &n);

  return chain != NULL && n > 0 ? g_bytes_new (chain[0].data, chain[0].size) : NULL;
}

gboolean
certificate_times (const char *pem, gint64 *ret_from, gint64 *ret_to, GError **error)
{
  g_autoptr (Crt) crt = load_crt (pem, strlen (pem), error);

  if (crt == NULL)
    return FALSE;
  *ret_from = (gint64)gnutls_x509_crt_get_activation_time (crt) * 1000;
  *ret_to = (gint64)gnutls_x509_crt_get_expiration_time (crt) * 1000;
  return TRUE;
}

gboolean
certificate_pin (const char *pem, guint8 ret_hash[32], GError **error)
{
  g_autoptr (Crt) crt = load_crt (pem, strlen (pem), error);
  gnutls_pubkey_t key = NULL;
  gnutls_datum_t der = {0};
  gboolean done;

  if (crt == NULL)
    return FALSE;
  gnutls_pubkey_init (&key);
  done =
      check (gnutls_pubkey_import_x509 (key, crt, 0), ONESTOP_ERROR_INVALID, "public key", error) &&
      check (gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der), ONESTOP_ERROR_INVALID,
             "public key", error);
  gnutls_pubkey_deinit (key);
  if (done) {
    hash_sha256 (der.data, der.size, ret_hash);
    gnutls_free (der.data);
  }
  return done;
}
