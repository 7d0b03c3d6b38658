/* scan-page.c: the scanner's page. Pictures are drawn by the intake helper; turning changes a
 * number, never the bytes. */
#include "kiosk/scan-page.h"

#include "base/log.h"
#include "flow/intake-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/intake-step.h"
#include "kiosk/label.h"
#include "kiosk/papers.h"
#include "kiosk/thumbnail.h"

#define MAX_STRIP 60

struct _ScanPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
  ScanFlow *scan;
  const GuideMaterial *material;
  guint index;      /* the document on show */
  guint sheet;      /* its page, from 1 */
  GtkWidget *large; /* holds the picture */
  GtkWidget *tools, *progress, *chip;
  GPtrArray *strip; /* the buttons of the strip */
};

G_DEFINE_FINAL_TYPE (ScanPage, scan_page, PAGE_TYPE)

static void
say_failed (const char *what, const GError *error)
{
  log_warning ("scan-page.refused", "%s: %s", what, error->message);
}

static GPtrArray *
documents_of (ScanPage *self)
{
  return intake_flow_documents (self->flow, self->material->id);
}

static void
show_large (ScanPage *self)
{
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GPtrArray) documents = documents_of (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->large)) != NULL)
    gtk_box_remove (GTK_BOX (self->large), child);
  gtk_widget_set_visible (self->tools, self->index < documents->len);
  if (self->index >= documents->len) {
    GtkWidget *words = label_new_centred (
        "k-on-dark", page_say (page, "Lay the paper face down on the glass, close the lid, "
                                     "and press Scan."));
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_widget_set_vexpand (words, TRUE);
    gtk_box_append (GTK_BOX (self->large), words);
    return;
  }
  gtk_box_append (GTK_BOX (self->large),
                  thumbnail_new (documents->pdata[self->index], self->sheet, 860, 760,
                                 guide_text (self->material->name, page_language (page), NULL)));
}

static void
mark_strip (ScanPage *self)
{
  for (guint i = 0; i < self->strip->len; i++) {
    GtkWidget *button = self->strip->pdata[i];
    guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
    guint sheet = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "sheet"));
    if (index == self->index && sheet == self->sheet)
      gtk_widget_add_css_class (button, "is-selected");
    else
      gtk_widget_remove_css_class (button, "is-selected");
  }
}

/* ---- what the person does ---- */

static void
on_sheet_clicked (GtkButton *button, gpointer data)
{
  ScanPage *self = ONESTOP_SCAN_PAGE (data);

  self->index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));
  self->sheet = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "sheet"));
  show_large (self);
  mark_strip (self);
}

static void
turn (ScanPage *self, int degrees)
{
  g_autoptr (GError) error = NULL;
  if (!scan_flow_turn (self->scan, self->material->id, self->index, degrees, &error))
    say_failed ("turn", error);
}

static void
on_left_clicked (GtkButton *button, gpointer data)
{
  turn (data, -90);
}

static void
on_right_clicked (GtkButton *button, gpointer data)
{
  turn (data, 90);
}

static void
on_rescan_clicked (GtkButton *button, gpointer data)
{
  ScanPage *self = data;
  g_autoptr (GError) error = NULL;
  if (!scan_flow_rescan (self->scan, self->material->id, self->index, &error))
    say_failed ("scan again", error);
}

static void
on_remove_clicked (GtkButton *button, gpointer data)
{
  ScanPage *self = data;
  papers_remove (ONESTOP_PAGE (self), self->material->id, self->index);
}

static void
begin_scan (ScanPage *self)
{
  g_autoptr (GError) error = NULL;
  if (!scan_flow_scan (self->scan, self->material->id, &error))
    say_failed ("scan", error);
}

static void
on_scan_clicked (GtkButton *button, gpointer data)
{
  begin_scan (data);
}

static void
on_stop_clicked (GtkButton *button, gpointer data)
{
  scan_flow_cancel (ONESTOP_SCAN_PAGE (data)->scan);
}

static void
on_done_clicked (GtkButton *button, gpointer data)
{
  page_event (ONESTOP_PAGE (data), SESSION_DONE);
}

/* ---- how the work goes ---- */

static void
show_progress (Page *page)
{
  ScanPage *self = ONESTOP_SCAN_PAGE (page);
  ScanFlowStatus status = scan_flow_status (self->scan);
  gboolean busy = status.state != SCAN_FLOW_WAITING;

  gtk_widget_set_opacity (self->progress, busy ? 1 : 0);
  gtk_widget_set_visible (self->chip, busy);
  if (!busy)
    return;
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 status.state == SCAN_FLOW_SCANNING ? status.percent / 100.0 : 1);
  gtk_label_set_text (
      GTK_LABEL (self->chip),
      page_say (page, status.state == SCAN_FLOW_SCANNING ? N_ ("Scanning") : N_ ("Looking at it")));
}

/* ---- building ---- */

static GtkWidget *
tool (ScanPage *self, const char *label, const char *icon, void (*clicked) (GtkButton *, gpointer))
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *button;

  gtk_box_append (GTK_BOX (content), glyph_new (icon, 40));
  gtk_box_append (GTK_BOX (content), label_new_centred ("k-strong", label));
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  button = button_new_around ("k-choice k-tool", content, label, G_CALLBACK (clicked), self);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_box_append (GTK_BOX (self->tools), button);
  return button;
}

