/* hours.c: opening hours by the week, as the configuration writes them. Refuses to guess: what is
 * not of the form is INVALID. */
#include "domain/hours.h"

#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "domain/calendar.h"

#define MINUTE_MS G_GINT64_CONSTANT (60000)
#define DAY_MINUTES (24 * 60)
#define HALL_AHEAD_MINUTES (8 * 60) /* Asia/Shanghai, without summer time */
#define EVERY_DAY 0

static const char *const words[] = {"", "mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const names[] = {"",         N_ ("Mon"), N_ ("Tue"), N_ ("Wed"),
                                    N_ ("Thu"), N_ ("Fri"), N_ ("Sat"), N_ ("Sun")};

typedef struct {
  int first, last; /* weekdays, 1 Monday to 7 Sunday, or EVERY_DAY */
  int from, to;    /* minutes of the day */
  gboolean joins;  /* of the same entry as the one before */
} Opening;

struct Hours {
  GArray *openings;
};

void
hours_free (Hours *hours)
{
  if (hours == NULL)
    return;
  g_array_unref (hours->openings);
  g_free (hours);
}

static gboolean
read_day (const char *word, int *ret_day)
{
  for (int day = 1; day <= 7; day++)
    if (strcmp (words[day], word) == 0) {
      *ret_day = day;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_days (const char *word, Opening *opening)
{
  g_auto (GStrv) ends = g_strsplit (word, "-", 2);

  if (!read_day (ends[0], &opening->first))
    return FALSE;
  opening->last = opening->first;
  return ends[1] == NULL || (read_day (ends[1], &opening->last) && opening->first < opening->last);
}

/* "9:00" and "09:00". */
static gboolean
read_minute (const char *word, int *ret_minute)
{
  g_auto (GStrv) parts = g_strsplit (word, ":", 2);
  guint64 hour = 0, minute = 0;

  if (parts[0] == NULL || parts[1] == NULL || strlen (parts[0]) > 2 || strlen (parts[1]) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, 24, &hour, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, 59, &minute, NULL))
    return FALSE;
  *ret_minute = (int)(hour * 60 + minute);
  return *ret_minute <= DAY_MINUTES;
}

static gboolean
read_times (const char *word, Opening *opening)
{
  g_auto (GStrv) ends = g_strsplit (word, "-", 2);

  return ends[0] != NULL && ends[1] != NULL && read_minute (ends[0], &opening->from) &&
         read_minute (ends[1], &opening->to) && opening->from < opening->to;
}

static gboolean
read_entry (const char *text, GArray *openings)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " \t", -1);
  Opening opening = {.first = EVERY_DAY};
  gboolean days = FALSE, times = FALSE;

  for (char **part = parts; *part != NULL; part++) {
    if (**part == '\0')
      continue;
    if (!days && !times && read_days (*part, &opening)) {
      days = TRUE;
      continue;
    }
    if (!read_times (*part, &opening))
      return FALSE;
    opening.joins = times;
    times = TRUE;
    g_array_append_val (openings, opening);
  }
  return times;
}

Hours *
hours_parse (const char *text, GError **error)
{
  g_autoptr (Hours) hours = g_new0 (Hours, 1);
  g_auto (GStrv) entries = g_strsplit (*text != '\0' ? text : ";", ";", -1);

  hours->openings = g_array_new (FALSE, FALSE, sizeof (Opening));
  for (char **entry = entries; *entry != NULL; entry++)
    if (!read_entry (*entry, hours->openings)) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "\"%s\" is not as \"mon-fri 09:00-12:00 13:30-17:00; sat 09:00-12:00\"", text);
      return NULL;
    }
  return g_steal_pointer (&hours);
}

gboolean
hours_is_open (const Hours *hours, gint64 now)
{
  gint64 minutes = now / MINUTE_MS + HALL_AHEAD_MINUTES;
  int minute = (int)(minutes % DAY_MINUTES);
  int day = calendar_weekday ((int)(minutes / DAY_MINUTES));

  if (hours == NULL)
    return TRUE;
  for (guint i = 0; i < hours->openings->len; i++) {
    const Opening *opening = &g_array_index (hours->openings, Opening, i);
    gboolean today = opening->first == EVERY_DAY || (opening->first <= day && day <= opening->last);
    if (today && opening->from <= minute && minute < opening->to)
      return TRUE;
  }
  return FALSE;
}

static void
add_days (GString *text, const Opening *opening, const char *language)
{
  const char *first = translate (language, names[opening->first]);
  g_autofree char *days = opening->first == opening->last
                              ? g_strdup (first)
                              : translate_printf (language, "%s to %s", first,
                                                  translate (language, names[opening->last]));

  g_string_append_printf (text, "%s ", days);
}

char *
hours_text (const Hours *hours, const char *language)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < hours->openings->len; i++) {
    const Opening *opening = &g_array_index (hours->openings, Opening, i);
    if (i > 0)
      g_string_append (text, opening->joins ? translate (language, ", ") : "\n");
    if (!opening->joins && opening->first != EVERY_DAY)
      add_days (text, opening, language);
    g_string_append_printf (text, "%02d:%02d–%02d:%02d", opening->from / 60, opening->from % 60,
                            opening->to / 60, opening->to % 60);
  }
  return g_string_free (text, FALSE);
}
