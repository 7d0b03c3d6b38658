/* kiosk.h: the one context of the terminal's shell, made in main and passed to every page. */
#pragma once

#include <gtk/gtk.h>

#include "flow/app.h"
#include "flow/session.h"
#include "text/name-search.h"

typedef struct _Shell Shell;

typedef struct {
  PinyinInput *pinyin; /* made by page_pinyin; NULL until then, or without Chinese input */
  NameSearch *search;  /* the services' names, made by the catalogue; NULL until then */
  Guide *searched;     /* the guide that `search` was made of, referenced */
  App *app;            /* configuration, store, guide */
  Session *session;    /* where the visitor stands, and all that is his */
  Shell *shell;        /* the window with its bars, sheet and toast (shell.h) */
} Kiosk;
