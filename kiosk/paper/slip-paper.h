/* slip-paper.h: the result of an eligibility check on the 80 mm roll. It says what may be, never
 * what is: the centre decides. No name, no number, and no answer in clear. Chinese always, and
 * English beside it for who read the screens in English. */
#pragma once

#include <glib.h>

typedef struct {
  const char *zh, *en;
} SlipPaperText; /* both NULL: not there */

typedef struct {
  SlipPaperText name;
  gboolean to_recognise; /* people decide first */
} SlipPaperService;

typedef struct {
  const char *hall_name;
  SlipPaperText headline; /* 您可能符合 */
  SlipPaperText category, clause;
  const SlipPaperService *services; /* those that may concern the person */
  guint n_services;
  guint guide_version;
  const char *guide_day;   /* "2026-11-23": from when the guide holds */
  const char *day;         /* of the check */
  const char *good_until;  /* of the code; NULL without a code */
  const char *ticket_text; /* text of the QR code, or NULL: the answers do not fit into one */
  const char *device;
  gint64 at;
  gboolean english, training;
  int copy; /* 1: first print; n: reprint n - 1 */
} SlipPaper;

/* The largest code that is printed: version 13 at level M. */
#define SLIP_PAPER_QR_VERSION 13

/* The slip as PDF of 80 mm width and the length it needs. INVALID without headline, hall or day;
 * FULL if the QR text does not fit. */
GBytes *slip_paper_render (const SlipPaper *slip, GError **error);
