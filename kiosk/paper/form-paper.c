/* form-paper.c: rows of label and answer, and lines to sign on. Nobody has checked it: it says so.
 */
#include "paper/form-paper.h"

#include <string.h>

#include "base/error.h"
#include "domain/form.h"
#include "domain/person.h"
#include "paper/bilingual.h"
#include "paper/sheet.h"

typedef struct {
  const FormPaper *paper;
  Sheet sheet;
  int heading;
} Printing;

static void
label_row (Printing *printing, const char *label, const char *value)
{
  const SheetTable table = {.n = 2, .widths = {54, 118}, .first_is_label = TRUE};
  const char *cells[] = {label, value};

  sheet_table_row (&printing->sheet, &table, cells);
}

static void
heading (Printing *printing, const char *words)
{
  sheet_heading (&printing->sheet, ++printing->heading, words);
}

static gboolean
is_choice (const GuideField *field)
{
  return field->type == GUIDE_FIELD_CHOICE || field->type == GUIDE_FIELD_MULTICHOICE;
}

/* "□ A　□ B": to be ticked by hand. Owned. */
static char *
boxes (const Printing *printing, const GuideField *field)
{
  GString *text = g_string_new (NULL);

  if (field->type == GUIDE_FIELD_BOOL)
    return g_string_free (
        g_string_append (text, printing->paper->english ? "□ 是 Yes　　□ 否 No" : "□ 是　　□ 否"),
        FALSE);
  for (guint i = 0; i < field->options->len; i++) {
    const GuideOption *option = field->options->pdata[i];
    g_autofree char *label = bilingual_text (option->label, FALSE);
    const char *english = guide_text (option->label, "en", NULL);
    g_string_append_printf (text, "%s□ %s", i > 0 ? "\n" : "", label);
    if (printing->paper->english && g_strcmp0 (english, label) != 0)
      g_string_append_printf (text, "  %s", english);
  }
  return g_string_free (text, FALSE);
}

/* Owned; personal where it is an answer. */
static char *
value_of (const Printing *printing, const GuideField *field)
{
  const json_t *value = printing->paper->answers != NULL
                            ? json_object_get (printing->paper->answers, field->id)
                            : NULL;

  if (value != NULL)
    return form_value_text (field, value, "zh_CN");
  if (is_choice (field) || field->type == GUIDE_FIELD_BOOL)
    return boxes (printing, field);
  return g_strdup (field->type == GUIDE_FIELD_MULTILINE ? " \n \n \n " : " \n ");
}

static gboolean
on_paper (const GuideField *field)
{
  return field->type != GUIDE_FIELD_FILE && field->type != GUIDE_FIELD_SIGNATURE;
}

static void
lay_out_section (Printing *printing, const GuideSection *section)
{
  const FormPaper *paper = printing->paper;
  const char *zh = guide_text (section->title, "zh_CN", NULL),
             *en = guide_text (section->title, "en", NULL);
  g_autofree char *title = paper->english && g_strcmp0 (zh, en) != 0
                               ? g_strdup_printf ("%s　%s", zh, en)
                               : g_strdup (zh);

  if (paper->answers != NULL && !form_section_visible (section, paper->answers))
    return;
  heading (printing, title);
  for (guint i = 0; i < section->fields->len; i++) {
    const GuideField *field = section->fields->pdata[i];
    g_autofree char *label = bilingual_text (field->label, paper->english);
    person_autotext char *value = NULL;
    if (!on_paper (field) ||
        (paper->answers != NULL && !form_visible (paper->service, field, paper->answers)))
      continue;
    value = value_of (printing, field);
    label_row (printing, label, value != NULL ? value : " ");
  }
}

static void
lay_out_title (Printing *printing, const char *zh, const char *en)
{
  const CanvasText title = {.font = CANVAS_SERIF, .bold = TRUE, .size = 9, .align = CANVAS_CENTRE};
  const CanvasText second = {.size = 4.6, .grey = 0.2, .align = CANVAS_CENTRE};
  Sheet *sheet = &printing->sheet;

  sheet_next_page (sheet, FALSE);
  sheet->y += canvas_text (sheet->canvas, &title, zh, SHEET_LEFT, sheet->y, SHEET_INNER);
  if (printing->paper->english)
    sheet->y += canvas_text (sheet->canvas, &second, en, SHEET_LEFT, sheet->y, SHEET_INNER);
  sheet->y += 2;
}

/* Two places to sign: the person, and whoever stamps. */
static void
lay_out_signing (Printing *printing, const char *left_zh, const char *left_en, const char *right_zh,
                 const char *right_en)
{
  gboolean english = printing->paper->english;
  const SheetTable table = {.n = 2, .widths = {86, 86}};
  g_autofree char *left = bilingual_label (left_zh, left_en, english),
                  *right = bilingual_label (right_zh, right_en, english);
  g_autofree char *date = bilingual_label ("　　　　年　　月　　日", "Date", english);
  g_autofree char *one = g_strdup_printf ("%s\n \n \n%s", left, date),
                  *other = g_strdup_printf ("%s\n \n \n%s", right, date);
  const char *cells[] = {one, other};

  sheet_need (&printing->sheet, 40);
  printing->sheet.y += 5;
  sheet_table_row (&printing->sheet, &table, cells);
}

