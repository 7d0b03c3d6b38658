/* review-page.c: the answers and the papers as they will be handed in. Numbers stay masked, names
 * stand in full. */
#include "kiosk/review-page.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/person.h"
#include "flow/intake-flow.h"
#include "flow/print-flow.h"
#include "kiosk/button.h"
#include "kiosk/intake-step.h"
#include "kiosk/label.h"
#include "kiosk/take-away.h"
#include "kiosk/thumbnail.h"
#include "paper/form-paper.h"

struct _ReviewPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
};

G_DEFINE_FINAL_TYPE (ReviewPage, review_page, PAGE_TYPE)

static char *
shown_value (const GuideField *field, const json_t *value, const char *language)
{
  person_autotext char *text = form_value_text (field, value, language);
  g_autofree char *tail = NULL;

  if (text == NULL)
    return g_strdup ("–");
  if (!field->sensitive || field->type == GUIDE_FIELD_NAME || field->type == GUIDE_FIELD_NAME_MRZ ||
      field->type == GUIDE_FIELD_TEXT || field->type == GUIDE_FIELD_MULTILINE)
    return g_strdup (text);
  if (field->type == GUIDE_FIELD_MOBILE || field->type == GUIDE_FIELD_PHONE)
    return person_mask_phone (text);
  if (field->type == GUIDE_FIELD_EMAIL)
    return person_mask_email (text);
  tail = person_number_tail (text);
  return g_strdup_printf ("•••• %s", tail);
}

static void
add_line (GtkWidget *card, const char *label, const char *value)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  GtkWidget *left = label_new ("k-caption", label), *right = label_new ("k-strong", value);

  gtk_widget_set_size_request (left, 280, -1);
  gtk_label_set_max_width_chars (GTK_LABEL (left), 12);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_box_append (GTK_BOX (line), left);
  gtk_box_append (GTK_BOX (line), right);
  gtk_box_append (GTK_BOX (card), line);
}

static void
on_section_clicked (GtkButton *button, gpointer data)
{
  ReviewPage *self = ONESTOP_REVIEW_PAGE (data);

  intake_flow_set_section (self->flow,
                           GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "section")));
  page_event (ONESTOP_PAGE (self), SESSION_EDIT_FORM);
}

static void
add_section (ReviewPage *self, GtkWidget *list, guint index)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  const GuideService *service = intake_flow_peek_service (self->flow);
  const GuideSection *section = service->form->pdata[index];
  const json_t *answers = intake_flow_peek_answers (self->flow);
  const char *title = guide_text (section->title, language, NULL);
  g_autofree char *name = g_strdup_printf ("%s: %s", page_say (page, "Change"), title);
  GtkWidget *card, *button;

  if (!form_section_visible (section, answers))
    return;
  card = intake_step_card (page, list, title, 0);
  button = button_new ("k-btn k-secondary k-small", page_say (page, "Change"), "document-edit",
                       NULL, G_CALLBACK (on_section_clicked), self);
  g_object_set_data (G_OBJECT (button), "section", GUINT_TO_POINTER (index));
  label_name (button, name);
  gtk_widget_set_size_request (button, 190, -1);
  gtk_box_append (GTK_BOX (gtk_widget_get_first_child (card)), button);
  for (guint i = 0; i < section->fields->len; i++) {
    const GuideField *field = section->fields->pdata[i];
    const json_t *value = intake_flow_peek_answer (self->flow, field->id);
    g_autofree char *shown = NULL;
    if (!form_visible (service, field, answers) || (value == NULL && !field->required))
      continue;
    shown = shown_value (field, value, language);
    add_line (card, guide_text (field->label, language, NULL), shown);
  }
}

static void
add_papers (ReviewPage *self, GtkWidget *list)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  GtkWidget *card =
      intake_step_card (page, list, page_say (page, "Documents"), SESSION_EDIT_MATERIALS);
  g_autoptr (GPtrArray) materials = intake_flow_materials (self->flow);

  for (guint i = 0; i < materials->len; i++) {
    const MaterialLine *line = materials->pdata[i];
    const char *name = guide_text (line->material->name, language, NULL);
    g_autoptr (GPtrArray) documents = intake_flow_documents (self->flow, line->material->id);
    GtkWidget *row;
    guint pages = 0;
    g_autofree char *words = NULL;
    if (line->state == MATERIAL_NOT_NEEDED ||
        (line->state == MATERIAL_OPTIONAL && documents->len == 0))
      continue;
    for (guint j = 0; j < documents->len; j++)
      pages += ((IntakeDocument *)documents->pdata[j])->pages;
    words = documents->len > 0 ? translate_count (language, "%d page", "%d pages", (int)pages)
                               : g_strdup (page_say (page, line->state == MATERIAL_DEFERRED
                                                               ? N_ ("to be brought later")
                                                               : N_ ("not there")));
    row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
    if (documents->len > 0)
      gtk_box_append (GTK_BOX (row), thumbnail_new (documents->pdata[0], 1, 72, 96, name));
    add_line (row, name, words);
    gtk_box_append (GTK_BOX (card), row);
  }
}

/* Personal paper: over the print socket, never spooled. */
static void
on_form_clicked (GtkButton *button, gpointer data)
{
  ReviewPage *self = ONESTOP_REVIEW_PAGE (data);
  Page *page = ONESTOP_PAGE (self);
  App *app = page_kiosk (page)->app;
  g_autoptr (GError) error = NULL;
  const FormPaper paper = {.service = intake_flow_peek_service (self->flow),
                           .answers = intake_flow_peek_answers (self->flow),
                           .english = g_str_has_prefix (page_language (page), "en"),
                           .hall_name = app_peek_hall_name (app, "zh_CN"),
                           .device = app->enrolment != NULL ? app->enrolment->device
                                                            : app->config->device_id,
                           .at = clock_now (),
                           .training = app->config->mode == CONFIG_MODE_TRAINING};
  GBytes *pdf = form_paper_render (&paper, NULL, &error);

  if (pdf == NULL)
    log_error ("review.paper", "%s", error->message);
  take_away_print (page, pdf, "a4");
}

static void
on_next_clicked (GtkButton *button, gpointer data)
{
  page_event (ONESTOP_PAGE (data), SESSION_DONE);
}

static void
review_page_build (Page *page)
{
  ReviewPage *self = ONESTOP_REVIEW_PAGE (page);
  GtkWidget *list;

  self->flow = intake_step_begin (page);
  page_add_back (page);
  if (self->flow == NULL)
    return;
  intake_step_line (page, 3);
  page_set_title (page, page_say (page, "Check everything once more"), TRUE);
  list = page_add_scroller (page);
  gtk_widget_set_margin_top (list, 24);
  gtk_box_set_spacing (GTK_BOX (list), 16);
  for (guint i = 0; i < intake_flow_peek_service (self->flow)->form->len; i++)
    add_section (self, list, i);
  add_papers (self, list);
  if (take_away_has_printer (page, PRINT_FLOW_PAGE_PRINTER))
    page_add_action (page, page_say (page, "Print the form"), "printer",
                     G_CALLBACK (on_form_clicked));
  page_set_primary (page, page_say (page, "All is right"), "go-next", G_CALLBACK (on_next_clicked));
}

static void
review_page_class_init (ReviewPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = review_page_build;
}

static void
review_page_init (ReviewPage *self)
{
}
