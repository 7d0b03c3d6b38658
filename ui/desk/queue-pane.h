/* queue-pane.h: who waits, who is called, who did not come. */
#pragma once

#include "desk/desk.h"

typedef struct _QueuePane QueuePane;

/* Freed with its root. */
QueuePane *queue_pane_new (Desk *desk);
GtkWidget *queue_pane_root (QueuePane *pane);

/* Shows `queue`, which is borrowed until the next call. */
void queue_pane_show (QueuePane *pane, const DeskQueue *queue);

/* F2, F3, F4. */
void queue_pane_call_next (QueuePane *pane);
void queue_pane_recall (QueuePane *pane);
void queue_pane_miss (QueuePane *pane);
