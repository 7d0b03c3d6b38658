/* take-away.c: makes the paper, hands it to the print socket, and tells what comes of it. Keeps no
 * copy: once the sheet is closed nothing of the paper is left here. */
#include "kiosk/take-away.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/guide-phone.h"
#include "flow/print-client.h"
#include "flow/print-flow.h"
#include "flow/print-job-paper.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/qr-view.h"
#include "kiosk/shell.h"
#include "paper/form-paper.h"
#include "paper/guide-paper.h"

#define QR_SIZE 620

gboolean
take_away_has_printer (Page *page, const char *device)
{
  Db *db = page_kiosk (page)->app->db;
  PrinterHealth health = {0};

  return db != NULL && print_flow_health (db, device, clock_now (), &health, NULL) &&
         !(health.known && health.condition == PRINTER_CONDITION_NOT_CONFIGURED);
}

/* ---- the sheet ---- */

static void
on_hide (GtkButton *button, gpointer data)
{
  shell_hide_sheet (((Kiosk *)data)->shell);
}

/* `content` between a heading and "Close". `ret_lead` (may be NULL): the line under the heading. */
static void
show_sheet (Kiosk *kiosk, const char *icon, const char *title, const char *lead, GtkWidget *content,
            GtkWidget **ret_lead)
{
  const char *language = session_language (kiosk->session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *second = label_new ("k-lead", lead);
  GtkWidget *close = button_new ("k-btn k-primary", translate (language, "Close"), NULL, NULL,
                                 G_CALLBACK (on_hide), kiosk);

  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (head), glyph_new_in_moon (icon, 64, 112, NULL));
  gtk_box_append (GTK_BOX (words), label_new ("k-h1 is-small", title));
  gtk_box_append (GTK_BOX (words), second);
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (box), head);
  if (content != NULL) {
    gtk_widget_set_margin_top (content, 32);
    gtk_box_append (GTK_BOX (box), content);
  }
  gtk_widget_set_margin_top (close, 40);
  gtk_box_append (GTK_BOX (box), close);
  if (ret_lead != NULL)
    *ret_lead = second;
  shell_show_sheet (kiosk->shell, title, box);
}

/* ---- printing ---- */

typedef struct {
  Kiosk *kiosk;
  char *language;
  GtkWidget *words; /* weak: the sheet may go first */
  GCancellable *cancellable;
} Job;

static void
job_free (Job *job)
{
  g_clear_weak_pointer (&job->words);
  g_object_unref (job->cancellable);
  g_free (job->language);
  g_free (job);
}

static void
say (Job *job, const char *text)
{
  if (job->words == NULL)
    return;
  gtk_label_set_text (GTK_LABEL (job->words), text);
  session_touch (job->kiosk->session, clock_monotonic ()); /* a printer that works is activity */
}

static void
on_print_state (gboolean sending, PrinterCondition condition, gpointer data)
{
  Job *job = data;
  const char *words = sending ? N_ ("Your paper is coming")
                      : printer_condition_can_print (condition)
                          ? N_ ("Waiting for the printer")
                          : printer_condition_sentence (condition);
  say (job, translate (job->language, words));
}

static void
on_printed (GObject *source, GAsyncResult *result, gpointer data)
{
  static const char *const words[] = {
      [PRINT_CLIENT_PRINTED] = N_ ("Take your paper"),
      [PRINT_CLIENT_FAILED] = N_ ("The paper did not come out whole. Ask at the window."),
      [PRINT_CLIENT_UNKNOWN] = N_ ("Look whether your paper came out. If not, ask at the window."),
      [PRINT_CLIENT_NOT_SENT] = N_ ("Nothing was printed. The window can print it for you."),
  };
  Job *job = data;
  g_autoptr (PrintClientEnd) end = print_client_send_finish (result);

  if (end->outcome == PRINT_CLIENT_NOT_SENT && end->reason != NULL)
    log_warning ("take-away.not-sent", "%s", end->reason);
  say (job, translate (job->language, words[end->outcome]));
  job_free (job);
}

