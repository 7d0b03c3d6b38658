/* guide-paper.c: the elements that a service guide must carry, in their usual order. */
#include "paper/guide-paper.h"

#include <string.h>

#include "paper/bilingual.h"
#include "paper/sheet.h"

#define TITLE "办事指南（一次性告知）"
#define MARK "※"

typedef struct {
  const GuidePaper *paper;
  Sheet sheet;
  int heading;
} Printing;

/* ---- words ---- */

/* A GString holds the lines of a cell. */

static void
add_line (GString *lines, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (lines->len > 0)
    g_string_append_c (lines, '\n');
  g_string_append (lines, text);
}

static void
add_text (const Printing *printing, GString *lines, const GuideText *text)
{
  g_autofree char *words = bilingual_text (text, printing->paper->english);
  add_line (lines, words);
}

static void
add_label (const Printing *printing, GString *lines, const char *zh, const char *en)
{
  g_autofree char *words = bilingual_label (zh, en, printing->paper->english);
  add_line (lines, words);
}

static void
add_unstated (const Printing *printing, GString *lines)
{
  add_label (printing, lines, guide_unconfirmed_text ("zh_CN"), guide_unconfirmed_text ("en"));
}

static void
row (Printing *printing, const char *zh, const char *en, GString *value, gboolean unconfirmed)
{
  const SheetTable table = {.n = 2, .widths = {38, 134}, .first_is_label = TRUE};
  g_autofree char *label = bilingual_label (zh, en, printing->paper->english);

  if (value->len == 0)
    add_unstated (printing, value);
  else if (unconfirmed)
    g_string_append (value, " " MARK);
  const char *cells[] = {label, value->str};
  sheet_table_row (&printing->sheet, &table, cells);
}

static void
heading (Printing *printing, const char *zh, const char *en)
{
  g_autofree char *words =
      printing->paper->english ? g_strdup_printf ("%s　%s", zh, en) : g_strdup (zh);
  sheet_heading (&printing->sheet, ++printing->heading, words);
}

/* "《办法》 苏人才〔2018〕3号 第二条（现行有效情况待确认）". Owned. */
static char *
basis_line (const GuideBasis *basis, const char *language)
{
  const char *title = guide_text (basis->title, language, NULL);
  g_autofree char *place =
      g_strjoin (" ", title != NULL ? title : "", basis->number != NULL ? basis->number : "",
                 basis->article != NULL ? basis->article : "", NULL);
  gboolean english = g_str_equal (language, "en");

  g_strstrip (place);
  if (basis->status == GUIDE_STATUS_IN_FORCE)
    return g_steal_pointer (&place);
  return g_strconcat (place, english ? " (" : "（",
                      guide_basis_status_text (basis->status, language), english ? ")" : "）",
                      NULL);
}

static char *
basis_words (const Printing *printing, const GuideBasis *basis)
{
  g_autofree char *zh = basis_line (basis, "zh_CN"), *en = basis_line (basis, "en");
  return bilingual_label (zh, en, printing->paper->english);
}

/* ---- the item ---- */

static void
lay_out_who (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  const GuideDepartment *department =
      service->department != NULL ? guide_department (printing->paper->guide, service->department)
                                  : NULL;
  g_autoptr (GString) office = g_string_new (NULL), applicants = g_string_new (NULL),
                      summary = g_string_new (NULL), limits = g_string_new (NULL);

  add_text (printing, summary, service->summary);
  if (service->scope != NULL)
    add_text (printing, summary, service->scope);
  if (service->not_accepted != NULL)
    add_text (printing, summary, service->not_accepted);
  if (summary->len > 0)
    row (printing, "事项说明", "What it is", summary, FALSE);
  if (department != NULL)
    add_text (printing, office, department->name);
  row (printing, "实施机构", "Decided by", office, FALSE);
  if (service->for_talent)
    add_label (printing, applicants, "人才本人", "The talent");
  if (service->for_employer)
    add_label (printing, applicants, "用人单位", "The employer");
  if (service->for_agent)
    add_label (printing, applicants, "受委托的代办人（带授权委托书）", "An agent with a mandate");
  row (printing, "谁可申请", "Who may apply", applicants, FALSE);
  if (service->formal_application != NULL) {
    add_text (printing, limits, service->formal_application);
    row (printing, "正式申请", "Formal application", limits, FALSE);
  }
}

