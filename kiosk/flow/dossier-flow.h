/* dossier-flow.h: the dossier of a case that a clerk has opened, from the reading to a PDF in
 * memory.
 */
#pragma once

#include "domain/dossier.h"
#include "flow/desk-flow.h"

/* Everything that dossier-paper prints: what was answered, in the form's order and with the guide's
 * names; consents, timeline, documents, what is missing; who reads it, when. Owned; wipes. */
Dossier *dossier_flow_fill (App *app, const DeskReading *reading, const char *clerk, gint64 now);

/* Only the answers, in the form's order, with the guide's names in Chinese. */
void dossier_flow_add_fields (Dossier *dossier, const DeskReading *reading);

/* The PDF. The dossier leaves memory only as this. `ret_pages` may be NULL. */
GBytes *dossier_flow_render (App *app, const DeskReading *reading, const char *clerk, gint64 now,
                             int *ret_pages, GError **error);
