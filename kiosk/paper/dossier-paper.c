/* dossier-paper.c: the dossier of a case on A4: cover, sheets, and every page of every document.
 * Judges nothing: what was not done is printed as not done. */
#include "paper/dossier-paper.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "domain/person.h"
#include "paper/document-paper.h"
#include "paper/qr.h"
#include "paper/sheet.h"

#define TITLE "高层次人才服务档案"
#define COVER_DPI 600
#define CODE_LEAST 9 /* versions of the code */
#define CODE_MOST 13
#define CODE_DOTS 12 /* half a millimetre: 4 dots at 203 dpi */
#define SIGNATURE_SLOT "signature"

/* One printing of one dossier. */
typedef struct {
  const Dossier *dossier;
  GPtrArray *papers; /* DocumentPaper, one a document */
  int *first_page;   /* of each document; filled by the measuring pass */
  int document_pages;
  Sheet sheet;
} Printing;

static const char *
or_else (const char *text, const char *otherwise)
{
  return text != NULL && *text != '\0' ? text : otherwise;
}

static gboolean
is_signature (const DossierDocument *document)
{
  return g_strcmp0 (document->slot, SIGNATURE_SLOT) == 0;
}

static char *
local_time (gint64 at, const char *otherwise)
{
  return at > 0 ? clock_local (at) : g_strdup (otherwise);
}

static char *
masked_paper (const Dossier *dossier)
{
  g_autofree char *tail = person_number_tail (dossier->paper_number);

  if (*tail == '\0')
    return g_strdup (or_else (dossier->paper_kind, "—"));
  return g_strdup_printf ("%s 尾号 %s", or_else (dossier->paper_kind, "证件"), tail);
}

/* Nobody is of a category before it is recognised. */
static char *
category_words (const Dossier *dossier)
{
  if (dossier->category == NULL || *dossier->category == '\0')
    return g_strdup ("—");
  return g_strdup_printf ("%s%s", dossier->category, dossier->recognised ? "" : "（未认定）");
}

static void
cover_row (Sheet *sheet, const char *label1, const char *value1, const char *label2,
           const char *value2)
{
  const CanvasText label = {.size = 3.9, .bold = TRUE}, value = {.size = 3.9, .max_lines = 2};
  const double x[] = {22, 48, 97, 123, 188}, height = 12.4;
  const char *texts[] = {label1, value1, label2, value2};

  for (int i = 0; i < 4; i++) {
    const CanvasText *style = i % 2 == 0 ? &label : &value;
    double width = x[i + 1] - x[i] - 5;
    double text_height = canvas_measure (sheet->canvas, style, texts[i], width, NULL);
    if (i % 2 == 0)
      canvas_fill (sheet->canvas, x[i], sheet->y, x[i + 1] - x[i], height, 0.93);
    canvas_text (sheet->canvas, style, texts[i], x[i] + 2.8, sheet->y + (height - text_height) / 2,
                 width);
    canvas_box (sheet->canvas, x[i], sheet->y, x[i + 1] - x[i], height, 0.2, 0.45);
  }
  sheet->y += height;
}

static void
cover_table (Printing *printing)
{
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;
  g_autofree char *name = person_mask_name (dossier->applicant);
  g_autofree char *paper = masked_paper (dossier);
  g_autofree char *category = category_words (dossier);
  g_autofree char *submitted = local_time (dossier->submitted_at, "—");
  g_autofree char *received = local_time (dossier->received_at, "尚未收件");

  sheet->y = 119;
  cover_row (sheet, "件号", dossier->number, "档案号",
             or_else (dossier->talent_file, "认定后编号"));
  cover_row (sheet, "办理事项", dossier->service_name, "申报类别", category);
  cover_row (sheet, "申请人", or_else (name, "—"), "证件", paper);
  cover_row (sheet, "提交时间", submitted, "收件时间", received);
  cover_row (sheet, "当前状态", or_else (dossier->state, "—"), "承诺时限",
             or_else (dossier->limit_line, "以窗口答复为准"));
  cover_row (sheet, "收件大厅", dossier->hall_name, "承办部门",
             or_else (dossier->department, "待定"));
  if (dossier->specialist_a != NULL || dossier->specialist_b != NULL)
    cover_row (sheet, "服务专员", or_else (dossier->specialist_a, "—"), "接替专员",
               or_else (dossier->specialist_b, "—"));
}

