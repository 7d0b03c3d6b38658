/* journal.c: appends entries to the hash chain, reads them, checks them, and makes what follows
 * from them again. Refuses to change what was written; keeps the bytes exactly as domain/entry made
 * them.
 */
#include "store/journal.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "domain/case-number.h"
#include "store/case-store.h"
#include "trust/log-chain.h"

void
journal_entry_free (JournalEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->incarnation);
  g_free (entry->case_id);
  g_bytes_unref (entry->bytes);
  g_free (entry->hash);
  g_free (entry);
}

DB_SQL (sql_head, "SELECT seq, hash FROM entry WHERE incarnation = ?1 ORDER BY seq DESC LIMIT 1");

gboolean
journal_head (Db *db, const char *incarnation, gint64 *ret_seq, char **ret_hash, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_head, error, "s", incarnation);
  gboolean any;

  if (rows == NULL)
    return FALSE;
  any = db_rows_next (rows, &problem);
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  *ret_seq = any ? db_rows_int (rows, 0) : 0;
  if (ret_hash != NULL)
    *ret_hash = any ? db_rows_text (rows, 1) : g_strdup (ENTRY_FIRST_PREV);
  return TRUE;
}

/* ---- appending ---- */

DB_SQL (sql_other_device, "SELECT bytes FROM entry WHERE incarnation = ?1 ORDER BY seq LIMIT 1");

/* One incarnation is one device's: its first entry says whose. */
static gboolean
is_of_device (Db *db, const char *device, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_other_device, error, "s", db_peek_incarnation (db));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (Entry) first = NULL;
  gsize length;
  const char *text;

  if (rows == NULL)
    return FALSE;
  if (!db_rows_next (rows, &problem)) {
    if (problem != NULL)
      g_propagate_error (error, g_steal_pointer (&problem));
    return problem == NULL;
  }
  bytes = db_rows_bytes (rows, 0);
  text = g_bytes_get_data (bytes, &length);
  first = entry_parse (text, length, &problem);
  if (first == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "the first entry is damaged: %s",
                 problem->message);
    return FALSE;
  }
  if (strcmp (first->device, device) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "this store's log is of device %s, not %s", first->device, device);
    return FALSE;
  }
  return TRUE;
}

DB_SQL (sql_insert_entry, "INSERT INTO entry (incarnation, seq, at, unsure, kind, case_id,"
                          " hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
DB_SQL (sql_insert_object,
        "INSERT INTO object (sha256, size, incarnation, seq, place) VALUES (?1, ?2, ?3, ?4, ?5)");

static gboolean
insert_objects (Db *db, const Entry *entry, GError **error)
{
  for (guint i = 0; i < entry->objects->len; i++) {
    const EntryObject *object = &g_array_index (entry->objects, EntryObject, i);
    if (!db_run (db, sql_insert_object, error, "sisii", object->sha256, (gint64)object->size,
                 entry->incarnation, (gint64)entry->seq, (gint64)i))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  const JournalDraft *draft;
  gint64 seq;
} Append;

static Entry *
fill (Db *db, const JournalDraft *draft, gint64 seq, const char *prev)
{
  Entry *entry = entry_new (draft->kind);

  entry->device = g_strdup (draft->device);
  entry->incarnation = g_strdup (db_peek_incarnation (db));
  entry->seq = (guint64)seq;
  g_strlcpy (entry->prev, prev, sizeof entry->prev);
  entry->at = draft->at;
  entry->unsure = draft->unsure;
  entry->case_id = g_strdup (draft->case_id);
  for (guint i = 0; draft->objects != NULL && i < draft->objects->len; i++) {
    const EntryObject *object = &g_array_index (draft->objects, EntryObject, i);
    entry_add_object (entry, object->sha256, object->size);
  }
  if (draft->body != NULL) {
    json_decref (entry->body);
    entry->body = json_incref (draft->body);
  }
  return entry;
}

static gboolean
append (Db *db, gpointer data, GError **error)
{
  Append *append = data;
  g_autofree char *prev = NULL, *text = NULL, *hash = NULL;
  g_autoptr (Entry) entry = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gint64 last;

  if (!is_of_device (db, append->draft->device, error) ||
      !journal_head (db, db_peek_incarnation (db), &last, &prev, error))
    return FALSE;
  append->seq = last + 1;
  entry = fill (db, append->draft, append->seq, prev);
  text = entry_write (entry, error);
  if (text == NULL)
    return FALSE;
  hash = hash_sha256_hex (text, strlen (text));
  bytes = g_bytes_new (text, strlen (text));
  return db_run (db, sql_insert_entry, error, "siiisssb", entry->incarnation, append->seq,
                 entry->at, (gint64)entry->unsure, entry_kind_word (entry->kind), entry->case_id,
                 hash, bytes) &&
         insert_objects (db, entry, error);
}

gboolean
journal_append (Db *db, const JournalDraft *draft, gint64 *ret_seq, GError **error)
{
  Append data = {draft, 0};

  if (!db_write (db, append, &data, error))
    return FALSE;
  if (ret_seq != NULL)
    *ret_seq = data.seq;
  return TRUE;
}

/* ---- reading ---- */

JournalEntry *
journal_entry_from (DbRows *rows, GError **error)
{
  g_autofree char *kind = db_rows_text (rows, 3);
  EntryKind parsed;
  JournalEntry *entry;

  if (!entry_kind_parse (kind, &parsed)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "an entry has the kind \"%s\"", kind);
    return NULL;
  }
  entry = g_new0 (JournalEntry, 1);
  entry->incarnation = db_rows_text (rows, 0);
  entry->seq = db_rows_int (rows, 1);
  entry->at = db_rows_int (rows, 2);
  entry->kind = parsed;
  entry->case_id = db_rows_text (rows, 4);
  entry->hash = db_rows_text (rows, 5);
  entry->bytes = db_rows_bytes (rows, 6);
  return entry;
}

DB_SQL (sql_get, "SELECT incarnation, seq, at, kind, case_id, hash, bytes FROM entry"
                 " WHERE incarnation = ?1 AND seq = ?2");

JournalEntry *
journal_get (Db *db, const char *incarnation, gint64 seq, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "si", incarnation, seq);

  return db_rows_first (rows, error, "no entry %" G_GINT64_FORMAT, seq)
             ? journal_entry_from (rows, error)
             : NULL;
}

