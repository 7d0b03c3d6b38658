/* canvas.h: a sheet measured in millimetres, on cairo and pango, that ends as PDF in memory.
 *
 * The origin is the top left corner, y grows downwards. All text is set with Noto CJK and the
 * language zh-cn, so that the Chinese forms of characters are chosen. The same calls give the same
 * bytes: the PDF's date is the caller's. Nothing is ever written to a file.
 *
 * A measuring canvas draws nowhere but answers the same heights: a roll is laid out twice, first to
 * learn its length. */
#pragma once

#include <cairo.h>
#include <glib.h>

typedef struct Canvas Canvas;

typedef enum { CANVAS_SANS, CANVAS_SERIF } CanvasFont;
typedef enum { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT } CanvasAlign;

/* How a text is set. `size` is the em in mm. Zero-initialised members mean: sans, regular, left,
 * black, line height 1.0 of the font's, no letter spacing, wrapped over as many lines as needed. */
typedef struct {
  CanvasFont font;
  gboolean bold;
  double size;
  CanvasAlign align;
  double grey;    /* 0 black to 1 white */
  double leading; /* factor of the natural line height; 0 is 1.0 */
  double spacing; /* mm between letters */
  int max_lines;  /* 0: any; more is cut with an ellipsis */
} CanvasText;

/* A PDF of pages of `width` x `height` mm. `date_ms` becomes its creation date, `title` its title
 * (no personal data). Never NULL. */
Canvas *canvas_new (double width, double height, const char *title, gint64 date_ms);

/* A canvas that only measures. */
Canvas *canvas_new_measuring (double width);

void canvas_free (Canvas *canvas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Canvas, canvas_free)

gboolean canvas_is_measuring (const Canvas *canvas);

/* Ends the page; the next call draws on a new one. */
void canvas_next_page (Canvas *canvas);

/* Ends the last page and gives the whole PDF. The canvas draws nothing more. FULL when cairo ran
 * out of memory, BUG for any other of its complaints. The bytes are wiped when the last user lets
 * go. */
GBytes *canvas_finish (Canvas *canvas, GError **error);

/* Draws `text` in the column from x, `width` wide, its top at y. Returns its height in mm. */
double canvas_text (Canvas *canvas, const CanvasText *style, const char *text, double x, double y,
                    double width);

/* The same without drawing; `ret_width` (may be NULL) is the width of the longest line. */
double canvas_measure (Canvas *canvas, const CanvasText *style, const char *text, double width,
                       double *ret_width);

/* Draws one line of text whose size shrinks, from the style's down to `least` mm, until it fits
 * into `width`. Returns its height. */
double canvas_text_fit (Canvas *canvas, const CanvasText *style, const char *text, double x,
                        double y, double width, double least);

/* Shapes. Strokes lie centred on the line; `line` is its width in mm. */
void canvas_rule (Canvas *canvas, double x, double y, double width, double line);
void canvas_dashes (Canvas *canvas, double x, double y, double width, double line);
void canvas_line (Canvas *canvas, double x1, double y1, double x2, double y2, double line,
                  double grey);
void canvas_box (Canvas *canvas, double x, double y, double width, double height, double line,
                 double grey);
void canvas_fill (Canvas *canvas, double x, double y, double width, double height, double grey);
void canvas_circle (Canvas *canvas, double x, double y, double radius, double line, double grey,
                    gboolean dashed);

/* The mark of the service (a gate in a circle) of diameter `size`, its box's top left at x, y. */
void canvas_mark (Canvas *canvas, double x, double y, double size);

/* The moon gate with its lattice, for covers; centre and outer radius. */
void canvas_moon (Canvas *canvas, double x, double y, double radius);

/* A box with a tick, or an empty one. */
void canvas_tick (Canvas *canvas, double x, double y, double size, gboolean ticked);

/* The cairo context for what has no call here, in points (CANVAS_POINT a mm) from the top left
 * corner; NULL on a measuring canvas. Leave it as it was found. Borrowed. */
#define CANVAS_POINT (72.0 / 25.4)
cairo_t *canvas_peek_cairo (Canvas *canvas);
