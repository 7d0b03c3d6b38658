/* motif.c: eave, moon gate, lattice and mark, with Cairo. */
#include "kiosk/motif.h"

#include <math.h>

struct _Motif {
  GtkWidget parent_instance;
  MotifKind kind;
  int width, height;
};

G_DEFINE_FINAL_TYPE (Motif, motif, GTK_TYPE_WIDGET)

#define SCALLOP 60.0
#define SCALLOP_DEPTH 8.0
#define MOON_PITCH 72.0
#define LATTICE_PITCH 120.0

GdkRGBA
motif_colour (GtkWidget *widget, const char *name)
{
  GdkRGBA colour = {0, 0, 0, 1};
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, &colour);
  return colour;
}

static void
set_colour (cairo_t *cr, GtkWidget *widget, const char *name, double alpha)
{
  GdkRGBA colour = motif_colour (widget, name);
  cairo_set_source_rgba (cr, (double)colour.red, (double)colour.green, (double)colour.blue,
                         (double)colour.alpha * alpha);
}

static void
draw_eave (GtkWidget *widget, cairo_t *cr, double width, double height)
{
  /* A row of round tiles: each hangs SCALLOP_DEPTH below the one line where they meet. */
  set_colour (cr, widget, "k_bar_bg", 1);
  cairo_move_to (cr, 0, 0);
  cairo_line_to (cr, 0, height - SCALLOP_DEPTH - 5);
  double radius = (SCALLOP * SCALLOP / 4 + SCALLOP_DEPTH * SCALLOP_DEPTH) / (2 * SCALLOP_DEPTH);
  double angle = asin (SCALLOP / 2 / radius);
  for (double x = SCALLOP / 2; x < width + SCALLOP; x += SCALLOP)
    cairo_arc_negative (cr, x, height - 5 - radius, radius, G_PI_2 + angle, G_PI_2 - angle);
  cairo_line_to (cr, width + SCALLOP, 0);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
octagon (cairo_t *cr, double x, double y, double half)
{
  double cut = half * (sqrt (2) - 1);
  cairo_move_to (cr, x - cut, y - half);
  cairo_line_to (cr, x + cut, y - half);
  cairo_line_to (cr, x + half, y - cut);
  cairo_line_to (cr, x + half, y + cut);
  cairo_line_to (cr, x + cut, y + half);
  cairo_line_to (cr, x - cut, y + half);
  cairo_line_to (cr, x - half, y + cut);
  cairo_line_to (cr, x - half, y - cut);
  cairo_close_path (cr);
}

static void
draw_lattice (cairo_t *cr, double width, double height, double pitch)
{
  for (double y = pitch / 2 - pitch / 4; y < height + pitch; y += pitch)
    for (double x = pitch / 2; x < width + pitch; x += pitch) {
      octagon (cr, x, y, pitch / 2);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
      octagon (cr, x, y, pitch * 0.34);
      cairo_set_line_width (cr, 1.2);
      cairo_stroke (cr);
    }
}

static void
draw_moon (GtkWidget *widget, cairo_t *cr, double height)
{
  /* Cut by the upper and the right edge. */
  double size = height * 4 / 3, centre = size / 2, outer = centre - 2, inner = outer - 14;
  cairo_translate (cr, 0, height - size);
  cairo_arc (cr, centre, centre, outer, 0, 2 * G_PI);
  set_colour (cr, widget, "k_wall", 1);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_arc (cr, centre, centre, inner, 0, 2 * G_PI);
  cairo_clip (cr);
  set_colour (cr, widget, "k_acc", 0.18);
  draw_lattice (cr, size, size, MOON_PITCH);
  cairo_restore (cr);
  set_colour (cr, widget, "k_acc_line", 0.8);
  cairo_set_line_width (cr, 3);
  cairo_arc (cr, centre, centre, outer, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1.5);
  cairo_arc (cr, centre, centre, inner, 0, 2 * G_PI);
  cairo_stroke (cr);
}

void
motif_draw_mark (cairo_t *cr, double size)
{
  cairo_save (cr);
  cairo_scale (cr, size / 68, size / 68);
  cairo_set_line_width (cr, 2.8);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_arc (cr, 34, 34, 32.4, 0, 2 * G_PI);
  cairo_stroke (cr);
  /* A curved roof, two walls, the ground, and 一 over 工: one stop. */
  cairo_move_to (cr, 11, 29);
  cairo_curve_to (cr, 22, 26, 29, 21, 34, 15);
  cairo_curve_to (cr, 39, 21, 46, 26, 57, 29);
  cairo_move_to (cr, 17, 28.5);
  cairo_line_to (cr, 17, 48);
  cairo_move_to (cr, 51, 28.5);
  cairo_line_to (cr, 51, 48);
  cairo_move_to (cr, 10, 48);
  cairo_line_to (cr, 58, 48);
  cairo_move_to (cr, 26, 33.5);
  cairo_line_to (cr, 42, 33.5);
  cairo_move_to (cr, 25, 40.5);
  cairo_line_to (cr, 43, 40.5);
  cairo_move_to (cr, 34, 27);
  cairo_line_to (cr, 34, 48);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
motif_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Motif *motif = ONESTOP_MOTIF (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);
  switch (motif->kind) {
  case MOTIF_EAVE:
    draw_eave (widget, cr, width, height);
    break;
  case MOTIF_MARK:
    set_colour (cr, widget, "k_bar_fg", 1);
    motif_draw_mark (cr, MIN (width, height));
    break;
  case MOTIF_MOON:
    draw_moon (widget, cr, height);
    break;
  case MOTIF_LATTICE:
    set_colour (cr, widget, "k_ink_400", 0.16);
    draw_lattice (cr, width, height, LATTICE_PITCH);
    break;
  }
  cairo_destroy (cr);
}

static void
motif_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
               int *natural, int *minimum_baseline, int *natural_baseline)
{
  Motif *motif = ONESTOP_MOTIF (widget);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? motif->width : motif->height;
}

static void
motif_class_init (MotifClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = motif_snapshot;
  GTK_WIDGET_CLASS (class)->measure = motif_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
motif_init (Motif *motif)
{
  gtk_widget_set_can_target (GTK_WIDGET (motif), FALSE);
}

GtkWidget *
motif_behind (GtkWidget *back, GtkWidget *content)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_widget_set_hexpand (content, TRUE);
  gtk_widget_set_vexpand (content, TRUE);
  gtk_grid_attach (GTK_GRID (grid), back, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), content, 0, 0, 1, 1);
  gtk_widget_set_overflow (grid, GTK_OVERFLOW_HIDDEN);
  return grid;
}

GtkWidget *
motif_new (MotifKind kind, int width, int height)
{
  Motif *motif = g_object_new (MOTIF_TYPE, NULL);
  motif->kind = kind;
  motif->width = width;
  motif->height = height;
  if (kind == MOTIF_MARK) {
    gtk_widget_set_halign (GTK_WIDGET (motif), GTK_ALIGN_CENTER);
    gtk_widget_set_valign (GTK_WIDGET (motif), GTK_ALIGN_CENTER);
  }
  return GTK_WIDGET (motif);
}
