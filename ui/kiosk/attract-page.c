/* attract-page.c: shows nothing personal; stands still after ten minutes, and shifts a little every
 * five, for the panel's sake. */
#include "kiosk/attract-page.h"

#include "base/clock.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"
#include "kiosk/queue-card.h"
#include "kiosk/scene.h"

#define STILL_AFTER 600.0
#define SHIFT_EVERY 300.0
#define SHIFT 8

struct _AttractPage {
  Page parent_instance;
  GtkWidget *scene, *time, *day;
  gint64 started;
};

G_DEFINE_FINAL_TYPE (AttractPage, attract_page, PAGE_TYPE)

static void
on_wake (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_WAKE);
}

static void
show_clock (AttractPage *attract)
{
  g_autofree char *time = translate_time (clock_now ());
  g_autofree char *day = translate_day (page_language (ONESTOP_PAGE (attract)), clock_now ());
  gtk_label_set_text (GTK_LABEL (attract->time), time);
  gtk_label_set_text (GTK_LABEL (attract->day), day);
}

static GtkWidget *
head_new (AttractPage *attract)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_margin_start (head, 64);
  gtk_widget_set_margin_end (head, 64);
  gtk_widget_set_margin_top (head, 58);
  GtkWidget *names = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_hexpand (names, TRUE);
  /* Both languages at once: nobody has chosen one yet. */
  gtk_box_append (
      GTK_BOX (names),
      label_new ("k-attract-title", translate ("zh_CN", "Services for high-level talents")));
  gtk_box_append (
      GTK_BOX (names),
      label_new ("k-attract-sub", translate ("en", "One-stop services for high-level talents")));
  GtkWidget *clock = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  attract->time = label_new_line ("k-attract-time", NULL);
  attract->day = label_new_line (NULL, NULL);
  gtk_widget_set_halign (attract->time, GTK_ALIGN_END);
  gtk_widget_set_halign (attract->day, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (clock), attract->time);
  gtk_box_append (GTK_BOX (clock), attract->day);
  gtk_box_append (GTK_BOX (head), names);
  gtk_box_append (GTK_BOX (head), clock);
  show_clock (attract);
  return head;
}

static GtkWidget *
foot_new (Page *page)
{
  GtkWidget *foot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 28);
  gtk_widget_add_css_class (foot, "k-attract-foot");
  gtk_box_append (GTK_BOX (foot), motif_new (MOTIF_MARK, 80, 80));
  GtkWidget *names = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_hexpand (names, TRUE);
  gtk_widget_set_valign (names, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (names),
                  label_new_line ("k-hall", app_peek_hall_name (page_kiosk (page)->app, "zh_CN")));
  gtk_box_append (GTK_BOX (names),
                  label_new_line ("k-bar-sub",
                                  page_say (page, "Eligibility · Guide · Apply · Ticket · Track")));
  gtk_box_append (GTK_BOX (foot), names);
  g_autofree char *number = queue_card_last (page_kiosk (page), NULL);
  if (number != NULL) {
    GtkWidget *serving = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *words = label_new_line ("k-bar-sub", page_say (page, "Talent window now serving"));
    GtkWidget *big = label_new_line ("k-attract-serving", number);
    gtk_widget_set_halign (words, GTK_ALIGN_END);
    gtk_widget_set_halign (big, GTK_ALIGN_END);
    gtk_box_append (GTK_BOX (serving), words);
    gtk_box_append (GTK_BOX (serving), big);
    gtk_box_append (GTK_BOX (foot), serving);
  }
  return foot;
}

static GtkWidget *
start_new (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  gtk_widget_add_css_class (box, "k-attract-start");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), glyph_new ("hand", 64));
  gtk_box_append (GTK_BOX (box),
                  label_new_line (NULL, translate ("zh_CN", "Touch anywhere to begin")));
  return box;
}

static void
attract_page_build (Page *page)
{
  AttractPage *attract = ONESTOP_ATTRACT_PAGE (page);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), head_new (attract));
  GtkWidget *space = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (space, TRUE);
  gtk_box_append (GTK_BOX (box), space);
  gtk_box_append (GTK_BOX (box), start_new ());
  GtkWidget *english =
      label_new_centred ("k-attract-sub", translate ("en", "Touch anywhere to begin"));
  gtk_widget_set_margin_top (english, 20);
  gtk_widget_set_margin_bottom (english, 40);
  gtk_box_append (GTK_BOX (box), english);
  gtk_box_append (GTK_BOX (box), foot_new (page));

  attract->scene = scene_new ();
  GtkWidget *over = motif_behind (attract->scene, box);
  GtkWidget *button = button_new_around (
      "k-attract", over, translate ("en", "Touch anywhere to begin"), G_CALLBACK (on_wake), page);
  g_autofree char *name = g_strdup_printf ("%s %s", translate ("zh_CN", "Touch anywhere to begin"),
                                           translate ("en", "Touch anywhere to begin"));
  label_name (button, name);
  page_set_title (page, page_say (page, "Services for high-level talents"), FALSE);
  page_set_bare (page, button);
  attract->started = clock_monotonic ();
}

static void
attract_page_tick (Page *page)
{
  AttractPage *attract = ONESTOP_ATTRACT_PAGE (page);
  double seconds = (double)(clock_monotonic () - attract->started) / 1000;
  double shift = SHIFT * ((int)(seconds / SHIFT_EVERY) % 3 - 1) * (seconds > SHIFT_EVERY);
  gboolean moves = FALSE;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (page)), "gtk-enable-animations", &moves, NULL);
  if (moves && seconds < STILL_AFTER)
    scene_set_time (ONESTOP_SCENE (attract->scene), seconds, shift);
  else
    scene_set_time (ONESTOP_SCENE (attract->scene), 0, shift);
  show_clock (attract);
}

static gboolean
attract_page_code (Page *page, const char *text)
{
  /* Whoever holds a code to the reader is there. */
  page_event (page, SESSION_WAKE);
  return TRUE;
}

static void
attract_page_class_init (AttractPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = attract_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = attract_page_tick;
  ONESTOP_PAGE_CLASS (class)->code = attract_page_code;
}

static void
attract_page_init (AttractPage *page)
{
}
