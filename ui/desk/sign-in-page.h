/* sign-in-page.h: who sits here. All that a locked desk shows. */
#pragma once

#include "desk/desk.h"

typedef struct _SignInPage SignInPage;

/* Freed with its root. */
SignInPage *sign_in_page_new (Desk *desk);
GtkWidget *sign_in_page_root (SignInPage *page);

/* Empty and ready to type; `locked` says why one is here again. */
void sign_in_page_reset (SignInPage *page, gboolean locked);
