/* doctor-command.c: prints what ops/health finds. A guide that cannot be read is a finding;
 * without configuration or store there is nothing to examine, and the error says why. */
#include "cli/doctor-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "flow/app.h"
#include "ops/health.h"

static const char usage[] = "onestop doctor [--json] [--report FILE.pdf] [--config FILE]";

static void
print_text (const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++) {
    const HealthFinding *finding = g_ptr_array_index (findings, i);
    printf ("%-8s %-16s %s%s%s\n", health_level_word (finding->level), finding->part,
            finding->sentence, *finding->remedy != '\0' ? " " : "", finding->remedy);
  }
}

static int
examine (App *app, gboolean json)
{
  gint64 now = clock_now ();
  const HealthSubject subject = {.config = app->config,
                                 .db = app->db,
                                 .directory = app->directory,
                                 .enrolment = app->enrolment,
                                 .key_set = app->key_set,
                                 .guide = app->guide,
                                 .clock_unsure = app_clock_unsure (app, app->db, now, NULL),
                                 .now = now};
  g_autoptr (GPtrArray) findings = health_check (&subject);

  if (json) {
    g_autoptr (json_t) document = health_to_json (findings);
    g_autofree char *text = strict_json_pretty (document);
    puts (text);
  } else {
    print_text (findings);
  }
  return health_worst (findings) <= HEALTH_WARNING ? COMMAND_NO : COMMAND_DONE;
}

int
doctor_command_run (int argc, char **argv)
{
  const char *config = NULL;
  gboolean json = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (App) app = NULL;

  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--json") == 0)
      json = TRUE;
    else if (strcmp (argv[i], "--config") == 0 && i + 1 < argc)
      config = argv[++i];
    else if (strcmp (argv[i], "--report") == 0 && i + 1 < argc) {
      fprintf (stderr, "onestop doctor: --report is not built yet\n");
      return COMMAND_NOT_NOW;
    } else if (strcmp (argv[i], "--help") == 0) {
      printf ("usage: %s\n", usage);
      return COMMAND_DONE;
    } else {
      return command_usage (usage);
    }
  }
  app = app_open (config, 0, &error);
  if (app == NULL) {
    g_autoptr (GError) problem = NULL;
    app = app_open (config, APP_WITHOUT_GUIDE, &problem); /* the guide is then a finding */
  }
  return app != NULL ? examine (app, json) : command_fail (argv[0], error);
}
