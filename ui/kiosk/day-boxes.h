/* day-boxes.h: a limit as boxes, one a working day, gone ones checked. */
#pragma once

#include <gtk/gtk.h>

#include "domain/calendar.h"

#define DAY_BOXES_MAX 20

/* The `n` (at most DAY_BOXES_MAX) working days up to and including `due`, as seen on `today`. A
 * picture of words that stand beside it: it has no accessible name. Floating. */
GtkWidget *day_boxes_new (const Calendar *calendar, int due, int n, int today);
