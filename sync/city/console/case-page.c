/* case-page.c: the page of a case and the acts on it. Refuses to open a seal before the reading is
 * on disk, and to act on a case that has moved on since the page was made. */
#include "city/console/case-page.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/case-act.h"
#include "city/case-open.h"
#include "city/console/act-form.h"
#include "city/console/file-view.h"
#include "city/console/html.h"
#include "city/console/limit-view.h"
#include "city/db/object-db.h"

#define ACTS_MAX 16

static const char *const open_reasons[] = {"收件核对", "受理审查", "办理",
                                           "补正核对", "复核",     NULL};

/* The case, if this person may see it. NULL after a reply; the same reply for a case that is not
 * there and one that is not theirs. */
static CaseRow *
find (City *city, HttpRequest *request, const Session *session, const char *number)
{
  g_autoptr (CaseRow) row = case_db_find_number (city->db, number, NULL);

  if (row != NULL && session_may_see (session, row))
    return g_steal_pointer (&row);
  html_reply_note (request, session, 404, "没有这一件", "件号不对，或不在您的办理范围内。");
  return NULL;
}

static void
add_steps (GString *page, const City *city, const CaseRow *row, const GPtrArray *events)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  gboolean on_behalf = service != NULL && service->intake_mode == GUIDE_INTAKE_ON_BEHALF;
  static const struct {
    CaseAction action;
    const char *zh, *en;
  } steps[] = {{CASE_ACTION_SUBMIT, "已提交", "Submitted"},
               {CASE_ACTION_RECEIVE, "已收件", "Received"},
               {CASE_ACTION_HAND_OVER, "已代收并转交", "Handed over"},
               {CASE_ACTION_ACCEPT, "已受理", "Accepted for processing"},
               {CASE_ACTION_DECIDE, "已办结", "Closed"}};

  html_add (page, "<ol class=steps>");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    gint64 at = 0;
    for (guint k = 0; k < events->len; k++) {
      const CaseEvent *event = g_ptr_array_index (events, k);
      CaseAction action;
      if (case_action_parse (event->type, &action) &&
          (action == steps[i].action ||
           (steps[i].action == CASE_ACTION_ACCEPT && action == CASE_ACTION_DEEM_ACCEPTED) ||
           (steps[i].action == CASE_ACTION_DECIDE && action == CASE_ACTION_DECIDE_ON_SPOT)))
        at = event->at;
    }
    g_autofree char *when = at > 0 ? clock_local (at) : g_strdup ("");
    /* Not every case is handed over: the step shows where it belongs, or was taken. */
    if (at == 0 && steps[i].action == CASE_ACTION_HAND_OVER && !on_behalf)
      continue;
    html_add (page, "<li class=%s><b>%s</b><small lang=en>%s</small><time>%s</time></li>",
              at > 0 ? "done" : "todo", steps[i].zh, steps[i].en, when);
  }
  html_add (page, "</ol>");
}

static void
add_head (GString *page, City *city, const CaseRow *row, const GPtrArray *events, gint64 now)
{
  g_autofree char *limit = limit_view_text (row);

  html_add (page,
            "<section class=\"card head\"><p class=number>%s</p><div><h1>%s</h1>"
            "<p lang=en class=quiet>%s</p></div><div class=state>",
            row->number, limit_view_service (city, row, "zh_CN"),
            limit_view_service (city, row, "en"));
  limit_view_add_state (page, row);
  html_add (page, "</div><dl><div><dt>大厅<dd>%s</div><div><dt>承办<dd>%s</div>", row->hall,
            row->department != NULL ? act_form_department (city, row->department)
                                    : "市人才服务中心");
  html_add (page, "<div><dt>承诺时限<dd>%s</div><div><dt>工作日<dd>", limit);
  limit_view_add (page, city, row, now);
  html_add (page, "</div>");
  if (row->statutory_due != NULL)
    html_add (page, "<div><dt>法定时限<dd>%s%s</div>", row->statutory_due,
              row->statutory_provisional ? "（暂定）" : "");
  html_add (page, "</dl>");
  add_steps (page, city, row, events);
  html_add (page, "</section>");
}

