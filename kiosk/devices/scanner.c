/* scanner.c: asks onestop-scan for a page and takes what it says. One thread a scan, which waits;
 * the struct is touched by that thread alone while `busy` is set. Refuses to know SANE. */
#include "devices/scanner.h"

#include <string.h>

#include "base/child.h"
#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"

#define HELPER "onestop-scan"

struct _Scanner {
  char *device;
  char *after; /* the last picture of a folder */
  int busy;    /* atomic */
};

static const char *const fault_words[SCANNER_N_FAULTS] = {
    [SCANNER_FAULT_NONE] = "none",       [SCANNER_FAULT_NOT_INSTALLED] = "not-installed",
    [SCANNER_FAULT_JAMMED] = "jammed",   [SCANNER_FAULT_COVER_OPEN] = "cover-open",
    [SCANNER_FAULT_BUSY] = "busy",       [SCANNER_FAULT_NO_DOCUMENT] = "no-document",
    [SCANNER_FAULT_DENIED] = "denied",   [SCANNER_FAULT_GONE] = "gone",
    [SCANNER_FAULT_STALLED] = "stalled", [SCANNER_FAULT_TOO_LARGE] = "too-large",
    [SCANNER_FAULT_FAILED] = "failed",
};

const char *
scanner_fault_word (ScannerFault fault)
{
  return fault_words[fault];
}

static ScannerFault
fault_of_word (const char *word)
{
  for (ScannerFault fault = SCANNER_FAULT_NOT_INSTALLED; fault < SCANNER_N_FAULTS; fault++)
    if (strcmp (fault_words[fault], word) == 0)
      return fault;
  return SCANNER_FAULT_FAILED;
}

void
scanner_device_free (ScannerDevice *device)
{
  if (device == NULL)
    return;
  g_free (device->name);
  g_free (device->vendor);
  g_free (device->model);
  g_free (device);
}

void
scanner_page_free (ScannerPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->jpeg, g_bytes_unref);
  g_free (page->name);
  g_free (page);
}

Scanner *
scanner_new (const char *device, GError **error)
{
  Scanner *scanner;

  if (strcmp (device, "none") != 0 &&
      !(g_str_has_prefix (device, "sane:") && device[strlen ("sane:")] != '\0') &&
      !(g_str_has_prefix (device, "folder:") && device[strlen ("folder:")] != '\0')) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "scanner device \"%s\": not sane:NAME, folder:DIR or none", device);
    return NULL;
  }
  scanner = g_atomic_rc_box_new0 (Scanner);
  scanner->device = g_strdup (device);
  return scanner;
}

static void
scanner_clear (gpointer data)
{
  Scanner *scanner = data;

  g_free (scanner->device);
  g_free (scanner->after);
}

void
scanner_free (Scanner *scanner)
{
  if (scanner != NULL)
    g_atomic_rc_box_release_full (scanner, scanner_clear);
}

gboolean
scanner_is_installed (const Scanner *scanner)
{
  return strcmp (scanner->device, "none") != 0;
}

/* What one life of the helper has said so far. */
typedef struct {
  ScannerProgress progress;
  gpointer progress_data;
  guint percent;
  json_t *page;
  ScannerFault fault;
  char *message;
  char *name;
  GPtrArray *devices;
} Said;

