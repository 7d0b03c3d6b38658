/* case-pane.c: the right pane. The dossier goes to the printer from memory, is never sent a second
 * time by itself, and counts as printed only when the printer said so. */
#include "desk/case-pane.h"

#include "base/clock.h"
#include "base/strict-json.h"
#include "desk/desk-window.h"
#include "desk/desk-work.h"
#include "desk/document-view.h"
#include "domain/case.h"
#include "domain/form.h"
#include "domain/person.h"
#include "flow/dossier-flow.h"
#include "flow/print-client.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

struct _CasePane {
  Desk *desk;
  GtkWidget *root, *body, *print, *print_note, *print_words, *title, *close;
  char *number; /* the case that is being printed */
};

static gboolean
is_chinese (const CasePane *pane)
{
  return g_str_equal (pane->desk->language, "zh_CN");
}

/* ---- printing ---- */

static void
print_say (CasePane *pane, const char *class, const char *text)
{
  static const char *const classes[] = {"is-done", "is-notice", "is-error"};

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (pane->print_note, classes[i]);
  if (class != NULL)
    gtk_widget_add_css_class (pane->print_note, class);
  gtk_label_set_text (GTK_LABEL (pane->print_words), text != NULL ? text : "");
  gtk_widget_set_visible (pane->print_note, text != NULL);
}

static void
set_printing (CasePane *pane, gboolean printing)
{
  pane->desk->printing = printing;
  gtk_widget_set_sensitive (pane->print, !printing && pane->desk->reading != NULL);
}

/* A job on its way. The pane may go before it ends: it is found again by its sitting. */
typedef struct {
  Desk *desk;
  guint sitting;
  char *number;
} Job;

static void
job_free (Job *job)
{
  g_free (job->number);
  g_free (job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static CasePane *
job_pane (const Job *job)
{
  return job->sitting == job->desk->sitting ? desk_window_case_pane (job->desk->window) : NULL;
}

static void
on_print_state (gboolean sending, PrinterCondition condition, gpointer data)
{
  CasePane *pane = job_pane (data);
  g_autofree char *text = NULL;

  if (pane == NULL)
    return;
  if (sending || printer_condition_can_print (condition)) {
    print_say (pane, NULL, desk_say (pane->desk, "The dossier is being printed."));
    return;
  }
  text = g_strdup_printf ("%s %s", desk_say (pane->desk, printer_condition_sentence (condition)),
                          desk_say (pane->desk, printer_condition_remedy (condition)));
  print_say (pane, "is-notice", text);
}

static void
on_noted (Desk *desk, gpointer result, const GError *error)
{
  g_free (result);
}

static gpointer
note (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  static const char *const words[] = {"printed", "failed", "unknown", "not-sent"};

  return desk_flow_note_print (app, app->db, clerk, ask->text, words[(int)ask->family],
                               clock_now (), error)
             ? g_strdup (ask->text)
             : NULL;
}

/* Why nothing came out, in words. */
static char *
why (const CasePane *pane, const PrintClientEnd *end)
{
  if (g_strcmp0 (end->reason, "no-daemon") == 0)
    return g_strdup (desk_say (pane->desk, "The print service does not run on this desk."));
  if (!printer_condition_can_print (end->condition))
    return g_strdup_printf ("%s %s",
                            desk_say (pane->desk, printer_condition_sentence (end->condition)),
                            desk_say (pane->desk, printer_condition_remedy (end->condition)));
  return g_strdup (desk_say (pane->desk, "The printer gave the job up."));
}

static void
show_end (CasePane *pane, const PrintClientEnd *end)
{
  g_autofree char *reason = why (pane, end);
  g_autofree char *text = NULL;

  switch (end->outcome) {
  case PRINT_CLIENT_PRINTED:
    print_say (pane, "is-done", desk_say (pane->desk, "The dossier is printed."));
    break;
  case PRINT_CLIENT_UNKNOWN:
    print_say (pane, "is-notice",
               desk_say (pane->desk,
                         "It is not known whether the dossier came out. Look at the printer before "
                         "you print again."));
    break;
  case PRINT_CLIENT_FAILED:
    text = translate_printf (pane->desk->language, "The dossier was not printed whole. %s", reason);
    print_say (pane, "is-error", text);
    break;
  case PRINT_CLIENT_NOT_SENT:
    text = translate_printf (pane->desk->language, "Nothing was printed. %s", reason);
    print_say (pane, "is-error", text);
    break;
  }
}

static void
on_printed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Job) job = data;
  g_autoptr (PrintClientEnd) end = print_client_send_finish (result);
  CasePane *pane = job_pane (job);
  DeskAsk ask = {.text = job->number, .family = (char)end->outcome};

  job->desk->printing = FALSE;
  if (pane == NULL)
    return;
  desk_work_run (job->desk, note, &ask, g_free, on_noted);
  show_end (pane, end);
  set_printing (pane, FALSE);
}

