/* number.h: numbers of people, papers, employers and telephones, checked as they are typed.
 *
 * Pure: the date of today is an argument. A check never says more than the number itself can show:
 * "valid" means well formed with right check characters, not that such a person exists.
 *
 * Sources: GB 11643 (resident identity number, ISO 7064 MOD 11-2), the 2018 residence permit for
 * Hong Kong, Macao and Taiwan residents (same algorithm), the foreign permanent resident card of
 * 2023-12-01 (9 + province + ISO 3166 numeric + birth + sequence + MOD 11-2) and the one before it
 * (15 characters, ICAO 7-3-1), ICAO 9303 parts 4 and 5 (TD3, TD1), GB 32100 with GB 11714 (unified
 * social credit code). */
#pragma once

#include <glib.h>

typedef enum {
  NUMBER_KIND_ID_CN,            /* "id-cn" */
  NUMBER_KIND_RESIDENCE_PERMIT, /* "residence-permit": HK, Macao, Taiwan residents' permit */
  NUMBER_KIND_TRAVEL_PERMIT,    /* "travel-permit": 回乡证, 台胞证; form only */
  NUMBER_KIND_PERMANENT_CARD,   /* "permanent-card": new (18) and old (15) */
  NUMBER_KIND_PASSPORT,         /* "passport": form only */
  NUMBER_KIND_MRZ,              /* "mrz": TD3 (both lines, or line 2 alone) and TD1 */
  NUMBER_KIND_USCC,             /* "uscc" */
  NUMBER_KIND_MOBILE,           /* "mobile": mainland mobile number */
  NUMBER_KIND_PHONE,            /* "phone": mainland mobile or landline, or + and 6 to 15 digits */
  NUMBER_KIND_EMAIL,            /* "email" */
} NumberKind;

#define NUMBER_KIND_N (NUMBER_KIND_EMAIL + 1)

/* Why a number is not valid, the first in reading order that is certain. Stable words (see
 * number_reason_word) for screens, --json and tests. */
typedef enum {
  NUMBER_REASON_NONE,          /* "ok": it is valid */
  NUMBER_REASON_EMPTY,         /* "empty" */
  NUMBER_REASON_TOO_SHORT,     /* "too-short": right so far; `count` characters are missing */
  NUMBER_REASON_TOO_LONG,      /* "too-long": `count` characters too many */
  NUMBER_REASON_BAD_CHARACTER, /* "bad-character": the one at `position` cannot stand there */
  NUMBER_REASON_BAD_PREFIX,    /* "bad-prefix": it cannot begin like this */
  NUMBER_REASON_BAD_REGION,    /* "bad-region": no such province or region */
  NUMBER_REASON_BAD_COUNTRY,   /* "bad-country": no such country in ISO 3166 */
  NUMBER_REASON_BAD_DATE,      /* "bad-date": no such day, or before 1900 */
  NUMBER_REASON_FUTURE_DATE,   /* "future-date": born after today */
  NUMBER_REASON_BAD_CHECK, /* "bad-check": a check character is wrong; typed wrongly somewhere */
  NUMBER_REASON_BAD_FORM,  /* "bad-form": all characters may be there, but not like this */
} NumberReason;

#define NUMBER_REASON_N (NUMBER_REASON_BAD_FORM + 1)

/* What is worth a hint though the number is valid. */
typedef enum {
  NUMBER_WARNING_ORGANISATION = 1 << 0,    /* uscc: the GB 11714 code inside does not check */
  NUMBER_WARNING_FOREIGN = 1 << 1,         /* phone: not of the mainland; SMS may not reach it */
  NUMBER_WARNING_EXPIRED = 1 << 2,         /* mrz: the paper's last day is past */
  NUMBER_WARNING_REPAIRED = 1 << 3,        /* mrz: O/0 or I/1 was exchanged to make it check */
  NUMBER_WARNING_UNKNOWN_COUNTRY = 1 << 4, /* mrz: a code that is not in ISO 3166 or ICAO 9303 */
  NUMBER_WARNING_NO_WORK = 1 << 5,         /* travel permit of a kind said not to permit work */
  NUMBER_WARNING_OLD_CARD = 1 << 6,        /* permanent card of the kind issued before 2023-12-01 */
} NumberWarning;

#define NUMBER_MAX 96

/* What a check found. All text is inside, so that number_result_clear leaves nothing behind. Facts
 * are empty strings (or 0) where the number does not tell them. */
typedef struct {
  NumberKind kind;
  gboolean valid;
  NumberReason reason;
  int count;               /* of TOO_SHORT, TOO_LONG; 0 where it cannot be said */
  int position;            /* of BAD_CHARACTER, from 0, in characters of what was typed; else -1 */
  guint warnings;          /* NumberWarning bits */
  char normal[NUMBER_MAX]; /* upper case, without blanks and dashes; mobile: 11 digits; mrz:
                              44, 88 or 90 characters without line ends (repaired) */
  char birth[11];          /* "1990-03-07" */
  char expiry[11];         /* mrz */
  char sex;                /* 'M', 'F', 'X' (mrz: unspecified) or 0 */
  char region[7];          /* id-cn: six digits; permanent card: two, or four (old) */
  char country[4];         /* alpha-3: nationality on an MRZ, country on a permanent card */
  char issuer[4];          /* mrz: issuing state */
  char type[3];            /* mrz: document code, "P", "I", ... */
  char document[16];       /* mrz: document number */
  char surname[48], given[48]; /* mrz: names, one blank between words */
} NumberResult;

/* Wipes all of `result` (explicit_bzero). NULL is fine. */
void number_result_clear (NumberResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NumberResult, number_result_clear)

/* Checks `text` (UTF-8, at most 512 bytes looked at) as a number of `kind`. Full-width digits and
 * letters are taken as ASCII; blanks are ignored, in telephone numbers dashes and brackets too;
 * lower case is raised, in e-mail kept. `today` is "YYYY-MM-DD" in Asia/Shanghai. Gives
 * `ret_result->valid`. An MRZ may hold line ends or none. `ret_result` is always filled and is the
 * caller's to clear. */
gboolean number_check (NumberKind kind, const char *text, const char *today,
                       NumberResult *ret_result);

/* The contract's word of a kind ("id-cn"), static; and back: FALSE for a stranger. */
const char *number_kind_word (NumberKind kind);
gboolean number_kind_parse (const char *word, NumberKind *ret_kind);

/* The stable word of a reason or of one warning bit, static. */
const char *number_reason_word (NumberReason reason);
const char *number_warning_word (NumberWarning warning);

/* The longest text worth typing for a kind, in characters, for entries (0: no limit of ours). */
int number_max_length (NumberKind kind);
