/* ticket-command.c: tickets on the command line. Refuses to print a claim as true that it has not
 * verified: `show` says so in its first line. */
#include "cli/ticket-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "flow/app.h"
#include "flow/ticket-flow.h"
#include "trust/ticket-sign.h"

static const char usage[] =
    "onestop ticket issue --family A [--service ID] [--lang L] | verify [--json] | show [--json] | "
    "key [--json]    [--config FILE]    (verify and show read the scanned text)";

typedef struct {
  const char *config, *family, *service, *language;
  gboolean json;
} Options;

static gboolean
read_options (int argc, char **argv, Options *options)
{
  for (int i = 2; i < argc; i++) {
    const char **value = NULL;
    if (strcmp (argv[i], "--json") == 0)
      options->json = TRUE;
    else if (strcmp (argv[i], "--config") == 0)
      value = &options->config;
    else if (strcmp (argv[i], "--family") == 0)
      value = &options->family;
    else if (strcmp (argv[i], "--service") == 0)
      value = &options->service;
    else if (strcmp (argv[i], "--lang") == 0)
      value = &options->language;
    else
      return FALSE;
    if (value != NULL && ++i >= argc)
      return FALSE;
    if (value != NULL)
      *value = argv[i];
  }
  return TRUE;
}

/* Standard input without one newline at its end; NULL if it is longer than any ticket. */
static char *
read_scanned (gsize *ret_length)
{
  char *text = g_malloc (TICKET_SIGN_MAX_TEXT + 3);
  gsize length = fread (text, 1, TICKET_SIGN_MAX_TEXT + 2, stdin);

  if (length > 0 && text[length - 1] == '\n')
    length--;
  text[length] = '\0';
  *ret_length = length;
  return text;
}

static json_t *
describe (const Ticket *ticket)
{
  g_autofree char *id = encode_hex (ticket->id, TICKET_ID_BYTES);
  g_autofree char *issued = clock_format (ticket->issued * 1000);
  g_autofree char *expires = clock_format (ticket->expires * 1000);
  json_t *json =
      json_pack ("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "kind", ticket_kind_word (ticket->kind), "hall",
                 ticket->hall, "number", ticket->number, "service", ticket->service, "id", id,
                 "issued", issued, "expires", expires);

  if (ticket->kind == TICKET_KIND_RECEIPT) {
    g_autofree char *manifest = encode_hex (ticket->manifest, TICKET_MANIFEST_BYTES);
    json_object_set_new (json, "case", json_string (ticket->case_number));
    json_object_set_new (json, "manifest", json_string (manifest));
  }
  if (ticket->kind == TICKET_KIND_SLIP) {
    g_autofree char *guide = encode_hex (ticket->guide, TICKET_GUIDE_BYTES);
    json_object_set_new (json, "guide", json_string (guide));
    json_object_set_new (json, "facts", json_string (ticket->facts));
  }
  return json;
}

static void
print_json (json_t *json)
{
  g_autofree char *text = strict_json_write (json);

  puts (text);
}

static void
print_lines (const json_t *json)
{
  const char *key;
  json_t *value;

  json_object_foreach ((json_t *)json, key, value) {
    if (*json_string_value (value) != '\0')
      printf ("%-9s %s\n", key, json_string_value (value));
  }
}

static int
exit_code (TicketVerdict verdict)
{
  if (verdict == TICKET_VERDICT_GOOD)
    return COMMAND_DONE;
  if (verdict == TICKET_VERDICT_UNREADABLE)
    return COMMAND_REFUSED;
  return verdict == TICKET_VERDICT_UNKNOWN_KEY ? COMMAND_NOT_NOW : COMMAND_NO;
}

static int
verify (App *app, const Options *options)
{
  g_autoptr (KeySet) none = key_set_new (1, 0, 1);
  g_autoptr (Ticket) ticket = NULL;
  g_autoptr (json_t) json = json_object ();
  g_autofree char *text = NULL;
  TicketVerdict verdict;
  gint64 judged;
  gsize length;

  text = read_scanned (&length);
  app_clock_unsure (app, app->db, clock_now (), &judged);
  verdict =
      ticket_sign_check (text, length, app->key_set != NULL ? app->key_set : none, judged, &ticket);
  json_object_set_new (json, "verdict", json_string (ticket_sign_verdict_word (verdict)));
  if (ticket != NULL) {
    g_autoptr (json_t) claims = describe (ticket);
    json_object_update (json, claims);
  }
  if (options->json)
    print_json (json);
  else
    print_lines (json);
  return exit_code (verdict);
}

static int
show (const Options *options)
{
  g_autofree char *text = NULL;
  g_autoptr (Ticket) ticket = NULL;
  g_autoptr (json_t) json = NULL;
  gsize length;

  text = read_scanned (&length);
  ticket = ticket_sign_read (text, length, NULL);
  if (ticket == NULL) {
    fprintf (stderr, "onestop ticket: not a ticket of ours, or damaged\n");
    return COMMAND_REFUSED;
  }
  json = describe (ticket);
  if (options->json) {
    print_json (json);
  } else {
    printf ("not verified; it claims:\n");
    print_lines (json);
  }
  return COMMAND_DONE;
}

static int
print_key (App *app, const Options *options)
{
  g_autoptr (GBytes) cose = NULL;
  g_autofree char *base64 = NULL;

  if (app->device_key == NULL) {
    fprintf (stderr, "onestop ticket: this device is not enrolled\n");
    return COMMAND_NOT_NOW;
  }
  cose = ticket_sign_cose_key (key_peek_public (app->device_key));
  base64 = encode_base64 (g_bytes_get_data (cose, NULL), g_bytes_get_size (cose));
  if (options->json)
    printf ("{\"kid\":\"%s\",\"cose_key\":\"%s\"}\n", key_peek_kid (app->device_key), base64);
  else
    puts (base64);
  return COMMAND_DONE;
}

static int
issue (App *app, const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TicketRow) row = ticket_flow_draw (
      app, app->db, options->family, options->service,
      options->language != NULL ? options->language : "zh_CN", clock_now (), NULL, &error);

  if (row == NULL)
    return command_fail ("ticket", error);
  if (options->json)
    printf ("{\"number\":\"%s\",\"day\":\"%s\",\"id\":\"%s\",\"text\":\"%s\"}\n", row->number,
            row->day, row->id, row->text);
  else
    puts (row->text);
  return COMMAND_DONE;
}

int
ticket_command_run (int argc, char **argv)
{
  static const char *const words[] = {"issue", "verify", "show", "key", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (App) app = NULL;
  Options options = {0};
  gboolean is_issue;

  if (argc == 2 && strcmp (argv[1], "--help") == 0) {
    printf ("usage: %s\n", usage);
    return COMMAND_DONE;
  }
  is_issue = argc >= 2 && strcmp (argv[1], "issue") == 0;
  if (argc < 2 || !g_strv_contains (words, argv[1]) || !read_options (argc, argv, &options) ||
      is_issue != (options.family != NULL) || (options.service != NULL && !is_issue))
    return command_usage (usage);
  if (strcmp (argv[1], "show") == 0)
    return show (&options);
  app = app_open (options.config, is_issue ? 0 : APP_WITHOUT_GUIDE, &error);
  if (app == NULL)
    return command_fail ("ticket", error);
  if (is_issue)
    return issue (app, &options);
  return strcmp (argv[1], "key") == 0 ? print_key (app, &options) : verify (app, &options);
}
