/* deadline-command.c: counts days with the shipped calendar (or another one). Knows no case. */
#include "cli/deadline-command.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "domain/deadline.h"

#define USAGE                                                                                      \
  "onestop deadline FROM N [--unit workday|calendar_day] [--pause A..B]... [--calendar FILE] "     \
  "[--json]"
#define MAX_PAUSES 100

typedef struct {
  const char *from, *n;
  DeadlineUnit unit;
  GArray *pauses; /* DeadlinePause */
  const char *calendar;
  gboolean as_json;
} Options;

static int
help (void)
{
  printf (
      "usage: " USAGE "\n\n"
      "Prints the last day of a limit of N days that starts on FROM (YYYY-MM-DD). The day FROM\n"
      "is not counted. \"provisional\" follows where it depends on a year whose calendar is not\n"
      "published yet, \"open\" stands for a date while the clock is paused without an end.\n\n"
      "  --unit UNIT       workday (default) or calendar_day; a calendar-day limit that ends on\n"
      "                    a day off moves to the next working day\n"
      "  --pause A..B      days A to B are not counted; \"A..\" is a pause without an end yet\n"
      "  --calendar FILE   another calendar than the shipped one\n"
      "  --json            {\"from\", \"n\", \"unit\", \"last\", \"provisional\", \"moved\", "
      "\"open\", \"calendar\"}\n");
  return COMMAND_DONE;
}

/* COMMAND_DONE, or the exit code to end with. `ret_help`: --help was asked for. */
static int
read_options (int argc, char **argv, Options *options, gboolean *ret_help)
{
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): no word below argc is NULL */
    if (strcmp (argv[i], "--help") == 0) {
      *ret_help = TRUE;
      return COMMAND_DONE;
    }
    if (strcmp (argv[i], "--json") == 0) {
      options->as_json = TRUE;
    } else if (strcmp (argv[i], "--unit") == 0 && value != NULL) {
      if (!deadline_unit_parse (value, &options->unit))
        return command_usage (USAGE);
      i++;
    } else if (strcmp (argv[i], "--pause") == 0 && value != NULL) {
      g_autoptr (GError) error = NULL;
      DeadlinePause pause;
      if (!deadline_pause_parse (value, &pause, &error))
        return command_fail ("deadline", error);
      if (options->pauses->len == MAX_PAUSES)
        return command_usage (USAGE);
      g_array_append_val (options->pauses, pause);
      i++;
    } else if (strcmp (argv[i], "--calendar") == 0 && value != NULL) {
      options->calendar = value;
      i++;
    } else if (g_str_has_prefix (argv[i], "--") || options->n != NULL) {
      return command_usage (USAGE);
    } else if (options->from == NULL) {
      options->from = argv[i];
    } else {
      options->n = argv[i];
    }
  }
  return options->n == NULL ? command_usage (USAGE) : COMMAND_DONE;
}

static Calendar *
load_calendar (const char *path, GError **error)
{
  g_autofree char *shipped = path == NULL ? file_asset ("guide/calendar.json") : NULL;
  g_autoptr (json_t) document = strict_json_load (path == NULL ? shipped : path, error);

  return document == NULL ? NULL : calendar_new (document, error);
}

static void
print_result (const Options *options, const Calendar *calendar, gint64 n, const Deadline *deadline)
{
  g_autofree char *last = deadline->open ? NULL : calendar_day_format (deadline->last);
  g_autoptr (json_t) json = NULL;
  g_autofree char *text = NULL;

  if (!options->as_json) {
    printf ("%s%s\n", deadline->open ? "open" : last,
            deadline->provisional && !deadline->open ? " provisional" : "");
    return;
  }
  json = json_pack ("{s:s, s:I, s:s, s:s?, s:b, s:b, s:b, s:s}", "from", options->from, "n",
                    (json_int_t)n, "unit", deadline_unit_word (options->unit), "last", last,
                    "provisional", deadline->provisional, "moved", deadline->moved, "open",
                    deadline->open, "calendar", calendar_peek_revision (calendar));
  text = strict_json_pretty (json);
  printf ("%s\n", text);
}

int
deadline_command_run (int argc, char **argv)
{
  g_autoptr (GArray) pauses = g_array_new (FALSE, FALSE, sizeof (DeadlinePause));
  Options options = {.unit = DEADLINE_UNIT_WORKDAY, .pauses = pauses};
  g_autoptr (Calendar) calendar = NULL;
  g_autoptr (GError) error = NULL;
  gboolean wants_help = FALSE;
  Deadline deadline;
  int start = 0, code = read_options (argc, argv, &options, &wants_help);
  gint64 n = 0;

  if (wants_help)
    return help ();
  if (code != COMMAND_DONE)
    return code;
  if (!calendar_day_parse (options.from, &start) ||
      !g_ascii_string_to_signed (options.n, 10, 0, DEADLINE_MAX_DAYS, &n, NULL)) {
    g_set_error (&error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "FROM is a date YYYY-MM-DD and N a number of 0 to %d", DEADLINE_MAX_DAYS);
    return command_fail ("deadline", error);
  }
  calendar = load_calendar (options.calendar, &error);
  if (calendar == NULL || !deadline_compute (calendar, start, (int)n, options.unit,
                                             (const DeadlinePause *)(gpointer)pauses->data,
                                             pauses->len, &deadline, &error))
    return command_fail ("deadline", error);
  print_result (&options, calendar, n, &deadline);
  return COMMAND_DONE;
}
