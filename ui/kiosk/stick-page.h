/* stick-page.h: the files of the USB stick, one tap to take one. */
#pragma once

#include "kiosk/page.h"

#define STICK_PAGE_TYPE (stick_page_get_type ())
G_DECLARE_FINAL_TYPE (StickPage, stick_page, ONESTOP, STICK_PAGE, Page)
