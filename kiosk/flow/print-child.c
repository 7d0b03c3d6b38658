/* print-child.c: one errand at one printer. It may block for as long as libcups likes: its parent
 * kills it. Refuses to send a document before it hears "go", to send it twice, and to call anything
 * printed that the printer did not. */
#include "flow/print-child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/region.h"
#include "base/strict-json.h"
#include "devices/printer.h"

#define POLL_US 250000
#define CANCEL_MS 5000 /* for a cancelled job to end */
#define SETTLE_MS 5000 /* for a printer to come to rest after a job */
#define ORDER_MAX 8192

typedef struct {
  json_t *order;
  const char *destination, *name;
  GBytes *pdf;
  gint64 stall_ms, mend_ms;
  Printer *printer;
  PrinterCondition condition; /* the last one seen */
} Child;

/* How a job is watched. */
typedef struct {
  int id;
  int state, impressions;
  PrinterCondition condition;
  gint64 changed_at;   /* the last progress */
  gint64 cancelled_at; /* 0: not by us */
  gint64 completed_at; /* 0: not yet */
  char *why;           /* we cancelled */
  gboolean was_empty;  /* the printer had no byte of the document when we cancelled */
} Watch;

static void
say (json_t *line)
{
  g_autofree char *text = strict_json_write (line);
  g_autofree char *whole = g_strconcat (text, "\n", NULL);

  json_decref (line);
  /* Nobody listens any more: what is at the printer is there, and nothing more will be sent. */
  if (write (STDOUT_FILENO, whole, strlen (whole)) < 0)
    _exit (0);
}

static int
end (Child *self, const char *outcome, const char *reason)
{
  say (json_pack ("{ss ss ss ss}", "say", "end", "outcome", outcome, "reason", reason, "condition",
                  printer_condition_word (self->condition)));
  return 0;
}

static void
say_alive (Child *self, int state)
{
  say (json_pack ("{ss ss si}", "say", "alive", "condition",
                  printer_condition_word (self->condition), "state", state));
}

/* One byte at a time: what follows the line is the document or nothing. */
static gboolean
read_line (char *buffer, gsize size)
{
  for (gsize n = 0; n + 1 < size; n++) {
    ssize_t got;
    do
      got = read (STDIN_FILENO, buffer + n, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
      return FALSE;
    if (buffer[n] == '\n') {
      buffer[n] = '\0';
      return TRUE;
    }
  }
  return FALSE;
}

static GBytes *
read_document (gsize length, GError **error)
{
  g_autoptr (Region) region = region_new (length, error);
  gsize n = 0;

  while (region != NULL && n < length) {
    ssize_t got = read (STDIN_FILENO, region_peek (region) + n, length - n);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED, "the document ends early");
      return NULL;
    }
    n += got;
  }
  return region != NULL ? region_take_bytes (g_steal_pointer (&region), length) : NULL;
}

static void
note_trouble (Child *self, const GError *error)
{
  self->condition = onestop_error_is (error, ONESTOP_ERROR_OFFLINE) ? PRINTER_CONDITION_UNREACHABLE
                    : onestop_error_is (error, ONESTOP_ERROR_RETRY)
                        ? PRINTER_CONDITION_PAUSED
                        : PRINTER_CONDITION_NOT_ANSWERING;
}

