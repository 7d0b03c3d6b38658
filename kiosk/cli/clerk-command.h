/* clerk-command.h: `onestop clerk add|remove|list`. */
#pragma once

int clerk_command_run (int argc, char **argv);
