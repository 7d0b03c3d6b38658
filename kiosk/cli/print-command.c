/* print-command.c: shows the print spool, and says for a person what is to be done with a job.
 * Sends nothing to a printer: that is onestop-print's. */
#include "cli/print-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "flow/print-flow.h"

#define USAGE "onestop print list [--json] | retry ID | cancel ID"
#define MOST 200

static int
list (App *app, gboolean json)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) jobs = print_spool_list (app->db, MOST, &problem);
  json_t *out = json_array ();

  if (jobs == NULL) {
    json_decref (out);
    return command_fail ("print", problem);
  }
  for (guint i = 0; i < jobs->len; i++) {
    const PrintJob *job = jobs->pdata[i];
    g_autofree char *queued = clock_format (job->queued_at);
    const char *state = print_state_word (job->state), *kind = print_kind_word (job->kind);
    json_array_append_new (out,
                           json_pack ("{sI ss ss si ss ss? ss}", "id", (json_int_t)job->id, "kind",
                                      kind, "reference", job->reference, "copy", job->copy, "state",
                                      state, "reason", job->reason, "queued_at", queued));
    if (!json)
      printf ("%5" G_GINT64_FORMAT "  %-9s  %-7s  %-24s  copy %d  %s%s%s\n", job->id, state, kind,
              job->reference, job->copy, queued, job->reason != NULL ? "  " : "",
              job->reason != NULL ? job->reason : "");
  }
  if (json)
    return command_app_print_json (out);
  json_decref (out);
  return COMMAND_DONE;
}

/* A job whose outcome nobody knows is retried only after its paper was looked for: asking for a
 * retry says that there is none. */
static gboolean
retry (App *app, gint64 id, gint64 *ret_id, GError **error)
{
  gint64 now = clock_now ();
  g_autoptr (PrintJob) job = print_spool_get (app->db, id, error);

  if (job == NULL)
    return FALSE;
  if (job->state == PRINT_STATE_UNKNOWN)
    return print_flow_answer (app->db, id, FALSE, now, ret_id, error);
  return print_flow_again (app->db, id, now, ret_id, error);
}

static int
change (App *app, const char *act, const char *text)
{
  g_autoptr (GError) problem = NULL;
  guint64 id;
  gint64 new_id = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    return command_usage (USAGE);
  new_id = (gint64)id;
  if (strcmp (act, "retry") == 0 ? !retry (app, (gint64)id, &new_id, &problem)
                                 : !print_flow_cancel (app->db, (gint64)id, clock_now (), &problem))
    return command_fail ("print", problem);
  printf ("%" G_GINT64_FORMAT "\n", new_id);
  return COMMAND_DONE;
}

int
print_command_run (int argc, char **argv)
{
  gboolean json = FALSE;
  GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL},
                            {NULL}};
  g_autofree char *config = NULL;
  g_autoptr (App) app = NULL;
  gboolean listing, changing;
  int code =
      command_app_parse (USAGE,
                         "The print spool, newest first. retry queues a failed job again; for a "
                         "job that is unknown it "
                         "says that no paper came out. Prints the id of the job that is queued.",
                         entries, &config, &argc, &argv);

  if (code >= 0)
    return code;
  listing = argc == 2 && strcmp (argv[1], "list") == 0;
  changing = argc == 3 && (strcmp (argv[1], "retry") == 0 || strcmp (argv[1], "cancel") == 0);
  if (!listing && !changing)
    return command_usage (USAGE);
  app = command_app_open (argv[0], config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  return listing ? list (app, json) : change (app, argv[1], argv[2]);
}
