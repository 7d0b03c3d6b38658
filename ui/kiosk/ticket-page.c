/* ticket-page.c: three families, how many wait, and one button. The printer is looked at before:
 * who must go without paper is told so first. */
#include "kiosk/ticket-page.h"

#include "base/clock.h"
#include "base/error.h"
#include "domain/queue.h"
#include "flow/print-flow.h"
#include "flow/ticket-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/shell.h"
#include "store/public-store.h"

struct _TicketPage {
  Page parent_instance;
  GtkWidget *primary;
};

G_DEFINE_FINAL_TYPE (TicketPage, ticket_page, PAGE_TYPE)

/* What each family is for, in words; the windows' numbers are the hall's own data. */
static const char *const uses[] = {N_ ("Policy advice, talent card, benefits"),
                                   N_ ("Work permit, residence, service in English"),
                                   N_ ("Registration, tax, finance, customs")};

static const char *
chosen (Page *page)
{
  const char *family = session_flow (page_session (page), SESSION_SLOT_FAMILY);
  return family != NULL ? family : "A";
}

static void
on_family (GtkCheckButton *option, gpointer data)
{
  Page *page = data;
  if (gtk_check_button_get_active (option))
    session_take_flow (page_session (page), SESSION_SLOT_FAMILY,
                       g_strdup (g_object_get_data (G_OBJECT (option), "family")), g_free);
}

/* People waiting in `family` as far as this machine knows; -1 without a store. */
static int
waiting (Page *page, char family)
{
  Db *db = page_kiosk (page)->app->db;
  g_autofree char *day = clock_day (clock_now ());
  char letter[2] = {family, '\0'}, last[5] = {family, '9', '9', '9', '\0'};
  gint64 ahead = -1;
  if (db == NULL || !public_store_ahead (db, day, letter, last, &ahead, NULL))
    return -1;
  return (int)ahead;
}

static GtkWidget *
waiting_new (Page *page, char family)
{
  int n = waiting (page, family);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  if (n < 0)
    return box;
  g_autofree char *number = g_strdup_printf ("%d", n);
  GtkWidget *big = label_new ("k-number is-middle", number);
  gtk_widget_set_valign (big, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (box), big);
  GtkWidget *words = label_new_line ("k-row-second", page_say (page, "waiting"));
  gtk_widget_set_valign (words, GTK_ALIGN_BASELINE);
  gtk_box_append (GTK_BOX (box), words);
  return box;
}

