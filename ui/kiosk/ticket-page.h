/* ticket-page.h: screen 12a: choose a window family and draw a number. */
#pragma once

#include "kiosk/page.h"

#define TICKET_PAGE_TYPE (ticket_page_get_type ())
G_DECLARE_FINAL_TYPE (TicketPage, ticket_page, ONESTOP, TICKET_PAGE, Page)
