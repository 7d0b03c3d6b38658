/* log-command.c: reads the journal from its first entry and says whether the chain is whole. */
#include "cli/log-command.h"

#include <stdio.h>
#include <string.h>

#include "base/strict-json.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "store/journal.h"

#define USAGE "onestop log verify [--json]"

static int
tell (const JournalReport *report, gboolean json)
{
  gboolean whole = report->broken_seq == 0;

  if (json) {
    json_t *out = json_pack ("{sb sI ss}", "whole", whole, "entries", (json_int_t)report->entries,
                             "head", report->head);
    if (!whole)
      json_object_set_new (out, "broken",
                           json_pack ("{ss sI ss}", "incarnation", report->broken_incarnation,
                                      "seq", (json_int_t)report->broken_seq, "reason",
                                      report->reason));
    command_app_print_json (out);
  } else if (whole) {
    printf ("whole: %" G_GINT64_FORMAT " entries, head %s\n", report->entries, report->head);
  } else {
    printf ("broken at entry %" G_GINT64_FORMAT " of %s: %s\n", report->broken_seq,
            report->broken_incarnation, report->reason);
  }
  return whole ? COMMAND_DONE : COMMAND_NO;
}

int
log_command_run (int argc, char **argv)
{
  gboolean json = FALSE;
  GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL},
                            {NULL}};
  g_autofree char *config = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (JournalReport) report = NULL;
  g_autoptr (GError) problem = NULL;
  int code = command_app_parse (USAGE,
                                "Checks the hash chain of this device's log. Exit 0 if it is "
                                "whole, 1 if not.",
                                entries, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc != 2 || strcmp (argv[1], "verify") != 0)
    return command_usage (USAGE);
  app = command_app_open (argv[0], config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  report = journal_verify (app->db, &problem);
  return report != NULL ? tell (report, json) : command_fail (argv[0], problem);
}
