/* command-clerk.h: a clerk at the command line: signs in with a passphrase from standard input. */
#pragma once

#include "flow/clerk-flow.h"

/* The configuration of the desk when none is named: desk.conf beside the one that would be used.
 * Owned. */
char *command_clerk_config (const char *option);

/* One line of standard input without its end, or NULL; asks for it on a terminal. Owned: free with
 * person_text_free. */
char *command_clerk_passphrase (const char *whose);

/* Signs `name` in, or prints why not for command `word` and sets `ret_code`. Owned. */
Clerk *command_clerk_sign_in (App *app, const char *word, const char *name, int *ret_code);
