/* public-store.c: cases and queue numbers as the city tells everybody. Refuses items that are not
 * whole; an item that comes again changes nothing. */
#include "store/public-store.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/case.h"
#include "domain/queue.h"

#define MAX_DEPARTMENT 64

void
public_case_free (PublicCase *row)
{
  if (row == NULL)
    return;
  g_free (row->number);
  g_free (row->service);
  g_free (row->action);
  g_free (row->state);
  g_free (row->limit_unit);
  g_free (row->due);
  g_free (row->actor);
  g_free (row->department);
  g_free (row);
}

void
public_ticket_free (PublicTicket *row)
{
  if (row == NULL)
    return;
  g_free (row->number);
  g_free (row->family);
  g_free (row->day);
  g_free (row->state);
  g_free (row->window);
  g_free (row);
}

/* ---- applying ---- */

static gboolean
refuse (const char *member, GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "member \"%s\" is malformed", member);
  return FALSE;
}

static gboolean
is_day (const char *text)
{
  g_autofree char *moment = g_strdup_printf ("%sT00:00:00Z", text);
  gint64 ms;
  return strlen (text) == 10 && clock_parse (moment, &ms, NULL);
}

static gboolean
read_limit (const json_t *item, gint64 *ret_n, const char **ret_unit, GError **error)
{
  static const char *const units[] = {"workday",   "calendar_day", "month", "hour",
                                      "immediate", "batch",        NULL};
  const json_t *limit = json_object_get (item, "limit");

  *ret_n = 0;
  *ret_unit = NULL;
  if (limit == NULL || json_is_null (limit))
    return TRUE;
  *ret_unit = strict_json_string (limit, "unit", error);
  if (*ret_unit == NULL || !strict_json_int (limit, "n", ret_n, error))
    return FALSE;
  if (!g_strv_contains (units, *ret_unit) || *ret_n < 0 || *ret_n > 10000)
    return refuse ("limit", error);
  /* Only of days can be said how many are left. */
  if (strcmp (*ret_unit, "workday") != 0 && strcmp (*ret_unit, "calendar_day") != 0) {
    *ret_n = 0;
    *ret_unit = NULL;
  }
  return TRUE;
}

DB_SQL (
    sql_case,
    "INSERT INTO case_public (number, at, action, state, service, limit_n, limit_unit, due,"
    " due_provisional, actor, department, heard) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
    " ?11,"
    " (SELECT count (*) FROM case_public WHERE number = ?1))"
    " ON CONFLICT DO UPDATE SET service = excluded.service, limit_n = excluded.limit_n,"
    " limit_unit = excluded.limit_unit, due = excluded.due,"
    " due_provisional = excluded.due_provisional, actor = excluded.actor,"
    " department = excluded.department");

/* Both NULL from a city that does not say it yet. */
static gboolean
read_actor (const json_t *item, const char **ret_role, const char **ret_department, GError **error)
{
  const json_t *actor = json_object_get (item, "actor");
  const char *department = strict_json_peek (actor, "department", NULL);
  CaseActor parsed;

  *ret_role = *ret_department = NULL;
  if (actor == NULL)
    return TRUE;
  *ret_role = strict_json_string (actor, "role", error);
  if (*ret_role == NULL)
    return FALSE;
  if (!case_actor_parse (*ret_role, &parsed) ||
      (department != NULL && strlen (department) > MAX_DEPARTMENT))
    return refuse ("actor", error);
  *ret_department = department;
  return TRUE;
}

static gboolean
apply_case (Db *db, const json_t *item, GError **error)
{
  const char *number = strict_json_string (item, "number", error);
  const char *state = number != NULL ? strict_json_string (item, "state", error) : NULL;
  const char *at = state != NULL ? strict_json_string (item, "at", error) : NULL;
  const char *action = strict_json_peek (item, "action", "");
  const char *due = strict_json_peek (item, "due", NULL), *unit, *role, *department;
  gint64 ms, n;
  CaseState parsed;
  CaseAction parsed_action;

  if (at == NULL || !clock_parse (at, &ms, error) || !read_limit (item, &n, &unit, error) ||
      !read_actor (item, &role, &department, error))
    return FALSE;
  if (!case_number_is_valid (number))
    return refuse ("number", error);
  if (!case_state_parse (state, &parsed))
    return refuse ("state", error);
  if (*action != '\0' && !case_action_parse (action, &parsed_action))
    return refuse ("action", error);
  if (due != NULL && !is_day (due))
    return refuse ("due", error);
  return db_run (db, sql_case, error, "sisssississ", number, ms, action, state,
                 strict_json_peek (item, "service", NULL), n, unit, due,
                 (gint64)json_is_true (json_object_get (item, "due_provisional")), role,
                 department);
}

DB_SQL (sql_queue, "INSERT INTO queue_public (day, number, family, state, window, at, heard)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT count (*) FROM queue_public"
                   " WHERE day = ?1 AND number = ?2))"
                   " ON CONFLICT DO UPDATE SET window = excluded.window");

static gboolean
apply_queue (Db *db, const json_t *item, GError **error)
{
  static const char *const states[] = {"waiting", "called", "served", "missed", "redeemed", NULL};
  const char *number = strict_json_string (item, "number", error);
  const char *day = number != NULL ? strict_json_string (item, "day", error) : NULL;
  const char *state = day != NULL ? strict_json_string (item, "state", error) : NULL;
  const char *at = state != NULL ? strict_json_string (item, "at", error) : NULL;
  char letter, family[2] = {0};
  gint64 ms;

  if (at == NULL || !clock_parse (at, &ms, error))
    return FALSE;
  if (!queue_number_parse (number, &letter, NULL))
    return refuse ("number", error);
  if (!is_day (day))
    return refuse ("day", error);
  if (!g_strv_contains (states, state))
    return refuse ("state", error);
  family[0] = letter;
  return db_run (db, sql_queue, error, "sssssi", day, number, family, state,
                 strict_json_peek (item, "window", NULL), ms);
}

