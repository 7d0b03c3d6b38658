/* receipt-paper.c: what happened at the kiosk, on paper. Says received and accepted only to say
 * that this is neither. */
#include "paper/receipt-paper.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "paper/roll.h"

#define LABEL 132 /* dots: where values begin */

/* A label with its value, and both again in English. */
static void
row (Roll *roll, const char *label_zh, const char *value_zh, const char *label_en,
     const char *value_en)
{
  /* One bit makes small bold characters run together: what matters is larger, not bolder. */
  const RollText label = {.size = 27}, value = {.size = 31}, small = {.size = 24};
  double y = roll_y (roll), height;

  height = roll_text_at (roll, label, label_zh, 0, y, LABEL - 8);
  y += MAX (height, roll_text_at (roll, value, value_zh, LABEL, y, ROLL_WIDTH - LABEL));
  if (value_en != NULL) {
    height = roll_text_at (roll, small, label_en, 0, y, LABEL - 8);
    y += MAX (height, roll_text_at (roll, small, value_en, LABEL, y, ROLL_WIDTH - LABEL));
  }
  roll_move_to (roll, y + 6);
}

/* The promised limit in words, the guide's if they are there, or NULL where it does not say.
 * Counted from the day on which the centre has received the case, which is not known here: no date.
 */
static char *
limit_words (const Receipt *receipt, gboolean english)
{
  const char *words = english ? receipt->limit_en : receipt->limit_zh;

  if (words != NULL && *words != '\0')
    return g_strdup (words);
  switch (receipt->limit_unit) {
  case RECEIPT_LIMIT_WORKDAY:
    return english ? g_strdup_printf ("%d working days from the day received", receipt->limit_n)
                   : g_strdup_printf ("收件之日起 %d 个工作日", receipt->limit_n);
  case RECEIPT_LIMIT_CALENDAR_DAY:
    return english ? g_strdup_printf ("%d days from the day received", receipt->limit_n)
                   : g_strdup_printf ("收件之日起 %d 日", receipt->limit_n);
  case RECEIPT_LIMIT_MONTH:
    return english ? g_strdup_printf ("%d months from the day received", receipt->limit_n)
                   : g_strdup_printf ("收件之日起 %d 个月", receipt->limit_n);
  case RECEIPT_LIMIT_IMMEDIATE:
    return g_strdup (english ? "Decided on the spot" : "当场办结");
  case RECEIPT_LIMIT_NONE:
    break;
  }
  return NULL;
}

static void
lay_out_facts (Roll *roll, const Receipt *receipt, gboolean english)
{
  g_autofree char *at = clock_local (receipt->at);
  g_autofree char *limit_zh = limit_words (receipt, FALSE);
  g_autofree char *limit_en = limit_words (receipt, TRUE);

  row (roll, "事项", receipt->service_zh, "Service", english ? receipt->service_en : NULL);
  row (roll, "提交", at, "Submitted", english ? "China Standard Time" : NULL);
  if (limit_zh != NULL)
    row (roll, "承诺时限", limit_zh, "Limit", english ? limit_en : NULL);
  else
    row (roll, "时限", "以窗口答复为准", "Limit", english ? "Ask at the window" : NULL);
}

