/* case-db.c: events are appended and chained; the row beside them can be made again. Refuses to
 * judge: what an event means is city/case-act's and domain/case's. */
#include "city/db/case-db.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/entry.h"
#include "trust/hash.h"

void
case_db_row_free (CaseRow *row)
{
  if (row == NULL)
    return;
  g_free (row->case_id);
  g_free (row->number);
  g_free (row->service);
  g_free (row->hall);
  g_free (row->guide);
  g_free (row->state);
  g_free (row->department);
  g_free (row->promised_unit);
  g_free (row->promised_due);
  g_free (row->statutory_unit);
  g_free (row->statutory_due);
  g_free (row->seal);
  g_free (row);
}

#define CASE_COLUMNS                                                                               \
  "case_id,number,service,hall,guide,state,version,department,submitted_at,changed_at,"            \
  "promised_n,promised_unit,promised_due,promised_provisional,"                                    \
  "statutory_n,statutory_unit,statutory_due,statutory_provisional,seal"

static void *
read_row (DbRows *rows)
{
  CaseRow *row = g_new0 (CaseRow, 1);

  *row = (CaseRow){.case_id = g_strdup (db_rows_text (rows, 0)),
                   .number = g_strdup (db_rows_text (rows, 1)),
                   .service = g_strdup (db_rows_text (rows, 2)),
                   .hall = g_strdup (db_rows_text (rows, 3)),
                   .guide = g_strdup (db_rows_text (rows, 4)),
                   .state = g_strdup (db_rows_text (rows, 5)),
                   .version = db_rows_int (rows, 6),
                   .department = g_strdup (db_rows_text (rows, 7)),
                   .submitted_at = db_rows_int (rows, 8),
                   .changed_at = db_rows_int (rows, 9),
                   .promised_n = db_rows_int (rows, 10),
                   .promised_unit = g_strdup (db_rows_text (rows, 11)),
                   .promised_due = g_strdup (db_rows_text (rows, 12)),
                   .promised_provisional = db_rows_int (rows, 13) != 0,
                   .statutory_n = db_rows_int (rows, 14),
                   .statutory_unit = g_strdup (db_rows_text (rows, 15)),
                   .statutory_due = g_strdup (db_rows_text (rows, 16)),
                   .statutory_provisional = db_rows_int (rows, 17) != 0,
                   .seal = g_strdup (db_rows_text (rows, 18))};
  return row;
}

static CaseRow *
one_row (DbRows *rows, GError **error)
{
  return db_rows_first (rows, error, "no such case") ? read_row (rows) : NULL;
}

DB_SQL (find_case, "SELECT " CASE_COLUMNS " FROM case_file WHERE case_id=$1");
CaseRow *
case_db_find (Db *db, const char *case_id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_case, "t", case_id);
  return one_row (rows, error);
}

DB_SQL (find_number, "SELECT " CASE_COLUMNS " FROM case_file WHERE number=$1");
CaseRow *
case_db_find_number (Db *db, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, find_number, "t", number);
  return one_row (rows, error);
}

DB_SQL (put_case,
        "INSERT INTO case_file(" CASE_COLUMNS ") VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,"
        "$14,$15,$16,$17,$18,$19) ON CONFLICT (case_id) DO UPDATE SET hall=$4,state=$6,version=$7,"
        "department=$8,submitted_at=$9,changed_at=$10,promised_n=$11,promised_unit=$12,"
        "promised_due=$13,promised_provisional=$14,statutory_n=$15,statutory_unit=$16,"
        "statutory_due=$17,statutory_provisional=$18,seal=$19");
gboolean
case_db_put (Db *db, const CaseRow *r, GError **error)
{
  return db_run (db, error, NULL, put_case, "ttttttitiiittiittit", r->case_id, r->number,
                 r->service, r->hall, r->guide, r->state, r->version, r->department,
                 r->submitted_at, r->changed_at, r->promised_n, r->promised_unit, r->promised_due,
                 (gint64)r->promised_provisional, r->statutory_n, r->statutory_unit,
                 r->statutory_due, (gint64)r->statutory_provisional, r->seal);
}

DB_SQL (set_seal, "UPDATE case_file SET seal=$2 WHERE case_id=$1");
gboolean
case_db_set_seal (Db *db, const char *case_id, const char *seal, GError **error)
{
  return db_run (db, error, NULL, set_seal, "tt", case_id, seal);
}

#define CASE_FILTER                                                                                \
  " FROM case_file WHERE ($1 IS NULL OR state IN (SELECT value FROM json_each($1))) "              \
  "AND ($2 IS NULL OR hall=$2) AND ($3 IS NULL OR department=$3) "                                 \
  "AND ($4 IS NULL OR promised_due>=$4) AND ($5 IS NULL OR promised_due<=$5)"

DB_SQL (list_cases, "SELECT " CASE_COLUMNS CASE_FILTER " ORDER BY submitted_at,case_id LIMIT $6");
GPtrArray *
case_db_list (Db *db, const CaseFilter *f, gint64 limit, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, list_cases, "ttttti", f->states, f->hall,
                                       f->department, f->due_from, f->due_until, limit);

  return db_rows_all (rows, read_row, (GDestroyNotify)case_db_row_free, error);
}

DB_SQL (count_cases, "SELECT count(*)" CASE_FILTER);
gboolean
case_db_count (Db *db, const CaseFilter *f, gint64 *ret_n, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, count_cases, "ttttt", f->states, f->hall,
                                       f->department, f->due_from, f->due_until);
  if (rows == NULL || !db_rows_next (rows, error))
    return FALSE;
  *ret_n = db_rows_int (rows, 0);
  return TRUE;
}

