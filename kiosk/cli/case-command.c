/* case-command.c: submits an application by the same flow as the screens, and shows what this
 * machine knows of its cases. Prints no name, no answer and no number of a person. */
#include "cli/case-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "cli/command-app.h"
#include "cli/command-clerk.h"
#include "cli/command.h"
#include "domain/case-number.h"
#include "domain/case.h"
#include "flow/dossier-flow.h"
#include "flow/intake-flow.h"
#include "flow/scan-flow.h"
#include "flow/track-flow.h"
#include "store/case-store.h"
#include "store/public-store.h"

#define USAGE                                                                                      \
  "onestop case submit --service ID --answers FILE.json --document SLOT=FILE... [--applicant "     \
  "FILE.json] [--on-behalf FILE.json] [--notice ID] [--consent ID=yes|no]... [--signature "        \
  "FILE.svg] [--lang L] | list | show NUMBER [--reveal --clerk NAME] | timeline NUMBER [--json]"
#define ABOUT                                                                                      \
  "submit takes an application in as the screens do: checks, seals, stores, queues the receipt, "  \
  "and prints the case number. What is missing or wrong is named, and nothing is stored (exit "    \
  "4).\nshow and timeline tell what this machine has stored and heard. "                           \
  "show --reveal opens the case on the desk (desk.conf) for a clerk, whose passphrase is read "    \
  "from standard input; the reading is recorded first."
#define MOST 1000

typedef struct {
  char *service, *answers, *applicant, *on_behalf, *notice, *signature, *language, *clerk;
  char **documents, **consents;
  gboolean json, reveal;
  char *config;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->service);
  g_free (options->answers);
  g_free (options->applicant);
  g_free (options->on_behalf);
  g_free (options->notice);
  g_free (options->signature);
  g_free (options->language);
  g_free (options->clerk);
  g_strfreev (options->documents);
  g_strfreev (options->consents);
  g_free (options->config);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- submit ---- */

static gboolean
is_in_part (const GuideService *service, const char *id, GuidePart part)
{
  for (guint s = 0; s < service->form->len; s++) {
    const GuideSection *section = service->form->pdata[s];
    for (guint f = 0; f < section->fields->len; f++)
      if (strcmp (((GuideField *)section->fields->pdata[f])->id, id) == 0)
        return section->part == part;
  }
  return FALSE;
}

/* Every member of the file becomes an answer; each must be a field of a section of `part`. */
static gboolean
take_answers (IntakeFlow *flow, const char *path, GuidePart part, GError **error)
{
  const GuideService *service = intake_flow_peek_service (flow);
  g_autoptr (json_t) json = path != NULL ? strict_json_load (path, error) : NULL;
  g_autoptr (json_t) taken = NULL;
  const char *field;
  json_t *value;

  if (path == NULL)
    return TRUE;
  if (json == NULL || !json_is_object (json)) {
    if (json != NULL)
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s is not a JSON object", path);
    return FALSE;
  }
  json_object_foreach (json, field, value) {
    if (!is_in_part (service, field, part)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "%s: this part of the form has no field \"%s\"", path, field);
      return FALSE;
    }
    if (!intake_flow_take_answer (flow, field, json_deep_copy (value), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
take_document (IntakeFlow *flow, const char *argument, GError **error)
{
  const char *equals = strchr (argument, '=');
  g_autofree char *slot = equals != NULL ? g_strndup (argument, equals - argument) : NULL;
  g_autofree char *name = equals != NULL ? g_path_get_basename (equals + 1) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) own = NULL;

  if (equals == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "--document %s: SLOT=FILE is wanted",
                 argument);
    return FALSE;
  }
  bytes = file_read (equals + 1, INTAKE_MAX_DOCUMENT_BYTES, &own);
  if (bytes != NULL && scan_flow_add (flow, slot, name, bytes, NULL, &own))
    return TRUE;
  if (bytes == NULL && onestop_error_is (own, ONESTOP_ERROR_FULL))
    /* The file's fault, not this machine's. */
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, own->message);
  else
    g_propagate_prefixed_error (error, g_steal_pointer (&own), "%s: ", equals + 1);
  return FALSE;
}

