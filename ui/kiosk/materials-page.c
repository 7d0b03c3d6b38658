/* materials-page.c: one card a material: what it is, what is there, scan or stick. The checklist is
 * domain/material's. */
#include "kiosk/materials-page.h"

#include <math.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/intake-flow.h"
#include "flow/print-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/intake-step.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"
#include "kiosk/papers.h"
#include "kiosk/take-away.h"
#include "kiosk/thumbnail.h"
#include "paper/missing-paper.h"

struct _MaterialsPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
};

G_DEFINE_FINAL_TYPE (MaterialsPage, materials_page, PAGE_TYPE)

/* ---- the ring that says how many are there ---- */

typedef struct {
  guint there, needed;
} Count;

static void
draw_ring (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const Count *count = data;
  GdkRGBA rest = motif_colour (GTK_WIDGET (area), "k_ink_100"),
          done = motif_colour (GTK_WIDGET (area), "k_acc");
  double part = count->needed > 0 ? (double)count->there / count->needed : 1;

  cairo_set_line_width (cr, 14);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  gdk_cairo_set_source_rgba (cr, &rest);
  cairo_arc (cr, width / 2.0, height / 2.0, width / 2.0 - 8, 0, 2 * M_PI);
  cairo_stroke (cr);
  if (part <= 0)
    return;
  gdk_cairo_set_source_rgba (cr, &done);
  cairo_arc (cr, width / 2.0, height / 2.0, width / 2.0 - 8, -M_PI / 2,
             -M_PI / 2 + 2 * M_PI * part);
  cairo_stroke (cr);
}

static GtkWidget *
new_ring (Count count)
{
  GtkWidget *overlay = label_new_overlay (), *area = gtk_drawing_area_new ();
  g_autofree char *words = g_strdup_printf ("%u/%u", count.there, count.needed);
  GtkWidget *number;
  Count *kept = g_new (Count, 1);

  *kept = count;
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), 116);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), 116);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_ring, kept, g_free);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), area);
  number = label_new_centred ("k-ring-number", words);
  gtk_widget_set_valign (number, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (number, GTK_ALIGN_CENTER);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), number);
  label_name (area, words);
  return overlay;
}

static void
on_list_clicked (GtkButton *button, gpointer data)
{
  MaterialsPage *self = data;
  Page *page = ONESTOP_PAGE (self);
  App *app = page_kiosk (page)->app;
  g_autoptr (GPtrArray) lines = intake_flow_materials (self->flow);
  g_autoptr (GError) error = NULL;
  const MissingPaper paper = {.service = intake_flow_peek_service (self->flow),
                              .lines = lines,
                              .english = g_str_has_prefix (page_language (page), "en"),
                              .hall_name = app_peek_hall_name (app, "zh_CN"),
                              .device = app->enrolment != NULL ? app->enrolment->device
                                                               : app->config->device_id,
                              .at = clock_now (),
                              .training = app->config->mode == CONFIG_MODE_TRAINING};
  GBytes *pdf = missing_paper_render (&paper, &error);

  if (pdf == NULL)
    log_error ("materials.paper", "%s", error->message);
  take_away_print (page, pdf, NULL);
}

static void
add_count (MaterialsPage *self, GtkWidget *body, const GPtrArray *list)
{
  Page *page = ONESTOP_PAGE (self);
  Count count = {material_needed (list) - material_missing (list), material_needed (list)};
  guint missing = material_missing (list);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32),
            *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *title = missing == 0
                               ? g_strdup (page_say (page, "All that is needed is there"))
                               : translate_count (page_language (page), "%d document still to come",
                                                  "%d documents still to come", (int)missing);

  label_classes (card, "k-card");
  gtk_box_append (GTK_BOX (card), new_ring (count));
  gtk_box_append (GTK_BOX (words), label_new ("k-h2", title));
  gtk_box_append (
      GTK_BOX (words),
      label_new ("k-body", page_say (page, "JPEG, PNG or PDF, at most 20 MiB and 50 pages each.")));
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (card), words);
  if (missing > 0 && take_away_has_printer (page, PRINT_FLOW_RECEIPT_PRINTER)) {
    GtkWidget *print = button_new ("k-btn k-secondary k-small", page_say (page, "Print the list"),
                                   "printer", NULL, G_CALLBACK (on_list_clicked), self);
    gtk_widget_set_valign (print, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (card), print);
  }
  gtk_box_append (GTK_BOX (body), card);
}

/* ---- one card a material ---- */

static void
take_up (GtkButton *button, SessionEvent event)
{
  Page *page = ONESTOP_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (button), PAGE_TYPE));
  papers_take_up (page, g_object_get_data (G_OBJECT (button), "material"));
  page_event (page, event);
}

static void
on_scan_clicked (GtkButton *button, gpointer data)
{
  take_up (button, SESSION_GO_SCAN);
}

static void
on_stick_clicked (GtkButton *button, gpointer data)
{
  take_up (button, SESSION_GO_STICK);
}