/* Level Q lasts longer; a long service id needs the room of M. */
static Qr *
cover_code (const char *text, GError **error)
{
  Qr *qr = qr_new (text, QR_LEVEL_Q, CODE_LEAST, CODE_MOST, NULL);
  return qr != NULL ? qr : qr_new (text, QR_LEVEL_M, CODE_LEAST, CODE_MOST, error);
}

/* The case's code, what was done about identity, and room for a seal that only a person sets. */
static gboolean
cover_box (Printing *printing, GError **error)
{
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;
  const CanvasText number = {.font = CANVAS_SERIF, .bold = TRUE, .size = 7.6};
  const CanvasText text = {.size = 3.6}, small = {.size = 3.2, .grey = 0.25};
  const CanvasText seal = {.size = 3.6, .grey = 0.35, .align = CANVAS_CENTRE};
  const double top = sheet->y + 6, height = 42;
  double x = 28, y = top + 8;

  canvas_box (sheet->canvas, 22, top, 166, height, 0.2, 0.45);
  if (dossier->ticket_text != NULL) {
    g_autoptr (Qr) qr = cover_code (dossier->ticket_text, error);
    int dots = 0;
    if (qr == NULL || !qr_module (qr, 40, COVER_DPI, CODE_DOTS, &dots, error))
      return FALSE;
    qr_draw (qr, sheet->canvas, 24, top + (height - qr_side (qr, dots, COVER_DPI)) / 2, dots,
             COVER_DPI);
    x = 67;
  }
  y += canvas_text_fit (sheet->canvas, &number, dossier->number, x, y, 148 - x, 5) + 1;
  y += canvas_text (sheet->canvas, &text, or_else (dossier->identity_line, "身份：未核"), x, y,
                    148 - x) +
       1;
  if (dossier->ticket_text != NULL)
    canvas_text (sheet->canvas, &small, "扫码查看办理进度", x, y, 148 - x);
  canvas_circle (sheet->canvas, 168, top + height / 2, 14, 0.25, 0.35, TRUE);
  canvas_text (sheet->canvas, &seal, "收件专用章\n（盖章处）", 154, top + height / 2 - 5.4, 28);
  sheet->y = top + height;
  return TRUE;
}

static gboolean
lay_out_cover (Printing *printing, GError **error)
{
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;
  const CanvasText title = {
      .font = CANVAS_SERIF, .bold = TRUE, .size = 13.2, .align = CANVAS_CENTRE, .spacing = 1.2};
  const CanvasText subtitle = {.size = 5.2, .align = CANVAS_CENTRE};
  const CanvasText text = {.size = 4}, right = {.size = 4, .align = CANVAS_RIGHT};
  const CanvasText middle = {.size = 4, .align = CANVAS_CENTRE};
  g_autofree char *day = clock_day (dossier->submitted_at);
  g_autofree char *hall = g_strdup_printf ("%s　%s", dossier->hall_name, day);
  g_autofree char *contents =
      g_strdup_printf ("卷内材料　%u 份 %d 页", dossier->documents->len, printing->document_pages);

  sheet_next_page (sheet, TRUE);
  canvas_box (sheet->canvas, 9.8, 9.8, 190.4, 277.4, 0.5, 0);
  canvas_box (sheet->canvas, 11.4, 11.4, 187.2, 274.2, 0.2, 0.3);
  canvas_moon (sheet->canvas, 105, 50, 25.5);
  canvas_text (sheet->canvas, &title, TITLE, 15, 80, 181.2);
  canvas_text (sheet->canvas, &subtitle, "“一站式”服务　统一建档", 15, 102, 180);
  cover_table (printing);
  if (!cover_box (printing, error))
    return FALSE;
  sheet->y += 7;
  canvas_text (sheet->canvas, &text, contents, 22, sheet->y, 80);
  canvas_text (sheet->canvas, &right, "知悉范围　经办人员　含个人信息", 100, sheet->y, 88);
  canvas_text (sheet->canvas, &middle, hall, 22, 268, 166);
  return TRUE;
}