static void
add_tools (ScanPage *self, GtkWidget *body)
{
  Page *page = ONESTOP_PAGE (self);

  self->tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_box_set_homogeneous (GTK_BOX (self->tools), TRUE);
  tool (self, page_say (page, "Turn left"), "object-rotate-left", on_left_clicked);
  tool (self, page_say (page, "Turn right"), "object-rotate-right", on_right_clicked);
  if (scan_flow_has_scanner (self->scan))
    tool (self, page_say (page, "Scan again"), "view-refresh", on_rescan_clicked);
  tool (self, page_say (page, "Take out"), "user-trash", on_remove_clicked);
  gtk_widget_set_sensitive (self->tools, !scan_flow_is_busy (self->scan));
  gtk_box_append (GTK_BOX (body), self->tools);
}

static void
add_sheet (ScanPage *self, GtkWidget *row, const IntakeDocument *document, guint index, guint sheet,
           guint number)
{
  Page *page = ONESTOP_PAGE (self);
  g_autofree char *name = translate_printf (page_language (page), N_ ("Page %d"), (int)number);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), *button;

  gtk_box_append (GTK_BOX (content), thumbnail_new (document, sheet, 112, 150, name));
  gtk_box_append (GTK_BOX (content), label_new_centred ("k-caption", name));
  button = button_new_around ("k-sheet-button", content, name, G_CALLBACK (on_sheet_clicked), self);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_object_set_data (G_OBJECT (button), "sheet", GUINT_TO_POINTER (sheet));
  g_ptr_array_add (self->strip, button);
  gtk_box_append (GTK_BOX (row), button);
}

static void
add_strip (ScanPage *self, GtkWidget *body)
{
  g_autoptr (GPtrArray) documents = documents_of (self);
  GtkWidget *scroller = gtk_scrolled_window_new (),
            *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  guint number = 0;

  for (guint i = 0; i < documents->len; i++) {
    const IntakeDocument *document = documents->pdata[i];
    for (guint sheet = 1; sheet <= document->pages && number < MAX_STRIP; sheet++)
      add_sheet (self, row, document, i, sheet, ++number);
  }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), row);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  label_name (scroller, page_say (ONESTOP_PAGE (self), "Pages"));
  gtk_box_append (GTK_BOX (body), scroller);
}

static void
add_actions (ScanPage *self, gboolean any)
{
  Page *page = ONESTOP_PAGE (self);
  gboolean busy = scan_flow_is_busy (self->scan), scanner = scan_flow_has_scanner (self->scan);

  if (busy) {
    page_set_primary (page, page_say (page, "Stop"), "media-playback-pause",
                      G_CALLBACK (on_stop_clicked));
    return;
  }
  page_add_back (page);
  if (any && scanner)
    page_add_action (page, page_say (page, "One more page"), "list-add",
                     G_CALLBACK (on_scan_clicked));
  if (any)
    page_set_primary (page, page_say (page, "All pages are there"), "emblem-ok",
                      G_CALLBACK (on_done_clicked));
  else if (scanner)
    page_set_primary (page, page_say (page, "Scan"), "scanner", G_CALLBACK (on_scan_clicked));
}

static void
add_head (ScanPage *self, GtkWidget *body)
{
  Page *page = ONESTOP_PAGE (self);
  const char *fault = papers_fault (page);

  self->chip = label_new ("k-chip is-done", "");
  gtk_widget_set_halign (self->chip, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (body), self->chip);
  self->progress = gtk_progress_bar_new ();
  label_classes (self->progress, "k-progress");
  label_name (self->progress, page_say (page, "How far the scan is"));
  gtk_box_append (GTK_BOX (body), self->progress);
  if (fault != NULL) {
    GtkWidget *note = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
    label_classes (note, "k-note is-error");
    gtk_box_append (GTK_BOX (note), glyph_new ("dialog-warning", 40));
    gtk_box_append (GTK_BOX (note), label_new ("k-strong", fault));
    gtk_box_append (GTK_BOX (body), note);
  }
}

static void
scan_page_build (Page *page)
{
  ScanPage *self = ONESTOP_SCAN_PAGE (page);
  g_autoptr (GPtrArray) documents = NULL;
  GtkWidget *body = page_body (page);
  ScanFlowStatus status;

  self->flow = intake_step_begin (page);
  self->scan = papers_flow (page);
  self->material = papers_material (page);
  if (self->flow == NULL || self->scan == NULL || self->material == NULL) {
    page_add_back (page);
    return;
  }
  documents = documents_of (self);
  status = scan_flow_status (self->scan);
  self->index = documents->len > 0 ? documents->len - 1 : 0;
  if (g_strcmp0 (status.slot, self->material->id) == 0 && status.index < documents->len)
    self->index = status.index;
  self->sheet = 1;
  intake_step_line (page, 2);
  page_set_title (page, guide_text (self->material->name, page_language (page), NULL), TRUE);
  gtk_box_set_spacing (GTK_BOX (body), 16);
  add_head (self, body);
  self->large = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  label_classes (self->large, "k-dark-panel");
  gtk_widget_set_size_request (self->large, -1, 800);
  gtk_box_append (GTK_BOX (body), self->large);
  add_tools (self, body);
  add_strip (self, body);
  add_actions (self, documents->len > 0);
  show_large (self);
  mark_strip (self);
  papers_listen (page, show_progress);
  show_progress (page);
}

static void
scan_page_finalize (GObject *object)
{
  g_ptr_array_unref (ONESTOP_SCAN_PAGE (object)->strip);
  G_OBJECT_CLASS (scan_page_parent_class)->finalize (object);
}

static void
scan_page_class_init (ScanPageClass *class)
{
  G_OBJECT_CLASS (class)->finalize = scan_page_finalize;
  ONESTOP_PAGE_CLASS (class)->build = scan_page_build;
}

static void
scan_page_init (ScanPage *self)
{
  self->strip = g_ptr_array_new ();
}
