/* submitted-page.h: the application is stored: number, QR, how the receipt's paper is doing, what
 * comes next. */
#pragma once

#include "kiosk/page.h"

#define SUBMITTED_PAGE_TYPE (submitted_page_get_type ())
G_DECLARE_FINAL_TYPE (SubmittedPage, submitted_page, ONESTOP, SUBMITTED_PAGE, Page)