static void
add_event_body (GString *page, City *city, const CaseEvent *event)
{
  const char *key;
  json_t *value;

  json_object_foreach (event->body, key, value) {
    const char *label = act_form_label (key), *text = json_string_value (value);
    if (label == NULL || text == NULL)
      continue;
    html_add (page, "<span class=said><i>%s</i> %s</span>", label,
              strcmp (key, "department") == 0 ? act_form_department (city, text)
                                              : act_form_words (key, text));
  }
  if (json_object_get (event->body, "device_clock") != NULL)
    html_add (page, "<span class=said>终端时钟不准，按服务器时间计</span>");
}

static void
add_timeline (GString *page, City *city, const GPtrArray *events)
{
  html_add (page, "<section class=card><h2>经过 <small lang=en>Timeline</small></h2>"
                  "<ol class=timeline>");
  for (guint i = 0; i < events->len; i++) {
    const CaseEvent *event = g_ptr_array_index (events, i);
    g_autofree char *at = clock_local (event->at);
    CaseAction action;
    gboolean act = case_action_parse (event->type, &action);
    const char *kind = strict_json_peek (event->actor, "kind", "");
    html_add (page, "<li class=%s><time>%s</time><b>%s</b><small lang=en>%s</small>",
              act ? "act" : "read", at, act ? case_action_zh (action) : "查阅卷宗",
              act ? case_action_en (action) : "File read");
    if (strcmp (kind, "talent") == 0)
      html_add (page, "<span>申请人（%s）</span>", strict_json_peek (event->actor, "id", ""));
    else
      html_add (page, "<span>%s%s%s</span>", strict_json_peek (event->actor, "display", "系统"),
                json_object_get (event->actor, "department") != NULL ? " · " : "",
                act_form_department (city, strict_json_peek (event->actor, "department", NULL)));
    if (!act)
      html_add (page, "<span class=said>%s</span>", strict_json_peek (event->body, "why", ""));
    add_event_body (page, city, event);
    html_add (page, "</li>");
  }
  html_add (page, "</ol></section>");
}

static void
add_file (GString *page, City *city, const Session *session, const CaseRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CaseOpen) open = NULL;
  gint64 missing = 0;

  html_add (page, "<section class=\"card file\" id=file><h2>卷宗 <small lang=en>File</small></h2>");
  object_db_missing (city->db, row->case_id, &missing, NULL);
  if (missing > 0)
    html_add (page, "<p class=wait>还有 %d 份材料在传输中。</p>", (int)missing);
  if (!session_has_opened (session, row->case_id)) {
    html_add (page,
              "<p>申请内容与材料已密封。打开之前先记录查阅人与事由，留在本件的经过里。</p>"
              "<form method=post action=\"/cases/%s/open\" class=open>",
              row->number);
    html_add_token (page, session);
    html_add (page, "<label><span>事由 <small lang=en>Reason</small></span><select name=why "
                    "required>");
    for (int i = 0; open_reasons[i] != NULL; i++)
      html_add (page, "<option>%s</option>", open_reasons[i]);
    html_add (page, "</select></label><button class=plain name=do value=open>打开卷宗</button>"
                    "</form></section>");
    return;
  }
  open = case_open_new (city, row->case_id, &error);
  if (open == NULL)
    html_add (page, "<p class=problem role=alert>▲ 打不开：%s</p>",
              onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND) ? "内容还没有传到"
                                                                : "密封受损，已报警");
  else
    file_view_add (page, city, row, open);
  html_add (page, "</section>");
}

