/* code-page.h: screen 13: hold a code to the reader. */
#pragma once

#include "kiosk/page.h"

#define CODE_PAGE_TYPE (code_page_get_type ())
G_DECLARE_FINAL_TYPE (CodePage, code_page, ONESTOP, CODE_PAGE, Page)
