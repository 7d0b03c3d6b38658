/* code-page.c: waits for a code, judges it by ticket-flow, and asks track-flow what it stands for.
 * The chip says what the reader read; a good code shows for 600 ms, then its page comes. */
#include "kiosk/code-page.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "flow/slip-flow.h"
#include "flow/ticket-flow.h"
#include "flow/track-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

#define READ_MS 600

struct _CodePage {
  Page parent_instance;
  GCancellable *cancellable;
  GtkWidget *machine, *chip, *chip_words, *chip_glyph;
  guint leave;
  gint64 started;
};

G_DEFINE_FINAL_TYPE (CodePage, code_page, PAGE_TYPE)

static void
set_chip (CodePage *self, const char *class, const char *icon, const char *text)
{
  static const char *const classes[] = {"is-done", "is-notice", "is-todo"};
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (self->chip, classes[i]);
  gtk_widget_add_css_class (self->chip, class);
  if (self->chip_glyph != NULL)
    gtk_box_remove (GTK_BOX (self->chip), self->chip_glyph);
  self->chip_glyph = glyph_new (icon, 36);
  gtk_box_prepend (GTK_BOX (self->chip), self->chip_glyph);
  gtk_label_set_text (GTK_LABEL (self->chip_words), page_say (ONESTOP_PAGE (self), text));
}

static void
on_case (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CodePage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TrackCase) track = track_flow_case_finish (result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (track == NULL) {
    set_chip (self, "is-notice", "dialog-warning",
              N_ ("This machine has not heard of this case yet"));
    return;
  }
  session_take_flow (page_session (ONESTOP_PAGE (self)), SESSION_SLOT_TRACK,
                     g_steal_pointer (&track), (GDestroyNotify)track_case_free);
  page_event (ONESTOP_PAGE (self), SESSION_FOUND_CASE);
}

static void
on_place (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CodePage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TrackTicket) track = track_flow_ticket_finish (result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (track == NULL) {
    set_chip (self, "is-notice", "dialog-warning", N_ ("This number cannot be looked up now"));
    return;
  }
  session_take_flow (page_session (ONESTOP_PAGE (self)), SESSION_SLOT_PLACE,
                     g_steal_pointer (&track), (GDestroyNotify)track_ticket_free);
  page_event (ONESTOP_PAGE (self), SESSION_FOUND_PLACE);
}

/* The answers again; the slip is used up only when an application begins from it. */
static void
open_slip (CodePage *self, TicketScan *scan)
{
  Page *page = ONESTOP_PAGE (self);
  Session *session = page_session (page);
  g_autofree char *today = clock_day (clock_now ());
  Guide *guide = page_kiosk (page)->app->guide;
  EligibilityFlow *flow = guide != NULL ? slip_flow_open (guide, scan->ticket, today, NULL) : NULL;
  if (flow == NULL) {
    set_chip (self, "is-notice", "dialog-warning", N_ ("This slip cannot be read now"));
    return;
  }
  session_take_flow (session, SESSION_SLOT_ELIGIBILITY, flow,
                     (GDestroyNotify)eligibility_flow_free);
  session_take_flow (session, SESSION_SLOT_SLIP, g_steal_pointer (&scan->ticket),
                     (GDestroyNotify)ticket_free);
  page_event (page, SESSION_FOUND_SLIP);
}

typedef struct {
  CodePage *self;
  TicketScan *scan;
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;
  ticket_scan_free (read->scan);
  g_free (read);
}