static gpointer
render (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  return dossier_flow_render (app, ask->extra, clerk->name, clock_now (), NULL, error);
}

static void
on_rendered (Desk *desk, gpointer result, const GError *error)
{
  CasePane *pane = desk_window_case_pane (desk->window);
  g_autoptr (GBytes) pdf = result;
  Job *job;

  if (pdf == NULL) {
    g_autofree char *text =
        translate_printf (desk->language, "The dossier could not be made: %s", error->message);
    print_say (pane, "is-error", text);
    set_printing (pane, FALSE);
    return;
  }
  job = g_new0 (Job, 1);
  *job = (Job){desk, desk->sitting, g_strdup (pane->number)};
  print_client_send_async (desk->app->directory, pdf, "a4", 1, on_print_state, NULL, on_printed,
                           job);
}

void
case_pane_print (CasePane *pane)
{
  DeskAsk ask = {.extra = pane->desk->reading};

  if (pane->desk->reading == NULL || pane->desk->printing)
    return;
  g_free (pane->number);
  pane->number = g_strdup (pane->desk->reading->item->number);
  set_printing (pane, TRUE);
  print_say (pane, NULL, desk_say (pane->desk, "The dossier is being made."));
  desk_work_run (pane->desk, render, &ask, (GDestroyNotify)g_bytes_unref, on_rendered);
}

static void
on_print (GtkButton *button, gpointer data)
{
  case_pane_print (data);
}

/* ---- what is shown ---- */

static GtkWidget *
pair_new (const char *key, const char *value, gboolean wide)
{
  GtkWidget *line = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-pair");
  GtkWidget *left = label_new ("d-muted", key), *right = label_new ("d-strong", value);

  gtk_widget_set_size_request (left, wide ? 180 : 112, -1);
  gtk_label_set_width_chars (GTK_LABEL (left), wide ? 16 : 10);
  gtk_label_set_max_width_chars (GTK_LABEL (left), wide ? 16 : 10);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (right), 20);
  gtk_box_append (GTK_BOX (line), left);
  gtk_box_append (GTK_BOX (line), right);
  return line;
}

static void
add_pair (GtkWidget *box, const char *key, const char *value, gboolean wide)
{
  if (value != NULL && *value != '\0')
    gtk_box_append (GTK_BOX (box), pair_new (key, value, wide));
}

static const char *
state_words (const CasePane *pane, const char *word)
{
  CaseState state;

  if (!case_state_parse (word, &state))
    return word;
  return is_chinese (pane) ? case_state_zh (state) : case_state_en (state);
}

static GtkWidget *
summary_new (CasePane *pane)
{
  const DeskReading *reading = pane->desk->reading;
  const DeskCase *item = reading->item;
  GtkWidget *box = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), "d-summary");
  g_autoptr (Dossier) dossier =
      dossier_flow_fill (pane->desk->app, reading, pane->desk->clerk->name, clock_now ());
  g_autofree char *submitted = clock_local (item->submitted_at);
  g_autofree char *category =
      dossier->category != NULL
          ? g_strdup_printf ("%s%s", dossier->category,
                             is_chinese (pane) ? "（未认定）" : " (not yet recognised)")
          : NULL;
  g_autofree char *paper =
      dossier->paper_kind != NULL
          ? g_strdup_printf ("%s %s", dossier->paper_kind, dossier->paper_number)
          : NULL;

  add_pair (box, desk_say (pane->desk, "Applicant"), dossier->applicant, FALSE);
  add_pair (box, desk_say (pane->desk, "Identity paper"), paper, FALSE);
  add_pair (box, desk_say (pane->desk, "Service"),
            is_chinese (pane) ? item->service_zh : item->service_en, FALSE);
  add_pair (box, desk_say (pane->desk, "Category claimed"), category, FALSE);
  add_pair (box, desk_say (pane->desk, "State"), state_words (pane, item->state), FALSE);
  add_pair (box, desk_say (pane->desk, "Submitted on"), submitted, FALSE);
  add_pair (box, desk_say (pane->desk, "Due date"), item->due, FALSE);
  return box;
}

