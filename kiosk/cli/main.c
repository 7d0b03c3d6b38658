/* main.c: the command line's table of commands. Refuses to know what any command does. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/backup-command.h"
#include "cli/case-command.h"
#include "cli/clerk-command.h"
#include "cli/command.h"
#include "cli/hall-command.h"
