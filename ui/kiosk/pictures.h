/* pictures.h: a PNG of every page in every language, through the real shell, with sample data. */
#pragma once

#include "kiosk/kiosk.h"

/* Walks the session through all pages and writes NAME-LANGUAGE.png to `folder` (made if needed).
 * The samples are visibly invented. Returns an exit code. */
int pictures_take (Kiosk *kiosk, const char *folder);
