/* place-page.h: how far a scanned queue ticket is. */
#pragma once

#include "kiosk/page.h"

#define PLACE_PAGE_TYPE (place_page_get_type ())
G_DECLARE_FINAL_TYPE (PlacePage, place_page, ONESTOP, PLACE_PAGE, Page)