static void
said_clear (Said *said)
{
  g_clear_pointer (&said->page, json_decref);
  g_clear_pointer (&said->message, g_free);
  g_clear_pointer (&said->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static void
take_device (Said *said, const json_t *event)
{
  ScannerDevice *device = g_new0 (ScannerDevice, 1);

  device->name = g_strdup (strict_json_peek (event, "name", ""));
  device->vendor = g_strdup (strict_json_peek (event, "vendor", ""));
  device->model = g_strdup (strict_json_peek (event, "model", ""));
  g_ptr_array_add (said->devices, device);
}

static gboolean
on_event (json_t *event, const char *word, gpointer data, GError **error)
{
  Said *said = data;
  gint64 percent = 0;

  if (strcmp (word, "progress") == 0) {
    if (!strict_json_int (event, "percent", &percent, error))
      return FALSE;
    if (said->progress != NULL && percent > said->percent && percent <= 100)
      said->progress ((guint)percent, said->progress_data);
    said->percent = MAX (said->percent, (guint)CLAMP (percent, 0, 100));
  } else if (strcmp (word, "page") == 0) {
    g_clear_pointer (&said->page, json_decref);
    said->page = json_incref (event);
  } else if (strcmp (word, "fault") == 0) {
    said->fault = fault_of_word (strict_json_peek (event, "word", "failed"));
    g_free (said->message);
    said->message = g_strdup (strict_json_peek (event, "message", ""));
  } else if (strcmp (word, "device") == 0 && said->devices != NULL) {
    take_device (said, event);
  }
  if (strict_json_peek (event, "name", NULL) != NULL) {
    g_free (said->name);
    said->name = g_strdup (strict_json_peek (event, "name", NULL));
  }
  return TRUE;
}

/* Runs the helper. TRUE when it did its task; FALSE with `said->fault` and an error. */
static gboolean
ask (const char *const *argv, gsize max_payload, Said *said, GCancellable *cancellable,
     GBytes **ret_payload, GError **error)
{
  g_auto (ChildEnd) end = {0};
  g_autoptr (GError) child_error = NULL;
  ChildTask task = {.argv = argv,
                    .max_payload = max_payload,
                    .stall_ms = SCANNER_STALL_MS,
                    .limit_ms = SCANNER_LIMIT_MS,
                    .on_event = on_event,
                    .data = said};
  const char *stall = g_getenv ("ONESTOP_SCANNER_STALL_MS");

  /* Tests do not wait 15 seconds. */
  if (stall != NULL)
    task.stall_ms = (guint)CLAMP (g_ascii_strtoull (stall, NULL, 10), 100, SCANNER_STALL_MS);
  if (!child_run (&task, cancellable, &end, &child_error)) {
    gboolean cancelled = onestop_error_is (child_error, ONESTOP_ERROR_CANCELLED);
    said->fault = cancelled ? SCANNER_FAULT_NONE : SCANNER_FAULT_FAILED;
    g_set_error_literal (error, ONESTOP_ERROR,
                         cancelled ? ONESTOP_ERROR_CANCELLED : ONESTOP_ERROR_DEVICE,
                         child_error->message);
    return FALSE;
  }
  if (end.stalled)
    said->fault = SCANNER_FAULT_STALLED;
  else if (said->fault == SCANNER_FAULT_NONE && (end.signaled || end.status != 0))
    said->fault = SCANNER_FAULT_FAILED;
  if (said->fault != SCANNER_FAULT_NONE) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE, "scanner: %s%s%s",
                 scanner_fault_word (said->fault), said->message != NULL ? ": " : "",
                 said->message != NULL ? said->message : "");
    log_warning ("scanner.fault", "%s", scanner_fault_word (said->fault));
    return FALSE;
  }
  if (ret_payload != NULL)
    *ret_payload = g_steal_pointer (&end.payload);
  return TRUE;
}

static ScannerPage *
page_of (Said *said, GBytes *payload, GError **error)
{
  g_autoptr (ScannerPage) page = g_new0 (ScannerPage, 1);
  gint64 width, height, dpi, bytes;

  if (said->page == NULL || !strict_json_int (said->page, "width", &width, error) ||
      !strict_json_int (said->page, "height", &height, error) ||
      !strict_json_int (said->page, "dpi", &dpi, error) ||
      !strict_json_int (said->page, "bytes", &bytes, error) ||
      bytes != (gint64)g_bytes_get_size (payload) || bytes == 0) {
    said->fault = SCANNER_FAULT_FAILED;
    g_clear_error (error);
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE, "the scanner's page is not whole");
    return NULL;
  }
  page->jpeg = g_bytes_ref (payload);
  page->width = (guint)width;
  page->height = (guint)height;
  page->dpi = (guint)dpi;
  page->name = g_strdup (said->name);
  return g_steal_pointer (&page);
}

