/* scan-page.h: raw pixels of a scanned page, and its JPEG. Inside onestop-scan only. */
#pragma once

#include <glib.h>

#include "base/region.h"
#include "devices/scanner.h"

/* Most pixels that a page may have: A3 at 300 dpi is 17 million. */
#define SCAN_PAGE_MAX_PIXELS 40000000u

typedef struct {
  Region *pixels; /* rows from the top without gaps, 8 bits a channel */
  guint width, height;
  guint channels; /* 1 grey, 3 R G B */
  guint dpi;
  char *name; /* the picture's file name (folder only) */
} ScanPage;

void scan_page_clear (ScanPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScanPage, scan_page_clear)

/* What a source of pages calls while it reads, 0 to 100. */
typedef void (*ScanPageProgress) (guint percent);

/* Baseline JPEG of quality 85 without chroma subsampling (seals are red), density noted. Owned;
 * NULL with FULL when there is no room. */
GBytes *scan_page_encode (const ScanPage *page, GError **error);

/* The page of the SANE device `name` with `;OPTION=VALUE` parts, in colour at about `dpi`.
 * SCANNER_FAULT_NONE and `ret_page` filled, or the fault with `ret_message` in English. */
ScannerFault scan_page_from_sane (const char *name, guint dpi, ScanPageProgress progress,
                                  ScanPage *ret_page, char **ret_message);

/* Ends the page and closes the device, if one is open. May never come back: set an alarm. */
void scan_page_park_sane (void);

/* Opens the device; park it. */
ScannerFault scan_page_probe_sane (const char *name, char **ret_message);

/* Calls `found` for each SANE device. */
typedef void (*ScanPageFound) (const char *name, const char *vendor, const char *model);
ScannerFault scan_page_list_sane (ScanPageFound found, char **ret_message);

/* Asks the SANE device that is being read to stop; may be called from a signal handler. FALSE if
 * none is. */
gboolean scan_page_stop_sane (void);

/* The picture after `after` (NULL or "": the first) in `folder`, by name, and around. On a fault
 * `ret_page` may still hold the name of a picture that could not be read. */
ScannerFault scan_page_from_folder (const char *folder, const char *after, guint dpi,
                                    ScanPage *ret_page, char **ret_message);
