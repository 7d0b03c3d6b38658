/* kiosk.h: the one context of the terminal's shell, made in main and passed to every page. */
#pragma once

#include <gtk/gtk.h>

#include "flow/session.h"

typedef struct _Shell Shell;

typedef struct {
  Session *session; /* where the visitor stands */
  Shell *shell;     /* the window with bars, sheet and toast (shell.h) */
} Kiosk;
