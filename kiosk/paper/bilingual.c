/* bilingual.c: two lines, or one. */
#include "paper/bilingual.h"

#include <string.h>

char *
bilingual_label (const char *zh, const char *en, gboolean english)
{
  return english && en != NULL && strcmp (zh, en) != 0 ? g_strdup_printf ("%s\n%s", zh, en)
                                                       : g_strdup (zh);
}

char *
bilingual_text (const GuideText *text, gboolean english)
{
  const char *zh = guide_text (text, "zh_CN", NULL);

  return zh != NULL ? bilingual_label (zh, guide_text (text, "en", NULL), english) : NULL;
}
