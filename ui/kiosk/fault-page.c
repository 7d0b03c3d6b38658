/* fault-page.c: of the job that the session remembers. A job that nobody can tell about is asked of
 * the person; nothing is printed again by itself. */
#include "kiosk/fault-page.h"

#include <jansson.h>

#include "base/clock.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/print-watch.h"
#include "kiosk/sheets.h"
#include "store/ticket-store.h"

struct _FaultPage {
  Page parent_instance;
  PrintState state;
};

G_DEFINE_FINAL_TYPE (FaultPage, fault_page, PAGE_TYPE)

static GtkWidget *
row_new (const char *key, const char *text)
{
  GtkWidget *row = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item is-wide");
  GtkWidget *left = label_new ("k-key", key);
  gtk_widget_set_size_request (left, 190, -1);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), left);
  GtkWidget *right = label_new ("k-lead", text);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_box_append (GTK_BOX (row), right);
  return row;
}

/* What stays true whatever the printer does. Owned. */
static char *
kept (Page *page)
{
  const char *language = page_language (page);
  const TicketRow *ticket = session_flow (page_session (page), SESSION_SLOT_TICKET);
  if (session_flow (page_session (page), SESSION_SLOT_RESULT) != NULL)
    return g_strdup (page_say (page, "Your application is saved on this machine and will be "
                                     "uploaded. You need not submit it again."));
  if (ticket != NULL)
    return translate_printf (language, "Your number %s stays yours. You need not draw again.",
                             ticket->number);
  return g_strdup (page_say (page, "Nothing is lost."));
}

/* FALSE: the paper is a result slip. */
static gboolean
has_number (Page *page)
{
  Session *session = page_session (page);
  return session_flow (session, SESSION_SLOT_RESULT) != NULL ||
         session_flow (session, SESSION_SLOT_TICKET) != NULL;
}

static void
on_have (GtkButton *button, gpointer data)
{
  print_watch_do (data, PRINT_WATCH_HAVE_PAPER);
}

static void
on_have_not (GtkButton *button, gpointer data)
{
  print_watch_do (data, PRINT_WATCH_NO_PAPER);
}

static void
on_again (GtkButton *button, gpointer data)
{
  print_watch_do (data, PRINT_WATCH_AGAIN);
}

static void
on_without (GtkButton *button, gpointer data)
{
  print_watch_do (data, PRINT_WATCH_CANCEL);
}

static void
on_help (GtkButton *button, gpointer data)
{
  sheets_show_help (page_kiosk (data));
}

static GtkWidget *
way_new (Page *page, const char *icon, const char *title, const char *second, GCallback clicked)
{
  GtkWidget *row = button_new_row (glyph_new_in_moon (icon, 40, 80, NULL), page_say (page, title),
                                   page_say (page, second), NULL, clicked, page);
  gtk_widget_remove_css_class (row, "k-row");
  gtk_widget_add_css_class (row, "k-choice");
  return row;
}

static void
add_ways (Page *page, GtkWidget *body, gboolean unknown)
{
  GtkWidget *title = label_new ("k-section", unknown ? page_say (page, "Is the paper in your hand?")
                                                     : page_say (page, "You can choose"));
  gtk_widget_set_margin_top (title, 48);
  gtk_box_append (GTK_BOX (body), title);
  GtkWidget *ways = gtk_box_new (GTK_ORIENTATION_VERTICAL, 20);
  gtk_widget_set_margin_top (ways, 20);
  if (unknown) {
    gtk_box_append (GTK_BOX (ways),
                    way_new (page, "check", N_ ("Yes, I have it"),
                             N_ ("It is whole and can be read"), G_CALLBACK (on_have)));
    gtk_box_append (GTK_BOX (ways), way_new (page, "printer", N_ ("No, print it again"),
                                             N_ ("The new paper says that it is another copy"),
                                             G_CALLBACK (on_have_not)));
  } else {
    gtk_box_append (GTK_BOX (ways),
                    way_new (page, "printer", N_ ("Print it again"),
                             N_ ("When the printer is ready again"), G_CALLBACK (on_again)));
    gtk_box_append (
        GTK_BOX (ways),
        way_new (page, "phone", N_ ("Go on without paper"),
                 has_number (page)
                     ? N_ ("Number and code stay on the screen; note or photograph them")
                     : N_ ("The result stays on the screen until you end"),
                 G_CALLBACK (on_without)));
  }
  gtk_box_append (GTK_BOX (ways),
                  way_new (page, "people", N_ ("Ask at the window"),
                           N_ ("Staff can print it for you"), G_CALLBACK (on_help)));
  gtk_box_append (GTK_BOX (body), ways);
}

static void
fault_page_build (Page *page)
{
  FaultPage *self = ONESTOP_FAULT_PAGE (page);
  g_auto (PrintFlowView) view = {.state = PRINT_STATE_FAILED, .condition = PRINTER_CONDITION_OTHER};
  print_watch_look (page, print_watch_remembered (page), &view);
  self->state = view.state;
  gboolean unknown = view.state == PRINT_STATE_UNKNOWN;
  gboolean named = !printer_condition_can_print (view.condition);
  GtkWidget *body = page_body (page);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 40);
  gtk_widget_set_margin_top (head, 24);
  gtk_box_append (GTK_BOX (head), glyph_new_in_moon (unknown ? "dialog-question" : "printer-error",
                                                     80, 150, unknown ? "is-notice" : "is-error"));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  g_autofree char *code =
      translate_printf (page_language (page), "Printer · code %s",
                        named ? printer_condition_code (view.condition) : "P-09");
  const char *title = unknown ? page_say (page, "Did the paper come out?")
                      : named ? page_say (page, printer_condition_sentence (view.condition))
                              : page_say (page, "The paper did not come out");
  gtk_box_append (GTK_BOX (words), label_new (unknown ? "k-strong" : "k-error-text", code));
  gtk_box_append (GTK_BOX (words),
                  label_new (g_utf8_strlen (title, -1) > 20 ? "k-h1 is-small" : "k-h1", title));
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (body), head);
  page_set_title (page, title, FALSE);

  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  gtk_widget_set_margin_top (list, 48);
  g_autofree char *safe = kept (page);
  gtk_box_append (GTK_BOX (list),
                  row_new (page_say (page, "What happened"),
                           unknown ? page_say (page, "The printer took the paper's contents and "
                                                     "then did not say whether it printed them.")
                                   : page_say (page, "The printer did not finish the paper.")));
  gtk_box_append (GTK_BOX (list), row_new (page_say (page, "What is safe"), safe));
  gtk_box_append (GTK_BOX (list),
                  row_new (page_say (page, "What to do"),
                           unknown
                               ? page_say (page, "Look at the slot below the screen, then answer.")
                           : named ? page_say (page, printer_condition_remedy (view.condition))
                                   : page_say (page, "Print it again, or go on without paper.")));
  gtk_box_append (GTK_BOX (body), list);
  add_ways (page, body, unknown);
}

/* Another process may settle it: staff put paper in, the printer answered after all. */
static void
fault_page_tick (Page *page)
{
  g_auto (PrintFlowView) view = {0};
  if (!print_watch_look (page, print_watch_remembered (page), &view))
    return;
  if (view.state != ONESTOP_FAULT_PAGE (page)->state)
    page_event (page, view.state == PRINT_STATE_FAILED || view.state == PRINT_STATE_UNKNOWN
                          ? SESSION_STEP
                          : SESSION_DONE);
}

static void
fault_page_class_init (FaultPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = fault_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = fault_page_tick;
}

static void
fault_page_init (FaultPage *page)
{
}
