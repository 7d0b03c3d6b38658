/* act-form.c: the acts as forms. Refuses to say 受理 for 收件, or the reverse: the words of an act
 * come from domain/case alone. */
#include "city/console/act-form.h"

#include <string.h>

#include "base/strict-json.h"
#include "city/console/html.h"

static const char *const outcomes[] = {"granted", "准予", "refused", "不予", "ended", "终止", NULL};
static const char *const specials[] = {"hearing",    "听证",       "tender",    "招标", "auction",
                                       "拍卖",       "inspection", "检验",      "test", "检测",
                                       "quarantine", "检疫",       "appraisal", "鉴定", "expert",
                                       "专家评审",   NULL};
static const char *const ways[] = {"window",     "窗口领取", "post", "邮寄",
                                   "electronic", "电子送达", NULL};

#define REMARK                                                                                     \
  {                                                                                                \
    "remark", "备注", "Remark", ACT_FORM_TEXT, FALSE, NULL                                         \
  }
#define REASON                                                                                     \
  {                                                                                                \
    "reason", "理由", "Reason", ACT_FORM_AREA, TRUE, NULL                                          \
  }
#define BASIS                                                                                      \
  {                                                                                                \
    "basis", "依据", "Basis", ACT_FORM_TEXT, TRUE, NULL                                            \
  }
#define REMEDIES                                                                                   \
  {                                                                                                \
    "remedies", "救济途径", "Remedies", ACT_FORM_TEXT, TRUE, NULL                                  \
  }
#define ITEMS                                                                                      \
  {                                                                                                \
    "items", "需要补的材料（一次列全）", "Papers needed", ACT_FORM_AREA, TRUE, NULL                \
  }
#define UNTIL                                                                                      \
  {                                                                                                \
    "until", "补齐期限", "Until", ACT_FORM_DAY, TRUE, NULL                                         \
  }
#define OUTCOME                                                                                    \
  {                                                                                                \
    "outcome", "结果", "Outcome", ACT_FORM_CHOICE, TRUE, outcomes                                  \
  }

/* clang-format off */
#define DECISION                                                                                   \
  {OUTCOME,                                                                                        \
   {"reason", "理由（不予时必填）", "Reason", ACT_FORM_TEXT, FALSE, NULL},                         \
   {"basis", "依据（不予时必填）", "Basis", ACT_FORM_TEXT, FALSE, NULL},                           \
   {"remedies", "救济途径（不予时必填）", "Remedies", ACT_FORM_TEXT, FALSE, NULL},                 \
   {"external_ref", "外部系统与编号（预审必填）", "External reference", ACT_FORM_TEXT, FALSE, NULL}}
/* clang-format on */

static const ActForm forms[] = {
    {CASE_ACTION_RECEIVE,
     "确认材料已在中心。收件之日为提交当日，承诺时限由此起算；收件不等于受理。",
     {REMARK}},
    {CASE_ACTION_HAND_OVER,
     "中心代收并转交承办部门；由该部门决定是否受理。",
     {{"department", "承办部门", "Department", ACT_FORM_DEPARTMENT, TRUE, NULL}, REMARK}},
    {CASE_ACTION_ACCEPT, "有权机关决定受理，法定时限由今日起算。机器从不受理。", {REMARK}},
    {CASE_ACTION_REQUEST_SUPPLEMENT_ONCE,
     "受理前补正：只此一次，一次列全，由您署名。",
     {ITEMS, UNTIL, REMARK}},
    {CASE_ACTION_REFUSE_ACCEPTANCE,
     "出具不予受理通知书：理由、依据、救济途径缺一不可。",
     {REASON, BASIS, REMEDIES}},
    {CASE_ACTION_RETURN_WRONG_DEPARTMENT, "不属本部门：退回中心，时限照常走。", {REASON}},
    {CASE_ACTION_TRANSFER_HALL,
     "按属地转另一大厅，时限不重起。",
     {{"hall", "大厅代码", "Hall", ACT_FORM_TEXT, TRUE, NULL}, REMARK}},
    {CASE_ACTION_DECIDE_ON_SPOT, "当场办结。预审类事项只能“终止”，并注明转往的系统与编号。",
     DECISION},
    {CASE_ACTION_CLAIM, "由您经办。", {REMARK}},
    {CASE_ACTION_HAND_TO_B, "转 B 岗经办，或转回；时限照常走。", {REMARK}},
    {CASE_ACTION_ASK_FURTHER_PAPERS,
     "受理后补充材料：只停承诺时限，须注明依据。",
     {ITEMS, BASIS, UNTIL}},
    {CASE_ACTION_START_SPECIAL,
     "只限行政许可法第四十五条所列各项；书面告知所需时间。",
     {{"step", "程序", "Step", ACT_FORM_CHOICE, TRUE, specials}, BASIS, REMARK}},
    {CASE_ACTION_END_SPECIAL, "程序已毕，时限续走。", {REMARK}},
    {CASE_ACTION_EXTEND,
     "延长一次，至多 10 个工作日，须告知理由。",
     {{"days", "工作日", "Working days", ACT_FORM_NUMBER, TRUE, NULL}, REASON}},
    {CASE_ACTION_DECIDE, "办结：准予、不予或终止。", DECISION},
    {CASE_ACTION_DELIVER,
     "结果已交申请人。",
     {{"how", "方式", "How", ACT_FORM_CHOICE, TRUE, ways}, REMARK}},
    {CASE_ACTION_CORRECT, "更正文字差错，出新的结果文书。", {REASON}},
    {CASE_ACTION_REOPEN, "复核后重新办理，时限重起。", {REASON}},
};

const ActForm *
act_form_find (CaseAction action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    if (forms[i].action == action)
      return &forms[i];
  return NULL;
}