/* Connects if need be. Sets the condition when it cannot. */
static gboolean
reach (Child *self, GError **error)
{
  g_autoptr (GError) trouble = NULL;

  if (self->printer == NULL)
    self->printer = printer_open (self->destination, &trouble);
  if (self->printer != NULL)
    return TRUE;
  note_trouble (self, trouble);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

/* After a broken request the connection is not used again. */
static void
drop (Child *self, const GError *error)
{
  note_trouble (self, error);
  g_clear_pointer (&self->printer, printer_free);
}

static gboolean
look (Child *self, PrinterStatus *ret_status, GError **error)
{
  g_autoptr (GError) trouble = NULL;

  if (!reach (self, error))
    return FALSE;
  if (printer_status (self->printer, ret_status, &trouble)) {
    self->condition = ret_status->condition;
    return TRUE;
  }
  if (onestop_error_is (trouble, ONESTOP_ERROR_NOT_FOUND)) {
    g_clear_error (&trouble);
    g_set_error (&trouble, ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE, "no such printer there");
  }
  drop (self, trouble);
  g_propagate_error (error, g_steal_pointer (&trouble));
  return FALSE;
}

static int
run_status (Child *self)
{
  g_auto (PrinterStatus) status = {0};

  (void)look (self, &status, NULL);
  return end (self, "told", printer_condition_word (self->condition));
}

static void
cancel (Child *self, Watch *watch, const char *why)
{
  if (watch->cancelled_at != 0)
    return;
  watch->cancelled_at = clock_monotonic ();
  watch->why = g_strdup (why);
  if (reach (self, NULL))
    (void)printer_cancel (self->printer, watch->id, NULL);
}

/* The verdict over a job that ended; FALSE if the printer has not come to rest yet. */
static gboolean
judge (Child *self, Watch *watch, const PrinterJob *job, const PrinterStatus *status)
{
  switch (printer_outcome (job, status)) {
  case PRINTER_OUTCOME_PENDING:
    return FALSE;
  case PRINTER_OUTCOME_FAILED:
    if (watch->was_empty && job->impressions <= 0)
      end (self, "not-sent", watch->why);
    else
      end (self, "failed",
           watch->why != NULL                   ? watch->why
           : job->state == PRINTER_JOB_CANCELED ? "canceled"
                                                : "aborted");
    return TRUE;
  case PRINTER_OUTCOME_UNKNOWN:
    end (self, "unknown", printer_condition_word (status->condition));
    return TRUE;
  case PRINTER_OUTCOME_PRINTED:
    if (watch->completed_at == 0)
      watch->completed_at = clock_monotonic ();
    if (!status->idle && clock_monotonic () - watch->completed_at < SETTLE_MS)
      return FALSE;
    end (self, "printed", "none");
    return TRUE;
  }
  return FALSE;
}

static void
note_progress (Child *self, Watch *watch, const PrinterJob *job)
{
  if (job->state == watch->state && job->impressions == watch->impressions &&
      self->condition == watch->condition)
    return;
  watch->state = job->state;
  watch->impressions = job->impressions;
  watch->condition = self->condition;
  watch->changed_at = clock_monotonic ();
}

/* Asks once. TRUE when the errand is over. */
static gboolean
watch_once (Child *self, Watch *watch, gboolean cut_off)
{
  g_auto (PrinterJob) job = {0};
  g_auto (PrinterStatus) status = {0};
  g_autoptr (GError) error = NULL;
  gboolean known = reach (self, NULL) && printer_job (self->printer, watch->id, &job, &error);

  if (!known && onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND)) {
    end (self, "unknown", "not-found");
    return TRUE;
  }
  if (!known && error != NULL)
    drop (self, error);
  if (known && look (self, &status, NULL)) {
    note_progress (self, watch, &job);
    if (judge (self, watch, &job, &status))
      return TRUE;
    if (!job.has_document && cut_off) {
      watch->was_empty = strcmp (job.reason, "job-data-insufficient") == 0;
      cancel (self, watch, "interrupted");
    }
  }
  say_alive (self, watch->state);
  return FALSE;
}

/* The parent may want the job given up; a parent that is gone wants nothing. */
static gboolean
is_unwanted (void)
{
  struct pollfd waiting = {.fd = STDIN_FILENO, .events = POLLIN};
  char word[16];

  if (poll (&waiting, 1, 0) <= 0)
    return FALSE;
  if (!read_line (word, sizeof word))
    _exit (0);
  return strcmp (word, "cancel") == 0;
}

/* Until the job is decided, or nothing moves any more. `cut_off`: nobody will send the rest of its
 * document. */
static int
watch_job (Child *self, int id, gboolean cut_off)
{
  Watch watch = {.id = id, .impressions = -1, .changed_at = clock_monotonic ()};

  while (!watch_once (self, &watch, cut_off)) {
    gint64 now = clock_monotonic ();
    gint64 limit = printer_condition_is_mendable (self->condition) ? self->mend_ms : self->stall_ms;
    if (watch.cancelled_at != 0 && now - watch.cancelled_at > CANCEL_MS)
      return end (self, "unknown", watch.why);
    if (now - watch.changed_at > limit)
      cancel (self, &watch,
              printer_condition_can_print (self->condition)
                  ? "stalled"
                  : printer_condition_word (self->condition));
    if (is_unwanted ())
      cancel (self, &watch, "person");
    g_usleep (POLL_US);
  }
  return 0;
}

/* A job of our name that the printer has already: TRUE with its id if it must be watched instead of
 * sending again. */
static gboolean
find_earlier (Child *self, int *ret_id)
{
  g_auto (PrinterJob) job = {0};

  if (!printer_find (self->printer, self->name, &job, NULL) || job.state == PRINTER_JOB_CANCELED ||
      job.state == PRINTER_JOB_ABORTED)
    return FALSE;
  if (!job.has_document) {
    (void)printer_cancel (self->printer, job.id, NULL);
    return FALSE;
  }
  *ret_id = job.id;
  return TRUE;
}

