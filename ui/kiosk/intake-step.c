/* intake-step.c: begins an application and draws where in it one stands. */
#include "kiosk/intake-step.h"

#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "flow/eligibility-flow.h"
#include "flow/slip-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/shell.h"
#include "kiosk/step-line.h"

const char *
intake_step_sentence (Page *page, const GError *error)
{
  static const char *const sentences[ONESTOP_ERROR_N_CODES] = {
      [ONESTOP_ERROR_RETRY] =
          N_ ("The machine is busy with itself. Nothing was handed in; try again in a moment."),
      [ONESTOP_ERROR_OFFLINE] =
          N_ ("The line is down. Nothing was handed in; a window can take your papers."),
      [ONESTOP_ERROR_DENIED] = N_ (
          "This machine may not take applications at the moment. A window can take your papers."),
      [ONESTOP_ERROR_INVALID] =
          N_ ("Something is still missing. Go back and complete it; what you entered is kept."),
      [ONESTOP_ERROR_NOT_FOUND] =
          N_ ("This service cannot be applied for at this machine. A window can help."),
      [ONESTOP_ERROR_CONFLICT] = N_ ("This application was handed in already."),
      [ONESTOP_ERROR_FULL] = N_ ("This machine has no room left for papers. Nothing was handed in; "
                                 "a window can take them."),
      [ONESTOP_ERROR_DEVICE] =
          N_ ("A device did not answer. Nothing was handed in; try again or ask a specialist."),
      [ONESTOP_ERROR_CORRUPT] = N_ ("This machine found a fault in itself. Nothing was handed in; "
                                    "a window can take your papers."),
      [ONESTOP_ERROR_CANCELLED] = N_ ("It was stopped. Nothing was handed in."),
      [ONESTOP_ERROR_BUG] = N_ ("This machine found a fault in itself. Nothing was handed in; a "
                                "window can take your papers."),
  };
  gboolean ours = error != NULL && error->domain == ONESTOP_ERROR && error->code >= 0 &&
                  error->code < ONESTOP_ERROR_N_CODES;

  return translate (page_language (page), sentences[ours ? error->code : ONESTOP_ERROR_BUG]);
}

static void
show_refusal (Page *page, const GError *error)
{
  GtkWidget *body = page_body (page);

  log_warning ("intake.not-begun", "%s", error->message);
  page_set_title (page, page_say (page, "Not at this machine, not now"), TRUE);
  gtk_box_append (GTK_BOX (body), label_new ("k-lead", intake_step_sentence (page, error)));
}

/* What the check has asked is not asked again (F30). */
static void
prefill (Session *session, IntakeFlow *flow)
{
  EligibilityFlow *check = session_flow (session, SESSION_SLOT_ELIGIBILITY);
  const char *field;
  json_t *value;

  if (check == NULL)
    return;
  g_autoptr (json_t) answers =
      form_prefill (intake_flow_peek_service (flow), eligibility_flow_peek_facts (check));
  json_object_foreach (answers, field, value)
    if (intake_flow_peek_answer (flow, field) == NULL)
      intake_flow_take_answer (flow, field, json_incref (value), NULL);
}

typedef struct {
  Page *page;
  guint visitor;
} Starting;

/* The visitor may be gone, or far on: what he filled in himself stays. */
static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Starting *starting = data;
  g_autoptr (Page) page = starting->page;
  Session *session = page_session (page);
  IntakeFlow *flow = session_flow (session, SESSION_SLOT_INTAKE);
  g_autoptr (GError) error = NULL;
  gboolean started = slip_flow_start_finish (result, &error);

  if (session_wipes (session) != starting->visitor || flow == NULL)
    return;
  if (!started) {
    log_warning ("intake.slip", "%s", error->message);
    shell_toast (page_kiosk (page)->shell,
                 onestop_error_is (error, ONESTOP_ERROR_CONFLICT)
                     ? page_say (page, "This slip began an application here before. Fill in anew.")
                     : page_say (page, "The answers of the slip could not be taken. Fill in anew."),
                 NULL, NULL, NULL);
    return;
  }
  session_take_flow (session, SESSION_SLOT_SLIP, NULL, NULL);
  prefill (session, flow);
  if (session_state (session) == SESSION_FORM)
    shell_rebuild (page_kiosk (page)->shell);
}

/* A slip begins one application on this machine; a check made here begins as many as one likes. */
static void
take_answers (Page *page, IntakeFlow *flow)
{
  Session *session = page_session (page);
  const Ticket *slip = session_flow (session, SESSION_SLOT_SLIP);

  if (slip == NULL) {
    prefill (session, flow);
    return;
  }
  Starting *starting = g_new (Starting, 1);
  starting->page = g_object_ref (page);
  starting->visitor = session_wipes (session);
  slip_flow_start_async (page_kiosk (page)->app, slip, NULL, on_started, starting);
}

IntakeFlow *
intake_step_begin (Page *page)
{
  Session *session = page_session (page);
  IntakeFlow *flow = session_flow (session, SESSION_SLOT_INTAKE);
  g_autoptr (GError) error = NULL;

  if (flow == NULL) {
    flow = intake_flow_new (page_kiosk (page)->app, session_service (session), page_language (page),
                            &error);
    if (flow == NULL) {
      show_refusal (page, error);
      return NULL;
    }
    session_take_flow (session, SESSION_SLOT_INTAKE, flow, (GDestroyNotify)intake_flow_free);
    take_answers (page, flow);
  }
  intake_flow_set_language (flow, page_language (page));
  return flow;
}

void
intake_step_line (Page *page, int step)
{
  static const char *const words[] = {N_ ("Fill in"), N_ ("Documents"), N_ ("Check and sign"),
                                      N_ ("Done")};
  IntakeFlow *flow = session_flow (page_session (page), SESSION_SLOT_INTAKE);
  const GuideService *service = intake_flow_peek_service (flow);
  const char *language = page_language (page);
  const char *name = guide_text (service->short_name != NULL ? service->short_name : service->name,
                                 language, NULL);

  g_autofree char *line = translate_printf (language, N_ ("%s · Step %d of %d: %s"), name, step, 4,
                                            translate (language, words[step - 1]));

  gtk_box_append (GTK_BOX (page_body (page)), step_line_new (line, step, 4));
}

static void
on_edit_clicked (GtkButton *button, gpointer event)
{
  Page *page = ONESTOP_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (button), PAGE_TYPE));
  page_event (page, (SessionEvent)GPOINTER_TO_INT (event));
}

GtkWidget *
intake_step_card (Page *page, GtkWidget *box, const char *title, SessionEvent edit)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *words = label_new ("k-section", title);

  label_classes (card, "k-card");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (head), words);
  if (edit != 0) {
    GtkWidget *button =
        button_new ("k-btn k-secondary k-small", page_say (page, "Change"), "document-edit", NULL,
                    G_CALLBACK (on_edit_clicked), GINT_TO_POINTER (edit));
    g_autofree char *name = g_strdup_printf ("%s: %s", page_say (page, "Change"), title);
    label_name (button, name);
    gtk_widget_set_size_request (button, 190, -1);
    gtk_box_append (GTK_BOX (head), button);
  }
  gtk_box_append (GTK_BOX (card), head);
  gtk_box_append (GTK_BOX (box), card);
  return card;
}
