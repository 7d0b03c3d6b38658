/* rail.h: one step of a timeline: a mark on a rail, words, and a day at the right. */
#pragma once

#include <gtk/gtk.h>

typedef enum { RAIL_DONE, RAIL_NOW, RAIL_TODO } RailMark;

#define RAIL_TYPE (rail_get_type ())
G_DECLARE_FINAL_TYPE (Rail, rail, ONESTOP, RAIL, GtkWidget)

/* `goes_on` draws the rail down to the next one. `second` and `when` may be NULL. Floating. */
GtkWidget *rail_new (RailMark mark, gboolean goes_on, const char *title, const char *second,
                     const char *when);
