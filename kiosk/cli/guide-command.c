/* guide-command.c: the Service Guide at the shell. Prints what flow/guide-flow loads; decides
 * nothing. */
#include "cli/guide-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "base/clock.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "cli/guide-package-command.h"
#include "domain/guide-supplement.h"
#include "flow/guide-flow.h"
#include "flow/guide-gate.h"
#include "flow/guide-package.h"
#include "paper/guide-paper.h"

#define DAY_MS (86400 * (gint64)1000)
#define USAGE                                                                                      \
  "onestop guide list|show|check [SERVICE|FILE] [--city FILE] [--lang L] [--json|--pdf FILE]"

static const char help_text[] =
    "usage: onestop guide list [--json] [--lang L] [--config FILE]\n"
    "       onestop guide show [SERVICE] [--json] [--lang L] [--config FILE]\n"
    "       onestop guide show SERVICE --pdf FILE [--lang L] [--config FILE]\n"
    "       onestop guide check FILE [--city FILE]\n"
    "       onestop guide pack FILE... --key KEY -o OUT [--at TIME]\n"
    "       onestop guide install PACKAGE [--root FILE] [--config FILE]\n"
    "\n"
    "L is zh_CN (default) or en. list and show give the guide of this device: the city's, with "
    "the\n"
    "supplement of the configuration's [hall] district; without a configuration the city's alone.\n"
    "--pdf leaves the service as A4 sheets, in en with both languages.\n"
    "\n"
    "check is the publish gate. It refuses, with the file, the JSON pointer and the reason: what "
    "is not\n"
    "by the schema (assets/guide/guide.schema.json), references to nothing, rules with operands "
    "that do\n"
    "not go together, that always come out the same, or too deep or long to be answered here, "
    "texts\n"
    "without one of both languages, offered services with fewer than three examples, and examples "
    "that\n"
    "come out otherwise. A district's supplement is checked against the city's guide in --city.\n"
    "\n"
    "Exit: 0 done, 1 the guide does not pass, 3 no such service, 4 no guide at all, or "
    "one that is\n"
    "refused (pack, install).\n";

typedef struct {
  const char *word;          /* list, show, ... */
  const char *object;        /* SERVICE or FILE, or NULL */
  const char *city, *config; /* FILE, or NULL */
  const char *language;
  const char *pdf; /* FILE, or NULL */
  gboolean json;
} Options;

static const char *
text (const GuideText *guide_words, const Options *options)
{
  const char *found = guide_text (guide_words, options->language, NULL);
  return found == NULL ? "" : found;
}

static void
print_json (json_t *json)
{
  g_autofree char *pretty = strict_json_pretty (json);
  puts (pretty);
}

static json_t *
describe_short (const GuideService *service, const Options *options)
{
  return json_pack ("{ss si ss sb sb ss ss?}", "id", service->id, "group", (int)service->group,
                    "name", text (service->name, options), "enabled", service->enabled, "complete",
                    service->complete, "intake_mode", guide_intake_mode_word (service->intake_mode),
                    "queue", service->queue);
}

/* Where the guide comes from: {"source", and of a package "signed", "installed", "expires",
 * "next"}.
 */
static json_t *
describe_source (App *app)
{
  PackageMark marks[PACKAGE_ROLES];
  gint64 issued = 0, installed;
  if (app == NULL ||
      !guide_store_marks (app->db, GUIDE_PACKAGE_KIND, marks, &issued, &installed, NULL) ||
      issued == 0)
    return json_pack ("{ss}", "source", "shipped");
  g_autofree char *signed_at = clock_format (issued), *taken = clock_format (installed);
  g_autofree char *expires = clock_format (marks[PACKAGE_TIMESTAMP].expires);
  g_autofree char *day = clock_day (clock_now ());
  json_t *source = json_pack ("{ss ss ss ss}", "source", "package", "signed", signed_at,
                              "installed", taken, "expires", expires);
  g_autoptr (GuideDocument) next = guide_store_next (app->db, GUIDE_CITY_SCOPE, day, NULL);
  if (next != NULL)
    json_object_set_new (
        source, "next",
        json_pack ("{sI ss}", "version", (json_int_t)next->version, "effective", next->effective));
  return source;
}

/* The same in a line, with how old it is. */
static void
print_source (App *app)
{
  g_autoptr (json_t) source = describe_source (app);
  const char *signed_at = strict_json_peek (source, "signed", NULL);
  const json_t *next = json_object_get (source, "next");
  gint64 issued, expires, now = clock_now ();
  if (signed_at == NULL || !clock_parse (signed_at, &issued, NULL) ||
      !clock_parse (strict_json_peek (source, "expires", ""), &expires, NULL)) {
    puts ("shipped with the program; no package was installed");
    return;
  }
  printf ("package signed %.10s, %" G_GINT64_FORMAT " days ago%s\n", signed_at,
          MAX (now - issued, 0) / DAY_MS,
          now > expires ? "; the city has not said since that it is the newest" : "");
  if (next != NULL)
    printf ("next: version %d from %s, 00:00\n",
            (int)json_integer_value (json_object_get (next, "version")),
            strict_json_peek (next, "effective", ""));
}

