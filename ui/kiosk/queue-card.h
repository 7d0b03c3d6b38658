/* queue-card.h: which number a window serves now, as far as this machine has heard. Numbers and
 * windows only, never a name. */
#pragma once

#include "kiosk/page.h"

/* A note with the last called number; hidden while nothing was heard today. Floating. */
GtkWidget *queue_card_new (Page *page);

/* "A017", the last number called today, with `ret_window` (may be NULL); NULL if none was. Owned.
 */
char *queue_card_last (Kiosk *kiosk, char **ret_window);
