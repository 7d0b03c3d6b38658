/* number.c: one checker a kind, over text that was first brought to one form. Keeps nothing of what
 * it saw but the result, and that the caller can wipe. */
#include "domain/number.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/country.h"
#include "domain/number-mrz.h"

/* What a checker sees: the normal form, and where each of its characters stood in what was typed.
 */
typedef struct {
  NumberResult *result;
  const char *text; /* result->normal */
  int length;
  int place[NUMBER_MAX];
  int today;
} Input;

void
number_result_clear (NumberResult *result)
{
  if (result != NULL)
    explicit_bzero (result, sizeof *result);
}

static gboolean
refuse (Input *in, NumberReason reason)
{
  in->result->reason = reason;
  return FALSE;
}

static gboolean
refuse_at (Input *in, int index)
{
  in->result->position = in->place[index];
  return refuse (in, NUMBER_REASON_BAD_CHARACTER);
}

static gboolean
refuse_length (Input *in, int wanted)
{
  in->result->count = ABS (wanted - in->length);
  return refuse (in, in->length < wanted ? NUMBER_REASON_TOO_SHORT : NUMBER_REASON_TOO_LONG);
}

/* Index of the first character from `from` before `until` (or the end) that is not in `set`; -1. */
static int
first_stranger (const Input *in, int from, int until, const char *set)
{
  for (int i = from; i < until && i < in->length; i++)
    if (strchr (set, in->text[i]) == NULL)
      return i;
  return -1;
}

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static gboolean
province_is_known (const char *two)
{
  static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                  "50 51 52 53 54 61 62 63 64 65 71 81 82 83";
  char code[3] = {two[0], two[1], '\0'};
  return strstr (provinces, code) != NULL;
}

