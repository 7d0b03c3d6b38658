/* bottom-bar.c: 128 px at the lower edge of every page: the three ways that are always open. */
#include "kiosk/bottom-bar.h"

#include "base/translate.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

typedef struct {
  const char *icon;
  GtkWidget *box, *words, *mark;
  const char *text; /* msgid */
  BottomBarState state;
} Device;

struct _BottomBar {
  GtkWidget parent_instance;
  Kiosk *kiosk;
  GtkWidget *root, *help, *end, *devices;
  Device device[4];
  int n_devices;
};

G_DEFINE_FINAL_TYPE (BottomBar, bottom_bar, GTK_TYPE_WIDGET)

static void
bottom_bar_dispose (GObject *object)
{
  g_clear_pointer (&ONESTOP_BOTTOM_BAR (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (bottom_bar_parent_class)->dispose (object);
}

static void
bottom_bar_class_init (BottomBarClass *class)
{
  G_OBJECT_CLASS (class)->dispose = bottom_bar_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bottom_bar_init (BottomBar *bar)
{
}

GtkWidget *
bottom_bar_new (Kiosk *kiosk, GCallback on_help, GCallback on_end, gpointer data)
{
  BottomBar *bar = g_object_new (BOTTOM_BAR_TYPE, NULL);
  bar->kiosk = kiosk;
  bar->root = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (bar->root, "k-bottombar");
  bar->help = button_new ("k-help", "", "call-start", NULL, on_help, data);
  gtk_widget_set_valign (bar->help, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (bar->root), bar->help);

  bar->devices = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 28);
  gtk_widget_set_hexpand (bar->devices, TRUE);
  gtk_widget_set_halign (bar->devices, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (bar->root), bar->devices);

  bar->end = button_new ("k-btn k-secondary k-end", "", "edit-clear-all", NULL, on_end, data);
  gtk_widget_set_valign (bar->end, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (bar->root), bar->end);
  gtk_widget_set_parent (bar->root, GTK_WIDGET (bar));
  return GTK_WIDGET (bar);
}

static void
show_device (BottomBar *bar, Device *device)
{
  static const char *const marks[] = {"check", "dialog-warning", "dialog-warning"};
  gtk_widget_set_visible (device->box, device->text != NULL);
  if (device->text == NULL)
    return;
  const char *words = translate (session_language (bar->kiosk->session), device->text);
  /* In a session the bar is narrow: a fine device is its picture and a check. */
  gtk_label_set_text (GTK_LABEL (device->words), words);
  gtk_widget_set_visible (device->words, device->state != BOTTOM_BAR_FINE ||
                                             !session_is_open (bar->kiosk->session));
  gtk_widget_remove_css_class (device->box, "is-notice");
  gtk_widget_remove_css_class (device->box, "is-error");
  if (device->state != BOTTOM_BAR_FINE)
    gtk_widget_add_css_class (device->box,
                              device->state == BOTTOM_BAR_NOTICE ? "is-notice" : "is-error");
  if (device->mark != NULL)
    gtk_box_remove (GTK_BOX (device->box), device->mark);
  device->mark = glyph_new (marks[device->state], 24);
  gtk_box_append (GTK_BOX (device->box), device->mark);
  label_name (device->box, words);
}

void
bottom_bar_set_device (BottomBar *bar, const char *icon, const char *text, BottomBarState state)
{
  Device *device = NULL;
  for (int i = 0; i < bar->n_devices; i++)
    if (g_str_equal (bar->device[i].icon, icon))
      device = &bar->device[i];
  if (device == NULL) {
    g_return_if_fail (bar->n_devices < (int)G_N_ELEMENTS (bar->device));
    device = &bar->device[bar->n_devices++];
    device->icon = icon;
    device->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
    gtk_widget_add_css_class (device->box, "k-device");
    gtk_box_append (GTK_BOX (device->box), glyph_new (icon, 32));
    device->words = label_new_line (NULL, NULL);
    gtk_box_append (GTK_BOX (device->box), device->words);
    gtk_box_append (GTK_BOX (bar->devices), device->box);
  }
  device->text = text;
  device->state = state;
  show_device (bar, device);
}

void
bottom_bar_update (BottomBar *bar)
{
  Session *session = bar->kiosk->session;
  const char *language = session_language (session);
  button_set_label (bar->help, translate (language, "Call a specialist"));
  button_set_label (bar->end, translate (language, "End and clear"));
  gtk_widget_set_visible (bar->end,
                          session_is_open (session) && session_state (session) != SESSION_IDLE);
  for (int i = 0; i < bar->n_devices; i++)
    show_device (bar, &bar->device[i]);
}