static gboolean
take_consent (IntakeFlow *flow, const char *argument, GError **error)
{
  const char *equals = strchr (argument, '=');
  g_autofree char *id = equals != NULL ? g_strndup (argument, equals - argument) : NULL;
  gboolean yes = equals != NULL && strcmp (equals + 1, "yes") == 0;

  if (equals == NULL || (!yes && strcmp (equals + 1, "no") != 0)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "--consent %s: ID=yes or ID=no is wanted", argument);
    return FALSE;
  }
  return intake_flow_consent (flow, id, yes, clock_now (), error);
}

static gboolean
fill (IntakeFlow *flow, const Options *options, GError **error)
{
  g_autoptr (GBytes) signature = NULL;

  if (!take_answers (flow, options->answers, GUIDE_PART_ANSWERS, error) ||
      !take_answers (flow, options->applicant, GUIDE_PART_APPLICANT, error) ||
      !take_answers (flow, options->on_behalf, GUIDE_PART_ON_BEHALF, error))
    return FALSE;
  for (char **one = options->documents; one != NULL && *one != NULL; one++)
    if (!take_document (flow, *one, error))
      return FALSE;
  for (char **one = options->consents; one != NULL && *one != NULL; one++)
    if (!take_consent (flow, *one, error))
      return FALSE;
  if (options->notice != NULL &&
      !intake_flow_read_notice (flow, options->notice, clock_now (), error))
    return FALSE;
  if (options->signature == NULL)
    return TRUE;
  signature = file_read (options->signature, INTAKE_MAX_SIGNATURE_BYTES, error);
  return signature != NULL && intake_flow_set_signature (flow, signature, error);
}

static void
list_problems (const IntakeFlow *flow)
{
  g_autoptr (GPtrArray) problems = intake_flow_problems (flow, -1);

  for (guint i = 0; i < problems->len; i++) {
    const IntakeProblem *problem = problems->pdata[i];
    fprintf (stderr, "onestop case: %s%s: %s: %s\n", problem->later ? "note: " : "", problem->id,
             problem->reason, problem->message);
  }
}

/* What this command was given and cannot take is exit 4, whatever the flow calls it. */
static int
refuse (const GError *problem)
{
  int code = command_fail ("case", problem);
  return onestop_error_is (problem, ONESTOP_ERROR_NOT_FOUND) ? COMMAND_REFUSED : code;
}

static int
submit (App *app, const Options *options)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (IntakeFlow) flow =
      intake_flow_new (app, options->service, options->language, &problem);
  g_autoptr (IntakeResult) result = NULL;

  if (flow == NULL || !fill (flow, options, &problem))
    return refuse (problem);
  result = intake_flow_submit (flow, app->db, clock_now (), &problem);
  if (result == NULL) {
    if (onestop_error_is (problem, ONESTOP_ERROR_INVALID))
      list_problems (flow);
    return command_fail ("case", problem);
  }
  if (options->json)
    return command_app_print_json (
        json_pack ("{ss ss sI ss}", "number", result->number, "case_id", result->case_id,
                   "print_id", (json_int_t)result->print_id, "ticket_text", result->ticket_text));
  printf ("%s\n", result->number);
  return COMMAND_DONE;
}

/* ---- what this machine knows ---- */

static void
list_one (const Options *options, json_t *out, const char *number, const char *service,
          const char *state, gint64 at, gboolean own)
{
  g_autofree char *when = clock_format (at);

  json_array_append_new (out, json_pack ("{ss ss? ss ss sb}", "number", number, "service", service,
                                         "state", state, "at", when, "own", own));
  if (!options->json)
    printf ("%s  %s  %-15s  %s\n", number, when, state, service != NULL ? service : "");
}

/* What the city told of a case is newer than what this machine stored of it. */
static const PublicCase *
find_heard (const GPtrArray *heard, const char *number)
{
  for (guint i = 0; i < heard->len; i++) {
    const PublicCase *one = heard->pdata[i];
    if (strcmp (one->number, number) == 0)
      return one;
  }
  return NULL;
}

static gboolean
is_own (const GPtrArray *cases, const char *number)
{
  for (guint i = 0; i < cases->len; i++)
    if (strcmp (((CaseRow *)cases->pdata[i])->number, number) == 0)
      return TRUE;
  return FALSE;
}

