/* envelope-store.c: entries of the hall's devices on a desk, as sealed as they came. */
#include "store/envelope-store.h"

#include <string.h>

#include "base/error.h"
#include "domain/entry.h"
#include "trust/hash.h"

void
envelope_free (Envelope *envelope)
{
  if (envelope == NULL)
    return;
  g_free (envelope->case_id);
  g_free (envelope->number);
  g_free (envelope->kind);
  g_free (envelope->service);
  g_free (envelope->device);
  g_bytes_unref (envelope->bytes);
  g_free (envelope);
}

/* ---- putting ---- */

DB_SQL (sql_stored,
        "SELECT hash FROM envelope WHERE device = ?1 AND incarnation = ?2 AND seq = ?3");
DB_SQL (sql_insert,
        "INSERT INTO envelope (device, incarnation, seq, case_id, number, kind, service,"
        " at, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
DB_SQL (sql_insert_object, "INSERT INTO envelope_object (sha256, device, incarnation, seq, place,"
                           " size) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING");

/* -1 error, 0 not there, 1 there with the same hash. */
static int
is_stored (Db *db, const Entry *entry, const char *hash, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_stored, error, "ssi", entry->device,
                                       entry->incarnation, (gint64)entry->seq);
  g_autofree char *stored = NULL;

  if (rows == NULL)
    return -1;
  if (!db_rows_next (rows, &problem)) {
    if (problem != NULL)
      g_propagate_error (error, g_steal_pointer (&problem));
    return problem != NULL ? -1 : 0;
  }
  stored = db_rows_text (rows, 0);
  if (strcmp (stored, hash) == 0)
    return 1;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
               "another entry stands in the place of this envelope");
  return -1;
}

static gboolean
insert_objects (Db *db, const Entry *entry, GError **error)
{
  for (guint i = 0; i < entry->objects->len; i++) {
    const EntryObject *object = &g_array_index (entry->objects, EntryObject, i);
    if (!db_run (db, sql_insert_object, error, "sssiii", object->sha256, entry->device,
                 entry->incarnation, (gint64)entry->seq, (gint64)i, (gint64)object->size))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put (Db *db, gpointer data, GError **error)
{
  GBytes *bytes = data;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (Entry) entry = entry_parse (text, length, error);
  g_autofree char *hash = NULL;
  int stored;

  if (entry == NULL)
    return FALSE;
  hash = hash_sha256_hex (text, length);
  stored = is_stored (db, entry, hash, error);
  if (stored != 0)
    return stored > 0;
  return db_run (db, sql_insert, error, "ssissssisb", entry->device, entry->incarnation,
                 (gint64)entry->seq, entry->case_id,
                 json_string_value (json_object_get (entry->body, "number")),
                 entry_kind_word (entry->kind),
                 json_string_value (json_object_get (entry->body, "service")), entry->at, hash,
                 bytes) &&
         insert_objects (db, entry, error);
}

gboolean
envelope_store_put (Db *db, GBytes *entry, GError **error)
{
  return db_write (db, put, entry, error);
}

/* ---- objects ---- */

DB_SQL (sql_wanted, "SELECT DISTINCT o.sha256 FROM envelope_object o JOIN envelope e"
                    " USING (device, incarnation, seq) WHERE o.here = 0"
                    " ORDER BY e.at, o.place LIMIT ?1");

GPtrArray *
envelope_store_wanted (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_wanted, error, "i", (gint64)max);

  return db_rows_texts (rows, error);
}

DB_SQL (sql_arrived, "UPDATE envelope_object SET here = 1 WHERE sha256 = ?1");

static gboolean
arrived (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_arrived, error, "s", (const char *)data);
}

gboolean
envelope_store_arrived (Db *db, const char *sha256, GError **error)
{
  return db_write (db, arrived, (gpointer)sha256, error);
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
  "e.case_id, e.number, e.kind, e.service, e.device, e.seq, e.at, e.bytes, NOT EXISTS (SELECT 1"   \
  " FROM envelope_object o WHERE o.device = e.device AND o.incarnation = e.incarnation"            \
  " AND o.seq = e.seq AND o.here = 0)"

static gpointer
read_row (DbRows *rows)
{
  Envelope *envelope = g_new0 (Envelope, 1);

  envelope->case_id = db_rows_text (rows, 0);
  envelope->number = db_rows_text (rows, 1);
  envelope->kind = db_rows_text (rows, 2);
  envelope->service = db_rows_text (rows, 3);
  envelope->device = db_rows_text (rows, 4);
  envelope->seq = db_rows_int (rows, 5);
  envelope->at = db_rows_int (rows, 6);
  envelope->bytes = db_rows_bytes (rows, 7);
  envelope->complete = db_rows_int (rows, 8) != 0;
  return envelope;
}

static GPtrArray *
read_all (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_row, (GDestroyNotify)envelope_free, error);
}

DB_SQL (sql_cases, "SELECT " COLUMNS " FROM envelope e WHERE e.kind = 'case.submitted'"
                   " ORDER BY e.at DESC, e.number DESC LIMIT ?1");

GPtrArray *
envelope_store_cases (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_cases, error, "i", (gint64)max);
  return read_all (rows, error);
}

DB_SQL (sql_case, "SELECT " COLUMNS " FROM envelope e WHERE e.case_id = (SELECT case_id"
                  " FROM envelope WHERE number = ?1 AND kind = 'case.submitted' LIMIT 1)"
                  " ORDER BY e.at, e.device, e.seq");

GPtrArray *
envelope_store_case (Db *db, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_case, error, "s", number);
  return read_all (rows, error);
}
