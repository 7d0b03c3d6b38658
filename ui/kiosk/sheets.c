/* sheets.c: help without a telephone: where the people are; and the one question of the shell. */
#include "kiosk/sheets.h"

#include "base/clock.h"
#include "domain/queue.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

static void
on_hide (GtkButton *button, gpointer data)
{
  shell_hide_sheet (((Kiosk *)data)->shell);
}

static GtkWidget *
sheet_new (Kiosk *kiosk, const char *icon, const char *title, const char *lead)
{
  const char *language = session_language (kiosk->session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (head), glyph_new_in_moon (icon, 64, 112, NULL));
  gtk_box_append (GTK_BOX (words), label_new ("k-h1 is-small", translate (language, title)));
  gtk_box_append (GTK_BOX (words), label_new ("k-lead", translate (language, lead)));
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (box), head);
  return box;
}

static GtkWidget *
family_new (const QueueFamily *family, const char *language)
{
  GtkWidget *item = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (item, "k-item");
  char letter[2] = {family->letter, '\0'};
  GtkWidget *moon = gtk_center_box_new ();
  gtk_widget_add_css_class (moon, "k-moon");
  gtk_widget_set_size_request (moon, 80, 80);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (moon), label_new_centred ("k-letter", letter));
  gtk_box_append (GTK_BOX (item), moon);
  gtk_box_append (
      GTK_BOX (item),
      label_new ("k-row-title", g_str_equal (language, "zh_CN") ? family->zh : family->en));
  return item;
}

void
sheets_show_help (Kiosk *kiosk)
{
  const char *language = session_language (kiosk->session);
  GtkWidget *sheet =
      sheet_new (kiosk, "people", N_ ("A specialist at the talent window"),
                 N_ ("Go to the talent window of this hall and say what you need. You need no "
                     "number for a question."));
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (list, "k-list");
  gtk_widget_set_margin_top (list, 32);
  for (const QueueFamily *family = queue_families (); family->letter != 0; family++)
    gtk_box_append (GTK_BOX (list), family_new (family, language));
  gtk_box_append (GTK_BOX (sheet), list);
  const Hours *hours = kiosk->app->config->hours;
  if (hours != NULL) {
    g_autofree char *open = hours_text (hours, language);
    g_autofree char *text = translate_printf (language, "Opening hours: %s", open);
    GtkWidget *label = label_new ("k-lead", text);
    gtk_widget_set_margin_top (label, 24);
    gtk_box_append (GTK_BOX (sheet), label);
  }
  GtkWidget *close = button_new ("k-btn k-primary", translate (language, "Close"), NULL, NULL,
                                 G_CALLBACK (on_hide), kiosk);
  gtk_widget_set_margin_top (close, 40);
  gtk_box_append (GTK_BOX (sheet), close);
  shell_show_sheet (kiosk->shell, translate (language, "Call a specialist"), sheet);
}

static void
on_sure (GtkButton *button, gpointer data)
{
  Kiosk *kiosk = data;
  SessionEvent event =
      (SessionEvent)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "event"));
  session_event (kiosk->session, event, clock_monotonic ());
}

void
sheets_ask_end (Kiosk *kiosk, SessionEvent event)
{
  const char *language = session_language (kiosk->session);
  GtkWidget *sheet = sheet_new (kiosk, "apply", N_ ("End without submitting?"),
                                N_ ("What you typed and scanned has not been submitted. It will be "
                                    "cleared and cannot be brought back."));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_set_margin_top (row, 48);
  GtkWidget *clear = button_new ("k-btn k-secondary", translate (language, "Clear all"),
                                 "edit-clear-all", NULL, G_CALLBACK (on_sure), kiosk);
  g_object_set_data (G_OBJECT (clear), "event", GINT_TO_POINTER (event));
  GtkWidget *stay = button_new ("k-btn k-primary", translate (language, "Keep working"), NULL, NULL,
                                G_CALLBACK (on_hide), kiosk);
  gtk_widget_set_hexpand (stay, TRUE);
  gtk_box_append (GTK_BOX (row), clear);
  gtk_box_append (GTK_BOX (row), stay);
  gtk_box_append (GTK_BOX (sheet), row);
  shell_show_sheet (kiosk->shell, translate (language, "End without submitting?"), sheet);
}
