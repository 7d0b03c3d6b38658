/* button.c: builds the few kinds of buttons that the design knows. Refused: gestures of our own. */
#include "kiosk/button.h"

#include "kiosk/glyph.h"
#include "kiosk/label.h"

GtkWidget *
button_new_around (const char *classes, GtkWidget *content, const char *name, GCallback clicked,
                   gpointer data)
{
  GtkWidget *button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), content);
  label_classes (button, classes);
  label_name (button, name);
  if (clicked != NULL)
    g_signal_connect (button, "clicked", clicked, data);
  return button;
}

GtkWidget *
button_new (const char *classes, const char *label, const char *before, const char *after,
            GCallback clicked, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  if (before != NULL)
    gtk_box_append (GTK_BOX (box), glyph_new (before, 38));
  /* A short label is never cut; a long one (a name out of the guide) rather than the button grows.
   */
  GtkWidget *words =
      g_utf8_strlen (label, -1) <= 24 ? label_new_chip (NULL, label) : label_new_line (NULL, label);
  gtk_box_append (GTK_BOX (box), words);
  if (after != NULL)
    gtk_box_append (GTK_BOX (box), glyph_new (after, 32));
  GtkWidget *button = button_new_around (classes, box, label, clicked, data);
  g_object_set_data (G_OBJECT (button), "words", words);
  return button;
}

void
button_set_label (GtkWidget *button, const char *label)
{
  GtkWidget *words = g_object_get_data (G_OBJECT (button), "words");
  gtk_label_set_text (GTK_LABEL (words), label);
  label_name (button, label);
}

void
button_wrap_label (GtkWidget *button)
{
  GtkLabel *words = g_object_get_data (G_OBJECT (button), "words");
  gtk_label_set_ellipsize (words, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (words, TRUE);
  gtk_label_set_natural_wrap_mode (words, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_justify (words, GTK_JUSTIFY_CENTER);
}

static GtkWidget *
two_lines (const char *title, const char *second)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), label_new ("k-row-title", title));
  if (second != NULL && *second != '\0')
    gtk_box_append (GTK_BOX (box), label_new ("k-row-second", second));
  return box;
}

GtkWidget *
button_new_row (GtkWidget *lead, const char *title, const char *second, GtkWidget *right,
                GCallback clicked, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  if (lead != NULL)
    gtk_box_append (GTK_BOX (box), lead);
  gtk_box_append (GTK_BOX (box), two_lines (title, second));
  if (right != NULL) {
    gtk_widget_set_valign (right, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (box), right);
  }
  gtk_box_append (GTK_BOX (box), glyph_new ("go-next", 28));
  GtkWidget *button = button_new_around ("k-row", box, title, clicked, data);
  label_describe (button, second);
  return button;
}

GtkWidget *
button_new_option (GtkWidget *group, gboolean many, const char *title, const char *second,
                   gboolean active)
{
  GtkWidget *option = gtk_check_button_new ();
  if (group != NULL && !many)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (option), GTK_CHECK_BUTTON (group));
  gtk_check_button_set_child (GTK_CHECK_BUTTON (option), two_lines (title, second));
  label_classes (option, many ? "k-option" : "k-option is-single");
  label_name (option, title);
  label_describe (option, second);
  /* Its mark is a widget of GTK that would be called by its type. */
  label_name (gtk_widget_get_first_child (option), title);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (option), active);
  return option;
}
