/* backup-command.h: `onestop backup` and `onestop restore`. */
#pragma once

int backup_command_run (int argc, char **argv);
int backup_command_restore (int argc, char **argv);
