/* main.c: onestop-sync: the daemon, one round, the status, the enrolment. Refuses to run as two
 * things at once. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "client/enrol.h"
#include "client/round.h"
#include "client/status.h"

enum { EXIT_USAGE = 2 };

typedef struct {
  const char *config, *city, *code;
  gboolean once, status, json, enrol;
} Options;

static volatile sig_atomic_t asked_to_stop;

static void
on_signal (int number)
{
  asked_to_stop = 1;
}

static gboolean
on_stop (gpointer data)
{
  return asked_to_stop != 0;
}

static int
fail (const GError *error)
{
  fprintf (stderr, "onestop-sync: %s\n", error->message);
  return onestop_error_exit_code (error);
}

static int
usage (FILE *to)
{
  fprintf (to,
           "usage: onestop-sync [--config FILE]                        keep this device in sync\n"
           "       onestop-sync [--config FILE] --once [--json]        one round\n"
           "       onestop-sync [--config FILE] --status [--json]      what waits, and since when\n"
           "       onestop-sync [--config FILE] enrol --city URL --code CODE\n");
  return to == stdout ? 0 : EXIT_USAGE;
}

static gboolean
read_options (int argc, char **argv, Options *options)
{
  for (int i = 1; i < argc; i++) {
    const char **value = NULL;
    if (strcmp (argv[i], "--config") == 0)
      value = &options->config;
    else if (strcmp (argv[i], "--city") == 0)
      value = &options->city;
    else if (strcmp (argv[i], "--code") == 0)
      value = &options->code;
    else if (strcmp (argv[i], "--once") == 0)
      options->once = TRUE;
    else if (strcmp (argv[i], "--status") == 0)
      options->status = TRUE;
    else if (strcmp (argv[i], "--json") == 0)
      options->json = TRUE;
    else if (strcmp (argv[i], "enrol") == 0)
      options->enrol = TRUE;
    else
      return FALSE;
    if (value != NULL && ++i >= argc)
      return FALSE;
    if (value != NULL)
      *value = argv[i];
  }
  if (options->enrol)
    return options->city != NULL && options->code != NULL && !options->once && !options->status;
  return options->city == NULL && options->code == NULL && !(options->once && options->status);
}

static int
run_enrol (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;

  if (!enrol_run (options->config, options->city, options->code, &device, &error))
    return fail (error);
  if (options->json)
    printf ("{\"device\":\"%s\"}\n", device);
  else
    printf ("enrolled as %s\n", device);
  return 0;
}

static int
print_status (Uplink *uplink, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) status = status_describe (uplink, &error);
  g_autofree char *text = NULL;

  if (status == NULL)
    return fail (error);
  text = options->json ? strict_json_write (status) : status_sentence (status);
  puts (text);
  return 0;
}

static int
run_once (Uplink *uplink, const Options *options)
{
  g_autoptr (GError) error = NULL;
  int code;

  uplink_stop_when (uplink, on_stop, NULL);
  if (round_run (uplink, &error))
    return print_status (uplink, options);
  code = fail (error);
  print_status (uplink, options);
  return code;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Uplink) uplink = NULL;
  Options options = {0};
  struct sigaction action = {.sa_handler = on_signal};

  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("onestop-sync %s\n", ONESTOP_VERSION);
    return 0;
  }
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    return usage (stdout);
  if (!read_options (argc, argv, &options))
    return usage (stderr);
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
  signal (SIGPIPE, SIG_IGN);
  if (options.enrol)
    return run_enrol (&options);
  uplink = uplink_open (options.config, &error);
  if (uplink == NULL)
    return fail (error);
  if (options.status)
    return print_status (uplink, &options);
  if (options.once)
    return run_once (uplink, &options);
  log_notice ("sync.start", "%s", uplink->enrolment->device);
  round_for_ever (uplink, on_stop, NULL);
  log_notice ("sync.end", "%s", uplink->enrolment->device);
  return 0;
}