/* ISO 7064 MOD 11-2 over 17 digits. */
static char
mod_11_2 (const char *digits)
{
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;

  for (int i = 0; i < 17; i++)
    sum += (digits[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

/* Eight digits YYYYMMDD of a birth, from `at`. Sets the fact or refuses. */
static gboolean
take_birth (Input *in, int at)
{
  char text[11];
  int day = 0;

  g_snprintf (text, sizeof text, "%.4s-%.2s-%.2s", in->text + at, in->text + at + 4,
              in->text + at + 6);
  if (!calendar_day_parse (text, &day))
    return refuse (in, NUMBER_REASON_BAD_DATE);
  if (day > in->today)
    return refuse (in, NUMBER_REASON_FUTURE_DATE);
  memcpy (in->result->birth, text, sizeof text);
  return TRUE;
}

/* 17 digits and a check character, as far as they are there. */
static gboolean
characters_of_18 (Input *in)
{
  int bad = first_stranger (in, 0, 17, DIGITS);

  if (bad < 0)
    bad = first_stranger (in, 17, 18, DIGITS "X");
  return bad < 0 ? TRUE : refuse_at (in, bad);
}

/* The end that all numbers of 18 have in common. */
static gboolean
finish_18 (Input *in)
{
  if (in->length != 18)
    return refuse_length (in, 18);
  if (mod_11_2 (in->text) != in->text[17])
    return refuse (in, NUMBER_REASON_BAD_CHECK);
  in->result->sex = (in->text[16] - '0') % 2 == 1 ? 'M' : 'F';
  return TRUE;
}

static gboolean
check_id_cn (Input *in)
{
  if (!characters_of_18 (in))
    return FALSE;
  if (in->length >= 2 && !province_is_known (in->text))
    return refuse (in, NUMBER_REASON_BAD_REGION);
  if (in->length >= 14 && !take_birth (in, 6))
    return FALSE;
  if (!finish_18 (in))
    return FALSE;
  g_strlcpy (in->result->region, in->text, 7);
  return TRUE;
}

static gboolean
check_residence_permit (Input *in)
{
  static const char *const regions[] = {"810000", "820000", "830000"};

  if (!characters_of_18 (in))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (regions); i++)
    if (strncmp (in->text, regions[i], (gsize)MIN (in->length, 6)) == 0)
      return check_id_cn (in);
  return refuse (in, NUMBER_REASON_BAD_REGION);
}

/* 回乡证: H or M and 8 (or, before 2013, 10) digits; HA or MA and 7 for those who are not Chinese
 * nationals; 台胞证: 8 digits. No check digit. */
static gboolean
check_travel_permit (Input *in)
{
  gboolean taiwan = g_ascii_isdigit (in->text[0]);
  int letters = taiwan ? 0 : in->text[1] == 'A' ? 2 : 1, wanted = letters == 2 ? 9 : 8 + letters;
  int bad = first_stranger (in, letters, in->length, DIGITS);

  if (!taiwan && strchr ("HM", in->text[0]) == NULL)
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length != wanted && !(letters == 1 && in->length == 11))
    return refuse_length (in, letters == 1 && in->length > 9 ? 11 : wanted);
  if (letters == 2)
    in->result->warnings |= NUMBER_WARNING_NO_WORK;
  return TRUE;
}

/* Issued from 2023-12-01: 9, province, country (numeric), birth, sequence, check. */
static gboolean
check_new_card (Input *in)
{
  char numeric[4];
  const char *country;

  if (!characters_of_18 (in))
    return FALSE;
  if (in->length >= 3 && !province_is_known (in->text + 1))
    return refuse (in, NUMBER_REASON_BAD_REGION);
  if (in->length >= 6) {
    g_strlcpy (numeric, in->text + 3, sizeof numeric);
    country = country_of_numeric (numeric);
    if (country == NULL)
      return refuse (in, NUMBER_REASON_BAD_COUNTRY);
    g_strlcpy (in->result->country, country, sizeof in->result->country);
  }
  if (in->length >= 14 && !take_birth (in, 6))
    return FALSE;
  if (!finish_18 (in))
    return FALSE;
  g_strlcpy (in->result->region, in->text + 1, 3);
  return TRUE;
}

/* YYMMDD at `at`: this century's if that is not after today. */
static gboolean
take_short_birth (Input *in, int at)
{
  char text[11];
  int day = 0;

  for (int century = 20; century >= 19; century--) {
    g_snprintf (text, sizeof text, "%d%.2s-%.2s-%.2s", century, in->text + at, in->text + at + 2,
                in->text + at + 4);
    if (calendar_day_parse (text, &day) && day <= in->today) {
      memcpy (in->result->birth, text, sizeof text);
      return TRUE;
    }
  }
  return refuse (in, NUMBER_REASON_BAD_DATE);
}

/* Before: country (alpha-3), region of four, birth, one digit, check by 7-3-1. */
static gboolean
check_old_card (Input *in)
{
  char country[4];
  int bad = first_stranger (in, 0, 3, LETTERS);

  if (bad < 0)
    bad = first_stranger (in, 3, in->length, DIGITS);
  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length >= 3) {
    g_strlcpy (country, in->text, sizeof country);
    if (!country_is_alpha3 (country))
      return refuse (in, NUMBER_REASON_BAD_COUNTRY);
    memcpy (in->result->country, country, sizeof country);
  }
  if (in->length >= 5 && !province_is_known (in->text + 3))
    return refuse (in, NUMBER_REASON_BAD_REGION);
  if (in->length >= 13 && !take_short_birth (in, 7))
    return FALSE;
  if (in->length != 15)
    return refuse_length (in, 15);
  if (number_mrz_check_digit (in->text, 14) != in->text[14])
    return refuse (in, NUMBER_REASON_BAD_CHECK);
  g_strlcpy (in->result->region, in->text + 3, 5);
  in->result->warnings |= NUMBER_WARNING_OLD_CARD;
  return TRUE;
}

static gboolean
check_permanent_card (Input *in)
{
  if (in->text[0] == '9')
    return check_new_card (in);
  if (g_ascii_isalpha (in->text[0]))
    return check_old_card (in);
  return refuse (in, NUMBER_REASON_BAD_PREFIX);
}

/* Form only: 6 to 9 letters and digits, a digit among them (ICAO 9303 holds nine). */
static gboolean
check_passport (Input *in)
{
  int bad = first_stranger (in, 0, in->length, DIGITS LETTERS);

  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length < 6 || in->length > 9)
    return refuse_length (in, in->length < 6 ? 6 : 9);
  if (strpbrk (in->text, DIGITS) == NULL)
    return refuse (in, NUMBER_REASON_BAD_FORM);
  return TRUE;
}

/* A scanned line 2 of TD3 has its check digit in the tenth place; line 1 has a name there. */
static gboolean
is_line_2 (const Input *in)
{
  return in->length == 44 && g_ascii_isdigit (in->text[9]);
}