/* The check was seen: now what it stands for. */
static gboolean
on_read (gpointer data)
{
  Read *read = data;
  CodePage *self = read->self;
  Page *page = ONESTOP_PAGE (self);
  App *app = page_kiosk (page)->app;
  self->leave = 0;
  if (read->scan->kind == TICKET_SCAN_SLIP)
    open_slip (self, read->scan);
  else if (read->scan->kind == TICKET_SCAN_RECEIPT)
    track_flow_case_async (app, read->scan->ticket->case_number, page_language (page),
                           self->cancellable, on_case, g_object_ref (self));
  else
    track_flow_ticket_async (app, read->scan->ticket, self->cancellable, on_place,
                             g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
begin_to_leave (CodePage *self, TicketScan *scan)
{
  Read *read = g_new (Read, 1);
  read->self = self;
  read->scan = scan;
  if (self->leave != 0)
    g_source_remove (self->leave);
  self->leave = g_timeout_add_full (G_PRIORITY_DEFAULT, READ_MS, on_read, read, read_free);
}

static gboolean
code_page_code (Page *page, const char *text)
{
  CodePage *self = ONESTOP_CODE_PAGE (page);
  if (self->leave != 0)
    return TRUE;
  if (text == NULL) {
    set_chip (self, "is-notice", "dialog-warning",
              N_ ("Not read well. Wipe the code and hold it again"));
    return TRUE;
  }
  TicketScan *scan = ticket_flow_scan (page_kiosk (page)->app, text, strlen (text), clock_now ());
  switch (scan->kind) {
  case TICKET_SCAN_QUEUE:
  case TICKET_SCAN_RECEIPT:
  case TICKET_SCAN_SLIP:
    set_chip (self, "is-done", "check", N_ ("Read"));
    begin_to_leave (self, scan);
    return TRUE;
  case TICKET_SCAN_OTHER_HALL:
    set_chip (self, "is-notice", "dialog-warning",
              N_ ("This code is of another hall. Ask there, or at the window"));
    break;
  case TICKET_SCAN_OVER:
    set_chip (self, "is-notice", "dialog-warning",
              scan->ticket->kind == TICKET_KIND_SLIP
                  ? N_ ("This slip is too old. Check again, it takes two minutes")
                  : N_ ("This ticket was for another day. Take a new one"));
    break;
  case TICKET_SCAN_EARLY:
    set_chip (self, "is-notice", "dialog-warning", N_ ("This ticket is not valid yet"));
    break;
  case TICKET_SCAN_NOT_VERIFIED:
    set_chip (self, "is-notice", "dialog-warning",
              N_ ("This machine cannot check this code yet. Ask at the window"));
    break;
  case TICKET_SCAN_REFUSED:
  case TICKET_SCAN_UNREADABLE:
  default:
    set_chip (self, "is-notice", "dialog-warning",
              N_ ("This is not a code of this hall. Show a ticket or a receipt"));
  }
  ticket_scan_free (scan);
  return TRUE;
}

/* The terminal seen from the front, and a phone held to its reading window. */
static void
draw_machine (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  CodePage *self = data;
  GtkWidget *widget = GTK_WIDGET (area);
  GdkRGBA ink = motif_colour (widget, "k_ink_900"), acc = motif_colour (widget, "k_acc");
  GdkRGBA pale = motif_colour (widget, "k_acc_50"), line = motif_colour (widget, "k_acc_line");
  GdkRGBA wall = motif_colour (widget, "k_wall"), edge = motif_colour (widget, "k_ink_200");
  double x = width / 2.0,
         bob = 6 - 6 * cos ((double)(clock_monotonic () - self->started) / 1200 * 2 * G_PI);
  gboolean moves = FALSE;
  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &moves, NULL);
  if (!moves)
    bob = 0;
  struct {
    double left, top, width, height, radius, stroke;
    GdkRGBA *fill, *border;
  } boxes[] = {
      {x - 138, 4, 276, 412, 24, 5, &wall, &ink},  {x - 115, 28, 230, 290, 8, 2, &pale, &edge},
      {x - 84, 345, 168, 40, 8, 0, &ink, NULL},    {x - 68, 361, 136, 8, 4, 0, &line, NULL},
      {x - 130, 480, 260, 114, 20, 0, &ink, NULL}, {x - 117, 493, 234, 88, 8, 0, &wall, NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS (boxes); i++) {
    double l = boxes[i].left, t = boxes[i].top, r = l + boxes[i].width, b = t + boxes[i].height,
           c = boxes[i].radius;
    cairo_new_path (cr);
    cairo_arc (cr, r - c, t + c, c, -G_PI_2, 0);
    cairo_arc (cr, r - c, b - c, c, 0, G_PI_2);
    cairo_arc (cr, l + c, b - c, c, G_PI_2, G_PI);
    cairo_arc (cr, l + c, t + c, c, G_PI, 3 * G_PI_2);
    cairo_close_path (cr);
    gdk_cairo_set_source_rgba (cr, boxes[i].fill);
    cairo_fill_preserve (cr);
    if (boxes[i].border != NULL) {
      gdk_cairo_set_source_rgba (cr, boxes[i].border);
      cairo_set_line_width (cr, boxes[i].stroke);
      cairo_stroke (cr);
    }
  }
  cairo_new_path (cr);
  cairo_arc (cr, x, 158, 66, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &wall);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &line);
  cairo_set_line_width (cr, 3);
  cairo_stroke (cr);
  gdk_cairo_set_source_rgba (cr, &acc);
  cairo_save (cr);
  cairo_translate (cr, x - 38, 120);
  glyph_draw (cr, "scan", 76);
  cairo_restore (cr);
  gdk_cairo_set_source_rgba (cr, &ink);
  cairo_save (cr);
  cairo_translate (cr, x - 34, 503);
  glyph_draw (cr, "scan", 68);
  cairo_restore (cr);

  gdk_cairo_set_source_rgba (cr, &acc);
  cairo_set_line_width (cr, 7);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, x, 396 + bob);
  cairo_line_to (cr, x, 452 + bob);
  cairo_move_to (cr, x - 22, 432 + bob);
  cairo_line_to (cr, x, 454 + bob);
  cairo_line_to (cr, x + 22, 432 + bob);
  cairo_stroke (cr);
  const double dots[] = {1, 9};
  cairo_set_line_width (cr, 4);
  cairo_set_dash (cr, dots, 2, 0);
  cairo_move_to (cr, x - 74, 388);
  cairo_line_to (cr, x - 110, 476);
  cairo_move_to (cr, x + 74, 388);
  cairo_line_to (cr, x + 110, 476);
  cairo_stroke (cr);
}

