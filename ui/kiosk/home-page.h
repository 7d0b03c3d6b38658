/* home-page.h: screen 01: six tiles, the queue, the way to a person. */
#pragma once

#include "kiosk/page.h"

#define HOME_PAGE_TYPE (home_page_get_type ())
G_DECLARE_FINAL_TYPE (HomePage, home_page, ONESTOP, HOME_PAGE, Page)
