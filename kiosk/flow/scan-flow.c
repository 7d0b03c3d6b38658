/* scan-flow.c: one piece of work at a time, from the scanner or the stick through intake into the
 * draft. A piece of work outlives the flow if it must: then it ends without a word. Holds no
 * document and decodes nothing. */
#include "flow/scan-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/translate.h"
#include "store/device-health.h"

typedef struct {
  ScanFlow *flow; /* NULL once the flow is gone */
  char *slot;
  guint index;
  gboolean replace;
  char *name;    /* of a file */
  char *path;    /* on the stick */
  GBytes *bytes; /* what came */
  GCancellable *cancellable;
} Work;

struct _ScanFlow {
  App *app;
  IntakeFlow *intake;
  Scanner *scanner;
  UsbStick *stick;
  char *stick_directory;
  ScanFlowFunc func;
  gpointer data;
  Work *work; /* what goes on; borrowed from its callbacks */
  ScanFlowState state;
  guint percent;
  char *slot;
  guint index;
  gboolean done;
  char *fault, *kind;
};

/* clang-format off */
static const struct {
  const char *fault, *sentence;
} sentences[] = {
  {"not-installed", N_ ("This machine has no scanner. Use a USB drive, or ask at the window.")},
  {"jammed", N_ ("The paper is stuck in the scanner. Take it out, lay it flat and scan again.")},
  {"cover-open", N_ ("The scanner's cover is open. Close it and scan again.")},
  {"no-document", N_ ("There is no paper in the scanner. Put it in and scan again.")},
  {"busy", N_ ("The scanner is still busy. Wait a moment and scan again.")},
  {"denied", N_ ("This machine may not use its scanner. Use a USB drive, or ask at the window.")},
  {"gone", N_ ("The scanner does not answer. Use a USB drive, or ask at the window.")},
  {"stalled", N_ ("The scanner did not answer in time. See whether the paper lies straight, and scan again.")},
  {"failed", N_ ("The page could not be scanned. Scan it again.")},
  {"not-supported-kind", N_ ("This kind of file cannot be taken. Save it as PDF, JPEG or PNG, or scan the paper here.")},
  {"too-large", N_ ("This is larger than 20 MB. Save it smaller, or scan the paper here.")},
  {"too-many-pages", N_ ("This file has more than 50 pages. Split it into several files.")},
  {"too-many-pixels", N_ ("This picture has more than 40 million dots. Save it smaller, or scan the paper here.")},
  {"damaged", N_ ("This file is damaged or not whole. Save it again, or scan the paper here.")},
  {"encrypted", N_ ("This file is protected by a password. Save it without one, or scan the paper here.")},
  {"empty", N_ ("This file is empty. Choose another one.")},
  {"stick-gone", N_ ("The USB drive was pulled out. Put it in again.")},
  {"unreadable", N_ ("This file could not be read from the USB drive. Choose another one.")},
  {"full", N_ ("This is more than can be taken here. Take another document out first.")},
  {"not-for-this", N_ ("This kind of file is not taken for this document. Choose another one.")},
  {"cancelled", N_ ("Stopped. Nothing was added.")},
};
/* clang-format on */

const char *
scan_flow_peek_sentence (const char *fault)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (strcmp (sentences[i].fault, fault) == 0)
      return sentences[i].sentence;
  return N_ ("This did not work. Try it again, or ask at the window.");
}

