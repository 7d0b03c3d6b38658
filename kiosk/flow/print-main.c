/* print-main.c: onestop-print: drains the print spool of one store and takes personal paper over
 * its socket. One process a store (print.lock). What speaks to a printer is a child of it: the same
 * program with --errand. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "flow/app.h"
#include "flow/print-child.h"
#include "flow/print-drain.h"
#include "flow/print-flow.h"
#include "flow/print-socket.h"

#define POLL_S 5
#define STALL_S 60

static char *option_config;
static gboolean option_once, option_version;
static int option_errand;
static int option_poll = POLL_S, option_stall = STALL_S, option_silence = PRINT_ERRAND_SILENCE_S;
static int option_mend = PRINT_FLOW_MEND_S, option_gone = PRINT_FLOW_GONE_S;

static const GOptionEntry options[] = {
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &option_config, "Configuration file", "FILE"},
    {"once", 0, 0, G_OPTION_ARG_NONE, &option_once,
     "Print what waits and end; 3 if something was left, failed or is unknown", NULL},
    {"poll", 0, 0, G_OPTION_ARG_INT, &option_poll, "Seconds between looks at an idle printer (5)",
     "N"},
    {"stall", 0, 0, G_OPTION_ARG_INT, &option_stall,
     "Seconds after which a job that does not move is given up (60)", "N"},
    {"mend", 0, 0, G_OPTION_ARG_INT, &option_mend,
     "Seconds to wait for paper, a cover or a jam (300)", "N"},
    {"gone", 0, 0, G_OPTION_ARG_INT, &option_gone,
     "Seconds to wait for a printer that does not answer (20)", "N"},
    {"silence", 0, 0, G_OPTION_ARG_INT, &option_silence,
     "Seconds of silence after which the printer's process is killed (20)", "N"},
    {"version", 0, 0, G_OPTION_ARG_NONE, &option_version, "Print the version", NULL},
    {"errand", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &option_errand, NULL, NULL},
    G_OPTION_ENTRY_NULL};

typedef struct {
  GMainLoop *loop;
  guint left;
} Run;

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
on_rest (guint left, gpointer data)
{
  Run *run = data;

  run->left = left;
  g_main_loop_quit (run->loop);
}

/* Held as long as the process lives; its children do not inherit it. */
static gboolean
take_lock (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "print.lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "another onestop-print works for this store (%s: %s)", path, g_strerror (errno));
    return FALSE;
  }
  /* cppcheck-suppress resourceLeak ; this is the lock */
  return TRUE;
}

/* A terminal whose guide cannot be read still prints. */
static App *
open_app (GError **error)
{
  g_autoptr (GError) problem = NULL;
  App *app = app_open (option_config, 0, &problem);

  if (app != NULL)
    return app;
  log_warning ("print.no-guide", "%s", problem->message);
  return app_open (option_config, APP_WITHOUT_GUIDE, error);
}

static int
serve (App *app)
{
  const PrintDrainLimits limits = {MAX (option_mend, 1), MAX (option_gone, 1),
                                   MAX (option_stall, 1), MAX (option_silence, 1)};
  guint poll_s = option_once ? 0 : MAX (option_poll, 1);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Run run = {loop, 0};
  g_autoptr (PrintLane) receipt = print_lane_new (app->db, PRINT_FLOW_RECEIPT_PRINTER,
                                                  app->config->receipt_printer_uri, poll_s);
  g_autoptr (PrintLane) page =
      print_lane_new (app->db, PRINT_FLOW_PAGE_PRINTER, app->config->page_printer_uri, poll_s);
  g_autoptr (PrintDrain) drain = print_drain_new (app, receipt, &limits);
  g_autoptr (PrintSocket) socket = NULL;

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  if (option_once)
    print_drain_on_rest (drain, on_rest, &run);
  else if ((socket = print_socket_new (app->directory, page, receipt, &limits, &error)) == NULL)
    log_error ("print.no-socket", "%s", error->message);
  log_info ("print.started", "for %s", app->directory);
  g_main_loop_run (loop);
  return run.left > 0 ? 3 : 0;
}

int
main (int argc, char **argv)
{
  const struct rlimit no_core = {0, 0};
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (App) app = NULL;

  setlocale (LC_CTYPE, "C.UTF-8");
  signal (SIGPIPE, SIG_IGN);
  setrlimit (RLIMIT_CORE, &no_core); /* personal paper passes through this process */
  g_option_context_set_summary (context,
                                "Prints what waits in the terminal's spool, and personal paper "
                                "that comes over its socket.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1) {
    fprintf (stderr, "onestop-print: %s\n",
             error != NULL ? error->message : "it takes options only; see --help");
    return 2;
  }
  if (option_errand > 0)
    return print_child_run (option_errand);
  if (option_version) {
    printf ("onestop-print %s\n", ONESTOP_VERSION);
    return 0;
  }
  app = open_app (&error);
  if (app == NULL || !take_lock (app->directory, &error)) {
    fprintf (stderr, "onestop-print: %s\n", error->message);
    return onestop_error_exit_code (error);
  }
  return serve (app);
}
