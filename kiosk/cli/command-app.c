/* command-app.c: options and the App, the same for every command that needs them. */
#include "cli/command-app.h"

#include <stdio.h>

#include "base/strict-json.h"
#include "cli/command.h"
#include "flow/guide-flow.h"

int
command_app_parse (const char *usage, const char *about, GOptionEntry *entries, char **ret_config,
                   int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) problem = NULL;
  gboolean help = FALSE;
  GOptionEntry own[] = {
      {"config", 0, 0, G_OPTION_ARG_FILENAME, ret_config, "The configuration to use", "FILE"},
      {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this", NULL},
      {NULL},
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, own, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &problem)) {
    fprintf (stderr, "onestop %s: %s\n", (*argv)[0], problem->message);
    return command_usage (usage);
  }
  if (!help)
    return -1;
  {
    g_autofree char *options = g_option_context_get_help (context, FALSE, NULL);
    const char *list = g_strstr_len (options, -1, "Options:");
    printf ("usage: %s\n\n%s\n\n%s", usage, about, list != NULL ? list : "");
  }
  return COMMAND_DONE;
}

App *
command_app_open (const char *word, const char *config, AppFlags flags, int *ret_code)
{
  g_autoptr (GError) problem = NULL;
  App *app = app_open (config, flags, &problem);

  if (app == NULL)
    *ret_code = command_fail (word, problem);
  return app;
}

Guide *
command_app_guide (const char *config, App **ret_app, GError **error)
{
  g_autofree char *path = config_path (config);
  App *app = NULL;

  if (config == NULL && !g_file_test (path, G_FILE_TEST_EXISTS)) {
    Guide *shipped = guide_flow_load (error);
    if (shipped != NULL)
      *ret_app = NULL;
    return shipped;
  }
  app = app_open (config, 0, error);
  if (app == NULL)
    return NULL;
  *ret_app = app;
  return guide_ref (app->guide);
}

int
command_app_print_json (json_t *json)
{
  g_autoptr (json_t) owned = json;
  g_autofree char *text = strict_json_pretty (owned);

  printf ("%s\n", text);
  return COMMAND_DONE;
}
