/* guide-search.h: the names under which the services of a guide are found (text/name-search). */
#pragma once

#include "domain/guide.h"
#include "text/name-search.h"

/* Every service by its name, short name and aliases in both languages, and by its summary. Ids are
 * the services'. `pinyin` may be NULL: then not by pinyin. Owned; needs neither afterwards. */
NameSearch *guide_search_new (const Guide *guide, PinyinInput *pinyin);
