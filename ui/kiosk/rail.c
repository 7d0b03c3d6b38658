/* rail.c: check = done, dot in a ring = now, hollow ring = to come. */
#include "kiosk/rail.h"

#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

#define SIZE 64
#define HEIGHT 136

struct _Rail {
  GtkWidget parent_instance;
  RailMark mark;
  gboolean goes_on;
};

G_DEFINE_FINAL_TYPE (Rail, rail, GTK_TYPE_WIDGET)

static void
rail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Rail *rail = ONESTOP_RAIL (widget);
  double height = gtk_widget_get_height (widget), centre = SIZE / 2.0;
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, SIZE, (float)height);
  GdkRGBA acc = motif_colour (widget, "k_acc"), wall = motif_colour (widget, "k_wall");
  GdkRGBA grey = motif_colour (widget, "k_ink_400");
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);
  if (rail->goes_on) {
    const double dash[] = {10, 8};
    gdk_cairo_set_source_rgba (cr, rail->mark == RAIL_DONE ? &acc : &grey);
    cairo_set_line_width (cr, 6);
    if (rail->mark != RAIL_DONE)
      cairo_set_dash (cr, dash, 2, 0);
    cairo_move_to (cr, centre, SIZE);
    cairo_line_to (cr, centre, height);
    cairo_stroke (cr);
    cairo_set_dash (cr, NULL, 0, 0);
  }
  cairo_arc (cr, centre, centre, rail->mark == RAIL_DONE ? 32 : 29.5, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, rail->mark == RAIL_DONE ? &acc : &wall);
  cairo_fill_preserve (cr);
  if (rail->mark != RAIL_DONE) {
    gdk_cairo_set_source_rgba (cr, rail->mark == RAIL_NOW ? &acc : &grey);
    cairo_set_line_width (cr, 5);
    cairo_stroke (cr);
  }
  cairo_new_path (cr);
  if (rail->mark == RAIL_NOW) {
    cairo_arc (cr, centre, centre, 13, 0, 2 * G_PI);
    cairo_fill (cr);
  } else if (rail->mark == RAIL_DONE) {
    gdk_cairo_set_source_rgba (cr, &wall);
    cairo_translate (cr, centre - 20, centre - 20);
    glyph_draw (cr, "check", 40);
  }
  cairo_destroy (cr);
}

static void
rail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
              int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
rail_class_init (RailClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = rail_snapshot;
  GTK_WIDGET_CLASS (class)->measure = rail_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rail_init (Rail *rail)
{
}

GtkWidget *
rail_new (RailMark mark, gboolean goes_on, const char *title, const char *second, const char *when)
{
  Rail *rail = g_object_new (RAIL_TYPE, NULL);
  rail->mark = mark;
  rail->goes_on = goes_on;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  gtk_widget_set_size_request (box, -1, HEIGHT);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (rail));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_margin_top (words, 8);
  gtk_widget_set_margin_bottom (words, 12);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), label_new (mark == RAIL_TODO ? "k-h3 k-muted" : "k-h3", title));
  if (second != NULL)
    gtk_box_append (GTK_BOX (words), label_new ("k-row-second", second));
  gtk_box_append (GTK_BOX (box), words);
  if (when != NULL) {
    GtkWidget *day = label_new_chip ("k-row-second", when);
    gtk_widget_set_valign (day, GTK_ALIGN_START);
    gtk_widget_set_margin_top (day, 14);
    gtk_box_append (GTK_BOX (box), day);
  }
  return box;
}