/* The state, boxed: the one thing that must not be misread. */
static void
lay_out_state (Roll *roll, gboolean english)
{
  const RollText big = {.size = 40, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText text = {.size = 26, .align = CANVAS_CENTRE};
  const RollText small = {.size = 24, .align = CANVAS_CENTRE};
  const double inside = ROLL_WIDTH - 40;
  double top = roll_y (roll) + 6, y = top + 12;

  y += roll_text_at (roll, big, "已提交　等待收件", 20, y, inside);
  if (english)
    y += roll_text_at (roll, text, "Submitted, waiting to be received", 20, y, inside);
  y += 4;
  y += roll_text_at (roll, text, "本机已收到您的申请，将自动上传；\n收到不等于受理。", 20, y,
                     inside);
  if (english)
    y += roll_text_at (roll, small,
                       "This machine has your application and will send it on by itself. "
                       "That does not mean it is accepted for processing.",
                       20, y, inside);
  y += 16;
  roll_box (roll, 0, top, ROLL_WIDTH, y - top);
  roll_move_to (roll, y + 14);
}

static void
document_line (Roll *roll, const ReceiptDocument *document, gboolean handed_in, gboolean english)
{
  const RollText text = {.size = 26}, small = {.size = 24};
  g_autofree char *pages = handed_in ? g_strdup_printf ("%d 页", document->pages) : NULL;
  double y = roll_y (roll), width = ROLL_WIDTH - 40 - 96;
  const RollText right = {.size = 26, .align = CANVAS_RIGHT};

  roll_tick (roll, 0, y + 6, 27, handed_in);
  roll_text_at (roll, right, pages, ROLL_WIDTH - 92, y, 92);
  y += roll_text_at (roll, text, document->name_zh, 40, y, width);
  if (english && document->name_en != NULL && g_strcmp0 (document->name_en, document->name_zh) != 0)
    y += roll_text_at (roll, small, document->name_en, 40, y, width);
  roll_move_to (roll, y + 2);
}

static void
lay_out_documents (Roll *roll, const Receipt *receipt, gboolean english)
{
  const RollText head = {.size = 30, .bold = TRUE};
  int pages = receipt_pages (receipt);
  g_autofree char *title = g_strdup_printf ("已交材料　%u 份 %d 页%s", receipt->documents->len,
                                            pages, english ? "　Documents" : "");

  roll_text (roll, head, title);
  for (guint i = 0; i < receipt->documents->len; i++)
    document_line (roll, receipt->documents->pdata[i], TRUE, english);
  if (receipt->missing->len > 0) {
    roll_space (roll, 8);
    roll_text (roll, head, english ? "尚未提交　Still missing" : "尚未提交");
    for (guint i = 0; i < receipt->missing->len; i++)
      document_line (roll, receipt->missing->pdata[i], FALSE, english);
  }
}

static gboolean
lay_out_code (Roll *roll, const Receipt *receipt, gboolean english, GError **error)
{
  const RollText head = {.size = 30, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText text = {.size = 26, .align = CANVAS_CENTRE};
  double beside, bottom;

  if (!roll_qr (roll, receipt->ticket_text, QR_LEVEL_Q, 0, &beside, &bottom, error))
    return FALSE;
  roll_text (roll, head, english ? "扫码查进度　Scan to track" : "扫码查进度");
  roll_text (roll, text, "到任一台自助机扫这个码");
  if (english)
    roll_text (roll, text, "Show this code to any of our kiosks");
  return TRUE;
}

static void
lay_out_contact (Roll *roll, const Receipt *receipt, gboolean english)
{
  const RollText head = {.size = 30, .bold = TRUE}, text = {.size = 26};

  roll_text (roll, head, english ? "找谁　Whom to ask" : "找谁");
  roll_text (roll, text, receipt->contact_zh != NULL ? receipt->contact_zh : "本大厅人才专窗");
  if (english)
    roll_text (roll, text,
               receipt->contact_en != NULL ? receipt->contact_en
                                           : "The talent window of this hall");
}

static gboolean
lay_out (Roll *roll, gconstpointer record, GError **error)
{
  const Receipt *receipt = record;
  gboolean english = g_str_has_prefix (receipt->language, "en");
  const RollText label = {.size = 26, .align = CANVAS_CENTRE};
  const RollText number = {.size = 66, .bold = TRUE, .align = CANVAS_CENTRE};
  const RollText small = {.size = 24, .align = CANVAS_CENTRE};

  roll_head (roll, receipt->hall_name, english);
  roll_bands (roll, receipt->training, receipt->copy);
  roll_band (roll, 40, english ? "提交回执　Submission receipt" : "提　交　回　执");
  roll_space (roll, 12);
  roll_text (roll, label, english ? "件号　Case number" : "件号");
  roll_text_fit (roll, number, receipt->number);
  roll_space (roll, 4);
  roll_rule (roll);
  roll_space (roll, 12);
  lay_out_facts (roll, receipt, english);
  lay_out_state (roll, english);
  lay_out_documents (roll, receipt, english);
  roll_dashes (roll);
  if (!lay_out_code (roll, receipt, english, error))
    return FALSE;
  roll_dashes (roll);
  lay_out_contact (roll, receipt, english);
  roll_dashes (roll);
  roll_text (roll, small, "本回执不含姓名和证件号，请妥善保管");
  if (english)
    roll_text (roll, small, "No name or document number is on it. Keep it.");
  roll_text (roll, small, "依据 苏人才〔2018〕3号");
  roll_stamp (roll, receipt->device, receipt->at, receipt->copy, english);
  return TRUE;
}

GBytes *
receipt_paper_render (const Receipt *receipt, GError **error)
{
  g_autofree char *title = NULL;

  if (receipt->number == NULL || receipt->hall_name == NULL || receipt->service_zh == NULL ||
      receipt->language == NULL || receipt->ticket_text == NULL) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                         "a receipt needs number, hall, service, language and QR text");
    return NULL;
  }
  title = g_strdup_printf ("提交回执 %s", receipt->number);
  return roll_render (title, receipt->at, lay_out, receipt, error);
}
