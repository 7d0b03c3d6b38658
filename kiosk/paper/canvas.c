/* canvas.c: millimetres to cairo and pango. Opens no file: the PDF grows in memory that is wiped.
 */
#include "paper/canvas.h"

#include <math.h>
#include <string.h>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/clock.h"
#include "base/error.h"
#include "domain/person.h"
#include "paper/outline-font.h"

#define MOST_BYTES (512u * 1024 * 1024)

/* The PDF as it grows. Moving to a larger block wipes the smaller one. */
typedef struct {
  guint8 *data;
  gsize length, room;
} Output;

struct Canvas {
  cairo_surface_t *surface;
  cairo_t *cairo;
  PangoLayout *layout; /* used over and over */
  OutlineFont *fonts;
  Output output;
  gboolean measuring;
};

static double
points (double mm)
{
  return mm * CANVAS_POINT;
}

static cairo_status_t
on_write (void *closure, const unsigned char *data, unsigned int length)
{
  Output *output = closure;

  if (length > MOST_BYTES - output->length)
    return CAIRO_STATUS_WRITE_ERROR;
  if (output->length + length > output->room) {
    gsize room = MAX (output->room * 2, output->length + length + 65536);
    guint8 *larger = g_try_malloc (room);
    if (larger == NULL)
      return CAIRO_STATUS_NO_MEMORY;
    if (output->data != NULL) {
      memcpy (larger, output->data, output->length);
      explicit_bzero (output->data, output->length);
      g_free (output->data);
    }
    output->data = larger;
    output->room = room;
  }
  memcpy (output->data + output->length, data, length);
  output->length += length;
  return CAIRO_STATUS_SUCCESS;
}

/* Sizes are the same wherever the text is drawn: no hinting, 72 units an inch. */
static PangoLayout *
new_layout (cairo_t *cairo)
{
  PangoLayout *layout = pango_cairo_create_layout (cairo);
  PangoContext *context = pango_layout_get_context (layout);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_language (context, pango_language_from_string ("zh-cn"));
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_layout_context_changed (layout);
  cairo_font_options_destroy (options);
  return layout;
}

static Canvas *
new_on (cairo_surface_t *surface, Canvas *canvas)
{
  canvas->surface = surface;
  canvas->cairo = cairo_create (surface);
  canvas->layout = new_layout (canvas->cairo);
  canvas->fonts = outline_font_new ();
  return canvas;
}

Canvas *
canvas_new (double width, double height, const char *title, gint64 date_ms)
{
  Canvas *canvas = g_new0 (Canvas, 1);
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (on_write, &canvas->output,
                                                                  points (width), points (height));
  g_autofree char *date = clock_format (date_ms);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "OneStop");
  return new_on (surface, canvas);
}

Canvas *
canvas_new_measuring (double width)
{
  Canvas *canvas = g_new0 (Canvas, 1);

  canvas->measuring = TRUE;
  return new_on (cairo_pdf_surface_create (NULL, points (width), points (1000)), canvas);
}

void
canvas_free (Canvas *canvas)
{
  if (canvas == NULL)
    return;
  g_object_unref (canvas->layout);
  cairo_destroy (canvas->cairo);
  cairo_surface_finish (canvas->surface);
  cairo_surface_destroy (canvas->surface);
  outline_font_free (canvas->fonts);
  if (canvas->output.data != NULL)
    explicit_bzero (canvas->output.data, canvas->output.length);
  g_free (canvas->output.data);
  g_free (canvas);
}

gboolean
canvas_is_measuring (const Canvas *canvas)
{
  return canvas->measuring;
}

void
canvas_next_page (Canvas *canvas)
{
  cairo_show_page (canvas->cairo);
}

GBytes *
canvas_finish (Canvas *canvas, GError **error)
{
  cairo_status_t status = cairo_status (canvas->cairo);
  GBytes *bytes;

  cairo_surface_finish (canvas->surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (canvas->surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    gboolean full = status == CAIRO_STATUS_NO_MEMORY || status == CAIRO_STATUS_WRITE_ERROR;
    g_set_error (error, ONESTOP_ERROR, full ? ONESTOP_ERROR_FULL : ONESTOP_ERROR_BUG,
                 "the paper cannot be drawn: %s", cairo_status_to_string (status));
    return NULL;
  }
  bytes = person_bytes_take (canvas->output.data, canvas->output.length);
  canvas->output = (Output){0};
  return bytes;
}

static gboolean
has_han (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_get_script (g_utf8_get_char (text)) == G_UNICODE_SCRIPT_HAN)
      return TRUE;
  return FALSE;
}

/* Quotation marks of these fonts are as wide as a Han character: right in Chinese, a hole in a word
 * of Latin letters. */