DB_SQL (sql_incarnations, "SELECT incarnation FROM identity ORDER BY position");

GPtrArray *
journal_incarnations (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_incarnations, error, "");

  return db_rows_texts (rows, error);
}

DB_SQL (sql_last_at, "SELECT max (at) FROM entry WHERE unsure = 0");

gboolean
journal_last_at (Db *db, gint64 *ret_at, GError **error)
{
  return db_select_int (db, sql_last_at, 0, ret_at, error, "");
}

/* ---- verifying ---- */

void
journal_report_free (JournalReport *report)
{
  if (report == NULL)
    return;
  g_free (report->head);
  g_free (report->broken_incarnation);
  g_free (report->reason);
  g_free (report);
}

/* One step of the check. NULL when all is well, else why not. */
static char *
check_entry (LogChain **chain, const char *incarnation, DbRows *rows)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) bytes = db_rows_bytes (rows, 4);
  g_autofree char *kind = db_rows_text (rows, 2), *case_id = db_rows_text (rows, 3);
  g_autofree char *stored = db_rows_text (rows, 5), *hash = NULL;
  g_autoptr (Entry) entry = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  hash = hash_sha256_hex (text, length);
  if (strcmp (hash, stored) != 0)
    return g_strdup ("the bytes do not have the stored hash");
  if (*chain == NULL) {
    /* The first entry says whose log this is. */
    g_autoptr (Entry) first = entry_parse (text, length, &problem);
    if (first == NULL)
      return g_strdup (problem->message);
    *chain = log_chain_new (first->device, incarnation, 0, NULL);
  }
  if (!log_chain_add (*chain, text, length, &entry, &problem))
    return g_strdup (problem->message);
  if (db_rows_int (rows, 0) != (gint64)entry->seq || db_rows_int (rows, 1) != entry->at ||
      (db_rows_int (rows, 6) != 0) != entry->unsure ||
      strcmp (kind, entry_kind_word (entry->kind)) != 0 || g_strcmp0 (case_id, entry->case_id) != 0)
    return g_strdup ("the columns do not say what the bytes say");
  return NULL;
}

DB_SQL (sql_verify, "SELECT seq, at, kind, case_id, bytes, hash, unsure FROM entry"
                    " WHERE incarnation = ?1 ORDER BY seq");

static gboolean
verify_incarnation (Db *db, const char *incarnation, JournalReport *report, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_verify, error, "s", incarnation);
  g_autoptr (LogChain) chain = NULL;

  if (rows == NULL)
    return FALSE;
  while (report->broken_seq == 0 && db_rows_next (rows, &problem)) {
    report->reason = check_entry (&chain, incarnation, rows);
    if (report->reason != NULL) {
      report->broken_incarnation = g_strdup (incarnation);
      report->broken_seq = MAX (db_rows_int (rows, 0), 1);
    } else {
      report->entries++;
    }
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  g_free (report->head);
  report->head = g_strdup (chain != NULL ? chain->hash : ENTRY_FIRST_PREV);
  return TRUE;
}

