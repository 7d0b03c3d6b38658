/* printer.c: IPP requests over one libcups connection. Every request ends within a limit, nothing
 * is ever sent twice by itself, no password is asked for, and an answer that lacks what was asked
 * is a DEVICE error, never a guess. Refuses discovery, PPDs and filters: the printer takes PDF. */
#include "devices/printer.h"

#include <cups/cups.h>
#include <string.h>

#include "base/error.h"

#define USER "onestop"
#define MAX_REASONS 8

const PrinterMedia printer_media_a4 = {21000, 29700, 0};

struct _Printer {
  http_t *http;
  char *uri;
  char *resource;
};

PrinterMedia
printer_media_roll (double length_mm)
{
  return (PrinterMedia){8000, (int)(CLAMP (length_mm, 30.0, 2000.0) * 100.0 + 0.5), 400};
}

gboolean
printer_media_parse (const char *text, PrinterMedia *ret_media, GError **error)
{
  PrinterMedia media = printer_media_a4;
  gboolean good = g_strcmp0 (text, "a4") == 0;

  if (!good && text != NULL && g_str_has_prefix (text, "roll:")) {
    char *end = NULL;
    gint64 width = g_ascii_strtoll (text + 5, &end, 10);
    gint64 length = *end == 'x' ? g_ascii_strtoll (end + 1, &end, 10) : 0;
    good = *end == '\0' && width >= 1000 && width <= 500000 && length >= 1000 && length <= 500000;
    if (good)
      media = (PrinterMedia){(int)width, (int)length, 400};
  }
  if (!good) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "the medium is neither \"a4\" nor \"roll:WIDTHxLENGTH\"");
    return FALSE;
  }
  *ret_media = media;
  return TRUE;
}

void
printer_job_clear (PrinterJob *job)
{
  g_clear_pointer (&job->reason, g_free);
}

void
printer_status_clear (PrinterStatus *status)
{
  g_clear_pointer (&status->reasons, g_free);
}

static int
on_timeout (http_t *http, void *data)
{
  return 0; /* give the request up */
}

static const char *
on_password (const char *prompt, http_t *http, const char *method, const char *resource, void *data)
{
  return NULL;
}

/* Where to connect, what to call the printer there, and with what encryption. */
static gboolean
find_place (Printer *self, const char *destination, char *ret_host, gsize host_size, int *ret_port,
            http_encryption_t *ret_encryption, GError **error)
{
  char scheme[32], user[64], resource[1024];
  int port = 0;

  if (strstr (destination, "://") == NULL) {
    g_strlcpy (ret_host, cupsServer (), host_size);
    *ret_port = ippPort ();
    *ret_encryption = HTTP_ENCRYPTION_IF_REQUESTED;
    self->resource = g_strdup_printf ("/printers/%s", destination);
    self->uri = g_strdup_printf ("ipp://localhost%s", self->resource);
    return TRUE;
  }
  if (httpSeparateURI (HTTP_URI_CODING_ALL, destination, scheme, sizeof scheme, user, sizeof user,
                       ret_host, (int)host_size, &port, resource,
                       sizeof resource) < HTTP_URI_STATUS_OK ||
      (strcmp (scheme, "ipp") != 0 && strcmp (scheme, "ipps") != 0)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "\"%s\" is no ipp:// or ipps:// address", destination);
    return FALSE;
  }
  *ret_port = port;
  *ret_encryption =
      strcmp (scheme, "ipps") == 0 ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
  self->resource = g_strdup (resource);
  self->uri = g_strdup (destination);
  return TRUE;
}

Printer *
printer_open (const char *destination, GError **error)
{
  g_autoptr (Printer) self = g_new0 (Printer, 1);
  char host[256];
  int port;
  http_encryption_t encryption;

  if (!find_place (self, destination, host, sizeof host, &port, &encryption, error))
    return NULL;
  cupsSetPasswordCB2 (on_password, NULL);
  self->http = httpConnect2 (host, port, NULL, AF_UNSPEC, encryption, 1, PRINTER_CONNECT_MS, NULL);
  if (self->http == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE, "the printer %s cannot be reached",
                 destination);
    return NULL;
  }
  httpSetTimeout (self->http, PRINTER_ANSWER_S, on_timeout, NULL);
  return g_steal_pointer (&self);
}

