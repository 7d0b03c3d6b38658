/* age.c: the arithmetic of days that rules need. Knows nothing of time zones or of the clock. */
#include "domain/age.h"

static gboolean
read_day (const char *text, int *ret_year, int *ret_month, int *ret_day)
{
  if (text == NULL)
    return FALSE;
  for (int i = 0; i < 10; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  if (text[10] != '\0')
    return FALSE;

  int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
  int month = (text[5] - '0') * 10 + text[6] - '0';
  int day = (text[8] - '0') * 10 + text[9] - '0';
  if (year < 1800 || !g_date_valid_dmy (day, month, year))
    return FALSE;
  *ret_year = year;
  *ret_month = month;
  *ret_day = day;
  return TRUE;
}

gboolean
age_is_day (const char *text)
{
  int year, month, day;
  return read_day (text, &year, &month, &day);
}

/* From an earlier day to a later one. */
static int
months_forward (const int from[3], const int to[3])
{
  int months = (to[0] - from[0]) * 12 + to[1] - from[1];
  return to[2] < from[2] ? months - 1 : months;
}

gboolean
age_months (const char *from, const char *to, int *ret_months)
{
  int a[3], b[3];
  if (!read_day (from, &a[0], &a[1], &a[2]) || !read_day (to, &b[0], &b[1], &b[2]))
    return FALSE;
  gboolean back = a[0] != b[0] ? a[0] > b[0] : a[1] != b[1] ? a[1] > b[1] : a[2] > b[2];
  *ret_months = back ? -months_forward (b, a) : months_forward (a, b);
  return TRUE;
}

gboolean
age_years (const char *birth, const char *day, int *ret_years)
{
  int months;
  if (!age_months (birth, day, &months))
    return FALSE;
  *ret_years = months / 12;
  return TRUE;
}