static gboolean
check_mrz (Input *in)
{
  int bad = first_stranger (in, 0, in->length, DIGITS LETTERS "<");
  int wanted = strchr ("IAC", in->text[0]) != NULL ? 90 : in->text[0] == 'P' ? 88 : 44;

  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length == wanted || is_line_2 (in))
    return number_mrz_read (in->result, in->length, in->today);
  if (wanted == 44 && in->length > 44)
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  return refuse_length (in, wanted);
}

#define USCC_ALPHABET "0123456789ABCDEFGHJKLMNPQRTUWXY"

/* GB 11714 inside: characters 9 to 17. Letters count from A = 10. */
static gboolean
organisation_is_right (const char *nine)
{
  static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;

  for (int i = 0; i < 8; i++)
    sum += weights[i] * (g_ascii_isdigit (nine[i]) ? nine[i] - '0' : nine[i] - 'A' + 10);
  return nine[8] == "0X987654321"[sum % 11];
}

static gboolean
check_uscc (Input *in)
{
  int bad = first_stranger (in, 0, in->length, USCC_ALPHABET), sum = 0, weight = 1;

  if (bad < 0)
    bad = first_stranger (in, 2, 8, DIGITS);
  if (bad >= 0)
    return refuse_at (in, bad);
  /* Registering authorities: 1 to 9, A, N and Y are in use (GB 32100, annex). */
  if (strchr ("123456789ANY", in->text[0]) == NULL)
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  if (in->length != 18)
    return refuse_length (in, 18);
  for (int i = 0; i < 17; i++) {
    sum += (int)(strchr (USCC_ALPHABET, in->text[i]) - USCC_ALPHABET) * weight;
    weight = weight * 3 % 31;
  }
  if (USCC_ALPHABET[(31 - sum % 31) % 31] != in->text[17])
    return refuse (in, NUMBER_REASON_BAD_CHECK);
  if (!organisation_is_right (in->text + 8))
    in->result->warnings |= NUMBER_WARNING_ORGANISATION;
  g_strlcpy (in->result->region, in->text + 2, 7);
  return TRUE;
}

/* Takes the first `n` characters away from the normal form. */
static void
drop_prefix (Input *in, int n)
{
  memmove (in->result->normal, in->result->normal + n, (gsize)(in->length - n) + 1);
  memmove (in->place, in->place + n, sizeof in->place[0] * (gsize)(in->length - n));
  in->length -= n;
}

static gboolean
check_mobile (Input *in)
{
  int bad;

  if (g_str_has_prefix (in->text, "+86"))
    drop_prefix (in, 3);
  else if (g_str_has_prefix (in->text, "0086"))
    drop_prefix (in, 4);
  else if (g_str_has_prefix ("+86", in->text) || g_str_has_prefix ("0086", in->text))
    return refuse (in, NUMBER_REASON_TOO_SHORT); /* on the way there */
  if (in->text[0] == '+')
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  bad = first_stranger (in, 0, in->length, DIGITS);
  if (bad >= 0)
    return refuse_at (in, bad);
  if ((in->length >= 1 && in->text[0] != '1') ||
      (in->length >= 2 && strchr ("3456789", in->text[1]) == NULL))
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  return in->length == 11 ? TRUE : refuse_length (in, 11);
}

static gboolean
check_foreign_phone (Input *in)
{
  int bad = first_stranger (in, 1, in->length, DIGITS);

  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length >= 2 && in->text[1] == '0')
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  if (in->length < 7 || in->length > 16)
    return refuse_length (in, in->length < 7 ? 7 : 16);
  in->result->warnings |= NUMBER_WARNING_FOREIGN;
  return TRUE;
}

static void
strip_all_dashes (Input *in)
{
  int n = 0;

  for (int i = 0; i < in->length; i++) {
    if (in->text[i] == '-')
      continue;
    in->place[n] = in->place[i];
    in->result->normal[n++] = in->text[i];
  }
  in->result->normal[n] = '\0';
  in->length = n;
}

/* Removes dashes; one that separates an extension of up to six digits from a whole number stays.
 * Returns the length of the number without the extension. */