static int
list_services (const Guide *guide, App *app, const Options *options)
{
  const GPtrArray *services = guide_services (guide);
  g_autoptr (json_t) list = json_array ();
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    json_array_append_new (list, describe_short (service, options));
    if (!options->json)
      printf ("%-28s %d  %s%s\n", service->id, service->group, text (service->name, options),
              service->enabled ? "" : " (disabled)");
  }
  if (options->json) {
    json_t *supplement = (json_t *)guide_supplement_peek (guide);
    g_autoptr (json_t) all = json_pack ("{si ss ss sO}", "version", (int)guide_version (guide),
                                        "sha256", guide_peek_sha256 (guide), "effective",
                                        guide_peek_effective (guide), "services", list);
    g_autoptr (json_t) source = describe_source (app);
    json_object_update (all, source);
    if (supplement != NULL)
      json_object_set (all, "supplement", supplement);
    print_json (all);
  }
  return COMMAND_DONE;
}

static const char *
mark (gboolean unconfirmed, const Options *options)
{
  return unconfirmed ? guide_unconfirmed_text (options->language) : NULL;
}

static void
print_line (const char *head, const char *body, const char *unconfirmed)
{
  printf ("%s%s%s%s%s\n", head, body, unconfirmed == NULL ? "" : "  [",
          unconfirmed == NULL ? "" : unconfirmed, unconfirmed == NULL ? "" : "]");
}

static void
show_service (const GuideService *service, const Options *options)
{
  printf ("%s  (%s)\n%s\n", text (service->name, options),
          guide_group_name (service->group, options->language), text (service->summary, options));
  if (service->disabled_reason != NULL)
    printf ("! %s\n", text (service->disabled_reason, options));
  for (guint i = 0; i < service->basis->len; i++) {
    const GuideBasis *basis = g_ptr_array_index (service->basis, i);
    printf ("= %s %s %s (%s)\n", text (basis->title, options),
            basis->number == NULL ? "" : basis->number,
            basis->article == NULL ? "" : basis->article,
            guide_basis_status_text (basis->status, options->language));
  }
  for (guint i = 0; i < service->steps->len; i++) {
    const GuideStep *step = g_ptr_array_index (service->steps, i);
    g_autofree char *head = g_strdup_printf ("%u. ", i + 1);
    print_line (head, text (step->name, options), mark (step->unconfirmed, options));
  }
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = g_ptr_array_index (service->materials, i);
    print_line ("- ", text (material->name, options), mark (material->unconfirmed, options));
  }
  for (guint i = 0; i < service->limits->len; i++) {
    const GuideLimit *limit = g_ptr_array_index (service->limits, i);
    g_autofree char *words = guide_limit_text (limit, options->language);
    print_line ("* ", words, limit->unknown ? NULL : mark (limit->unconfirmed, options));
  }
  if (service->not_accepted != NULL)
    printf ("! %s\n", text (service->not_accepted, options));
  if (service->formal_application != NULL)
    printf ("> %s\n", text (service->formal_application, options));
}

static int
write_pdf (const Guide *guide, const GuideService *service, const Options *options)
{
  const GuidePaper paper = {.guide = guide,
                            .service = service,
                            .english = g_str_has_prefix (options->language, "en"),
                            .at = clock_now ()};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = guide_paper_render (&paper, NULL, &error);

  gsize size = 0;
  if (pdf == NULL)
    return command_fail ("guide", error);
  const void *bytes = g_bytes_get_data (pdf, &size);
  return file_write (options->pdf, bytes, size, 0644, &error) ? COMMAND_DONE
                                                              : command_fail ("guide", error);
}

static int
show_all (const Guide *guide, App *app, const Options *options)
{
  const json_t *supplement = guide_supplement_peek (guide);
  printf ("guide %s version %u, in force from %s\n", guide_peek_scope (guide),
          guide_version (guide), guide_peek_effective (guide));
  if (supplement != NULL)
    printf ("with %s version %d\n", strict_json_peek (supplement, "scope", ""),
            (int)json_integer_value (json_object_get (supplement, "version")));
  printf ("sha256 %s\n", guide_peek_sha256 (guide));
  print_source (app);
  putchar ('\n');
  return list_services (guide, app, options);
}

