/* case-command.h: `onestop case`. */
#pragma once

int case_command_run (int argc, char **argv);