static GtkWidget *
option_new (Page *page, GtkWidget *group, const QueueFamily *family, const char *use)
{
  char letter[2] = {family->letter, '\0'};
  gboolean zh = g_str_equal (page_language (page), "zh_CN");
  const char *name = zh ? family->zh : family->en;
  GtkWidget *option =
      button_new_option (group, FALSE, name, use, g_str_equal (chosen (page), letter));
  GtkWidget *words = g_object_ref (gtk_check_button_get_child (GTK_CHECK_BUTTON (option)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (option), NULL);
  GtkWidget *title = gtk_widget_get_first_child (words);
  gtk_widget_add_css_class (title, "k-h3");
  gtk_box_append (GTK_BOX (box), words);
  g_object_unref (words);
  gtk_box_append (GTK_BOX (box),
                  label_classes (waiting_new (page, family->letter), "k-waiting-count"));
  gtk_check_button_set_child (GTK_CHECK_BUTTON (option), box);
  gtk_widget_add_css_class (option, "is-tall");
  int n = waiting (page, family->letter);
  g_autofree char *count =
      n < 0 ? NULL
            : translate_count (page_language (page), "%d person waiting", "%d people waiting", n);
  g_autofree char *spoken = g_strjoin (", ", use, count, NULL);
  label_describe (option, spoken);
  g_object_set_data_full (G_OBJECT (option), "family", g_strdup (letter), g_free);
  g_signal_connect (option, "toggled", G_CALLBACK (on_family), page);
  return option;
}

static const char *
refusal (Page *page, const GError *error)
{
  if (onestop_error_is (error, ONESTOP_ERROR_FULL))
    return page_say (page, "All numbers of today are given out here. Go to the talent window.");
  if (onestop_error_is (error, ONESTOP_ERROR_DENIED))
    return page_say (page, "This machine cannot give numbers yet. Go to the talent window.");
  return page_say (page, "No number was drawn. Press once more, or go to the talent window.");
}

/* A number may come after the page was built anew (language) or left: it belongs to the visitor who
 * asked, and to nobody else. */
typedef struct {
  Page *page;
  guint visitor;
} Drawing;

static void
on_drawn (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Drawing *drawing = data;
  g_autoptr (Page) page = drawing->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (TicketRow) row = ticket_flow_draw_finish (result, &error);
  Session *session = page_session (page);
  if (session_wipes (session) != drawing->visitor || session_state (session) != SESSION_TICKET)
    return;
  if (row == NULL) {
    gtk_widget_set_sensitive (ONESTOP_TICKET_PAGE (page)->primary, TRUE);
    shell_toast (page_kiosk (page)->shell, refusal (page, error), NULL, NULL, NULL);
    return;
  }
  session_take_flow (session, SESSION_SLOT_TICKET, g_steal_pointer (&row),
                     (GDestroyNotify)ticket_row_free);
  page_event (page, SESSION_DONE);
}

static void
on_draw (GtkButton *button, gpointer data)
{
  Page *page = data;
  Drawing *drawing = g_new (Drawing, 1);
  gtk_widget_set_sensitive (ONESTOP_TICKET_PAGE (page)->primary, FALSE);
  drawing->page = g_object_ref (page);
  drawing->visitor = session_wipes (page_session (page));
  ticket_flow_draw_async (page_kiosk (page)->app, chosen (page),
                          session_service (page_session (page)), page_language (page), NULL,
                          on_drawn, drawing);
}

/* Said before the number is drawn: rule 20. */
static GtkWidget *
printer_note_new (Page *page)
{
  PrinterHealth health = {0};
  Db *db = page_kiosk (page)->app->db;
  if (db == NULL ||
      !print_flow_health (db, PRINT_FLOW_RECEIPT_PRINTER, clock_now (), &health, NULL) ||
      !health.known || printer_condition_can_print (health.condition))
    return NULL;
  GtkWidget *note =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note is-notice");
  gtk_box_append (GTK_BOX (note), glyph_new ("printer-error", 44));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (
      GTK_BOX (words),
      label_new ("k-strong", page_say (page, printer_condition_sentence (health.condition))));
  gtk_box_append (
      GTK_BOX (words),
      label_new (
          "k-note-text",
          page_say (page,
                    "You can still take a number. It will stand on the screen; note it down.")));
  gtk_box_append (GTK_BOX (note), words);
  return note;
}

static void
ticket_page_build (Page *page)
{
  TicketPage *self = ONESTOP_TICKET_PAGE (page);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Take a ticket"), TRUE);
  GtkWidget *which = label_new ("k-section", page_say (page, "Which window do you need?"));
  gtk_widget_set_margin_top (which, 48);
  gtk_widget_set_margin_bottom (which, 20);
  gtk_box_append (GTK_BOX (body), which);
  GtkWidget *options = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20), *group = NULL;
  const QueueFamily *families = queue_families ();
  for (gsize i = 0; families[i].letter != 0; i++) {
    GtkWidget *option = option_new (page, group, &families[i],
                                    i < G_N_ELEMENTS (uses) ? page_say (page, uses[i]) : NULL);
    if (group == NULL)
      group = option;
    gtk_box_append (GTK_BOX (options), option);
  }
  gtk_box_append (GTK_BOX (body), options);
  GtkWidget *note = printer_note_new (page);
  if (note != NULL) {
    gtk_widget_set_margin_top (note, 32);
    gtk_box_append (GTK_BOX (body), note);
  }
  GtkWidget *hint = label_new (
      "k-caption", page_say (page, "The waiting counts are what this machine knows now."));
  gtk_widget_set_margin_top (hint, 24);
  gtk_box_append (GTK_BOX (body), hint);
  page_add_back (page);
  self->primary =
      page_set_primary (page, page_say (page, "Print ticket"), "printer", G_CALLBACK (on_draw));
}

static void
ticket_page_class_init (TicketPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = ticket_page_build;
}

static void
ticket_page_init (TicketPage *page)
{
}