static void
label_row (Sheet *sheet, const char *label, const char *value)
{
  const SheetTable table = {.n = 2, .widths = {38, 134}, .first_is_label = TRUE};
  const char *cells[] = {label, or_else (value, "—")};

  sheet_table_row (sheet, &table, cells);
}

static void
lay_out_case (Printing *printing)
{
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;
  g_autofree char *name = person_mask_name (dossier->applicant);
  g_autofree char *paper = masked_paper (dossier);
  g_autofree char *category = category_words (dossier);
  g_autofree char *submitted = local_time (dossier->submitted_at, "—");
  g_autofree char *received = local_time (dossier->received_at, "尚未收件");
  g_autofree char *printed = local_time (dossier->printed_at, "—");

  sheet_next_page (sheet, FALSE);
  sheet_heading (sheet, 1, "案件信息");
  label_row (sheet, "件号", dossier->number);
  label_row (sheet, "档案号", or_else (dossier->talent_file, "认定后编号"));
  label_row (sheet, "办理事项", dossier->service_name);
  label_row (sheet, "申请人", name);
  label_row (sheet, "证件", paper);
  if (dossier->on_behalf != NULL)
    label_row (sheet, "代为提交", dossier->on_behalf);
  label_row (sheet, "身份核验", or_else (dossier->identity_line, "身份：未核"));
  label_row (sheet, "申报类别", category);
  label_row (sheet, "提交时间", submitted);
  label_row (sheet, "收件时间", received);
  label_row (sheet, "当前状态", dossier->state);
  label_row (sheet, "承诺时限", or_else (dossier->limit_line, "以窗口答复为准"));
  label_row (sheet, "大厅", dossier->hall_name);
  label_row (sheet, "承办部门", or_else (dossier->department, "待定"));
  if (dossier->guide != NULL)
    label_row (sheet, "指南版本", dossier->guide);
  label_row (sheet, "本次打印", printed);
}

static void
lay_out_answers (Printing *printing)
{
  Sheet *sheet = &printing->sheet;
  const char *section = NULL;

  sheet_heading (sheet, 2, "申请表");
  if (printing->dossier->fields->len == 0)
    sheet_paragraph (sheet, "没有填写内容。");
  for (guint i = 0; i < printing->dossier->fields->len; i++) {
    const DossierField *field = printing->dossier->fields->pdata[i];
    if (field->section != NULL && g_strcmp0 (field->section, section) != 0) {
      const SheetTable head = {.n = 1, .widths = {SHEET_INNER}, .first_is_label = TRUE};
      const char *cells[] = {field->section};
      section = field->section;
      sheet_need (sheet, 24);
      sheet_table_row (sheet, &head, cells);
    }
    label_row (sheet, field->label, field->value);
  }
}

static void
lay_out_consents (Printing *printing)
{
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;
  const CanvasText small = {.size = 3.1, .grey = 0.25};

  sheet_heading (sheet, 3, "告知、同意与签名");
  for (guint i = 0; i < dossier->consents->len; i++)
    sheet_paragraph (sheet, dossier->consents->pdata[i]);
  if (dossier->consents->len == 0)
    sheet_paragraph (sheet, "没有同意记录。");
  for (guint i = 0; i < dossier->documents->len; i++) {
    const DossierDocument *document = dossier->documents->pdata[i];
    DocumentPaper *paper = printing->papers->pdata[i];
    if (!is_signature (document))
      continue;
    sheet_need (sheet, 44);
    printing->first_page[i] = sheet->page;
    canvas_box (sheet->canvas, SHEET_LEFT, sheet->y + 2, 84, 34, 0.2, 0.45);
    if (document_paper_problem (paper) == NULL)
      document_paper_draw (paper, 0, sheet->canvas, SHEET_LEFT + 3, sheet->y + 4, 78, 30);
    else
      canvas_text (sheet->canvas, &small, document_paper_problem (paper), SHEET_LEFT + 3,
                   sheet->y + 4, 78);
    canvas_text (sheet->canvas, &small, "手写签名图像（未经电子认证）", SHEET_LEFT, sheet->y + 37,
                 84);
    sheet->y += 44;
  }
}

