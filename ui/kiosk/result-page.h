/* result-page.h: screen 03: what the check found: possibilities, never a decision. */
#pragma once

#include "kiosk/page.h"

#define RESULT_PAGE_TYPE (result_page_get_type ())
G_DECLARE_FINAL_TYPE (ResultPage, result_page, ONESTOP, RESULT_PAGE, Page)
