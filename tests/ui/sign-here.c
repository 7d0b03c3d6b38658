/* sign-here.c: a window with nothing but a signature pad. Prints the strokes as SVG after each, one
 * line each; a slow frame (40 ms) stands for a busy terminal. */
#include <gtk/gtk.h>

#include "kiosk/signature-pad.h"

static void
on_signed (SignaturePad *pad, gpointer data)
{
  g_autoptr (GBytes) svg = signature_pad_svg (pad);
  g_print ("%.*s\n", (int)g_bytes_get_size (svg), (const char *)g_bytes_get_data (svg, NULL));
  signature_pad_clear (pad);
}

static gboolean
on_frame (GtkWidget *pad, GdkFrameClock *clock, gpointer data)
{
  static gboolean said;
  g_usleep (40000);
  if (!said)
    g_print ("ready\n");
  said = TRUE;
  return G_SOURCE_CONTINUE;
}

int
main (void)
{
  gtk_init ();
  GtkWidget *window = gtk_window_new ();
  SignaturePad *pad = signature_pad_new ("pad");
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (pad));
  gtk_window_fullscreen (GTK_WINDOW (window));
  g_signal_connect (pad, "signed", G_CALLBACK (on_signed), NULL);
  gtk_widget_add_tick_callback (GTK_WIDGET (pad), on_frame, NULL, NULL);
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
  return 0;
}
