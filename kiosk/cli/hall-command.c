/* hall-command.c: makes the hall's key, on the desk. */
#include "cli/hall-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "flow/clerk-flow.h"

#define USAGE "onestop hall init [--config FILE]"

int
hall_command_run (int argc, char **argv)
{
  g_autofree char *config = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (GError) error = NULL;
  GOptionEntry none[] = {{NULL}};
  int code = command_app_parse (
      USAGE,
      "Makes the hall's key, which opens what the hall's kiosks sealed. On the desk, once; then\n"
      "add the clerks who may use it.\n",
      none, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc != 2 || strcmp (argv[1], "init") != 0)
    return command_usage (USAGE);
  app = command_app_open ("hall", config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  if (!clerk_flow_init_hall (app, clock_now (), &error))
    return command_fail ("hall", error);
  printf ("The hall's key is made. Add the first clerk: onestop clerk add NAME\n");
  return COMMAND_DONE;
}