static void
add_section (CasePane *pane, GtkWidget *box, const GuideSection *section)
{
  gboolean titled = FALSE;

  for (guint i = 0; i < section->fields->len; i++) {
    const GuideField *field = section->fields->pdata[i];
    const json_t *value = desk_reading_answer (pane->desk->reading, field->id);
    person_autotext char *text =
        value != NULL ? form_value_text (field, value, pane->desk->language) : NULL;
    if (text == NULL)
      continue;
    if (!titled)
      gtk_box_append (
          GTK_BOX (box),
          label_new ("d-section", guide_text (section->title, pane->desk->language, NULL)));
    titled = TRUE;
    add_pair (box, guide_text (field->label, pane->desk->language, NULL), text, TRUE);
  }
}

static void
add_consents (CasePane *pane, GtkWidget *box)
{
  json_t *line;
  gsize i;

  gtk_box_append (GTK_BOX (box),
                  label_new ("d-section", desk_say (pane->desk, "Notice and consents")));
  json_array_foreach (json_object_get (pane->desk->reading->body, "consents"), i, line) {
    const char *id = strict_json_peek (line, "id", "");
    const GuideConsent *consent = guide_consent (pane->desk->app->guide, id);
    gboolean given = json_is_true (json_object_get (line, "given"));
    gtk_box_append (
        GTK_BOX (box),
        pair_new (given ? desk_say (pane->desk, "Agreed") : desk_say (pane->desk, "Not agreed"),
                  consent != NULL ? guide_text (consent->title, pane->desk->language, NULL) : id,
                  TRUE));
  }
}

static GtkWidget *
in_scroll (GtkWidget *box)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();

  label_classes (box, "d-sheet");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), box);
  gtk_widget_set_vexpand (scroll, TRUE);
  return scroll;
}

static GtkWidget *
other_guide_new (CasePane *pane)
{
  GtkWidget *label = label_new ("d-note is-notice",
                                desk_say (pane->desk, "The case began with another version of the "
                                                      "guide; names of fields are of the present "
                                                      "one."));

  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  return label;
}

static GtkWidget *
answers_new (CasePane *pane)
{
  const DeskReading *reading = pane->desk->reading;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  if (reading->other_guide)
    gtk_box_append (GTK_BOX (box), other_guide_new (pane));
  for (guint i = 0; reading->service != NULL && i < reading->service->form->len; i++)
    add_section (pane, box, reading->service->form->pdata[i]);
  if (pane->desk->app->guide != NULL)
    add_consents (pane, box);
  return in_scroll (box);
}

static GtkWidget *
timeline_new (CasePane *pane)
{
  const DeskReading *reading = pane->desk->reading;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (Dossier) dossier =
      dossier_flow_fill (pane->desk->app, reading, pane->desk->clerk->name, clock_now ());

  for (guint i = 0; i < dossier->events->len; i++) {
    const DossierEvent *event = dossier->events->pdata[i];
    const PublicCase *heard = i < reading->events->len ? reading->events->pdata[i] : NULL;
    g_autofree char *when = clock_local (event->at);
    GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
    GtkWidget *mark = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "d-dot");
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
    label_classes (line, "d-event");
    gtk_box_append (GTK_BOX (words), label_new ("d-strong", heard != NULL && !is_chinese (pane)
                                                                ? state_words (pane, heard->state)
                                                                : event->step));
    g_autofree char *second =
        g_strdup_printf ("%s  %s%s%s", when, event->who, event->note != NULL ? " · " : "",
                         event->note != NULL ? event->note : "");
    gtk_box_append (GTK_BOX (words), label_new ("d-small d-muted", second));
    gtk_box_append (GTK_BOX (line), mark);
    gtk_box_append (GTK_BOX (line), words);
    gtk_box_append (GTK_BOX (box), line);
  }
  return in_scroll (box);
}

static void
on_tab (GtkToggleButton *tab, gpointer stack)
{
  if (gtk_toggle_button_get_active (tab))
    gtk_stack_set_visible_child_name (stack, g_object_get_data (G_OBJECT (tab), "child"));
}

static GtkWidget *
add_tab (GtkWidget *bar, GtkWidget *stack, GtkWidget *first, const char *name, const char *words,
         GtkWidget *child)
{
  GtkWidget *tab = gtk_toggle_button_new_with_label (words);

  label_classes (tab, "d-chip");
  label_name (tab, words);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (tab), GTK_TOGGLE_BUTTON (first));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), first == NULL);
  g_object_set_data (G_OBJECT (tab), "child", (gpointer)name);
  g_signal_connect (tab, "toggled", G_CALLBACK (on_tab), stack);
  gtk_box_append (GTK_BOX (bar), tab);
  gtk_stack_add_named (GTK_STACK (stack), child, name);
  return tab;
}