ScannerPage *
scanner_scan (Scanner *scanner, ScannerProgress progress, gpointer progress_data,
              GCancellable *cancellable, ScannerFault *ret_fault, GError **error)
{
  g_auto (Said) said = {.progress = progress, .progress_data = progress_data};
  g_autoptr (GBytes) payload = NULL;
  ScannerPage *page = NULL;

  if (!g_atomic_int_compare_and_exchange (&scanner->busy, 0, 1)) {
    said.fault = SCANNER_FAULT_BUSY;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "the scanner is scanning");
  } else {
    const char *argv[] = {HELPER,          "page",
                          scanner->device, scanner->after != NULL ? "--after" : NULL,
                          scanner->after,  NULL};
    if (!scanner_is_installed (scanner)) {
      said.fault = SCANNER_FAULT_NOT_INSTALLED;
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE, "no scanner is installed");
    } else if (ask (argv, SCANNER_MAX_PAGE, &said, cancellable, &payload, error)) {
      page = page_of (&said, payload, error);
    }
    /* Also after a picture that could not be read: the next scan goes on behind it. */
    if (said.name != NULL) {
      g_free (scanner->after);
      scanner->after = g_strdup (said.name);
    }
    g_atomic_int_set (&scanner->busy, 0);
  }
  if (ret_fault != NULL)
    *ret_fault = said.fault;
  return page;
}

typedef struct {
  Scanner *scanner;
  ScannerProgress progress;
  gpointer progress_data;
  ScannerFault fault;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  scanner_free (job->scanner);
  g_free (job);
}

typedef struct {
  GTask *task;
  guint percent;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_object_unref (step->task);
  g_free (step);
}

static gboolean
on_step (gpointer data)
{
  Step *step = data;
  Job *job = g_task_get_task_data (step->task);

  if (!g_task_get_completed (step->task))
    job->progress (step->percent, job->progress_data);
  return G_SOURCE_REMOVE;
}

/* In the scan's thread: hands the step to the caller's context. */
static void
on_progress (guint percent, gpointer data)
{
  GTask *task = data;
  g_autoptr (GSource) source = g_idle_source_new ();
  Step *step = g_new (Step, 1);

  *step = (Step){g_object_ref (task), percent};
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, on_step, step, step_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  ScannerPage *page = scanner_scan (job->scanner, job->progress != NULL ? on_progress : NULL, task,
                                    cancellable, &job->fault, &error);

  if (page != NULL)
    g_task_return_pointer (task, page, (GDestroyNotify)scanner_page_free);
  else
    g_task_return_error (task, error);
}

void
scanner_scan_async (Scanner *scanner, ScannerProgress progress, gpointer progress_data,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  *job = (Job){g_atomic_rc_box_acquire (scanner), progress, progress_data, SCANNER_FAULT_NONE};
  g_task_set_source_tag (task, scanner_scan_async);
  g_task_set_task_data (task, job, job_free);
  /* Our own CANCELLED is said, not GIO's. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_job);
}

ScannerPage *
scanner_scan_finish (Scanner *scanner, GAsyncResult *result, ScannerFault *ret_fault,
                     GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  if (ret_fault != NULL)
    *ret_fault = job->fault;
  return g_task_propagate_pointer (G_TASK (result), error);
}

GPtrArray *
scanner_list (GCancellable *cancellable, GError **error)
{
  static const char *const argv[] = {HELPER, "list", NULL};
  g_autoptr (GPtrArray) devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify)scanner_device_free);
  g_auto (Said) said = {.devices = devices};

  if (!ask (argv, 0, &said, cancellable, NULL, error))
    return NULL;
  return g_steal_pointer (&devices);
}

gboolean
scanner_probe (Scanner *scanner, GCancellable *cancellable, ScannerFault *ret_fault, GError **error)
{
  const char *argv[] = {HELPER, "probe", scanner->device, NULL};
  g_auto (Said) said = {0};
  gboolean ready = FALSE;

  if (!scanner_is_installed (scanner)) {
    said.fault = SCANNER_FAULT_NOT_INSTALLED;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE, "no scanner is installed");
  } else {
    ready = ask (argv, 0, &said, cancellable, NULL, error);
  }
  if (ret_fault != NULL)
    *ret_fault = said.fault;
  return ready;
}
