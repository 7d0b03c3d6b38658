/* materials-page.h: the list of documents that the service asks for, and what is there of it. */
#pragma once

#include "kiosk/page.h"

#define MATERIALS_PAGE_TYPE (materials_page_get_type ())
G_DECLARE_FINAL_TYPE (MaterialsPage, materials_page, ONESTOP, MATERIALS_PAGE, Page)
