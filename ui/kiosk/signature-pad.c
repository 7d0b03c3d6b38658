/* signature-pad.c: strokes of one finger, drawn with Cairo, given as SVG. Refuses a second finger
 * and to smooth or judge what was drawn. */
#include "kiosk/signature-pad.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/motif.h"

#define LINE_WIDTH 6.0
#define LEAST_LENGTH 60.0 /* px: less is a dot or a slip */

typedef struct {
  float x, y;
  gboolean starts; /* first point of a stroke */
} Point;

struct _SignaturePad {
  GtkWidget parent;
  GtkWidget *area;
  GArray *points;
};

G_DEFINE_FINAL_TYPE (SignaturePad, signature_pad, GTK_TYPE_WIDGET)

static guint signed_signal;

static void
add_point (SignaturePad *self, double x, double y, gboolean starts)
{
  Point point = {(float)CLAMP (x, 0, gtk_widget_get_width (self->area)),
                 (float)CLAMP (y, 0, gtk_widget_get_height (self->area)), starts};

  if (self->points->len >= SIGNATURE_PAD_MAX_POINTS)
    return;
  g_array_append_val (self->points, point);
  gtk_widget_queue_draw (self->area);
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, gpointer data)
{
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  add_point (data, x, y, TRUE);
}

/* GTK gives one motion of a pointer a frame and keeps those before it in its history; touches come
 * one by one. */
static void
add_history (SignaturePad *self, GtkGesture *gesture)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  GtkNative *native = gtk_widget_get_native (self->area);
  guint n = 0;
  double left = 0, top = 0;

  if (event == NULL || gdk_event_get_event_type (event) != GDK_MOTION_NOTIFY || native == NULL)
    return;
  g_autofree GdkTimeCoord *history = gdk_event_get_history (event, &n);
  gtk_native_get_surface_transform (native, &left, &top);
  for (guint i = 0; i < n; i++) {
    graphene_point_t at = GRAPHENE_POINT_INIT ((float)(history[i].axes[GDK_AXIS_X] - left),
                                               (float)(history[i].axes[GDK_AXIS_Y] - top));
    if ((history[i].flags & GDK_AXIS_FLAG_X) && (history[i].flags & GDK_AXIS_FLAG_Y) &&
        gtk_widget_compute_point (GTK_WIDGET (native), self->area, &at, &at))
      add_point (self, at.x, at.y, FALSE);
  }
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, gpointer data)
{
  double x, y;

  add_history (data, GTK_GESTURE (drag));
  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    add_point (data, x + dx, y + dy, FALSE);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, gpointer data)
{
  on_drag_update (drag, dx, dy, data);
  g_signal_emit (data, signed_signal, 0);
}

static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  SignaturePad *self = data;
  GdkRGBA ink = motif_colour (GTK_WIDGET (area), "k_ink_900");
  GdkRGBA line = motif_colour (GTK_WIDGET (area), "k_ink_200");
  static const double dashes[] = {6, 6};

  gdk_cairo_set_source_rgba (cr, &line);
  cairo_set_line_width (cr, 2);
  cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, 48, height * 0.78);
  cairo_line_to (cr, width - 48, height * 0.78);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->points->len; i++) {
    const Point *p = &g_array_index (self->points, Point, i);
    if (p->starts)
      cairo_move_to (cr, p->x, p->y);
    cairo_line_to (cr, p->x, p->y);
  }
  cairo_stroke (cr);
}

gboolean
signature_pad_is_signed (SignaturePad *self)
{
  double length = 0;

  for (guint i = 1; i < self->points->len; i++) {
    const Point *a = &g_array_index (self->points, Point, i - 1), *b = a + 1;
    if (!b->starts)
      length += hypot (b->x - a->x, b->y - a->y);
  }
  return length >= LEAST_LENGTH;
}

GBytes *
signature_pad_svg (SignaturePad *self)
{
  g_autoptr (GString) svg = g_string_new (NULL);

  if (self->points->len == 0)
    return NULL;
  g_string_printf (
      svg,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">"
      "<path fill=\"none\" stroke=\"#1b2529\" stroke-width=\"%d\" stroke-linecap=\"round\" "
      "stroke-linejoin=\"round\" d=\"",
      gtk_widget_get_width (self->area), gtk_widget_get_height (self->area), (int)LINE_WIDTH);
  for (guint i = 0; i < self->points->len; i++) {
    const Point *p = &g_array_index (self->points, Point, i);
    g_string_append_printf (svg, "%c%d %d", p->starts ? 'M' : 'L', (int)lroundf (p->x),
                            (int)lroundf (p->y));
  }
  g_string_append (svg, "\"/></svg>");
  return g_bytes_new (svg->str, svg->len);
}

void
signature_pad_load (SignaturePad *self, GBytes *svg)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (svg, NULL), g_bytes_get_size (svg));
  char *at = strstr (text, " d=\"");

  g_array_set_size (self->points, 0);
  if (at == NULL)
    return;
  at += 4;
  while ((*at == 'M' || *at == 'L') && self->points->len < SIGNATURE_PAD_MAX_POINTS) {
    Point point = {.starts = *at == 'M'};
    point.x = (float)strtol (at + 1, &at, 10);
    point.y = (float)strtol (at, &at, 10);
    g_array_append_val (self->points, point);
  }
  gtk_widget_queue_draw (self->area);
}

void
signature_pad_clear (SignaturePad *self)
{
  explicit_bzero (self->points->data, self->points->len * sizeof (Point));
  g_array_set_size (self->points, 0);
  gtk_widget_queue_draw (self->area);
}

static void
signature_pad_dispose (GObject *object)
{
  SignaturePad *self = ONESTOP_SIGNATURE_PAD (object);

  if (self->points != NULL)
    explicit_bzero (self->points->data, self->points->len * sizeof (Point));
  g_clear_pointer (&self->area, gtk_widget_unparent);
  g_clear_pointer (&self->points, g_array_unref);
  G_OBJECT_CLASS (signature_pad_parent_class)->dispose (object);
}

static void
signature_pad_class_init (SignaturePadClass *class)
{
  G_OBJECT_CLASS (class)->dispose = signature_pad_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
  signed_signal = g_signal_new ("signed", SIGNATURE_PAD_TYPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
signature_pad_init (SignaturePad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->points = g_array_new (FALSE, FALSE, sizeof (Point));
  /* The pad itself is named; its area must not be called by its type. */
  self->area =
      g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->area), draw, self, NULL);
  gtk_widget_set_parent (self->area, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "k-signature");
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (self->area, GTK_EVENT_CONTROLLER (drag));
}

SignaturePad *
signature_pad_new (const char *name)
{
  SignaturePad *self = g_object_new (SIGNATURE_PAD_TYPE, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, 216);
  return self;
}
