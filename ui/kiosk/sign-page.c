/* sign-page.c: what a person reads, allows and signs before handing in, and the handing in itself.
 * Consents are asked one by one and never ticked beforehand; the notice is information and only
 * confirmed as read. */
#include "kiosk/sign-page.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/intake-flow.h"
#include "kiosk/button.h"
#include "kiosk/intake-step.h"
#include "kiosk/print-watch.h"
#include "kiosk/label.h"
#include "kiosk/signature-pad.h"

struct _SignPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
  SignaturePad *pad;
  GtkWidget *primary, *problem;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (SignPage, sign_page, PAGE_TYPE)

static const Guide *
guide_of (SignPage *self)
{
  return page_kiosk (ONESTOP_PAGE (self))->app->guide;
}

/* The primary says what is missing while something is. */
static void
refresh (SignPage *self)
{
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GPtrArray) problems = intake_flow_problems (self->flow, -1);
  const IntakeProblem *first = NULL;
  const char *words = page_say (page, "Hand in");

  for (guint i = 0; first == NULL && i < problems->len; i++)
    if (!((IntakeProblem *)problems->pdata[i])->later)
      first = problems->pdata[i];
  if (first != NULL && first->part == INTAKE_PART_NOTICE)
    words = page_say (page, "Read the notice first");
  else if (first != NULL && first->part == INTAKE_PART_CONSENT)
    words = page_say (page, "One answer is missing");
  else if (first != NULL)
    words = page_say (page, "Something is missing");
  else if (!intake_flow_has_signature (self->flow))
    words = page_say (page, "Hand in, sign at the window");
  button_set_label (self->primary, words);
  gtk_widget_set_sensitive (self->primary, first == NULL);
}

/* ---- notice ---- */

static void
on_read_toggled (GtkCheckButton *check, gpointer data)
{
  SignPage *self = data;
  const GuideService *service = intake_flow_peek_service (self->flow);
  g_autoptr (GError) error = NULL;

  if (!gtk_check_button_get_active (check)) {
    gtk_check_button_set_active (check, TRUE); /* what was read stays read */
    return;
  }
  if (!intake_flow_read_notice (self->flow, service->notice, clock_now (), &error))
    log_error ("sign.notice", "%s", error->message);
  refresh (self);
}

static void
add_notice (SignPage *self, GtkWidget *list)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  const GuideNotice *notice =
      guide_notice (guide_of (self), intake_flow_peek_service (self->flow)->notice);
  GtkWidget *card, *check;

  if (notice == NULL)
    return;
  card = intake_step_card (page, list, guide_text (notice->title, language, NULL), 0);
  gtk_box_append (GTK_BOX (card), label_new ("k-body", guide_text (notice->text, language, NULL)));
  for (guint i = 0; i < notice->parts->len; i++) {
    const GuideNoticePart *part = notice->parts->pdata[i];
    gtk_box_append (GTK_BOX (card),
                    label_new ("k-strong", guide_text (part->title, language, NULL)));
    gtk_box_append (GTK_BOX (card), label_new ("k-body", guide_text (part->text, language, NULL)));
  }
  check = button_new_option (NULL, TRUE, page_say (page, "I have read this notice"), NULL,
                             intake_flow_has_read_notice (self->flow));
  g_signal_connect (check, "toggled", G_CALLBACK (on_read_toggled), self);
  gtk_box_append (GTK_BOX (card), check);
}

/* ---- consents ---- */

typedef struct {
  SignPage *page; /* borrowed: the row lives in the page */
  const char *consent;
  gboolean given;
} Answer;

static void
on_consent_toggled (GtkCheckButton *row, gpointer data)
{
  Answer *answer = data;
  g_autoptr (GError) error = NULL;

  if (!gtk_check_button_get_active (row))
    return;
  if (!intake_flow_consent (answer->page->flow, answer->consent, answer->given, clock_now (),
                            &error))
    log_error ("sign.consent", "%s", error->message);
  refresh (answer->page);
}

static GtkWidget *
add_answer (SignPage *self, GtkWidget *card, GtkWidget *group, const char *consent, gboolean given,
            const char *words, const char *note)
{
  int stands = intake_flow_peek_consent (self->flow, consent);
  GtkWidget *row = button_new_option (group, FALSE, words, note, stands == (given ? 1 : 0));
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){self, consent, given};
  g_object_set_data_full (G_OBJECT (row), "answer", answer, g_free);
  g_signal_connect (row, "toggled", G_CALLBACK (on_consent_toggled), answer);
  gtk_box_append (GTK_BOX (card), row);
  return row;
}

