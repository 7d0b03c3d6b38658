/* key-set.c: the signed list of recipients and ticket keys. Refuses a set of which any part is
 * malformed: half a key set would seal for half the people who must be able to read. */
#include "trust/key-set.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/signed-document.h"

#define DAY_MS (24 * 3600 * (gint64)1000)
#define MAX_KEYS 4096

static const char *const role_words[] = {
    [KEY_SET_ROLE_WORKING] = "working",
    [KEY_SET_ROLE_HALL] = "hall",
    [KEY_SET_ROLE_RECOVERY] = "recovery",
};

static void
recipient_free (gpointer data)
{
  KeySetRecipient *recipient = data;

  g_free (recipient->hall);
  g_free (recipient);
}

static void
ticket_key_free (gpointer data)
{
  KeySetTicketKey *key = data;

  g_free (key->device);
  g_free (key->hall);
  g_free (key);
}

KeySet *
key_set_new (gint64 version, gint64 issued, gint64 expires)
{
  KeySet *set = g_new0 (KeySet, 1);

  set->version = version;
  set->issued = issued;
  set->expires = expires;
  set->recipients = g_ptr_array_new_with_free_func (recipient_free);
  set->ticket_keys = g_ptr_array_new_with_free_func (ticket_key_free);
  return set;
}

void
key_set_free (KeySet *set)
{
  if (set == NULL)
    return;
  g_ptr_array_unref (set->recipients);
  g_ptr_array_unref (set->ticket_keys);
  g_free (set);
}

void
key_set_add_recipient (KeySet *set, KeySetRole role, const char *hall, const guint8 public_key[32])
{
  KeySetRecipient *recipient = g_new0 (KeySetRecipient, 1);

  recipient->role = role;
  recipient->hall = role == KEY_SET_ROLE_HALL ? g_strdup (hall) : NULL;
  memcpy (recipient->key, public_key, 32);
  hash_kid_hex (public_key, recipient->kid);
  g_ptr_array_add (set->recipients, recipient);
}

void
key_set_add_ticket_key (KeySet *set, const char *device, const char *hall,
                        const guint8 public_key[32], gint64 from, gint64 to, gint64 revoked)
{
  KeySetTicketKey *key = g_new0 (KeySetTicketKey, 1);

  key->device = g_strdup (device);
  key->hall = g_strdup (hall);
  key->from = from;
  key->to = to;
  key->revoked = revoked;
  memcpy (key->key, public_key, 32);
  hash_kid_hex (public_key, key->kid);
  g_ptr_array_add (set->ticket_keys, key);
}

static void
put_time (json_t *object, const char *member, gint64 ms)
{
  g_autofree char *text = clock_format (ms);
  json_object_set_new (object, member, json_string (text));
}

static void
put_key (json_t *object, const guint8 key[32])
{
  g_autofree char *base64 = encode_base64 (key, 32);
  json_object_set_new (object, "key", json_string (base64));
}

static json_t *
recipient_to_json (const KeySetRecipient *recipient)
{
  json_t *object =
      json_pack ("{s:s,s:s}", "kid", recipient->kid, "role", role_words[recipient->role]);

  if (recipient->hall != NULL)
    json_object_set_new (object, "hall", json_string (recipient->hall));
  put_key (object, recipient->key);
  return object;
}

static json_t *
ticket_key_to_json (const KeySetTicketKey *key)
{
  json_t *object =
      json_pack ("{s:s,s:s,s:s}", "kid", key->kid, "device", key->device, "hall", key->hall);

  put_key (object, key->key);
  put_time (object, "from", key->from);
  put_time (object, "to", key->to);
  if (key->revoked != 0)
    put_time (object, "revoked", key->revoked);
  return object;
}

char *
key_set_sign (const KeySet *set, const Key *signer)
{
  g_autoptr (json_t) content =
      json_pack ("{s:s,s:I}", "type", "keyset", "version", (json_int_t)set->version);
  g_autoptr (json_t) document = NULL;
  json_t *recipients = json_array (), *ticket_keys = json_array ();

  put_time (content, "issued", set->issued);
  put_time (content, "expires", set->expires);
  for (guint i = 0; i < set->recipients->len; i++)
    json_array_append_new (recipients, recipient_to_json (g_ptr_array_index (set->recipients, i)));
  for (guint i = 0; i < set->ticket_keys->len; i++)
    json_array_append_new (ticket_keys,
                           ticket_key_to_json (g_ptr_array_index (set->ticket_keys, i)));
  json_object_set_new (content, "recipients", recipients);
  json_object_set_new (content, "ticket_keys", ticket_keys);
  document = signed_document_make (content, signer);
  return strict_json_write (document);
}

static gboolean
get_time (const json_t *object, const char *member, gint64 *ret_ms, GError **error)
{
  const char *text = strict_json_string (object, member, error);
  return text != NULL && clock_parse (text, ret_ms, error);
}

