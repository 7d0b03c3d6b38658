/* entry.c: one line of a device's log. Builds it member by member, reads it by building it again:
 * what would come out with other bytes is refused, so that a hash means one thing only. */
#include "domain/entry.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/strict-json.h"

static const char *const kind_words[ENTRY_N_KINDS] = {
    [ENTRY_KIND_CASE_SUBMITTED] = "case.submitted",
    [ENTRY_KIND_CASE_SUPPLEMENT] = "case.supplement",
    [ENTRY_KIND_CASE_WITHDRAWN] = "case.withdrawn",
    [ENTRY_KIND_TICKET_DRAWN] = "ticket.drawn",
    [ENTRY_KIND_TICKET_CALLED] = "ticket.called",
    [ENTRY_KIND_TICKET_SERVED] = "ticket.served",
    [ENTRY_KIND_TICKET_MISSED] = "ticket.missed",
    [ENTRY_KIND_TICKET_REDEEMED] = "ticket.redeemed",
    [ENTRY_KIND_PRINT_OUTCOME] = "print.outcome",
    [ENTRY_KIND_STAFF_ACTION] = "staff.action",
    [ENTRY_KIND_HELP_CALL] = "help.call",
    [ENTRY_KIND_AUDIT] = "audit",
    [ENTRY_KIND_HEARTBEAT] = "heartbeat",
};

const char *
entry_kind_word (EntryKind kind)
{
  return kind_words[kind];
}

gboolean
entry_kind_parse (const char *word, EntryKind *ret_kind)
{
  for (guint i = 0; i < ENTRY_N_KINDS; i++) {
    if (strcmp (word, kind_words[i]) == 0) {
      *ret_kind = (EntryKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

Entry *
entry_new (EntryKind kind)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->kind = kind;
  g_strlcpy (entry->prev, ENTRY_FIRST_PREV, sizeof entry->prev);
  entry->objects = g_array_new (FALSE, TRUE, sizeof (EntryObject));
  entry->body = json_object ();
  return entry;
}

void
entry_free (Entry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->device);
  g_free (entry->incarnation);
  g_free (entry->case_id);
  g_array_unref (entry->objects);
  json_decref (entry->body);
  g_free (entry);
}

void
entry_add_object (Entry *entry, const char *sha256, guint64 size)
{
  EntryObject object = {.size = size};

  g_strlcpy (object.sha256, sha256, sizeof object.sha256);
  g_array_append_val (entry->objects, object);
}

static gboolean
is_hash (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

gboolean
entry_is_device (const char *text)
{
  static const char letters[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  gsize length = strlen (text);

  if (length < 5 || length > 7 || strspn (text, letters) < 2 || text[2] != '-' ||
      !g_ascii_isupper (text[3]) || text[4] == '0')
    return FALSE;
  return strspn (text + 4, "0123456789") == length - 4;
}

static const char *
fault_in (const Entry *entry)
{
  if (entry->device == NULL || !entry_is_device (entry->device))
    return "device";
  if (entry->incarnation == NULL || !id_is_uuid7 (entry->incarnation))
    return "incarnation";
  if (entry->seq == 0 || entry->seq > G_MAXINT64)
    return "seq";
  if (!is_hash (entry->prev) || (entry->seq == 1 && strcmp (entry->prev, ENTRY_FIRST_PREV) != 0))
    return "prev";
  if (entry->case_id != NULL && !id_is_uuid7 (entry->case_id))
    return "case_id";
  if (!json_is_object (entry->body))
    return "body";
  for (guint i = 0; i < entry->objects->len; i++) {
    const EntryObject *object = &g_array_index (entry->objects, EntryObject, i);
    if (!is_hash (object->sha256) || object->size == 0 || object->size > G_MAXINT64)
      return "objects";
  }
  return NULL;
}

static void
write_objects (GString *to, const GArray *objects)
{
  for (guint i = 0; i < objects->len; i++) {
    const EntryObject *object = &g_array_index (objects, EntryObject, i);
    g_string_append_printf (to, "%s{\"sha256\":\"%s\",\"size\":%" G_GUINT64_FORMAT "}",
                            i > 0 ? "," : "", object->sha256, object->size);
  }
}

char *
entry_write (const Entry *entry, GError **error)
{
  const char *fault = fault_in (entry);
  g_autofree char *at = clock_format (entry->at), *body = NULL;
  g_autoptr (GString) to = NULL;

  if (fault != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "entry: %s missing or malformed",
                 fault);
    return NULL;
  }
  body = strict_json_write (entry->body);
  to = g_string_new (NULL);
  g_string_append_printf (to,
                          "{\"device\":\"%s\",\"incarnation\":\"%s\",\"seq\":%" G_GUINT64_FORMAT
                          ",\"prev\":\"%s\",\"at\":\"%s\"%s,\"kind\":\"%s\"",
                          entry->device, entry->incarnation, entry->seq, entry->prev, at,
                          entry->unsure ? ",\"unsure\":true" : "", entry_kind_word (entry->kind));
  if (entry->case_id != NULL)
    g_string_append_printf (to, ",\"case_id\":\"%s\"", entry->case_id);
  g_string_append (to, ",\"objects\":[");
  write_objects (to, entry->objects);
  g_string_append_printf (to, "],\"body\":%s}", body);
  if (to->len > ENTRY_MAX_BYTES || entry->objects->len > ENTRY_MAX_OBJECTS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "entry: larger than the limit");
    return NULL;
  }
  return g_string_free (g_steal_pointer (&to), FALSE);
}

static gboolean
read_objects (Entry *entry, const json_t *array, GError **error)
{
  static const char *const members[] = {"sha256", "size", NULL};
  json_t *value;
  gsize i;

  if (json_array_size (array) > ENTRY_MAX_OBJECTS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "entry: too many objects");
    return FALSE;
  }
  json_array_foreach (array, i, value) {
    gint64 size = 0;
    const char *sha256;
    if (!json_is_object (value)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "entry: objects malformed");
      return FALSE;
    }
    if (!strict_json_only (value, members, error))
      return FALSE;
    sha256 = strict_json_string (value, "sha256", error);
    if (sha256 == NULL || !strict_json_int (value, "size", &size, error))
      return FALSE;
    entry_add_object (entry, sha256, size > 0 ? (guint64)size : 0);
  }
  return TRUE;
}