static int
list (App *app, const Options *options)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) cases = case_store_list (app->db, MOST, &problem);
  g_autoptr (GPtrArray) heard = cases != NULL ? public_store_cases (app->db, MOST, &problem) : NULL;
  g_autoptr (json_t) out = json_array ();

  if (heard == NULL)
    return command_fail ("case", problem);
  for (guint i = 0; i < cases->len; i++) {
    const CaseRow *row = cases->pdata[i];
    const PublicCase *newest = find_heard (heard, row->number);
    list_one (options, out, row->number, row->service,
              newest != NULL ? newest->state : case_state_word (CASE_STATE_SUBMITTED),
              newest != NULL ? newest->at : row->submitted_at, TRUE);
  }
  for (guint i = 0; i < heard->len; i++) {
    const PublicCase *one = heard->pdata[i];
    if (!is_own (cases, one->number))
      list_one (options, out, one->number, one->service, one->state, one->at, FALSE);
  }
  return options->json ? command_app_print_json (g_steal_pointer (&out)) : COMMAND_DONE;
}

static json_t *
describe (const TrackCase *track, gboolean steps)
{
  g_autofree char *as_of = clock_format (track->as_of);
  json_t *out =
      json_pack ("{ss ss? ss? ss sb ss?}", "number", track->number, "service", track->service,
                 "service_name", track->service_name, "state", track->state, "sent", track->sent,
                 "as_of", track->as_of > 0 ? as_of : NULL);
  json_t *list = json_array ();

  json_object_set_new (
      out, "limit",
      track->limit_unit != NULL
          ? json_pack ("{sI ss}", "n", (json_int_t)track->limit_n, "unit", track->limit_unit)
          : json_null ());
  json_object_set_new (out, "due", track->due != NULL ? json_string (track->due) : json_null ());
  json_object_set_new (out, "due_provisional", json_boolean (track->due_provisional));
  for (guint i = 0; i < track->steps->len; i++) {
    const TrackStep *step = track->steps->pdata[i];
    g_autofree char *at = clock_format (step->at);
    json_array_append_new (list, json_pack ("{ss ss ss ss sb}", "action", step->action, "state",
                                            step->state, "at", at, "day", step->day, "local",
                                            step->local));
  }
  if (steps)
    json_object_set (out, "timeline", list);
  json_decref (list);
  return out;
}

static void
print_step (const TrackStep *step, gboolean english)
{
  CaseState state = CASE_STATE_DRAFT;

  case_state_parse (step->state, &state);
  printf ("%s  %s%s\n", step->day, english ? case_state_en (state) : case_state_zh (state),
          !step->local ? ""
          : english    ? " (on this machine, not sent yet)"
                       : "（在本机，尚未上传）");
}

static int
show (App *app, const Options *options, const char *typed, gboolean steps)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *number = NULL;
  g_autoptr (TrackCase) track = NULL;
  gboolean english = g_str_has_prefix (options->language, "en");

  if (case_number_read (typed, &number) != CASE_NUMBER_OK) {
    fprintf (stderr, "onestop case: not a case number\n");
    return COMMAND_REFUSED;
  }
  track = track_flow_case (app, app->db, number, options->language, &problem);
  if (track == NULL)
    return command_fail ("case", problem);
  if (options->json)
    return command_app_print_json (describe (track, steps));
  printf ("%s  %s\n", track->number, track->service_name);
  for (guint i = steps ? 0 : track->steps->len - 1; i < track->steps->len; i++)
    print_step (track->steps->pdata[i], english);
  if (track->due != NULL)
    printf ("%s %s%s\n", english ? "due" : "应办结日", track->due,
            track->due_provisional ? (english ? " (provisional)" : "（暂定）") : "");
  return COMMAND_DONE;
}

/* ---- what a clerk may read ---- */

