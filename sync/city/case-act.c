/* case-act.c: acts on cases. Refuses what the table refuses, and an act that lacks its grounds:
 * a refusal without reason, basis and remedies is none. The row is always made from the events. */
#include "city/case-act.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "city/db/feed-db.h"
#include "domain/case-number.h"
#include "domain/deadline.h"

#define EXTENSION_MAX 10

/* What the body of an act must say. */
static const struct {
  CaseAction action;
  const char *needs[4];
} grounds[] = {
    {CASE_ACTION_HAND_OVER, {"department"}},
    {CASE_ACTION_TRANSFER_HALL, {"hall"}},
    {CASE_ACTION_REQUEST_SUPPLEMENT_ONCE, {"items", "until"}},
    {CASE_ACTION_REFUSE_ACCEPTANCE, {"reason", "basis", "remedies"}},
    {CASE_ACTION_RETURN_WRONG_DEPARTMENT, {"reason"}},
    {CASE_ACTION_DECIDE_ON_SPOT, {"outcome"}},
    {CASE_ACTION_DECIDE, {"outcome"}},
    {CASE_ACTION_ASK_FURTHER_PAPERS, {"items", "basis", "until"}},
    {CASE_ACTION_START_SPECIAL, {"step", "basis"}},
    {CASE_ACTION_EXTEND, {"days", "reason"}},
    {CASE_ACTION_REOPEN, {"reason"}},
    {CASE_ACTION_CORRECT, {"reason"}},
    {CASE_ACTION_DELIVER, {"how"}},
};

static gboolean
lacks (const char *what, GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "\"%s\" is missing", what);
  return FALSE;
}

static gboolean
says (const json_t *body, const char *key)
{
  const char *text = strict_json_peek (body, key, "");
  return text[strspn (text, " \t\r\n")] != '\0';
}

static gboolean
check_outcome (City *city, const CaseRow *row, CaseAction action, const json_t *body,
               GError **error)
{
  const char *outcome = strict_json_peek (body, "outcome", "");
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  gboolean precheck = service != NULL && service->intake_mode == GUIDE_INTAKE_PRECHECK;

  if (strcmp (outcome, "granted") != 0 && strcmp (outcome, "refused") != 0 &&
      strcmp (outcome, "ended") != 0)
    return lacks ("outcome", error);
  if (strcmp (outcome, "refused") == 0)
    for (int i = 0; i < 3; i++)
      if (!says (body, ((const char *[]){"reason", "basis", "remedies"})[i]))
        return lacks (((const char *[]){"reason", "basis", "remedies"})[i], error);
  /* Another system decides a pre-check: here it only ends, and says where it went on. */
  if (precheck && strcmp (outcome, "ended") != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a pre-check is neither granted nor refused here");
    return FALSE;
  }
  return !precheck || says (body, "external_ref") || lacks ("external_ref", error);
}

/* What is taken in on behalf of a department is accepted by that department alone. */
static gboolean
check_power (City *city, const CaseRow *row, CaseAction action, CaseActor actor, GError **error)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;

  if (action != CASE_ACTION_ACCEPT || service == NULL ||
      service->intake_mode != GUIDE_INTAKE_ON_BEHALF || actor == CASE_ACTOR_DEPARTMENT)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "this item is taken in on behalf: only its department accepts it");
  return FALSE;
}

static gboolean
check_body (City *city, const CaseRow *row, CaseAction action, const json_t *body, GError **error)
{
  gint64 days = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (grounds); i++)
    for (int k = 0; grounds[i].action == action && k < 4 && grounds[i].needs[k] != NULL; k++)
      if (!says (body, grounds[i].needs[k]))
        return lacks (grounds[i].needs[k], error);
  if (action == CASE_ACTION_TRANSFER_HALL &&
      !case_number_is_hall (strict_json_peek (body, "hall", ""))) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "that is no hall");
    return FALSE;
  }
  if (action == CASE_ACTION_EXTEND) {
    days = g_ascii_strtoll (strict_json_peek (body, "days", ""), NULL, 10);
    if (days < 1 || days > EXTENSION_MAX) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "an extension is 1 to %d working days", EXTENSION_MAX);
      return FALSE;
    }
  }
  return (action != CASE_ACTION_DECIDE && action != CASE_ACTION_DECIDE_ON_SPOT) ||
         check_outcome (city, row, action, body, error);
}

/* A limit while it is folded: when it began, when it stood still. */
typedef struct {
  int start; /* day, -1: not begun */
  GArray *pauses;
  int paused_since; /* day, -1: it runs */
} Limit;

static void
limit_follow (Limit *limit, CaseClock clock, int day)
{
  if (clock == CASE_CLOCK_PAUSED && limit->paused_since < 0) {
    limit->paused_since = day;
  } else if (clock != CASE_CLOCK_PAUSED && limit->paused_since >= 0) {
    DeadlinePause pause = {limit->paused_since, day};
    g_array_append_val (limit->pauses, pause);
    limit->paused_since = -1;
  }
}

