/* case-pane.h: the opened case: what was answered, its documents, its days; and its dossier on
 * paper. */
#pragma once

#include "desk/desk.h"

typedef struct _CasePane CasePane;

/* Freed with its root. */
CasePane *case_pane_new (Desk *desk);
GtkWidget *case_pane_root (CasePane *pane);

/* Shows desk->reading, or that nothing is open. */
void case_pane_show (CasePane *pane);

/* A case is being opened / could not be. `text` may be NULL. */
void case_pane_say (CasePane *pane, const char *text, gboolean fault);

/* Ctrl+P. */
void case_pane_print (CasePane *pane);
