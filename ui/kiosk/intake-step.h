/* intake-step.h: what the pages of an application have in common: its flow, and the line that says
 * where one stands. */
#pragma once

#include "flow/intake-flow.h"
#include "kiosk/page.h"

/* The session's application. One is begun for the session's service if there is none; if it cannot
 * be begun (disk full, no valid keys, not enrolled) the page says what happened and what to do, and
 * NULL is returned. Borrowed from the session. */
IntakeFlow *intake_step_begin (Page *page);

/* Puts "service · step n of 4: word" and its bar at the top of the body. */
void intake_step_line (Page *page, int step);

/* A white card in `box` with a title and, if `edit` is not 0, a button that feeds that event.
 * Returns the box inside for content. */
GtkWidget *intake_step_card (Page *page, GtkWidget *box, const char *title, SessionEvent edit);

/* What happened, in a sentence for the visitor, by the code of `error`. Static. */
const char *intake_step_sentence (Page *page, const GError *error);
