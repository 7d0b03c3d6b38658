/* case-list.h: the hall's cases, newest first, with filters. No name stands here but a masked one
 * of a case that this clerk has opened. */
#pragma once

#include "desk/desk.h"

typedef struct _CaseList CaseList;

/* Freed with its root. */
CaseList *case_list_new (Desk *desk);
GtkWidget *case_list_root (CaseList *list);

/* Shows `cases` (DeskCase). Takes a reference. */
void case_list_show (CaseList *list, GPtrArray *cases);

/* Only cases in whose number, service or masked name `text` stands. */
void case_list_find (CaseList *list, const char *text);

/* The keyboard goes to the list. */
void case_list_focus (CaseList *list);
