/* log-command.h: `onestop log`. */
#pragma once

int log_command_run (int argc, char **argv);