/* The 32 bytes of "key", which "kid" must name. */
static gboolean
get_key (const json_t *object, guint8 ret_key[32], GError **error)
{
  const char *base64 = strict_json_string (object, "key", error);
  const char *kid = base64 != NULL ? strict_json_string (object, "kid", error) : NULL;
  g_autoptr (GBytes) bytes = kid != NULL ? encode_unbase64 (base64) : NULL;
  char own_kid[HASH_KID_HEX];

  if (kid == NULL)
    return FALSE;
  if (bytes == NULL || g_bytes_get_size (bytes) != 32) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: key malformed");
    return FALSE;
  }
  hash_kid_hex (g_bytes_get_data (bytes, NULL), own_kid);
  if (strcmp (own_kid, kid) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: kid is not the key's");
    return FALSE;
  }
  memcpy (ret_key, g_bytes_get_data (bytes, NULL), 32);
  return TRUE;
}

static gboolean
read_recipient (KeySet *set, const json_t *object, GError **error)
{
  const char *word, *hall = strict_json_peek (object, "hall", NULL);
  guint8 key[32];
  guint role = 0;

  if (!get_key (object, key, error) || (word = strict_json_string (object, "role", error)) == NULL)
    return FALSE;
  while (role < G_N_ELEMENTS (role_words) && strcmp (word, role_words[role]) != 0)
    role++;
  if (role == G_N_ELEMENTS (role_words) || (role == KEY_SET_ROLE_HALL) != (hall != NULL)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: recipient malformed");
    return FALSE;
  }
  key_set_add_recipient (set, (KeySetRole)role, hall, key);
  return TRUE;
}

static gboolean
read_ticket_key (KeySet *set, const json_t *object, GError **error)
{
  const char *device, *hall;
  gint64 from, to, revoked = 0;
  guint8 key[32], kid[HASH_KID_BYTES];

  if (!get_key (object, key, error) ||
      (device = strict_json_string (object, "device", error)) == NULL ||
      (hall = strict_json_string (object, "hall", error)) == NULL ||
      !get_time (object, "from", &from, error) || !get_time (object, "to", &to, error) ||
      (json_object_get (object, "revoked") != NULL &&
       !get_time (object, "revoked", &revoked, error)))
    return FALSE;
  hash_kid (key, kid);
  if (key_set_peek_ticket_key (set, kid) != NULL || to < from) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: ticket key malformed");
    return FALSE;
  }
  key_set_add_ticket_key (set, device, hall, key, from, to, revoked);
  return TRUE;
}

static gboolean
read_each (KeySet *set, const json_t *array,
           gboolean (*read_one) (KeySet *, const json_t *, GError **), GError **error)
{
  json_t *one;
  gsize i;

  if (json_array_size (array) > MAX_KEYS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: too many keys");
    return FALSE;
  }
  json_array_foreach (array, i, one) {
    if (!json_is_object (one)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: not an object");
      return FALSE;
    }
    if (!read_one (set, one, error))
      return FALSE;
  }
  return TRUE;
}

KeySet *
key_set_parse (const char *text, gsize length, const guint8 signer_public[32], GError **error)
{
  g_autoptr (json_t) document = NULL;
  g_autoptr (KeySet) set = NULL;
  json_t *content, *recipients, *ticket_keys;
  gint64 version, issued, expires;

  if (length > KEY_SET_MAX_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: too large");
    return NULL;
  }
  if ((document = strict_json_parse (text, length, error)) == NULL ||
      (content = signed_document_check (document, "keyset", signer_public, error)) == NULL ||
      !strict_json_int (content, "version", &version, error) ||
      !get_time (content, "issued", &issued, error) ||
      !get_time (content, "expires", &expires, error) ||
      (recipients = strict_json_array (content, "recipients", error)) == NULL ||
      (ticket_keys = strict_json_array (content, "ticket_keys", error)) == NULL)
    return NULL;
  if (version < 1 || expires <= issued) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "key set: version or times");
    return NULL;
  }
  set = key_set_new (version, issued, expires);
  if (!read_each (set, recipients, read_recipient, error) ||
      !read_each (set, ticket_keys, read_ticket_key, error))
    return NULL;
  return g_steal_pointer (&set);
}

static KeySetRecipient *
find_recipient (const KeySet *set, KeySetRole role, const char *hall)
{
  for (guint i = 0; i < set->recipients->len; i++) {
    KeySetRecipient *recipient = g_ptr_array_index (set->recipients, i);
    if (recipient->role == role && (role != KEY_SET_ROLE_HALL || !strcmp (recipient->hall, hall)))
      return recipient;
  }
  return NULL;
}

GPtrArray *
key_set_recipients (const KeySet *set, const char *hall, gint64 now, GError **error)
{
  static const KeySetRole needed[] = {KEY_SET_ROLE_WORKING, KEY_SET_ROLE_HALL,
                                      KEY_SET_ROLE_RECOVERY};
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();

  if (now < set->issued - DAY_MS || now >= set->expires) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "the key set is not valid at this time");
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++) {
    KeySetRecipient *recipient = find_recipient (set, needed[i], hall);
    if (recipient == NULL) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "the key set names no %s key",
                   role_words[needed[i]]);
      return NULL;
    }
    g_ptr_array_add (recipients, recipient);
  }
  return g_steal_pointer (&recipients);
}

const KeySetTicketKey *
key_set_peek_ticket_key (const KeySet *set, const guint8 kid[8])
{
  g_autofree char *hex = encode_hex (kid, HASH_KID_BYTES);

  for (guint i = 0; i < set->ticket_keys->len; i++) {
    const KeySetTicketKey *key = g_ptr_array_index (set->ticket_keys, i);
    if (strcmp (key->kid, hex) == 0)
      return key;
  }
  return NULL;
}
