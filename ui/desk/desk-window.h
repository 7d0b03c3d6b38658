/* desk-window.h: the hall staff's window: locked, it shows the sign-in page; else queue, cases and
 * the opened case side by side. */
#pragma once

#include "desk/case-list.h"
#include "desk/case-pane.h"
#include "desk/desk.h"
#include "desk/queue-pane.h"
#include "desk/sign-in-page.h"

/* Sets desk->window. */
DeskWindow *desk_window_new (Desk *desk);
void desk_window_free (DeskWindow *window);
GtkWindow *desk_window_peek (DeskWindow *window);

/* A clerk signed in. Takes `clerk`. */
void desk_window_unlock (DeskWindow *window, Clerk *clerk);

/* Wipes what is open and forgets the key; `by_itself` after silence. */
void desk_window_lock (DeskWindow *window, gboolean by_itself);

/* Says something short at the bottom for a few seconds. */
void desk_window_toast (DeskWindow *window, const char *text);

/* Looks at the store now, as it does every other second by itself. */
void desk_window_refresh (DeskWindow *window);

/* Asks for a case; it is shown when it is open. */
void desk_window_open_case (DeskWindow *window, const char *number);

SignInPage *desk_window_sign_in (DeskWindow *window);
CasePane *desk_window_case_pane (DeskWindow *window);
