/* number-mrz.h: the machine-readable zone (ICAO 9303 parts 3 to 5), as number.h's kind "mrz". */
#pragma once

#include "domain/number.h"

/* Reads the `length` characters (A-Z, 0-9, '<') of result->normal: 44 (line 2 of TD3), 88 (TD3) or
 * 90 (TD1); repairs O/0 and I/1 in fields that hold only digits, where that makes the checks right.
 * Fills facts, warnings and, on FALSE, the reason. `today` is a calendar day. */
gboolean number_mrz_read (NumberResult *result, int length, int today);

/* The ICAO check digit (weights 7 3 1) of `length` characters as '0' to '9', or 0 if one of them
 * cannot stand in a zone. */
char number_mrz_check_digit (const char *text, gsize length);
