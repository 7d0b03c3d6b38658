/* submitted-page.c: says what is true: stored on this machine, not yet received by the centre. The
 * number was made by the commit; the paper follows, and this page watches it. */
#include "kiosk/submitted-page.h"

#include "base/clock.h"
#include "base/strict-json.h"
#include "flow/intake-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/print-watch.h"
#include "kiosk/qr-view.h"

struct _SubmittedPage {
  Page parent;
  const IntakeResult *result; /* the session's */
  GtkWidget *paper_title, *paper_note, *progress;
  PrintState shown;
  PrinterCondition condition; /* shown with it */
};

G_DEFINE_FINAL_TYPE (SubmittedPage, submitted_page, PAGE_TYPE)

static void
show_print (SubmittedPage *self, PrintState state, PrinterCondition condition)
{
  Page *page = ONESTOP_PAGE (self);

  self->shown = state;
  self->condition = condition;
  if (state == PRINT_STATE_CANCELLED) {
    gtk_label_set_text (GTK_LABEL (self->paper_title),
                        page_say (page, "Not printed, as you wished"));
    gtk_label_set_text (
        GTK_LABEL (self->paper_note),
        page_say (page, "Number and code stay on the screen; note or photograph them"));
  } else if (state != PRINT_STATE_PRINTED && !printer_condition_can_print (condition)) {
    /* What happened, what to do, what is safe: it waits until somebody mends it. */
    g_autofree char *note =
        g_strdup_printf ("%s\n%s", page_say (page, printer_condition_remedy (condition)),
                         page_say (page, "Your application is saved on this machine and will be "
                                         "uploaded. You need not submit it again."));
    gtk_label_set_text (GTK_LABEL (self->paper_title),
                        page_say (page, printer_condition_sentence (condition)));
    gtk_label_set_text (GTK_LABEL (self->paper_note), note);
  } else if (state == PRINT_STATE_PRINTED) {
    gtk_label_set_text (GTK_LABEL (self->paper_title), page_say (page, "Take your receipt"));
    gtk_label_set_text (GTK_LABEL (self->paper_note),
                        page_say (page, "It comes out below the screen."));
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), 1);
  } else {
    gtk_label_set_text (GTK_LABEL (self->paper_title),
                        page_say (page, "Your receipt is being printed"));
    gtk_label_set_text (
        GTK_LABEL (self->paper_note),
        page_say (page,
                  "Take the paper below the screen. What you handed in is stored either way."));
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                   state == PRINT_STATE_SENDING ? 0.6 : 0.2);
  }
  gtk_widget_set_visible (self->progress, state != PRINT_STATE_CANCELLED);
}

static void
submitted_page_tick (Page *page)
{
  SubmittedPage *self = ONESTOP_SUBMITTED_PAGE (page);
  g_auto (PrintFlowView) view = {0};

  if (self->result == NULL || self->shown == PRINT_STATE_PRINTED)
    return;
  /* Not the first job alone: a visitor may have asked for another attempt. */
  if (!print_watch_look (page, print_watch_remembered (page), &view))
    return;
  if (view.state == PRINT_STATE_FAILED || view.state == PRINT_STATE_UNKNOWN) {
    page_event (page, SESSION_PRINT_FAULT);
    return;
  }
  if (view.state != self->shown || view.condition != self->condition)
    show_print (self, view.state, view.condition);
  if (view.state == PRINT_STATE_QUEUED || view.state == PRINT_STATE_SENDING)
    session_touch (page_session (page), clock_monotonic ());
}

/* ---- building ---- */

static void
add_head (Page *page, GtkWidget *body, const char *service)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32),
            *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (head), glyph_new_in_moon ("check", 64, 128, "is-done"));
  gtk_box_append (GTK_BOX (words),
                  label_new ("k-h1", page_say (page, "Handed in, waiting to be received")));
  gtk_box_append (GTK_BOX (words), label_new ("k-lead", service));
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (body), head);
}

static void
add_pair (GtkWidget *box, const char *label, const char *classes, const char *value)
{
  gtk_box_append (GTK_BOX (box), label_new ("k-caption", label));
  gtk_box_append (GTK_BOX (box), label_new (classes, value));
}

