/* deadline-command.h: `onestop deadline FROM N`. */
#pragma once

/* Exit code 0, 2 for wrong usage, 4 for a date or number that is none. */
int deadline_command_run (int argc, char **argv);
