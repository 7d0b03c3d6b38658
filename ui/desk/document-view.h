/* document-view.h: the documents of the opened case: pages small at the left, one large beside
 * them.
 */
#pragma once

#include "desk/desk.h"

/* Of desk->reading, which is only needed while this runs. Floating. */
GtkWidget *document_view_new (Desk *desk);
