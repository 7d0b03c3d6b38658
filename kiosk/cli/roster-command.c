/* roster-command.c: takes in the roster of titles, and tells how old it is. Never shows a hash. */
#include "cli/roster-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "flow/roster-flow.h"
#include "store/roster-store.h"

#define USAGE "onestop roster import FILE --key KEYFILE | status [--json]"
#define ABOUT                                                                                      \
  "The roster of titles, matched without a network. FILE has one line a title: 64 lower-case "     \
  "hex\n"                                                                                          \
  "digits, one blank, the title's id in the guide (\"jieqing\"); lines with # are passed over. "   \
  "The\n"                                                                                          \
  "digits are BLAKE2b with 32 bytes of output under the key in KEYFILE (32 bytes as 64 hex\n"      \
  "digits), over the identity number in ASCII, upper case, without blanks. An import replaces\n"   \
  "roster and key whole; the store keeps no number."

static int
import (App *app, const char *path, const char *key)
{
  g_autoptr (GError) problem = NULL;
  guint lines = 0;

  if (!roster_flow_import (app, app->db, path, key, clock_now (), &lines, &problem))
    return command_fail ("roster", problem);
  printf ("%u titles\n", lines);
  return COMMAND_DONE;
}

static int
status (App *app, gboolean json)
{
  g_autoptr (GError) problem = NULL;
  gint64 lines, at;

  if (!roster_store_count (app->db, &lines, &at, &problem))
    return command_fail ("roster", problem);
  g_autofree char *when = at > 0 ? clock_format (at) : NULL;
  if (json)
    return command_app_print_json (
        json_pack ("{sI ss?}", "titles", (json_int_t)lines, "imported_at", when));
  printf ("%" G_GINT64_FORMAT " titles, imported %s\n", lines, when != NULL ? when : "never");
  return COMMAND_DONE;
}

int
roster_command_run (int argc, char **argv)
{
  g_autofree char *config = NULL, *key = NULL;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &key, "The roster's key", "KEYFILE"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "As JSON", NULL},
      {NULL}};
  int code = command_app_parse (USAGE, ABOUT, entries, &config, &argc, &argv);

  if (code >= 0)
    return code;
  gboolean imports = argc == 3 && strcmp (argv[1], "import") == 0 && key != NULL;
  if (!imports && !(argc == 2 && strcmp (argv[1], "status") == 0))
    return command_usage (USAGE);
  g_autoptr (App) app = command_app_open (argv[0], config, 0, &code);
  if (app == NULL)
    return code;
  return imports ? import (app, argv[2], key) : status (app, json);
}
