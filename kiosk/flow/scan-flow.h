/* scan-flow.h: what the materials page does: pages from the scanner and files from a stick into a
 * draft, seen, turned, taken out, scanned again.
 *
 * A ScanFlow works on one IntakeFlow, which holds the documents; it keeps none itself. Scans and
 * files go through the helpers (devices/scanner, document/document) beside the main loop, one piece
 * of work at a time, and come into the draft only when intake has accepted them. Everything is in
 * memory. Main thread only.
 *
 * A page that was scanned is a document of its own in its slot; so is a file, however many pages it
 * has. Places in a slot count from 0. */
#pragma once

#include "devices/scanner.h"
#include "devices/usb-stick.h"
#include "document/document.h"
#include "flow/intake-flow.h"

typedef struct _ScanFlow ScanFlow;

typedef enum {
  SCAN_FLOW_WAITING,  /* nothing is done; `fault` tells how the last work ended */
  SCAN_FLOW_SCANNING, /* the scanner reads: `percent` */
  SCAN_FLOW_READING,  /* a file comes from the stick */
  SCAN_FLOW_CHECKING  /* intake looks at it */
} ScanFlowState;

/* How things stand. Borrowed until the next change. */
typedef struct {
  ScanFlowState state;
  guint percent;    /* of a scan */
  const char *slot; /* where the work goes, or went; NULL before the first */
  guint index;      /* its place there; after success the document's */
  gboolean done;    /* the last work ended well (false while working) */
  /* NULL, or what hindered the last work, a stable word: a scanner's ("jammed", "cover-open",
   * "no-document", "gone", "busy", "denied", "stalled", "not-installed", "too-large", "failed"),
   * intake's ("not-supported-kind", "too-large", "too-many-pages", "too-many-pixels", "damaged",
   * "encrypted", "empty"), the stick's ("stick-gone", "unreadable"), the draft's ("full",
   * "not-for-this") or "cancelled". */
  const char *fault;
  const char *kind; /* with "not-supported-kind": what it is ("heic", "word"...), else NULL */
} ScanFlowStatus;

/* What a fault word means, as an English msgid for translate (): one sentence that says what
 * happened and what to do. Static. */
const char *scan_flow_peek_sentence (const char *fault);

/* Called after a change of the status or of the documents, from the main loop: the calls that begin
 * something do not call it themselves, those that say "Calls back" do. It may free the flow. */
typedef void (*ScanFlowFunc) (ScanFlow *flow, gpointer data);

/* `intake` is borrowed and must outlive the flow. The scanner and the stick are those of
 * app->config. INVALID if the scanner's name in the configuration is none. */
ScanFlow *scan_flow_new (App *app, IntakeFlow *intake, ScanFlowFunc func, gpointer data,
                         GError **error);

/* Stops what is going on; nothing is called any more. NULL is fine. */
void scan_flow_free (ScanFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScanFlow, scan_flow_free)

ScanFlowStatus scan_flow_status (const ScanFlow *flow);
gboolean scan_flow_is_busy (const ScanFlow *flow);

/* TRUE if this machine has a scanner; takes sticks; has one in it now. */
gboolean scan_flow_has_scanner (const ScanFlow *flow);
gboolean scan_flow_takes_sticks (const ScanFlow *flow);
gboolean scan_flow_has_stick (const ScanFlow *flow);

/* Begins to scan a page to the end of `slot`. FALSE with CONFLICT while something is going on. */
gboolean scan_flow_scan (ScanFlow *flow, const char *slot, GError **error);

/* Begins to scan a page in place of document `index`, which stays until the new one is accepted.
 * CONFLICT, NOT_FOUND. */
gboolean scan_flow_rescan (ScanFlow *flow, const char *slot, guint index, GError **error);

/* The files of the stick, as usb_stick_list. Owned. */
GPtrArray *scan_flow_list_stick (ScanFlow *flow, gboolean *ret_more, GError **error);

/* Begins to take `path` of the stick to the end of `slot`. CONFLICT. */
gboolean scan_flow_import (ScanFlow *flow, const char *slot, const UsbStickFile *file,
                           GError **error);

/* The same for bytes that are there (`onestop case submit`, tests): checks and adds, blocking.
 * INVALID with the reason word as message when intake refuses; FULL, NOT_FOUND from the draft;
 * BUG. */
gboolean scan_flow_add (IntakeFlow *intake, const char *slot, const char *name, GBytes *bytes,
                        guint *ret_index, GError **error);

/* Stops the work that is going on; the status then says "cancelled". */
void scan_flow_cancel (ScanFlow *flow);

/* Turns document `index` by `degrees` (90 or -90): a number, its bytes stay. Calls back. */
gboolean scan_flow_turn (ScanFlow *flow, const char *slot, guint index, int degrees,
                         GError **error);

/* Takes document `index` out. Calls back. CONFLICT while work goes into its slot. */
gboolean scan_flow_remove (ScanFlow *flow, const char *slot, guint index, GError **error);

/* Draws page `page` (from 0) of document `index` as it is turned, as large as fits. Any number may
 * be under way. NOT_FOUND, INVALID (cannot be shown), CANCELLED. */
void scan_flow_preview_async (ScanFlow *flow, const char *slot, guint index, guint page,
                              guint max_width, guint max_height, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
DocumentPixels *scan_flow_preview_finish (ScanFlow *flow, GAsyncResult *result, GError **error);
