/* number-command.c: says of each number whether it is valid, and why not. Prints no number back but
 * its last four characters. */
#include "cli/number-command.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "domain/number.h"
#include "domain/person.h"

#define USAGE "onestop number [--json] KIND VALUE..."

static int
help (void)
{
  printf ("usage: " USAGE "\n\n"
          "Checks numbers: valid, or invalid with the reason. Exit 0 if all are valid, 1 if not.\n"
          "For mrz give the lines of one zone as separate values.\n\nKIND is one of:");
  for (int i = 0; i < NUMBER_KIND_N; i++)
    printf (" %s", number_kind_word ((NumberKind)i));
  printf ("\n\n  --json  one JSON document: kind, results (valid, reason, missing or surplus,\n"
          "          position, warnings, facts of a valid number)\n");
  return COMMAND_DONE;
}

static void
add_fact (json_t *facts, const char *key, const char *value)
{
  if (*value != '\0')
    json_object_set_new (facts, key, json_string (value));
}

/* What a valid number tells, except who it is: no name, no number. */
static json_t *
facts_of (const NumberResult *result)
{
  json_t *facts = json_object ();
  char sex[2] = {result->sex, '\0'};

  add_fact (facts, "birth", result->birth);
  add_fact (facts, "expiry", result->expiry);
  add_fact (facts, "sex", sex);
  add_fact (facts, "region", result->region);
  add_fact (facts, "country", result->country);
  add_fact (facts, "issuer", result->issuer);
  add_fact (facts, "type", result->type);
  return facts;
}

static json_t *
warnings_of (const NumberResult *result)
{
  json_t *warnings = json_array ();

  for (guint bit = 1; bit <= NUMBER_WARNING_OLD_CARD; bit <<= 1)
    if (result->warnings & bit)
      json_array_append_new (warnings, json_string (number_warning_word ((NumberWarning)bit)));
  return warnings;
}

/* The last four of the number that people know; of an e-mail nothing. */
static char *
tail_of (const NumberResult *result)
{
  if (result->kind == NUMBER_KIND_EMAIL)
    return g_strdup ("");
  return person_number_tail (result->kind == NUMBER_KIND_MRZ ? result->document : result->normal);
}

static json_t *
result_to_json (const NumberResult *result)
{
  g_autofree char *tail = tail_of (result);
  json_t *json = json_pack (
      "{s:b, s:s, s:s, s:o}", "valid", result->valid, "reason", number_reason_word (result->reason),
      "tail", result->kind == NUMBER_KIND_EMAIL ? "" : tail, "warnings", warnings_of (result));

  if (result->reason == NUMBER_REASON_TOO_SHORT && result->count > 0)
    json_object_set_new (json, "missing", json_integer (result->count));
  if (result->reason == NUMBER_REASON_TOO_LONG && result->count > 0)
    json_object_set_new (json, "surplus", json_integer (result->count));
  if (result->position >= 0)
    json_object_set_new (json, "position", json_integer (result->position));
  if (result->valid)
    json_object_set_new (json, "facts", facts_of (result));
  return json;
}

static void
print_result (const NumberResult *result)
{
  g_autofree char *tail = tail_of (result);

  if (*tail != '\0')
    printf ("...%s: ", tail);
  if (result->valid)
    printf ("valid");
  else
    printf ("invalid: %s", number_reason_word (result->reason));
  if (result->reason == NUMBER_REASON_TOO_SHORT && result->count > 0)
    printf (" (%d missing)", result->count);
  if (result->reason == NUMBER_REASON_TOO_LONG && result->count > 0)
    printf (" (%d too many)", result->count);
  if (result->position >= 0)
    printf (" (character %d)", result->position + 1);
  for (guint bit = 1; bit <= NUMBER_WARNING_OLD_CARD; bit <<= 1)
    if (result->warnings & bit)
      printf ("; %s", number_warning_word ((NumberWarning)bit));
  printf ("\n");
}

/* A zone may come as two or three values (its lines) or as one; whole zones are values of their
 * own. */
static char **
zones_of (char **values, int n)
{
  GString *joined = g_string_new (NULL);
  char *lines[2] = {NULL, NULL}, **zones;

  for (int i = 0; i < n; i++) {
    if (strlen (values[i]) > 60) {
      person_string_free (joined);
      return g_strdupv (values);
    }
    g_string_append_printf (joined, "%s\n", values[i]);
  }
  lines[0] = joined->str;
  zones = g_strdupv (lines);
  person_string_free (joined);
  return zones;
}

int
number_command_run (int argc, char **argv)
{
  g_autofree char *today = clock_day (clock_now ());
  g_auto (GStrv) values = NULL;
  g_autoptr (json_t) results = json_array ();
  gboolean as_json = FALSE, all_valid = TRUE;
  NumberKind kind;
  int at = 1;

  for (; at < argc && g_str_has_prefix (argv[at], "--"); at++) {
    if (strcmp (argv[at], "--help") == 0)
      return help ();
    if (strcmp (argv[at], "--json") != 0)
      return command_usage (USAGE);
    as_json = TRUE;
  }
  if (argc - at < 2)
    return command_usage (USAGE);
  if (!number_kind_parse (argv[at], &kind)) {
    fprintf (stderr, "onestop number: no kind is called \"%s\"; see onestop number --help\n",
             argv[at]);
    return COMMAND_USAGE;
  }
  /* An option may also stand last. */
  if (strcmp (argv[argc - 1], "--json") == 0) {
    as_json = TRUE;
    argv[--argc] = NULL;
    if (argc - at < 2)
      return command_usage (USAGE);
  }
  values =
      kind == NUMBER_KIND_MRZ ? zones_of (argv + at + 1, argc - at - 1) : g_strdupv (argv + at + 1);
  for (char **value = values; *value != NULL; value++) {
    g_auto (NumberResult) result = {0};
    all_valid = number_check (kind, *value, today, &result) && all_valid;
    if (as_json)
      json_array_append_new (results, result_to_json (&result));
    else
      print_result (&result);
    person_wipe (*value);
  }
  if (as_json) {
    g_autoptr (json_t) document = json_pack ("{s:s, s:b, s:O}", "kind", number_kind_word (kind),
                                             "valid", all_valid, "results", results);
    g_autofree char *text = strict_json_pretty (document);
    printf ("%s\n", text);
  }
  return all_valid ? COMMAND_DONE : COMMAND_NO;
}