static void
add_limit_row (Printing *printing, const GuideLimit *limit)
{
  static const char *const kinds[][2] = {[GUIDE_LIMIT_STATUTORY] = {"法定时限", "Limit by law"},
                                         [GUIDE_LIMIT_PROMISED] = {"承诺时限", "Promised limit"},
                                         [GUIDE_LIMIT_INTAKE] = {"申请期限", "When to apply"},
                                         [GUIDE_LIMIT_PUBLICITY] = {"公示", "Publication"}};
  g_autofree char *zh = guide_limit_text (limit, "zh_CN"), *en = guide_limit_text (limit, "en");
  g_autoptr (GString) lines = g_string_new (NULL);

  if (!limit->unknown)
    add_label (printing, lines, zh, en);
  add_text (printing, lines, limit->text);
  if (limit->basis != NULL) {
    g_autofree char *basis = basis_words (printing, limit->basis);
    add_line (lines, basis);
  }
  row (printing, kinds[limit->kind][0], kinds[limit->kind][1], lines,
       limit->unconfirmed || limit->unknown);
}

static void
lay_out_fees (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) lines = g_string_new (NULL);

  if (service->fees_stated && !service->charged)
    add_label (printing, lines, "不收费", "No fee");
  for (guint i = 0; service->fees_stated && i < service->fees->len; i++) {
    const GuideFee *fee = service->fees->pdata[i];
    const char *name_zh = guide_text (fee->name, "zh_CN", NULL),
               *name_en = guide_text (fee->name, "en", NULL);
    g_autofree char *zh =
        g_strdup_printf ("%s　%s 元", name_zh != NULL ? name_zh : "收费", fee->amount);
    g_autofree char *en =
        g_strdup_printf ("%s: %s yuan", name_en != NULL ? name_en : "Fee", fee->amount);
    add_label (printing, lines, zh, en);
    if (fee->basis != NULL) {
      g_autofree char *basis = basis_words (printing, fee->basis);
      add_line (lines, basis);
    }
  }
  row (printing, "收费", "Fee", lines, service->fees_unconfirmed);
}

static void
lay_out_results (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) lines = g_string_new (NULL);
  gboolean unconfirmed = FALSE;

  for (guint i = 0; i < service->results->len; i++) {
    const GuideResult *result = service->results->pdata[i];
    add_text (printing, lines, result->name);
    unconfirmed |= result->unconfirmed;
  }
  row (printing, "办理结果", "Result", lines, unconfirmed);
}

/* Services that come first, or that it goes not together with. */
static void
add_services_row (Printing *printing, const char *zh, const char *en, const char *const *ids)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (; *ids != NULL; ids++) {
    const GuideService *other = guide_service (printing->paper->guide, *ids);
    if (other != NULL)
      add_text (printing, names, other->name);
  }
  if (names->len > 0)
    row (printing, zh, en, names, FALSE);
}

static void
lay_out_conditions (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) choice = g_string_new (NULL);

  add_services_row (printing, "先办", "What comes first", service->requires);
  add_services_row (printing, "不能同时办", "Not together with", service->excludes);
  add_text (printing, choice, service->choose_one);
  if (choice->len > 0)
    row (printing, "只能选一项", "Choose one", choice, FALSE);
}

static void
lay_out_item (Printing *printing)
{
  const GuideService *service = printing->paper->service;

  heading (printing, "基本信息", "The service");
  lay_out_who (printing);
  lay_out_conditions (printing);
  for (guint i = 0; i < service->limits->len; i++)
    add_limit_row (printing, service->limits->pdata[i]);
  lay_out_fees (printing);
  lay_out_results (printing);
}

/* ---- materials and steps ---- */

static void
add_forms (const Printing *printing, GString *lines, const GuideMaterial *material)
{
  static const struct {
    guint form;
    const char *zh, *en;
  } forms[] = {{GUIDE_FORM_ORIGINAL_SHOWN, "原件（核验后退回）", "original, shown"},
               {GUIDE_FORM_ORIGINAL, "原件", "original"},
               {GUIDE_FORM_COPY, "复印件", "copy"},
               {GUIDE_FORM_COPY_STAMPED, "加盖公章的复印件", "stamped copy"},
               {GUIDE_FORM_E_DOC, "电子件", "electronic"},
               {GUIDE_FORM_E_LICENCE, "电子证照", "electronic licence"},
               {GUIDE_FORM_SHARED_DATA, "数据共享，免交", "shared data, not needed"}};
  g_autoptr (GString) zh = g_string_new (NULL), en = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++) {
    if (!(material->forms & forms[i].form))
      continue;
    g_string_append_printf (zh, "%s%s", zh->len > 0 ? "、" : "", forms[i].zh);
    g_string_append_printf (en, "%s%s", en->len > 0 ? ", " : "", forms[i].en);
  }
  add_label (printing, lines, zh->str, en->str);
}

