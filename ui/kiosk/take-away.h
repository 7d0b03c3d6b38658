/* take-away.h: what a visitor carries off: sheets of paper out of the printer, without the spool,
 * and the guide on the phone. */
#pragma once

#include "domain/guide.h"
#include "kiosk/page.h"

/* A line with "Print" and "On my phone" for `service`. Floating. */
GtkWidget *take_away_new (Page *page, const GuideService *service);

/* What its two buttons show: sheets over the page of the session's service. */
void take_away_show_print (Page *page);
void take_away_show_phone (Page *page);

/* FALSE where this machine surely has no such printer (flow/print-flow's names): nothing that needs
 * it is offered. */
gboolean take_away_has_printer (Page *page, const char *device);

/* Prints `take_pdf` over the print socket and says in a sheet over the page how it goes. Closing
 * the sheet, or the end of the session, gives up what has not been sent. NULL for `take_pdf` says
 * that the paper could not be made. `media` as print-client.h has it; NULL: the roll, as long as
 * the page. */
void take_away_print (Page *page, GBytes *take_pdf, const char *media);
