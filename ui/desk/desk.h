/* desk.h: the one context of the desk, made in main and passed to every part of the window. */
#pragma once

#include <gtk/gtk.h>

#include "base/translate.h"
#include "flow/desk-flow.h"

typedef struct _DeskWindow DeskWindow;

typedef struct {
  App *app;
  const char *language; /* of app->config->screen_languages */
  Clerk *clerk;         /* NULL while locked; the worker may use it until its queue is empty */
  guint sitting;        /* counts sign-ins: what comes back for an earlier one is wiped unseen */
  GHashTable *names;    /* case number -> masked name, of cases opened in this sitting */
  DeskReading *reading; /* the opened case, or NULL */
  gboolean printing;    /* a dossier is on its way: the desk does not lock itself meanwhile */
  int lock_after;       /* seconds without key or pointer */
  DeskWindow *window;
} Desk;

/* `msgid` in the desk's language. Static. */
static inline const char *
desk_say (const Desk *desk, const char *msgid)
{
  return translate (desk->language, msgid);
}
