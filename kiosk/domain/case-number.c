/* case-number.c: HHD-NNNNNN-C. Draws no counter: the store keeps it, in the transaction of the
 * case. */
#include "domain/case-number.h"

#include <string.h>

#include "base/error.h"

#define BASE 31
#define PARTS 9 /* characters the check runs over */

/* The value of a character, or -1. */
static int
value_of (char c)
{
  const char *at = c == '\0' ? NULL : strchr (CASE_NUMBER_ALPHABET, c);
  return at == NULL ? -1 : (int)(at - CASE_NUMBER_ALPHABET);
}

static char
check_character (const char *parts)
{
  int sum = 0, weight = 1;

  for (int i = 0; i < PARTS; i++) {
    sum = (sum + value_of (parts[i]) * weight) % BASE;
    weight = weight * 3 % BASE;
  }
  return CASE_NUMBER_ALPHABET[(BASE - sum) % BASE];
}

gboolean
case_number_is_hall (const char *hall)
{
  return hall != NULL && strlen (hall) == 2 && value_of (hall[0]) >= 0 && value_of (hall[1]) >= 0;
}

gboolean
case_number_is_device (char device)
{
  return value_of (device) >= 0;
}

char *
case_number_make (const char *hall, char device, guint32 counter, GError **error)
{
  char parts[PARTS];

  if (!case_number_is_hall (hall) || !case_number_is_device (device)) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "hall and device code must be of the case number's alphabet");
    return NULL;
  }
  if (counter > CASE_NUMBER_COUNTER_MAX) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                         "this device has used all its case numbers");
    return NULL;
  }
  parts[0] = hall[0];
  parts[1] = hall[1];
  parts[2] = device;
  for (int i = PARTS - 1; i > 2; i--) {
    parts[i] = CASE_NUMBER_ALPHABET[counter % BASE];
    counter /= BASE;
  }
  return g_strdup_printf ("%.3s-%.6s-%c", parts, parts + 3, check_character (parts));
}

/* The dashes, under any of the names that typing and scanning give them. */
static gboolean
is_dash (gunichar c)
{
  return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFF0D;
}

CaseNumberReason
case_number_read (const char *text, char **ret_number)
{
  char parts[PARTS + 2];
  int n = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return CASE_NUMBER_BAD_CHARACTER;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (g_unichar_isspace (c) || is_dash (c))
      continue;
    if (c >= 0xFF01 && c <= 0xFF5E) /* full width */
      c -= 0xFEE0;
    if (c > 0x7F || value_of (g_ascii_toupper ((char)c)) < 0)
      return CASE_NUMBER_BAD_CHARACTER;
    if (n > PARTS)
      return CASE_NUMBER_TOO_LONG;
    parts[n++] = g_ascii_toupper ((char)c);
  }
  if (n <= PARTS)
    return CASE_NUMBER_TOO_SHORT;
  if (check_character (parts) != parts[PARTS])
    return CASE_NUMBER_BAD_CHECK;
  if (ret_number != NULL)
    *ret_number = g_strdup_printf ("%.3s-%.6s-%c", parts, parts + 3, parts[PARTS]);
  return CASE_NUMBER_OK;
}

gboolean
case_number_is_valid (const char *text)
{
  g_autofree char *number = NULL;

  return case_number_read (text, &number) == CASE_NUMBER_OK && strcmp (number, text) == 0;
}

gboolean
case_number_split (const char *text, char ret_hall[3], char *ret_device, guint32 *ret_counter)
{
  guint32 counter = 0;

  if (!case_number_is_valid (text))
    return FALSE;
  for (int i = 4; i < 10; i++)
    counter = counter * BASE + (guint32)value_of (text[i]);
  if (ret_hall != NULL) {
    memcpy (ret_hall, text, 2);
    ret_hall[2] = '\0';
  }
  if (ret_device != NULL)
    *ret_device = text[2];
  if (ret_counter != NULL)
    *ret_counter = counter;
  return TRUE;
}

const char *
case_number_reason_word (CaseNumberReason reason)
{
  static const char *const words[] = {"ok", "too-short", "too-long", "bad-character", "bad-check"};
  return words[reason];
}
