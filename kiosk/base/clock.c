/* clock.c: reads the clocks and writes their text. Asia/Shanghai is computed as UTC+8, so that no
 * zone file and no TZ setting of the machine can change a legal day. */
#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

#include "base/error.h"

#define SHANGHAI_OFFSET_MS (8 * 3600 * 1000)

static gint64
read_clock (clockid_t id)
{
  struct timespec t;
  clock_gettime (id, &t);
  return (gint64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

gint64
clock_now (void)
{
  gint64 now = read_clock (CLOCK_REALTIME);
#ifdef ONESTOP_FAULT_POINTS
  const char *offset = g_getenv ("ONESTOP_CLOCK_OFFSET"), *still = g_getenv ("ONESTOP_CLOCK_STILL");
  if (still != NULL)
    return g_ascii_strtoll (still, NULL, 10) * 1000;
  if (offset != NULL)
    now += g_ascii_strtoll (offset, NULL, 10) * 1000;
#endif
  return now;
}

gint64
clock_monotonic (void)
{
  return read_clock (CLOCK_BOOTTIME);
}

static void
break_down (gint64 ms, struct tm *ret_tm, int *ret_ms)
{
  gint64 seconds = ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
  time_t t = seconds;
  *ret_ms = (int)(ms - seconds * 1000);
  gmtime_r (&t, ret_tm);
}

char *
clock_format (gint64 ms)
{
  struct tm tm;
  int fraction;

  break_down (ms, &tm, &fraction);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                          tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, fraction);
}

static gboolean
parse_parts (const char *text, struct tm *ret_tm, int *ret_fraction)
{
  static const char shape[] = "dddd-dd-ddTdd:dd:dd";
  gsize i;
  int fraction = 0;

  for (i = 0; shape[i] != '\0'; i++)
    if (shape[i] == 'd' ? !g_ascii_isdigit (text[i]) : text[i] != shape[i])
      return FALSE;
  if (text[i] == '.') {
    int scale = 100;
    if (!g_ascii_isdigit (text[++i]))
      return FALSE;
    for (; g_ascii_isdigit (text[i]); i++, scale /= 10)
      fraction += (text[i] - '0') * scale;
  }
  if (g_strcmp0 (text + i, "Z") != 0)
    return FALSE;
  *ret_fraction = fraction;
  *ret_tm = (struct tm){.tm_year = atoi (text) - 1900,
                        .tm_mon = atoi (text + 5) - 1,
                        .tm_mday = atoi (text + 8),
                        .tm_hour = atoi (text + 11),
                        .tm_min = atoi (text + 14),
                        .tm_sec = atoi (text + 17)};
  return TRUE;
}

gboolean
clock_parse (const char *text, gint64 *ret_ms, GError **error)
{
  struct tm tm, check;
  int fraction;
  time_t t = 0;
  gboolean good = parse_parts (text, &tm, &fraction);

  if (good) {
    check = tm;
    t = timegm (&check);
    /* timegm mends 30 February into March: a mended time is not the one that was written. */
    good = check.tm_mon == tm.tm_mon && check.tm_mday == tm.tm_mday &&
           check.tm_hour == tm.tm_hour && check.tm_min == tm.tm_min && check.tm_sec == tm.tm_sec;
  }
  if (!good) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not a time in RFC 3339 UTC");
    return FALSE;
  }
  *ret_ms = (gint64)t * 1000 + fraction;
  return TRUE;
}

char *
clock_day (gint64 ms)
{
  struct tm tm;
  int fraction;

  break_down (ms + SHANGHAI_OFFSET_MS, &tm, &fraction);
  return g_strdup_printf ("%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

char *
clock_local (gint64 ms)
{
  struct tm tm;
  int fraction;

  break_down (ms + SHANGHAI_OFFSET_MS, &tm, &fraction);
  return g_strdup_printf ("%04d-%02d-%02d %02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                          tm.tm_hour, tm.tm_min);
}
