/* person.h: names of people, how little of them is shown, and how they are forgotten.
 *
 * Names are checked for what can be typed and printed, never for what a name ought to be. Masking
 * follows one rule on all screens and papers: a name in full only on the form and its review,
 * elsewhere its first character; a number by its last four; a mobile by its ends. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum {
  PERSON_NAME_CHINESE, /* Han characters, and the middle dot inside */
  PERSON_NAME_LATIN,   /* as in the machine-readable zone: A to Z, blank, hyphen, apostrophe */
} PersonNameKind;

typedef enum {
  PERSON_NAME_OK,            /* "ok" */
  PERSON_NAME_EMPTY,         /* "empty" */
  PERSON_NAME_TOO_SHORT,     /* "too-short": a Chinese name has at least two characters */
  PERSON_NAME_TOO_LONG,      /* "too-long": over 30 Han characters, or 80 Latin ones */
  PERSON_NAME_BAD_CHARACTER, /* "bad-character": that one cannot stand in such a name */
  PERSON_NAME_WRONG_SCRIPT,  /* "wrong-script": Latin letters in a Chinese name, or the reverse */
  PERSON_NAME_BAD_FORM,      /* "bad-form": a dot, hyphen or apostrophe at an end or doubled */
} PersonNameReason;

/* Checks a name. On PERSON_NAME_OK `*ret_normal` (may be NULL) is the name to keep, owned (free
 * with person_text_free): ends trimmed; Chinese: every kind of dot as U+00B7, no blanks; Latin:
 * upper case, '<' as blank, single blanks. Otherwise it is untouched and `*ret_position` (may be
 * NULL) is the place of a bad character, from 0 in characters, or -1. */
PersonNameReason person_check_name (PersonNameKind kind, const char *text, char **ret_normal,
                                    int *ret_position);

/* The stable word of a reason. Static. */
const char *person_name_reason_word (PersonNameReason reason);

/* 王示例 -> 王*; SAMPLE TEST -> S* T*; an empty or NULL name -> "". Owned. */
char *person_mask_name (const char *name);

/* The last four characters of a number, "021X"; a shorter one -> "" (nothing may be told). Owned.
 */
char *person_number_tail (const char *number);

/* 13812345678 -> "138 **** 5678"; +8613812345678 alike; others: first three and last two characters
 * ("+49 **** 12"); under 7 characters -> "****". Owned. */
char *person_mask_phone (const char *phone);

/* sample@example.org -> "s***@example.org"; no e-mail -> "***". Owned. */
char *person_mask_email (const char *email);

/* Overwrites the text in place; NULL is fine. The memory stays the caller's. */
void person_wipe (char *text);

/* Overwrites, then frees. NULL is fine. */
void person_text_free (char *text);

/* A string of a person that is wiped when it leaves its scope: person_autotext char *name = ...; */
static inline void
person_autotext_clear (char **text)
{
  person_text_free (*text);
}
#define person_autotext __attribute__ ((cleanup (person_autotext_clear)))

/* Overwrites the whole buffer, then frees it. For use as a replacement of g_string_free. */
void person_string_free (GString *string);

/* Overwrites every string inside `value` (at any depth) and drops this reference. Only for a tree
 * that nobody else holds. NULL is fine. */
void person_json_free (json_t *value);

/* A GBytes over its own copy of `length` bytes that is overwritten when the last user lets it go.
 */
GBytes *person_bytes_new (const void *data, gsize length);

/* The same, taking over `data` (allocated by g_malloc). */
GBytes *person_bytes_take (void *data, gsize length);