/* The act that usually comes next is the page's one primary button. */
static CaseAction
next_act (City *city, const CaseRow *row, const CaseFold *fold)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;

  switch (fold->state) {
  case CASE_STATE_SUBMITTED:
    return CASE_ACTION_RECEIVE;
  case CASE_STATE_RECEIVED:
    return service != NULL && service->intake_mode == GUIDE_INTAKE_ON_BEHALF ? CASE_ACTION_HAND_OVER
                                                                             : CASE_ACTION_ACCEPT;
  case CASE_STATE_HANDED_OVER:
    return CASE_ACTION_ACCEPT;
  case CASE_STATE_ACCEPTED:
    return service != NULL && service->intake_mode == GUIDE_INTAKE_PRECHECK
               ? CASE_ACTION_DECIDE_ON_SPOT
               : CASE_ACTION_CLAIM;
  case CASE_STATE_PROCESSING:
    return CASE_ACTION_DECIDE;
  case CASE_STATE_DECIDED:
    return CASE_ACTION_DELIVER;
  default:
    return CASE_ACTION_ARCHIVE;
  }
}

static void
add_acts (GString *page, City *city, const Session *session, const CaseRow *row,
          const CaseFold *fold, GHashTable *sent)
{
  const ActForm *offers[ACTS_MAX];
  gsize n = act_form_offers (fold, session->actor, offers, ACTS_MAX);
  CaseAction next = next_act (city, row, fold);
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;

  html_add (page, "<aside class=acts aria-label=可办><h2>可办 <small lang=en>Next</small></h2>");
  for (gsize i = 0; i < n; i++) {
    /* What is taken in on behalf is not the centre's to accept. */
    if (offers[i]->action == CASE_ACTION_ACCEPT && service != NULL &&
        service->intake_mode == GUIDE_INTAKE_ON_BEHALF && session->actor != CASE_ACTOR_DEPARTMENT)
      continue;
    act_form_add (page, city, session, row, offers[i], sent, offers[i]->action == next);
  }
  if (n == 0)
    html_add (page, "<p class=quiet>这一步不由您办。</p>");
  html_add (page, "</aside>");
}

static void
add_done (GString *page, HttpRequest *request)
{
  const char *done = http_query (request, "done");
  CaseAction action;

  if (done != NULL && case_action_parse (done, &action))
    html_add (page, "<p class=\"flash\" role=status>✓ 已记录：%s <small lang=en>%s</small></p>",
              case_action_zh (action), case_action_en (action));
}

void
case_page_reply (City *city, HttpRequest *request, Session *session, const char *number, int status,
                 GHashTable *sent, const char *problem)
{
  g_autoptr (CaseRow) row = find (city, request, session, number);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = clock_now ();
  CaseFold fold;
  GString *page;

  if (row == NULL)
    return;
  events = case_db_events (city->db, row->case_id, &error);
  if (events == NULL || !case_act_fold (city, events, row, &fold, &error)) {
    http_reply_error (request, error);
    return;
  }
  page = html_begin (session, row->number, "/cases");
  if (problem != NULL)
    html_add (page, "<p class=problem role=alert>▲ %s</p>", problem);
  else
    add_done (page, request);
  html_add (page, "<div class=case><div>");
  add_head (page, city, row, events, now);
  add_file (page, city, session, row);
  add_timeline (page, city, events);
  html_add (page, "</div>");
  add_acts (page, city, session, row, &fold, sent);
  html_add (page, "</div>");
  html_reply (request, status, page);
}

typedef struct {
  City *city;
  CaseRow *row;
  CaseAction action;
  const Session *session;
  gint64 version, now;
  const json_t *body;
} ActWork;

static gboolean
apply (Db *db, void *data, GError **error)
{
  ActWork *work = data;
  g_autoptr (json_t) actor = session_actor (work->session);

  return case_act_apply (work->city, work->row, work->action, work->session->actor, work->version,
                         actor, NULL, work->body, work->now, work->now, error);
}

static const char *
explain (const GError *error)
{
  if (onestop_error_is (error, ONESTOP_ERROR_CONFLICT))
    return "这一件在您看的时候已有变动，或这一步已不能办。请看最新情况再定。";
  if (onestop_error_is (error, ONESTOP_ERROR_DENIED))
    return "这一步不由您办。";
  if (onestop_error_is (error, ONESTOP_ERROR_INVALID))
    return "还缺必填的内容：请补齐后再提交。";
  return "没有办成，什么都没有改动。请再试一次。";
}

