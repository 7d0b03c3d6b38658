/* printer.h: one printer, spoken to directly in IPP through libcups.
 *
 * Only the child processes of onestop-print call this (the layer test holds it to that): every call
 * blocks, though never longer than the limits below, and a child that outlives them is killed.
 *
 * IPP: RFC 8010, RFC 8011, PWG 5100.14. "completed" alone is not paper: see printer_outcome.
 */
#pragma once

#include <glib.h>

#include "devices/printer-condition.h"

#define PRINTER_CONNECT_MS 2000  /* to reach the printer */
#define PRINTER_ANSWER_S 3.0     /* silence within one request */
#define PRINTER_JOB_NAME_MAX 127 /* bytes; RFC 8011 name(MAX) is 255 */
#define PRINTER_PDF_MAX (64u * 1024 * 1024)

/* A medium in hundredths of a millimetre. */
typedef struct {
  int width;
  int length;
  int margin; /* left and right, what the printer cannot reach */
} PrinterMedia;

extern const PrinterMedia printer_media_a4;

/* An 80 mm roll cut after `length_mm` (30 to 2000; clamped). */
PrinterMedia printer_media_roll (double length_mm);

/* "a4" or "roll:WIDTHxLENGTH" (hundredths of mm, 1000..500000). INVALID. */
gboolean printer_media_parse (const char *text, PrinterMedia *ret_media, GError **error);

/* RFC 8011, section 5.3.7, and one of ours. */
typedef enum {
  PRINTER_JOB_PENDING = 3,
  PRINTER_JOB_HELD = 4,
  PRINTER_JOB_PROCESSING = 5,
  PRINTER_JOB_STOPPED = 6,
  PRINTER_JOB_CANCELED = 7,
  PRINTER_JOB_ABORTED = 8,
  PRINTER_JOB_COMPLETED = 9,
} PrinterJobState;

typedef struct {
  int id;
  PrinterJobState state;
  char *reason;          /* job-state-reasons, the first; "none"; owned */
  int impressions;       /* job-impressions-completed; -1 if it does not say */
  gboolean has_document; /* job-state-reasons lacks job-incoming and job-data-insufficient */
} PrinterJob;

void printer_job_clear (PrinterJob *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrinterJob, printer_job_clear)

typedef struct {
  PrinterCondition condition; /* the worst */
  gboolean idle;              /* printer-state idle */
  gboolean takes_pdf;         /* application/pdf in document-format-supported */
  gboolean has_color;
  gint64 up_s;   /* printer-up-time, seconds; 0 if it does not say */
  char *reasons; /* as the printer said them, at most 8, blank between; owned */
} PrinterStatus;

void printer_status_clear (PrinterStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrinterStatus, printer_status_clear)

typedef struct _Printer Printer;

/* `destination` is an ipp:// or ipps:// URI, or the name of a CUPS destination (looked up at the
 * CUPS server of the environment). Connects. INVALID for another scheme; NOT_FOUND for an unknown
 * destination; OFFLINE if nobody takes the connection. Owned. */
Printer *printer_open (const char *destination, GError **error);
void printer_free (Printer *printer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Printer, printer_free)

/* State and reasons (Get-Printer-Attributes). OFFLINE if the connection breaks, DEVICE if it
 * says nothing or nonsense. */
gboolean printer_status (Printer *printer, PrinterStatus *ret_status, GError **error);

/* A job without a document yet (Create-Job): nothing comes out before printer_send. `name` is the
 * unique name by which it is found again. INVALID if the printer refuses medium or copies, DEVICE,
 * OFFLINE. */
gboolean printer_create (Printer *printer, const char *name, const PrinterMedia *media, int copies,
                         int *ret_id, GError **error);

/* Sends the PDF as the job's only document (Send-Document). From the first byte on nobody knows
 * whether paper comes out until the job's state says so, also when this fails. */
gboolean printer_send (Printer *printer, int id, const void *pdf, gsize length, GError **error);

/* Where the job stands. NOT_FOUND if the printer does not know it, DEVICE, OFFLINE. */
gboolean printer_job (Printer *printer, int id, PrinterJob *ret_job, GError **error);

/* The newest job of that name among those not finished and those that the printer still remembers
 * (Get-Jobs). NOT_FOUND. */
gboolean printer_find (Printer *printer, const char *name, PrinterJob *ret_job, GError **error);

/* Cancel-Job. NOT_FOUND; CONFLICT if it is finished already. */
gboolean printer_cancel (Printer *printer, int id, GError **error);

typedef enum {
  PRINTER_OUTCOME_PENDING, /* not decided yet: ask again */
  PRINTER_OUTCOME_PRINTED, /* completed, the printer idle or at other work, no fault */
  PRINTER_OUTCOME_FAILED,  /* aborted or cancelled by the printer */
  PRINTER_OUTCOME_UNKNOWN, /* completed, but the printer has a fault: somebody must look */
} PrinterOutcome;

/* The verdict over a job and the printer's state read *after* it. Pure. */
PrinterOutcome printer_outcome (const PrinterJob *job, const PrinterStatus *status);