static void
add_button (GtkWidget *box, const MaterialLine *line, const char *name, const char *label,
            const char *icon, gboolean primary, GCallback clicked)
{
  GtkWidget *button = button_new (primary ? "k-btn k-primary k-small" : "k-btn k-secondary k-small",
                                  label, icon, NULL, clicked, NULL);
  g_autofree char *whole = g_strdup_printf ("%s: %s", label, name);

  g_object_set_data_full (G_OBJECT (button), "material", g_strdup (line->material->id), g_free);
  gtk_widget_set_size_request (button, 208, -1);
  label_name (button, whole);
  gtk_box_append (GTK_BOX (box), button);
}

static GtkWidget *
new_chip (Page *page, const MaterialLine *line, guint pages)
{
  static const struct {
    const char *words, *classes;
  } chips[] = {
      [MATERIAL_OPTIONAL] = {N_ ("optional"), "k-chip is-todo"},
      [MATERIAL_MISSING] = {N_ ("still to come"), "k-chip is-todo"},
      [MATERIAL_DEFERRED] = {N_ ("may be brought later"), "k-chip is-notice"},
      [MATERIAL_UNDECIDED] = {N_ ("if it applies to you"), "k-chip is-todo"},
  };
  g_autofree char *count = NULL;
  GtkWidget *chip;

  if (line->state == MATERIAL_PRESENT) {
    count = translate_count (page_language (page), "%d page", "%d pages", (int)pages);
    chip = label_new ("k-chip is-done", count);
  } else {
    chip = label_new (chips[line->state].classes, page_say (page, chips[line->state].words));
  }
  gtk_widget_set_halign (chip, GTK_ALIGN_START);
  return chip;
}

static GtkWidget *
new_picture (MaterialsPage *self, const MaterialLine *line, const GPtrArray *documents,
             const char *name)
{
  GtkWidget *empty;

  if (documents->len > 0)
    return thumbnail_new (documents->pdata[0], 1, 112, 148, name);
  empty = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  label_classes (empty, "k-paper-empty");
  gtk_widget_set_size_request (empty, 112, 148);
  return empty;
}

static void
add_material (MaterialsPage *self, GtkWidget *list, const MaterialLine *line)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page),
             *name = guide_text (line->material->name, language, NULL);
  const char *note =
      guide_text (line->material->notes != NULL ? line->material->notes : line->material->when_text,
                  language, NULL);
  g_autoptr (GPtrArray) documents = intake_flow_documents (self->flow, line->material->id);
  ScanFlow *scan = papers_flow (page);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24),
            *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gboolean there = documents->len > 0;
  guint pages = 0;

  for (guint i = 0; i < documents->len; i++)
    pages += ((IntakeDocument *)documents->pdata[i])->pages;
  label_classes (card, "k-card is-tight");
  gtk_box_append (GTK_BOX (card), new_picture (self, line, documents, name));
  gtk_box_append (GTK_BOX (words), label_new ("k-row-title", name));
  if (note != NULL)
    gtk_box_append (GTK_BOX (words), label_new ("k-caption", note));
  gtk_box_append (GTK_BOX (words), new_chip (page, line, pages));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (card), words);
  if (there)
    add_button (buttons, line, name, page_say (page, "Look"), "view-paged", FALSE,
                G_CALLBACK (on_scan_clicked));
  else if (scan != NULL && scan_flow_has_scanner (scan))
    add_button (buttons, line, name, page_say (page, "Scan"), "scanner",
                line->state == MATERIAL_MISSING, G_CALLBACK (on_scan_clicked));
  if (!line->full && scan != NULL && scan_flow_takes_sticks (scan))
    add_button (buttons, line, name, page_say (page, "USB drive"), "media-removable", FALSE,
                G_CALLBACK (on_stick_clicked));
  gtk_box_append (GTK_BOX (card), buttons);
  gtk_box_append (GTK_BOX (list), card);
}

/* ---- the page ---- */

static void
on_next_clicked (GtkButton *button, gpointer data)
{
  page_event (ONESTOP_PAGE (data), SESSION_DONE);
}

static void
materials_page_build (Page *page)
{
  MaterialsPage *self = ONESTOP_MATERIALS_PAGE (page);
  g_autoptr (GPtrArray) materials = NULL;
  g_autofree char *words = NULL;
  GtkWidget *list, *primary;
  guint missing;

  self->flow = intake_step_begin (page);
  page_add_back (page);
  if (self->flow == NULL)
    return;
  materials = intake_flow_materials (self->flow);
  missing = material_missing (materials);
  intake_step_line (page, 2);
  page_set_title (page, page_say (page, "Give your documents to the machine"), TRUE);
  list = page_add_scroller (page);
  gtk_widget_set_margin_top (list, 24);
  gtk_box_set_spacing (GTK_BOX (list), 16);
  add_count (self, list, materials);
  for (guint i = 0; i < materials->len; i++) {
    const MaterialLine *line = materials->pdata[i];
    if (line->state != MATERIAL_NOT_NEEDED)
      add_material (self, list, line);
  }
  words = missing == 0 ? g_strdup (page_say (page, "Next"))
                       : translate_count (page_language (page), "%d document still to come",
                                          "%d documents still to come", (int)missing);
  primary =
      page_set_primary (page, words, missing == 0 ? "go-next" : NULL, G_CALLBACK (on_next_clicked));
  gtk_widget_set_sensitive (primary, missing == 0);
}

static void
materials_page_class_init (MaterialsPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = materials_page_build;
}

static void
materials_page_init (MaterialsPage *self)
{
}
