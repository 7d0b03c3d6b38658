/* translate.c: one gettext domain a language, so that no call ever switches the process' locale.
 *
 * LANGUAGE is set once to the made-up language "x", under which all our catalogues stand; which
 * language is meant lies in the domain's name. Refused: setlocale at run time (it is not safe
 * beside threads and would change every string of the process at once). */
#include "base/translate.h"

#include <libintl.h>
#include <locale.h>
#include <stdarg.h>
#include <string.h>

#include "base/file.h"

typedef struct {
  const char *code;   /* in code and configuration */
  const char *guide;  /* in guide JSON */
  const char *name;   /* in itself */
  const char *domain; /* NULL: the message ids are the text */
} Language;

static const Language languages[] = {
    {"zh_CN", "zh-CN", "中文", "onestop-zh_CN"},
    {"en", "en", "English", NULL},
};

static const Language *
find (const char *language)
{
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i].code, language) == 0)
      return &languages[i];
  return &languages[G_N_ELEMENTS (languages) - 1];
}

static gpointer
init_once (gpointer unused)
{
  g_autofree char *folder = g_strdup (g_getenv ("ONESTOP_TRANSLATIONS"));
  if (folder == NULL)
    folder = file_asset ("translations");
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  g_setenv ("LANGUAGE", "x", TRUE);
  setlocale (LC_ALL, "");
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (languages[i].domain != NULL) {
      bindtextdomain (languages[i].domain, folder);
      bind_textdomain_codeset (languages[i].domain, "UTF-8");
    }
  return NULL;
}

void
translate_init (void)
{
  static GOnce once = G_ONCE_INIT;
  g_once (&once, init_once, NULL);
}

const char *
translate (const char *language, const char *msgid)
{
  const Language *l = find (language);
  translate_init ();
  /* An empty id would give the catalogue's header. */
  if (l->domain == NULL || *msgid == '\0')
    return msgid;
  return dgettext (l->domain, msgid);
}

char *
translate_printf (const char *language, const char *msgid, ...)
{
  va_list list;
  va_start (list, msgid);
  char *text = g_strdup_vprintf (translate (language, msgid), list);
  va_end (list);
  return text;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
char *
translate_count (const char *language, const char *one, const char *many, int n)
{
  const Language *l = find (language);
  translate_init ();
  const char *format = l->domain == NULL ? (n == 1 ? one : many)
                                         : dngettext (l->domain, one, many, (unsigned long)ABS (n));
  return g_strdup_printf (format, n);
}
#pragma GCC diagnostic pop

const char *
translate_language_name (const char *language)
{
  return find (language)->name;
}

const char *
translate_guide_key (const char *language)
{
  return find (language)->guide;
}

static GDateTime *
local (gint64 ms)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (8 * 3600);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  return g_date_time_to_timezone (utc, zone);
}

char *
translate_day (const char *language, gint64 ms)
{
  static const char *const days[] = {N_ ("Mon"), N_ ("Tue"), N_ ("Wed"), N_ ("Thu"),
                                     N_ ("Fri"), N_ ("Sat"), N_ ("Sun")};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  g_autoptr (GDateTime) at = local (ms);
  const char *day = translate (language, days[g_date_time_get_day_of_week (at) - 1]);
  int month = g_date_time_get_month (at), of_month = g_date_time_get_day_of_month (at);
  if (find (language)->domain == NULL)
    return g_strdup_printf ("%s %d %s", day, of_month, months[month - 1]);
  return g_strdup_printf ("%d月%d日 %s", month, of_month, day);
}

char *
translate_time (gint64 ms)
{
  g_autoptr (GDateTime) at = local (ms);
  return g_date_time_format (at, "%H:%M");
}
