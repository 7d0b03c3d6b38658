/* step-line.c: words at the left, bars at the right; the bars are a picture of the words. */
#include "kiosk/step-line.h"

#include "kiosk/label.h"

GtkWidget *
step_line_new (const char *words, int step, int of)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 20);
  gtk_box_append (GTK_BOX (line), label_new_line ("k-step-words", words));
  GtkWidget *bars = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_homogeneous (GTK_BOX (bars), TRUE);
  gtk_widget_set_hexpand (bars, TRUE);
  gtk_widget_set_valign (bars, GTK_ALIGN_CENTER);
  for (int i = 0; i < of; i++) {
    GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_box_append (GTK_BOX (bars), label_classes (bar, i < step ? "k-step is-done" : "k-step"));
  }
  gtk_box_append (GTK_BOX (line), bars);
  return line;
}
