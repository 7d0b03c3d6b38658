/* form-page.c: fills the intake flow's answers, one section of the form a screen. What is typed
 * goes into the flow at once and is judged by domain/form; the page refuses to judge and to
 * remember. */
#include "kiosk/form-page.h"

#include "base/clock.h"
#include "base/strict-json.h"
#include "flow/intake-flow.h"
#include "flow/roster-flow.h"
#include "kiosk/button.h"
#include "kiosk/field.h"
#include "kiosk/glyph.h"
#include "kiosk/intake-step.h"
#include "kiosk/keyboard.h"
#include "kiosk/label.h"

struct _FormPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
  GPtrArray *fields;
  Keyboard *keyboard;
  GtkWidget *trouble, *trouble_text; /* "2 places to change", in the row of actions */
};

G_DEFINE_FINAL_TYPE (FormPage, form_page, PAGE_TYPE)

static const GuideSection *
section_at (FormPage *self, guint index)
{
  const GPtrArray *form = intake_flow_peek_service (self->flow)->form;
  return index < form->len ? form->pdata[index] : NULL;
}

/* The next visible section after (step 1) or before (step -1) the one on screen, or -1. */
static int
neighbour (FormPage *self, int step)
{
  int index = (int)intake_flow_section (self->flow);
  const GuideSection *section;

  do {
    index += step;
    section = index >= 0 ? section_at (self, (guint)index) : NULL;
  } while (section != NULL &&
           !form_section_visible (section, intake_flow_peek_answers (self->flow)));
  return section != NULL ? index : -1;
}

/* ---- judging ---- */

static char *
problem_words (FormPage *self, Field *field)
{
  g_autofree char *today = clock_day (clock_now ());
  g_autofree FormProblem *problem =
      form_check_field (intake_flow_peek_service (self->flow), field_peek_spec (field),
                        intake_flow_peek_answers (self->flow), today);
  const char *language = page_language (ONESTOP_PAGE (self));

  if (problem == NULL)
    return NULL;
  return g_strdup (problem->text != NULL ? guide_text (problem->text, language, NULL)
                                         : translate (language, problem->message));
}

static gboolean
is_empty (Field *field)
{
  g_autoptr (json_t) value = field_value (field);
  return value == NULL;
}

static void
judge (FormPage *self, Field *field, gboolean also_empty)
{
  g_autofree char *words = is_empty (field) && !also_empty ? NULL : problem_words (self, field);

  field_show_problem (field, words);
  field_show_fine (field,
                   words == NULL && !is_empty (field) && field_peek_editable (field) != NULL);
}

static void
show_trouble (FormPage *self, int count)
{
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->trouble, count > 0);
  if (count == 0)
    return;
  words = translate_count (page_language (ONESTOP_PAGE (self)), "%d place to change",
                           "%d places to change", count);
  gtk_label_set_text (GTK_LABEL (self->trouble_text), words);
}

static void
show_visible (FormPage *self)
{
  for (guint i = 0; i < self->fields->len; i++) {
    Field *field = self->fields->pdata[i];
    gtk_widget_set_visible (GTK_WIDGET (field),
                            form_visible (intake_flow_peek_service (self->flow),
                                          field_peek_spec (field),
                                          intake_flow_peek_answers (self->flow)));
  }
}

/* ---- what the person does ---- */

static void
on_field_changed (Field *field, gpointer data)
{
  FormPage *self = data;
  json_t *value =
      self->keyboard != NULL && keyboard_is_composing (self->keyboard) ? NULL : field_value (field);
  g_autoptr (GError) error = NULL;

  /* Letters that wait for a candidate are not yet the answer; what was there before is no longer.
   */
  if (!intake_flow_take_answer (self->flow, field_peek_spec (field)->id, value, &error))
    g_warning ("the form has a field that its flow refuses: %s", error->message);
  field_show_problem (field, NULL);
  field_show_fine (field, FALSE);
  if (field_peek_editable (field) == NULL)
    judge (self, field, FALSE);
  show_visible (self);
  show_trouble (self, 0);
}