static void
add_number (SubmittedPage *self, GtkWidget *body)
{
  Page *page = ONESTOP_PAGE (self);
  const char *language = page_language (page);
  const GuideService *service = guide_service (
      page_kiosk (page)->app->guide, strict_json_peek (self->result->receipt, "service", ""));
  const GuideLimit *limit = service != NULL ? guide_limit (service, GUIDE_LIMIT_PROMISED) : NULL;
  g_autofree char *promised = limit != NULL ? guide_limit_text (limit, language) : NULL;
  g_autofree char *at = clock_local (self->result->at);
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32),
            *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  label_classes (card, "k-card");
  gtk_widget_set_hexpand (left, TRUE);
  add_pair (left, page_say (page, "Case number"), "k-h1 k-case-number", self->result->number);
  add_pair (left, page_say (page, "Handed in"), "k-strong", at);
  add_pair (left, page_say (page, "Time limit"), "k-strong",
            promised != NULL ? promised : guide_unconfirmed_text (language));
  gtk_box_append (GTK_BOX (card), left);
  gtk_box_append (GTK_BOX (right), qr_view_new (self->result->ticket_text, 300,
                                                page_say (page, "QR code of your receipt")));
  gtk_box_append (GTK_BOX (right),
                  label_new_centred ("k-caption", page_say (page, "Scan it to see how it stands")));
  gtk_box_append (GTK_BOX (card), right);
  gtk_box_append (GTK_BOX (body), card);
}

static void
add_next (Page *page, GtkWidget *body)
{
  static const struct {
    const char *glyph, *title, *note;
  } rows[] = {
      {"document-save", N_ ("Stored on this machine"),
       N_ ("This machine has your application and will send it on by itself. That does not mean it "
           "is accepted for processing.")},
      {"clock", N_ ("The time limit"),
       N_ ("It counts from the day of receipt, which is the day you handed in.")},
      {"system-search", N_ ("See how it stands"),
       N_ ("Scan the code of your receipt at any machine of the hall.")},
  };
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);

  gtk_box_append (GTK_BOX (body), label_new ("k-section", page_say (page, "What comes next")));
  label_classes (card, "k-card");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24),
              *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
    gtk_box_append (GTK_BOX (row), glyph_new_in_moon (rows[i].glyph, 40, 80, NULL));
    gtk_box_append (GTK_BOX (words), label_new ("k-strong", page_say (page, rows[i].title)));
    gtk_box_append (GTK_BOX (words), label_new ("k-caption", page_say (page, rows[i].note)));
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (row), words);
    gtk_box_append (GTK_BOX (card), row);
  }
  gtk_box_append (GTK_BOX (body), card);
}

static void
on_done_clicked (GtkButton *button, gpointer data)
{
  page_event (ONESTOP_PAGE (data), SESSION_DONE);
}

static void
submitted_page_build (Page *page)
{
  SubmittedPage *self = ONESTOP_SUBMITTED_PAGE (page);
  GtkWidget *body = page_body (page), *paper;
  json_t *names;

  self->result = session_flow (page_session (page), SESSION_SLOT_RESULT);
  gtk_box_set_spacing (GTK_BOX (body), 28);
  page_set_title (page, page_say (page, "Handed in, waiting to be received"), FALSE);
  if (self->result == NULL)
    return;
  names = json_object_get (self->result->receipt, "service_name");
  add_head (page, body, guide_text (names, page_language (page), NULL));
  add_number (self, body);
  paper = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  label_classes (paper, "k-card");
  self->paper_title = label_new ("k-section", "");
  self->paper_note = label_new ("k-body", "");
  self->progress = gtk_progress_bar_new ();
  label_classes (self->progress, "k-progress");
  label_name (self->progress, page_say (page, "How far the receipt is printed"));
  gtk_box_append (GTK_BOX (paper), self->paper_title);
  gtk_box_append (GTK_BOX (paper), self->paper_note);
  gtk_box_append (GTK_BOX (paper), self->progress);
  gtk_box_append (GTK_BOX (body), paper);
  show_print (self, PRINT_STATE_QUEUED, PRINTER_CONDITION_READY);
  add_next (page, body);
  page_set_primary (page, page_say (page, "Done, clear the screen"), "emblem-ok",
                    G_CALLBACK (on_done_clicked));
}

static void
submitted_page_class_init (SubmittedPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = submitted_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = submitted_page_tick;
}

static void
submitted_page_init (SubmittedPage *self)
{
}