static void
work_free (Work *work)
{
  g_free (work->slot);
  g_free (work->name);
  g_free (work->path);
  g_clear_pointer (&work->bytes, g_bytes_unref);
  g_object_unref (work->cancellable);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

/* --- the status --- */

/* The last thing that its caller does: it may free the flow. */
static void
tell (ScanFlow *flow)
{
  if (flow->func != NULL)
    flow->func (flow, flow->data);
}

static void
enter (ScanFlow *flow, ScanFlowState state)
{
  flow->state = state;
  flow->percent = 0;
  flow->done = FALSE;
  g_clear_pointer (&flow->fault, g_free);
  g_clear_pointer (&flow->kind, g_free);
}

/* Ends the work: `fault` NULL is success. Consumes it. */
static void
finish (Work *taken, const char *fault, const char *kind)
{
  g_autoptr (Work) work = taken;
  ScanFlow *flow = work->flow;

  if (flow == NULL)
    return;
  flow->work = NULL;
  enter (flow, SCAN_FLOW_WAITING);
  flow->done = fault == NULL;
  flow->index = work->index;
  flow->fault = g_strdup (fault);
  flow->kind = g_strdup (kind);
  tell (flow);
}

/* What an error of ours is to the person, if it is not the source's own. */
static const char *
word_of (const GError *error, const char *otherwise)
{
  return onestop_error_is (error, ONESTOP_ERROR_CANCELLED) ? "cancelled" : otherwise;
}

/* --- into the draft --- */

static gboolean
put (IntakeFlow *intake, const char *slot, gboolean replace, guint *index, const char *name,
     GBytes *bytes, const DocumentVerdict *verdict, GError **error)
{
  gboolean put_in = replace ? intake_flow_replace_document (intake, slot, *index, verdict->media,
                                                            name, bytes, verdict->pages, error)
                            : intake_flow_add_document (intake, slot, verdict->media, name, bytes,
                                                        verdict->pages, index, error);

  /* Upright as the camera says. */
  return put_in && intake_flow_rotate_document (intake, slot, *index, (int)verdict->rotate, error);
}

static const char *
word_of_draft (const GError *error)
{
  return onestop_error_is (error, ONESTOP_ERROR_FULL)      ? "full"
         : onestop_error_is (error, ONESTOP_ERROR_INVALID) ? "not-for-this"
                                                           : "failed";
}

static void
on_check_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentVerdict) verdict = document_check_finish (result, &error);

  if (work->flow == NULL || verdict == NULL)
    finish (work, word_of (error, "failed"), NULL);
  else if (!verdict->accepted)
    finish (work, verdict->reason, verdict->kind);
  else if (!put (work->flow->intake, work->slot, work->replace, &work->index, work->name,
                 work->bytes, verdict, &error))
    finish (work, word_of_draft (error), NULL);
  else
    finish (work, NULL, NULL);
}

/* Consumes `bytes`. */
static void
check (Work *work, GBytes *bytes)
{
  work->bytes = bytes;
  enter (work->flow, SCAN_FLOW_CHECKING);
  document_check_async (bytes, work->cancellable, on_check_done, work);
  tell (work->flow);
}

gboolean
scan_flow_add (IntakeFlow *intake, const char *slot, const char *name, GBytes *bytes,
               guint *ret_index, GError **error)
{
  g_autoptr (DocumentVerdict) verdict = document_check (bytes, NULL, error);
  guint index = 0;

  if (verdict == NULL)
    return FALSE;
  if (!verdict->accepted) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, verdict->reason);
    return FALSE;
  }
  if (!put (intake, slot, FALSE, &index, name, bytes, verdict, error))
    return FALSE;
  if (ret_index != NULL)
    *ret_index = index;
  return TRUE;
}

/* --- from the scanner --- */

static void
on_progress (guint percent, gpointer data)
{
  Work *work = data;

  if (work->flow == NULL)
    return;
  work->flow->percent = percent;
  tell (work->flow);
}

typedef struct {
  const char *condition; /* static */
  gint64 at;
} Seen;

static gpointer
note_in_worker (Db *db, gpointer data, GError **error)
{
  const Seen *seen = data;

  device_health_set (db, "scanner", seen->condition, NULL, seen->at, error);
  return NULL;
}

/* Is the scanner itself at fault, or only the paper, the visitor or the moment? */
static gboolean
is_the_scanners (ScannerFault fault)
{
  return fault == SCANNER_FAULT_JAMMED || fault == SCANNER_FAULT_COVER_OPEN ||
         fault == SCANNER_FAULT_DENIED || fault == SCANNER_FAULT_GONE ||
         fault == SCANNER_FAULT_STALLED || fault == SCANNER_FAULT_FAILED;
}