static void
lay_out_form (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autofree char *zh = g_strdup_printf ("%s申请表", guide_text (service->name, "zh_CN", NULL));
  g_autofree char *name_en = bilingual_english (guide_text (service->name, "en", NULL));
  g_autofree char *en = g_strdup_printf ("Application: %s", name_en);
  g_autofree char *oath = bilingual_label (
      "本人（单位）承诺：以上内容真实、准确、完整。",
      "I declare that the above is true, accurate and complete.", printing->paper->english);
  g_autofree char *note = bilingual_label (
      "本表由自助机按服务指南生成，内容未经核对；打印不等于提交、收件或受理。主管部门另有统一表式的"
      "，以其为准。",
      "Made by the machine out of the service guide; nobody has checked it. Printing is not "
      "submitting. Where the department has a form of its own, that one counts.",
      printing->paper->english);

  lay_out_title (printing, zh, en);
  for (guint i = 0; i < service->form->len; i++)
    lay_out_section (printing, service->form->pdata[i]);
  printing->sheet.y += 4;
  sheet_paragraph (&printing->sheet, oath);
  lay_out_signing (printing, "申请人签名", "Signature of the applicant", "单位盖章",
                   "Seal of the employer");
  printing->sheet.y += 3;
  sheet_paragraph (&printing->sheet, note);
}

static void
mandate_rows (Printing *printing, const char *zh, const char *en)
{
  static const char *const rows[][2] = {
      {"姓名（名称）", "Name"}, {"证件类型和号码", "Document and number"}, {"电话", "Telephone"}};
  gboolean english = printing->paper->english;
  g_autofree char *title = english ? g_strdup_printf ("%s　%s", zh, en) : g_strdup (zh);

  heading (printing, title);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *label = bilingual_label (rows[i][0], rows[i][1], english);
    label_row (printing, label, english ? " " : " \n "); /* the label has two lines */
  }
}

static void
lay_out_mandate (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  gboolean english = printing->paper->english;
  g_autofree char *matter = bilingual_text (service->name, english);
  g_autofree char *matter_label = bilingual_label ("委托事项", "Matter", english),
                  *powers_label = bilingual_label ("委托权限", "Powers", english),
                  *time_label = bilingual_label ("委托期限", "Valid", english);
  g_autofree char *powers = bilingual_label (
      "□ 提交申请和材料　□ 补充材料\n□ 签收文书　□ 领取结果　□ 其他：",
      "□ submit application and documents  □ bring further papers  □ take in letters  □ collect "
      "the result  □ other:",
      english);
  g_autofree char *time =
      bilingual_label ("自　　　年　　月　　日　至　　　年　　月　　日", "from – to", english);
  g_autofree char *note = bilingual_label (
      "请附委托人、受托人身份证件复印件。受托人签名不能代替委托人签名。",
      "Add copies of the identity documents of both. The agent cannot sign for the principal.",
      english);

  lay_out_title (printing, "授权委托书", "Mandate");
  mandate_rows (printing, "委托人", "Principal");
  mandate_rows (printing, "受托人", "Agent");
  printing->sheet.y += 7;
  label_row (printing, matter_label, matter);
  label_row (printing, powers_label, powers);
  label_row (printing, time_label, time);
  lay_out_signing (printing, "委托人签名（盖章）", "Signature or seal of the principal",
                   "受托人签名", "Signature of the agent");
  printing->sheet.y += 3;
  sheet_paragraph (&printing->sheet, note);
}

static void
lay_out (Printing *printing, void (*content) (Printing *))
{
  printing->sheet.page = 0;
  printing->heading = 0;
  content (printing);
  sheet_finish (&printing->sheet);
}

/* Measures, then draws. */
static GBytes *
print (const FormPaper *paper, const char *title, void (*content) (Printing *), int *ret_pages,
       GError **error)
{
  g_autoptr (Canvas) measuring = canvas_new_measuring (SHEET_WIDTH);
  g_autoptr (Canvas) canvas = NULL;
  g_autofree char *foot = sheet_foot (paper->hall_name, paper->device, paper->at);
  const char *name = guide_text (paper->service->name, "zh_CN", NULL);
  Printing printing = {.paper = paper,
                       .sheet = {.title = title,
                                 .number = name,
                                 .foot = foot,
                                 .training = paper->training,
                                 .canvas = measuring}};
  GBytes *bytes;

  lay_out (&printing, content);
  printing.sheet.pages = printing.sheet.page;
  canvas = canvas_new (SHEET_WIDTH, SHEET_HEIGHT, title, paper->at);
  printing.sheet.canvas = canvas;
  lay_out (&printing, content);
  bytes = canvas_finish (canvas, error);
  if (bytes != NULL && ret_pages != NULL)
    *ret_pages = printing.sheet.pages;
  return bytes;
}

GBytes *
form_paper_render (const FormPaper *paper, int *ret_pages, GError **error)
{
  if (paper->service->form->len == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "\"%s\" has no form",
                 paper->service->id);
    return NULL;
  }
  return print (paper, paper->answers != NULL ? "自助填单" : "空白申请表", lay_out_form, ret_pages,
                error);
}

GBytes *
form_paper_render_mandate (const FormPaper *paper, int *ret_pages, GError **error)
{
  return print (paper, "授权委托书（样式）", lay_out_mandate, ret_pages, error);
}