/* Everything of the sealed body but how its documents are kept. */
static int
print_reading (const DeskReading *reading, const Options *options)
{
  g_autoptr (Dossier) dossier = NULL;

  if (options->json)
    return command_app_print_json (json_deep_copy (reading->body));
  printf ("%s  %s\n", reading->item->number, reading->item->service_zh);
  dossier = dossier_new ();
  dossier_flow_add_fields (dossier, reading);
  for (guint i = 0; i < dossier->fields->len; i++) {
    const DossierField *field = dossier->fields->pdata[i];
    printf ("%s\t%s\n", field->label, field->value);
  }
  for (guint i = 0; i < reading->documents->len; i++) {
    const DeskDocument *document = reading->documents->pdata[i];
    printf ("%s\t%s %s\n", desk_reading_document_name (reading, document, "zh_CN"), document->media,
            document->sha256);
  }
  return COMMAND_DONE;
}

static int
reveal (const Options *options, const char *typed)
{
  int code = COMMAND_DONE;
  g_autofree char *where = command_clerk_config (options->config), *number = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (Clerk) clerk = NULL;
  g_autoptr (DeskReading) reading = NULL;

  if (case_number_read (typed, &number) != CASE_NUMBER_OK) {
    fprintf (stderr, "onestop case: not a case number\n");
    return COMMAND_REFUSED;
  }
  app = command_app_open ("case", where, 0, &code);
  clerk = app != NULL ? command_clerk_sign_in (app, "case", options->clerk, &code) : NULL;
  if (clerk == NULL)
    return code;
  reading = desk_flow_open (app, app->db, clerk, number, clock_now (), &problem);
  return reading != NULL ? print_reading (reading, options) : command_fail ("case", problem);
}

/* ---- the command ---- */

static int
run (App *app, Options *options, int argc, char **argv)
{
  if (options->language == NULL)
    options->language = g_strdup (app->config->screen_languages[0]);
  if (argc == 2 && strcmp (argv[1], "submit") == 0)
    return submit (app, options);
  if (argc == 2)
    return list (app, options);
  return show (app, options, argv[2], strcmp (argv[1], "timeline") == 0);
}

static gboolean
is_usable (const Options *options, int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "submit") == 0)
    return options->service != NULL && options->answers != NULL;
  if (argc == 2)
    return strcmp (argv[1], "list") == 0;
  return argc == 3 && (strcmp (argv[1], "show") == 0 || strcmp (argv[1], "timeline") == 0);
}

int
case_command_run (int argc, char **argv)
{
  g_auto (Options) o = {0};
  GOptionEntry entries[] = {
      {"service", 0, 0, G_OPTION_ARG_STRING, &o.service, "Service of the guide", "ID"},
      {"answers", 0, 0, G_OPTION_ARG_FILENAME, &o.answers, "Answers to its form", "FILE.json"},
      {"applicant", 0, 0, G_OPTION_ARG_FILENAME, &o.applicant, "Who applies", "FILE.json"},
      {"on-behalf", 0, 0, G_OPTION_ARG_FILENAME, &o.on_behalf, "Who acts for whom", "FILE.json"},
      {"document", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o.documents, "A document", "SLOT=FILE"},
      {"notice", 0, 0, G_OPTION_ARG_STRING, &o.notice, "The notice that was read", "ID"},
      {"consent", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.consents, "A consent", "ID=yes|no"},
      {"signature", 0, 0, G_OPTION_ARG_FILENAME, &o.signature, "Strokes", "FILE.svg"},
      {"lang", 0, 0, G_OPTION_ARG_STRING, &o.language, "zh_CN or en", "L"},
      {"reveal", 0, 0, G_OPTION_ARG_NONE, &o.reveal, "Open it (desk)", NULL},
      {"clerk", 0, 0, G_OPTION_ARG_STRING, &o.clerk, "Who reads it", "NAME"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &o.json, "One JSON document", NULL},
      {NULL},
  };
  g_autoptr (App) app = NULL;
  int code = command_app_parse (USAGE, ABOUT, entries, &o.config, &argc, &argv);

  if (code >= 0)
    return code;
  if (!is_usable (&o, argc, argv))
    return command_usage (USAGE);
  if (o.reveal)
    return argc == 3 && strcmp (argv[1], "show") == 0 ? reveal (&o, argv[2])
                                                      : command_usage (USAGE);
  app = command_app_open (argv[0], o.config, 0, &code);
  return app != NULL ? run (app, &o, argc, argv) : code;
}
