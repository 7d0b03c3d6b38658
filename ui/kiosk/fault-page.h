/* fault-page.h: screen 17a: the paper did not come out: what happened, what is safe, what to do. */
#pragma once

#include "kiosk/page.h"

#define FAULT_PAGE_TYPE (fault_page_get_type ())
G_DECLARE_FINAL_TYPE (FaultPage, fault_page, ONESTOP, FAULT_PAGE, Page)
