/* glyph.c: reads the table of glyphs once, from the program's resources, and strokes it with Cairo.
 */
#include "kiosk/glyph.h"

#include "base/strict-json.h"

#define GRID 48.0
#define STROKE 3.0

struct _Glyph {
  GtkWidget parent_instance;
  char *name;
  int size;
};

G_DEFINE_FINAL_TYPE (Glyph, glyph, GTK_TYPE_WIDGET)

static const json_t *
glyphs (void)
{
  static json_t *table;
  if (g_once_init_enter (&table)) {
    g_autoptr (GBytes) bytes = g_resources_lookup_data ("/cn/onestop/kiosk/glyphs.json",
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    json_t *read = NULL;
    if (bytes != NULL)
      read = strict_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
    g_once_init_leave (&table, read != NULL ? read : json_object ());
  }
  return json_object_get (table, "glyphs");
}

static double
number (const json_t *op, size_t index)
{
  return json_number_value (json_array_get (op, index));
}

static void
trace (cairo_t *cr, const json_t *ops)
{
  size_t i;
  json_t *op;
  json_array_foreach (ops, i, op) {
    switch (*json_string_value (json_array_get (op, 0))) {
    case 'M':
      cairo_move_to (cr, number (op, 1), number (op, 2));
      break;
    case 'L':
      cairo_line_to (cr, number (op, 1), number (op, 2));
      break;
    case 'C':
      cairo_curve_to (cr, number (op, 1), number (op, 2), number (op, 3), number (op, 4),
                      number (op, 5), number (op, 6));
      break;
    default:
      cairo_close_path (cr);
    }
  }
}

gboolean
glyph_draw (cairo_t *cr, const char *name, double size)
{
  const json_t *paths = json_object_get (glyphs (), name);
  size_t i;
  json_t *path;
  if (paths == NULL)
    return FALSE;
  cairo_save (cr);
  cairo_scale (cr, size / GRID, size / GRID);
  cairo_set_line_width (cr, STROKE);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  json_array_foreach (paths, i, path) {
    cairo_new_path (cr);
    trace (cr, json_object_get (path, "ops"));
    if (json_is_true (json_object_get (path, "fill")))
      cairo_fill_preserve (cr);
    cairo_stroke (cr);
  }
  cairo_restore (cr);
  return TRUE;
}

static void
glyph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Glyph *glyph = ONESTOP_GLYPH (widget);
  GdkRGBA colour;
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, (float)glyph->size, (float)glyph->size);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);
  gdk_cairo_set_source_rgba (cr, &colour);
  glyph_draw (cr, glyph->name, glyph->size);
  cairo_destroy (cr);
}

static void
glyph_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
               int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = ONESTOP_GLYPH (widget)->size;
}

static void
glyph_finalize (GObject *object)
{
  g_free (ONESTOP_GLYPH (object)->name);
  G_OBJECT_CLASS (glyph_parent_class)->finalize (object);
}

static void
glyph_class_init (GlyphClass *class)
{
  G_OBJECT_CLASS (class)->finalize = glyph_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = glyph_snapshot;
  GTK_WIDGET_CLASS (class)->measure = glyph_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
glyph_init (Glyph *glyph)
{
  gtk_widget_set_can_target (GTK_WIDGET (glyph), FALSE);
  gtk_widget_set_halign (GTK_WIDGET (glyph), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (glyph), GTK_ALIGN_CENTER);
}

GtkWidget *
glyph_new (const char *name, int size)
{
  if (json_object_get (glyphs (), name) != NULL) {
    Glyph *glyph = g_object_new (GLYPH_TYPE, NULL);
    glyph->name = g_strdup (name);
    glyph->size = size;
    return GTK_WIDGET (glyph);
  }
  g_autofree char *symbolic = g_strconcat (name, "-symbolic", NULL);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "icon-name", symbolic, "pixel-size", size,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_can_target (image, FALSE);
  gtk_widget_set_valign (image, GTK_ALIGN_CENTER);
  return image;
}

GtkWidget *
glyph_new_in_moon (const char *name, int glyph_size, int size, const char *extra)
{
  GtkWidget *moon = gtk_center_box_new ();
  gtk_widget_add_css_class (moon, "k-moon");
  if (extra != NULL)
    gtk_widget_add_css_class (moon, extra);
  gtk_widget_set_size_request (moon, size, size);
  gtk_widget_set_halign (moon, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (moon, GTK_ALIGN_CENTER);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (moon), glyph_new (name, glyph_size));
  return moon;
}