static void
lay_out_events (Printing *printing)
{
  const SheetTable table = {
      .n = 4, .widths = {40, 42, 38, 52}, .heads = {"时间", "环节", "经办", "说明"}};
  Sheet *sheet = &printing->sheet;

  sheet_heading (sheet, 4, "办理流转记录");
  sheet_table_head (sheet, &table);
  for (guint i = 0; i < printing->dossier->events->len; i++) {
    const DossierEvent *event = printing->dossier->events->pdata[i];
    g_autofree char *at = clock_local (event->at);
    const char *cells[] = {at, event->step, event->who, event->note};
    sheet_table_row (sheet, &table, cells);
  }
}

static char *
page_range (const Printing *printing, guint i)
{
  const DocumentPaper *paper = printing->papers->pdata[i];
  int first = printing->first_page[i], n = document_paper_pages (paper);

  if (n == 1)
    return g_strdup_printf ("%d", first);
  return g_strdup_printf ("%d–%d", first, first + n - 1);
}

static void
lay_out_index (Printing *printing)
{
  const SheetTable table = {
      .n = 5, .widths = {12, 64, 50, 18, 28}, .heads = {"序", "材料", "文件", "页码", "来源"}};
  const Dossier *dossier = printing->dossier;
  Sheet *sheet = &printing->sheet;

  sheet_heading (sheet, 5, "材料目录");
  sheet_table_head (sheet, &table);
  for (guint i = 0; i < dossier->documents->len; i++) {
    const DossierDocument *document = dossier->documents->pdata[i];
    const char *problem = document_paper_problem (printing->papers->pdata[i]);
    g_autofree char *order = g_strdup_printf ("%u", i + 1);
    g_autofree char *pages = page_range (printing, i);
    g_autofree char *file = g_strdup_printf (
        "%s%s%s", or_else (document->file_name, ""),
        document->file_name != NULL && problem != NULL ? "\n" : "", or_else (problem, ""));
    const char *cells[] = {order, or_else (document->name, document->slot), or_else (file, "—"),
                           pages, or_else (document->source, "—")};
    sheet_table_row (sheet, &table, cells);
  }
  for (guint i = 0; i < dossier->missing->len; i++) {
    const char *cells[] = {"—", dossier->missing->pdata[i], "未提交", "—", "—"};
    sheet_table_row (sheet, &table, cells);
  }
}

/* One page of a document: two lines of what it is, and the picture. */
static void
lay_out_page (Printing *printing, guint i, int index)
{
  const DossierDocument *document = printing->dossier->documents->pdata[i];
  DocumentPaper *paper = printing->papers->pdata[i];
  Sheet *sheet = &printing->sheet;
  const CanvasText bold = {.size = 3.9, .bold = TRUE, .max_lines = 1};
  const CanvasText right = {.size = 3.5, .align = CANVAS_RIGHT};
  const CanvasText small = {.size = 2.8, .grey = 0.3, .max_lines = 1};
  g_autofree char *name =
      g_strdup_printf ("材料 %u　%s", i + 1, or_else (document->name, document->slot));
  g_autofree char *place =
      g_strdup_printf ("本件第 %d 页，共 %d 页", index + 1, document_paper_pages (paper));
  g_autofree char *hash =
      document->sha256 != NULL ? g_strdup_printf ("SHA-256 %s", document->sha256) : NULL;

  sheet_next_page (sheet, FALSE);
  canvas_text (sheet->canvas, &bold, name, SHEET_LEFT, 29.5, 120);
  canvas_text (sheet->canvas, &right, place, SHEET_LEFT + 120, 29.7, SHEET_INNER - 120);
  if (hash != NULL)
    canvas_text_fit (sheet->canvas, &small, hash, SHEET_LEFT, 35.8, SHEET_INNER, 2);
  document_paper_draw (paper, index, sheet->canvas, SHEET_LEFT, 42, SHEET_INNER, SHEET_BOTTOM - 42);
}