static void
clear (CasePane *pane)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (pane->body)) != NULL)
    gtk_box_remove (GTK_BOX (pane->body), child);
}

static void
show_reading (CasePane *pane)
{
  GtkWidget *bar =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), "d-pane-head is-filters");
  GtkWidget *stack = gtk_stack_new (), *first;
  int n = (int)pane->desk->reading->documents->len;
  g_autofree char *documents =
      translate_count (pane->desk->language, "Documents %d", "Documents %d", n);

  gtk_box_append (GTK_BOX (pane->body), summary_new (pane));
  first = add_tab (bar, stack, NULL, "documents", documents, document_view_new (pane->desk));
  add_tab (bar, stack, first, "answers", desk_say (pane->desk, "Answers"), answers_new (pane));
  add_tab (bar, stack, first, "timeline", desk_say (pane->desk, "Timeline"), timeline_new (pane));
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_box_append (GTK_BOX (pane->body), bar);
  gtk_box_append (GTK_BOX (pane->body), stack);
}

void
case_pane_say (CasePane *pane, const char *text, gboolean fault)
{
  GtkWidget *label;

  clear (pane);
  gtk_label_set_text (GTK_LABEL (pane->title), desk_say (pane->desk, "Dossier"));
  label = label_new_centred (fault ? "d-note is-error" : "d-empty d-muted",
                             text != NULL ? text
                                          : desk_say (pane->desk,
                                                      "Choose a case to open it. Every opening is "
                                                      "recorded with your name and the time."));
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_box_append (GTK_BOX (pane->body), label);
  set_printing (pane, pane->desk->printing);
}

void
case_pane_show (CasePane *pane)
{
  const DeskReading *reading = pane->desk->reading;

  if (!pane->desk->printing)
    print_say (pane, NULL, NULL);
  gtk_widget_set_visible (pane->close, reading != NULL);
  if (reading == NULL) {
    case_pane_say (pane, NULL, FALSE);
    return;
  }
  clear (pane);
  g_autofree char *title =
      translate_printf (pane->desk->language, "Dossier %s", reading->item->number);
  gtk_label_set_text (GTK_LABEL (pane->title), title);
  set_printing (pane, pane->desk->printing);
  show_reading (pane);
}

/* ---- building ---- */

static void
case_pane_free (gpointer data)
{
  CasePane *pane = data;

  g_free (pane->number);
  g_free (pane);
}

static void
on_close (GtkButton *button, gpointer data)
{
  CasePane *pane = data;

  desk_window_open_case (pane->desk->window, NULL);
}

CasePane *
case_pane_new (Desk *desk)
{
  CasePane *pane = g_new0 (CasePane, 1);
  GtkWidget *head = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), "d-pane-head");

  pane->desk = desk;
  pane->root = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "d-pane is-right");
  gtk_widget_set_size_request (pane->root, 580, -1);
  gtk_widget_set_hexpand (pane->root, FALSE);
  pane->title = label_new_line ("d-strong", "");
  gtk_widget_set_hexpand (pane->title, TRUE);
  gtk_box_append (GTK_BOX (head), pane->title);
  pane->close = button_new ("d-btn is-quiet", desk_say (pane->desk, "Close case"), NULL, NULL,
                            G_CALLBACK (on_close), pane);
  gtk_box_append (GTK_BOX (head), pane->close);
  pane->print = button_new ("d-btn is-primary", desk_say (pane->desk, "Print dossier"), NULL, NULL,
                            G_CALLBACK (on_print), pane);
  gtk_widget_set_tooltip_text (pane->print, "Ctrl+P");
  gtk_box_append (GTK_BOX (head), pane->print);
  gtk_box_append (GTK_BOX (pane->root), head);
  pane->print_note =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), "d-note is-strip");
  pane->print_words = label_new (NULL, "");
  gtk_label_set_max_width_chars (GTK_LABEL (pane->print_words), 40);
  gtk_box_append (GTK_BOX (pane->print_note), glyph_new ("printer", 18));
  gtk_box_append (GTK_BOX (pane->print_note), pane->print_words);
  gtk_box_append (GTK_BOX (pane->root), pane->print_note);
  pane->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (pane->body, TRUE);
  gtk_box_append (GTK_BOX (pane->root), pane->body);
  g_object_set_data_full (G_OBJECT (pane->root), "pane", pane, case_pane_free);
  case_pane_show (pane);
  return pane;
}

GtkWidget *
case_pane_root (CasePane *pane)
{
  return pane->root;
}