void
case_page_act (City *city, HttpRequest *request, Session *session, const char *number,
               GHashTable *sent)
{
  const char *word = g_hash_table_lookup (sent, "action");
  const char *version = g_hash_table_lookup (sent, "version");
  g_autoptr (CaseRow) row = find (city, request, session, number);
  g_autoptr (json_t) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  const ActForm *form = NULL;
  CaseAction action;
  ActWork work;

  if (row == NULL)
    return;
  if (word != NULL && case_action_parse (word, &action))
    form = act_form_find (action);
  if (form == NULL || version == NULL) {
    html_reply_note (request, session, 400, "没有这个动作", "请从办件页面操作。");
    return;
  }
  body = act_form_body (form, sent);
  work = (ActWork){city,         row, action, session, g_ascii_strtoll (version, NULL, 10),
                   clock_now (), body};
  if (!db_write (city->db, apply, &work, &error)) {
    log_info ("city.act-refused", "%s %s by %s: %s", number, word, session->name, error->message);
    case_page_reply (city, request, session, number,
                     onestop_error_http_status ((OnestopError)error->code), sent, explain (error));
    return;
  }
  log_info ("city.act", "%s %s by %s", number, word, session->name);
  path = g_strdup_printf ("/cases/%s?done=%s", row->number, word);
  html_redirect (request, path);
  if (city->on_feed != NULL)
    city->on_feed (city->on_feed_data);
}

static gboolean
record_reading (Db *db, void *data, GError **error)
{
  ActWork *work = data;
  g_autoptr (json_t) actor = session_actor (work->session);

  return case_act_note (work->city, work->row->case_id, "read", actor, work->body, work->now,
                        error);
}

void
case_page_open (City *city, HttpRequest *request, Session *session, const char *number,
                GHashTable *sent)
{
  g_autoptr (CaseRow) row = find (city, request, session, number);
  const char *why = g_hash_table_lookup (sent, "why");
  g_autoptr (json_t) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  ActWork work = {.city = city, .row = row, .session = session, .now = clock_now ()};

  if (row == NULL)
    return;
  if (why == NULL || !g_strv_contains (open_reasons, why)) {
    case_page_reply (city, request, session, number, 400, sent, "请选查阅的事由。");
    return;
  }
  body = json_pack ("{s:s}", "why", why);
  work.body = body;
  if (!db_write (city->db, record_reading, &work, &error)) {
    http_reply_error (request, error);
    return;
  }
  session_set_opened (session, row->case_id);
  path = g_strdup_printf ("/cases/%s#file", row->number);
  html_redirect (request, path);
}

void
case_page_document (City *city, HttpRequest *request, Session *session, const char *number,
                    const char *rest)
{
  g_autoptr (CaseRow) row = find (city, request, session, number);
  g_auto (GStrv) parts = g_strsplit (rest, "/", 3);
  g_autoptr (CaseOpen) open = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const json_t *record = NULL;
  guint64 part, index;

  if (row == NULL)
    return;
  if (!session_has_opened (session, row->case_id)) {
    html_reply_note (request, session, 403, "先打开卷宗", "查阅要先记录事由。");
    return;
  }
  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, 999, &part, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, 9999, &index, NULL)) {
    html_reply_note (request, session, 404, "没有这份材料", "请从卷宗里打开。");
    return;
  }
  open = case_open_new (city, row->case_id, &error);
  if (open != NULL)
    bytes = case_open_document (city, open, (guint)part, (guint)index, &record, &error);
  if (bytes == NULL) {
    log_warning ("city.document", "%s %s: %s", number, rest, error->message);
    html_reply_note (request, session, onestop_error_http_status ((OnestopError)error->code),
                     "打不开这份材料", "还没有传到，或密封受损。");
    return;
  }
  file_view_send (request, row, record, bytes);
}
