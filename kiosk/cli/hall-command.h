/* hall-command.h: `onestop hall init`. */
#pragma once

int hall_command_run (int argc, char **argv);
