/* command-clerk.c: signing in without a screen. Passphrases come on standard input, never as an
 * argument, and are wiped. */
#include "cli/command-clerk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/command.h"
#include "domain/person.h"
#include "ops/config.h"

#define MAX_LINE 512

char *
command_clerk_config (const char *option)
{
  g_autofree char *usual = config_path (option), *folder = NULL;

  if (option != NULL)
    return g_steal_pointer (&usual);
  folder = g_path_get_dirname (usual);
  return g_build_filename (folder, "desk.conf", NULL);
}

char *
command_clerk_passphrase (const char *whose)
{
  char line[MAX_LINE];
  char *copy;

  if (isatty (STDIN_FILENO))
    fprintf (stderr, "passphrase of %s: ", whose);
  if (fgets (line, sizeof line, stdin) == NULL)
    return NULL;
  line[strcspn (line, "\n")] = '\0';
  copy = g_strdup (line);
  explicit_bzero (line, sizeof line);
  return copy;
}

Clerk *
command_clerk_sign_in (App *app, const char *word, const char *name, int *ret_code)
{
  g_autoptr (GError) problem = NULL;
  person_autotext char *passphrase = NULL;
  Clerk *clerk;

  if (name == NULL) {
    fprintf (stderr, "onestop %s: who reads it? --clerk NAME\n", word);
    *ret_code = COMMAND_USAGE;
    return NULL;
  }
  passphrase = command_clerk_passphrase (name);
  if (passphrase == NULL) {
    fprintf (stderr, "onestop %s: the passphrase is read from standard input\n", word);
    *ret_code = COMMAND_USAGE;
    return NULL;
  }
  clerk = clerk_flow_sign_in (app, name, passphrase, clock_now (), &problem);
  if (clerk == NULL)
    *ret_code = command_fail (word, problem);
  return clerk;
}
