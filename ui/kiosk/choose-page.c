/* choose-page.c: says beforehand what it takes (papers, minutes), then leads to the service. */
#include "kiosk/choose-page.h"

#include "domain/guide.h"
#include "kiosk/catalogue-page.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

struct _ChoosePage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (ChoosePage, choose_page, PAGE_TYPE)

static GtkWidget *
note_new (Page *page)
{
  GtkWidget *note = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note is-why");
  gtk_box_append (GTK_BOX (note), label_classes (glyph_new ("clock", 44), "k-glyph"));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (words), label_new ("k-strong", page_say (page, "Before you begin")));
  gtk_box_append (
      GTK_BOX (words),
      label_new ("k-note-text",
                 page_say (page, "It takes about ten minutes. Have your identity document and the "
                                 "papers of the service with you, on paper or on a USB drive.")));
  gtk_box_append (GTK_BOX (note), words);
  return note;
}

static void
on_guide (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_GO_GUIDE);
}

static void
choose_page_build (Page *page)
{
  GtkWidget *body = page_body (page);
  Guide *guide = page_kiosk (page)->app->guide;
  page_set_title (page, page_say (page, "What do you apply for?"), TRUE);
  gtk_box_append (
      GTK_BOX (body),
      label_new ("k-lead", page_say (page, "These services can be applied for at this machine.")));
  GtkWidget *content = page_add_scroller (page);
  gtk_widget_set_margin_top (content, 32);
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  const GPtrArray *services = guide != NULL ? guide_services (guide) : NULL;
  for (guint i = 0; services != NULL && i < services->len; i++) {
    const GuideService *service = services->pdata[i];
    if (service->complete && service->enabled)
      gtk_box_append (GTK_BOX (list), catalogue_page_row_new (page, service));
  }
  if (gtk_widget_get_first_child (list) != NULL)
    gtk_box_append (GTK_BOX (content), list);
  else
    g_object_unref (g_object_ref_sink (list));
  GtkWidget *note = note_new (page);
  gtk_widget_set_margin_top (note, 32);
  gtk_box_append (GTK_BOX (content), note);
  page_add_back (page);
  page_add_action (page, page_say (page, "See all services"), NULL, G_CALLBACK (on_guide));
}

static void
choose_page_class_init (ChoosePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = choose_page_build;
}

static void
choose_page_init (ChoosePage *page)
{
}
