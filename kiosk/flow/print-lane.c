/* print-lane.c: a queue of errands at one printer. Health is what the errands see on the way, so
 * that a printer at work is not asked twice. */
#include "flow/print-lane.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/device-health.h"

struct _PrintTurn {
  PrintLane *lane;
  PrintErrandTask task; /* its strings are ours */
  const PrintErrandCalls *calls;
  gpointer data;
};

struct _PrintLane {
  Db *db;
  char *device, *printer;
  guint poll_s;
  GQueue waiting; /* PrintTurn; the head runs */
  PrintErrand *errand;
  PrintErrand *look; /* a health check between turns */
  guint next_look, start;
  PrinterCondition condition;
  gint64 confirmed_at; /* monotonic; 0: never */
};

static void run_head (PrintLane *self);

static void
turn_free (PrintTurn *turn)
{
  g_free ((char *)turn->task.job_name);
  g_free ((char *)turn->task.media);
  g_clear_pointer (&turn->task.pdf, g_bytes_unref);
  g_free (turn);
}

static void
note (PrintLane *self, PrinterCondition condition)
{
  g_autoptr (GError) error = NULL;
  gint64 now = clock_monotonic ();

  if (self->confirmed_at != 0 && condition == self->condition &&
      now - self->confirmed_at < PRINT_LANE_CONFIRM_S * 1000)
    return;
  if (self->confirmed_at == 0 || condition != self->condition)
    log_info ("print.condition", "%s %s", self->device, printer_condition_word (condition));
  self->condition = condition;
  self->confirmed_at = now;
  if (!device_health_set (self->db, self->device, printer_condition_word (condition), NULL,
                          clock_now (), &error))
    log_warning ("print.health-not-stored", "%s", error->message);
}

static gboolean on_look_due (gpointer data);

static void
on_look_end (PrintErrand *errand, const PrintErrandEnd *end, gpointer data)
{
  PrintLane *self = data;

  note (self, end->condition);
  g_clear_pointer (&self->look, print_errand_free);
  if (self->poll_s > 0)
    self->next_look = g_timeout_add_seconds (self->poll_s, on_look_due, self);
}

static const PrintErrandCalls look_calls = {.on_end = on_look_end};

static gboolean
on_look_due (gpointer data)
{
  PrintLane *self = data;
  const PrintErrandTask task = {.kind = PRINT_ERRAND_STATUS, .printer = self->printer};

  self->next_look = 0;
  if (self->errand != NULL) /* the errand sees it */
    self->next_look = g_timeout_add_seconds (self->poll_s, on_look_due, self);
  else
    self->look = print_errand_start (&task, &look_calls, self);
  return G_SOURCE_REMOVE;
}

PrintLane *
print_lane_new (Db *db, const char *device, const char *printer, guint poll_s)
{
  PrintLane *self = g_new0 (PrintLane, 1);

  self->db = db;
  self->device = g_strdup (device);
  self->printer = g_strdup (printer != NULL ? printer : "");
  self->poll_s = poll_s;
  self->condition = PRINTER_CONDITION_UNREACHABLE;
  g_queue_init (&self->waiting);
  if (*self->printer == '\0')
    note (self, PRINTER_CONDITION_NOT_CONFIGURED);
  else if (poll_s > 0)
    self->next_look = g_idle_add (on_look_due, self);
  return self;
}

void
print_lane_free (PrintLane *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->next_look, g_source_remove);
  g_clear_handle_id (&self->start, g_source_remove);
  print_errand_free (self->errand);
  print_errand_free (self->look);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)turn_free);
  g_free (self->device);
  g_free (self->printer);
  g_free (self);
}

static gboolean
on_start (gpointer data)
{
  PrintLane *self = data;

  self->start = 0;
  run_head (self);
  return G_SOURCE_REMOVE;
}

static void
start_soon (PrintLane *self)
{
  if (self->start == 0 && self->errand == NULL && !g_queue_is_empty (&self->waiting))
    self->start = g_idle_add (on_start, self);
}

/* What the running turn hears, with the condition noted on the way. */
static gboolean
on_created (PrintErrand *errand, int id, gpointer data)
{
  PrintTurn *turn = data;

  return turn->calls->on_created == NULL || turn->calls->on_created (errand, id, turn->data);
}

static void
on_sent (PrintErrand *errand, gpointer data)
{
  PrintTurn *turn = data;

  if (turn->calls->on_sent != NULL)
    turn->calls->on_sent (errand, turn->data);
}

static void
on_alive (PrintErrand *errand, PrinterCondition condition, gpointer data)
{
  PrintTurn *turn = data;

  note (turn->lane, condition);
  if (turn->calls->on_alive != NULL)
    turn->calls->on_alive (errand, condition, turn->data);
}

static void
on_end (PrintErrand *errand, const PrintErrandEnd *end, gpointer data)
{
  PrintTurn *turn = data;
  PrintLane *self = turn->lane;

  note (self, end->condition);
  turn->calls->on_end (errand, end, turn->data);
  g_queue_remove (&self->waiting, turn);
  turn_free (turn);
  g_clear_pointer (&self->errand, print_errand_free);
  start_soon (self);
}

static const PrintErrandCalls turn_calls = {on_created, on_sent, on_alive, on_end};

static void
run_head (PrintLane *self)
{
  PrintTurn *turn = g_queue_peek_head (&self->waiting);

  if (turn == NULL || self->errand != NULL)
    return;
  if (*self->printer == '\0') {
    const PrintErrandEnd nowhere = {PRINT_ERRAND_NOT_SENT, PRINTER_CONDITION_NOT_CONFIGURED,
                                    (char *)"not-configured"};
    turn->calls->on_end (NULL, &nowhere, turn->data);
    g_queue_remove (&self->waiting, turn);
    turn_free (turn);
    start_soon (self);
    return;
  }
  turn->task.printer = self->printer;
  self->errand = print_errand_start (&turn->task, &turn_calls, turn);
}

PrintTurn *
print_lane_run (PrintLane *self, const PrintErrandTask *task, const PrintErrandCalls *calls,
                gpointer data)
{
  PrintTurn *turn = g_new0 (PrintTurn, 1);

  turn->lane = self;
  turn->task = *task;
  turn->task.job_name = g_strdup (task->job_name);
  turn->task.media = g_strdup (task->media);
  turn->task.pdf = task->pdf != NULL ? g_bytes_ref (task->pdf) : NULL;
  turn->calls = calls;
  turn->data = data;
  g_queue_push_tail (&self->waiting, turn);
  start_soon (self);
  return turn;
}

void
print_lane_drop (PrintTurn *turn)
{
  PrintLane *self = turn->lane;
  gboolean runs = g_queue_peek_head (&self->waiting) == turn && self->errand != NULL;

  g_queue_remove (&self->waiting, turn);
  if (runs)
    g_clear_pointer (&self->errand, print_errand_free);
  turn_free (turn);
  start_soon (self);
}

gboolean
print_lane_is_busy (const PrintLane *self)
{
  return !g_queue_is_empty ((GQueue *)&self->waiting);
}

PrinterCondition
print_lane_condition (const PrintLane *self)
{
  return self->condition;
}