static int
run_print (Child *self)
{
  const char *media_text = strict_json_peek (self->order, "media", "a4");
  gint64 copies = 1;
  PrinterMedia media;
  g_auto (PrinterStatus) status = {0};
  g_autoptr (GError) error = NULL;
  char answer[8];
  int id = 0;

  if (strict_json_int (self->order, "copies", &copies, NULL))
    copies = CLAMP (copies, 1, 99);
  if (!look (self, &status, NULL) || !printer_condition_can_print (status.condition))
    return end (self, "not-sent", printer_condition_word (self->condition));
  if (!printer_media_parse (media_text, &media, NULL))
    return end (self, "failed", "refused");
  if (!status.takes_pdf)
    return end (self, "failed", "no-pdf");
  gboolean earlier = find_earlier (self, &id);
  if (!earlier && !printer_create (self->printer, self->name, &media, (int)copies, &id, &error)) {
    if (onestop_error_is (error, ONESTOP_ERROR_INVALID))
      return end (self, "failed", "refused");
    drop (self, error);
    return end (self, "not-sent", printer_condition_word (self->condition));
  }
  say (json_pack ("{ss si}", "say", "created", "id", id));
  /* A parent that is gone decides nothing: the empty job is left for its next life to find, which
   * could not tell a job cancelled here from one that somebody gave up. */
  if (!read_line (answer, sizeof answer))
    _exit (0);
  if (strcmp (answer, "go") != 0) {
    if (!earlier)
      (void)printer_cancel (self->printer, id, NULL);
    return end (self, "not-sent", "canceled");
  }
  gboolean whole = earlier || printer_send (self->printer, id, g_bytes_get_data (self->pdf, NULL),
                                            g_bytes_get_size (self->pdf), &error);
  if (!whole)
    drop (self, error);
  else
    say (json_pack ("{ss}", "say", "sent"));
  return watch_job (self, id, !whole);
}

static int
run_follow (Child *self)
{
  g_auto (PrinterJob) job = {0};
  g_auto (PrinterStatus) status = {0};
  g_autoptr (GError) error = NULL;

  if (!look (self, &status, NULL))
    return end (self, "unknown", printer_condition_word (self->condition));
  if (!printer_find (self->printer, self->name, &job, &error)) {
    if (onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND))
      return end (self, "unknown", "not-found");
    drop (self, error);
    return end (self, "unknown", printer_condition_word (self->condition));
  }
  return watch_job (self, job.id, TRUE);
}

static gint64
seconds (const json_t *order, const char *key, gint64 fallback)
{
  gint64 value = fallback;

  (void)strict_json_int (order, key, &value, NULL);
  return CLAMP (value, 1, 3600) * 1000;
}

static gboolean
take_order (Child *self, GError **error)
{
  char line[ORDER_MAX];
  gint64 length = 0;

  if (!read_line (line, sizeof line) ||
      (self->order = strict_json_parse (line, strlen (line), error)) == NULL)
    return FALSE;
  self->destination = strict_json_string (self->order, "printer", error);
  self->name = strict_json_peek (self->order, "name", "");
  self->stall_ms = seconds (self->order, "stall_s", 60);
  self->mend_ms = seconds (self->order, "mend_s", 300);
  if (self->destination == NULL)
    return FALSE;
  if (!strict_json_int (self->order, "bytes", &length, NULL) || length == 0)
    return TRUE;
  if (length < 0 || length > PRINTER_PDF_MAX) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "the document is too large");
    return FALSE;
  }
  self->pdf = read_document (length, error);
  return self->pdf != NULL;
}

int
print_child_run (int parent)
{
  Child self = {.condition = PRINTER_CONDITION_UNREACHABLE};
  g_autoptr (GError) error = NULL;
  const struct rlimit none = {0, 0};

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    return 0;
  /* The document may be a person's: no core of it, no other process of this user reads it. */
  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0);
  signal (SIGPIPE, SIG_IGN);
  if (!take_order (&self, &error)) {
    fprintf (stderr, "onestop-print: %s\n", error != NULL ? error->message : "no order");
    return 5;
  }
  const char *kind = strict_json_peek (self.order, "do", "");
  if (strcmp (kind, "status") == 0)
    return run_status (&self);
  if (strcmp (kind, "follow") == 0)
    return run_follow (&self);
  if (strcmp (kind, "print") == 0 && self.pdf != NULL)
    return run_print (&self);
  fprintf (stderr, "onestop-print: no such errand\n");
  return 5;
}
