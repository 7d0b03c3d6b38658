/* translate.h: the words on screen and paper, in several languages at once.
 *
 * A message id is its English text; English needs no catalogue. Every other language is a gettext
 * domain of its own ("onestop-zh_CN"), read from assets/translations, so that screen, ticket and
 * receipt can each speak another language in one process. A language is a code of the
 * configuration: "zh_CN", "en".
 *
 * Strings are found by xgettext under the words translate, translate_printf, translate_count, N_
 * (a string in a table that translate reads later), page_say and desk_say; a lint test asks a
 * Chinese text for each of them. */
#pragma once

#include <glib.h>

#define N_(text) (text)

/* To be called first in main, before threads and before gtk_init: sets the process to a UTF-8
 * locale and gettext to our catalogues. Without it translate does the same at its first call. */
void translate_init (void);

/* `msgid` in `language`; an unknown language or a missing text gives `msgid` itself. Static text,
 * never NULL. */
const char *translate (const char *language, const char *msgid) G_GNUC_FORMAT (2);

/* The same as a printf format. A translation may reorder by %1$s. Owned. */
char *translate_printf (const char *language, const char *msgid, ...) G_GNUC_PRINTF (2, 3);

/* A text with a count: `one` for 1 and `many` otherwise in English; both are formats whose only
 * argument is `n` as %d. Owned. */
char *translate_count (const char *language, const char *one, const char *many, int n);

/* The name a language has in itself: "中文", "English". Static. */
const char *translate_language_name (const char *language);

/* The key of `language` inside guide JSON: "zh-CN" for "zh_CN". Static. */
const char *translate_guide_key (const char *language);

/* A day of the calendar in words, "3月18日 周三" / "Wed 18 Mar", and "10:24"; both in the hall's
 * time zone. `ms` as in clock.h. Owned. */
char *translate_day (const char *language, gint64 ms);
char *translate_time (gint64 ms);
