/* ticket-printed-page.h: screen 12b: the number drawn, its QR, and what the paper does. */
#pragma once

#include "kiosk/page.h"

#define TICKET_PRINTED_PAGE_TYPE (ticket_printed_page_get_type ())
G_DECLARE_FINAL_TYPE (TicketPrintedPage, ticket_printed_page, ONESTOP, TICKET_PRINTED_PAGE, Page)
