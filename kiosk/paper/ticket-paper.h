/* ticket-paper.h: the queue ticket on an 80 mm roll. */
#pragma once

#include <glib.h>

typedef struct {
  const char *number; /* "A012" */
  const char *hall_name;
  const char *service_zh; /* or NULL: the service it was drawn for */
  const char *service_en;
  const char *windows_zh;  /* "1、2 号窗", or NULL */
  const char *windows_en;  /* "Windows 1, 2", or NULL */
  int waiting;             /* people before; -1: not known, not printed */
  int minutes;             /* estimated wait; -1: not known, not printed */
  const char *device;      /* id */
  gint64 at;               /* drawn, ms UTC */
  const char *ticket_text; /* text of the QR code */
  gboolean training;
  int copy; /* 1: first print; n: reprint n - 1 */
} TicketPaper;

/* The ticket as PDF of 80 mm width and the length it needs. INVALID for a number that is none; FULL
 * if the QR text does not fit. */
GBytes *ticket_paper_render (const TicketPaper *ticket, GError **error);
