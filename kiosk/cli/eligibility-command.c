/* eligibility-command.c: the eligibility check at the shell, over the same flow as the screens. */
#include "cli/eligibility-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "domain/age.h"
#include "flow/eligibility-flow.h"

#define USAGE                                                                                      \
  "onestop eligibility FACTS.json [--service ID] [--date YYYY-MM-DD] [--lang L] [--json] "         \
  "[--config FILE]"

typedef struct {
  const char *facts, *service, *date, *language, *config;
  gboolean json;
} Options;

static const char *
text (const GuideText *words, const Options *options)
{
  const char *found = guide_text (words, options->language, NULL);
  return found == NULL ? "" : found;
}

/* --- JSON
 * ---------------------------------------------------------------------------------------------- */

static json_t *
describe_reasons (const GPtrArray *reasons)
{
  json_t *list = json_array ();
  for (guint i = 0; i < reasons->len; i++) {
    const EligibilityReason *one = g_ptr_array_index (reasons, i);
    json_array_append_new (list, json_pack ("{si ss ss? ss? ss? ss?}", "level", (int)one->level,
                                            "outcome", criterion_outcome_word (one->outcome),
                                            "text", one->text, "clause", one->clause, "remedy",
                                            one->remedy, "proof", one->proof));
  }
  return list;
}

static json_t *
describe_question (const GuideField *field, const Options *options)
{
  json_t *choices = json_array ();
  for (guint i = 0; i < field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (field->options, i);
    json_array_append_new (choices, json_pack ("{ssss}", "value", option->value, "label",
                                               text (option->label, options)));
  }
  return json_pack ("{ss ss ss ss so}", "fact", field->id, "type",
                    guide_field_type_word (field->type), "question", text (field->label, options),
                    "why", text (field->why, options), "options", choices);
}

static json_t *
describe_services (const EligibilityResult *result, const Options *options)
{
  json_t *list = json_array ();
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *one = g_ptr_array_index (result->services, i);
    json_array_append_new (
        list, json_pack ("{ss si ss ss sb so}", "id", one->service->id, "group",
                         (int)one->service->group, "name", text (one->service->name, options),
                         "outcome", criterion_outcome_word (one->outcome), "stated", one->stated,
                         "reasons", describe_reasons (one->reasons)));
  }
  return list;
}

static json_t *
describe_changes (const EligibilityResult *result)
{
  json_t *list = json_array ();
  for (guint i = 0; i < result->changes->len; i++) {
    const EligibilityChange *one = g_ptr_array_index (result->changes, i);
    json_t *services = json_array ();
    for (guint k = 0; k < one->services->len; k++)
      json_array_append_new (services,
                             json_string (((const GuideService *)one->services->pdata[k])->id));
    json_array_append_new (list, json_pack ("{ss ss? ss? ss? so}", "condition",
                                            criterion_peek_id (one->condition), "text", one->text,
                                            "clause", one->clause, "remedy", one->remedy,
                                            "services", services));
  }
  return list;
}

static void
print_json (const EligibilityFlow *flow, const EligibilityResult *result, const Options *options)
{
  json_t *missing = json_array (), *next = json_array ();
  for (guint i = 0; i < result->missing->len; i++)
    json_array_append_new (
        missing, json_string (((const GuideField *)g_ptr_array_index (result->missing, i))->id));
  const GPtrArray *page = eligibility_flow_page (flow);
  for (guint i = 0; page != NULL && i < page->len; i++)
    json_array_append_new (next, describe_question (g_ptr_array_index (page, i), options));
  g_autoptr (json_t) record = strict_json_parse (result->record, strlen (result->record), NULL);
  json_t *category = result->category == NULL
                         ? json_null ()
                         : json_pack ("{ss ss? ss?}", "id", result->category, "name",
                                      result->category_name, "clause", result->clause);
  g_autoptr (json_t) all =
      json_pack ("{so ss ss so so si so so so sO}", "category", category, "outcome",
                 criterion_outcome_word (result->outcome), "headline", result->headline, "reasons",
                 describe_reasons (result->reasons), "services",
                 describe_services (result, options), "likely", (int)result->likely, "what_if",
                 describe_changes (result), "missing", missing, "next", next, "record", record);
  g_autofree char *pretty = strict_json_pretty (all);
  puts (pretty);
}

/* --- Text
 * ---------------------------------------------------------------------------------------------- */

