/* document-paper.h: one stored document as pages to be drawn.
 *
 * JPEG data goes into the PDF as it is, bit by bit; PNG as pixels; pages of a PDF as vectors,
 * or as pixels if they have CFF fonts; a signature as lines. Whatever cannot be opened is one page
 * that says so. */
#pragma once

#include <glib.h>

#include "domain/dossier.h"
#include "paper/canvas.h"

#define DOCUMENT_PAPER_MAX_PAGES 200         /* of one document; more are named, not drawn */
#define DOCUMENT_PAPER_MAX_PIXELS 60000000LL /* of one picture */

typedef struct DocumentPaper DocumentPaper;

/* Never NULL. Borrows `document` and its bytes until it is freed. */
DocumentPaper *document_paper_new (const DossierDocument *document);
void document_paper_free (DocumentPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentPaper, document_paper_free)

/* At least 1. */
int document_paper_pages (const DocumentPaper *paper);

/* Why it cannot be shown, in Chinese, or NULL. Borrowed. */
const char *document_paper_problem (const DocumentPaper *paper);

/* Draws page `index` (from 0) as large as fits into the box, in its middle; pictures of few pixels
 * no larger than 100 dots an inch. */
void document_paper_draw (DocumentPaper *paper, int index, Canvas *canvas, double x, double y,
                          double width, double height);
