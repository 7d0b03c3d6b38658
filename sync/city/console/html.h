/* html.h: pages as text. What is put in is escaped; what stands in the format is markup.
 *
 * A page may hold personal data, so it is wiped once it was sent. */
#pragma once

#include <glib.h>

#include "city/console/session.h"
#include "city/http.h"

/* Appends `format` (markup, a literal) with its %s arguments escaped. NULL arguments are not
 * allowed. */
void html_add (GString *page, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A page with the bars of the console; `session` NULL: nobody is signed in. `here` is the path of
 * the navigation entry to mark, or NULL. Owned. */
GString *html_begin (const Session *session, const char *title, const char *here);

/* Ends the page and replies with it; `page` is wiped and freed. */
void html_reply (HttpRequest *request, int status, GString *take_page);

/* A page that says one thing: what happened, and what to do. */
void html_reply_note (HttpRequest *request, const Session *session, int status, const char *title,
                      const char *text);

/* 303 to `path`. */
void html_redirect (HttpRequest *request, const char *path);

/* The hidden field that every form of a signed-in person carries. */
void html_add_token (GString *page, const Session *session);
