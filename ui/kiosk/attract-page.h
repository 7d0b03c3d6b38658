/* attract-page.h: screen 18: nobody is there; the whole screen is one button. */
#pragma once

#include "kiosk/page.h"

#define ATTRACT_PAGE_TYPE (attract_page_get_type ())
G_DECLARE_FINAL_TYPE (AttractPage, attract_page, ONESTOP, ATTRACT_PAGE, Page)
