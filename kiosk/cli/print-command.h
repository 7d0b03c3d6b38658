/* print-command.h: `onestop print`. */
#pragma once

int print_command_run (int argc, char **argv);
