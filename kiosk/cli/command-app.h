/* command-app.h: what the commands that need the store have in common: options and the App. */
#pragma once

#include <glib.h>

#include "flow/app.h"

/* Reads options anywhere among the arguments into `entries` (NULL-terminated, GOptionEntry) and
 * --config into `ret_config` (owned, NULL if not given). argv[0] stays, options go. -1: go on;
 * otherwise the exit code: --help was asked (`usage` and `about` are printed), or a wrong option.
 */
int command_app_parse (const char *usage, const char *about, GOptionEntry *entries,
                       char **ret_config, int *argc, char ***argv);

/* Opens the App for command `word`, or prints why not and sets `ret_code`. */
App *command_app_open (const char *word, const char *config, AppFlags flags, int *ret_code);

/* The guide of this device, and its App (NULL where no configuration says which device this is:
 * then the guide is the city's that is shipped). An error otherwise; then *ret_app is untouched.
 * Both owned. */
Guide *command_app_guide (const char *config, App **ret_app, GError **error);

/* Prints a JSON document on standard output. Takes `json`. */
int command_app_print_json (json_t *json);
