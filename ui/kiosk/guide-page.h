/* guide-page.h: screen 05: one service: limits, steps, papers, people, basis. */
#pragma once

#include "kiosk/page.h"

#define GUIDE_PAGE_TYPE (guide_page_get_type ())
G_DECLARE_FINAL_TYPE (GuidePage, guide_page, ONESTOP, GUIDE_PAGE, Page)
