/* print-drain.c: the spool's state machine. Every step reads the store anew; what is held in memory
 * is only the job at hand and what could not be written yet. Refuses to send a document before its
 * row says so, and to send it twice by itself. */
#include "flow/print-drain.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "flow/print-job-paper.h"
#include "store/journal.h"

#define LOOK_MS 300        /* between looks at the spool */
#define RETRY_MS 1000      /* before a job that could not be sent is tried again */
#define ASK_AGAIN_MS 30000 /* before the printer is asked once more for an unknown job */
#define ASK_FOR_MS 3600000 /* how long it is asked at all */
#define PURGE_MS 60000
#define MAX_TRIES 3 /* of a job that the printer could print, and did not take */

struct _PrintDrain {
  App *app;
  PrintLane *lane;
  PrintDrainLimits limits;
  guint timer, first;
  PrintJob *job;      /* at the printer now */
  gboolean following; /* it was sent in an earlier life */
  PrintTurn *turn;
  gint64 tried_id; /* the job that was tried last, */
  guint tries;     /* how often in vain though the printer could, */
  gint64 tried_at; /* and when (monotonic) */
  PrintState due;  /* a verdict that the store has not taken yet... */
  char *due_reason;
  gboolean has_due;
  GHashTable *asked; /* id -> gint64 monotonic: unknown jobs the printer was asked for */
  gint64 purged_at;
  guint left;
  void (*on_rest) (guint left, gpointer data);
  gpointer rest_data;
};

static void step (PrintDrain *self);

/* ---- verdicts ---- */

typedef struct {
  PrintDrain *drain;
  const PrintJob *job;
  PrintState state;
  const char *reason;
  gint64 now;
} Verdict;

static gboolean
write_entry (Db *db, const Verdict *verdict, GError **error)
{
  App *app = verdict->drain->app;

  if (app->enrolment == NULL)
    return TRUE;
  g_autoptr (json_t) body =
      json_pack ("{ss ss si ss ss}", "kind", print_kind_word (verdict->job->kind), "reference",
                 verdict->job->reference, "copy", verdict->job->copy, "outcome",
                 print_state_word (verdict->state), "reason",
                 verdict->reason != NULL ? verdict->reason : "none");
  const JournalDraft draft = {.device = app->enrolment->device,
                              .kind = ENTRY_KIND_PRINT_OUTCOME,
                              .body = body,
                              .at = verdict->now,
                              .unsure = app_clock_unsure (app, db, verdict->now, NULL)};
  return journal_append (db, &draft, NULL, error);
}

static gboolean
write_verdict (Db *db, gpointer data, GError **error)
{
  const Verdict *verdict = data;

  if (!print_spool_set (db, verdict->job->id, verdict->state, verdict->reason, verdict->now, error))
    return FALSE;
  if (verdict->state == PRINT_STATE_QUEUED) /* nothing left: the next try begins from nothing */
    return print_spool_set_ipp_id (db, verdict->job->id, 0, error);
  /* Given up as a person wished: nothing is left for anybody to settle. */
  if (verdict->state == PRINT_STATE_FAILED && verdict->job->unwanted &&
      !print_spool_set (db, verdict->job->id, PRINT_STATE_CANCELLED, verdict->reason, verdict->now,
                        error))
    return FALSE;
  return write_entry (db, verdict, error);
}

/* TRUE when the verdict is on the disk, or no longer ours to give. */
static gboolean
settle (PrintDrain *self, const PrintJob *job, PrintState state, const char *reason)
{
  Verdict verdict = {self, job, state, reason, clock_now ()};
  g_autoptr (GError) error = NULL;

  if (state == PRINT_STATE_PRINTED)
    fault_point ("print.before-printed");
  if (!db_write (self->app->db, write_verdict, &verdict, &error)) {
    gboolean lost = onestop_error_is (error, ONESTOP_ERROR_CONFLICT) ||
                    onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND);
    log_warning ("print.outcome-not-stored", "job %" G_GINT64_FORMAT ": %s", job->id,
                 error->message);
    return lost; /* a person was faster */
  }
  if (state == PRINT_STATE_PRINTED)
    fault_point ("print.after-printed");
  log_info ("print.outcome", "job %" G_GINT64_FORMAT " %s (%s)", job->id, print_state_word (state),
            reason != NULL ? reason : "none");
  if (state == PRINT_STATE_FAILED || state == PRINT_STATE_UNKNOWN)
    self->left++;
  return TRUE;
}

static void
close_job (PrintDrain *self)
{
  g_clear_pointer (&self->job, print_job_free);
  g_clear_pointer (&self->due_reason, g_free);
  self->has_due = FALSE;
  self->turn = NULL;
}