static void
on_field_entered (Field *field, gpointer data)
{
  FormPage *self = data;

  keyboard_attach (self->keyboard, field_peek_editable (field), field_keyboard (field));
  if (gtk_widget_get_parent (GTK_WIDGET (self->keyboard)) == NULL)
    page_set_keyboard (ONESTOP_PAGE (self), GTK_WIDGET (self->keyboard));
  page_reveal (ONESTOP_PAGE (self), GTK_WIDGET (field));
}

static void
on_field_left (Field *field, gpointer data)
{
  FormPage *self = data;

  if (keyboard_is_composing (self->keyboard)) {
    keyboard_settle (self->keyboard);
    on_field_changed (field, self);
  }
  judge (self, field, FALSE);
}

static void
on_keyboard_done (Keyboard *keyboard, gpointer data)
{
  FormPage *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  page_set_keyboard (ONESTOP_PAGE (self), NULL);
  if (root != NULL)
    gtk_root_set_focus (root, NULL);
}

/* ---- the roster ---- */

static gboolean
is_identity (const GuideField *field)
{
  return field->type == GUIDE_FIELD_ID_CN || field->type == GUIDE_FIELD_RESIDENCE_PERMIT ||
         field->type == GUIDE_FIELD_PERMANENT_CARD || field->type == GUIDE_FIELD_PASSPORT;
}

static gboolean
fills_titles (const GuideField *field)
{
  return field->fact != NULL && field->type == GUIDE_FIELD_MULTICHOICE;
}

