/* papers.h: what the three pages about documents have in common: the scan flow, and which paper is
 * in hand. */
#pragma once

#include "flow/scan-flow.h"
#include "kiosk/page.h"

/* The session's scan flow over its application; made at first. NULL (said in the log) if it cannot
 * be made. When work ends or documents change it rebuilds the page on show; while work goes on it
 * calls papers_listen's function. */
ScanFlow *papers_flow (Page *page);

/* `progress` (page) is called while `page` is shown and work goes on. Ends with the page. */
void papers_listen (Page *page, void (*progress) (Page *page));

/* The material in hand, or NULL. */
const GuideMaterial *papers_material (Page *page);
void papers_take_up (Page *page, const char *material);

/* How the last work ended badly, as a sentence in the page's language; NULL if it did not, or it
 * was cancelled. Static. */
const char *papers_fault (Page *page);

/* Takes a document out, with a toast that brings it back. */
void papers_remove (Page *page, const char *material, guint index);
