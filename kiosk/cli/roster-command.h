/* roster-command.h: `onestop roster`. */
#pragma once

int roster_command_run (int argc, char **argv);
