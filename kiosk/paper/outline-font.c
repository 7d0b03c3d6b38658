/* outline-font.c: from pango's glyphs to a user font of cairo. Lays nothing out. */
#include "paper/outline-font.h"

#include <string.h>

/* Outlines are taken at this size: FreeType rounds to a 64th of a unit. */
#define DESIGN 1024.0

struct OutlineFont {
  GHashTable *faces; /* cairo_font_face_t of the font -> cairo_font_face_t that draws it */
};

static const cairo_user_data_key_t drawn_key;

/* A context that has the font at DESIGN size; nobody draws on it. */
static cairo_t *
design_context (cairo_font_face_t *face)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_font_options_t *options = cairo_font_options_create ();
  cairo_t *cr = cairo_create (surface);

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_face (cr, face);
  cairo_set_font_size (cr, DESIGN);
  cairo_set_font_options (cr, options);
  cairo_font_options_destroy (options);
  cairo_surface_destroy (surface);
  return cr;
}

static cairo_status_t
on_render_glyph (cairo_scaled_font_t *font, unsigned long glyph, cairo_t *cr,
                 cairo_text_extents_t *extents)
{
  cairo_font_face_t *drawn =
      cairo_font_face_get_user_data (cairo_scaled_font_get_font_face (font), &drawn_key);
  cairo_t *design = design_context (drawn);
  const cairo_glyph_t one = {glyph, 0, 0};
  cairo_text_extents_t size;
  cairo_path_t *path;

  cairo_glyph_extents (design, &one, 1, &size);
  extents->x_advance = size.x_advance / DESIGN;
  extents->y_advance = 0;
  cairo_glyph_path (design, &one, 1);
  path = cairo_copy_path (design);
  cairo_scale (cr, 1 / DESIGN, 1 / DESIGN);
  cairo_append_path (cr, path);
  cairo_fill (cr);
  cairo_path_destroy (path);
  cairo_destroy (design);
  return CAIRO_STATUS_SUCCESS;
}

OutlineFont *
outline_font_new (void)
{
  OutlineFont *fonts = g_new0 (OutlineFont, 1);

  fonts->faces = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)cairo_font_face_destroy);
  return fonts;
}

void
outline_font_free (OutlineFont *fonts)
{
  g_hash_table_unref (fonts->faces);
  g_free (fonts);
}

static cairo_font_face_t *
face_that_draws (OutlineFont *fonts, cairo_font_face_t *drawn)
{
  cairo_font_face_t *face = g_hash_table_lookup (fonts->faces, drawn);

  if (face == NULL) {
    face = cairo_user_font_face_create ();
    cairo_user_font_face_set_render_glyph_func (face, on_render_glyph);
    cairo_font_face_set_user_data (face, &drawn_key, cairo_font_face_reference (drawn),
                                   (cairo_destroy_func_t)cairo_font_face_destroy);
    g_hash_table_insert (fonts->faces, drawn, face);
  }
  return face;
}

/* A font has no glyph for a character: an empty box stands for it, as wide as it was laid out. */
static void
show_missing (cairo_t *cr, double x, double y, double width)
{
  cairo_rectangle (cr, x + width * 0.1, y - width * 0.7, width * 0.8, width * 0.8);
  cairo_set_line_width (cr, width * 0.05);
  cairo_stroke (cr);
}

/* One run of one font: its glyphs with their text, cluster by cluster. */
static void
show_run (OutlineFont *fonts, cairo_t *cr, PangoGlyphItem *run, const char *text, double x,
          double y)
{
  PangoGlyphItemIter iter;
  cairo_scaled_font_t *scaled =
      pango_cairo_font_get_scaled_font (PANGO_CAIRO_FONT (run->item->analysis.font));
  g_autoptr (GArray) glyphs = g_array_new (FALSE, TRUE, sizeof (cairo_glyph_t));
  g_autoptr (GArray) clusters = g_array_new (FALSE, TRUE, sizeof (cairo_text_cluster_t));
  const char *from = text + run->item->offset;
  cairo_matrix_t matrix;
  gboolean more;

  for (more = pango_glyph_item_iter_init_start (&iter, run, text); more;
       more = pango_glyph_item_iter_next_cluster (&iter)) {
    cairo_text_cluster_t cluster = {iter.end_index - iter.start_index, 0};
    for (int i = iter.start_glyph; i < iter.end_glyph; i++) {
      const PangoGlyphInfo *info = &run->glyphs->glyphs[i];
      double width = (double)info->geometry.width / PANGO_SCALE;
      cairo_glyph_t glyph = {info->glyph, x + (double)info->geometry.x_offset / PANGO_SCALE,
                             y + (double)info->geometry.y_offset / PANGO_SCALE};
      if (info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) {
        show_missing (cr, glyph.x, glyph.y, width);
      } else if (info->glyph != PANGO_GLYPH_EMPTY) {
        g_array_append_val (glyphs, glyph);
        cluster.num_glyphs++;
      }
      x += width;
    }
    g_array_append_val (clusters, cluster);
  }
  if (glyphs->len == 0)
    return;
  cairo_set_font_face (cr, face_that_draws (fonts, cairo_scaled_font_get_font_face (scaled)));
  cairo_scaled_font_get_font_matrix (scaled, &matrix);
  cairo_set_font_matrix (cr, &matrix);
  cairo_show_text_glyphs (cr, from, run->item->length, (cairo_glyph_t *)(gpointer)glyphs->data,
                          (int)glyphs->len, (cairo_text_cluster_t *)(gpointer)clusters->data,
                          (int)clusters->len, 0);
}

void
outline_font_show (OutlineFont *fonts, cairo_t *cr, PangoLayout *layout)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  const char *text = pango_layout_get_text (layout);
  double x0 = 0, y0 = 0;

  cairo_get_current_point (cr, &x0, &y0);
  cairo_new_path (cr);
  do {
    PangoGlyphItem *run = pango_layout_iter_get_run_readonly (iter);
    PangoRectangle area;
    if (run == NULL) /* the end of a line */
      continue;
    pango_layout_iter_get_run_extents (iter, NULL, &area);
    show_run (fonts, cr, run, text, x0 + (double)area.x / PANGO_SCALE,
              y0 + (double)pango_layout_iter_get_baseline (iter) / PANGO_SCALE);
  } while (pango_layout_iter_next_run (iter));
  pango_layout_iter_free (iter);
}
