/* case-number.h: the number of a case, made by the device and never changed.
 *
 * HHD-NNNNNN-C: two characters of hall, one of device (both given at enrolment), six of a counter
 * in base 31, one check character, all over CASE_NUMBER_ALPHABET. With values v0 to v8 of the first
 * nine characters from the left, the check character is alphabet[(31 - sum of v_i * 3^i mod 31) mod
 * 31]. One wrong character and two neighbours exchanged are always found. Vectors:
 * tests/data/case-number.json. */
#pragma once

#include <glib.h>

#define CASE_NUMBER_ALPHABET "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#define CASE_NUMBER_LENGTH 12
#define CASE_NUMBER_COUNTER_MAX 887503680u /* 31^6 - 1 */

typedef enum {
  CASE_NUMBER_OK,
  CASE_NUMBER_TOO_SHORT,
  CASE_NUMBER_TOO_LONG,
  CASE_NUMBER_BAD_CHARACTER,
  CASE_NUMBER_BAD_CHECK,
} CaseNumberReason;

/* The number for `counter` (0 to CASE_NUMBER_COUNTER_MAX) at hall `hall` (two characters) and
 * device `device`. Owned. FULL past the last counter, INVALID for characters outside the alphabet.
 */
char *case_number_make (const char *hall, char device, guint32 counter, GError **error);

/* TRUE for a number in exactly its written form, check character included. NULL is FALSE. */
gboolean case_number_is_valid (const char *text);

/* A number as people write it: lower case, blanks, missing or other dashes. On CASE_NUMBER_OK
 * `*ret_number` (may be NULL) is the written form, owned; otherwise untouched. */
CaseNumberReason case_number_read (const char *text, char **ret_number);

/* Parts of a valid number: hall (two characters and NUL), device, counter. Each may be NULL. FALSE
 * if `text` is not valid, nothing touched. */
gboolean case_number_split (const char *text, char ret_hall[3], char *ret_device,
                            guint32 *ret_counter);

/* "too-short", ... ; "ok". Static. */
const char *case_number_reason_word (CaseNumberReason reason);

/* TRUE for two, respectively one, characters of the alphabet. */
gboolean case_number_is_hall (const char *hall);
gboolean case_number_is_device (char device);
