/* review-page.h: everything once more before it is signed; what is changed from here comes back
 * here. */
#pragma once

#include "kiosk/page.h"

#define REVIEW_PAGE_TYPE (review_page_get_type ())
G_DECLARE_FINAL_TYPE (ReviewPage, review_page, ONESTOP, REVIEW_PAGE, Page)
