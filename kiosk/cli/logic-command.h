/* logic-command.h: `onestop logic RULE.json DATA.json [--ternary]`. */
#pragma once

/* Prints the result as one line of JSON; UNKNOWN of the ternary mode is {"unknown": true}. Exit 4
 * if the rule or the data is refused. */
int logic_command_run (int argc, char **argv);
