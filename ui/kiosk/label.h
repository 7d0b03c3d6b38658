/* label.h: text on the screen, wrapped, left aligned, in the shapes of simplified Chinese. */
#pragma once

#include <gtk/gtk.h>

/* `classes` is a list of CSS classes with blanks between ("k-lead k-muted"), or NULL. Floating. */
GtkWidget *label_new (const char *classes, const char *text);

/* The same with Pango markup; whatever comes from data must be escaped. */
GtkWidget *label_new_markup (const char *classes, const char *markup);

/* In the middle of its line. */
GtkWidget *label_new_centred (const char *classes, const char *text);

/* One line that is cut with an ellipsis rather than wrapped. */
GtkWidget *label_new_line (const char *classes, const char *text);

/* A short state that is never cut ("k-chip is-done"). */
GtkWidget *label_new_chip (const char *classes, const char *text);

/* Adds the classes in `classes` to any widget, and gives it back. */
GtkWidget *label_classes (GtkWidget *widget, const char *classes);

/* A GtkOverlay that has no name of its own (GTK would call it by its type). */
GtkWidget *label_new_overlay (void);

/* What stands beside the name of a control: its second line. */
void label_describe (GtkWidget *widget, const char *text);

/* Sets the accessible name of a widget whose own text does not say it. */
void label_name (GtkWidget *widget, const char *name);
