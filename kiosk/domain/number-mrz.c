/* number-mrz.c: lines of a passport or card as they were scanned or typed. Trusts nothing but check
 * digits, and repairs only what they then confirm. */
#include "domain/number-mrz.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/country.h"

static int
value_of (char c)
{
  if (g_ascii_isdigit (c))
    return c - '0';
  if (c >= 'A' && c <= 'Z')
    return c - 'A' + 10;
  return c == '<' ? 0 : -1;
}

static int
weighted_sum (const char *text, gsize length, gsize from)
{
  static const int weights[] = {7, 3, 1};
  int sum = 0;

  for (gsize i = 0; i < length; i++) {
    int value = value_of (text[i]);
    if (value < 0)
      return -1;
    sum += value * weights[(from + i) % 3];
  }
  return sum;
}

char
number_mrz_check_digit (const char *text, gsize length)
{
  int sum = weighted_sum (text, length, 0);
  return sum < 0 ? 0 : (char)('0' + sum % 10);
}

/* Where the fields stand, from 0, in the whole of the zone's text. */
typedef struct {
  int document, document_check;
  int nationality, birth, sex, expiry;
  int optional, optional_length, optional_check; /* check -1: none */
  int composite;
  int parts[5][2]; /* start and length of what the composite runs over; length 0 ends */
} Layout;

/* TD3 line 2 (ICAO 9303-4, 4.2.2). */
static const Layout td3 = {0, 9, 10, 13, 20, 21, 28, 14, 42, 43, {{0, 10}, {13, 7}, {21, 22}}};

/* TD1 (ICAO 9303-5, 4.2.2): three lines of 30. */
static const Layout td1 = {
    5, 14, 45, 30, 37, 38, 15, 15, -1, 59, {{5, 25}, {30, 7}, {38, 7}, {48, 11}}};

static gboolean
composite_is_right (const char *zone, const Layout *at)
{
  gsize from = 0;
  int sum = 0;

  for (int i = 0; i < 5 && at->parts[i][1] > 0; i++) {
    sum += weighted_sum (zone + at->parts[i][0], (gsize)at->parts[i][1], from);
    from += (gsize)at->parts[i][1];
  }
  return zone[at->composite] == '0' + sum % 10;
}

/* A document number longer than nine characters goes on in the optional field of a TD1: '<' stands
 * for its check digit, which follows the rest (ICAO 9303-5, 4.2.2 note j). */
static gboolean
read_long_number (NumberResult *result, const char *zone, const Layout *at)
{
  char number[NUMBER_MAX];
  gsize rest = strcspn (zone + at->optional, "<");

  if (at != &td1 || zone[at->document_check] != '<' || rest < 2 || rest > 6)
    return FALSE;
  memcpy (number, zone + at->document, 9);
  memcpy (number + 9, zone + at->optional, rest - 1);
  number[9 + rest - 1] = '\0';
  if (number_mrz_check_digit (number, strlen (number)) != zone[at->optional + (int)rest - 1])
    return FALSE;
  g_strlcpy (result->document, number, sizeof result->document);
  return TRUE;
}

static gboolean
field_is_right (const char *zone, int start, int length, int check)
{
  return number_mrz_check_digit (zone + start, (gsize)length) == zone[check];
}

/* O read for 0 and I for 1 in a field of digits alone, its check digit included. */
static void
repair (NumberResult *result, char *zone, int start, int length)
{
  for (int i = start; i < start + length; i++) {
    if (zone[i] == 'O' || zone[i] == 'I') {
      zone[i] = zone[i] == 'O' ? '0' : '1';
      result->warnings |= NUMBER_WARNING_REPAIRED;
    }
  }
}

/* YYMMDD. Unknown parts ('<') are allowed by ICAO: then there is no date to tell. */
static gboolean
read_date (const char *field, int century, int today, gboolean past, char ret_date[11])
{
  int year, month, mday, this_year, m, d, day = 0;

  if (strspn (field, "0123456789<") < 6)
    return FALSE;
  for (int i = 0; i < 6; i++)
    if (field[i] == '<')
      return TRUE;
  year = century + (field[0] - '0') * 10 + (field[1] - '0');
  month = (field[2] - '0') * 10 + (field[3] - '0');
  mday = (field[4] - '0') * 10 + (field[5] - '0');
  calendar_day_split (today, &this_year, &m, &d);
  if (past && year > this_year)
    year -= 100;
  if (!calendar_day_join (year, month, mday, &day))
    return FALSE;
  g_snprintf (ret_date, 11, "%04d-%02d-%02d", year, month, mday);
  return TRUE;
}