/* For the hints on the screen and the doctor: nobody else looks at the scanner. */
static void
note_scanner (ScanFlow *flow, ScannerFault fault)
{
  Seen seen = {is_the_scanners (fault) ? scanner_fault_word (fault) : "ready", clock_now ()};

  if (flow->app->worker != NULL)
    worker_run (flow->app->worker, note_in_worker, g_memdup2 (&seen, sizeof seen), g_free, NULL,
                NULL, NULL, NULL);
}

static void
on_scan_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  ScannerFault fault = SCANNER_FAULT_NONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScannerPage) page = scanner_scan_finish (NULL, result, &fault, &error);

  if (work->flow != NULL && !onestop_error_is (error, ONESTOP_ERROR_CANCELLED) &&
      fault != SCANNER_FAULT_BUSY)
    note_scanner (work->flow, fault);
  if (work->flow == NULL || page == NULL)
    finish (work, word_of (error, scanner_fault_word (fault)), NULL);
  else
    check (work, g_bytes_ref (page->jpeg));
}

/* --- from the stick --- */

typedef struct {
  char *directory, *path;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->directory);
  g_free (reading->path);
  g_free (reading);
}

static void
run_reading (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (UsbStick) stick = usb_stick_new (reading->directory);
  GError *error = NULL;
  GBytes *bytes = usb_stick_read (stick, reading->path, DOCUMENT_MAX_BYTES, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean cancelled = g_cancellable_is_cancelled (work->cancellable);

  if (bytes != NULL && work->flow != NULL && !cancelled) {
    check (work, bytes);
    return;
  }
  g_clear_pointer (&bytes, g_bytes_unref);
  if (work->flow == NULL || cancelled)
    finish (work, "cancelled", NULL);
  else if (onestop_error_is (error, ONESTOP_ERROR_FULL))
    finish (work, "too-large", NULL);
  else
    finish (work, usb_stick_is_present (work->flow->stick) ? "unreadable" : "stick-gone", NULL);
}

static void
start_reading (Work *work)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_read_done, work);
  Reading *reading = g_new0 (Reading, 1);

  reading->directory = g_strdup (work->flow->stick_directory);
  reading->path = g_strdup (work->path);
  g_task_set_source_tag (task, start_reading);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, run_reading);
}

/* --- the flow --- */

ScanFlow *
scan_flow_new (App *app, IntakeFlow *intake, ScanFlowFunc func, gpointer data, GError **error)
{
  const Config *config = app->config;
  gboolean named = config->scanner_device != NULL && *config->scanner_device != '\0';
  g_autoptr (Scanner) scanner = scanner_new (named ? config->scanner_device : "none", error);
  ScanFlow *flow;

  if (scanner == NULL)
    return NULL;
  flow = g_new0 (ScanFlow, 1);
  flow->app = app;
  flow->intake = intake;
  flow->scanner = g_steal_pointer (&scanner);
  flow->stick_directory = g_strdup (config->usb_stick_directory);
  flow->stick = usb_stick_new (config->usb_stick_directory);
  flow->func = func;
  flow->data = data;
  return flow;
}

void
scan_flow_free (ScanFlow *flow)
{
  if (flow == NULL)
    return;
  if (flow->work != NULL) {
    flow->work->flow = NULL;
    g_cancellable_cancel (flow->work->cancellable);
  }
  scanner_free (flow->scanner);
  usb_stick_free (flow->stick);
  g_free (flow->stick_directory);
  g_free (flow->slot);
  g_free (flow->fault);
  g_free (flow->kind);
  g_free (flow);
}

ScanFlowStatus
scan_flow_status (const ScanFlow *flow)
{
  return (ScanFlowStatus){flow->state, flow->percent, flow->slot, flow->index,
                          flow->done,  flow->fault,   flow->kind};
}

gboolean
scan_flow_is_busy (const ScanFlow *flow)
{
  return flow->work != NULL;
}

gboolean
scan_flow_has_scanner (const ScanFlow *flow)
{
  return scanner_is_installed (flow->scanner);
}

gboolean
scan_flow_takes_sticks (const ScanFlow *flow)
{
  return usb_stick_is_installed (flow->stick);
}

gboolean
scan_flow_has_stick (const ScanFlow *flow)
{
  return usb_stick_is_present (flow->stick);
}

