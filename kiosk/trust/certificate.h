/* certificate.h: the city's own X.509 (RFC 5280) authority, on GnuTLS: keys, requests, issuance,
 * reading and checking. ECDSA P-256 with SHA-256 throughout; everything in PEM text.
 *
 * A device's certificate says who it is in one URI of its subjectAltName:
 *   urn:onestop:HALL:ROLE:DEVICE       (urn:onestop:GS:kiosk:GS-K1; roles kiosk, desk, hall)
 * and is for TLS clients only. A server's holds DNS names and addresses and is for servers only. */
#pragma once

#include <glib.h>

#define CERTIFICATE_DAYS 30 /* of a device */
#define CERTIFICATE_SERVER_DAYS 397
#define CERTIFICATE_CA_DAYS 3650

/* A new private key, PEM (PKCS #8). Save it with 0600. Owned; wipe it with suite_wipe. */
char *certificate_make_key (GError **error);

/* A self-signed CA (path length 0) for `key_pem`, from a day before `now`. Owned. */
char *certificate_make_ca (const char *key_pem, const char *name, gint64 now, GError **error);

/* A request (PKCS #10) for `key_pem` with the common name `device`. Owned. */
char *certificate_request (const char *key_pem, const char *device, GError **error);

/* Issues to the key of `request_pem`; name and role come from the arguments, never from the
 * request. DENIED if the request's own signature does not hold, or its key is no P-256 or better;
 * INVALID if hall, role, device are malformed or unreadable PEM. `now` and `days` give the
 * validity (from an hour before `now`). Owned. */
char *certificate_issue (const char *ca_key_pem, const char *ca_pem, const char *request_pem,
                         const char *hall, const char *role, const char *device, gint64 now,
                         guint days, GError **error);

/* For a server: `names` is NULL-terminated, DNS names and literal IP addresses. Owned. */
char *certificate_issue_server (const char *ca_key_pem, const char *ca_pem, const char *key_pem,
                                const char *const *names, gint64 now, guint days, GError **error);

/* What a device's certificate says. */
typedef struct {
  char *hall, *role, *device;
  char *serial;    /* lower-case hex */
  gint64 from, to; /* ms */
} Certificate;

void certificate_free (Certificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, certificate_free)

/* Reads a device certificate, PEM or DER, without judging it. INVALID. Owned. */
Certificate *certificate_read (const void *bytes, gsize length, GError **error);

/* Judges a device certificate (PEM or DER): issued by `ca_pem`, valid at `now`, for clients, not in
 * the NULL-terminated list `revoked` of serials (may be NULL). DENIED with the reason. Owned. */
Certificate *certificate_check (const void *bytes, gsize length, const char *ca_pem, gint64 now,
                                const char *const *revoked, GError **error);

/* The peer's certificate (DER) of a running GnuTLS session (gnutls_session_t, as microhttpd gives
 * it); NULL if it sent none. Owned. */
GBytes *certificate_peer (gpointer gnutls_session);

/* When any certificate (PEM) starts and ends, ms. INVALID. */
gboolean certificate_times (const char *pem, gint64 *ret_from, gint64 *ret_to, GError **error);

/* SHA-256 over the public key (SubjectPublicKeyInfo, DER) of the first certificate in `pem`.
 * INVALID. */
gboolean certificate_pin (const char *pem, guint8 ret_hash[32], GError **error);