/* Three letters, trailing '<' dropped ("D<<" is Germany). */
static void
read_code (const char *field, gsize length, char *ret_code)
{
  gsize used = 0;

  while (used < length && field[used] != '<') {
    ret_code[used] = field[used];
    used++;
  }
  ret_code[used] = '\0';
}

static void
read_words (const char *from, const char *until, char *ret_words, gsize room)
{
  gsize n = 0;

  for (; from < until && n + 1 < room; from++) {
    char c = *from == '<' ? ' ' : *from;
    if (c == ' ' && (n == 0 || ret_words[n - 1] == ' '))
      continue;
    ret_words[n++] = c;
  }
  while (n > 0 && ret_words[n - 1] == ' ')
    n--;
  ret_words[n] = '\0';
}

static void
read_names (NumberResult *result, const char *field, gsize length)
{
  const char *end = field + length;
  const char *gap = g_strstr_len (field, (gssize)length, "<<");

  read_words (field, gap != NULL ? gap : end, result->surname, sizeof result->surname);
  if (gap != NULL)
    read_words (gap, end, result->given, sizeof result->given);
}

static gboolean
refuse (NumberResult *result, NumberReason reason)
{
  result->reason = reason;
  return FALSE;
}

/* Checks and facts of everything but names, codes of issue and the expiry's distance. */
static gboolean
read_fields (NumberResult *result, char *zone, const Layout *at, int today)
{
  gboolean optional_right;

  repair (result, zone, at->birth, 7);
  repair (result, zone, at->expiry, 7);
  repair (result, zone, at->composite, 1);
  if (at->optional_check >= 0)
    repair (result, zone, at->optional_check, 1);
  if (zone[at->document_check] == 'O' || zone[at->document_check] == 'I')
    repair (result, zone, at->document_check, 1);

  optional_right = at->optional_check < 0 ||
                   field_is_right (zone, at->optional, at->optional_length, at->optional_check) ||
                   (zone[at->optional_check] == '<' &&
                    strspn (zone + at->optional, "<") >= (gsize)at->optional_length);
  if (field_is_right (zone, at->document, 9, at->document_check))
    read_code (zone + at->document, 9, result->document);
  else if (!read_long_number (result, zone, at))
    return refuse (result, NUMBER_REASON_BAD_CHECK);
  if (!field_is_right (zone, at->birth, 6, at->birth + 6) ||
      !field_is_right (zone, at->expiry, 6, at->expiry + 6) || !optional_right ||
      !composite_is_right (zone, at))
    return refuse (result, NUMBER_REASON_BAD_CHECK);
  if (!read_date (zone + at->birth, 2000, today, TRUE, result->birth) ||
      !read_date (zone + at->expiry, 2000, today, FALSE, result->expiry))
    return refuse (result, NUMBER_REASON_BAD_DATE);
  if (strchr ("MF<X", zone[at->sex]) == NULL)
    return refuse (result, NUMBER_REASON_BAD_FORM);
  result->sex = zone[at->sex] == '<' ? 'X' : zone[at->sex];
  read_code (zone + at->nationality, 3, result->country);
  return TRUE;
}

/* What today says of the dates. */
static gboolean
judge_dates (NumberResult *result, int today)
{
  int birth = 0, expiry = 0;

  if (calendar_day_parse (result->birth, &birth) && birth > today)
    return refuse (result, NUMBER_REASON_FUTURE_DATE);
  if (calendar_day_parse (result->expiry, &expiry) && expiry < today)
    result->warnings |= NUMBER_WARNING_EXPIRED;
  return TRUE;
}

gboolean
number_mrz_read (NumberResult *result, int length, int today)
{
  char *zone = result->normal;

  if (length == 90) {
    if (strchr ("IAC", zone[0]) == NULL)
      return refuse (result, NUMBER_REASON_BAD_PREFIX);
    if (!read_fields (result, zone, &td1, today))
      return FALSE;
    read_code (zone, 2, result->type);
    read_code (zone + 2, 3, result->issuer);
    read_names (result, zone + 60, 30);
  } else {
    if (length == 88 && zone[0] != 'P')
      return refuse (result, NUMBER_REASON_BAD_PREFIX);
    if (!read_fields (result, zone + length - 44, &td3, today))
      return FALSE;
    if (length == 88) {
      read_code (zone, 2, result->type);
      read_code (zone + 2, 3, result->issuer);
      read_names (result, zone + 5, 39);
    }
  }
  if (!country_is_travel_code (result->country) ||
      (result->issuer[0] != '\0' && !country_is_travel_code (result->issuer)))
    result->warnings |= NUMBER_WARNING_UNKNOWN_COUNTRY;
  return judge_dates (result, today);
}
