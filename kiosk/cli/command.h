/* command.h: what the command line knows of one command word.
 *
 * `onestop WORD ARGS...` finds WORD in the table of main.c and calls its run function with argv[0]
 * being WORD. Results go to standard output, messages to standard error. */
#pragma once

#include <glib.h>

/* Exit codes of the contract. Errors of ours go through onestop_error_exit_code. */
enum {
  COMMAND_DONE = 0,
  COMMAND_NO = 1,
  COMMAND_USAGE = 2,
  COMMAND_NOT_NOW = 3,
  COMMAND_REFUSED = 4,
  COMMAND_FAULT = 5
};

typedef struct {
  const char *word;
  int (*run) (int argc, char **argv); /* NULL: not built yet, says so, exit 3 */
  const char *summary;                /* one line for --help */
} Command;

/* Prints "onestop WORD: message" of `error` and gives its exit code. Frees nothing. */
int command_fail (const char *word, const GError *error);

/* Prints a usage line and gives COMMAND_USAGE. */
int command_usage (const char *usage);