typedef struct {
  const json_t *item;
  gboolean known;
} Apply;

static gboolean
apply (Db *db, gpointer data, GError **error)
{
  Apply *apply = data;
  const char *kind = strict_json_string (apply->item, "kind", error);

  if (kind == NULL)
    return FALSE;
  apply->known = TRUE;
  if (strcmp (kind, "case") == 0)
    return apply_case (db, apply->item, error);
  if (strcmp (kind, "queue") == 0)
    return apply_queue (db, apply->item, error);
  apply->known = FALSE;
  return TRUE;
}

gboolean
public_store_apply (Db *db, const json_t *item, gboolean *ret_known, GError **error)
{
  Apply data = {item, FALSE};

  if (!db_write (db, apply, &data, error))
    return FALSE;
  if (ret_known != NULL)
    *ret_known = data.known;
  return TRUE;
}

/* ---- reading ---- */

static gpointer
read_case (DbRows *rows)
{
  PublicCase *row = g_new0 (PublicCase, 1);

  row->number = db_rows_text (rows, 0);
  row->at = db_rows_int (rows, 1);
  row->action = db_rows_text (rows, 2);
  row->state = db_rows_text (rows, 3);
  row->service = db_rows_text (rows, 4);
  row->limit_n = db_rows_int (rows, 5);
  row->limit_unit = db_rows_text (rows, 6);
  row->due = db_rows_text (rows, 7);
  row->due_provisional = db_rows_int (rows, 8) != 0;
  row->actor = db_rows_text (rows, 9);
  row->department = db_rows_text (rows, 10);
  return row;
}

static GPtrArray *
read_cases (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_case, (GDestroyNotify)public_case_free, error);
}

DB_SQL (
    sql_events,
    "SELECT number, at, action, state, service, limit_n, limit_unit, due,"
    " due_provisional, actor, department FROM case_public WHERE number = ?1 ORDER BY at, heard");

GPtrArray *
public_store_case (Db *db, const char *number, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_events, error, "s", number);
  return read_cases (rows, error);
}

DB_SQL (sql_cases,
        "SELECT number, at, action, state, service, limit_n, limit_unit, due,"
        " due_provisional, actor, department FROM case_public c WHERE NOT EXISTS (SELECT 1 FROM "
        "case_public n"
        " WHERE n.number = c.number AND (n.at > c.at OR n.at = c.at AND n.heard > c.heard))"
        " ORDER BY at DESC, number LIMIT ?1");

GPtrArray *
public_store_cases (Db *db, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_cases, error, "i", (gint64)max);
  return read_cases (rows, error);
}

static gpointer
read_ticket (DbRows *rows)
{
  PublicTicket *row = g_new0 (PublicTicket, 1);

  row->number = db_rows_text (rows, 0);
  row->family = db_rows_text (rows, 1);
  row->day = db_rows_text (rows, 2);
  row->state = db_rows_text (rows, 3);
  row->window = db_rows_text (rows, 4);
  row->at = db_rows_int (rows, 5);
  return row;
}

DB_SQL (sql_ticket, "SELECT number, family, day, state, window, at FROM queue_public"
                    " WHERE day = ?1 AND number = ?2 ORDER BY at DESC, heard DESC LIMIT 1");

PublicTicket *
public_store_ticket (Db *db, const char *day, const char *number, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DbRows) rows = db_select (db, sql_ticket, error, "ss", day, number);

  if (rows == NULL)
    return NULL;
  if (db_rows_next (rows, &problem))
    return read_ticket (rows);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

static GPtrArray *
read_tickets (DbRows *rows, GError **error)
{
  return db_rows_all (rows, read_ticket, (GDestroyNotify)public_ticket_free, error);
}

/* The newest event of each number of the day. */
#define NEWEST                                                                                     \
  "SELECT q.number, q.family, q.day, q.state, q.window, q.at FROM queue_public q WHERE q.day = ?1" \
  " AND NOT EXISTS (SELECT 1 FROM queue_public n WHERE n.day = q.day AND n.number = q.number"      \
  " AND (n.at > q.at OR n.at = q.at AND n.heard > q.heard))"

DB_SQL (sql_called, NEWEST " AND q.state IN ('called', 'served', 'missed')"
                           " ORDER BY q.at DESC, q.number DESC LIMIT ?2");

GPtrArray *
public_store_called (Db *db, const char *day, guint max, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_called, error, "si", day, (gint64)max);
  return read_tickets (rows, error);
}

DB_SQL (sql_queue_of_day, NEWEST " ORDER BY q.family, q.at, q.number");

GPtrArray *
public_store_queue (Db *db, const char *day, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_queue_of_day, error, "s", day);
  return read_tickets (rows, error);
}

DB_SQL (sql_ahead,
        "SELECT count (*) FROM (SELECT number FROM ticket WHERE day = ?1 AND family = ?2"
        " UNION SELECT number FROM queue_public WHERE day = ?1 AND family = ?2) known"
        " WHERE known.number < ?3 AND NOT EXISTS (SELECT 1 FROM queue_public q WHERE q.day = ?1"
        " AND q.number = known.number AND q.state IN ('called', 'served', 'missed'))");

gboolean
public_store_ahead (Db *db, const char *day, const char *family, const char *number,
                    gint64 *ret_ahead, GError **error)
{
  return db_select_int (db, sql_ahead, 0, ret_ahead, error, "sss", day, family, number);
}
