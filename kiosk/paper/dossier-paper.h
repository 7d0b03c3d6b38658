/* dossier-paper.h: the dossier of a case on A4.
 *
 * Cover, case sheet, form answers, consents, timeline, index of documents, then each page of each
 * document: JPEG data goes into the PDF as it is (rotation is a matrix), PNG as pixels, PDF pages
 * as vectors through poppler, the signature's SVG strokes as lines. A document that cannot be drawn
 * gets a page that says so; it stops nothing else. Every page has the case number and "page n of
 * m", and names who printed it. One ink and light grey. All in memory. */
#pragma once

#include <glib.h>

#include "domain/dossier.h"

/* The whole dossier as PDF; `ret_pages` (may be NULL) is its number of pages. INVALID as
 * dossier_check; FULL out of memory or over DOSSIER_PAPER_MAX_PAGES. */
#define DOSSIER_PAPER_MAX_PAGES 2000
GBytes *dossier_paper_render (const Dossier *dossier, int *ret_pages, GError **error);
