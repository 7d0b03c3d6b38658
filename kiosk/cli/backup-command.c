/* backup-command.c: copies the store while it runs, and brings a copy back where there is none. */
#include "cli/backup-command.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "store/backup.h"

#define BACKUP_USAGE "onestop backup FILE"
#define RESTORE_USAGE "onestop restore FILE"

int
backup_command_run (int argc, char **argv)
{
  g_autofree char *config = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (GError) problem = NULL;
  int code =
      command_app_parse (BACKUP_USAGE,
                         "Writes the whole store and its sealed objects into FILE, consistent, "
                         "while everything runs. Keys and enrolment are not in it.",
                         NULL, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc != 2)
    return command_usage (BACKUP_USAGE);
  app = command_app_open (argv[0], config, APP_WITHOUT_GUIDE, &code);
  if (app == NULL)
    return code;
  if (!backup_write (app->db, argv[1], &problem))
    return command_fail (argv[0], problem);
  return COMMAND_DONE;
}

int
backup_command_restore (int argc, char **argv)
{
  g_autofree char *config = NULL, *path = NULL;
  g_autoptr (Config) parsed = NULL;
  g_autoptr (GError) problem = NULL;
  int code = command_app_parse (
      RESTORE_USAGE,
      "Makes the store of this device from FILE. There must be none. The log begins a new life: "
      "enrol the device again before it sends.",
      NULL, &config, &argc, &argv);

  if (code >= 0)
    return code;
  if (argc != 2)
    return command_usage (RESTORE_USAGE);
  path = config_path (config);
  parsed = config_load (path, &problem);
  if (parsed == NULL)
    return command_fail (argv[0], problem);
  if (backup_restore (argv[1], parsed->store_directory, clock_now (), &problem))
    return COMMAND_DONE;
  code = command_fail (argv[0], problem);
  return onestop_error_is (problem, ONESTOP_ERROR_CORRUPT) ? COMMAND_REFUSED : code;
}
