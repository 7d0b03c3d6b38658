/* overdue.h: what has waited too long, and the alarm for it. */
#pragma once

#include "city/city.h"
#include "city/db/case-db.h"

/* TRUE if nobody received it by the end of the next working day after its submission. FALSE without
 * a calendar. */
gboolean overdue_unreceived (const City *city, const CaseRow *row, gint64 now);

/* Raises one alarm for each such case, once. */
gboolean overdue_raise (City *city, gint64 now, GError **error);