gsize
act_form_offers (const CaseFold *fold, CaseActor actor, const ActForm **ret_forms, gsize max)
{
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (forms) && n < max; i++)
    if (case_fold_allows (fold, forms[i].action, actor, NULL))
      ret_forms[n++] = &forms[i];
  return n;
}

json_t *
act_form_body (const ActForm *form, GHashTable *sent)
{
  json_t *body = json_object ();

  for (gsize i = 0; i < G_N_ELEMENTS (form->fields) && form->fields[i].name != NULL; i++) {
    const char *text = g_hash_table_lookup (sent, form->fields[i].name);
    g_autofree char *trimmed = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
    if (trimmed != NULL && trimmed[0] != '\0' && g_utf8_validate (trimmed, -1, NULL))
      json_object_set_new (body, form->fields[i].name, json_string (trimmed));
  }
  return body;
}

const char *
act_form_label (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (forms[i].fields) && forms[i].fields[k].name != NULL; k++)
      if (strcmp (forms[i].fields[k].name, name) == 0)
        return forms[i].fields[k].zh;
  return NULL;
}

const char *
act_form_words (const char *name, const char *value)
{
  const char *const *all = strcmp (name, "outcome") == 0 ? outcomes
                           : strcmp (name, "step") == 0  ? specials
                           : strcmp (name, "how") == 0   ? ways
                                                         : NULL;

  for (gsize i = 0; all != NULL && all[i] != NULL; i += 2)
    if (strcmp (all[i], value) == 0)
      return all[i + 1];
  return value;
}

const char *
act_form_department (const City *city, const char *id)
{
  const GuideDepartment *department =
      city->guide != NULL && id != NULL ? guide_department (city->guide, id) : NULL;
  return department != NULL ? guide_text (department->name, "zh_CN", NULL) : (id != NULL ? id : "");
}

static void
add_departments (GString *page, City *city, const CaseRow *row, const char *chosen)
{
  const GuideService *service = guide_service (city->guide, row->service);
  const char *first = chosen != NULL ? chosen : service != NULL ? service->department : NULL;
  const GPtrArray *all = guide_departments (city->guide);

  html_add (page, "<select name=department required><option value=\"\">请选择</option>");
  for (guint i = 0; i < all->len; i++) {
    const GuideDepartment *d = g_ptr_array_index (all, i);
    html_add (page, "<option value=\"%s\"%s>%s</option>", d->id,
              g_strcmp0 (first, d->id) == 0 ? " selected" : "",
              guide_text (d->name, "zh_CN", NULL));
  }
  html_add (page, "</select>");
}

static void
add_control (GString *page, City *city, const CaseRow *row, const ActFormField *field,
             const char *sent)
{
  const char *required = field->required ? " required" : "";

  switch (field->kind) {
  case ACT_FORM_AREA:
    html_add (page, "<textarea name=\"%s\" rows=3 maxlength=2000%s>%s</textarea>", field->name,
              required, sent != NULL ? sent : "");
    break;
  case ACT_FORM_CHOICE:
    html_add (page, "<select name=\"%s\"%s><option value=\"\">请选择</option>", field->name,
              required);
    for (gsize i = 0; field->options[i] != NULL; i += 2)
      html_add (page, "<option value=\"%s\"%s>%s</option>", field->options[i],
                g_strcmp0 (sent, field->options[i]) == 0 ? " selected" : "", field->options[i + 1]);
    html_add (page, "</select>");
    break;
  case ACT_FORM_DEPARTMENT:
    if (city->guide != NULL) {
      add_departments (page, city, row, sent);
      break;
    }
    G_GNUC_FALLTHROUGH;
  case ACT_FORM_TEXT:
    html_add (page, "<input name=\"%s\" maxlength=500 value=\"%s\"%s>", field->name,
              sent != NULL ? sent : "", required);
    break;
  case ACT_FORM_DAY:
    html_add (page, "<input type=date name=\"%s\" value=\"%s\"%s>", field->name,
              sent != NULL ? sent : "", required);
    break;
  case ACT_FORM_NUMBER:
    html_add (page, "<input type=number min=1 max=10 name=\"%s\" value=\"%s\"%s>", field->name,
              sent != NULL ? sent : "", required);
    break;
  }
}

void
act_form_add (GString *page, City *city, const Session *session, const CaseRow *row,
              const ActForm *form, GHashTable *sent, gboolean primary)
{
  const char *word = case_action_word (form->action);
  gboolean again = sent != NULL && g_strcmp0 (g_hash_table_lookup (sent, "action"), word) == 0;

  html_add (page, "<details class=act%s><summary>%s <small lang=en>%s</small></summary>",
            primary || again ? " open" : "", case_action_zh (form->action),
            case_action_en (form->action));
  html_add (page, "<form method=post action=\"/cases/%s/act\" data-guard><p>%s</p>", row->number,
            form->says);
  html_add_token (page, session);
  html_add (page,
            "<input type=hidden name=action value=\"%s\">"
            "<input type=hidden name=version value=\"%" G_GINT64_FORMAT "\">",
            word, row->version);
  for (gsize i = 0; i < G_N_ELEMENTS (form->fields) && form->fields[i].name != NULL; i++) {
    const ActFormField *field = &form->fields[i];
    html_add (page, "<label><span>%s%s <small lang=en>%s</small></span>", field->zh,
              field->required ? "" : "（可不填）", field->en);
    add_control (page, city, row, field, again ? g_hash_table_lookup (sent, field->name) : NULL);
    html_add (page, "</label>");
  }
  html_add (page, "<button class=\"%s\" name=do value=\"%s\">%s</button></form></details>",
            primary ? "primary" : "plain", word, case_action_zh (form->action));
}