static void
add_conditions (const Printing *printing, GString *lines, const GuideMaterial *material)
{
  if (material->required == GUIDE_REQUIRED_OPTIONAL)
    add_label (printing, lines, "有则提供", "If you have it");
  if (material->required == GUIDE_REQUIRED_EXEMPT)
    add_label (printing, lines, "免交", "Not needed");
  add_text (printing, lines, material->when_text);
  add_text (printing, lines, material->issuer);
  add_text (printing, lines, material->notes);
  if (material->valid_days > 0) {
    g_autofree char *zh = g_strdup_printf ("%u 日内出具", material->valid_days),
                    *en = g_strdup_printf ("Issued within %u days", material->valid_days);
    add_label (printing, lines, zh, en);
  }
  if (material->translation)
    add_label (printing, lines, "外文的附中文译本", "With a Chinese translation");
  if (material->authentication)
    add_label (printing, lines, "境外形成的须认证", "Authenticated, if made abroad");
  if (material->deferrable_days > 0) {
    g_autofree char *zh = g_strdup_printf ("可容缺，%u 日内补齐", material->deferrable_days),
                    *en = g_strdup_printf ("May follow within %u days", material->deferrable_days);
    add_label (printing, lines, zh, en);
  }
  if (material->declaration)
    add_label (printing, lines, "可用告知承诺代替", "A declaration may replace it");
}

static void
lay_out_materials (Printing *printing)
{
  const GuidePaper *paper = printing->paper;
  g_autofree char *name = bilingual_label ("材料", "Document", paper->english),
                  *form = bilingual_label ("形式", "Form", paper->english),
                  *more = bilingual_label ("要求", "What is asked", paper->english);
  const SheetTable table = {.n = 4, .widths = {10, 58, 38, 66}, .heads = {"", name, form, more}};

  heading (printing, "带什么材料", "What to bring");
  if (paper->service->materials->len == 0) {
    g_autoptr (GString) lines = g_string_new (NULL);
    add_unstated (printing, lines);
    sheet_paragraph (&printing->sheet, lines->str);
    return;
  }
  sheet_table_head (&printing->sheet, &table);
  for (guint i = 0; i < paper->service->materials->len; i++) {
    const GuideMaterial *material = paper->service->materials->pdata[i];
    g_autofree char *order = g_strdup_printf ("%u", i + 1);
    g_autoptr (GString) title = g_string_new (NULL), forms = g_string_new (NULL),
                        asked = g_string_new (NULL);
    add_text (printing, title, material->name);
    if (material->unconfirmed)
      g_string_append (title, " " MARK);
    add_forms (printing, forms, material);
    add_conditions (printing, asked, material);
    const char *cells[] = {order, title->str, forms->str, asked->len > 0 ? asked->str : "—"};
    sheet_table_row (&printing->sheet, &table, cells);
  }
}

static void
add_by (const Printing *printing, GString *lines, const GuideStep *step)
{
  const GuideDepartment *department =
      step->by != NULL ? guide_department (printing->paper->guide, step->by) : NULL;

  if (g_strcmp0 (step->by, "applicant") == 0)
    add_label (printing, lines, "申请人", "You");
  else if (g_strcmp0 (step->by, "employer") == 0)
    add_label (printing, lines, "用人单位", "Your employer");
  else if (department != NULL)
    add_text (printing, lines, department->name);
}

static void
add_step_limit (const Printing *printing, GString *lines, const GuideStep *step)
{
  if (step->limit != NULL && !step->limit->unknown) {
    g_autofree char *zh = guide_limit_text (step->limit, "zh_CN"),
                    *en = guide_limit_text (step->limit, "en");
    add_label (printing, lines, zh, en);
    add_text (printing, lines, step->limit->text);
  }
  if (!step->counts)
    add_label (printing, lines, "不计入时限", "Not counted");
}

