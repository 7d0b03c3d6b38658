/* strokes.h: a signature's strokes, read from the small SVG in which they are kept.
 *
 * Takes of SVG what strokes need: <path d="..."> with M L H V Q C Z in both cases and <polyline
 * points="...">, under the root's viewBox (or width and height). All else is skipped; nothing in it
 * is loaded or run. */
#pragma once

#include <glib.h>

#include "paper/canvas.h"

#define STROKES_MAX_POINTS 200000

typedef struct Strokes Strokes;

/* INVALID if it is no such SVG, has no size or no stroke; FULL over STROKES_MAX_POINTS. */
Strokes *strokes_new (GBytes *svg, GError **error);
void strokes_free (Strokes *strokes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Strokes, strokes_free)

/* Draws them as large as fits into the box, in its middle. */
void strokes_draw (const Strokes *strokes, Canvas *canvas, double x, double y, double width,
                   double height);
