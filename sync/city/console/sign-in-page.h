/* sign-in-page.h: signing in, and being kept out. */
#pragma once

#include "city/city.h"
#include "city/console/session.h"
#include "city/http.h"

/* `failed`: after a try that did not work. */
void sign_in_page_reply (HttpRequest *request, gboolean failed);

/* POST /sign-in: checks the passphrase away from the main loop, then replies. `*pending` counts the
 * checks under way. */
void sign_in_page_try (City *city, Sessions *sessions, HttpRequest *request, GHashTable *sent,
                       int *pending);