static void
limit_begin (Limit *limit, int day)
{
  limit->start = day;
  limit->paused_since = -1;
  g_array_set_size (limit->pauses, 0);
}

static void
limit_due (City *city, Limit *limit, gint64 n, const char *unit_word, char **ret_due,
           gboolean *ret_provisional)
{
  DeadlineUnit unit;
  Deadline due;

  g_clear_pointer (ret_due, g_free);
  *ret_provisional = FALSE;
  if (limit->paused_since >= 0) {
    DeadlinePause open = {limit->paused_since, DEADLINE_OPEN};
    g_array_append_val (limit->pauses, open);
  }
  if (limit->start < 0 || n <= 0 || city->calendar == NULL || unit_word == NULL ||
      !deadline_unit_parse (unit_word, &unit) ||
      !deadline_compute (city->calendar, limit->start, (int)n, unit,
                         (const DeadlinePause *)(void *)limit->pauses->data, limit->pauses->len,
                         &due, NULL) ||
      due.open)
    return;
  *ret_due = calendar_day_format (due.last);
  *ret_provisional = due.provisional;
}

static const char *
unit_word (GuideUnit unit)
{
  static const char *const words[] = {"workday", "calendar_day", "month",
                                      "hour",    "immediate",    "batch"};
  return words[unit];
}

static void
guide_limits (City *city, CaseRow *row)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  const GuideLimit *promised = service != NULL ? guide_limit (service, GUIDE_LIMIT_PROMISED) : NULL;
  const GuideLimit *statutory =
      service != NULL ? guide_limit (service, GUIDE_LIMIT_STATUTORY) : NULL;

  g_clear_pointer (&row->promised_unit, g_free);
  g_clear_pointer (&row->statutory_unit, g_free);
  row->promised_n = row->statutory_n = 0;
  if (promised != NULL && !promised->unknown) {
    row->promised_n = promised->value;
    row->promised_unit = g_strdup (unit_word (promised->unit));
  }
  if (statutory != NULL && !statutory->unknown) {
    row->statutory_n = statutory->value;
    row->statutory_unit = g_strdup (unit_word (statutory->unit));
  }
}

static void
fold_one (const CaseEvent *event, CaseAction action, const CaseFold *fold, CaseRow *row,
          Limit *promised, Limit *statutory)
{
  int day = calendar_day_of (event->at);
  gint64 days;

  switch (action) {
  case CASE_ACTION_SUBMIT:
    row->submitted_at = event->at;
    break;
  case CASE_ACTION_RECEIVE:
    /* 收件之日 is the legal day of submission, however late somebody looked. */
    limit_begin (promised, calendar_day_of (row->submitted_at));
    break;
  case CASE_ACTION_HAND_OVER:
    g_free (row->department);
    row->department = g_strdup (strict_json_peek (event->body, "department", NULL));
    break;
  case CASE_ACTION_RETURN_WRONG_DEPARTMENT:
    g_clear_pointer (&row->department, g_free);
    break;
  case CASE_ACTION_TRANSFER_HALL:
    if (strict_json_peek (event->body, "hall", NULL) != NULL) {
      g_free (row->hall);
      row->hall = g_strdup (strict_json_peek (event->body, "hall", NULL));
    }
    break;
  case CASE_ACTION_ACCEPT:
    limit_begin (statutory, day);
    break;
  case CASE_ACTION_DEEM_ACCEPTED:
    limit_begin (statutory, calendar_day_of (row->submitted_at));
    break;
  case CASE_ACTION_REOPEN:
    limit_begin (promised, day);
    limit_begin (statutory, day);
    break;
  case CASE_ACTION_EXTEND:
    days = g_ascii_strtoll (strict_json_peek (event->body, "days", "0"), NULL, 10);
    row->promised_n += row->promised_n > 0 ? days : 0;
    row->statutory_n += row->statutory_n > 0 ? days : 0;
    break;
  default:
    break;
  }
  limit_follow (promised, case_fold_promised (fold), day);
  limit_follow (statutory, case_fold_statutory (fold), day);
}

gboolean
case_act_fold (City *city, const GPtrArray *events, CaseRow *row, CaseFold *ret_fold,
               GError **error)
{
  g_autoptr (GArray) promised_pauses = g_array_new (FALSE, FALSE, sizeof (DeadlinePause));
  g_autoptr (GArray) statutory_pauses = g_array_new (FALSE, FALSE, sizeof (DeadlinePause));
  Limit promised = {-1, promised_pauses, -1}, statutory = {-1, statutory_pauses, -1};

  case_fold_init (ret_fold);
  guide_limits (city, row);
  g_clear_pointer (&row->department, g_free);
  for (guint i = 0; i < events->len; i++) {
    CaseEvent *event = g_ptr_array_index (events, i);
    CaseAction action;
    CaseActor actor;

    if (!case_action_parse (event->type, &action))
      continue; /* a note */
    if (!case_actor_parse (strict_json_peek (event->actor, "kind", ""), &actor) ||
        !case_fold_apply (ret_fold, action, actor, event->at, error)) {
      g_prefix_error (error, "event %" G_GINT64_FORMAT ": ", event->seq);
      return FALSE;
    }
    fold_one (event, action, ret_fold, row, &promised, &statutory);
    row->version = event->seq;
    row->changed_at = event->at;
  }
  g_free (row->state);
  row->state = g_strdup (case_state_word (ret_fold->state));
  limit_due (city, &promised, row->promised_n, row->promised_unit, &row->promised_due,
             &row->promised_provisional);
  limit_due (city, &statutory, row->statutory_n, row->statutory_unit, &row->statutory_due,
             &row->statutory_provisional);
  return TRUE;
}