static void
set_attributes (PangoLayout *layout, const CanvasText *style, const char *text)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  if (style->spacing != 0)
    pango_attr_list_insert (attributes, pango_attr_letter_spacing_new (
                                            (int)(points (style->spacing) * PANGO_SCALE)));
  if (!has_han (text))
    pango_attr_list_insert (attributes, pango_attr_font_features_new ("pwid=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

/* The canvas's one layout, set up for this text. */
static PangoLayout *
set_up (Canvas *canvas, const CanvasText *style, const char *text, double width)
{
  static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
  PangoLayout *layout = canvas->layout;
  PangoFontDescription *font = pango_font_description_new ();

  pango_font_description_set_family_static (font, style->font == CANVAS_SERIF ? "Noto Serif CJK SC"
                                                                              : "Noto Sans CJK SC");
  pango_font_description_set_weight (font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size (font, points (style->size) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  set_attributes (layout, style, text != NULL ? text : "");
  pango_layout_set_width (layout, width > 0 ? (int)(points (width) * PANGO_SCALE) : -1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, aligns[style->align]);
  pango_layout_set_line_spacing (layout, (float)(style->leading > 0 ? style->leading : 1.0));
  pango_layout_set_height (layout, style->max_lines > 0 ? -style->max_lines : -1);
  pango_layout_set_ellipsize (layout,
                              style->max_lines > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  pango_layout_set_text (layout, text != NULL ? text : "", -1);
  return layout;
}

double
canvas_measure (Canvas *canvas, const CanvasText *style, const char *text, double width,
                double *ret_width)
{
  PangoLayout *layout = set_up (canvas, style, text, width);
  PangoRectangle area;

  pango_layout_get_extents (layout, NULL, &area);
  if (ret_width != NULL)
    *ret_width = (double)area.width / PANGO_SCALE / CANVAS_POINT;
  return (double)area.height / PANGO_SCALE / CANVAS_POINT;
}

static void
set_grey (Canvas *canvas, double grey)
{
  cairo_set_source_rgb (canvas->cairo, grey, grey, grey);
}

double
canvas_text (Canvas *canvas, const CanvasText *style, const char *text, double x, double y,
             double width)
{
  double height = canvas_measure (canvas, style, text, width, NULL);

  if (!canvas->measuring && text != NULL && *text != '\0') {
    set_grey (canvas, style->grey);
    cairo_move_to (canvas->cairo, points (x), points (y));
    outline_font_show (canvas->fonts, canvas->cairo, canvas->layout);
  }
  return height;
}

double
canvas_text_fit (Canvas *canvas, const CanvasText *style, const char *text, double x, double y,
                 double width, double least)
{
  CanvasText fitted = *style;
  double needs = 0;

  fitted.max_lines = 0;
  canvas_measure (canvas, &fitted, text, 0, &needs);
  if (needs > width)
    fitted.size = MAX (least, fitted.size * width / needs * 0.995);
  fitted.max_lines = 1;
  return canvas_text (canvas, &fitted, text, x, y, width);
}

static void
stroke (Canvas *canvas, double line, double grey)
{
  set_grey (canvas, grey);
  cairo_set_line_width (canvas->cairo, points (line));
  cairo_stroke (canvas->cairo);
}

void
canvas_line (Canvas *canvas, double x1, double y1, double x2, double y2, double line, double grey)
{
  if (canvas->measuring)
    return;
  cairo_move_to (canvas->cairo, points (x1), points (y1));
  cairo_line_to (canvas->cairo, points (x2), points (y2));
  stroke (canvas, line, grey);
}

void
canvas_rule (Canvas *canvas, double x, double y, double width, double line)
{
  canvas_line (canvas, x, y, x + width, y, line, 0);
}

void
canvas_dashes (Canvas *canvas, double x, double y, double width, double line)
{
  const double dashes[] = {points (line * 2.5), points (line * 1.5)};

  if (canvas->measuring)
    return;
  cairo_save (canvas->cairo);
  cairo_set_dash (canvas->cairo, dashes, 2, 0);
  canvas_line (canvas, x, y, x + width, y, line, 0);
  cairo_restore (canvas->cairo);
}

void
canvas_box (Canvas *canvas, double x, double y, double width, double height, double line,
            double grey)
{
  if (canvas->measuring)
    return;
  cairo_rectangle (canvas->cairo, points (x), points (y), points (width), points (height));
  stroke (canvas, line, grey);
}

void
canvas_fill (Canvas *canvas, double x, double y, double width, double height, double grey)
{
  if (canvas->measuring)
    return;
  set_grey (canvas, grey);
  cairo_rectangle (canvas->cairo, points (x), points (y), points (width), points (height));
  cairo_fill (canvas->cairo);
}

void
canvas_circle (Canvas *canvas, double x, double y, double radius, double line, double grey,
               gboolean dashed)
{
  const double dashes[] = {points (line * 6), points (line * 4)};

  if (canvas->measuring)
    return;
  cairo_save (canvas->cairo);
  if (dashed)
    cairo_set_dash (canvas->cairo, dashes, 2, 0);
  cairo_new_sub_path (canvas->cairo);
  cairo_arc (canvas->cairo, points (x), points (y), points (radius), 0, 2 * G_PI);
  stroke (canvas, line, grey);
  cairo_restore (canvas->cairo);
}

/* On a grid on which the circle has radius 150 around 0, 0. */
void
canvas_mark (Canvas *canvas, double x, double y, double size)
{
  cairo_t *cr = canvas->cairo;
  double unit = points (size) / 313; /* radius 150 and half a line on each side */

  if (canvas->measuring)
    return;
  cairo_save (cr);
  cairo_translate (cr, points (x + size / 2), points (y + size / 2));
  cairo_scale (cr, unit, unit);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, 13);
  cairo_arc (cr, 0, 0, 150, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_move_to (cr, -103, -28); /* roof */
  cairo_curve_to (cr, -66, -32, -30, -55, 0, -84);
  cairo_curve_to (cr, 30, -55, 66, -32, 103, -28);
  cairo_move_to (cr, -112, 65); /* ground */
  cairo_line_to (cr, 112, 65);
  cairo_move_to (cr, -75, -28); /* pillars */
  cairo_line_to (cr, -75, 62);
  cairo_move_to (cr, 75, -28);
  cairo_line_to (cr, 75, 62);
  cairo_move_to (cr, 0, -29);
  cairo_line_to (cr, 0, 62);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 9);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  for (int row = 0; row < 2; row++) {
    cairo_move_to (cr, -46, row * 33);
    cairo_line_to (cr, 46, row * 33);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* One octagon of the given half width around x, y; corners cut at 45 degrees. */
static void
octagon (cairo_t *cr, double x, double y, double half)
{
  double cut = half * (2 - sqrt (2)); /* regular */

  cairo_move_to (cr, x - half + cut, y - half);
  cairo_line_to (cr, x + half - cut, y - half);
  cairo_line_to (cr, x + half, y - half + cut);
  cairo_line_to (cr, x + half, y + half - cut);
  cairo_line_to (cr, x + half - cut, y + half);
  cairo_line_to (cr, x - half + cut, y + half);
  cairo_line_to (cr, x - half, y + half - cut);
  cairo_line_to (cr, x - half, y - half + cut);
  cairo_close_path (cr);
}

void
canvas_moon (Canvas *canvas, double x, double y, double radius)
{
  cairo_t *cr = canvas->cairo;
  double r = points (radius), pitch = r * 0.29;

  if (canvas->measuring)
    return;
  cairo_save (cr);
  cairo_translate (cr, points (x), points (y));
  cairo_arc (cr, 0, 0, r * 0.915, 0, 2 * G_PI);
  cairo_clip (cr);
  cairo_set_source_rgb (cr, 0.82, 0.82, 0.82);
  cairo_set_line_width (cr, r * 0.009);
  for (int row = -4; row <= 4; row++) {
    for (int column = -4; column <= 4; column++) {
      octagon (cr, column * pitch, row * pitch, pitch * 0.5);
      octagon (cr, column * pitch, row * pitch, pitch * 0.36);
    }
  }
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_arc (cr, 0, 0, r * 0.535, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_restore (cr);
  canvas_circle (canvas, x, y, radius, radius * 0.014, 0.55, FALSE);
  canvas_circle (canvas, x, y, radius * 0.915, radius * 0.009, 0.55, FALSE);
  canvas_mark (canvas, x - radius * 0.465, y - radius * 0.465, radius * 0.93);
}

void
canvas_tick (Canvas *canvas, double x, double y, double size, gboolean ticked)
{
  double line = size * 0.1;

  canvas_box (canvas, x + line / 2, y + line / 2, size - line, size - line, line, 0);
  if (canvas->measuring || !ticked)
    return;
  cairo_move_to (canvas->cairo, points (x + size * 0.23), points (y + size * 0.5));
  cairo_line_to (canvas->cairo, points (x + size * 0.43), points (y + size * 0.72));
  cairo_line_to (canvas->cairo, points (x + size * 0.79), points (y + size * 0.28));
  stroke (canvas, size * 0.13, 0);
}

cairo_t *
canvas_peek_cairo (Canvas *canvas)
{
  return canvas->measuring ? NULL : canvas->cairo;
}
