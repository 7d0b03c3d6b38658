/* bilingual.c: two lines, or one. */
#include "paper/bilingual.h"

#include <string.h>

char *
bilingual_english (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "’", -1);
  return g_strjoinv ("'", parts);
}

char *
bilingual_label (const char *zh, const char *en, gboolean english)
{
  g_autofree char *narrow = NULL;

  if (!english || en == NULL || strcmp (zh, en) == 0)
    return g_strdup (zh);
  narrow = bilingual_english (en);
  return g_strdup_printf ("%s\n%s", zh, narrow);
}

char *
bilingual_text (const GuideText *text, gboolean english)
{
  const char *zh = guide_text (text, "zh_CN", NULL);

  return zh != NULL ? bilingual_label (zh, guide_text (text, "en", NULL), english) : NULL;
}
