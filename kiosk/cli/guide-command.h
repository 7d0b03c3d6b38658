/* guide-command.h: `onestop guide list|show|check|pack|install`. */
#pragma once

/* list [--json] [--lang L]; show [SERVICE] [--lang L] [--json]; check FILE. Exit 1: the guide does
 * not pass; 3: no such service, or a command that is not built yet (pack, install). */
int guide_command_run (int argc, char **argv);
