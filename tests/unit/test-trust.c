/* test-trust.c: hashes, keys, key sets, log chain, certificates and codes. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "trust/certificate.h"
#include "trust/enrol-code.h"
#include "trust/hash.h"
#include "trust/key-set.h"
#include "trust/key-wrap.h"
#include "trust/key.h"
#include "trust/log-chain.h"
#include "trust/signed-document.h"
#include "trust/suite.h"

#define NOW G_GINT64_CONSTANT (1795400000000)
#define DAY G_GINT64_CONSTANT (86400000)

static json_t *
vector (const char *file, const char *member)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "protocol", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) all = strict_json_load (path, &error);
  json_t *value;

  g_assert_no_error (error);
  value = member != NULL ? json_object_get (all, member) : all;
  g_assert_nonnull (value);
  return json_incref (value);
}

static void
public_key_of (const char *base64, guint8 key[32])
{
  g_autoptr (GBytes) bytes = encode_unbase64 (base64);

  g_assert_cmpint (g_bytes_get_size (bytes), ==, 32);
  memcpy (key, g_bytes_get_data (bytes, NULL), 32);
}

static void
test_hash (void)
{
  /* FIPS 180-4 examples */
  g_autofree char *abc = hash_sha256_hex ("abc", 3), *empty = hash_sha256_hex ("", 0);
  g_autofree char *pieces = NULL, *of_file = NULL;
  g_autoptr (Hash) hash = hash_new ();
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "onestop-hash-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (abc, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  hash_add (hash, "a", 1);
  hash_add (hash, "bc", 2);
  pieces = hash_finish_hex (hash);
  g_assert_cmpstr (pieces, ==, abc);
  g_assert_cmpint (write (fd, "abc", 3), ==, 3);
  g_close (fd, NULL);
  of_file = hash_file_hex (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (of_file, ==, abc);
  g_unlink (path);
  g_assert_null (hash_file_hex (path, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_sign (void)
{
  /* RFC 8032, section 7.1, test 2 */
  guint8 seed[32], expected_public[32], expected[64], signature[64];
  g_autoptr (Key) key = NULL;

  g_assert_true (
      encode_unhex ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", seed, 32));
  g_assert_true (encode_unhex ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                               expected_public, 32));
  g_assert_true (encode_unhex ("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                               expected, 64));
  key = key_new_from_secret (KEY_KIND_SIGN, seed);
  g_assert_cmpmem (key_peek_public (key), 32, expected_public, 32);
  key_sign (key, "\x72", 1, signature);
  g_assert_cmpmem (signature, 64, expected, 64);
  g_assert_true (suite_verify (expected_public, "\x72", 1, signature));
  for (guint bit = 0; bit < 512; bit++) {
    memcpy (signature, expected, 64);
    signature[bit / 8] ^= 1 << (bit % 8);
    g_assert_false (suite_verify (expected_public, "\x72", 1, signature));
  }
}

static void
test_key_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "device.key", NULL);
  g_autoptr (Key) key = key_new (KEY_KIND_SIGN), again = NULL, other = key_new (KEY_KIND_SEAL);
  g_autoptr (GError) error = NULL;
  GStatBuf st;

  g_assert_true (key_save (key, path, &error));
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (st.st_size, ==, 32);
  again = key_load (KEY_KIND_SIGN, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key_peek_kid (again), ==, key_peek_kid (key));
  g_assert_cmpstr (key_peek_kid (other), !=, key_peek_kid (key));
  g_assert_false (key_save (other, path, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_chmod (path, 0640);
  g_assert_null (key_load (KEY_KIND_SIGN, path, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_true (file_write (path, "short", 5, 0600, NULL));
  g_assert_null (key_load (KEY_KIND_SIGN, path, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_null (key_load (KEY_KIND_SIGN, path, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_rmdir (folder);
}

static void
test_key_wrap (void)
{
  static const char pass[] = "correct horse battery";
  g_autoptr (Key) key = key_new (KEY_KIND_SEAL), again = NULL, wrong = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) wrap = key_wrap (key, pass, &error), greedy = NULL;

  g_assert_no_error (error);
  again = key_wrap_open (KEY_KIND_SEAL, wrap, pass, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (key_peek_secret (again), 32, key_peek_secret (key), 32);
  wrong = key_wrap_open (KEY_KIND_SEAL, wrap, "correct horse batterz", &error);
  g_assert_null (wrong);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_null (key_wrap (key, "eleven char", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  greedy = json_deep_copy (wrap);
  json_object_set_new (greedy, "mem", json_integer (G_MAXINT64));
  g_assert_null (key_wrap_open (KEY_KIND_SEAL, greedy, pass, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_key_set_vector (void)
{
  g_autoptr (json_t) document = vector ("keyset.json", "keyset");
  g_autoptr (json_t) answer = vector ("enrol.json", "answer");
  g_autofree char *text = strict_json_write (document);
  g_autoptr (GPtrArray) recipients = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KeySet) set = NULL;
  guint8 signer[32], kid[8];

  public_key_of (strict_json_peek (answer, "keyset_key", NULL), signer);
  set = key_set_parse (text, strlen (text), signer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (set->version, ==, 3);
  recipients = key_set_recipients (set, "GS", NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (recipients->len, ==, 3);
  g_assert_cmpstr (((KeySetRecipient *)recipients->pdata[0])->kid, ==, "724db84a05c8616a");
  g_assert_cmpstr (((KeySetRecipient *)recipients->pdata[1])->hall, ==, "GS");
  g_assert_true (encode_unhex ("7751cda99a595122", kid, 8));
  g_assert_cmpstr (key_set_peek_ticket_key (set, kid)->device, ==, "GS-K1");
  g_assert_null (key_set_recipients (set, "XX", NOW, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_null (key_set_recipients (set, "GS", set->expires, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_null (key_set_recipients (set, "GS", set->issued - 2 * DAY, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
}

/* One letter changed anywhere in the package must not give a key set. */
static void
test_key_set_tampered (void)
{
  g_autoptr (Key) signer = key_new (KEY_KIND_SIGN), working = key_new (KEY_KIND_SEAL),
                  device = key_new (KEY_KIND_SIGN), stranger = key_new (KEY_KIND_SIGN);
  g_autoptr (KeySet) set = key_set_new (1, NOW, NOW + KEY_SET_LIFE_MS), again = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (working));
  key_set_add_ticket_key (set, "GS-K1", "GS", key_peek_public (device), NOW, NOW + DAY, NOW + 5);
  text = key_set_sign (set, signer);
  length = strlen (text);
  again = key_set_parse (text, length, key_peek_public (signer), &error);
  g_assert_no_error (error);
  g_assert_cmpint (((KeySetTicketKey *)again->ticket_keys->pdata[0])->revoked, ==, NOW + 5);
  g_assert_null (key_set_parse (text, length, key_peek_public (stranger), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  for (gsize i = 0; i < length; i++) {
    g_autofree char *copy = g_strdup (text);
    copy[i] ^= 1;
    g_assert_null (key_set_parse (copy, length, key_peek_public (signer), NULL));
    g_assert_null (key_set_parse (text, i, key_peek_public (signer), NULL));
  }
}

static void
test_signed_documents (void)
{
  g_autoptr (json_t) answer = vector ("enrol.json", "answer");
  g_autoptr (json_t) time = vector ("time.json", "time");
  g_autoptr (json_t) ack = vector ("batch.json", "answer");
  g_autoptr (GError) error = NULL;
  guint8 signer[32];
  json_t *content;

  public_key_of (strict_json_peek (answer, "keyset_key", NULL), signer);
  content = signed_document_check (time, "time", signer, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (strict_json_peek (content, "server_time", NULL), ==, "2026-11-23T01:02:03.000Z");
  content = signed_document_check (ack, "ack", signer, &error);
  g_assert_no_error (error);
  g_assert_null (signed_document_check (time, "ack", signer, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  json_object_set_new (content, "safe", json_integer (2));
  g_assert_null (signed_document_check (ack, "ack", signer, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
}

static void
test_chain_vector (void)
{
  g_autoptr (json_t) lines = vector ("batch.json", "lines");
  g_autoptr (json_t) signature = vector ("batch.json", "signature");
  g_autoptr (json_t) enrol = vector ("enrol.json", "request");
  g_autoptr (LogChain) chain = NULL;
  g_autoptr (GError) error = NULL;
  const char *first = json_string_value (json_array_get (lines, 0)), *incarnation;
  const char *second = json_string_value (json_array_get (lines, 1));
  guint8 device[32];

  incarnation = strict_json_peek (enrol, "incarnation", NULL);
  public_key_of (strict_json_peek (enrol, "device_key", NULL), device);
  chain = log_chain_new ("GS-K1", incarnation, 0, NULL);
  g_assert_false (log_chain_add (chain, second, strlen (second), NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (log_chain_add (chain, first, strlen (first), NULL, &error));
  g_assert_false (log_chain_add (chain, first, strlen (first), NULL, NULL));
  g_assert_false (log_chain_verify (chain, device, json_string_value (signature), NULL));
  g_assert_true (log_chain_add (chain, second, strlen (second), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (chain->seq, ==, 2);
  g_assert_true (log_chain_verify (chain, device, json_string_value (signature), &error));
  g_assert_no_error (error);
  chain->seq = 3;
  g_assert_false (log_chain_verify (chain, device, json_string_value (signature), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_assert_false (log_chain_verify (chain, device, "AAAA", NULL));
}

static void
test_chain_forks (void)
{
  g_autoptr (json_t) lines = vector ("batch.json", "lines");
  const char *first = json_string_value (json_array_get (lines, 0));
  static const char *const starts[][2] = {
      {"GS-K2", "019a0b5c-7a00-7c3e-8000-000000000001"},
      {"GS-K1", "019a0b5c-7a00-7c3e-8000-000000000009"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autoptr (LogChain) chain = log_chain_new (starts[i][0], starts[i][1], 0, NULL);
    g_autoptr (GError) error = NULL;
    g_assert_false (log_chain_add (chain, first, strlen (first), NULL, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
    g_assert_cmpint (chain->seq, ==, 0);
  }
}

typedef struct {
  char *ca_key, *ca, *key, *request;
} Authority;

static void
authority_clear (Authority *a)
{
  g_free (a->ca_key);
  g_free (a->ca);
  g_free (a->key);
  g_free (a->request);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Authority, authority_clear)

static Authority
authority (const char *asked_name)
{
  g_autoptr (GError) error = NULL;
  Authority a = {.ca_key = certificate_make_key (&error)};

  g_assert_no_error (error);
  a.ca = certificate_make_ca (a.ca_key, "SAMPLE TEST City", NOW, &error);
  g_assert_no_error (error);
  a.key = certificate_make_key (&error);
  a.request = certificate_request (a.key, asked_name, &error);
  g_assert_no_error (error);
  return a;
}

static void
assert_denied (const char *pem, const char *ca, gint64 now, const char *const *revoked,
               const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Certificate) read = certificate_check (pem, strlen (pem), ca, now, revoked, &error);

  g_assert_null (read);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  if (strstr (error->message, why) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, why);
}

static void
test_certificate (void)
{
  g_auto (Authority) city = authority ("XX-K9"), other = authority ("GS-K1");
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = certificate_issue (city.ca_key, city.ca, city.request, "GS", "kiosk",
                                            "GS-K1", NOW, CERTIFICATE_DAYS, &error);
  g_autoptr (Certificate) read = NULL;
  const char *revoked[] = {"00", NULL, NULL};

  g_assert_no_error (error);
  read = certificate_check (pem, strlen (pem), city.ca, NOW, revoked, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->hall, ==, "GS");
  g_assert_cmpstr (read->role, ==, "kiosk");
  g_assert_cmpstr (read->device, ==, "GS-K1");
  g_assert_cmpint (read->to, ==, NOW + 30 * DAY);
  revoked[1] = read->serial;
  assert_denied (pem, city.ca, NOW, revoked, "revoked");
  assert_denied (pem, city.ca, NOW + 31 * DAY, NULL, "expired");
  assert_denied (pem, city.ca, NOW - DAY, NULL, "not valid yet");
  assert_denied (pem, other.ca, NOW, NULL, "not issued by this city");
  assert_denied (city.ca, city.ca, NOW, NULL, "not for a device");
  assert_denied ("", city.ca, NOW, NULL, "unreadable");
}

static void
test_certificate_server (void)
{
  g_auto (Authority) city = authority ("GS-K1");
  static const char *const names[] = {"city.example", "127.0.0.1", "::1", NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *pem =
      certificate_issue_server (city.ca_key, city.ca, city.key, names, NOW, 397, &error);
  gint64 from, to;

  g_assert_no_error (error);
  g_assert_true (certificate_times (pem, &from, &to, NULL));
  g_assert_cmpint (to, ==, NOW + 397 * DAY);
  assert_denied (pem, city.ca, NOW, NULL, "not for a device");
}

static void
test_certificate_refused (void)
{
  g_auto (Authority) city = authority ("GS-K1");
  g_autoptr (GError) error = NULL;
  static const char *const bad[][3] = {{"GS", "root", "GS-K1"},
                                       {"G:S", "kiosk", "GS-K1"},
                                       {"GS", "kiosk", "GS-K1:x"},
                                       {"", "kiosk", "GS-K1"}};

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (certificate_issue (city.ca_key, city.ca, city.request, bad[i][0], bad[i][1],
                                      bad[i][2], NOW, 30, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
    g_clear_error (&error);
  }
  g_assert_null (certificate_issue (city.ca_key, city.ca, "nonsense", "GS", "kiosk", "GS-K1", NOW,
                                    30, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_code (void)
{
  g_auto (Authority) city = authority ("GS-K1"), other = authority ("GS-K1");
  guint8 pin[32], secret[16], got_secret[16], got_pin[16];
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL, *typed = NULL;

  g_assert_true (certificate_pin (city.ca, pin, &error));
  code = enrol_code_make (pin, secret);
  g_assert_cmpint (strlen (code), ==, 52);
  typed = g_strdup_printf (" %.5s-%s ", code, code + 5);
  g_assert_true (enrol_code_parse (typed, got_secret, got_pin, &error));
  g_assert_cmpmem (got_secret, 16, secret, 16);
  g_assert_true (enrol_code_matches (got_pin, city.ca));
  g_assert_false (enrol_code_matches (got_pin, other.ca));
  g_assert_false (enrol_code_parse (code + 1, got_secret, got_pin, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  code[25] = 'B'; /* unused bits that are not zero */
  g_assert_false (enrol_code_parse (code, got_secret, got_pin, NULL));
}

static void
test_code_vector (void)
{
  g_autoptr (json_t) all = vector ("code.json", NULL);
  json_t *v = json_object_get (all, "code");
  guint8 secret[16], pin[16];
  const char *code = json_is_string (v) ? json_string_value (v) : strict_json_peek (v, "code", "");
  g_autoptr (GError) error = NULL;

  g_assert_true (enrol_code_parse (code, secret, pin, &error));
  g_assert_no_error (error);
  for (guint8 i = 0; i < 16; i++)
    g_assert_cmpint (secret[i], ==, i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trust/hash", test_hash);
  g_test_add_func ("/trust/sign", test_sign);
  g_test_add_func ("/trust/key-file", test_key_file);
  g_test_add_func ("/trust/key-wrap", test_key_wrap);
  g_test_add_func ("/trust/key-set-vector", test_key_set_vector);
  g_test_add_func ("/trust/key-set-tampered", test_key_set_tampered);
  g_test_add_func ("/trust/signed-documents", test_signed_documents);
  g_test_add_func ("/trust/chain-vector", test_chain_vector);
  g_test_add_func ("/trust/chain-forks", test_chain_forks);
  g_test_add_func ("/trust/certificate", test_certificate);
  g_test_add_func ("/trust/certificate-server", test_certificate_server);
  g_test_add_func ("/trust/certificate-refused", test_certificate_refused);
  g_test_add_func ("/trust/code", test_code);
  g_test_add_func ("/trust/code-vector", test_code_vector);
  return g_test_run ();
}
