/* choose-page.h: the services that can be applied for at this machine. */
#pragma once

#include "kiosk/page.h"

#define CHOOSE_PAGE_TYPE (choose_page_get_type ())
G_DECLARE_FINAL_TYPE (ChoosePage, choose_page, ONESTOP, CHOOSE_PAGE, Page)
