/* top-bar.h: mark, hall, clock, and the language button, which always shows the other language. */
#pragma once

#include <gtk/gtk.h>

#include "kiosk/kiosk.h"

#define TOP_BAR_TYPE (top_bar_get_type ())
G_DECLARE_FINAL_TYPE (TopBar, top_bar, ONESTOP, TOP_BAR, GtkWidget)

/* `on_language` (GtkButton *, gpointer) is called by the language button. Floating. */
GtkWidget *top_bar_new (Kiosk *kiosk, GCallback on_language, gpointer data);

/* Shows words and time again: after a change of language, and every tick. */
void top_bar_update (TopBar *bar, gint64 now);
