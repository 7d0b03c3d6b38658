/* outline-font.h: text on PDF as outlines that can still be selected and searched.
 *
 * cairo 1.16 subsets CFF fonts wrongly when glyphs share subroutines with hints, as those of Noto
 * CJK do: now and then a character is missing on paper, or the whole font is embedded. So each
 * glyph is drawn once as a path into a font of the PDF's own (Type 3), with its Unicode text. */
#pragma once

#include <pango/pangocairo.h>

typedef struct OutlineFont OutlineFont; /* the fonts of one PDF */

OutlineFont *outline_font_new (void);
void outline_font_free (OutlineFont *fonts);

/* Draws `layout` (left to right scripts) at the current point of `cr` in its source; leaves no
 * path. */
void outline_font_show (OutlineFont *fonts, cairo_t *cr, PangoLayout *layout);