static GtkWidget *
kind_new (Page *page, const char *icon, const char *title, const char *second)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), label_classes (glyph_new (icon, 60), "k-acc"));
  gtk_box_append (GTK_BOX (box), label_new_centred ("k-row-title", page_say (page, title)));
  gtk_box_append (GTK_BOX (box), label_new_centred ("k-row-second", page_say (page, second)));
  return box;
}

static void
code_page_build (Page *page)
{
  CodePage *self = ONESTOP_CODE_PAGE (page);
  GtkWidget *body = page_body (page);
  const char *title = page_say (page, "Hold the code to the reader");
  page_set_title (page, title, FALSE);
  GtkWidget *h1 = label_new_centred ("k-h1", title);
  gtk_widget_set_margin_top (h1, 16);
  gtk_box_append (GTK_BOX (body), h1);
  gtk_box_append (
      GTK_BOX (body),
      label_new_centred (
          "k-lead",
          page_say (page,
                    "The reader is below the screen, where the light is. A hand's breadth away.")));

  self->machine = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->machine), 400);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->machine), 600);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->machine), draw_machine, self, NULL);
  gtk_widget_set_halign (self->machine, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (self->machine, 36);
  gtk_box_append (GTK_BOX (body), self->machine);

  self->chip = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18), "k-chip is-large");
  gtk_widget_set_halign (self->chip, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (self->chip, 36);
  self->chip_words = label_new (NULL, NULL);
  gtk_box_append (GTK_BOX (self->chip), self->chip_words);
  gtk_box_append (GTK_BOX (body), self->chip);
  set_chip (self, "is-done", "view-more-horizontal", N_ ("Waiting for a code"));

  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "k-card");
  gtk_box_set_homogeneous (GTK_BOX (card), TRUE);
  gtk_widget_set_margin_top (card, 40);
  gtk_box_append (GTK_BOX (card),
                  kind_new (page, "apply", N_ ("Receipt"), N_ ("see how your case stands")));
  gtk_box_append (GTK_BOX (card),
                  kind_new (page, "ticket", N_ ("Ticket"), N_ ("see how many are before you")));
  gtk_box_append (GTK_BOX (card),
                  kind_new (page, "elig", N_ ("Result slip"), N_ ("go on from your answers")));
  gtk_box_append (GTK_BOX (body), card);

  GtkWidget *note = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note");
  gtk_widget_set_margin_top (note, 32);
  gtk_box_append (GTK_BOX (note), glyph_new ("people", 48));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (
      GTK_BOX (words),
      label_new ("k-strong", page_say (page, "No code with you, or it cannot be read?")));
  gtk_box_append (
      GTK_BOX (words),
      label_new ("k-note-text", page_say (page, "The talent window finds your case for you.")));
  gtk_box_append (GTK_BOX (note), words);
  gtk_box_append (GTK_BOX (body), note);
  page_add_back (page);
  self->started = clock_monotonic ();
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
code_page_enter (Page *page)
{
  CodePage *self = ONESTOP_CODE_PAGE (page);
  gboolean moves = FALSE;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (page)), "gtk-enable-animations", &moves, NULL);
  if (moves)
    gtk_widget_add_tick_callback (self->machine, on_frame, self, NULL);
}

static void
code_page_leave (Page *page)
{
  CodePage *self = ONESTOP_CODE_PAGE (page);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->leave, g_source_remove);
}

static void
code_page_finalize (GObject *object)
{
  g_object_unref (ONESTOP_CODE_PAGE (object)->cancellable);
  G_OBJECT_CLASS (code_page_parent_class)->finalize (object);
}

static void
code_page_class_init (CodePageClass *class)
{
  G_OBJECT_CLASS (class)->finalize = code_page_finalize;
  ONESTOP_PAGE_CLASS (class)->build = code_page_build;
  ONESTOP_PAGE_CLASS (class)->enter = code_page_enter;
  ONESTOP_PAGE_CLASS (class)->leave = code_page_leave;
  ONESTOP_PAGE_CLASS (class)->code = code_page_code;
}

static void
code_page_init (CodePage *self)
{
  self->cancellable = g_cancellable_new ();
}
