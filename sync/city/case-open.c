/* case-open.c: from entry and objects to what the person wrote. Refuses to keep anything opened: no
 * file, no row, no cache. */
#include "city/case-open.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "city/db/case-db.h"
#include "city/db/log-db.h"
#include "city/db/object-db.h"
#include "city/object.h"
#include "domain/entry.h"
#include "domain/person.h"
#include "trust/hash.h"
#include "trust/open.h"

static void
part_free (void *data)
{
  CaseOpenPart *part = data;
  person_json_free (part->body);
  g_free (part);
}

void
case_open_free (CaseOpen *open)
{
  if (open == NULL)
    return;
  g_free (open->case_id);
  g_ptr_array_unref (open->parts);
  g_free (open);
}

static Entry *
read_entry (City *city, gint64 chain, gint64 seq, GError **error)
{
  g_autoptr (GBytes) bytes = log_db_bytes (city->db, chain, seq, error);

  if (bytes == NULL)
    return NULL;
  return entry_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static GBytes *
open_one (City *city, const Entry *entry, const char *sha256, SealPlace place, GError **error)
{
  g_autoptr (OpenCase) key =
      open_case_new (entry->case_id, json_object_get (entry->body, "wraps"), city->working, error);
  g_autoptr (GBytes) sealed = key != NULL ? object_read (city, sha256, error) : NULL;

  if (sealed == NULL)
    return NULL;
  return open_object (key, place, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed),
                      error);
}

static CaseOpenPart *
open_part (City *city, gint64 chain, gint64 seq, GError **error)
{
  g_autoptr (Entry) entry = read_entry (city, chain, seq, error);
  g_autoptr (GBytes) plain = NULL;
  CaseOpenPart *part;
  json_t *body;

  if (entry == NULL)
    return NULL;
  plain = open_one (city, entry, g_array_index (entry->objects, EntryObject, 0).sha256,
                    SEAL_PLACE_BODY, error);
  body = plain != NULL
             ? strict_json_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), error)
             : NULL;
  if (body == NULL)
    return NULL;
  part = g_new0 (CaseOpenPart, 1);
  *part = (CaseOpenPart){.chain = chain, .seq = seq, .body = body};
  return part;
}

CaseOpen *
case_open_new (City *city, const char *case_id, GError **error)
{
  g_autoptr (GArray) entries = object_db_entries (city->db, case_id, error);
  g_autoptr (CaseOpen) open = g_new0 (CaseOpen, 1);

  open->case_id = g_strdup (case_id);
  open->parts = g_ptr_array_new_with_free_func (part_free);
  if (entries == NULL)
    return NULL;
  for (guint i = 0; i < entries->len; i++) {
    ObjectEntry *at = &g_array_index (entries, ObjectEntry, i);
    CaseOpenPart *part = open_part (city, at->chain, at->seq, error);
    if (part == NULL)
      return NULL;
    g_ptr_array_add (open->parts, part);
  }
  if (open->parts->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no entry brought anything sealed");
    return NULL;
  }
  return g_steal_pointer (&open);
}

static gboolean
is_of (const Entry *entry, const char *sha256)
{
  for (guint i = 0; i < entry->objects->len; i++)
    if (strcmp (g_array_index (entry->objects, EntryObject, i).sha256, sha256) == 0)
      return TRUE;
  return FALSE;
}

GBytes *
case_open_document (City *city, CaseOpen *open, guint part_index, guint index,
                    const json_t **ret_record, GError **error)
{
  CaseOpenPart *part =
      part_index < open->parts->len ? g_ptr_array_index (open->parts, part_index) : NULL;
  const json_t *record =
      part != NULL ? json_array_get (json_object_get (part->body, "documents"), index) : NULL;
  g_autoptr (Entry) entry = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autofree char *hash = NULL;

  if (record == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no such document");
    return NULL;
  }
  entry = read_entry (city, part->chain, part->seq, error);
  if (entry == NULL)
    return NULL;
  if (!is_of (entry, strict_json_peek (record, "object", ""))) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                 "the body names an object that its entry does not");
    return NULL;
  }
  plain =
      open_one (city, entry, strict_json_peek (record, "object", ""),
                SEAL_PLACE_DOCUMENT (strict_json_peek (record, "slot", ""),
                                     (guint)json_integer_value (json_object_get (record, "index"))),
                error);
  if (plain == NULL)
    return NULL;
  hash = hash_sha256_hex (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  if (strcmp (hash, strict_json_peek (record, "sha256", "")) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "not the document that was sealed");
    return NULL;
  }
  *ret_record = record;
  return g_steal_pointer (&plain);
}

/* Every object of the entry is here in the announced size, the body names all of them and no
 * others, and each document opens to what the body says of it. */
static gboolean
part_is_whole (City *city, CaseOpen *open, guint index, GError **error)
{
  const CaseOpenPart *part = g_ptr_array_index (open->parts, index);
  g_autoptr (Entry) entry = read_entry (city, part->chain, part->seq, error);
  gsize n = json_array_size (json_object_get (part->body, "documents"));

  if (entry == NULL)
    return FALSE;
  for (guint i = 0; i < entry->objects->len; i++) {
    const EntryObject *object = &g_array_index (entry->objects, EntryObject, i);
    g_autofree char *path = object_path (city, object->sha256);
    GStatBuf st;
    if (g_stat (path, &st) != 0 || (guint64)st.st_size != object->size) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "object %u is of another size", i);
      return FALSE;
    }
  }
  if (n + 1 != entry->objects->len) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                 "the body names other objects than its entry");
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    const json_t *record = NULL;
    g_autoptr (GBytes) bytes = case_open_document (city, open, index, i, &record, error);
    if (bytes == NULL)
      return FALSE;
  }
  return TRUE;
}

gboolean
case_open_check (City *city, const char *case_id, GError **error)
{
  g_autoptr (CaseRow) row = case_db_find (city->db, case_id, error);
  g_autoptr (CaseOpen) open = row != NULL ? case_open_new (city, case_id, error) : NULL;

  if (open == NULL)
    return FALSE;
  for (guint i = 0; i < open->parts->len; i++) {
    const CaseOpenPart *part = g_ptr_array_index (open->parts, i);
    if (g_strcmp0 (strict_json_peek (part->body, "service", NULL), row->service) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "the body is for another service");
      return FALSE;
    }
    if (!part_is_whole (city, open, i, error))
      return FALSE;
  }
  return TRUE;
}