static CaseEvent *
make_event (const CaseRow *row, const char *type, const json_t *actor, const json_t *origin,
            const json_t *body, gint64 at, gint64 now)
{
  CaseEvent *event = g_new0 (CaseEvent, 1);

  *event = (CaseEvent){.event_id = id_uuid7 (now),
                       .type = g_strdup (type),
                       .at = at,
                       .recorded_at = now,
                       .actor = json_deep_copy (actor),
                       .origin = origin != NULL ? json_deep_copy (origin) : NULL,
                       .guide = g_strdup (row != NULL ? row->guide : NULL),
                       .body = body != NULL ? json_deep_copy (body) : json_object ()};
  return event;
}

/* Who acted, as devices may know it: a role and a department, never a person. Owned. */
static json_t *
public_actor (const json_t *actor)
{
  return json_pack ("{s:s,s:s*}", "role", strict_json_peek (actor, "kind", ""), "department",
                    strict_json_peek (actor, "department", NULL));
}

static gboolean
tell (City *city, const CaseRow *row, CaseAction action, const json_t *actor, gint64 at,
      GError **error)
{
  g_autofree char *when = clock_format (at), *text = NULL;
  g_autoptr (json_t) limit =
      row->promised_n > 0 || g_strcmp0 (row->promised_unit, "immediate") == 0
          ? json_pack ("{s:I,s:s}", "n", (json_int_t)row->promised_n, "unit", row->promised_unit)
          : json_null ();
  g_autoptr (json_t) item =
      json_pack ("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:O,s:s?,s:b}", "kind", "case", "number",
                 row->number, "service", row->service, "action", case_action_word (action), "state",
                 row->state, "at", when, "actor", public_actor (actor), "limit", limit, "due",
                 row->promised_due, "due_provisional", row->promised_provisional);

  text = strict_json_write (item);
  return feed_db_add (city->db, row->hall, NULL, text, error);
}

/* Folds, stores the row, tells the feed. */
static gboolean
settle (City *city, CaseRow *row, CaseAction action, const json_t *actor, gint64 at, GError **error)
{
  g_autoptr (GPtrArray) events = case_db_events (city->db, row->case_id, error);
  CaseFold fold;

  return events != NULL && case_act_fold (city, events, row, &fold, error) &&
         case_db_put (city->db, row, error) && tell (city, row, action, actor, at, error);
}

gboolean
case_act_submit (City *city, CaseRow *row, const json_t *actor_json, const json_t *origin,
                 const json_t *body, gint64 now, GError **error)
{
  g_autoptr (CaseEvent) event = make_event (row, case_action_word (CASE_ACTION_SUBMIT), actor_json,
                                            origin, body, row->submitted_at, now);

  return case_db_append (city->db, row->case_id, event, error) &&
         settle (city, row, CASE_ACTION_SUBMIT, actor_json, row->submitted_at, error);
}

gboolean
case_act_apply (City *city, CaseRow *row, CaseAction action, CaseActor actor, gint64 version,
                const json_t *actor_json, const json_t *origin, const json_t *body, gint64 at,
                gint64 now, GError **error)
{
  g_autoptr (GPtrArray) events = case_db_events (city->db, row->case_id, error);
  g_autoptr (CaseEvent) event =
      make_event (row, case_action_word (action), actor_json, origin, body, at, now);
  CaseFold fold;

  if (events == NULL || !case_act_fold (city, events, row, &fold, error))
    return FALSE;
  if (version != CASE_ACT_ANY_VERSION && version != row->version) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "the case has moved on meanwhile");
    return FALSE;
  }
  return case_fold_allows (&fold, action, actor, error) &&
         check_power (city, row, action, actor, error) &&
         check_body (city, row, action, event->body, error) &&
         case_db_append (city->db, row->case_id, event, error) &&
         settle (city, row, action, actor_json, at, error);
}

gboolean
case_act_note (City *city, const char *case_id, const char *type, const json_t *actor_json,
               const json_t *body, gint64 now, GError **error)
{
  g_autoptr (CaseEvent) event = make_event (NULL, type, actor_json, NULL, body, now, now);
  return case_db_append (city->db, case_id, event, error);
}