void
case_db_event_free (CaseEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->event_id);
  g_free (event->type);
  json_decref (event->actor);
  json_decref (event->origin);
  g_free (event->guide);
  json_decref (event->body);
  g_free (event);
}

static char *
event_hash (const char *case_id, gint64 seq, const char *event_id, const char *type, gint64 at,
            gint64 recorded_at, const char *actor, const char *origin, const char *guide,
            const char *body, const char *prev)
{
  g_autoptr (json_t) all =
      json_pack ("[s,I,s,s,I,I,s,s?,s?,s,s]", case_id, (json_int_t)seq, event_id, type,
                 (json_int_t)at, (json_int_t)recorded_at, actor, origin, guide, body, prev);
  g_autofree char *text = strict_json_write (all);
  return hash_sha256_hex (text, strlen (text));
}

DB_SQL (event_head, "SELECT seq,hash FROM event WHERE case_id=$1 ORDER BY seq DESC LIMIT 1");
DB_SQL (add_event, "INSERT INTO event(case_id,seq,event_id,type,at,recorded_at,actor,origin,guide,"
                   "body,prev_hash,hash) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)");
gboolean
case_db_append (Db *db, const char *case_id, CaseEvent *event, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, event_head, "t", case_id);
  g_autofree char *prev = g_strdup (ENTRY_FIRST_PREV), *hash = NULL;
  g_autofree char *actor = strict_json_canonical (event->actor);
  g_autofree char *body = strict_json_canonical (event->body);
  g_autofree char *origin = event->origin != NULL ? strict_json_canonical (event->origin) : NULL;

  if (rows == NULL)
    return FALSE;
  event->seq = 1;
  if (db_rows_next (rows, NULL)) {
    event->seq = db_rows_int (rows, 0) + 1;
    g_free (prev);
    prev = g_strdup (db_rows_text (rows, 1));
  }
  hash = event_hash (case_id, event->seq, event->event_id, event->type, event->at,
                     event->recorded_at, actor, origin, event->guide, body, prev);
  return db_run (db, error, NULL, add_event, "tittiitttttt", case_id, event->seq, event->event_id,
                 event->type, event->at, event->recorded_at, actor, origin, event->guide, body,
                 prev, hash);
}

static json_t *
column_json (DbRows *rows, int column)
{
  const char *text = db_rows_text (rows, column);
  return text != NULL ? strict_json_parse (text, strlen (text), NULL) : NULL;
}

static void *
read_event (DbRows *rows)
{
  CaseEvent *event = g_new0 (CaseEvent, 1);

  *event = (CaseEvent){.seq = db_rows_int (rows, 0),
                       .event_id = g_strdup (db_rows_text (rows, 1)),
                       .type = g_strdup (db_rows_text (rows, 2)),
                       .at = db_rows_int (rows, 3),
                       .recorded_at = db_rows_int (rows, 4),
                       .actor = column_json (rows, 5),
                       .origin = column_json (rows, 6),
                       .guide = g_strdup (db_rows_text (rows, 7)),
                       .body = column_json (rows, 8)};
  return event;
}

DB_SQL (list_events, "SELECT seq,event_id,type,at,recorded_at,actor,origin,guide,body FROM event "
                     "WHERE case_id=$1 ORDER BY seq");
GPtrArray *
case_db_events (Db *db, const char *case_id, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, list_events, "t", case_id);

  return db_rows_all (rows, read_event, (GDestroyNotify)case_db_event_free, error);
}

DB_SQL (all_events, "SELECT case_id,seq,event_id,type,at,recorded_at,actor,origin,guide,body,"
                    "prev_hash,hash FROM event ORDER BY case_id,seq");
gboolean
case_db_check (Db *db, gint64 *ret_events, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, error, all_events, "");
  g_autofree char *case_id = g_strdup (""), *prev = NULL;
  gint64 seq = 0, count = 0;
  GError *failed = NULL;

  while (rows != NULL && failed == NULL && db_rows_next (rows, &failed)) {
    g_autofree char *hash =
        event_hash (db_rows_text (rows, 0), db_rows_int (rows, 1), db_rows_text (rows, 2),
                    db_rows_text (rows, 3), db_rows_int (rows, 4), db_rows_int (rows, 5),
                    db_rows_text (rows, 6), db_rows_text (rows, 7), db_rows_text (rows, 8),
                    db_rows_text (rows, 9), db_rows_text (rows, 10));
    if (strcmp (case_id, db_rows_text (rows, 0)) != 0) {
      g_free (case_id);
      case_id = g_strdup (db_rows_text (rows, 0));
      g_free (prev);
      prev = g_strdup (ENTRY_FIRST_PREV);
      seq = 0;
    }
    if (db_rows_int (rows, 1) != ++seq || g_strcmp0 (db_rows_text (rows, 10), prev) != 0 ||
        strcmp (db_rows_text (rows, 11), hash) != 0)
      g_set_error (&failed, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                   "case %s, event %" G_GINT64_FORMAT " does not follow", case_id, seq);
    g_free (prev);
    prev = g_steal_pointer (&hash);
    count++;
  }
  if (failed != NULL)
    g_propagate_error (error, failed);
  if (rows == NULL || failed != NULL)
    return FALSE;
  *ret_events = count;
  return TRUE;
}
