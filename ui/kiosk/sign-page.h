/* sign-page.h: the notice, the consents and the signature; then the application is handed in. */
#pragma once

#include "kiosk/page.h"

#define SIGN_PAGE_TYPE (sign_page_get_type ())
G_DECLARE_FINAL_TYPE (SignPage, sign_page, ONESTOP, SIGN_PAGE, Page)
