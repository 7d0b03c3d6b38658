/* glyph.h: pictograms: our own, stroked from assets/icons/glyphs.json, and Adwaita's symbolic ones.
 *
 * Ours stand on a 48 grid with 3 px round strokes, as lists of M, L, C and Z, and take the colour
 * of the style (GTK 4.8 recolours only fills of symbolic SVG). A picture never speaks alone: it has
 * no accessible name, the words beside it have. */
#pragma once

#include <gtk/gtk.h>

#define GLYPH_TYPE (glyph_get_type ())
G_DECLARE_FINAL_TYPE (Glyph, glyph, ONESTOP, GLYPH, GtkWidget)

/* `name` is one of glyphs.json ("elig", "ticket"...), else an Adwaita name without "-symbolic"
 * ("go-next"). `size` is its side in px. Floating. */
GtkWidget *glyph_new (const char *name, int size);

/* A glyph in the middle of a moon (a circle of `size` px, classes `.k-moon` and `extra` or NULL).
 */
GtkWidget *glyph_new_in_moon (const char *name, int glyph_size, int size, const char *extra);

/* Draws `name` into the square of `size` at the origin of `cr`, in the colour set there. FALSE if
 * there is no such glyph. */
gboolean glyph_draw (cairo_t *cr, const char *name, double size);
