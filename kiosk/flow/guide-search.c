/* guide-search.c: what of a service is a name of it. */
#include "flow/guide-search.h"

static void
add (NameSearch *search, PinyinInput *pinyin, const char *id, NameSearchKind kind,
     const GuideText *text)
{
  gboolean fallback = FALSE;
  const char *english = guide_text (text, "en", &fallback);

  name_search_add (search, pinyin, id, kind, guide_text (text, "zh_CN", NULL));
  if (!fallback)
    name_search_add (search, NULL, id, kind, english);
}

NameSearch *
guide_search_new (const Guide *guide, PinyinInput *pinyin)
{
  NameSearch *search = name_search_new ();
  const GPtrArray *services = guide_services (guide);

  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = services->pdata[i];
    add (search, pinyin, service->id, NAME_SEARCH_NAME, service->name);
    add (search, pinyin, service->id, NAME_SEARCH_NAME, service->short_name);
    add (search, NULL, service->id, NAME_SEARCH_ABOUT, service->summary);
    for (guint a = 0; a < service->aliases->len; a++)
      add (search, pinyin, service->id, NAME_SEARCH_ALIAS,
           ((GuideAlias *)service->aliases->pdata[a])->name);
  }
  return search;
}