void
printer_free (Printer *self)
{
  if (self == NULL)
    return;
  if (self->http != NULL)
    httpClose (self->http);
  g_free (self->uri);
  g_free (self->resource);
  g_free (self);
}

static ipp_t *
request_new (Printer *self, ipp_op_t operation, int job_id)
{
  ipp_t *request = ippNewRequest (operation);

  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, self->uri);
  if (job_id > 0)
    ippAddInteger (request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, USER);
  return request;
}

static void
set_ipp_error (GError **error, const char *what)
{
  ipp_status_t status = cupsLastError ();
  OnestopError code = ONESTOP_ERROR_DEVICE;

  if (status == IPP_STATUS_ERROR_NOT_FOUND || status == IPP_STATUS_ERROR_GONE)
    code = ONESTOP_ERROR_NOT_FOUND;
  else if (status == IPP_STATUS_ERROR_NOT_POSSIBLE)
    code = ONESTOP_ERROR_CONFLICT;
  else if (status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE)
    code = ONESTOP_ERROR_OFFLINE;
  else if (status == IPP_STATUS_ERROR_BUSY || status == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS)
    code = ONESTOP_ERROR_RETRY;
  else if (status >= IPP_STATUS_ERROR_BAD_REQUEST && status < IPP_STATUS_ERROR_INTERNAL)
    code = ONESTOP_ERROR_INVALID;
  g_set_error (error, ONESTOP_ERROR, code, "%s: %s", what, ippErrorString (status));
}

/* Takes `request`. Only answers of success come back. */
static ipp_t *
ask (Printer *self, ipp_t *request, const char *what, GError **error)
{
  ipp_t *answer = cupsDoRequest (self->http, request, self->resource);

  if (answer != NULL && cupsLastError () <= IPP_STATUS_OK_EVENTS_COMPLETE)
    return answer;
  set_ipp_error (error, what);
  ippDelete (answer);
  return NULL;
}

static gboolean
read_enum (ipp_t *answer, const char *name, ipp_tag_t tag, int *ret_value, GError **error)
{
  ipp_attribute_t *attribute = ippFindAttribute (answer, name, tag);

  if (attribute == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE, "the printer does not say its %s",
                 name);
    return FALSE;
  }
  *ret_value = ippGetInteger (attribute, 0);
  return TRUE;
}

static gboolean
lists (ipp_t *answer, const char *name, ipp_tag_t tag, const char *value)
{
  ipp_attribute_t *attribute = ippFindAttribute (answer, name, tag);

  return attribute != NULL && ippContainsString (attribute, value);
}

