/* question-page.c: asks what the flow wants to know, and writes each answer there at once.
 *
 * Choosing does not go on by itself; "not sure" is an answer. Why we ask always stands below. */
#include "kiosk/question-page.h"

#include "base/clock.h"
#include "base/strict-json.h"
#include "flow/eligibility-flow.h"
#include "kiosk/button.h"
#include "kiosk/digit-pad.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/shell.h"
#include "kiosk/step-line.h"

struct _QuestionPage {
  Page parent_instance;
  gboolean filling; /* options are being set, not pressed */
};

G_DEFINE_FINAL_TYPE (QuestionPage, question_page, PAGE_TYPE)

static EligibilityFlow *
flow_of (Page *page)
{
  Session *session = page_session (page);
  EligibilityFlow *flow = session_flow (session, SESSION_SLOT_ELIGIBILITY);
  if (flow == NULL) {
    g_autofree char *today = clock_day (clock_now ());
    /* Of all services: the one that was looked at before is no reason to ask for it alone. */
    flow = eligibility_flow_new (page_kiosk (page)->app->guide, NULL, today, NULL);
    session_take_flow (session, SESSION_SLOT_ELIGIBILITY, flow,
                       (GDestroyNotify)eligibility_flow_free);
  }
  /* Come back from the result: the last question again. */
  if (flow != NULL && eligibility_flow_page (flow) == NULL)
    eligibility_flow_back (flow);
  return flow;
}

static void
answer (Page *page, const GuideField *field, json_t *value)
{
  g_autoptr (json_t) taken = value;
  g_autoptr (GError) error = NULL;
  if (!eligibility_flow_answer (flow_of (page), field->id, taken, &error))
    g_warning ("%s: %s", field->id, error->message);
}

static const GuideField *
field_of (GtkWidget *option)
{
  return g_object_get_data (G_OBJECT (option), "field");
}

static const char *
value_of (GtkWidget *option)
{
  return g_object_get_data (G_OBJECT (option), "value");
}

/* The list of a multichoice from its check boxes; "none" clears the others, and they clear it. */
static void
answer_many (QuestionPage *question, GtkWidget *pressed)
{
  const GuideField *field = field_of (pressed);
  gboolean none = value_of (pressed) == NULL;
  json_t *values = json_array ();
  gboolean any = FALSE;
  question->filling = TRUE;
  GtkWidget *box = gtk_widget_get_parent (pressed);
  for (GtkWidget *w = gtk_widget_get_first_child (box); w; w = gtk_widget_get_next_sibling (w)) {
    if (!GTK_IS_CHECK_BUTTON (w))
      continue;
    gboolean here_none = value_of (w) == NULL;
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (pressed)) && here_none != none)
      gtk_check_button_set_active (GTK_CHECK_BUTTON (w), FALSE);
    if (!gtk_check_button_get_active (GTK_CHECK_BUTTON (w)))
      continue;
    any = TRUE;
    if (!here_none)
      json_array_append_new (values, json_string (value_of (w)));
  }
  question->filling = FALSE;
  if (!any)
    g_clear_pointer (&values, json_decref);
  answer (ONESTOP_PAGE (question), field, values);
}

static void
on_option (GtkCheckButton *option, gpointer data)
{
  QuestionPage *question = data;
  const GuideField *field = field_of (GTK_WIDGET (option));
  const char *value = value_of (GTK_WIDGET (option));
  if (question->filling)
    return;
  if (field->type == GUIDE_FIELD_MULTICHOICE)
    answer_many (question, GTK_WIDGET (option));
  else if (gtk_check_button_get_active (option))
    answer (data, field,
            field->type == GUIDE_FIELD_BOOL ? json_boolean (g_str_equal (value, "true"))
                                            : json_string (value));
}

static GtkWidget *
add_option (QuestionPage *question, GtkWidget *box, GtkWidget *group, const GuideField *field,
            const char *value, const char *title, const char *second, gboolean active)
{
  gboolean many = field->type == GUIDE_FIELD_MULTICHOICE;
  GtkWidget *option = button_new_option (group, many, title, second, active);
  g_object_set_data (G_OBJECT (option), "field", (gpointer)field);
  g_object_set_data (G_OBJECT (option), "value", (gpointer)value);
  g_signal_connect (option, "toggled", G_CALLBACK (on_option), question);
  gtk_box_append (GTK_BOX (box), option);
  return option;
}