static int
strip_dashes (Input *in)
{
  char *text = in->result->normal;
  const char *last = strrchr (text, '-');
  int n = 0, base = -1;

  for (int i = 0; i < in->length; i++) {
    if (text[i] == '-' && (text + i != last || n < 10 || in->length - i > 7 || text[i + 1] == 0))
      continue;
    if (text[i] == '-')
      base = n;
    in->place[n] = in->place[i];
    text[n++] = text[i];
  }
  text[n] = '\0';
  in->length = n;
  return base >= 0 ? base : n;
}

/* Area code of three (010, 02x) or four digits, seven or eight more, an extension after a dash. */
static gboolean
check_landline (Input *in)
{
  int base = strip_dashes (in), bad = first_stranger (in, 0, base, DIGITS);

  if (bad < 0)
    bad = first_stranger (in, base + 1, in->length, DIGITS);
  if (bad >= 0)
    return refuse_at (in, bad);
  if (in->length >= 2 && in->text[1] == '0')
    return refuse (in, NUMBER_REASON_BAD_PREFIX);
  if (base < 10 || base > 12) {
    in->length = base;
    return refuse_length (in, base < 10 ? 10 : 12);
  }
  return TRUE;
}

static gboolean
check_phone (Input *in)
{
  gboolean own = g_str_has_prefix (in->text, "+86") || g_str_has_prefix (in->text, "0086");
  const char *rest = own ? in->text + strspn (in->text, "+0") + 2 : in->text;
  char first = rest[strspn (rest, "-")];

  if (own && first != '\0' && first != '1') {
    /* +86 512 6800 0000: the area code without its 0 */
    drop_prefix (in, (int)strspn (in->text, "+0") + 1);
    in->result->normal[0] = '0';
    return check_landline (in);
  }
  if (first == '0')
    return check_landline (in);
  strip_all_dashes (in);
  return first == '+' ? check_foreign_phone (in) : check_mobile (in);
}

/* The e-mail addresses that people have: RFC 5321's dot-string and a domain of at least two labels;
 * no quoted local part, no address literal. */
static gboolean
check_email (Input *in)
{
  static const char local[] = LETTERS "abcdefghijklmnopqrstuvwxyz" DIGITS ".!#$%&'*+/=?^_`{|}~-";
  const char *at = strchr (in->text, '@'), *dot;
  int place = at == NULL ? in->length : (int)(at - in->text);
  int bad = first_stranger (in, 0, place, local);

  if (bad < 0 && at != NULL)
    for (int i = place + 1; i < in->length && bad < 0; i++)
      if (!g_ascii_isalnum (in->text[i]) && in->text[i] != '.' && in->text[i] != '-')
        bad = i;
  if (bad >= 0)
    return refuse_at (in, bad);
  if (at == NULL || at[1] == '\0')
    return refuse (in, NUMBER_REASON_TOO_SHORT);
  dot = strrchr (at, '.');
  if (place == 0 || place > 64 || in->text[0] == '.' || at[-1] == '.' ||
      strstr (in->text, "..") != NULL || strpbrk (at + 1, ".-") == at + 1 ||
      strstr (at, "-.") != NULL || strstr (at, ".-") != NULL)
    return refuse (in, NUMBER_REASON_BAD_FORM);
  if (dot == NULL || strlen (dot) < 3)
    return refuse (in, NUMBER_REASON_TOO_SHORT);
  if (in->text[in->length - 1] == '-' || g_ascii_isdigit (dot[1]))
    return refuse (in, NUMBER_REASON_BAD_FORM);
  return TRUE;
}

/* One row a kind. `drop`: what people write between groups. */
static const struct {
  const char *word;
  gboolean (*check) (Input *in);
  const char *drop;
  gboolean keep_case;
  int max_length;
} kinds[] = {
    [NUMBER_KIND_ID_CN] = {"id-cn", check_id_cn, "", FALSE, 18},
    [NUMBER_KIND_RESIDENCE_PERMIT] = {"residence-permit", check_residence_permit, "", FALSE, 18},
    [NUMBER_KIND_TRAVEL_PERMIT] = {"travel-permit", check_travel_permit, "", FALSE, 11},
    [NUMBER_KIND_PERMANENT_CARD] = {"permanent-card", check_permanent_card, "", FALSE, 18},
    [NUMBER_KIND_PASSPORT] = {"passport", check_passport, "", FALSE, 9},
    [NUMBER_KIND_MRZ] = {"mrz", check_mrz, "", FALSE, 92},
    [NUMBER_KIND_USCC] = {"uscc", check_uscc, "", FALSE, 18},
    [NUMBER_KIND_MOBILE] = {"mobile", check_mobile, "-()", FALSE, 20},
    [NUMBER_KIND_PHONE] = {"phone", check_phone, "()", FALSE, 24},
    [NUMBER_KIND_EMAIL] = {"email", check_email, "", TRUE, 90},
};

