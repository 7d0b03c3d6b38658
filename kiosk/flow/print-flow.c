/* print-flow.c: the person's side of the spool. Refuses to queue a second copy while the first may
 * still come out. */
#include "flow/print-flow.h"

#include "base/error.h"
#include "store/device-health.h"

void
print_flow_view_clear (PrintFlowView *view)
{
  g_clear_pointer (&view->reason, g_free);
}

gboolean
print_flow_health (Db *db, const char *device, gint64 now, PrinterHealth *ret_health,
                   GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (DeviceHealth) row = device_health_get (db, device, &problem);
  PrinterHealth health = {FALSE, PRINTER_CONDITION_OTHER, 0, 0};

  if (row == NULL && !onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (row != NULL) {
    (void)printer_condition_parse (row->condition, &health.condition);
    health.since = row->since;
    health.checked_at = row->checked_at;
    /* What the configuration says does not grow old. */
    health.known = health.condition == PRINTER_CONDITION_NOT_CONFIGURED ||
                   ABS (now - row->checked_at) <= PRINT_FLOW_STALE_MS;
  }
  *ret_health = health;
  return TRUE;
}

gboolean
print_flow_look (Db *db, gint64 id, gint64 now, PrintFlowView *ret_view, GError **error)
{
  g_autoptr (PrintJob) job = print_spool_get (db, id, error);
  PrinterHealth health;

  if (job == NULL || !print_flow_health (db, PRINT_FLOW_RECEIPT_PRINTER, now, &health, error))
    return FALSE;
  ret_view->state = job->state;
  ret_view->copy = job->copy;
  ret_view->reason = g_steal_pointer (&job->reason);
  ret_view->condition = health.condition;
  /* A job that failed for paper still says so when the paper is back. */
  if (job->state == PRINT_STATE_FAILED || job->state == PRINT_STATE_UNKNOWN)
    (void)printer_condition_parse (ret_view->reason, &ret_view->condition);
  return TRUE;
}

typedef struct {
  gint64 id, now;
  PrintState expected;
  gboolean have_paper;
  gint64 result;
} Answer;

static PrintJob *
get_in_state (Db *db, gint64 id, PrintState state, GError **error)
{
  g_autoptr (PrintJob) job = print_spool_get (db, id, error);

  if (job != NULL && job->state != state) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "print job %" G_GINT64_FORMAT " is %s", id, print_state_word (job->state));
    return NULL;
  }
  return g_steal_pointer (&job);
}

static gboolean
answer (Db *db, gpointer data, GError **error)
{
  Answer *answer = data;
  g_autoptr (PrintJob) job = get_in_state (db, answer->id, PRINT_STATE_UNKNOWN, error);

  if (job == NULL)
    return FALSE;
  answer->result = answer->id;
  if (answer->have_paper)
    return print_spool_set (db, answer->id, PRINT_STATE_PRINTED, "person", answer->now, error);
  return print_spool_set (db, answer->id, PRINT_STATE_CANCELLED, "person", answer->now, error) &&
         print_spool_add (db, job->kind, job->reference, answer->now, &answer->result, error);
}

gboolean
print_flow_answer (Db *db, gint64 id, gboolean have_paper, gint64 now, gint64 *ret_id,
                   GError **error)
{
  Answer data = {.id = id, .now = now, .have_paper = have_paper};

  if (!db_write (db, answer, &data, error))
    return FALSE;
  if (ret_id != NULL)
    *ret_id = data.result;
  return TRUE;
}

static gboolean
again (Db *db, gpointer data, GError **error)
{
  Answer *answer = data;
  g_autoptr (PrintJob) job = get_in_state (db, answer->id, PRINT_STATE_FAILED, error);

  if (job == NULL)
    return FALSE;
  answer->result = answer->id;
  if (job->ipp_id == 0) /* nothing of it ever left: no second copy */
    return print_spool_set (db, answer->id, PRINT_STATE_QUEUED, NULL, answer->now, error);
  return print_spool_set (db, answer->id, PRINT_STATE_CANCELLED, "again", answer->now, error) &&
         print_spool_add (db, job->kind, job->reference, answer->now, &answer->result, error);
}

gboolean
print_flow_again (Db *db, gint64 id, gint64 now, gint64 *ret_id, GError **error)
{
  Answer data = {.id = id, .now = now};

  if (!db_write (db, again, &data, error))
    return FALSE;
  if (ret_id != NULL)
    *ret_id = data.result;
  return TRUE;
}

static gboolean
give_up (Db *db, gpointer data, GError **error)
{
  const Answer *answer = data;
  g_autoptr (PrintJob) job = print_spool_get (db, answer->id, error);

  if (job == NULL)
    return FALSE;
  if (job->state == PRINT_STATE_SENDING)
    return print_spool_unwant (db, answer->id, error);
  return print_spool_set (db, answer->id, PRINT_STATE_CANCELLED, "person", answer->now, error);
}

gboolean
print_flow_cancel (Db *db, gint64 id, gint64 now, GError **error)
{
  Answer data = {.id = id, .now = now};

  return db_write (db, give_up, &data, error);
}

gboolean
print_flow_leave (Db *db, gint64 id, gint64 now, GError **error)
{
  PrinterHealth health;
  g_autoptr (GError) problem = NULL;
  g_autoptr (PrintJob) job = print_spool_get (db, id, &problem);

  if (job == NULL && onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND))
    return TRUE;
  if (job == NULL || !print_flow_health (db, PRINT_FLOW_RECEIPT_PRINTER, now, &health, &problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (job->state != PRINT_STATE_QUEUED && job->state != PRINT_STATE_SENDING)
    return TRUE; /* done, or staff's to settle */
  if (health.known && printer_condition_can_print (health.condition))
    return TRUE;
  if (print_flow_cancel (db, id, now, &problem) ||
      onestop_error_is (problem, ONESTOP_ERROR_CONFLICT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
