/* print-spool.c: rows that wait for a printer, and the one table of how their state may change.
 * Refuses every other change, so that no two processes print the same row. */
#include "store/print-spool.h"

#include <string.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"

#define KEEP_MS (10 * 60 * (gint64)1000)

static const char *const state_words[] = {"queued",  "sending", "unknown",
                                          "printed", "failed",  "cancelled"};
static const char *const kind_words[] = {"receipt", "ticket", "slip"};

#define BIT(state) (1u << PRINT_STATE_##state)

/* From which states each state may be reached. */
static const guint allowed_from[] = {
    [PRINT_STATE_QUEUED] = BIT (SENDING) | BIT (UNKNOWN) | BIT (FAILED),
    [PRINT_STATE_SENDING] = BIT (QUEUED),
    [PRINT_STATE_UNKNOWN] = BIT (SENDING),
    [PRINT_STATE_PRINTED] = BIT (SENDING) | BIT (UNKNOWN),
    [PRINT_STATE_FAILED] = BIT (QUEUED) | BIT (SENDING) | BIT (UNKNOWN),
    [PRINT_STATE_CANCELLED] = BIT (QUEUED) | BIT (UNKNOWN) | BIT (FAILED),
};

const char *
print_state_word (PrintState state)
{
  return state_words[state];
}

const char *
print_kind_word (PrintKind kind)
{
  return kind_words[kind];
}

void
print_job_free (PrintJob *job)
{
  if (job == NULL)
    return;
  g_free (job->reference);
  g_free (job->reason);
  g_free (job->job_name);
  g_free (job);
}

static guint
find_word (const char *const *words, guint n, const char *word)
{
  guint i = 0;
  while (i + 1 < n && strcmp (words[i], word) != 0)
    i++;
  return i;
}

static gpointer
read_row (DbRows *rows)
{
  PrintJob *job = g_new0 (PrintJob, 1);
  g_autofree char *kind = db_rows_text (rows, 1), *state = db_rows_text (rows, 4);

  job->id = db_rows_int (rows, 0);
  job->kind = find_word (kind_words, G_N_ELEMENTS (kind_words), kind);
  job->reference = db_rows_text (rows, 2);
  job->copy = (int)db_rows_int (rows, 3);
  job->state = find_word (state_words, G_N_ELEMENTS (state_words), state);
  job->reason = db_rows_text (rows, 5);
  job->job_name = db_rows_text (rows, 6);
  job->ipp_id = db_rows_int (rows, 7);
  job->queued_at = db_rows_int (rows, 8);
  job->changed_at = db_rows_int (rows, 9);
  job->unwanted = db_rows_int (rows, 10) != 0;
  return job;
}

#define COLUMNS                                                                                    \
  "id, kind, reference, copy, state, reason, job_name, ipp_id, queued_at, changed_at, unwanted"

/* ---- adding ---- */

typedef struct {
  PrintKind kind;
  const char *reference;
  gint64 at;
  gint64 id;
} Add;

DB_SQL (sql_count_copy, "INSERT INTO print_copy (kind, reference, copy) VALUES (?1, ?2, 1)"
                        " ON CONFLICT (kind, reference) DO UPDATE SET copy = copy + 1");
DB_SQL (sql_copy, "SELECT copy FROM print_copy WHERE kind = ?1 AND reference = ?2");
DB_SQL (sql_insert, "INSERT INTO spool (kind, reference, copy, state, job_name, queued_at,"
                    " changed_at) VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?5)");
DB_SQL (sql_by_name, "SELECT id FROM spool WHERE job_name = ?1");

static gboolean
add (Db *db, gpointer data, GError **error)
{
  Add *add = data;
  guint8 random[8];
  g_autofree char *hex = NULL, *name = NULL;
  const char *kind = kind_words[add->kind];
  gint64 copy;

  id_random (random, sizeof random);
  hex = encode_hex (random, sizeof random);
  name = g_strdup_printf ("onestop-%s-%s", kind, hex);
  return db_run (db, sql_count_copy, error, "ss", kind, add->reference) &&
         db_select_int (db, sql_copy, 1, &copy, error, "ss", kind, add->reference) &&
         db_run (db, sql_insert, error, "ssisi", kind, add->reference, copy, name, add->at) &&
         db_select_int (db, sql_by_name, 0, &add->id, error, "s", name);
}

gboolean
print_spool_add (Db *db, PrintKind kind, const char *reference, gint64 at, gint64 *ret_id,
                 GError **error)
{
  Add data = {kind, reference, at, 0};

  if (!db_write (db, add, &data, error))
    return FALSE;
  if (ret_id != NULL)
    *ret_id = data.id;
  return TRUE;
}