/* The job's end, now or as soon as the store takes it. */
static void
conclude (PrintDrain *self, PrintState state, const char *reason)
{
  if (settle (self, self->job, state, reason)) {
    close_job (self);
    return;
  }
  self->has_due = TRUE;
  self->due = state;
  g_free (self->due_reason);
  self->due_reason = g_strdup (reason);
}

/* ---- the job at the printer ---- */

typedef struct {
  gint64 id, ipp_id, now;
} Begin;

static gboolean
write_sending (Db *db, gpointer data, GError **error)
{
  const Begin *begin = data;
  return print_spool_set (db, begin->id, PRINT_STATE_SENDING, NULL, begin->now, error) &&
         print_spool_set_ipp_id (db, begin->id, begin->ipp_id, error);
}

static gboolean
on_created (PrintErrand *errand, int id, gpointer data)
{
  PrintDrain *self = data;
  Begin begin = {self->job->id, id, clock_now ()};
  g_autoptr (GError) error = NULL;

  fault_point ("print.after-create-job");
  if (!db_write (self->app->db, write_sending, &begin, &error)) {
    log_warning ("print.not-begun", "%s", error->message);
    return FALSE;
  }
  self->job->state = PRINT_STATE_SENDING;
  fault_point ("print.before-document");
  return TRUE;
}

static void
on_sent (PrintErrand *errand, gpointer data)
{
  fault_point ("print.after-send");
}

static void
take_not_sent (PrintDrain *self, const PrintErrandEnd *end)
{
  if (self->following) { /* of an earlier life: begins anew, at once */
    conclude (self, PRINT_STATE_QUEUED, end->reason);
    return;
  }
  gboolean could = printer_condition_can_print (end->condition) ||
                   end->condition == PRINTER_CONDITION_NOT_ANSWERING;

  if (self->tried_id != self->job->id) {
    self->tried_id = self->job->id;
    self->tries = 0;
  }
  self->tried_at = clock_monotonic ();
  if (could && ++self->tries >= MAX_TRIES) {
    conclude (self, PRINT_STATE_FAILED, end->reason);
    return;
  }
  if (self->job->state == PRINT_STATE_SENDING)
    conclude (self, PRINT_STATE_QUEUED, end->reason);
  else
    close_job (self);
}

static void
on_end (PrintErrand *errand, const PrintErrandEnd *end, gpointer data)
{
  PrintDrain *self = data;

  self->turn = NULL;
  switch (end->outcome) {
  case PRINT_ERRAND_PRINTED:
    conclude (self, PRINT_STATE_PRINTED, NULL);
    break;
  case PRINT_ERRAND_FAILED:
    conclude (self, PRINT_STATE_FAILED, end->reason);
    break;
  case PRINT_ERRAND_NOT_SENT:
    if (self->following && self->job->state == PRINT_STATE_UNKNOWN)
      conclude (self, PRINT_STATE_FAILED, end->reason); /* too late to come by itself */
    else
      take_not_sent (self, end);
    break;
  case PRINT_ERRAND_UNKNOWN:
  case PRINT_ERRAND_TOLD:
    if (self->job->state == PRINT_STATE_SENDING)
      conclude (self, PRINT_STATE_UNKNOWN, end->reason);
    else
      close_job (self);
    break;
  }
  step (self);
}

/* A person may have left meanwhile. */
static void
on_alive (PrintErrand *errand, PrinterCondition condition, gpointer data)
{
  PrintDrain *self = data;
  g_autoptr (PrintJob) now = print_spool_get (self->app->db, self->job->id, NULL);

  if (now == NULL || !now->unwanted || now->state != PRINT_STATE_SENDING)
    return;
  self->job->unwanted = TRUE;
  print_errand_cancel (errand);
}

static const PrintErrandCalls calls = {on_created, on_sent, on_alive, on_end};

static void
start (PrintDrain *self, PrintJob *job, PrintErrandKind kind, GBytes *pdf, const char *media)
{
  const PrintErrandTask task = {.kind = kind,
                                .job_name = job->job_name,
                                .media = media,
                                .copies = 1,
                                .pdf = pdf,
                                .silence_s = self->limits.silence_s,
                                .stall_s = self->limits.stall_s,
                                .mend_s = self->limits.mend_s};
  self->job = job;
  self->following = kind == PRINT_ERRAND_FOLLOW;
  self->turn = print_lane_run (self->lane, &task, &calls, self);
}

/* ---- what is next ---- */

/* Rows of an earlier life of this program: paper may exist. */
static gboolean
follow_sending (PrintDrain *self)
{
  g_autoptr (GPtrArray) rows = print_spool_in_state (self->app->db, PRINT_STATE_SENDING, NULL);

  if (rows == NULL || rows->len == 0)
    return FALSE;
  start (self, g_ptr_array_steal_index (rows, 0), PRINT_ERRAND_FOLLOW, NULL, NULL);
  return TRUE;
}

