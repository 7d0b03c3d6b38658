/* idle-page.c: the countdown with its ring, and the only two buttons that act. */
#include "kiosk/idle-page.h"

#include "base/clock.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

#define RING 316

struct _IdlePage {
  Page parent_instance;
  GtkWidget *ring, *number;
  int left, total;
};

G_DEFINE_FINAL_TYPE (IdlePage, idle_page, PAGE_TYPE)

static void
draw_ring (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  IdlePage *idle = data;
  double centre = width / 2.0, radius = centre - 12;
  double part = idle->total > 0 ? (double)idle->left / idle->total : 0;
  GdkRGBA colour = motif_colour (GTK_WIDGET (area), "k_ink_100");
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, 18);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_arc (cr, centre, centre, radius, 0, 2 * G_PI);
  cairo_stroke (cr);
  colour = motif_colour (GTK_WIDGET (area), "k_acc");
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_arc (cr, centre, centre, radius, -G_PI_2, -G_PI_2 + 2 * G_PI * part);
  cairo_stroke (cr);
}

static void
show_number (IdlePage *idle)
{
  int total = 0;
  int left = session_countdown (page_session (ONESTOP_PAGE (idle)), clock_monotonic (), &total);
  if (left == idle->left)
    return;
  idle->left = left;
  idle->total = total;
  g_autofree char *text = g_strdup_printf ("%d", left);
  gtk_label_set_text (GTK_LABEL (idle->number), text);
  gtk_widget_queue_draw (idle->ring);
}

static void
on_continue (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_STILL_HERE);
}

static void
on_end (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_END);
}

static GtkWidget *
ring_new (Page *page)
{
  IdlePage *idle = ONESTOP_IDLE_PAGE (page);
  GtkWidget *over = label_new_overlay ();
  idle->ring = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (idle->ring), RING);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (idle->ring), RING);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (idle->ring), draw_ring, idle, NULL);
  gtk_overlay_set_child (GTK_OVERLAY (over), idle->ring);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  idle->number = label_new_centred ("k-number", "");
  gtk_box_append (GTK_BOX (words), idle->number);
  gtk_box_append (GTK_BOX (words), label_new_centred (NULL, page_say (page, "seconds")));
  gtk_overlay_add_overlay (GTK_OVERLAY (over), words);
  gtk_widget_set_halign (over, GTK_ALIGN_CENTER);
  return over;
}

static GtkWidget *
note_new (Page *page)
{
  GtkWidget *note = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (note, "k-note");
  gtk_box_append (GTK_BOX (note), glyph_new ("edit-clear-all", 36));
  gtk_box_append (GTK_BOX (note),
                  label_new (NULL, page_say (page, "What was not submitted will be cleared.")));
  return note;
}

static void
idle_page_build (Page *page)
{
  IdlePage *idle = ONESTOP_IDLE_PAGE (page);
  Session *session = page_session (page);
  GtkWidget *dialog = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (dialog, "k-dialog");
  gtk_widget_set_margin_start (dialog, 96);
  gtk_widget_set_margin_end (dialog, 96);
  gtk_widget_set_valign (dialog, GTK_ALIGN_CENTER);
  GtkWidget *ring = ring_new (page);
  gtk_widget_set_margin_top (ring, 20);
  gtk_box_append (GTK_BOX (dialog), ring);
  GtkWidget *title = label_new_centred ("k-h1", page_say (page, "Are you still there?"));
  gtk_widget_set_margin_top (title, 56);
  gtk_box_append (GTK_BOX (dialog), title);
  gtk_box_append (
      GTK_BOX (dialog),
      label_new_centred ("k-lead", page_say (page, "When the countdown ends, details on the screen "
                                                   "are cleared and the home page returns.")));
  if (session_may_continue (session)) {
    GtkWidget *go_on = button_new ("k-btn k-primary k-tall", page_say (page, "I am here, continue"),
                                   NULL, NULL, G_CALLBACK (on_continue), page);
    gtk_widget_set_margin_top (go_on, 44);
    gtk_box_append (GTK_BOX (dialog), go_on);
  }
  GtkWidget *end = button_new ("k-btn k-secondary", page_say (page, "End and clear"),
                               "edit-clear-all", NULL, G_CALLBACK (on_end), page);
  gtk_widget_set_margin_top (end, 24);
  gtk_box_append (GTK_BOX (dialog), end);
  if (session_has_work (session)) {
    GtkWidget *note = note_new (page);
    gtk_widget_set_margin_top (note, 32);
    gtk_box_append (GTK_BOX (dialog), note);
  }
  page_set_title (page, page_say (page, "Are you still there?"), FALSE);
  page_set_bare (
      page, label_classes (motif_behind (motif_new (MOTIF_LATTICE, 0, 0), dialog), "k-privacy"));
  show_number (idle);
}

static void
idle_page_tick (Page *page)
{
  show_number (ONESTOP_IDLE_PAGE (page));
}

static void
idle_page_class_init (IdlePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = idle_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = idle_page_tick;
}

static void
idle_page_init (IdlePage *idle)
{
  idle->left = -1;
}
