/* fuzz-trust.c: sealed objects, key sets, certificates, codes: what comes from outside with a
 * signature or a seal. Nothing that was changed may pass. */
#include "fuzz.h"

#include <string.h>

#include "base/strict-json.h"
#include "trust/certificate.h"
#include "trust/enrol-code.h"
#include "trust/key-set.h"
#include "trust/open.h"
#include "trust/seal.h"

const char *const fuzz_name = "trust";

#define CASE_ID "019a0b5c-9c40-7d11-8000-000000000002"
#define NOW G_GINT64_CONSTANT (1795400000000)

static Key *signer, *recipient;
static OpenCase *opener;
static char *ca;
static GPtrArray *seeds;

static void
add (const void *bytes, gsize length)
{
  g_ptr_array_add (seeds, g_bytes_new (bytes, length));
}

static void
add_sealed (KeySet *set)
{
  g_autoptr (SealCase) seal = seal_case_new (CASE_ID);
  g_autoptr (json_t) wraps = seal_wraps (seal, set->recipients, NULL);
  char sha256[HASH_HEX];

  opener = open_case_new (CASE_ID, wraps, recipient, NULL);
  g_ptr_array_add (seeds, seal_object (seal, SEAL_PLACE_BODY, "SAMPLE TEST", 11, sha256, NULL));
}

GPtrArray *
fuzz_seeds (void)
{
  g_autofree char *ca_key = certificate_make_key (NULL), *key = certificate_make_key (NULL);
  g_autofree char *request = certificate_request (key, "GS-K1", NULL), *text = NULL,
                  *certificate = NULL;
  g_autoptr (KeySet) set = key_set_new (3, NOW, NOW + KEY_SET_LIFE_MS);

  seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  signer = key_new (KEY_KIND_SIGN);
  recipient = key_new (KEY_KIND_SEAL);
  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (recipient));
  key_set_add_ticket_key (set, "GS-K1", "GS", key_peek_public (signer), NOW, NOW + 1, NOW);
  text = key_set_sign (set, signer);
  add (text, strlen (text));
  add_sealed (set);
  ca = certificate_make_ca (ca_key, "SAMPLE TEST", NOW, NULL);
  certificate = certificate_issue (ca_key, ca, request, "GS", "kiosk", "GS-K1", NOW, 30, NULL);
  add (certificate, strlen (certificate));
  add ("AAAQEAYEAUDAOCAJBIFQYDIOB4GFU5QSYGL7ZL5O7W6KOGA4TQWI", 52);
  return seeds;
}

static gboolean
is_seed (const guint8 *bytes, gsize length)
{
  for (guint i = 0; i < seeds->len; i++)
    if (g_bytes_get_size (seeds->pdata[i]) == length &&
        memcmp (g_bytes_get_data (seeds->pdata[i], NULL), bytes, length) == 0)
      return TRUE;
  return FALSE;
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_strndup ((const char *)bytes, length);
  g_autoptr (GBytes) plain = open_object (opener, SEAL_PLACE_BODY, bytes, length, NULL);
  g_autoptr (KeySet) set =
      key_set_parse ((const char *)bytes, length, key_peek_public (signer), NULL);
  /* GnuTLS is slow to refuse: only what still looks like a certificate. */
  g_autoptr (Certificate) read = length > 5 && memcmp (bytes, "-----", 5) == 0
                                     ? certificate_check (bytes, length, ca, NOW, NULL, NULL)
                                     : NULL;
  guint8 secret[16], pin[16];

  g_assert (plain == NULL || is_seed (bytes, length));
  /* Blanks and escapes may differ in a key set, text around the armour of a certificate: what was
   * signed may not. */
  g_assert (set == NULL || (set->version == 3 && set->recipients->len == 1));
  g_assert (read == NULL || strcmp (read->device, "GS-K1") == 0);
  enrol_code_parse (text, secret, pin, NULL);
}
