/* main.c: onestop-kiosk, the terminal. Leaves the network, opens the store, shows the shell. */
#include <glib-unix.h>
#include <gtk/gtk.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/translate.h"
#include "kiosk/no-network.h"
#include "kiosk/pictures.h"
#include "kiosk/shell.h"

static char *option_config, *option_pictures;
static gboolean option_step, option_windowed, option_fullscreen, option_version;

static const GOptionEntry options[] = {
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &option_config, "Read FILE", "FILE"},
    {"windowed", 0, 0, G_OPTION_ARG_NONE, &option_windowed, "Open in a window", NULL},
    {"fullscreen", 0, 0, G_OPTION_ARG_NONE, &option_fullscreen, "Fill the screen (default)", NULL},
    {"pictures", 0, 0, G_OPTION_ARG_FILENAME, &option_pictures,
     "Leave a PNG of every page in DIR, with sample data, and end", "DIR"},
    {"step", 0, 0, G_OPTION_ARG_NONE, &option_step,
     "With --pictures: wait for a line on standard input after each", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &option_version, "Print the version", NULL},
    {NULL}};

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static void
load_style (void)
{
  GtkCssProvider *provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/cn/onestop/kiosk/kiosk.css");
  gtk_style_context_add_provider_for_display (
      gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_USER);
  g_object_unref (provider);
  /* The panel's pixels are the design's pixels, whatever the desktop says. */
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024, "gtk-icon-theme-name",
                "Adwaita", "gtk-theme-name", "Default", "gtk-primary-button-warps-slider", FALSE,
                NULL);
}

static int
fail (const GError *error)
{
  g_printerr ("onestop-kiosk: %s\n", error->message);
  return onestop_error_exit_code (error);
}

static Session *
session_for (const Config *config)
{
  SessionTimes times = {config->idle_menu.silence, config->idle_menu.countdown,
                        config->idle_form.silence, config->idle_form.countdown,
                        config->idle_done,         config->idle_extended};
  return session_new (&times, (const char *const *)config->screen_languages, clock_monotonic ());
}

static void
renew_guide (gpointer data)
{
  app_renew_guide (data);
}

static int
run (App *app)
{
  g_autoptr (Session) session = session_for (app->config);
  Kiosk kiosk = {.app = app, .session = session};
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  session_add_wipe (session, renew_guide, app);
  Shell *shell = shell_new (&kiosk, option_windowed ? SHELL_WINDOWED : SHELL_FULLSCREEN);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_signal_connect_swapped (shell, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  gtk_window_present (GTK_WINDOW (shell));
  int status = 0;
  if (option_pictures != NULL)
    status = pictures_take (&kiosk, option_pictures, option_step);
  else
    g_main_loop_run (loop);
  gtk_window_destroy (GTK_WINDOW (shell));
  name_search_free (kiosk.search);
  g_clear_pointer (&kiosk.searched, guide_unref);
  pinyin_input_free (kiosk.pinyin);
  return status;
}

/* Without a guide the terminal still draws tickets and tracks cases, and says what is missing. */
static App *
open_app (GError **error)
{
  g_autoptr (GError) why = NULL;
  App *app = app_open (option_config, 0, &why);
  if (app != NULL)
    return app;
  app = app_open (option_config, APP_WITHOUT_GUIDE, error);
  if (app != NULL)
    log_error ("kiosk.guide", "the service guide cannot be read: %s", why->message);
  return app;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_summary (context, "The self-service terminal.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("onestop-kiosk: %s\n", error->message);
    return 2;
  }
  if (argc > 1) {
    g_printerr ("onestop-kiosk: unexpected argument %s\n", argv[1]);
    return 2;
  }
  if (option_version) {
    g_print ("onestop-kiosk %s\n", ONESTOP_VERSION);
    return 0;
  }
  /* Before any thread: GLib starts some at the first use of GIO or GTK. */
  if (!no_network_enter (&error)) {
    log_warning ("kiosk.network", "this kernel keeps us in its network: %s", error->message);
    g_clear_error (&error);
  }
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_set_prgname ("onestop-kiosk");
  translate_init ();
  gtk_disable_setlocale ();
  if (!gtk_init_check ()) {
    g_printerr ("onestop-kiosk: no display\n");
    return 3;
  }
  load_style ();
  g_autoptr (App) app = open_app (&error);
  if (app == NULL || !app_start_worker (app, &error))
    return fail (error);
  return run (app);
}
