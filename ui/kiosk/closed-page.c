/* closed-page.c: the hall's hours, and the guide to read meanwhile. */
#include "kiosk/closed-page.h"

#include "kiosk/glyph.h"
#include "kiosk/label.h"

struct _ClosedPage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (ClosedPage, closed_page, PAGE_TYPE)

static void
on_guide (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_GO_GUIDE);
}

static void
closed_page_build (Page *page)
{
  GtkWidget *body = page_body (page);
  const Hours *hours = page_kiosk (page)->app->config->hours;
  GtkWidget *moon = glyph_new_in_moon ("clock", 140, 280, NULL);
  gtk_widget_set_margin_top (moon, 240);
  gtk_box_append (GTK_BOX (body), moon);
  GtkWidget *title = label_new_centred ("k-h1", page_say (page, "The hall is closed now"));
  gtk_widget_set_margin_top (title, 64);
  gtk_box_append (GTK_BOX (body), title);
  if (hours != NULL) {
    g_autofree char *open = hours_text (hours, page_language (page));
    g_autofree char *text = translate_printf (page_language (page), "Opening hours: %s", open);
    gtk_box_append (GTK_BOX (body), label_new_centred ("k-lead", text));
  }
  gtk_box_append (
      GTK_BOX (body),
      label_new_centred ("k-lead", page_say (page, "You can still read the service guide here.")));
  page_set_title (page, page_say (page, "The hall is closed now"), FALSE);
  page_set_primary (page, page_say (page, "Read the service guide"), "go-next",
                    G_CALLBACK (on_guide));
}

static void
closed_page_class_init (ClosedPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = closed_page_build;
}

static void
closed_page_init (ClosedPage *page)
{
}
