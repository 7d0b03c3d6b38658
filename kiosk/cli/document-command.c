/* document-command.c: shows intake's verdict on a file. Decodes nothing here. */
#include "cli/document-command.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "cli/command.h"
#include "document/document.h"

static const char usage[] = "onestop document check FILE [--json]";

static const struct {
  const char *reason, *text;
} advice[] = {
    {"not-supported-kind", "not a kind that is taken; bring it as PDF, JPEG or PNG"},
    {"too-large", "larger than 20 MiB"},
    {"too-many-pages", "more than 50 pages"},
    {"too-many-pixels", "more than 40 megapixels"},
    {"damaged", "damaged or not whole; save it again"},
    {"encrypted", "protected by a password; save it without one"},
    {"empty", "an empty file"},
};

static const char *
advice_for (const char *reason)
{
  for (gsize i = 0; i < G_N_ELEMENTS (advice); i++)
    if (strcmp (advice[i].reason, reason) == 0)
      return advice[i].text;
  return reason;
}

static void
print_json (const DocumentVerdict *v)
{
  g_autoptr (json_t) object = json_pack (
      "{s:s, s:s, s:s?, s:i, s:i, s:i, s:i, s:s?}", "verdict", v->accepted ? "accepted" : "refused",
      "kind", v->kind, "media", v->media, "pages", (int)v->pages, "width", (int)v->width, "height",
      (int)v->height, "rotate", (int)v->rotate, "reason", v->reason);
  g_autofree char *text = strict_json_pretty (object);

  printf ("%s\n", text);
}

static void
print_text (const DocumentVerdict *v)
{
  const char *unit = v->media != NULL && strcmp (v->media, "application/pdf") == 0 ? "pt" : "px";

  if (v->accepted)
    printf ("accepted: %s, %u page%s, %u x %u %s\n", v->kind, v->pages, v->pages == 1 ? "" : "s",
            v->width, v->height, unit);
  else
    printf ("refused: %s (%s): %s\n", v->reason, v->kind, advice_for (v->reason));
}

/* NULL with an error, or the verdict; a file that is too large is not read. */
static DocumentVerdict *
check (const char *path, GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (GBytes) bytes = file_read (path, DOCUMENT_MAX_BYTES, &own);

  if (bytes != NULL)
    return document_check (bytes, NULL, error);
  if (onestop_error_is (own, ONESTOP_ERROR_FULL)) {
    DocumentVerdict *verdict = g_new0 (DocumentVerdict, 1);
    verdict->kind = g_strdup ("unknown");
    verdict->reason = g_strdup ("too-large");
    return verdict;
  }
  g_propagate_error (error, g_steal_pointer (&own));
  return NULL;
}

int
document_command_run (int argc, char **argv)
{
  g_autoptr (DocumentVerdict) verdict = NULL;
  g_autoptr (GError) error = NULL;
  const char *path = NULL;
  gboolean json = FALSE;

  if (argc == 2 && strcmp (argv[1], "--help") == 0) {
    printf ("usage: %s\n", usage);
    return COMMAND_DONE;
  }
  if (argc < 3 || strcmp (argv[1], "check") != 0)
    return command_usage (usage);
  for (int i = 2; i < argc; i++) {
    if (strcmp (argv[i], "--json") == 0)
      json = TRUE;
    else if (path == NULL && (argv[i][0] != '-' || argv[i][1] == '\0'))
      path = argv[i];
    else
      return command_usage (usage);
  }
  if (path == NULL)
    return command_usage (usage);
  verdict = check (path, &error);
  if (verdict == NULL)
    return command_fail ("document", error);
  if (json)
    print_json (verdict);
  else
    print_text (verdict);
  return verdict->accepted ? COMMAND_DONE : COMMAND_NO;
}