static gboolean
section_has (FormPage *self, gboolean (*is) (const GuideField *field))
{
  const GuideSection *section = section_at (self, intake_flow_section (self->flow));
  for (guint i = 0; i < section->fields->len; i++)
    if (is (section->fields->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Where the titles stand that the roster knew: whose they are, and that it decides nothing. */
static void
add_roster_note (FormPage *self, GtkWidget *list)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  App *app = page_kiosk (page)->app;
  g_autoptr (GPtrArray) options = roster_flow_match (app, self->flow);
  g_autoptr (GString) names = g_string_new (NULL);

  if (options->len == 0)
    return;
  for (guint i = 0; i < options->len; i++) {
    const GuideOption *option = options->pdata[i];
    g_string_append_printf (names, "%s%s", i > 0 ? translate (language, ", ") : "",
                            roster_flow_title (app->guide, option, language));
  }
  g_autofree char *words =
      translate_printf (language, "The roster has your title: %s (the centre decides)", names->str);
  GtkWidget *note = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note");
  gtk_box_append (GTK_BOX (note), glyph_new ("medal", 44));
  GtkWidget *label = label_new ("k-note-text", words);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (note), label);
  gtk_box_append (GTK_BOX (list), note);
}

static void
on_next_clicked (GtkButton *button, gpointer data)
{
  FormPage *self = ONESTOP_FORM_PAGE (data);
  Field *first = NULL;
  int wrong = 0, next;

  keyboard_settle (self->keyboard);
  for (guint i = 0; i < self->fields->len; i++) {
    Field *field = self->fields->pdata[i];
    g_autofree char *words = NULL;
    if (!gtk_widget_get_visible (GTK_WIDGET (field)))
      continue;
    judge (self, field, TRUE);
    words = problem_words (self, field);
    if (words != NULL && wrong++ == 0)
      first = field;
  }
  show_trouble (self, wrong);
  if (wrong > 0) {
    field_focus (first);
    page_reveal (ONESTOP_PAGE (self), GTK_WIDGET (first));
    return;
  }
  if (section_has (self, is_identity))
    roster_flow_fill (page_kiosk (ONESTOP_PAGE (self))->app, self->flow);
  next = neighbour (self, 1);
  if (next < 0) {
    page_event (ONESTOP_PAGE (self), SESSION_DONE);
    return;
  }
  intake_flow_set_section (self->flow, (guint)next);
  page_event (ONESTOP_PAGE (self), SESSION_STEP);
}

static gboolean
form_page_back (Page *page)
{
  FormPage *self = ONESTOP_FORM_PAGE (page);
  int before = self->flow != NULL ? neighbour (self, -1) : -1;

  if (before < 0)
    return FALSE;
  intake_flow_set_section (self->flow, (guint)before);
  page_event (page, SESSION_STEP_BACK);
  return TRUE;
}

/* ---- building ---- */

static void
add_field (FormPage *self, GtkWidget *list, const GuideField *spec)
{
  Field *field = field_new (spec, page_language (ONESTOP_PAGE (self)),
                            intake_flow_peek_answer (self->flow, spec->id));

  g_signal_connect (field, "changed", G_CALLBACK (on_field_changed), self);
  g_signal_connect (field, "entered", G_CALLBACK (on_field_entered), self);
  g_signal_connect (field, "left", G_CALLBACK (on_field_left), self);
  g_ptr_array_add (self->fields, field);
  gtk_box_append (GTK_BOX (list), GTK_WIDGET (field));
}

static void
form_page_build (Page *page)
{
  FormPage *self = ONESTOP_FORM_PAGE (page);
  const char *language = page_language (page);
  const GuideSection *section;
  GtkWidget *list;

  self->flow = intake_step_begin (page);
  page_add_back (page);
  if (self->flow == NULL)
    return;
  section = section_at (self, intake_flow_section (self->flow));
  intake_step_line (page, 1);
  page_set_title (page, guide_text (section->title, language, NULL), TRUE);
  list = page_add_scroller (page);
  gtk_box_set_spacing (GTK_BOX (list), 32);
  gtk_widget_set_margin_top (list, 24);
  if (section->help != NULL)
    gtk_box_append (GTK_BOX (list),
                    label_new ("k-body", guide_text (section->help, language, NULL)));
  if (section_has (self, fills_titles))
    add_roster_note (self, list);
  for (guint i = 0; i < section->fields->len; i++)
    add_field (self, list, section->fields->pdata[i]);
  show_visible (self);

  self->keyboard = g_object_ref_sink (keyboard_new (language, page_pinyin (page)));
  g_signal_connect (self->keyboard, "done", G_CALLBACK (on_keyboard_done), self);
  self->trouble = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  label_classes (self->trouble, "k-error-text");
  gtk_box_append (GTK_BOX (self->trouble), glyph_new ("dialog-warning", 32));
  self->trouble_text = label_new_line ("k-error-text", "");
  gtk_box_append (GTK_BOX (self->trouble), self->trouble_text);
  gtk_widget_set_visible (self->trouble, FALSE);
  page_add_middle (page, self->trouble);
  page_set_primary (page, page_say (page, "Next"), "go-next", G_CALLBACK (on_next_clicked));
}

static void
form_page_leave (Page *page)
{
  FormPage *self = ONESTOP_FORM_PAGE (page);

  for (guint i = 0; i < self->fields->len; i++)
    field_wipe (self->fields->pdata[i]);
  if (self->keyboard != NULL)
    keyboard_forget (self->keyboard);
}

static void
form_page_dispose (GObject *object)
{
  FormPage *self = ONESTOP_FORM_PAGE (object);

  g_clear_object (&self->keyboard);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  G_OBJECT_CLASS (form_page_parent_class)->dispose (object);
}

static void
form_page_class_init (FormPageClass *class)
{
  PageClass *page = ONESTOP_PAGE_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = form_page_dispose;
  page->build = form_page_build;
  page->leave = form_page_leave;
  page->back = form_page_back;
}

static void
form_page_init (FormPage *self)
{
  self->fields = g_ptr_array_new ();
}
