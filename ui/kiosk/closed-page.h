/* closed-page.h: out of hours or out of order; reading the guide goes on. */
#pragma once

#include "kiosk/page.h"

#define CLOSED_PAGE_TYPE (closed_page_get_type ())
G_DECLARE_FINAL_TYPE (ClosedPage, closed_page, ONESTOP, CLOSED_PAGE, Page)