GPtrArray *
scan_flow_list_stick (ScanFlow *flow, gboolean *ret_more, GError **error)
{
  return usb_stick_list (flow->stick, ret_more, error);
}

/* Document `index` of `slot`, borrowed from the draft. */
static const IntakeDocument *
find (const ScanFlow *flow, const char *slot, guint index, GError **error)
{
  g_autoptr (GPtrArray) documents = intake_flow_documents (flow->intake, slot);

  if (index < documents->len)
    return documents->pdata[index];
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no document %u in \"%s\"", index,
               slot);
  return NULL;
}

/* A new piece of work, or NULL with CONFLICT. */
static Work *
begin (ScanFlow *flow, const char *slot, guint index, ScanFlowState state, GError **error)
{
  Work *work;

  if (flow->work != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "something is being scanned or read");
    return NULL;
  }
  work = g_new0 (Work, 1);
  work->flow = flow;
  work->slot = g_strdup (slot);
  work->index = index;
  work->cancellable = g_cancellable_new ();
  flow->work = work;
  enter (flow, state);
  g_free (flow->slot);
  flow->slot = g_strdup (slot);
  flow->index = index;
  return work;
}

static guint
count (const ScanFlow *flow, const char *slot)
{
  g_autoptr (GPtrArray) documents = intake_flow_documents (flow->intake, slot);
  return documents->len;
}

static gboolean
scan (ScanFlow *flow, const char *slot, guint index, gboolean replace, GError **error)
{
  Work *work = begin (flow, slot, index, SCAN_FLOW_SCANNING, error);

  if (work == NULL)
    return FALSE;
  work->replace = replace;
  scanner_scan_async (flow->scanner, on_progress, work, work->cancellable, on_scan_done, work);
  return TRUE;
}

gboolean
scan_flow_scan (ScanFlow *flow, const char *slot, GError **error)
{
  return scan (flow, slot, count (flow, slot), FALSE, error);
}

gboolean
scan_flow_rescan (ScanFlow *flow, const char *slot, guint index, GError **error)
{
  return find (flow, slot, index, error) != NULL && scan (flow, slot, index, TRUE, error);
}

gboolean
scan_flow_import (ScanFlow *flow, const char *slot, const UsbStickFile *file, GError **error)
{
  Work *work = begin (flow, slot, count (flow, slot), SCAN_FLOW_READING, error);

  if (work == NULL)
    return FALSE;
  work->path = g_strdup (file->path);
  work->name = g_strdup (file->label);
  start_reading (work);
  return TRUE;
}

void
scan_flow_cancel (ScanFlow *flow)
{
  if (flow->work != NULL)
    g_cancellable_cancel (flow->work->cancellable);
}

gboolean
scan_flow_turn (ScanFlow *flow, const char *slot, guint index, int degrees, GError **error)
{
  const IntakeDocument *document = find (flow, slot, index, error);

  if (document == NULL ||
      !intake_flow_rotate_document (flow->intake, slot, index,
                                    ((document->rotate + degrees) % 360 + 360) % 360, error))
    return FALSE;
  tell (flow);
  return TRUE;
}

gboolean
scan_flow_remove (ScanFlow *flow, const char *slot, guint index, GError **error)
{
  if (flow->work != NULL && strcmp (flow->work->slot, slot) == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "something comes into \"%s\"", slot);
    return FALSE;
  }
  if (!intake_flow_remove_document (flow->intake, slot, index, error))
    return FALSE;
  tell (flow);
  return TRUE;
}

void
scan_flow_preview_async (ScanFlow *flow, const char *slot, guint index, guint page, guint max_width,
                         guint max_height, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer data)
{
  GError *error = NULL;
  const IntakeDocument *document = find (flow, slot, index, &error);

  if (document == NULL)
    g_task_report_error (NULL, callback, data, scan_flow_preview_async, error);
  else
    document_preview_async (document->bytes, page, max_width, max_height, (guint)document->rotate,
                            cancellable, callback, data);
}

DocumentPixels *
scan_flow_preview_finish (ScanFlow *flow, GAsyncResult *result, GError **error)
{
  return document_preview_finish (result, error);
}