static gboolean
array_has (const json_t *array, const char *value)
{
  size_t i;
  json_t *each;
  json_array_foreach (array, i, each) {
    if (g_strcmp0 (json_string_value (each), value) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
add_choices (QuestionPage *question, GtkWidget *box, const GuideField *field)
{
  Page *page = ONESTOP_PAGE (question);
  const char *language = page_language (page);
  const json_t *now = eligibility_flow_peek_answer (flow_of (page), field->id);
  GtkWidget *group = NULL;
  for (guint i = 0; i < field->options->len; i++) {
    const GuideOption *option = field->options->pdata[i];
    const char *heading = guide_text (option->heading, language, NULL);
    if (heading != NULL) {
      GtkWidget *words = label_new ("k-section", heading);
      gtk_widget_set_margin_top (words, i == 0 ? 0 : 20);
      gtk_box_append (GTK_BOX (box), words);
    }
    gboolean active = field->type == GUIDE_FIELD_MULTICHOICE
                          ? array_has (now, option->value)
                          : g_strcmp0 (json_string_value (now), option->value) == 0;
    GtkWidget *row = add_option (question, box, group, field, option->value,
                                 guide_text (option->label, language, NULL),
                                 guide_text (option->note, language, NULL), active);
    if (group == NULL)
      group = row;
  }
  if (field->type == GUIDE_FIELD_MULTICHOICE)
    add_option (question, box, NULL, field, NULL, page_say (page, "None of these"), NULL,
                json_is_array (now) && json_array_size (now) == 0);
}

static void
add_yes_no (QuestionPage *question, GtkWidget *box, const GuideField *field)
{
  Page *page = ONESTOP_PAGE (question);
  const json_t *now = eligibility_flow_peek_answer (flow_of (page), field->id);
  GtkWidget *yes = add_option (question, box, NULL, field, "true", page_say (page, "Yes"), NULL,
                               json_is_true (now));
  add_option (question, box, yes, field, "false", page_say (page, "No"), NULL, json_is_false (now));
}

static void
on_digits (const char *text, gpointer data)
{
  GtkWidget *pad = data;
  const GuideField *field = field_of (pad);
  Page *page = g_object_get_data (G_OBJECT (pad), "page");
  if (text == NULL)
    answer (page, field, NULL);
  else if (field->type == GUIDE_FIELD_DATE)
    answer (page, field, json_string (text));
  else
    answer (page, field, json_integer (g_ascii_strtoll (text, NULL, 10)));
}

static void
add_digits (QuestionPage *question, GtkWidget *box, const GuideField *field)
{
  Page *page = ONESTOP_PAGE (question);
  const json_t *now = eligibility_flow_peek_answer (flow_of (page), field->id);
  g_autofree char *text = json_is_integer (now)
                              ? g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (now))
                              : g_strdup (json_string_value (now));
  GtkWidget *pad =
      digit_pad_new (field->type == GUIDE_FIELD_DATE ? DIGIT_PAD_DATE : DIGIT_PAD_NUMBER, text,
                     page_language (page));
  g_object_set_data (G_OBJECT (pad), "field", (gpointer)field);
  g_object_set_data (G_OBJECT (pad), "page", page);
  digit_pad_listen (ONESTOP_DIGIT_PAD (pad), on_digits, pad);
  gtk_box_append (GTK_BOX (box), pad);
}

static void
on_next (GtkButton *button, gpointer data)
{
  Page *page = data;
  EligibilityFlow *flow = flow_of (page);
  if (!eligibility_flow_next (flow)) {
    shell_toast (page_kiosk (page)->shell,
                 page_say (page, "Choose an answer first, or press “Not sure”"), NULL, NULL, NULL);
    return;
  }
  page_event (page, eligibility_flow_page (flow) == NULL ? SESSION_DONE : SESSION_STEP);
}

static void
on_not_sure (GtkButton *button, gpointer data)
{
  Page *page = data;
  const GPtrArray *fields = eligibility_flow_page (flow_of (page));
  for (guint i = 0; fields != NULL && i < fields->len; i++) {
    const GuideField *field = fields->pdata[i];
    if (fields->len == 1 || eligibility_flow_peek_answer (flow_of (page), field->id) == NULL)
      answer (page, field, json_null ());
  }
  on_next (button, data);
}

static void
on_stop (GtkButton *button, gpointer data)
{
  eligibility_flow_stop (flow_of (data));
  page_event (data, SESSION_DONE);
}

static gboolean
question_page_back (Page *page)
{
  if (!eligibility_flow_back (flow_of (page)))
    return FALSE;
  page_event (page, SESSION_STEP_BACK);
  return TRUE;
}

static GtkWidget *
why_new (Page *page, const char *why)
{
  GtkWidget *note = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (note, "k-note");
  gtk_widget_add_css_class (note, "is-why");
  GtkWidget *mark = label_classes (glyph_new ("dialog-question", 44), "k-glyph");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (note), mark);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), label_new ("k-strong", page_say (page, "Why we ask")));
  gtk_box_append (GTK_BOX (words), label_new ("k-note-text", why));
  gtk_box_append (GTK_BOX (note), words);
  gtk_widget_set_margin_top (note, 24);
  gtk_widget_set_margin_bottom (note, 24);
  return note;
}