static void
print_reasons (const GPtrArray *reasons, guint from_level)
{
  for (guint i = 0; i < reasons->len; i++) {
    const EligibilityReason *one = g_ptr_array_index (reasons, i);
    printf ("%*s[%s] %s", 2 + 2 * (int)(one->level + from_level), "",
            criterion_outcome_word (one->outcome), one->text == NULL ? "" : one->text);
    if (one->clause != NULL)
      printf ("  (%s)", one->clause);
    if (one->remedy != NULL && one->outcome != CRITERION_MET)
      printf ("  -> %s", one->remedy);
    putchar ('\n');
  }
}

static void
print_changes (const EligibilityResult *result, const Options *options)
{
  for (guint i = 0; i < result->changes->len; i++) {
    const EligibilityChange *one = g_ptr_array_index (result->changes, i);
    printf ("%s+ %s", i == 0 ? "\n" : "", one->text == NULL ? "" : one->text);
    if (one->clause != NULL)
      printf ("  (%s)", one->clause);
    if (one->remedy != NULL)
      printf ("  -> %s", one->remedy);
    putchar ('\n');
    for (guint k = 0; k < one->services->len; k++) {
      const GuideService *service = g_ptr_array_index (one->services, k);
      printf ("    %-28s %s\n", service->id, text (service->name, options));
    }
  }
}

static void
print_text (const EligibilityFlow *flow, const EligibilityResult *result, const Options *options)
{
  printf ("%s%s%s%s%s\n", result->headline, result->category_name == NULL ? "" : ": ",
          result->category_name == NULL ? "" : result->category_name,
          result->clause == NULL ? "" : "  ", result->clause == NULL ? "" : result->clause);
  print_reasons (result->reasons, 0);
  putchar ('\n');
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *one = g_ptr_array_index (result->services, i);
    printf ("%-9s %-28s %s\n", criterion_outcome_word (one->outcome), one->service->id,
            text (one->service->name, options));
    if (options->service != NULL)
      print_reasons (one->reasons, 1);
  }
  print_changes (result, options);
  const GPtrArray *page = eligibility_flow_page (flow);
  for (guint i = 0; page != NULL && i < page->len; i++) {
    const GuideField *field = g_ptr_array_index (page, i);
    printf ("%s? %s: %s\n", i == 0 ? "\n" : "", field->id, text (field->label, options));
  }
}

/* --- The command
 * ----------------------------------------------------------------------------------------- */

static int
evaluate (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) facts = strict_json_load (options->facts, &error);
  g_autoptr (App) app = NULL;
  g_autoptr (Guide) guide =
      facts == NULL ? NULL : command_app_guide (options->config, &app, &error);
  if (guide == NULL)
    return command_fail ("eligibility", error);
  g_autofree char *today = clock_day (clock_now ());
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (
      guide, options->service, options->date == NULL ? today : options->date, &error);
  if (flow == NULL || !eligibility_flow_set_facts (flow, facts, &error))
    return command_fail ("eligibility", error);
  g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, options->language);
  if (options->json)
    print_json (flow, result, options);
  else
    print_text (flow, result, options);
  return COMMAND_DONE;
}

static void
help (void)
{
  printf (
      "usage: %s\n\n"
      "FACTS.json is one object, fact -> answer: true or false, an option's value, a list of\n"
      "option values ([] for none of them); null says \"I do not know\"; what is left out has\n"
      "not been asked. Facts and options stand in the guide (catalog.facts).\n\n"
      "Prints the category of Article 2 with its clause, every service (met: may concern you;\n"
      "tentative: people decide; open; not_met), what a single change would open (+; what_if),\n"
      "and the next question. L is zh_CN or en.\n\n"
      "Exit: 0 evaluated, 3 no such service, 4 a fact is unknown or cannot have that value.\n",
      USAGE);
}

int
eligibility_command_run (int argc, char **argv)
{
  Options options = {.language = "zh_CN"};
  for (int i = 1; i < argc; i++) {
    gboolean more = i + 1 < argc;
    if (strcmp (argv[i], "--help") == 0) {
      help ();
      return COMMAND_DONE;
    }
    if (strcmp (argv[i], "--json") == 0)
      options.json = TRUE;
    else if (strcmp (argv[i], "--service") == 0 && more)
      options.service = argv[++i];
    else if (strcmp (argv[i], "--date") == 0 && more)
      options.date = argv[++i];
    else if (strcmp (argv[i], "--config") == 0 && more)
      options.config = argv[++i];
    else if (strcmp (argv[i], "--lang") == 0 && more)
      options.language = argv[++i];
    else if (g_str_has_prefix (argv[i], "-") || options.facts != NULL)
      return command_usage (USAGE);
    else
      options.facts = argv[i];
  }
  if (options.facts == NULL || (options.date != NULL && !age_is_day (options.date)))
    return command_usage (USAGE);
  return evaluate (&options);
}