static void
lay_out_steps (Printing *printing)
{
  const GuidePaper *paper = printing->paper;
  g_autofree char *name = bilingual_label ("环节", "Step", paper->english),
                  *by = bilingual_label ("谁办", "By", paper->english),
                  *limit = bilingual_label ("时限", "Limit", paper->english),
                  *what = bilingual_label ("办什么", "What happens", paper->english);
  const SheetTable table = {
      .n = 5, .widths = {10, 32, 38, 36, 56}, .heads = {"", name, by, limit, what}};

  if (paper->service->steps->len == 0)
    return;
  heading (printing, "怎么办", "How it goes");
  sheet_table_head (&printing->sheet, &table);
  for (guint i = 0; i < paper->service->steps->len; i++) {
    const GuideStep *step = paper->service->steps->pdata[i];
    g_autofree char *order = g_strdup_printf ("%u", i + 1);
    g_autoptr (GString) title = g_string_new (NULL), who = g_string_new (NULL),
                        limits = g_string_new (NULL), standard = g_string_new (NULL);
    add_text (printing, title, step->name);
    if (step->unconfirmed)
      g_string_append (title, " " MARK);
    add_by (printing, who, step);
    add_step_limit (printing, limits, step);
    add_text (printing, standard, step->standard);
    const char *cells[] = {order, title->str, who->len > 0 ? who->str : "—",
                           limits->len > 0 ? limits->str : "—",
                           standard->len > 0 ? standard->str : "—"};
    sheet_table_row (&printing->sheet, &table, cells);
  }
}

/* ---- where, whom, rights, basis ---- */

static void
add_channel (const Printing *printing, GString *lines, const GuideChannel *channel)
{
  add_text (printing, lines, channel->where);
  add_text (printing, lines, channel->hours);
  add_text (printing, lines, channel->traffic);
  add_line (lines, channel->url);
}

static void
lay_out_where (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) channels = g_string_new (NULL), people = g_string_new (NULL);
  gboolean unconfirmed = FALSE;

  heading (printing, "到哪办、找谁", "Where, and whom to ask");
  for (guint i = 0; i < service->channels->len; i++) {
    add_channel (printing, channels, service->channels->pdata[i]);
    unconfirmed |= ((GuideChannel *)service->channels->pdata[i])->unconfirmed;
  }
  row (printing, "办理渠道", "Where", channels, unconfirmed);
  for (guint i = 0; i < service->contacts->len; i++) {
    const GuideContact *contact = service->contacts->pdata[i];
    g_autofree char *line = g_strdup_printf (
        "%s%s　%s　%s", contact->role, strlen (contact->role) == 1 ? " 岗" : "",
        contact->name != NULL ? contact->name : "", contact->tel != NULL ? contact->tel : "");
    if (contact->name != NULL || contact->tel != NULL)
      add_line (people, line);
  }
  if (people->len == 0)
    add_label (printing, people, "服务专员尚未备案，请到人才专窗询问",
               "No specialist has been filed yet. Ask at the talent window.");
  row (printing, "服务专员", "Specialists", people, FALSE);
}

static void
lay_out_complaints (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; i < service->complaints->len; i++) {
    const GuideComplaint *complaint = service->complaints->pdata[i];
    add_text (printing, lines, complaint->place);
    add_line (lines, complaint->tel);
    add_line (lines, complaint->url);
  }
  row (printing, "投诉渠道", "To complain", lines,
       guide_service_unconfirmed (service, "/complaints"));
}

static void
lay_out_rights (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  g_autoptr (GString) rights = g_string_new (NULL), remedies = g_string_new (NULL),
                      basis = g_string_new (NULL);

  heading (printing, "权利、救济和依据", "Rights, remedies, basis");
  add_text (printing, rights, service->rights);
  row (printing, "您的权利", "Your rights", rights, guide_service_unconfirmed (service, "/rights"));
  add_text (printing, remedies, service->remedies);
  row (printing, "异议和救济", "If you do not agree", remedies,
       guide_service_unconfirmed (service, "/remedies"));
  lay_out_complaints (printing);
  for (guint i = 0; i < service->basis->len; i++) {
    g_autofree char *words = basis_words (printing, service->basis->pdata[i]);
    add_line (basis, words);
  }
  row (printing, "依据", "Basis", basis, FALSE);
}

static void
lay_out_questions (Printing *printing)
{
  const GuideService *service = printing->paper->service;

  if (service->faq->len == 0)
    return;
  heading (printing, "常见问题", "Often asked");
  for (guint i = 0; i < service->faq->len; i++) {
    const GuideFaq *pair = service->faq->pdata[i];
    g_autoptr (GString) answer = g_string_new (NULL);
    add_text (printing, answer, pair->answer);
    row (printing, guide_text (pair->question, "zh_CN", NULL),
         guide_text (pair->question, "en", NULL), answer, FALSE);
  }
}

