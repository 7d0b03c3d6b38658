/* bottom-bar.c: 128 px at the lower edge of every page: the three ways that are always open. */
#include "kiosk/bottom-bar.h"

#include "base/translate.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

#define WORDS_MAX 2 /* troubles in words: there is no room for a third */

typedef struct {
  const char *name, *icon;
  GtkWidget *box, *picture, *words, *mark;
  const char *text; /* msgid; NULL is no hint */
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

/* How many troubles are told before that of `device`: the worst first, then by their places. */
static int
troubles_before (const BottomBar *bar, const Device *device)
{
  int n = 0;
  for (const Device *other = bar->device; other < bar->device + bar->n_devices; other++)
    if (other->text != NULL && other->state != BOTTOM_BAR_FINE &&
        (other->state > device->state || (other->state == device->state && other < device)))
      n++;
  return n;
}

static void
replace_glyph (GtkWidget *box, GtkWidget **place, const char *name, int size)
{
  gboolean first = gtk_widget_get_first_child (box) == *place;
  if (*place != NULL)
    gtk_box_remove (GTK_BOX (box), *place);
  *place = glyph_new (name, size);
  if (first)
    gtk_box_prepend (GTK_BOX (box), *place);
  else
    gtk_box_append (GTK_BOX (box), *place);
}

static void
show_device (BottomBar *bar, Device *device)
{
  static const char *const marks[] = {"check", "dialog-warning", "dialog-warning"};
  static const char *const classes[] = {"", "is-notice", "is-error"};
  gboolean narrow = session_is_open (bar->kiosk->session), fine = device->state == BOTTOM_BAR_FINE;
  int before = troubles_before (bar, device);
  gboolean shown = device->text != NULL && !(narrow && before > 0);
  gtk_widget_set_visible (device->box, shown);
  if (!shown)
    return;
  const char *words = translate (session_language (bar->kiosk->session), device->text);
  gtk_label_set_text (GTK_LABEL (device->words), words);
  gtk_widget_set_visible (device->words, fine ? !narrow : before < WORDS_MAX);
  for (gsize i = BOTTOM_BAR_NOTICE; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (device->box, classes[i]);
  if (!fine)
    gtk_widget_add_css_class (device->box, classes[device->state]);
  replace_glyph (device->box, &device->picture, device->icon, 32);
  replace_glyph (device->box, &device->mark, marks[device->state], 24);
  label_name (device->box, words);
}

static Device *
device_of (BottomBar *bar, const char *name)
{
  for (int i = 0; i < bar->n_devices; i++)
    if (g_str_equal (bar->device[i].name, name))
      return &bar->device[i];
  g_return_val_if_fail (bar->n_devices < (int)G_N_ELEMENTS (bar->device), NULL);
  Device *device = &bar->device[bar->n_devices++];
  device->name = name;
  device->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  gtk_widget_add_css_class (device->box, "k-device");
  device->picture = glyph_new ("check", 32);
  gtk_box_append (GTK_BOX (device->box), device->picture);
  device->words = label_new_line (NULL, NULL);
  gtk_box_append (GTK_BOX (device->box), device->words);
  gtk_box_append (GTK_BOX (bar->devices), device->box);
  return device;
}

void
bottom_bar_set_device (BottomBar *bar, const char *name, const char *icon, const char *text,
                       BottomBarState state)
{
  Device *device = device_of (bar, name);
  if (device->icon == icon && device->text == text && device->state == state)
    return;
  device->icon = icon;
  device->text = text;
  device->state = state;
  for (int i = 0; i < bar->n_devices; i++)
    show_device (bar, &bar->device[i]);
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