/* Brings `text` to its one form. FALSE with a reason if a character fits no number at all. */
static gboolean
normalise (Input *in, const char *text, NumberKind kind)
{
  int place = 0;

  for (const char *p = text; *p != '\0' && p - text < 512; p = g_utf8_next_char (p), place++) {
    gunichar c = g_utf8_get_char (p);
    if (c >= 0xFF01 && c <= 0xFF5E) /* full width */
      c -= 0xFEE0;
    else if (c >= 0x2010 && c <= 0x2015)
      c = '-';
    if (g_unichar_isspace (c) || c == 0x3000 || c == 0x200B || c == 0xFEFF)
      continue;
    if (c < 0x80 && strchr (kinds[kind].drop, (int)c) != NULL)
      continue;
    if (c <= 0x20 || c >= 0x7F) {
      in->result->position = place;
      return refuse (in, NUMBER_REASON_BAD_CHARACTER);
    }
    if (in->length == NUMBER_MAX - 1) {
      in->result->count = 0;
      return refuse (in, NUMBER_REASON_TOO_LONG);
    }
    in->place[in->length] = place;
    in->result->normal[in->length++] = kinds[kind].keep_case ? (char)c : g_ascii_toupper ((char)c);
  }
  return in->length > 0 ? TRUE : refuse (in, NUMBER_REASON_EMPTY);
}

/* What a wrong number says about a person is nobody's fact. */
static void
forget_facts (NumberResult *result)
{
  NumberResult bare = {.kind = result->kind,
                       .reason = result->reason,
                       .count = result->count,
                       .position = result->position};

  memcpy (bare.normal, result->normal, sizeof bare.normal);
  *result = bare;
  number_result_clear (&bare);
}

gboolean
number_check (NumberKind kind, const char *text, const char *today, NumberResult *ret_result)
{
  Input in = {.result = ret_result, .text = ret_result->normal};

  memset (ret_result, 0, sizeof *ret_result);
  ret_result->kind = kind;
  ret_result->position = -1;
  g_return_val_if_fail (calendar_day_parse (today, &in.today), FALSE);
  if (text == NULL || *text == '\0') {
    ret_result->reason = NUMBER_REASON_EMPTY;
  } else if (!g_utf8_validate (text, -1, NULL)) {
    ret_result->reason = NUMBER_REASON_BAD_CHARACTER;
    ret_result->position = 0;
  } else if (normalise (&in, text, kind)) {
    ret_result->valid = kinds[kind].check (&in);
  }
  if (!ret_result->valid)
    forget_facts (ret_result);
  return ret_result->valid;
}

const char *
number_kind_word (NumberKind kind)
{
  return kinds[kind].word;
}

gboolean
number_kind_parse (const char *word, NumberKind *ret_kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_strcmp0 (kinds[i].word, word) == 0) {
      *ret_kind = (NumberKind)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
number_reason_word (NumberReason reason)
{
  static const char *const words[] = {
      "ok",         "empty",       "too-short", "too-long",    "bad-character", "bad-prefix",
      "bad-region", "bad-country", "bad-date",  "future-date", "bad-check",     "bad-form"};
  return words[reason];
}

const char *
number_warning_word (NumberWarning warning)
{
  switch (warning) {
  case NUMBER_WARNING_ORGANISATION:
    return "organisation-check";
  case NUMBER_WARNING_FOREIGN:
    return "foreign";
  case NUMBER_WARNING_EXPIRED:
    return "expired";
  case NUMBER_WARNING_REPAIRED:
    return "repaired";
  case NUMBER_WARNING_UNKNOWN_COUNTRY:
    return "unknown-country";
  case NUMBER_WARNING_NO_WORK:
    return "no-work";
  case NUMBER_WARNING_OLD_CARD:
    return "old-card";
  }
  return "";
}

int
number_max_length (NumberKind kind)
{
  return kinds[kind].max_length;
}
