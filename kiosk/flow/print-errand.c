/* print-errand.c: starts the child, gives it its order, listens, and ends it when it is silent for
 * too long. A child that dies without a verdict gets the only honest one: UNKNOWN if the document
 * may be on its way, NOT_SENT if it cannot be. */
#include "flow/print-errand.h"

#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/strict-json.h"

#define SELF "/proc/self/exe"

struct _PrintErrand {
  int refs;
  PrintErrandKind kind;
  const PrintErrandCalls *calls;
  gpointer data;
  GSubprocess *child;
  GDataInputStream *lines;
  GCancellable *cancellable;
  GBytes *input;
  guint silence, silence_s;
  gboolean cancel_asked;
  gboolean sent;   /* "go" was given */
  gboolean killed; /* for its silence */
  gboolean over;   /* freed: say nothing more */
  gboolean told;   /* an end line came */
  PrintErrandEnd end;
};

static const char *const outcome_words[] = {"told", "printed", "failed", "unknown", "not-sent"};
static const char *const kind_words[] = {"status", "print", "follow"};

const char *
print_errand_outcome_word (PrintErrandOutcome outcome)
{
  return outcome_words[outcome];
}

gboolean
print_errand_was_sent (const PrintErrand *self)
{
  return self->sent;
}

static PrintErrand *
hold (PrintErrand *self)
{
  self->refs++;
  return self;
}

static void
release (PrintErrand *self)
{
  if (--self->refs > 0)
    return;
  g_clear_handle_id (&self->silence, g_source_remove);
  g_clear_object (&self->child);
  g_clear_object (&self->lines);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->input, g_bytes_unref);
  g_free (self->end.reason);
  g_free (self);
}

static gboolean
on_silence (gpointer data)
{
  PrintErrand *self = data;

  self->silence = 0;
  self->killed = TRUE;
  log_warning ("print.child-stalled", "the printer's process was silent and is ended");
  g_subprocess_force_exit (self->child);
  return G_SOURCE_REMOVE;
}

static void
heard (PrintErrand *self)
{
  g_clear_handle_id (&self->silence, g_source_remove);
  self->silence = g_timeout_add_seconds (self->silence_s, on_silence, self);
}

static void
finish (PrintErrand *self)
{
  g_clear_handle_id (&self->silence, g_source_remove);
  if (self->over)
    return;
  if (!self->told) {
    self->end.outcome = self->kind == PRINT_ERRAND_STATUS                 ? PRINT_ERRAND_TOLD
                        : self->sent || self->kind == PRINT_ERRAND_FOLLOW ? PRINT_ERRAND_UNKNOWN
                                                                          : PRINT_ERRAND_NOT_SENT;
    self->end.condition = PRINTER_CONDITION_NOT_ANSWERING;
    self->end.reason = g_strdup (self->killed ? "stalled" : "crashed");
  }
  self->over = TRUE;
  self->calls->on_end (self, &self->end, self->data);
}

static void
on_child_exit (GObject *source, GAsyncResult *result, gpointer data)
{
  PrintErrand *self = data;

  (void)g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  finish (self);
  release (self);
}

static void
on_word_written (GObject *source, GAsyncResult *result, gpointer data)
{
  (void)g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  release (data);
}

/* `word` is a constant: it must live until it is written. */
static void
tell (PrintErrand *self, const char *word)
{
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (self->child), word, strlen (word),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_word_written,
                                   hold (self));
}

void
print_errand_cancel (PrintErrand *self)
{
  if (self->child != NULL && !self->cancel_asked && !self->over &&
      (self->sent || self->kind == PRINT_ERRAND_FOLLOW)) {
    self->cancel_asked = TRUE;
    tell (self, "cancel\n");
  }
}

static void
take_created (PrintErrand *self, const json_t *line)
{
  gint64 id = 0;

  (void)strict_json_int (line, "id", &id, NULL);
  if (self->calls->on_created != NULL && !self->calls->on_created (self, (int)id, self->data)) {
    tell (self, "no\n"); /* the child cancels the empty job */
    return;
  }
  if (self->over)
    return;
  self->sent = TRUE;
  tell (self, "go\n");
}

