/* logic-command.c: one JsonLogic expression at the shell. Decides nothing; see domain/logic. */
#include "cli/logic-command.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "domain/logic.h"

#define USAGE "onestop logic RULE.json DATA.json [--ternary]"

/* A rule of 2,000 nodes is far smaller; what is larger is refused unread. */
#define RULE_MAX_BYTES (256 * 1024)

static json_t *
load_rule (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, RULE_MAX_BYTES, error);
  if (bytes == NULL)
    return NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  return strict_json_parse (text, length, error);
}

static int
evaluate (const char *rule_path, const char *data_path, LogicMode mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) rule_json = load_rule (rule_path, &error);
  g_autoptr (json_t) data = rule_json == NULL ? NULL : strict_json_load (data_path, &error);
  if (data == NULL) {
    command_fail ("logic", error);
    /* A file that is too large is refused like one that cannot be parsed. */
    return onestop_error_is (error, ONESTOP_ERROR_FULL) ? COMMAND_REFUSED
                                                        : onestop_error_exit_code (error);
  }
  g_autoptr (LogicRule) rule = logic_compile (rule_json, &error);
  if (rule == NULL)
    return command_fail ("logic", error);
  g_autoptr (json_t) value = NULL;
  gboolean unknown;
  if (!logic_run (rule, data, mode, NULL, &value, &unknown, &error))
    return command_fail ("logic", error);
  if (unknown)
    value = json_pack ("{sb}", "unknown", 1);
  g_autofree char *text = strict_json_write (value);
  puts (text);
  return COMMAND_DONE;
}

int
logic_command_run (int argc, char **argv)
{
  const char *paths[2] = {NULL};
  int n = 0;
  LogicMode mode = LOGIC_STRICT;
  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--help") == 0) {
      printf ("usage: %s\n\n"
              "Evaluates one JsonLogic expression and prints the JSON result.\n"
              "  --ternary  a member of the data that is missing or null is unknown (Kleene); an\n"
              "             unknown result is printed as {\"unknown\":true}\n\n"
              "Exit: 0 evaluated, 4 the rule or the data is refused.\n",
              USAGE);
      return COMMAND_DONE;
    }
    if (strcmp (argv[i], "--ternary") == 0)
      mode = LOGIC_TERNARY;
    else if (n == 2 || g_str_has_prefix (argv[i], "--"))
      return command_usage (USAGE);
    else
      paths[n++] = argv[i];
  }
  return n == 2 ? evaluate (paths[0], paths[1], mode) : command_usage (USAGE);
}
