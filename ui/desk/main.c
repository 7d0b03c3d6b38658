/* main.c: onestop-desk, the hall staff's window. Opens the store, shows the window. */
#include <glib-unix.h>
#include <gtk/gtk.h>

#include "base/clock.h"
#include "base/error.h"
#include "desk/desk-window.h"

#define LOCK_AFTER_S 300
#define SETTLE_MS 600

static char *option_config, *option_pictures;
static gboolean option_version;
static int option_lock_after = LOCK_AFTER_S;

static const GOptionEntry options[] = {
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &option_config, "Read FILE", "FILE"},
    {"lock-after", 0, 0, G_OPTION_ARG_INT, &option_lock_after,
     "Lock after S seconds without key or pointer (default 300)", "S"},
    {"pictures", 0, 0, G_OPTION_ARG_FILENAME, &option_pictures,
     "Leave a PNG of the locked desk in DIR, and end", "DIR"},
    {"version", 0, 0, G_OPTION_ARG_NONE, &option_version, "Print the version", NULL},
    {NULL}};

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_close (GtkWindow *window, gpointer loop)
{
  g_main_loop_quit (loop);
  return TRUE;
}

static void
add_style (const char *resource, guint priority)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, resource);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider), priority);
}

static void
load_style (void)
{
  add_style ("/cn/onestop/kiosk/kiosk.css", GTK_STYLE_PROVIDER_PRIORITY_USER);
  add_style ("/cn/onestop/desk/desk.css", GTK_STYLE_PROVIDER_PRIORITY_USER + 1);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024, "gtk-icon-theme-name",
                "Adwaita", "gtk-theme-name", "Default", NULL);
}

static int
fail (const GError *error)
{
  g_printerr ("onestop-desk: %s\n", error->message);
  return onestop_error_exit_code (error);
}

/* The first screen, where there is no screen. */
static int
take_picture (GtkWindow *window, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "desk-sign-in.png", NULL);
  gint64 until = clock_monotonic () + SETTLE_MS;
  GtkWidget *child = gtk_window_get_child (window);

  while (clock_monotonic () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (child);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (child), height = gtk_widget_get_height (child);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  GskRenderNode *node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return 5;
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, width, height);
  g_autoptr (GdkTexture) texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, &box);
  gsk_render_node_unref (node);
  return gdk_texture_save_to_png (texture, path) ? 0 : 3;
}

static int
run (App *app)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Desk desk = {.app = app,
               .language = app->config->screen_languages[0],
               .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
               .lock_after = option_lock_after};
  DeskWindow *window = desk_window_new (&desk);
  GtkWindow *top = desk_window_peek (window);
  int status = 0;

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_signal_connect (top, "close-request", G_CALLBACK (on_close), loop);
  gtk_window_present (top);
  if (option_pictures != NULL)
    status = take_picture (top, option_pictures);
  else
    g_main_loop_run (loop);
  desk_window_free (window);
  /* What was asked is finished, and keys and readings are wiped, before the rest goes. */
  g_clear_pointer (&app->worker, worker_free);
  g_hash_table_unref (desk.names);
  return status;
}

static gboolean
parse (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "The hall staff's desk: queue, cases, dossiers.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    g_printerr ("onestop-desk: %s\n", error->message);
    return FALSE;
  }
  if (*argc > 1 || option_lock_after < 1) {
    g_printerr ("onestop-desk: %s\n",
                *argc > 1 ? "unexpected argument" : "--lock-after wants 1 or more");
    return FALSE;
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!parse (&argc, &argv))
    return 2;
  if (option_version) {
    g_print ("onestop-desk %s\n", ONESTOP_VERSION);
    return 0;
  }
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_set_prgname ("onestop-desk");
  translate_init ();
  gtk_disable_setlocale ();
  if (!gtk_init_check ()) {
    g_printerr ("onestop-desk: no display\n");
    return 3;
  }
  load_style ();
  g_autoptr (App) app = app_open (option_config, 0, &error);
  if (app == NULL || !app_start_worker (app, &error))
    return fail (error);
  if (!app->config->is_desk) {
    g_printerr ("onestop-desk: %s is no desk's configuration\n", app->config->path);
    return 3;
  }
  return run (app);
}
