/* document-view.c: every page of every document, decoded in the intake helper's jail. Refuses to
 * decode anything itself; a signature's strokes become a page of our own first. */
#include "desk/document-view.h"

#include <string.h>

#include "kiosk/button.h"
#include "kiosk/label.h"
#include "kiosk/thumbnail.h"
#include "paper/canvas.h"
#include "paper/strokes.h"

#define SMALL_WIDTH 72
#define SMALL_HEIGHT 96
#define LARGE_WIDTH 856
#define LARGE_HEIGHT 1160

typedef struct {
  Desk *desk;
  GtkWidget *large, *caption;
  GtkWidget *selected;
} View;

typedef struct {
  View *view;
  IntakeDocument shown; /* bytes referenced, texts owned */
  guint page;
  char *name;
} Leaf;

static void
leaf_free (gpointer data)
{
  Leaf *leaf = data;

  g_clear_pointer (&leaf->shown.bytes, g_bytes_unref);
  g_free (leaf->shown.media);
  g_free (leaf->name);
  g_free (leaf);
}

static GtkWidget *
large_new (Leaf *leaf)
{
  GtkWidget *sheet;

  if (leaf->shown.bytes == NULL)
    return label_new_centred (
        "d-note is-notice",
        translate (leaf->view->desk->language, "This document is still on its way here."));
  sheet = thumbnail_new (&leaf->shown, leaf->page, LARGE_WIDTH, LARGE_HEIGHT, leaf->name);
  /* As many pixels as that, in whatever room there is. */
  gtk_widget_set_size_request (sheet, 200, 200);
  return sheet;
}

static void
select_leaf (Leaf *leaf, GtkWidget *button)
{
  View *view = leaf->view;

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (view->large), large_new (leaf));
  gtk_label_set_text (GTK_LABEL (view->caption), leaf->name);
  if (view->selected != NULL)
    gtk_widget_remove_css_class (view->selected, "is-selected");
  view->selected = button;
  gtk_widget_add_css_class (button, "is-selected");
}

static void
on_leaf (GtkButton *button, gpointer data)
{
  select_leaf (data, GTK_WIDGET (button));
}

/* Strokes are no picture that intake decodes: a page of our own around them is. */
static GBytes *
signature_page (GBytes *svg)
{
  g_autoptr (Strokes) strokes = strokes_new (svg, NULL);
  g_autoptr (Canvas) canvas = strokes != NULL ? canvas_new (120, 60, "", 0) : NULL;

  if (canvas == NULL)
    return NULL;
  strokes_draw (strokes, canvas, 8, 6, 104, 48);
  return canvas_finish (canvas, NULL);
}

static Leaf *
leaf_new (View *view, const DeskDocument *document, guint page)
{
  Leaf *leaf = g_new0 (Leaf, 1);
  const char *language = view->desk->language;
  const char *name = desk_reading_document_name (view->desk->reading, document, language);
  gboolean strokes = strcmp (document->media, "image/svg+xml") == 0;

  leaf->view = view;
  leaf->page = page;
  leaf->name = document->pages > 1
                   ? translate_printf (language, "%s, page %u of %u", name, page, document->pages)
                   : g_strdup (name);
  leaf->shown.media = g_strdup (strokes ? "application/pdf" : document->media);
  leaf->shown.rotate = document->rotate;
  if (document->bytes != NULL)
    leaf->shown.bytes = strokes ? signature_page (document->bytes) : g_bytes_ref (document->bytes);
  return leaf;
}

static GtkWidget *
leaf_button_new (Leaf *leaf)
{
  GtkWidget *sheet =
      leaf->shown.bytes != NULL
          ? thumbnail_new (&leaf->shown, leaf->page, SMALL_WIDTH, SMALL_HEIGHT, leaf->name)
          : label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-paper-empty");
  GtkWidget *button = button_new_around ("d-leaf", sheet, leaf->name, G_CALLBACK (on_leaf), leaf);

  gtk_widget_set_size_request (sheet, SMALL_WIDTH, SMALL_HEIGHT);
  gtk_widget_set_tooltip_text (button, leaf->name);
  g_object_set_data_full (G_OBJECT (button), "leaf", leaf, leaf_free);
  return button;
}

static void
fill (View *view, GtkWidget *column)
{
  const GPtrArray *documents = view->desk->reading->documents;
  gboolean first = TRUE;

  for (guint i = 0; i < documents->len; i++) {
    const DeskDocument *document = documents->pdata[i];
    for (guint page = 1; page <= MAX (document->pages, 1); page++) {
      Leaf *leaf = leaf_new (view, document, page);
      GtkWidget *button = leaf_button_new (leaf);
      gtk_box_append (GTK_BOX (column), button);
      if (first)
        select_leaf (leaf, button);
      first = FALSE;
    }
  }
}

GtkWidget *
document_view_new (Desk *desk)
{
  View *view = g_new0 (View, 1);
  GtkWidget *box = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-documents");
  GtkWidget *scroll = gtk_scrolled_window_new (),
            *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  view->desk = desk;
  view->large = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (view->large), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_EXTERNAL);
  gtk_widget_set_hexpand (view->large, TRUE);
  gtk_widget_set_vexpand (view->large, TRUE);
  view->caption = label_new ("d-strong", "");
  gtk_label_set_max_width_chars (GTK_LABEL (view->caption), 24);
  gtk_box_append (GTK_BOX (right), view->caption);
  gtk_box_append (GTK_BOX (right), view->large);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), column);
  gtk_box_append (GTK_BOX (box), scroll);
  gtk_box_append (GTK_BOX (box), right);
  g_object_set_data_full (G_OBJECT (box), "view", view, g_free);
  fill (view, column);
  return box;
}
