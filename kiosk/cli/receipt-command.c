/* receipt-command.c: draws a receipt that is still kept, without a printer. */
#include "cli/receipt-command.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/strict-json.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "domain/receipt.h"
#include "paper/receipt-paper.h"
#include "store/receipt-store.h"

#define USAGE "onestop receipt pdf NUMBER -o FILE"

static gboolean
draw (App *app, const char *number, const char *path, GError **error)
{
  g_autoptr (json_t) data = receipt_store_get (app->db, number, error);
  g_autoptr (Receipt) receipt = data != NULL ? receipt_from_json (data, error) : NULL;
  g_autoptr (GBytes) pdf = receipt != NULL ? receipt_paper_render (receipt, error) : NULL;

  return pdf != NULL &&
         file_write (path, g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), 0600, error);
}

int
receipt_command_run (int argc, char **argv)
{
  g_autofree char *output = NULL, *config = NULL;
  GOptionEntry entries[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Where the PDF goes", "FILE"}, {NULL}};
  g_autoptr (App) app = NULL;
  g_autoptr (GError) problem = NULL;
  int code = command_app_parse (USAGE, "The receipt of a case of this machine, as PDF.", entries,
                                &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc != 3 || strcmp (argv[1], "pdf") != 0 || output == NULL)
    return command_usage (USAGE);
  app = command_app_open (argv[0], config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  return draw (app, argv[2], output, &problem) ? COMMAND_DONE : command_fail (argv[0], problem);
}