static void
on_words_gone (GtkWidget *words, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

void
take_away_print (Page *page, GBytes *take_pdf, const char *media)
{
  Kiosk *kiosk = page_kiosk (page);
  g_autoptr (GBytes) pdf = take_pdf;
  g_autofree char *roll = media == NULL && pdf != NULL ? print_job_paper_roll (pdf) : NULL;
  GtkWidget *words = NULL;
  Job *job;

  show_sheet (kiosk, "printer", page_say (page, "Printing"),
              page_say (page, pdf != NULL ? N_ ("Waiting for the printer")
                                          : N_ ("The paper could not be made. Ask at the window.")),
              NULL, &words);
  if (pdf == NULL)
    return;
  job = g_new0 (Job, 1);
  job->kiosk = kiosk;
  job->language = g_strdup (page_language (page));
  job->cancellable = g_cancellable_new ();
  g_set_weak_pointer (&job->words, words);
  g_signal_connect_object (words, "destroy", G_CALLBACK (on_words_gone), job->cancellable, 0);
  print_client_send_async (kiosk->app->directory, pdf, media != NULL ? media : roll, 1,
                           on_print_state, job->cancellable, on_printed, job);
}

/* ---- what can be printed of a service ---- */

static const GuideService *
service_of (Page *page)
{
  const char *id = session_service (page_session (page));
  return id != NULL ? guide_service (page_kiosk (page)->app->guide, id) : NULL;
}

static const char *
device_of (App *app)
{
  return app->enrolment != NULL ? app->enrolment->device : app->config->device_id;
}

static gboolean
is_english (Page *page)
{
  return g_str_has_prefix (page_language (page), "en");
}

static void
print_pdf (Page *page, GBytes *take_pdf, GError *take_error)
{
  g_autoptr (GError) error = take_error;
  if (error != NULL)
    log_error ("take-away.paper", "%s", error->message);
  take_away_print (page, take_pdf, "a4");
}

static void
on_print_guide (GtkButton *button, gpointer data)
{
  Page *page = data;
  App *app = page_kiosk (page)->app;
  const GuidePaper paper = {.guide = app->guide,
                            .service = service_of (page),
                            .english = is_english (page),
                            .hall_name = app_peek_hall_name (app, "zh_CN"),
                            .device = device_of (app),
                            .at = clock_now (),
                            .training = app->config->mode == CONFIG_MODE_TRAINING};
  GError *error = NULL;
  GBytes *pdf = guide_paper_render (&paper, NULL, &error);
  print_pdf (page, pdf, error);
}

static FormPaper
blank_form (Page *page)
{
  App *app = page_kiosk (page)->app;
  return (FormPaper){.service = service_of (page),
                     .english = is_english (page),
                     .hall_name = app_peek_hall_name (app, "zh_CN"),
                     .device = device_of (app),
                     .at = clock_now (),
                     .training = app->config->mode == CONFIG_MODE_TRAINING};
}

static void
on_print_form (GtkButton *button, gpointer data)
{
  const FormPaper paper = blank_form (data);
  GError *error = NULL;
  GBytes *pdf = form_paper_render (&paper, NULL, &error);
  print_pdf (data, pdf, error);
}

static void
on_print_mandate (GtkButton *button, gpointer data)
{
  const FormPaper paper = blank_form (data);
  GError *error = NULL;
  GBytes *pdf = form_paper_render_mandate (&paper, NULL, &error);
  print_pdf (data, pdf, error);
}

void
take_away_show_print (Page *page)
{
  const GuideService *service = service_of (page);
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");

  gtk_box_append (GTK_BOX (list), button_new_row (NULL, page_say (page, "The whole guide"),
                                                  page_say (page, "Everything at once, on A4"),
                                                  NULL, G_CALLBACK (on_print_guide), page));
  if (service->form->len > 0)
    gtk_box_append (GTK_BOX (list),
                    button_new_row (NULL, page_say (page, "A blank form"),
                                    page_say (page, "To fill in by hand or to be stamped"), NULL,
                                    G_CALLBACK (on_print_form), page));
  if (service->for_agent || service->for_employer)
    gtk_box_append (GTK_BOX (list),
                    button_new_row (NULL, page_say (page, "A blank mandate"),
                                    page_say (page, "When somebody else applies for you"), NULL,
                                    G_CALLBACK (on_print_mandate), page));
  show_sheet (page_kiosk (page), "printer", page_say (page, "What shall be printed?"),
              guide_text (service->name, page_language (page), NULL), list, NULL);
}

static void
on_print (GtkButton *button, gpointer data)
{
  take_away_show_print (data);
}

/* ---- on the phone ---- */

void
take_away_show_phone (Page *page)
{
  App *app = page_kiosk (page)->app;
  const char *language = page_language (page);
  g_autofree char *text = guide_phone_text (app->guide, service_of (page),
                                            app_peek_hall_name (app, language), language);

  show_sheet (page_kiosk (page), "phone", page_say (page, "Take it on your phone"),
              page_say (page, "Scan it: the words are in the code."),
              qr_view_new (text, QR_SIZE, page_say (page, "The guide in short, as a QR code")),
              NULL);
}

static void
on_phone (GtkButton *button, gpointer data)
{
  take_away_show_phone (data);
}

GtkWidget *
take_away_new (Page *page, const GuideService *service)
{
  GtkWidget *note = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 20), "k-note");
  GtkWidget *words = label_new ("k-note-text", page_say (page, "Take this guide with you"));

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (note), words);
  if (take_away_has_printer (page, PRINT_FLOW_PAGE_PRINTER))
    gtk_box_append (GTK_BOX (note),
                    button_new ("k-btn k-secondary k-small", page_say (page, "Print"), "printer",
                                NULL, G_CALLBACK (on_print), page));
  gtk_box_append (GTK_BOX (note),
                  button_new ("k-btn k-secondary k-small", page_say (page, "On my phone"), "phone",
                              NULL, G_CALLBACK (on_phone), page));
  return note;
}
