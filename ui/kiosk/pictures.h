/* pictures.h: a PNG of every page in every language, through the real shell, with sample data. */
#pragma once

#include "kiosk/kiosk.h"

/* With `step` the walk waits after each picture ("picture NAME LANGUAGE" on standard output) for a
 * line on standard input, so that somebody can look at the page and its accessible tree.
 *
 * Walks the session through all pages and writes NAME-LANGUAGE.png to `folder` (made if needed).
 * The samples are visibly invented. Returns an exit code. */
int pictures_take (Kiosk *kiosk, const char *folder, gboolean step);
