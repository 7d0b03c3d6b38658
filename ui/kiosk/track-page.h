/* track-page.h: screen 14: how a case stands, as far as this machine has heard. No name. */
#pragma once

#include "kiosk/page.h"

#define TRACK_PAGE_TYPE (track_page_get_type ())
G_DECLARE_FINAL_TYPE (TrackPage, track_page, ONESTOP, TRACK_PAGE, Page)