static int
show (const Guide *guide, App *app, const Options *options)
{
  if (options->object == NULL)
    return show_all (guide, app, options);
  const GuideService *service = guide_service (guide, options->object);
  if (service == NULL) {
    fprintf (stderr, "onestop guide: no service is called \"%s\"\n", options->object);
    return COMMAND_NOT_NOW;
  }
  if (options->pdf != NULL)
    return write_pdf (guide, service, options);
  if (options->json)
    print_json ((json_t *)service->json);
  else
    show_service (service, options);
  return COMMAND_DONE;
}

/* Reads a file for check: FALSE, with the answer, if it cannot be one at all. */
static GBytes *
read_document (const char *path, int *ret_code)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = file_read (path, GUIDE_MAX_BYTES, &error);
  if (onestop_error_is (error, ONESTOP_ERROR_FULL) ||
      onestop_error_is (error, ONESTOP_ERROR_INVALID)) {
    fprintf (stderr, "%s: /: %s\n", path, error->message);
    *ret_code = COMMAND_NO;
  } else if (bytes == NULL) {
    *ret_code = command_fail ("guide", error);
  }
  return bytes;
}

/* Prints each problem behind the file's name. */
static int
tell (const char *path, const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    fprintf (stderr, "%s: %s\n", path, (char *)g_ptr_array_index (problems, i));
  return problems->len > 0 ? COMMAND_NO : COMMAND_DONE;
}

/* The city's guide in `path` and what the gate finds in it. */
static Guide *
gate (const char *path, int *ret_code)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = read_document (path, ret_code);
  if (bytes == NULL)
    return NULL;
  Guide *guide = guide_gate_pass (bytes, problems);
  *ret_code = tell (path, problems);
  return guide;
}

static int
check_supplement (const Options *options)
{
  int code;
  g_autoptr (Guide) city = gate (options->city, &code);
  if (city == NULL || code != COMMAND_DONE)
    return code;
  g_autoptr (GBytes) bytes = read_document (options->object, &code);
  if (bytes == NULL)
    return code;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Guide) merged = guide_gate_pass_supplement (city, bytes, problems);
  code = tell (options->object, problems);
  if (code == COMMAND_DONE)
    printf ("%s: fits version %u of the city's guide, %u services with it, nothing found\n",
            options->object, guide_version (city), guide_services (merged)->len);
  return code;
}

static int
check (const Options *options)
{
  int code;
  if (options->object == NULL)
    return command_usage ("onestop guide check FILE [--city FILE]");
  if (options->city != NULL)
    return check_supplement (options);
  g_autoptr (Guide) guide = gate (options->object, &code);
  if (guide != NULL && code == COMMAND_DONE)
    printf ("%s: version %u, %u services, nothing found\n", options->object, guide_version (guide),
            guide_services (guide)->len);
  return code;
}

/* Where the value of an option goes, or NULL. */
static const char **
option_of (Options *options, const char *word)
{
  if (strcmp (word, "--lang") == 0)
    return &options->language;
  if (strcmp (word, "--city") == 0)
    return &options->city;
  if (strcmp (word, "--pdf") == 0)
    return &options->pdf;
  return strcmp (word, "--config") == 0 ? &options->config : NULL;
}

static gboolean
read_options (int argc, char **argv, Options *options)
{
  *options = (Options){.language = "zh_CN"};
  for (int i = 1; i < argc; i++) {
    const char **value = option_of (options, argv[i]);
    if (strcmp (argv[i], "--json") == 0)
      options->json = TRUE;
    else if (value != NULL && i + 1 < argc)
      *value = argv[++i];
    else if (g_str_has_prefix (argv[i], "-"))
      return FALSE;
    else if (options->word == NULL)
      options->word = argv[i];
    else if (options->object == NULL)
      options->object = argv[i];
    else
      return FALSE;
  }
  return options->word != NULL && (options->pdf == NULL || options->object != NULL);
}

int
guide_command_run (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "pack") == 0)
    return guide_package_command_pack (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "install") == 0)
    return guide_package_command_install (argc - 1, argv + 1);
  for (int i = 1; i < argc; i++)
    if (strcmp (argv[i], "--help") == 0) {
      fputs (help_text, stdout);
      return COMMAND_DONE;
    }
  Options options;
  if (!read_options (argc, argv, &options))
    return command_usage (USAGE);
  if (strcmp (options.word, "check") == 0)
    return check (&options);
  gboolean lists = strcmp (options.word, "list") == 0;
  if (!lists && strcmp (options.word, "show") != 0)
    return command_usage (USAGE);
  g_autoptr (GError) error = NULL;
  g_autoptr (App) app = NULL;
  g_autoptr (Guide) guide = command_app_guide (options.config, &app, &error);
  if (guide == NULL)
    return command_fail ("guide", error);
  return lists ? list_services (guide, app, &options) : show (guide, app, &options);
}
