/* receipt.h: what the paper of a submission says. Nothing of the applicant: no name, no number.
 *
 * As JSON: {"number", "service", "service_name": {"zh-CN", "en"}, "hall", "hall_name", "at",
 * "language", "documents": [{"slot", "name": {"zh-CN", "en"}, "pages"}], "missing": [{"slot",
 * "name"}], "limit": {"n", "unit"} | null, "ticket_text", "mode": "normal" | "training", "copy"},
 * and where it is known "device" (shown on the print stamp), "contact" {"zh-CN", "en"} (whom to
 * ask), "limit_text" {"zh-CN", "en"} (the limit in the guide's words). */
#pragma once

#include <glib.h>
#include <jansson.h>

#define RECEIPT_MAX_DOCUMENTS 64

/* One line of documents. `pages` is 0 for one that is missing. */
typedef struct {
  char *slot;
  char *name_zh, *name_en;
  int pages;
} ReceiptDocument;

typedef enum {
  RECEIPT_LIMIT_NONE, /* not said: ask at the window */
  RECEIPT_LIMIT_WORKDAY,
  RECEIPT_LIMIT_CALENDAR_DAY,
  RECEIPT_LIMIT_MONTH,
  RECEIPT_LIMIT_IMMEDIATE, /* decided at once */
} ReceiptLimitUnit;

typedef struct {
  char *number;  /* case number */
  char *service; /* id in the guide */
  char *service_zh, *service_en;
  char *hall; /* id */
  char *hall_name;
  char *device;         /* id, or NULL */
  gint64 at;            /* legal time of submission, ms UTC */
  char *language;       /* "zh_CN" or "en": the visitor's; Chinese is always printed as well */
  GPtrArray *documents; /* ReceiptDocument, in the guide's order */
  GPtrArray *missing;   /* ReceiptDocument */
  ReceiptLimitUnit limit_unit;
  int limit_n; /* promised limit, counted from the day it was received (收件之日) */
  char *limit_zh, *limit_en;     /* the guide's own words for the limit, printed instead; or NULL */
  char *contact_zh, *contact_en; /* or NULL */
  char *ticket_text;             /* text of the QR code: "YZ1:..." */
  gboolean training;             /* made in training mode: a TEST band on paper */
  int copy;                      /* 1: first print; n: reprint n - 1 */
} Receipt;

Receipt *receipt_new (void); /* all empty, copy 1 */
void receipt_free (Receipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Receipt, receipt_free)

/* Adds a line; the texts are copied. */
void receipt_add_document (Receipt *receipt, const char *slot, const char *name_zh,
                           const char *name_en, int pages);
void receipt_add_missing (Receipt *receipt, const char *slot, const char *name_zh,
                          const char *name_en);

/* Reads the JSON form; members it does not know are left alone. INVALID that names what is wrong (a
 * number that does not check, no QR text, over RECEIPT_MAX_DOCUMENTS, ...). */
Receipt *receipt_from_json (const json_t *json, GError **error);

/* The JSON form. Owned. */
json_t *receipt_to_json (const Receipt *receipt);

/* Pages of all documents together. */
int receipt_pages (const Receipt *receipt);
