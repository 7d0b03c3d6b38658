/* idle-page.h: screen 16: are you still there? Opaque; nothing of the page under it shows. */
#pragma once

#include "kiosk/page.h"

#define IDLE_PAGE_TYPE (idle_page_get_type ())
G_DECLARE_FINAL_TYPE (IdlePage, idle_page, ONESTOP, IDLE_PAGE, Page)
