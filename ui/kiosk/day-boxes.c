/* day-boxes.c: two rows of ten at most. */
#include "kiosk/day-boxes.h"

#include "kiosk/glyph.h"
#include "kiosk/label.h"

static char *
day_text (int day, gboolean with_month)
{
  int year, month, of_month;
  calendar_day_split (day, &year, &month, &of_month);
  return with_month ? g_strdup_printf ("%d/%d", month, of_month) : g_strdup_printf ("%d", of_month);
}

GtkWidget *
day_boxes_new (const Calendar *calendar, int due, int n, int today)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 10);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  g_autofree int *days = g_new (int, MAX (n, 1));
  int found = n;
  for (int day = due; found > 0; day--)
    if (day == due || calendar_is_working (calendar, day))
      days[--found] = day;
  for (int i = 0; i < n; i++) {
    gboolean gone = days[i] < today;
    GtkWidget *box = label_classes (gtk_center_box_new (), gone ? "k-day is-done" : "k-day");
    if (days[i] == today)
      gtk_widget_add_css_class (box, "is-today");
    gtk_widget_set_hexpand (box, TRUE);
    gtk_widget_set_size_request (box, -1, 52);
    if (gone)
      gtk_center_box_set_center_widget (GTK_CENTER_BOX (box), glyph_new ("check", 28));
    int month = 0, before = 0, unused;
    calendar_day_split (days[i], &unused, &month, &unused);
    if (i > 0)
      calendar_day_split (days[i - 1], &unused, &before, &unused);
    g_autofree char *text = day_text (days[i], i == 0 || month != before);
    gtk_grid_attach (GTK_GRID (grid), box, i % 10, 2 * (i / 10), 1, 1);
    gtk_grid_attach (GTK_GRID (grid),
                     label_new_centred (
                         days[i] == today || i == n - 1 ? "k-caption k-strong" : "k-caption", text),
                     i % 10, 2 * (i / 10) + 1, 1, 1);
  }
  return grid;
}
