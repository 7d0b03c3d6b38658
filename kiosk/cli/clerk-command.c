/* clerk-command.c: who may use the hall's key. Passphrases come on standard input, one a line, and
 * are wiped. */
#include "cli/clerk-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/command-app.h"
#include "cli/command-clerk.h"
#include "cli/command.h"
#include "domain/person.h"
#include "flow/clerk-flow.h"

#define USAGE "onestop clerk add NAME [--by CLERK] | remove NAME | list [--config FILE]"
static int
add (App *app, const char *name, const char *by)
{
  g_autoptr (GError) error = NULL;
  person_autotext char *by_passphrase = by != NULL ? command_clerk_passphrase (by) : NULL;
  person_autotext char *passphrase = command_clerk_passphrase (name);

  if (passphrase == NULL) {
    fprintf (stderr, "onestop clerk: the passphrase is read from standard input\n");
    return COMMAND_USAGE;
  }
  if (!clerk_flow_add (app, name, passphrase, by, by_passphrase, clock_now (), &error))
    return command_fail ("clerk", error);
  printf ("%s may sign in at the desk.\n", name);
  return COMMAND_DONE;
}

static int
list (App *app)
{
  g_autoptr (GPtrArray) names = clerk_flow_list (app);

  for (guint i = 0; i < names->len; i++)
    printf ("%s\n", (const char *)names->pdata[i]);
  return COMMAND_DONE;
}

int
clerk_command_run (int argc, char **argv)
{
  g_autofree char *config = NULL, *by = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (GError) error = NULL;
  GOptionEntry options[] = {
      {"by", 0, 0, G_OPTION_ARG_STRING, &by, "the clerk who lets the new one in", "CLERK"}, {NULL}};
  int code = command_app_parse (USAGE,
                                "Clerks of the desk. The first needs nobody; each later one is let "
                                "in by a clerk who is there.\n"
                                "Passphrases (12 characters or more) are read from standard input, "
                                "one a line: that of --by first.\n",
                                options, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc < 2 || argc != (strcmp (argv[1], "list") == 0 ? 2 : 3))
    return command_usage (USAGE);
  app = command_app_open ("clerk", config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  if (strcmp (argv[1], "list") == 0)
    return list (app);
  if (strcmp (argv[1], "add") == 0)
    return add (app, argv[2], by);
  if (strcmp (argv[1], "remove") != 0)
    return command_usage (USAGE);
  if (!clerk_flow_remove (app, argv[2], clock_now (), &error))
    return command_fail ("clerk", error);
  printf ("%s may no longer sign in.\n", argv[2]);
  return COMMAND_DONE;
}
