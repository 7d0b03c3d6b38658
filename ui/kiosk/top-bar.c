/* top-bar.c: 128 px of ink at the top of every page. */
#include "kiosk/top-bar.h"

#include "base/translate.h"
#include "kiosk/button.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

struct _TopBar {
  GtkWidget parent_instance;
  Kiosk *kiosk;
  GtkWidget *root, *hall, *service, *training, *time, *day, *language;
};

G_DEFINE_FINAL_TYPE (TopBar, top_bar, GTK_TYPE_WIDGET)

static void
top_bar_dispose (GObject *object)
{
  g_clear_pointer (&ONESTOP_TOP_BAR (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (top_bar_parent_class)->dispose (object);
}

static void
top_bar_class_init (TopBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = top_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
top_bar_init (TopBar *bar)
{
}

static GtkWidget *
two_lines (GtkWidget *first, GtkWidget *second, GtkAlign align)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (first, align);
  gtk_widget_set_halign (second, align);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  return box;
}

GtkWidget *
top_bar_new (Kiosk *kiosk, GCallback on_language, gpointer data)
{
  TopBar *bar = g_object_new (TOP_BAR_TYPE, NULL);
  bar->kiosk = kiosk;
  bar->root = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (bar->root, "k-topbar");
  gtk_box_append (GTK_BOX (bar->root), motif_new (MOTIF_MARK, 68, 68));

  bar->hall = label_new_line ("k-hall", NULL);
  bar->service = label_new_line ("k-bar-sub", NULL);
  GtkWidget *names = two_lines (bar->hall, bar->service, GTK_ALIGN_START);
  gtk_widget_set_hexpand (names, TRUE);
  gtk_box_append (GTK_BOX (bar->root), names);

  bar->training = label_new_chip ("k-chip is-notice", NULL);
  gtk_widget_set_valign (bar->training, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (bar->root), bar->training);

  bar->time = label_new_line ("k-clock", NULL);
  bar->day = label_new_line ("k-bar-sub", NULL);
  gtk_box_append (GTK_BOX (bar->root), two_lines (bar->time, bar->day, GTK_ALIGN_END));

  bar->language = button_new ("k-language", "", NULL, NULL, on_language, data);
  gtk_widget_set_valign (bar->language, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (bar->root), bar->language);
  gtk_widget_set_parent (bar->root, GTK_WIDGET (bar));
  return GTK_WIDGET (bar);
}

static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

void
top_bar_update (TopBar *bar, gint64 now)
{
  Session *session = bar->kiosk->session;
  const char *language = session_language (session);
  const char *other = session_other_language (session);
  g_autofree char *day = translate_day (language, now);
  g_autofree char *time = translate_time (now);
  set_text (bar->hall, app_peek_hall_name (bar->kiosk->app, language));
  set_text (bar->service, translate (language, "One-stop talent service"));
  set_text (bar->training, translate (language, "Training"));
  gtk_widget_set_visible (bar->training, bar->kiosk->app->config->mode == CONFIG_MODE_TRAINING);
  set_text (bar->time, time);
  set_text (bar->day, day);
  button_set_label (bar->language, translate_language_name (other));
  gtk_widget_set_visible (bar->language, g_strcmp0 (other, language) != 0);
}