static gboolean
read_members (Entry *entry, const json_t *object, GError **error)
{
  static const char *const members[] = {"device", "incarnation", "seq",     "prev", "at", "unsure",
                                        "kind",   "case_id",     "objects", "body", NULL};
  const char *device, *incarnation, *prev, *at, *kind;
  json_t *objects, *body;
  gint64 seq;

  if (!strict_json_only (object, members, error) ||
      (device = strict_json_string (object, "device", error)) == NULL ||
      (incarnation = strict_json_string (object, "incarnation", error)) == NULL ||
      !strict_json_int (object, "seq", &seq, error) ||
      (prev = strict_json_string (object, "prev", error)) == NULL ||
      (at = strict_json_string (object, "at", error)) == NULL ||
      !clock_parse (at, &entry->at, error) ||
      (kind = strict_json_string (object, "kind", error)) == NULL ||
      (objects = strict_json_array (object, "objects", error)) == NULL ||
      (body = strict_json_object (object, "body", error)) == NULL)
    return FALSE;
  if (!entry_kind_parse (kind, &entry->kind)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "entry: unknown kind");
    return FALSE;
  }
  entry->device = g_strdup (device);
  entry->incarnation = g_strdup (incarnation);
  entry->seq = seq > 0 ? (guint64)seq : 0;
  g_strlcpy (entry->prev, prev, sizeof entry->prev);
  entry->unsure = json_is_true (json_object_get (object, "unsure"));
  entry->case_id = g_strdup (strict_json_peek (object, "case_id", NULL));
  json_decref (entry->body);
  entry->body = json_incref (body);
  return read_objects (entry, objects, error);
}

Entry *
entry_parse (const char *bytes, gsize length, GError **error)
{
  g_autoptr (Entry) entry = entry_new (ENTRY_KIND_AUDIT);
  g_autoptr (json_t) object = NULL;
  g_autofree char *again = NULL;

  if (length > ENTRY_MAX_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "entry: larger than the limit");
    return NULL;
  }
  object = strict_json_parse (bytes, length, error);
  if (object == NULL)
    return NULL;
  if (!json_is_object (object)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "entry: not an object");
    return NULL;
  }
  if (!read_members (entry, object, error))
    return NULL;
  again = entry_write (entry, error);
  if (again == NULL)
    return NULL;
  if (strlen (again) != length || memcmp (again, bytes, length) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "entry: not written the one way an entry is written");
    return NULL;
  }
  return g_steal_pointer (&entry);
}
