/* dossier-command.c: a dossier as PDF, for a clerk who signed in. The reading is recorded before
 * anything is opened; only the file that was asked for is written. */
#include "cli/dossier-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/command-app.h"
#include "cli/command-clerk.h"
#include "cli/command.h"
#include "domain/case-number.h"
#include "flow/dossier-flow.h"

#define USAGE "onestop dossier pdf NUMBER -o FILE --clerk NAME [--config FILE]"
#define ABOUT                                                                                      \
  "The dossier of a case of this hall, on the desk (desk.conf). The clerk's passphrase is read "   \
  "from standard input; the reading is recorded first. (dossier bag is not built yet.)"

static gboolean
write_pdf (App *app, const Clerk *clerk, const char *number, const char *path, GError **error)
{
  gint64 now = clock_now ();
  g_autoptr (DeskReading) reading = desk_flow_open (app, app->db, clerk, number, now, error);
  g_autoptr (GBytes) pdf =
      reading != NULL ? dossier_flow_render (app, reading, clerk->name, now, NULL, error) : NULL;

  return pdf != NULL &&
         file_write (path, g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), 0600, error);
}

static int
run (const char *config, const char *name, const char *typed, const char *path)
{
  int code = COMMAND_DONE;
  g_autofree char *where = command_clerk_config (config), *number = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (Clerk) clerk = NULL;

  if (case_number_read (typed, &number) != CASE_NUMBER_OK) {
    fprintf (stderr, "onestop dossier: not a case number\n");
    return COMMAND_REFUSED;
  }
  app = command_app_open ("dossier", where, 0, &code);
  clerk = app != NULL ? command_clerk_sign_in (app, "dossier", name, &code) : NULL;
  if (clerk == NULL)
    return code;
  return write_pdf (app, clerk, number, path, &problem) ? COMMAND_DONE
                                                        : command_fail ("dossier", problem);
}

int
dossier_command_run (int argc, char **argv)
{
  g_autofree char *output = NULL, *config = NULL, *clerk = NULL;
  GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the PDF goes", "FILE"},
      {"clerk", 0, 0, G_OPTION_ARG_STRING, &clerk, "Who reads it", "NAME"},
      {NULL}};
  int code = command_app_parse (USAGE, ABOUT, entries, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc >= 2 && strcmp (argv[1], "bag") == 0) {
    fprintf (stderr, "onestop dossier bag: not built yet\n");
    return COMMAND_NOT_NOW;
  }
  if (argc != 3 || strcmp (argv[1], "pdf") != 0 || output == NULL)
    return command_usage (USAGE);
  return run (config, clerk, argv[2], output);
}