/* Title of a source by its id, as the document lists it. */
static const char *
source_title (const Guide *guide, const char *id)
{
  const json_t *sources =
      json_object_get (json_object_get (guide_peek_json (guide), "catalog"), "sources");
  size_t i;
  json_t *source;

  json_array_foreach (sources, i, source)
    if (g_strcmp0 (json_string_value (json_object_get (source, "id")), id) == 0)
      return json_string_value (json_object_get (source, "title"));
  return NULL;
}

static void
lay_out_sources (Printing *printing)
{
  const GuidePaper *paper = printing->paper;
  g_autoptr (GPtrArray) said = g_ptr_array_new ();
  g_autoptr (GString) lines = g_string_new (NULL);
  size_t i;
  json_t *source;

  json_array_foreach (json_object_get (paper->service->json, "sources"), i, source) {
    const char *title =
        source_title (paper->guide, json_string_value (json_object_get (source, "source")));
    if (title == NULL || g_ptr_array_find (said, title, NULL))
      continue;
    g_ptr_array_add (said, (gpointer)title);
    add_line (lines, title);
  }
  if (lines->len > 0)
    row (printing, "资料来源", "Sources", lines, FALSE);
}

static void
lay_out_title (Printing *printing)
{
  const GuideService *service = printing->paper->service;
  const CanvasText title = {.font = CANVAS_SERIF, .bold = TRUE, .size = 10};
  const CanvasText second = {.size = 5.2, .grey = 0.2};
  g_autofree char *name_en = bilingual_english (guide_text (service->name, "en", NULL));
  Sheet *sheet = &printing->sheet;

  sheet_next_page (sheet, FALSE);
  sheet->y += canvas_text (sheet->canvas, &title, guide_text (service->name, "zh_CN", NULL),
                           SHEET_LEFT, sheet->y, SHEET_INNER);
  if (printing->paper->english)
    sheet->y += canvas_text (sheet->canvas, &second, name_en, SHEET_LEFT, sheet->y, SHEET_INNER);
  sheet->y += 2;
}

static void
lay_out_note (Printing *printing)
{
  const char *zh =
      MARK "：以窗口答复为准，待市人才服务中心确认。本告知只供参考，不是受理或收件的凭证；"
           "内容有变化的，以最新版指南为准。";
  const char *en = MARK ": ask at the window; to be confirmed by the talent service centre. This "
                        "sheet informs. It is no receipt and no acceptance; the newest edition of "
                        "the guide counts. The Chinese text prevails.";
  g_autofree char *words = bilingual_label (zh, en, printing->paper->english);

  sheet_paragraph (&printing->sheet, words);
}

static void
lay_out (Printing *printing)
{
  printing->sheet.page = 0;
  printing->heading = 0;
  lay_out_title (printing);
  lay_out_note (printing);
  lay_out_item (printing);
  lay_out_materials (printing);
  lay_out_steps (printing);
  lay_out_where (printing);
  lay_out_rights (printing);
  lay_out_sources (printing);
  lay_out_questions (printing);
  sheet_finish (&printing->sheet);
}

GBytes *
guide_paper_render (const GuidePaper *paper, int *ret_pages, GError **error)
{
  g_autoptr (Canvas) measuring = canvas_new_measuring (SHEET_WIDTH);
  g_autoptr (Canvas) canvas = NULL;
  g_autofree char *day = g_strndup (guide_peek_published (paper->guide), 10);
  g_autofree char *edition =
      g_strdup_printf ("指南第 %u 版（%s）", guide_version (paper->guide), day);
  g_autofree char *foot = sheet_foot (paper->hall_name, paper->device, paper->at);
  Printing printing = {.paper = paper,
                       .sheet = {.title = TITLE,
                                 .number = edition,
                                 .foot = foot,
                                 .training = paper->training,
                                 .canvas = measuring}};
  GBytes *bytes;

  lay_out (&printing);
  printing.sheet.pages = printing.sheet.page;
  canvas = canvas_new (SHEET_WIDTH, SHEET_HEIGHT, TITLE, paper->at);
  printing.sheet.canvas = canvas;
  lay_out (&printing);
  bytes = canvas_finish (canvas, error);
  if (bytes != NULL && ret_pages != NULL)
    *ret_pages = printing.sheet.pages;
  return bytes;
}
