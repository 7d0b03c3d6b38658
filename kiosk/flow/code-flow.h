/* code-flow.h: codes that a visitor shows, from whichever reader the machine has.
 *
 * The screen gives every key to code_flow_key; a reader on a serial line reports by itself. What a
 * code means is ticket-flow's business. */
#pragma once

#include <glib.h>

typedef struct _CodeFlow CodeFlow;

/* A code of our form; or NULL: something was read that is none. */
typedef void (*CodeFlowFunc) (const char *text, gpointer data);

/* `device` as `[code-reader] device`. `func` gets codes; `replay` characters that were held back
 * and turn out to be typed by a person. Both in the main context. INVALID. Owned. */
CodeFlow *code_flow_new (const char *device, CodeFlowFunc func, CodeFlowFunc replay, gpointer data,
                         GError **error);
void code_flow_free (CodeFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodeFlow, code_flow_free)

/* A key of the keyboard: its Unicode character, '\r' for Enter, 0 for none. `now` ms that never go
 * back. TRUE: the key belongs to a reader's frame (or may), stop it here. */
gboolean code_flow_key (CodeFlow *flow, gunichar character, gint64 now);

/* A few times a second: ends frames that broke off. */
void code_flow_tick (CodeFlow *flow, gint64 now);

/* TRUE if a reader is there now. */
gboolean code_flow_is_ready (const CodeFlow *flow);