static gboolean
lay_out (Printing *printing, GError **error)
{
  const Dossier *dossier = printing->dossier;

  printing->sheet.page = 0;
  if (!lay_out_cover (printing, error))
    return FALSE;
  lay_out_case (printing);
  lay_out_answers (printing);
  lay_out_consents (printing);
  lay_out_events (printing);
  lay_out_index (printing);
  for (guint i = 0; i < dossier->documents->len; i++) {
    if (is_signature (dossier->documents->pdata[i]))
      continue;
    printing->first_page[i] = printing->sheet.page + 1;
    for (int k = 0; k < document_paper_pages (printing->papers->pdata[i]); k++)
      lay_out_page (printing, i, k);
  }
  sheet_finish (&printing->sheet);
  return TRUE;
}

static gboolean
open_documents (Printing *printing, GError **error)
{
  for (guint i = 0; i < printing->dossier->documents->len; i++) {
    DocumentPaper *paper = document_paper_new (printing->dossier->documents->pdata[i]);
    g_ptr_array_add (printing->papers, paper);
    printing->document_pages += document_paper_pages (paper);
  }
  if (printing->document_pages > DOSSIER_PAPER_MAX_PAGES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "the dossier has over %d pages",
                 DOSSIER_PAPER_MAX_PAGES);
    return FALSE;
  }
  return TRUE;
}

/* Measures, then draws. */
static GBytes *
print (Printing *printing, int *ret_pages, GError **error)
{
  const Dossier *dossier = printing->dossier;
  g_autoptr (Canvas) measuring = canvas_new_measuring (SHEET_WIDTH);
  g_autoptr (Canvas) canvas = NULL;
  g_autofree char *title = g_strdup_printf ("%s %s", TITLE, dossier->number);
  GBytes *bytes;

  printing->sheet.canvas = measuring;
  if (!open_documents (printing, error) || !lay_out (printing, error))
    return NULL;
  printing->sheet.pages = printing->sheet.page;
  canvas = canvas_new (SHEET_WIDTH, SHEET_HEIGHT, title, dossier->printed_at);
  printing->sheet.canvas = canvas;
  if (!lay_out (printing, error))
    return NULL;
  bytes = canvas_finish (canvas, error);
  if (bytes != NULL && ret_pages != NULL)
    *ret_pages = printing->sheet.pages;
  return bytes;
}

GBytes *
dossier_paper_render (const Dossier *dossier, int *ret_pages, GError **error)
{
  g_autoptr (GPtrArray) papers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)document_paper_free);
  g_autofree int *first_page = g_new0 (int, dossier->documents->len + 1);
  g_autofree char *printed = local_time (dossier->printed_at, "");
  g_autofree char *foot = g_strdup_printf ("打印　%s　%s　%s", or_else (dossier->printed_by, "—"),
                                           or_else (dossier->printed_on, ""), printed);
  g_autofree char *stamp = g_strdup_printf ("%s　%s", or_else (dossier->printed_by, "—"), printed);
  Printing printing = {.dossier = dossier,
                       .papers = papers,
                       .first_page = first_page,
                       .sheet = {.title = TITLE,
                                 .number = dossier->number,
                                 .foot = foot,
                                 .stamp = stamp,
                                 .training = dossier->training}};

  if (!dossier_check (dossier, error))
    return NULL;
  return print (&printing, ret_pages, error);
}
