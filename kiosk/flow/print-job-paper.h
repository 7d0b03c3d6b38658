/* print-job-paper.h: the PDF of a spool row, made in memory from what the store holds of it. */
#pragma once

#include "flow/app.h"
#include "store/print-spool.h"

/* The media of a PDF of one page for the roll ("roll:8000x11260"). Owned. */
char *print_job_paper_roll (GBytes *pdf);

/* `ret_media` gets the roll's size for the printer ("roll:8000x11260"; owned). NOT_FOUND when the
 * receipt or ticket was purged, INVALID when it cannot be printed. Owned. */
GBytes *print_job_paper_render (App *app, const PrintJob *job, char **ret_media, GError **error);
