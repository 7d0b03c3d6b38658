/* scan-page.h: one material's pages: seen large, turned, scanned again, taken out, more added. */
#pragma once

#include "kiosk/page.h"

#define SCAN_PAGE_TYPE (scan_page_get_type ())
G_DECLARE_FINAL_TYPE (ScanPage, scan_page, ONESTOP, SCAN_PAGE, Page)