JournalReport *
journal_verify (Db *db, GError **error)
{
  g_autoptr (JournalReport) report = g_new0 (JournalReport, 1);
  g_autoptr (GPtrArray) lives = journal_incarnations (db, error);

  if (lives == NULL)
    return NULL;
  for (guint i = 0; i < lives->len && report->broken_seq == 0; i++)
    if (!verify_incarnation (db, lives->pdata[i], report, error))
      return NULL;
  return g_steal_pointer (&report);
}

/* ---- making again ---- */

static gboolean
make_case (Db *db, const Entry *entry, GError **error)
{
  CaseRow row = {.number = (char *)json_string_value (json_object_get (entry->body, "number")),
                 .case_id = entry->case_id,
                 .service = (char *)json_string_value (json_object_get (entry->body, "service")),
                 .guide = (char *)json_string_value (json_object_get (entry->body, "guide")),
                 .hall = (char *)json_string_value (json_object_get (entry->body, "hall")),
                 .language = (char *)"",
                 .submitted_at = entry->at,
                 .incarnation = entry->incarnation,
                 .seq = (gint64)entry->seq};
  return case_store_insert (db, &row, error);
}

DB_SQL (sql_make_ticket_counter,
        "INSERT INTO ticket_counter (day, family, last) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (day, family) DO UPDATE SET last = max (last, excluded.last)");

static gboolean
make_ticket (Db *db, const Entry *entry, GError **error)
{
  const char *number = json_string_value (json_object_get (entry->body, "number"));
  const char *family = json_string_value (json_object_get (entry->body, "family"));
  g_autofree char *day = clock_day (entry->at);

  if (number == NULL || family == NULL)
    return TRUE;
  return db_run (db, sql_make_ticket_counter, error, "ssi", day, family,
                 (gint64)g_ascii_strtoll (number + strlen (family), NULL, 10));
}

static gboolean
make_from (Db *db, const char *bytes, gsize length, gint64 *counter, GError **error)
{
  g_autoptr (Entry) entry = entry_parse (bytes, length, error);
  guint32 taken = 0;

  if (entry == NULL || !insert_objects (db, entry, error))
    return FALSE;
  if (entry->kind == ENTRY_KIND_TICKET_DRAWN)
    return make_ticket (db, entry, error);
  if (entry->kind != ENTRY_KIND_CASE_SUBMITTED)
    return TRUE;
  if (case_number_split (json_string_value (json_object_get (entry->body, "number")), NULL, NULL,
                         &taken))
    *counter = MAX (*counter, (gint64)taken);
  return make_case (db, entry, error);
}

DB_SQL (sql_forget_objects, "DELETE FROM object");
DB_SQL (sql_forget_cases, "DELETE FROM case_local");
DB_SQL (sql_forget_tickets, "DELETE FROM ticket_counter");
DB_SQL (sql_all_entries, "SELECT bytes FROM entry ORDER BY incarnation, seq");
/* What is safe may have been deleted here: it is not offered again. */
DB_SQL (sql_mark_safe, "UPDATE object SET sent = 1, purged = 1 WHERE seq <="
                       " (SELECT safe FROM watermark WHERE incarnation = object.incarnation)");
DB_SQL (sql_set_counter, "UPDATE case_counter SET last = max (last, ?1)");

static gboolean
rebuild (Db *db, gpointer data, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = NULL;
  gint64 counter = 0;

  if (!db_run (db, sql_forget_objects, error, "") || !db_run (db, sql_forget_cases, error, "") ||
      !db_run (db, sql_forget_tickets, error, ""))
    return FALSE;
  rows = db_select (db, sql_all_entries, error, "");
  while (rows != NULL && db_rows_next (rows, &problem)) {
    g_autoptr (GBytes) bytes = db_rows_bytes (rows, 0);
    gsize length;
    const char *text = g_bytes_get_data (bytes, &length);
    if (!make_from (db, text, length, &counter, error))
      return FALSE;
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return rows != NULL && db_run (db, sql_mark_safe, error, "") &&
         db_run (db, sql_set_counter, error, "i", counter);
}

gboolean
journal_rebuild (Db *db, GError **error)
{
  return db_write (db, rebuild, NULL, error);
}
