/* home-page.c: six tiles in a fixed order, one of them leading. Holds nothing of a visitor. */
#include "kiosk/home-page.h"

#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"
#include "kiosk/queue-card.h"

struct _HomePage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (HomePage, home_page, PAGE_TYPE)

typedef struct {
  const char *title, *second, *glyph;
  SessionEvent event;
} Tile;

static const Tile tiles[] = {
    {N_ ("Check eligibility"), N_ ("A few questions, two minutes"), "elig", SESSION_GO_CHECK},
    {N_ ("Service guide"), N_ ("Steps, papers, time limits"), "guide", SESSION_GO_GUIDE},
    {N_ ("Apply"), N_ ("Fill in, scan and submit"), "apply", SESSION_GO_APPLY},
    {N_ ("Take a ticket"), N_ ("Queue for a window now"), "ticket", SESSION_GO_TICKET},
    {N_ ("Scan your code"), N_ ("Receipt or ticket code"), "scan", SESSION_GO_CODE},
    {N_ ("Track progress"), N_ ("Where your case is now"), "track", SESSION_GO_TRACK},
};

static void
on_tile (GtkButton *button, gpointer data)
{
  const Tile *tile = g_object_get_data (G_OBJECT (button), "tile");
  page_event (data, tile->event);
}

static GtkWidget *
tile_new (Page *page, const Tile *tile, gboolean lead)
{
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (top), glyph_new_in_moon (tile->glyph, 64, 112, NULL));
  GtkWidget *arrow = label_classes (glyph_new ("go-next", 40), "k-arrow");
  gtk_widget_set_hexpand (arrow, TRUE);
  gtk_widget_set_halign (arrow, GTK_ALIGN_END);
  gtk_widget_set_valign (arrow, GTK_ALIGN_START);
  gtk_widget_set_margin_top (arrow, 6);
  gtk_box_append (GTK_BOX (top), arrow);

  GtkWidget *title = label_new ("k-tile-title", page_say (page, tile->title));
  gtk_widget_set_vexpand (title, TRUE);
  gtk_widget_set_valign (title, GTK_ALIGN_END);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), label_new ("k-tile-second", page_say (page, tile->second)));

  GtkWidget *button = button_new_around (lead ? "k-tile is-lead" : "k-tile", box,
                                         page_say (page, tile->title), G_CALLBACK (on_tile), page);
  label_describe (button, page_say (page, tile->second));
  g_object_set_data (G_OBJECT (button), "tile", (gpointer)tile);
  gtk_widget_set_size_request (button, -1, 344);
  return button;
}

static void
home_page_build (Page *page)
{
  GtkWidget *moon = motif_new (MOTIF_MOON, 348, 364);
  gtk_widget_set_halign (moon, GTK_ALIGN_END);
  gtk_widget_set_valign (moon, GTK_ALIGN_START);

  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_start (box, 64);
  gtk_widget_set_margin_end (box, 64);
  GtkWidget *title = label_new ("k-h1 is-large", page_say (page, "What do you need?"));
  gtk_widget_set_margin_top (title, 70);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (
      GTK_BOX (box),
      label_new ("k-lead", page_say (page, "No login needed. A specialist can help you.")));

  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (grid), 24);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 24);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_set_vexpand (grid, FALSE);
  gtk_widget_set_margin_top (grid, 76);
  for (gsize i = 0; i < G_N_ELEMENTS (tiles); i++)
    gtk_grid_attach (GTK_GRID (grid), tile_new (page, &tiles[i], i == 0), (int)i % 2, (int)i / 2, 1,
                     1);
  gtk_box_append (GTK_BOX (box), grid);

  GtkWidget *queue = queue_card_new (page);
  gtk_widget_set_margin_top (queue, 32);
  gtk_box_append (GTK_BOX (box), queue);
  GtkWidget *promise =
      label_new (NULL, page_say (page, "Personal details are cleared when you leave"));
  gtk_widget_set_margin_top (promise, 32);
  gtk_box_append (GTK_BOX (box), promise);

  GtkWidget *whole = motif_behind (moon, box);
  page_set_title (page, page_say (page, "What do you need?"), FALSE);
  page_set_bare (page, whole);
}

static void
home_page_class_init (HomePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = home_page_build;
}

static void
home_page_init (HomePage *page)
{
}
