/* name-search.h: finds things by their names: in Chinese, in pinyin (whole, initials, or mixed:
 * "gusuyingcai", "gsyc", "gsyingc"), by the beginnings of English words, or by several of these
 * with blanks between.
 *
 * The readings of characters come from libpinyin's tables when a name is added; a character matches
 * by any of its readings. Knows nothing of guides: names and ids are the caller's. */
#pragma once

#include "text/pinyin-input.h"

#define NAME_SEARCH_MAX_QUERY 64 /* characters; more is cut */

typedef enum {
  NAME_SEARCH_NAME,
  NAME_SEARCH_ALIAS, /* another name: after the names */
  NAME_SEARCH_ABOUT, /* a sentence: found by Chinese and English words only, last */
} NameSearchKind;

typedef struct NameSearch NameSearch;

/* Owned. */
NameSearch *name_search_new (void);
void name_search_free (NameSearch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NameSearch, name_search_free)

/* Adds one text of `id`; NULL is nothing. `pinyin` gives the readings; NULL: this text is not found
 * by pinyin. */
void name_search_add (NameSearch *self, PinyinInput *pinyin, const char *id, NameSearchKind kind,
                      const char *text);

/* The ids that `query` fits, best first: names before aliases, beginnings before middles, short
 * names before long ones, then in the order of adding. Letters still being composed may be in it
 * ("gu'su"). An empty query finds nothing. Borrowed strings in an owned array. */
GPtrArray *name_search_find (const NameSearch *self, const char *query);
