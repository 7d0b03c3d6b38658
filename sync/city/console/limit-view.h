/* limit-view.h: a limit as people read it: days, a due day, and a row of working days. */
#pragma once

#include "city/city.h"
#include "city/db/case-db.h"
#include "domain/case.h"

/* "收件之日起 10 个工作日", or that the guide does not say. Owned. */
char *limit_view_text (const CaseRow *row);

/* The row of working days used and left, or a word where there is none; `now` in ms. */
void limit_view_add (GString *page, const City *city, const CaseRow *row, gint64 now);

/* Working days until the promised day: negative when it has passed. FALSE if there is no such day,
 * or the case is decided. */
gboolean limit_view_left (const City *city, const CaseRow *row, gint64 now, int *ret_left);

/* The state as a chip. */
void limit_view_add_state (GString *page, const CaseRow *row);

/* The service's name in `language`, or its id. Borrowed. */
const char *limit_view_service (const City *city, const CaseRow *row, const char *language);