/* ---- reading ---- */

/* The first row, or NULL; `error` is set only if reading failed. */
static PrintJob *
one (DbRows *rows, GError **error)
{
  return db_rows_first (rows, error, "no such print job") ? read_row (rows) : NULL;
}

static GPtrArray *
all (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_row, (GDestroyNotify)print_job_free, error);
}

DB_SQL (sql_next, "SELECT " COLUMNS " FROM spool WHERE state = 'queued' ORDER BY id LIMIT 1");

PrintJob *
print_spool_next (Db *db, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_next, error, "");
  PrintJob *job = rows != NULL ? one (rows, &problem) : NULL;

  if (problem != NULL && !onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&problem));
  return job;
}

DB_SQL (sql_get, "SELECT " COLUMNS " FROM spool WHERE id = ?1");

PrintJob *
print_spool_get (Db *db, gint64 id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_get, error, "i", id);
  return one (rows, error);
}

DB_SQL (sql_find, "SELECT " COLUMNS " FROM spool WHERE kind = ?1 AND reference = ?2"
                  " ORDER BY id DESC LIMIT 1");

PrintJob *
print_spool_find (Db *db, PrintKind kind, const char *reference, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_find, error, "ss", kind_words[kind], reference);
  return one (rows, error);
}

DB_SQL (sql_list, "SELECT " COLUMNS " FROM spool ORDER BY id DESC LIMIT ?1");

GPtrArray *
print_spool_list (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_list, error, "i", (gint64)max);
  return all (rows, error);
}

DB_SQL (sql_in_state, "SELECT " COLUMNS " FROM spool WHERE state = ?1 ORDER BY id");

GPtrArray *
print_spool_in_state (Db *db, PrintState state, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_in_state, error, "s", state_words[state]);
  return all (rows, error);
}

/* ---- changing ---- */

typedef struct {
  gint64 id;
  PrintState state;
  const char *reason;
  gint64 at;
} Set;

DB_SQL (sql_set, "UPDATE spool SET state = ?2, reason = ?3, changed_at = ?4 WHERE id = ?1");

static gboolean
set (Db *db, gpointer data, GError **error)
{
  Set *set = data;
  g_autoptr (PrintJob) job = print_spool_get (db, set->id, error);

  if (job == NULL)
    return FALSE;
  if ((allowed_from[set->state] & (1u << job->state)) == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "print job %" G_GINT64_FORMAT " is %s and cannot become %s", set->id,
                 state_words[job->state], state_words[set->state]);
    return FALSE;
  }
  return db_run (db, sql_set, error, "issi", set->id, state_words[set->state], set->reason,
                 set->at);
}

gboolean
print_spool_set (Db *db, gint64 id, PrintState state, const char *reason, gint64 at, GError **error)
{
  Set data = {id, state, reason, at};
  return db_write (db, set, &data, error);
}

DB_SQL (sql_unwant, "UPDATE spool SET unwanted = 1 WHERE id = ?1 AND state = 'sending'");

static gboolean
unwant (Db *db, gpointer data, GError **error)
{
  const gint64 *id = data;

  if (!db_run (db, sql_unwant, error, "i", *id))
    return FALSE;
  if (db_changes (db) == 1)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
               "print job %" G_GINT64_FORMAT " is not being sent", *id);
  return FALSE;
}

gboolean
print_spool_unwant (Db *db, gint64 id, GError **error)
{
  return db_write (db, unwant, &id, error);
}

DB_SQL (sql_set_ipp_id, "UPDATE spool SET ipp_id = ?2 WHERE id = ?1");

static gboolean
set_ipp_id (Db *db, gpointer data, GError **error)
{
  const gint64 *values = data;
  return db_run (db, sql_set_ipp_id, error, "ii", values[0], values[1]);
}

gboolean
print_spool_set_ipp_id (Db *db, gint64 id, gint64 ipp_id, GError **error)
{
  gint64 values[2] = {id, ipp_id};
  return db_write (db, set_ipp_id, values, error);
}

DB_SQL (sql_purge, "DELETE FROM spool WHERE state IN ('printed', 'cancelled') AND changed_at < ?1");

static gboolean
purge (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_purge, error, "i", *(gint64 *)data - KEEP_MS);
}

gboolean
print_spool_purge (Db *db, gint64 now, GError **error)
{
  return db_write (db, purge, &now, error);
}
