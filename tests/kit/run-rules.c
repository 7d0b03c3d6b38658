/* run-rules.c: evaluates many rules in one process, for tests in Python. A line on standard input
 * is [RULE, DATA]; the line that answers it is {"value": V} or {"refused": WHY}. With --ternary an
 * unknown result is {"unknown": true}. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strict-json.h"
#include "domain/logic.h"

static json_t *
answer (const char *line, gsize length, LogicMode mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) pair = strict_json_parse (line, length, &error);
  g_autoptr (LogicRule) rule =
      pair == NULL ? NULL : logic_compile (json_array_get (pair, 0), &error);
  g_autoptr (json_t) value = NULL;
  gboolean unknown;
  if (rule == NULL ||
      !logic_run (rule, json_array_get (pair, 1), mode, NULL, &value, &unknown, &error))
    return json_pack ("{ss}", "refused", error->message);
  return unknown ? json_pack ("{sb}", "unknown", 1) : json_pack ("{sO}", "value", value);
}

int
main (int argc, char **argv)
{
  LogicMode mode = argc > 1 && strcmp (argv[1], "--ternary") == 0 ? LOGIC_TERNARY : LOGIC_STRICT;
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getline (&line, &room, stdin)) > 0) {
    g_autoptr (json_t) said = answer (line, length, mode);
    g_autofree char *text = strict_json_write (said);
    puts (text);
  }
  free (line);
  return 0;
}
