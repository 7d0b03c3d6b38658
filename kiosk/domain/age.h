/* age.h: days written "YYYY-MM-DD", and how many whole years and months lie between two. */
#pragma once

#include <glib.h>

/* TRUE for a real day of the years 1800 to 9999 in exactly that form. NULL is FALSE. */
gboolean age_is_day (const char *text);

/* Whole years from `birth` to `day`: one is complete on the birthday; who was born on 29 February
 * completes it on 1 March in other years. Negative if `day` lies before. FALSE if one is no day. */
gboolean age_years (const char *birth, const char *day, int *ret_years);

/* Whole months from `from` to `to`, in the same way. Negative if `to` lies before. */
gboolean age_months (const char *from, const char *to, int *ret_months);
