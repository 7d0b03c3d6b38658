/* scanner.h: the document scanner, through its helper onestop-scan.
 *
 * A device is named by `[scanner] device`:
 *   sane:NAME[;OPTION=VALUE]...  a SANE device ("sane:pnm:0;filename=/srv/page.ppm",
 *                                "sane:airscan:e0:Office;source=ADF"); options are the backend's
 *                                own names, set before ours (colour, 300 dpi, whole page)
 *   folder:DIR                   a stand-in: the JPEG, PNG and PPM pictures of DIR, sorted by name,
 *                                one a scan, each once and then around
 *   none                         no scanner
 * `v4l2:` is named by the contract and not built: it is INVALID.
 *
 * A page comes as JPEG, quality 85, 300 dpi (or the nearest that the device has) noted in it; the
 * bytes live in a region (base/region.h) and touch no disk. A scanner that says nothing for
 * SCANNER_STALL_MS is given up and its helper killed. */
#pragma once

#include <gio/gio.h>
#include <jansson.h>

#define SCANNER_STALL_MS 15000
#define SCANNER_LIMIT_MS 120000
#define SCANNER_MAX_PAGE (20u * 1024 * 1024)

/* What went wrong, as a person can act on it. */
typedef enum {
  SCANNER_FAULT_NONE,
  SCANNER_FAULT_NOT_INSTALLED, /* "not-installed": device=none */
  SCANNER_FAULT_JAMMED,        /* "jammed" */
  SCANNER_FAULT_COVER_OPEN,    /* "cover-open" */
  SCANNER_FAULT_NO_DOCUMENT,   /* "no-document": the feeder or the folder is empty */
  SCANNER_FAULT_BUSY,          /* "busy": somebody else scans */
  SCANNER_FAULT_DENIED,        /* "denied": no right to open it */
  SCANNER_FAULT_GONE,          /* "gone": unplugged, switched off, not found */
  SCANNER_FAULT_STALLED,       /* "stalled": no answer in time */
  SCANNER_FAULT_TOO_LARGE,     /* "too-large": the page is more than a page may be */
  SCANNER_FAULT_FAILED,        /* "failed": anything else */
  SCANNER_N_FAULTS
} ScannerFault;

/* The stable word of a fault ("jammed"), for screens, --json and logs. Static. */
const char *scanner_fault_word (ScannerFault fault);

typedef struct {
  char *name;   /* as `[scanner] device` takes it: "sane:test:0" */
  char *vendor; /* may be empty */
  char *model;
} ScannerDevice;

void scanner_device_free (ScannerDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScannerDevice, scanner_device_free)

typedef struct {
  GBytes *jpeg;
  guint width, height; /* pixels */
  guint dpi;
  char *name; /* folder: the file's name; otherwise NULL */
} ScannerPage;

void scanner_page_free (ScannerPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScannerPage, scanner_page_free)

typedef struct _Scanner Scanner;

/* The scanner `device`. NULL with INVALID if the text has none of the forms above; a device that is
 * not there is found out by scanning. */
Scanner *scanner_new (const char *device, GError **error);
void scanner_free (Scanner *scanner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scanner, scanner_free)

/* TRUE unless the device is `none`. */
gboolean scanner_is_installed (const Scanner *scanner);

/* Tells how much of the page is read, 0 to 100, never less than before. */
typedef void (*ScannerProgress) (guint percent, gpointer data);

/* Scans one page, blocking (for the command line). DEVICE with `ret_fault` (may be NULL) set,
 * CANCELLED, or BUG. `ret_fault` is set on failure too: SCANNER_FAULT_NONE with CANCELLED. */
ScannerPage *scanner_scan (Scanner *scanner, ScannerProgress progress, gpointer progress_data,
                           GCancellable *cancellable, ScannerFault *ret_fault, GError **error);

/* The same beside the main loop: `progress` and `callback` are called in the caller's context,
 * `progress` never after `callback`. One scan of a scanner at a time: a second one is CONFLICT with
 * SCANNER_FAULT_BUSY. The scanner may be freed meanwhile; cancel first. */
void scanner_scan_async (Scanner *scanner, ScannerProgress progress, gpointer progress_data,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
ScannerPage *scanner_scan_finish (Scanner *scanner, GAsyncResult *result, ScannerFault *ret_fault,
                                  GError **error);

/* All SANE devices that this machine sees, blocking (some backends ask the network for seconds).
 * Elements ScannerDevice; owned. DEVICE, CANCELLED. */
GPtrArray *scanner_list (GCancellable *cancellable, GError **error);

/* Whether the device answers: the SANE device opens, the folder has a page. TRUE, or FALSE with
 * DEVICE and `ret_fault`. Blocking; for doctor. */
gboolean scanner_probe (Scanner *scanner, GCancellable *cancellable, ScannerFault *ret_fault,
                        GError **error);