static void
take_end (PrintErrand *self, const json_t *line)
{
  const char *word = strict_json_peek (line, "outcome", "");

  for (gsize i = 0; i < G_N_ELEMENTS (outcome_words); i++)
    if (strcmp (outcome_words[i], word) == 0) {
      self->told = TRUE;
      self->end.outcome = i;
    }
  g_free (self->end.reason);
  self->end.reason = g_strdup (strict_json_peek (line, "reason", "none"));
  self->end.condition = PRINTER_CONDITION_OTHER;
  (void)printer_condition_parse (strict_json_peek (line, "condition", ""), &self->end.condition);
}

static void
take_line (PrintErrand *self, const char *text, gsize length)
{
  g_autoptr (json_t) line = strict_json_parse (text, length, NULL);
  const char *say = line != NULL ? strict_json_peek (line, "say", "") : "";
  PrinterCondition condition;

  if (strcmp (say, "created") == 0)
    take_created (self, line);
  else if (strcmp (say, "sent") == 0 && self->calls->on_sent != NULL)
    self->calls->on_sent (self, self->data);
  else if (strcmp (say, "alive") == 0 && self->calls->on_alive != NULL &&
           printer_condition_parse (strict_json_peek (line, "condition", ""), &condition))
    self->calls->on_alive (self, condition, self->data);
  else if (strcmp (say, "end") == 0)
    take_end (self, line);
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  PrintErrand *self = data;
  gsize length = 0;
  g_autofree char *line =
      g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &length, NULL);

  if (line == NULL || self->over) { /* the end of what it says */
    g_subprocess_wait_async (self->child, NULL, on_child_exit, self);
    return;
  }
  heard (self);
  take_line (self, line, length);
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, on_line,
                                       self);
}

static void
on_order_written (GObject *source, GAsyncResult *result, gpointer data)
{
  PrintErrand *self = data;

  /* A child that does not read it ends, and its end is heard on the other pipe. */
  (void)g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_clear_pointer (&self->input, g_bytes_unref);
  release (self);
}

static gboolean
on_not_started (gpointer data)
{
  finish (data);
  release (data);
  return G_SOURCE_REMOVE;
}

static char *
write_order (const PrintErrandTask *task)
{
  g_autoptr (json_t) order =
      json_pack ("{ss ss ss ss si sI si si}", "do", kind_words[task->kind], "printer",
                 task->printer, "name", task->job_name != NULL ? task->job_name : "", "media",
                 task->media != NULL ? task->media : "a4", "copies", MAX (task->copies, 1), "bytes",
                 (json_int_t)(task->pdf != NULL ? g_bytes_get_size (task->pdf) : 0), "stall_s",
                 (int)task->stall_s, "mend_s", (int)task->mend_s);
  g_autofree char *text = strict_json_write (order);

  return g_strconcat (text, "\n", NULL);
}

PrintErrand *
print_errand_start (const PrintErrandTask *task, const PrintErrandCalls *calls, gpointer data)
{
  PrintErrand *self = g_new0 (PrintErrand, 1);
  g_autofree char *order = write_order (task);
  g_autofree char *pid = g_strdup_printf ("%d", (int)getpid ());
  g_autoptr (GError) error = NULL;

  self->refs = 1;
  self->kind = task->kind;
  self->silence_s = task->silence_s > 0 ? task->silence_s : PRINT_ERRAND_SILENCE_S;
  self->calls = calls;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                  &error, SELF, "--errand", pid, NULL);
  if (self->child == NULL) {
    log_error ("print.child-not-started", "%s", error->message);
    g_idle_add (on_not_started, hold (self));
    return self;
  }
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->child));
  heard (self);
  GOutputStream *to = g_subprocess_get_stdin_pipe (self->child);
  /* A child that does not read must not hold us up: its silence is what ends it. The order is small
   * and fits the empty pipe; the document follows as the child reads it. */
  (void)g_unix_set_fd_nonblocking (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (to)), TRUE,
                                   NULL);
  (void)g_output_stream_write_all (to, order, strlen (order), NULL, NULL, NULL);
  if (task->pdf != NULL) {
    gsize size = 0;
    const void *bytes = g_bytes_get_data (task->pdf, &size);
    self->input = g_bytes_ref (task->pdf);
    g_output_stream_write_all_async (to, bytes, size, G_PRIORITY_DEFAULT, self->cancellable,
                                     on_order_written, hold (self));
  }
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, on_line,
                                       hold (self));
  return self;
}

void
print_errand_free (PrintErrand *self)
{
  if (self == NULL)
    return;
  self->over = TRUE;
  g_clear_handle_id (&self->silence, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->child != NULL)
    g_subprocess_force_exit (self->child);
  release (self);
}