static void
add_question (QuestionPage *question, GtkWidget *list, const GuideField *field, gboolean first)
{
  Page *page = ONESTOP_PAGE (question);
  const char *language = page_language (page);
  const char *help = guide_text (field->help, language, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);
  if (!first) {
    GtkWidget *title = label_new ("k-h2", guide_text (field->label, language, NULL));
    gtk_widget_set_margin_top (title, 32);
    gtk_box_append (GTK_BOX (box), title);
    if (help != NULL)
      gtk_box_append (GTK_BOX (box), label_new ("k-lead", help));
  }
  switch (field->type) {
  case GUIDE_FIELD_CHOICE:
  case GUIDE_FIELD_MULTICHOICE:
    add_choices (question, box, field);
    break;
  case GUIDE_FIELD_BOOL:
    add_yes_no (question, box, field);
    break;
  default:
    add_digits (question, box, field);
  }
  gtk_box_append (GTK_BOX (list), box);
}

static void
question_page_build (Page *page)
{
  QuestionPage *question = ONESTOP_QUESTION_PAGE (page);
  const char *language = page_language (page);
  EligibilityFlow *flow = flow_of (page);
  const GPtrArray *fields = flow != NULL ? eligibility_flow_page (flow) : NULL;
  GtkWidget *body = page_body (page);
  if (fields == NULL || fields->len == 0) {
    page_set_title (page, page_say (page, "Nothing to ask"), TRUE);
    page_add_back (page);
    return;
  }
  const GuideField *first = fields->pdata[0];
  guint step = eligibility_flow_step (flow), at_most = MAX (eligibility_flow_at_most (flow), step);
  g_autofree char *words =
      translate_printf (language, "Check eligibility · Question %u of at most %u", step, at_most);
  gtk_box_append (GTK_BOX (body), step_line_new (words, (int)step, (int)at_most));
  const char *title = guide_text (first->label, language, NULL);
  page_set_title (page, title, FALSE);
  GtkWidget *h1 = label_new (g_utf8_strlen (title, -1) > 36 ? "k-h1 is-small" : "k-h1", title);
  gtk_widget_set_margin_top (h1, 24);
  gtk_box_append (GTK_BOX (body), h1);
  const char *help = guide_text (first->help, language, NULL);
  if (help == NULL && first->type == GUIDE_FIELD_MULTICHOICE)
    help = page_say (page, "Choose all that apply.");
  if (help != NULL)
    gtk_box_append (GTK_BOX (body), label_new ("k-lead", help));
  GtkWidget *list = page_add_scroller (page);
  gtk_widget_set_margin_top (list, 24);
  for (guint i = 0; i < fields->len; i++)
    add_question (question, list, fields->pdata[i], i == 0);
  const char *why = guide_text (first->why, language, NULL);
  if (why != NULL)
    gtk_box_append (GTK_BOX (body), why_new (page, why));
  page_add_back (page);
  page_add_action (page, page_say (page, "Not sure"), NULL, G_CALLBACK (on_not_sure));
  page_add_action (page, page_say (page, "See result"), NULL, G_CALLBACK (on_stop));
  page_set_primary (page, page_say (page, "Next"), "go-next", G_CALLBACK (on_next));
}

static void
question_page_class_init (QuestionPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = question_page_build;
  ONESTOP_PAGE_CLASS (class)->back = question_page_back;
}

static void
question_page_init (QuestionPage *page)
{
}
