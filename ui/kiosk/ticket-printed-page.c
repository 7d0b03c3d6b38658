/* ticket-printed-page.c: the ticket as it is on paper. Says "take it" only when the printer did. */
#include "kiosk/ticket-printed-page.h"

#include "base/clock.h"
#include "domain/queue.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/print-watch.h"
#include "kiosk/qr-view.h"
#include "store/public-store.h"
#include "store/ticket-store.h"

struct _TicketPrintedPage {
  Page parent_instance;
  GtkWidget *title, *lead;
  gint64 job;
};

G_DEFINE_FINAL_TYPE (TicketPrintedPage, ticket_printed_page, PAGE_TYPE)

static const TicketRow *
row_of (Page *page)
{
  return session_flow (page_session (page), SESSION_SLOT_TICKET);
}

static GtkWidget *
line_new (const char *text)
{
  return label_new ("k-lead", text);
}

static GtkWidget *
facts_new (Page *page, const TicketRow *row)
{
  const char *language = page_language (page);
  GtkWidget *facts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_set_valign (facts, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (facts, TRUE);
  gint64 ahead = -1;
  Db *db = page_kiosk (page)->app->db;
  if (db != NULL)
    public_store_ahead (db, row->day, row->family, row->number, &ahead, NULL);
  if (ahead >= 0) {
    g_autofree char *text =
        translate_count (language, "%d person before you", "%d people before you", (int)ahead);
    gtk_box_append (GTK_BOX (facts), line_new (text));
  }
  g_autofree char *time = translate_time (row->drawn_at);
  g_autofree char *drawn = translate_printf (language, "Drawn at %s", time);
  gtk_box_append (GTK_BOX (facts), line_new (drawn));
  gtk_box_append (GTK_BOX (facts), line_new (page_say (page, "Good today")));
  return facts;
}

static GtkWidget *
paper_new (Page *page, const TicketRow *row)
{
  const QueueFamily *family = queue_family (row->family[0]);
  gboolean zh = g_str_equal (page_language (page), "zh_CN");
  GtkWidget *paper = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-paper");
  gtk_widget_set_size_request (paper, 648, -1);
  gtk_widget_set_halign (paper, GTK_ALIGN_CENTER);
  if (family != NULL)
    gtk_box_append (GTK_BOX (paper), label_new_centred ("k-strong", zh ? family->zh : family->en));
  gtk_box_append (GTK_BOX (paper), label_new_centred ("k-number is-giant", row->number));
  GtkWidget *rule = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "k-tear");
  gtk_widget_set_margin_bottom (rule, 32);
  gtk_box_append (GTK_BOX (paper), rule);
  GtkWidget *low = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_box_append (GTK_BOX (low), facts_new (page, row));
  gtk_box_append (GTK_BOX (low),
                  qr_view_new (row->text, 260, page_say (page, "QR code of the ticket")));
  gtk_box_append (GTK_BOX (paper), low);
  return paper;
}

static GtkWidget *
hint_new (const char *icon, const char *title, const char *second)
{
  GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
  gtk_box_append (GTK_BOX (item), glyph_new_in_moon (icon, 36, 72, NULL));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), label_new ("k-row-title", title));
  gtk_box_append (GTK_BOX (words), label_new ("k-row-second", second));
  gtk_box_append (GTK_BOX (item), words);
  return item;
}

static void
look (TicketPrintedPage *self, gboolean may_leave)
{
  Page *page = ONESTOP_PAGE (self);
  g_auto (PrintFlowView) view = {0};
  if (!print_watch_look (page, self->job, &view))
    return;
  if (view.state == PRINT_STATE_QUEUED || view.state == PRINT_STATE_SENDING)
    session_touch (page_session (page), clock_monotonic ());
  if (view.state == PRINT_STATE_FAILED || view.state == PRINT_STATE_UNKNOWN) {
    if (may_leave)
      page_event (page, SESSION_PRINT_FAULT);
    return;
  }
  gtk_label_set_text (GTK_LABEL (self->title),
                      view.state == PRINT_STATE_PRINTED ? page_say (page, "Take your ticket")
                      : view.state == PRINT_STATE_CANCELLED
                          ? page_say (page, "Note your number")
                          : page_say (page, "Your ticket is being printed"));
  gtk_label_set_text (GTK_LABEL (self->lead), print_watch_words (page, &view));
}

static void
on_home (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_DONE);
}

static void
on_guide (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_GO_GUIDE);
}

static void
ticket_printed_page_build (Page *page)
{
  TicketPrintedPage *self = ONESTOP_TICKET_PRINTED_PAGE (page);
  const TicketRow *row = row_of (page);
  GtkWidget *body = page_body (page);
  self->title = label_new_centred ("k-h1", page_say (page, "Your number"));
  self->lead = label_new_centred ("k-lead", page_say (page, "Good today"));
  page_set_title (page, page_say (page, "Your number"), FALSE);
  gtk_widget_set_margin_top (self->title, 24);
  gtk_box_append (GTK_BOX (body), self->title);
  gtk_box_append (GTK_BOX (body), self->lead);
  if (row != NULL) {
    GtkWidget *slot = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "k-slot");
    gtk_widget_set_size_request (slot, 768, 56);
    gtk_widget_set_halign (slot, GTK_ALIGN_CENTER);
    gtk_widget_set_margin_top (slot, 36);
    gtk_box_append (GTK_BOX (body), slot);
    gtk_box_append (GTK_BOX (body), paper_new (page, row));
    self->job = print_watch_remembered (page);
    if (self->job == 0)
      self->job = print_watch_find (page, PRINT_KIND_TICKET, row->id);
    print_watch_remember (page, self->job);
  }
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  gtk_widget_set_margin_top (list, 48);
  gtk_box_append (
      GTK_BOX (list),
      hint_new ("audio-volume-high", page_say (page, "Watch the hall screen"),
                page_say (page, "When it is your turn, it shows your number and the window.")));
  gtk_box_append (
      GTK_BOX (list),
      hint_new ("scan", page_say (page, "Scan the ticket here again"),
                page_say (page, "Any kiosk of this hall then shows how many are before you.")));
  gtk_box_append (GTK_BOX (body), list);
  page_add_action (page, page_say (page, "Home"), "go-home", G_CALLBACK (on_home));
  page_set_primary (page, page_say (page, "Read the guide meanwhile"), "go-next",
                    G_CALLBACK (on_guide));
  look (self, FALSE);
}

static void
ticket_printed_page_tick (Page *page)
{
  look (ONESTOP_TICKET_PRINTED_PAGE (page), TRUE);
}

static void
ticket_printed_page_class_init (TicketPrintedPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = ticket_printed_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = ticket_printed_page_tick;
}

static void
ticket_printed_page_init (TicketPrintedPage *self)
{
}
