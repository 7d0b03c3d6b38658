/* number-command.h: `onestop number KIND VALUE...`. */
#pragma once

/* Exit code 0 when every value is valid, 1 when one is not, 2 for wrong usage. */
int number_command_run (int argc, char **argv);
