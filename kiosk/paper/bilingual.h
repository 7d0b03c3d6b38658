/* bilingual.h: words on paper in Chinese, and under them in English for who reads English: the
 * Chinese text prevails and is always there. */
#pragma once

#include "domain/guide.h"

/* English as it is set on paper: the fonts are Chinese, whose ’ is a whole em wide. Owned. */
char *bilingual_english (const char *text);

/* "办理时限", or "办理时限\nTime limit". Owned. */
char *bilingual_label (const char *zh, const char *en, gboolean english);

/* A text of the guide; NULL for a NULL text. English that the guide lacks is not made up. Owned. */
char *bilingual_text (const GuideText *text, gboolean english);
