/* motif.h: the ornaments of the wall: eave, moon gate, octagon lattice, and our mark.
 *
 * Drawn with Cairo in the named colours of the style sheet; without a name for who cannot see them;
 * never in the way of a finger. The lattice stands only inside a moon gate or behind the privacy
 * screen. */
#pragma once

#include <gtk/gtk.h>

typedef enum {
  MOTIF_EAVE,    /* 16 px high, scallops of 60 px, in the colour of the top bar */
  MOTIF_MARK,    /* a house in a circle, white, 68 px */
  MOTIF_MOON,    /* a moon gate with the lattice in it, cut by the upper and the right edge */
  MOTIF_LATTICE, /* the lattice over the whole widget */
} MotifKind;

#define MOTIF_TYPE (motif_get_type ())
G_DECLARE_FINAL_TYPE (Motif, motif, ONESTOP, MOTIF, GtkWidget)

/* `width` and `height` are the least size in px; 0 takes what is given. Floating. */
GtkWidget *motif_new (MotifKind kind, int width, int height);

/* `content` with `back` (a motif, a scene) behind it, both over the same place. Unlike a GtkOverlay
 * it measures wrapped text for the width it gets. Takes both. */
GtkWidget *motif_behind (GtkWidget *back, GtkWidget *content);

/* The mark at the origin of `cr`, `size` px, in the colour set there. */
void motif_draw_mark (cairo_t *cr, double size);

/* The colour `name` ("k_acc") of the style sheet, as `widget` sees it. */
GdkRGBA motif_colour (GtkWidget *widget, const char *name);
