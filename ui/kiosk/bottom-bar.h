/* bottom-bar.h: help at the left, device hints, end and clear at the right while in a session. */
#pragma once

#include <gtk/gtk.h>

#include "kiosk/kiosk.h"

#define BOTTOM_BAR_TYPE (bottom_bar_get_type ())
G_DECLARE_FINAL_TYPE (BottomBar, bottom_bar, ONESTOP, BOTTOM_BAR, GtkWidget)

/* The callbacks are (GtkButton *, gpointer). Floating. */
GtkWidget *bottom_bar_new (Kiosk *kiosk, GCallback on_help, GCallback on_end, gpointer data);

typedef enum { BOTTOM_BAR_FINE, BOTTOM_BAR_NOTICE, BOTTOM_BAR_ERROR } BottomBarState;

/* The hint of `device`: pictogram, words (a msgid) and state, all static; a NULL `text` takes it
 * away. In a session the bar is narrow: a fine device is its picture and a check, and all give way
 * to the worst trouble. */
void bottom_bar_set_device (BottomBar *bar, const char *device, const char *icon, const char *text,
                            BottomBarState state);

/* Words and the end button again. */
void bottom_bar_update (BottomBar *bar);
