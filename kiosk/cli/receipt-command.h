/* receipt-command.h: `onestop receipt`. */
#pragma once

int receipt_command_run (int argc, char **argv);