/* Unknown rows: the printer may be back and remember. */
static gboolean
follow_unknown (PrintDrain *self)
{
  g_autoptr (GPtrArray) rows = print_spool_in_state (self->app->db, PRINT_STATE_UNKNOWN, NULL);
  gint64 now = clock_monotonic ();

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    PrintJob *job = g_ptr_array_index (rows, i);
    gint64 *asked = g_hash_table_lookup (self->asked, &job->id);
    if ((asked != NULL && now - *asked < ASK_AGAIN_MS) ||
        clock_now () - job->changed_at > ASK_FOR_MS)
      continue;
    gint64 *key = g_memdup2 (&job->id, sizeof job->id), *at = g_memdup2 (&now, sizeof now);
    g_hash_table_replace (self->asked, key, at);
    start (self, g_ptr_array_steal_index (rows, i), PRINT_ERRAND_FOLLOW, NULL, NULL);
    return TRUE;
  }
  return FALSE;
}

/* Nothing comes out for a stranger: a row that waited too long fails unsent. */
static gboolean
is_late (PrintDrain *self, const PrintJob *job, const char **ret_reason)
{
  gint64 age = clock_now () - job->changed_at;
  gboolean tried = self->tried_id == job->id;
  PrinterCondition condition = print_lane_condition (self->lane);
  gboolean able = printer_condition_can_print (condition);
  gint64 limit = tried && !able && !printer_condition_is_mendable (condition) ? self->limits.gone_s
                                                                              : self->limits.mend_s;

  *ret_reason = tried && !able ? printer_condition_word (condition) : "late";
  return age > limit * 1000;
}

static gboolean
print_next (PrintDrain *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrintJob) job = print_spool_next (self->app->db, &error);
  g_autofree char *media = NULL;
  const char *reason = NULL;

  if (job == NULL)
    return FALSE;
  if (is_late (self, job, &reason))
    return settle (self, job, PRINT_STATE_FAILED, reason);
  if (self->tried_id == job->id && clock_monotonic () - self->tried_at < RETRY_MS)
    return FALSE;
  g_autoptr (GBytes) pdf = print_job_paper_render (self->app, job, &media, &error);
  if (pdf == NULL) {
    log_error ("print.no-paper", "job %" G_GINT64_FORMAT ": %s", job->id, error->message);
    if (onestop_error_is (error, ONESTOP_ERROR_RETRY))
      return FALSE;
    return settle (self, job, PRINT_STATE_FAILED,
                   onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND) ? "gone" : "unprintable");
  }
  fault_point ("print.before-send");
  start (self, g_steal_pointer (&job), PRINT_ERRAND_PRINT, pdf, media);
  return TRUE;
}

static void
purge (PrintDrain *self)
{
  gint64 now = clock_monotonic ();
  g_autoptr (GError) error = NULL;

  if (self->purged_at != 0 && now - self->purged_at < PURGE_MS)
    return;
  self->purged_at = now;
  if (!print_spool_purge (self->app->db, clock_now (), &error))
    log_warning ("print.purge", "%s", error->message);
}

static void
rest (PrintDrain *self)
{
  g_autoptr (PrintJob) waiting = print_spool_next (self->app->db, NULL);

  if (self->on_rest != NULL)
    self->on_rest (self->left + (waiting != NULL ? 1 : 0), self->rest_data);
}

static void
step (PrintDrain *self)
{
  if (self->has_due) {
    g_autofree char *reason = g_strdup (self->due_reason);
    conclude (self, self->due, reason);
    if (self->has_due)
      return;
  }
  while (self->job == NULL)
    if (!follow_sending (self) && !print_next (self) && !follow_unknown (self)) {
      purge (self);
      rest (self);
      return;
    }
}

static gboolean
on_timer (gpointer data)
{
  PrintDrain *self = data;

  if (self->turn == NULL)
    step (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_first (gpointer data)
{
  PrintDrain *self = data;

  self->first = 0;
  step (self);
  return G_SOURCE_REMOVE;
}

PrintDrain *
print_drain_new (App *app, PrintLane *lane, const PrintDrainLimits *limits)
{
  PrintDrain *self = g_new0 (PrintDrain, 1);

  self->app = app;
  self->lane = lane;
  self->limits = *limits;
  self->asked = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->timer = g_timeout_add (LOOK_MS, on_timer, self);
  self->first = g_idle_add (on_first, self);
  return self;
}

void
print_drain_free (PrintDrain *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->first, g_source_remove);
  if (self->turn != NULL)
    print_lane_drop (self->turn);
  close_job (self);
  g_hash_table_unref (self->asked);
  g_free (self);
}

void
print_drain_on_rest (PrintDrain *self, void (*func) (guint left, gpointer data), gpointer data)
{
  self->on_rest = func;
  self->rest_data = data;
}