static PrinterCondition
read_condition (ipp_t *answer, ipp_pstate_t state, char **ret_reasons)
{
  ipp_attribute_t *attribute = ippFindAttribute (answer, "printer-state-reasons", IPP_TAG_KEYWORD);
  ipp_attribute_t *accepting =
      ippFindAttribute (answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
  PrinterCondition worst = PRINTER_CONDITION_READY;
  g_autoptr (GString) words = g_string_new (NULL);

  for (int i = 0; attribute != NULL && i < ippGetCount (attribute); i++) {
    const char *reason = ippGetString (attribute, i, NULL);
    if (reason == NULL)
      continue;
    worst = printer_condition_worst (worst, printer_condition_from_reason (reason));
    if (i < MAX_REASONS)
      g_string_append_printf (words, "%s%.63s", words->len > 0 ? " " : "", reason);
  }
  if (state == IPP_PSTATE_STOPPED)
    worst = printer_condition_worst (worst, PRINTER_CONDITION_STOPPED);
  if (accepting != NULL && !ippGetBoolean (accepting, 0))
    worst = printer_condition_worst (worst, PRINTER_CONDITION_PAUSED);
  *ret_reasons = g_string_free (g_steal_pointer (&words), FALSE);
  return worst;
}

gboolean
printer_status (Printer *self, PrinterStatus *ret_status, GError **error)
{
  static const char *const wanted[] = {
      "printer-state",   "printer-state-reasons",     "printer-is-accepting-jobs",
      "printer-up-time", "document-format-supported", "color-supported"};
  ipp_t *request = request_new (self, IPP_OP_GET_PRINTER_ATTRIBUTES, 0);
  int state = 0;

  ippAddStrings (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                 G_N_ELEMENTS (wanted), NULL, wanted);
  ipp_t *answer = ask (self, request, "asking for the printer's state", error);
  if (answer == NULL)
    return FALSE;
  gboolean good = read_enum (answer, "printer-state", IPP_TAG_ENUM, &state, error);
  if (good) {
    ipp_attribute_t *color = ippFindAttribute (answer, "color-supported", IPP_TAG_BOOLEAN);
    ipp_attribute_t *up = ippFindAttribute (answer, "printer-up-time", IPP_TAG_INTEGER);
    ret_status->condition = read_condition (answer, state, &ret_status->reasons);
    ret_status->idle = state == IPP_PSTATE_IDLE;
    ret_status->takes_pdf =
        lists (answer, "document-format-supported", IPP_TAG_MIMETYPE, "application/pdf");
    ret_status->has_color = color != NULL && ippGetBoolean (color, 0);
    ret_status->up_s = up != NULL ? ippGetInteger (up, 0) : 0;
  }
  ippDelete (answer);
  return good;
}

static void
add_media (ipp_t *request, const PrinterMedia *media)
{
  if (media->width == printer_media_a4.width && media->length == printer_media_a4.length) {
    ippAddString (request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL, "iso_a4_210x297mm");
    return;
  }
  ipp_t *size = ippNew (), *collection = ippNew ();
  ippAddInteger (size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", media->width);
  ippAddInteger (size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", media->length);
  ippAddCollection (collection, IPP_TAG_ZERO, "media-size", size);
  ippAddInteger (collection, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-left-margin", media->margin);
  ippAddInteger (collection, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-right-margin", media->margin);
  ippAddInteger (collection, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-top-margin", 0);
  ippAddInteger (collection, IPP_TAG_ZERO, IPP_TAG_INTEGER, "media-bottom-margin", 0);
  ippAddCollection (request, IPP_TAG_JOB, "media-col", collection);
  ippDelete (size);
  ippDelete (collection);
}

gboolean
printer_create (Printer *self, const char *name, const PrinterMedia *media, int copies, int *ret_id,
                GError **error)
{
  ipp_t *request = request_new (self, IPP_OP_CREATE_JOB, 0);
  int id = 0;

  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, name);
  if (copies > 1)
    ippAddInteger (request, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", copies);
  add_media (request, media);
  ipp_t *answer = ask (self, request, "making the print job", error);
  if (answer == NULL)
    return FALSE;
  gboolean good = read_enum (answer, "job-id", IPP_TAG_INTEGER, &id, error);
  ippDelete (answer);
  if (good)
    *ret_id = id;
  return good;
}

gboolean
printer_send (Printer *self, int id, const void *pdf, gsize length, GError **error)
{
  ipp_t *request = request_new (self, IPP_OP_SEND_DOCUMENT, id);
  http_status_t status;

  ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                "application/pdf");
  ippAddBoolean (request, IPP_TAG_OPERATION, "last-document", 1);
  status = cupsSendRequest (self->http, request, self->resource, ippLength (request) + length);
  if (status == HTTP_STATUS_CONTINUE)
    status = cupsWriteRequestData (self->http, pdf, length);
  ippDelete (request);
  if (status != HTTP_STATUS_CONTINUE && status != HTTP_STATUS_OK) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE,
                 "the printer broke off while the document was sent: %s", httpStatus (status));
    return FALSE;
  }
  ippDelete (cupsGetResponse (self->http, self->resource));
  if (cupsLastError () > IPP_STATUS_OK_EVENTS_COMPLETE) {
    set_ipp_error (error, "sending the document");
    return FALSE;
  }
  return TRUE;
}

static void
read_reasons (ipp_attribute_t *attribute, PrinterJob *job)
{
  job->reason = g_strdup ("none");
  job->has_document = TRUE;
  for (int i = 0; attribute != NULL && i < ippGetCount (attribute); i++) {
    const char *reason = ippGetString (attribute, i, NULL);
    if (reason == NULL)
      continue;
    if (i == 0) {
      g_free (job->reason);
      job->reason = g_strndup (reason, 63);
    }
    if (strcmp (reason, "job-incoming") == 0 || strcmp (reason, "job-data-insufficient") == 0)
      job->has_document = FALSE;
  }
}

gboolean
printer_job (Printer *self, int id, PrinterJob *ret_job, GError **error)
{
  static const char *const wanted[] = {"job-state", "job-state-reasons",
                                       "job-impressions-completed"};
  ipp_t *request = request_new (self, IPP_OP_GET_JOB_ATTRIBUTES, id);
  int state = 0;

  ippAddStrings (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                 G_N_ELEMENTS (wanted), NULL, wanted);
  ipp_t *answer = ask (self, request, "asking for the job", error);
  if (answer == NULL)
    return FALSE;
  gboolean good = read_enum (answer, "job-state", IPP_TAG_ENUM, &state, error);
  if (good) {
    ipp_attribute_t *done = ippFindAttribute (answer, "job-impressions-completed", IPP_TAG_INTEGER);
    ret_job->id = id;
    ret_job->state = state;
    ret_job->impressions = done != NULL ? ippGetInteger (done, 0) : -1;
    read_reasons (ippFindAttribute (answer, "job-state-reasons", IPP_TAG_KEYWORD), ret_job);
  }
  ippDelete (answer);
  return good;
}

/* The highest id of that name in a Get-Jobs answer; 0 if there is none. */
static int
newest_of_name (ipp_t *answer, const char *name)
{
  int newest = 0, id = 0;
  gboolean named = FALSE;

  for (ipp_attribute_t *a = ippFirstAttribute (answer); a != NULL; a = ippNextAttribute (answer)) {
    const char *key = ippGetName (a);
    if (key == NULL || ippGetGroupTag (a) != IPP_TAG_JOB) { /* the mark between two jobs */
      id = 0;
      named = FALSE;
      continue;
    }
    if (strcmp (key, "job-id") == 0 && ippGetValueTag (a) == IPP_TAG_INTEGER)
      id = ippGetInteger (a, 0);
    if (strcmp (key, "job-name") == 0)
      named = g_strcmp0 (ippGetString (a, 0, NULL), name) == 0;
    if (named && id > newest)
      newest = id;
  }
  return newest;
}

gboolean
printer_find (Printer *self, const char *name, PrinterJob *ret_job, GError **error)
{
  static const char *const which[] = {"not-completed", "completed"};
  static const char *const wanted[] = {"job-id", "job-name"};

  /* In this order a job that ends between the two questions is still found. */
  for (gsize i = 0; i < G_N_ELEMENTS (which); i++) {
    ipp_t *request = request_new (self, IPP_OP_GET_JOBS, 0);
    ippAddString (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, which[i]);
    ippAddStrings (request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                   G_N_ELEMENTS (wanted), NULL, wanted);
    ipp_t *answer = ask (self, request, "asking for the printer's jobs", error);
    if (answer == NULL)
      return FALSE;
    int id = newest_of_name (answer, name);
    ippDelete (answer);
    if (id > 0)
      return printer_job (self, id, ret_job, error);
  }
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "the printer knows no such job");
  return FALSE;
}

gboolean
printer_cancel (Printer *self, int id, GError **error)
{
  ipp_t *answer =
      ask (self, request_new (self, IPP_OP_CANCEL_JOB, id), "cancelling the job", error);

  ippDelete (answer);
  return answer != NULL;
}

PrinterOutcome
printer_outcome (const PrinterJob *job, const PrinterStatus *status)
{
  if (job->state == PRINTER_JOB_CANCELED || job->state == PRINTER_JOB_ABORTED)
    return PRINTER_OUTCOME_FAILED;
  if (job->state != PRINTER_JOB_COMPLETED)
    return PRINTER_OUTCOME_PENDING;
  return printer_condition_can_print (status->condition) ? PRINTER_OUTCOME_PRINTED
                                                         : PRINTER_OUTCOME_UNKNOWN;
}
