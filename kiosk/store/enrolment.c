/* enrolment.c: reads and writes who this device is. Refuses a record that is not whole. */
#include "store/enrolment.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/entry.h"

void
enrolment_free (Enrolment *enrolment)
{
  if (enrolment == NULL)
    return;
  g_free (enrolment->device);
  g_free (enrolment->role);
  g_free (enrolment->hall);
  g_free (enrolment->hall_name_zh);
  g_free (enrolment->hall_name_en);
  g_free (enrolment->city);
  g_free (enrolment);
}

static char *
place (const char *directory)
{
  return g_build_filename (directory, "enrolment.json", NULL);
}

static gboolean
refuse (const char *member, GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "member \"%s\" is malformed", member);
  return FALSE;
}

static gboolean
read_block (Enrolment *enrolment, const json_t *json, GError **error)
{
  json_t *block = json_object_get (json, "ticket_block");
  gint64 from, to;

  if (block == NULL || json_is_null (block))
    return TRUE;
  if (!strict_json_int (block, "from", &from, error) || !strict_json_int (block, "to", &to, error))
    return FALSE;
  if (from < 1 || to < from || to > 999)
    return refuse ("ticket_block", error);
  enrolment->ticket_from = (int)from;
  enrolment->ticket_to = (int)to;
  return TRUE;
}

static gboolean
read_who (Enrolment *enrolment, const json_t *json, GError **error)
{
  static const char *const roles[] = {"kiosk", "desk", "hall", NULL};
  const char *device = strict_json_string (json, "device", error);
  const char *role = device != NULL ? strict_json_string (json, "role", error) : NULL;
  const char *hall = role != NULL ? strict_json_string (json, "hall", error) : NULL;
  const char *code = hall != NULL ? strict_json_string (json, "case_code", error) : NULL;

  if (code == NULL)
    return FALSE;
  if (!entry_is_device (device))
    return refuse ("device", error);
  if (!g_strv_contains (roles, role))
    return refuse ("role", error);
  if (!case_number_is_hall (hall))
    return refuse ("hall", error);
  if (strlen (code) != 1 || !case_number_is_device (code[0]))
    return refuse ("case_code", error);
  enrolment->device = g_strdup (device);
  enrolment->role = g_strdup (role);
  enrolment->hall = g_strdup (hall);
  enrolment->case_code = code[0];
  return TRUE;
}

static gboolean
read_all (Enrolment *enrolment, const json_t *json, GError **error)
{
  const json_t *name = json_object_get (json, "hall_name");
  const char *key;
  g_autoptr (GBytes) bytes = NULL;

  if (!read_who (enrolment, json, error) || !read_block (enrolment, json, error))
    return FALSE;
  key = strict_json_string (json, "keyset_key", error);
  if (key == NULL)
    return FALSE;
  bytes = encode_unbase64 (key);
  if (bytes == NULL || g_bytes_get_size (bytes) != sizeof enrolment->keyset_key)
    return refuse ("keyset_key", error);
  memcpy (enrolment->keyset_key, g_bytes_get_data (bytes, NULL), sizeof enrolment->keyset_key);
  enrolment->city = g_strdup (strict_json_peek (json, "city", NULL));
  enrolment->hall_name_zh = g_strdup (strict_json_peek (name, "zh-CN", NULL));
  enrolment->hall_name_en = g_strdup (strict_json_peek (name, "en", NULL));
  return TRUE;
}

Enrolment *
enrolment_load (const char *directory, GError **error)
{
  g_autofree char *path = place (directory);
  g_autoptr (json_t) json = strict_json_load (path, error);
  g_autoptr (Enrolment) enrolment = g_new0 (Enrolment, 1);

  if (json == NULL)
    return NULL;
  if (!read_all (enrolment, json, error)) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  return g_steal_pointer (&enrolment);
}

gboolean
enrolment_save (const char *directory, const Enrolment *enrolment, gint64 at, GError **error)
{
  g_autofree char *path = place (directory), *when = clock_format (at), *text = NULL;
  g_autofree char *key = encode_base64 (enrolment->keyset_key, sizeof enrolment->keyset_key);
  char code[2] = {enrolment->case_code, '\0'};
  g_autoptr (json_t) json =
      json_pack ("{ss ss ss ss ss ss}", "device", enrolment->device, "role", enrolment->role,
                 "hall", enrolment->hall, "case_code", code, "keyset_key", key, "at", when);

  if (enrolment->city != NULL)
    json_object_set_new (json, "city", json_string (enrolment->city));
  if (enrolment->hall_name_zh != NULL)
    json_object_set_new (
        json, "hall_name",
        json_pack ("{ss ss*}", "zh-CN", enrolment->hall_name_zh, "en", enrolment->hall_name_en));
  if (enrolment->ticket_from > 0)
    json_object_set_new (
        json, "ticket_block",
        json_pack ("{si si}", "from", enrolment->ticket_from, "to", enrolment->ticket_to));
  text = strict_json_pretty (json);
  return file_write (path, text, strlen (text), 0600, error);
}
