/* button.h: whatever can be pressed. A GtkButton acts on release inside itself, so that a finger
 * that slid off changes nothing; every button has an accessible name. */
#pragma once

#include <gtk/gtk.h>

/* A button with words, and a pictogram (glyph.h) before them and after them; each may be NULL.
 * `classes` e.g. "k-btn k-primary". `clicked` (GtkButton *, gpointer) may be NULL. Floating. */
GtkWidget *button_new (const char *classes, const char *label, const char *before,
                       const char *after, GCallback clicked, gpointer data);

/* A button around any content (tile, row), named `name` for who cannot see it. Takes `content`. */
GtkWidget *button_new_around (const char *classes, GtkWidget *content, const char *name,
                              GCallback clicked, gpointer data);

/* A full-width row of a list: title, a second line, a widget at the right (each but the title may
 * be NULL; `right` floating) and an arrow. `lead` (floating or NULL) stands at the left. */
GtkWidget *button_new_row (GtkWidget *lead, const char *title, const char *second, GtkWidget *right,
                           GCallback clicked, gpointer data);

/* An option: a radio button (in the group of `group`, or the first: NULL) or, with `many`, a check
 * box. `second` may be NULL. Returns a GtkCheckButton: listen to "toggled". */
GtkWidget *button_new_option (GtkWidget *group, gboolean many, const char *title,
                              const char *second, gboolean active);

/* Changes the words of a button made by button_new. */
void button_set_label (GtkWidget *button, const char *label);

/* Lets its words take a second line rather than push the neighbours off the screen. */
void button_wrap_label (GtkWidget *button);
