/* form-page.h: a service's form, one section a screen, with the keyboard. */
#pragma once

#include "kiosk/page.h"

#define FORM_PAGE_TYPE (form_page_get_type ())
G_DECLARE_FINAL_TYPE (FormPage, form_page, ONESTOP, FORM_PAGE, Page)