static void
add_consents (SignPage *self, GtkWidget *list)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  g_autoptr (GPtrArray) asked = intake_flow_consents (self->flow);

  for (guint i = 0; i < asked->len; i++) {
    const GuideConsent *consent = asked->pdata[i];
    GtkWidget *card = intake_step_card (page, list, guide_text (consent->title, language, NULL), 0),
              *group;
    gtk_box_append (GTK_BOX (card),
                    label_new ("k-body", guide_text (consent->text, language, NULL)));
    group = add_answer (self, card, NULL, consent->id, TRUE, page_say (page, "I agree"), NULL);
    add_answer (self, card, group, consent->id, FALSE, page_say (page, "I do not agree"),
                guide_text (consent->if_refused, language, NULL));
  }
}

/* ---- signature ---- */

static void
on_signed (SignaturePad *pad, gpointer data)
{
  SignPage *self = data;
  g_autoptr (GBytes) svg = signature_pad_is_signed (pad) ? signature_pad_svg (pad) : NULL;
  g_autoptr (GError) error = NULL;

  if (!intake_flow_set_signature (self->flow, svg, &error))
    log_error ("sign.signature", "%s", error->message);
  refresh (self);
}

static void
on_again_clicked (GtkButton *button, gpointer data)
{
  SignPage *self = ONESTOP_SIGN_PAGE (data);

  signature_pad_clear (self->pad);
  intake_flow_set_signature (self->flow, NULL, NULL);
  refresh (self);
}

static void
add_signature (SignPage *self, GtkWidget *list)
{
  Page *page = ONESTOP_PAGE (self);
  GtkWidget *card = intake_step_card (page, list, page_say (page, "Sign in the box"), 0);
  GBytes *there = intake_flow_peek_signature (self->flow);
  GtkWidget *again = button_new ("k-btn k-secondary k-small", page_say (page, "Sign again"),
                                 "edit-clear", NULL, G_CALLBACK (on_again_clicked), self);

  self->pad = signature_pad_new (page_say (page, "Box for your signature"));
  if (there != NULL)
    signature_pad_load (self->pad, there);
  g_signal_connect (self->pad, "signed", G_CALLBACK (on_signed), self);
  gtk_box_append (GTK_BOX (gtk_widget_get_first_child (card)), again);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->pad));
  gtk_box_append (
      GTK_BOX (card),
      label_new ("k-caption", page_say (page, "An image of your handwritten signature. Who cannot "
                                              "sign by finger can ask a specialist.")));
}

/* ---- handing in ---- */

static void
on_submit_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignPage) self = data;
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GError) error = NULL;
  IntakeResult *done = intake_flow_submit_finish (self->flow, result, &error);

  if (done == NULL) {
    log_warning ("sign.not-submitted", "%s", error->message);
    gtk_label_set_text (GTK_LABEL (self->problem), intake_step_sentence (page, error));
    gtk_widget_set_visible (self->problem, TRUE);
    refresh (self);
    return;
  }
  self->flow = NULL;
  session_take_flow (page_session (page), SESSION_SLOT_SCAN, NULL, NULL);
  session_take_flow (page_session (page), SESSION_SLOT_INTAKE, NULL, NULL);
  print_watch_remember (page, done->print_id);
  session_take_flow (page_session (page), SESSION_SLOT_RESULT, done,
                     (GDestroyNotify)intake_result_free);
  page_event (page, SESSION_DONE);
}

static void
on_submit_clicked (GtkButton *button, gpointer data)
{
  SignPage *self = ONESTOP_SIGN_PAGE (data);
  Page *page = ONESTOP_PAGE (self);

  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_set_sensitive (self->primary, FALSE);
  button_set_label (self->primary, page_say (page, "Handing in"));
  intake_flow_submit_async (self->flow, NULL, on_submit_done, g_object_ref (self));
}

/* ---- building ---- */

static void
sign_page_build (Page *page)
{
  SignPage *self = ONESTOP_SIGN_PAGE (page);
  GtkWidget *list;

  self->flow = intake_step_begin (page);
  page_add_back (page);
  if (self->flow == NULL)
    return;
  intake_step_line (page, 3);
  page_set_title (page, page_say (page, "Read, allow, sign"), TRUE);
  list = page_add_scroller (page);
  gtk_widget_set_margin_top (list, 24);
  gtk_box_set_spacing (GTK_BOX (list), 16);
  add_notice (self, list);
  add_consents (self, list);
  add_signature (self, list);
  self->problem = label_new ("k-error-text", "");
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_box_append (GTK_BOX (list), self->problem);
  self->primary = page_set_primary (page, page_say (page, "Hand in"), "document-send",
                                    G_CALLBACK (on_submit_clicked));
  refresh (self);
}

static void
sign_page_class_init (SignPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = sign_page_build;
}

static void
sign_page_init (SignPage *self)
{
}
