/* queue-card.c: reads the public queue of the store. */
#include "kiosk/queue-card.h"

#include "base/clock.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "store/public-store.h"

char *
queue_card_last (Kiosk *kiosk, char **ret_window)
{
  g_autofree char *day = clock_day (clock_now ());
  if (kiosk->app->db == NULL)
    return NULL;
  g_autoptr (GPtrArray) called = public_store_called (kiosk->app->db, day, 50, NULL);
  for (guint i = 0; called != NULL && i < called->len; i++) {
    const PublicTicket *ticket = called->pdata[i];
    if (!g_str_equal (ticket->state, "called") && !g_str_equal (ticket->state, "served"))
      continue;
    if (ret_window != NULL)
      *ret_window = g_strdup (ticket->window);
    return g_strdup (ticket->number);
  }
  return NULL;
}

GtkWidget *
queue_card_new (Page *page)
{
  g_autofree char *window = NULL;
  g_autofree char *number = queue_card_last (page_kiosk (page), &window);
  GtkWidget *note = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 28);
  gtk_widget_add_css_class (note, "k-note");
  gtk_box_append (GTK_BOX (note), label_classes (glyph_new ("people", 52), "k-acc"));
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (note), lines);
  if (number == NULL) {
    gtk_box_append (
        GTK_BOX (lines),
        label_new ("k-section", page_say (page, "No number has been called yet today")));
    gtk_box_append (
        GTK_BOX (lines),
        label_new ("k-note-text", page_say (page, "Take a ticket and watch the hall screen")));
    return note;
  }
  g_autofree char *title =
      translate_printf (page_language (page), "Talent window now serving %s", number);
  gtk_box_append (GTK_BOX (lines), label_new ("k-section", title));
  if (window != NULL) {
    g_autofree char *where = translate_printf (page_language (page), "At window %s", window);
    gtk_box_append (GTK_BOX (lines), label_new ("k-note-text", where));
  }
  return note;
}
