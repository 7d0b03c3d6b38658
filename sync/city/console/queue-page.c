/* queue-page.c: lists of cases. Refuses names: a list shows numbers, services, states and days. */
#include "city/console/queue-page.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "city/console/html.h"
#include "city/console/limit-view.h"

#define ROWS_MAX 200
#define OPEN_STATES                                                                                \
  "[\"received\",\"pre_supplement\",\"handed_over\",\"accepted\",\"processing\","                  \
  "\"further_papers\",\"special\",\"appointment_wait\",\"in_person\"]"

typedef enum { ANY_DAY, LATE, TODAY, SOON } Due;

typedef struct {
  const char *id, *zh, *en;
  const char *states; /* JSON array of words, NULL: all */
  Due due;
  const char *empty; /* what to say when there is none */
} Queue;

static const Queue queues[] = {
    {"overdue", "超期", "Overdue", OPEN_STATES, LATE, "没有超期的办件。"},
    {"today", "今日到期", "Due today", OPEN_STATES, TODAY, "今天没有到期的办件。"},
    {"soon", "三日内到期", "Due in 3 days", OPEN_STATES, SOON, "三个工作日内没有到期的办件。"},
    {"submitted", "待收件", "To receive", "[\"submitted\"]", ANY_DAY, "没有等待收件的办件。"},
    {"received", "已收件", "Received", "[\"received\"]", ANY_DAY, "没有收件后待处理的办件。"},
    {"supplement", "待补正", "To complete", "[\"pre_supplement\",\"further_papers\"]", ANY_DAY,
     "没有等待补材料的办件。"},
    {"handed-over", "已转交", "Handed over", "[\"handed_over\"]", ANY_DAY,
     "没有转交后等待受理的办件。"},
    {"accepted", "已受理", "Accepted", "[\"accepted\"]", ANY_DAY, "没有受理后待经办的办件。"},
    {"processing", "办理中", "In process",
     "[\"processing\",\"special\",\"appointment_wait\",\"in_person\"]", ANY_DAY,
     "没有办理中的办件。"},
    {"decided", "已办结", "Closed", "[\"decided\",\"delivered\",\"rated\",\"archived\"]", ANY_DAY,
     "还没有办结的办件。"},
    {"ended", "未予办理", "Not taken further", "[\"not_accepted\",\"withdrawn\",\"lapsed\"]",
     ANY_DAY, "没有不予受理、撤回或终止的办件。"},
    {"all", "全部", "All", NULL, ANY_DAY, "还没有办件。"},
};

typedef struct {
  CaseFilter filter;
  char *from, *until;
} Query;

static void
query_clear (Query *query)
{
  g_free (query->from);
  g_free (query->until);
}

static void
query_set (Query *query, City *city, const Session *session, const Queue *queue, gint64 now)
{
  g_autofree char *text = clock_day (now);
  int day = 0;

  session_limit (session, &query->filter);
  query->filter.states = queue->states;
  if (queue->due == ANY_DAY || !calendar_day_parse (text, &day))
    return;
  if (queue->due == LATE) {
    query->until = calendar_day_format (day - 1);
  } else if (queue->due == TODAY) {
    query->from = g_strdup (text);
    query->until = g_strdup (text);
  } else {
    int last = day;
    for (int i = 0; i < 3; i++)
      last = city->calendar != NULL ? calendar_next_working (city->calendar, last) : last + 1;
    query->from = calendar_day_format (day + 1);
    query->until = calendar_day_format (last);
  }
  query->filter.due_from = query->from;
  query->filter.due_until = query->until;
}

static const Queue *
chosen_queue (HttpRequest *request, const Session *session)
{
  const char *id = http_query (request, "queue");
  const char *first = session->actor == CASE_ACTOR_DEPARTMENT ? "handed-over" : "submitted";

  for (gsize i = 0; i < G_N_ELEMENTS (queues); i++)
    if (strcmp (queues[i].id, id != NULL ? id : first) == 0)
      return &queues[i];
  return NULL;
}

static gboolean
add_tabs (GString *page, City *city, const Session *session, const Queue *chosen, gint64 now,
          GError **error)
{
  html_add (page, "<nav class=queues aria-label=办件队列>");
  for (gsize i = 0; i < G_N_ELEMENTS (queues); i++) {
    Query query = {0};
    gint64 n = 0;
    gboolean done;
    query_set (&query, city, session, &queues[i], now);
    done = case_db_count (city->db, &query.filter, &n, error);
    query_clear (&query);
    if (!done)
      return FALSE;
    html_add (page,
              "<a href=\"/cases?queue=%s\"%s class=\"%s%s\"><span>%s</span>"
              "<small lang=en>%s</small><b>%" G_GINT64_FORMAT "</b></a>",
              queues[i].id, &queues[i] == chosen ? " aria-current=page" : "",
              queues[i].due != ANY_DAY ? "due" : "",
              queues[i].due == LATE && n > 0 ? " is-late" : "", queues[i].zh, queues[i].en, n);
  }
  html_add (page, "</nav>");
  return TRUE;
}

static void
add_row (GString *page, const City *city, const CaseRow *row, gint64 now)
{
  g_autofree char *at = clock_local (row->submitted_at);

  html_add (page,
            "<tr><th scope=row><a href=\"/cases/%s\">%s</a></th><td>%s<small lang=en>%s</small>"
            "</td><td>%s</td><td><time>%s</time></td><td>",
            row->number, row->number, limit_view_service (city, row, "zh_CN"),
            limit_view_service (city, row, "en"), row->hall, at);
  limit_view_add_state (page, row);
  if (strcmp (row->seal, "damaged") == 0)
    html_add (page, " <span class=\"chip error\">▲ 密封受损</span>");
  else if (strcmp (row->seal, "waiting") == 0)
    html_add (page, " <span class=\"chip notice\">材料传输中</span>");
  html_add (page, "</td><td>");
  limit_view_add (page, city, row, now);
  html_add (page, "</td></tr>");
}

static void
add_table (GString *page, const City *city, const Queue *queue, const GPtrArray *rows, gint64 now)
{
  html_add (page, "<section class=\"card list\"><h1>%s <small lang=en>%s</small></h1>", queue->zh,
            queue->en);
  if (rows->len == 0) {
    html_add (page,
              "<p class=empty><span class=moon aria-hidden=true><i></i></span>%s</p></section>",
              queue->empty);
    return;
  }
  html_add (page, "<table><thead><tr><th scope=col>件号<th scope=col>事项<th scope=col>大厅"
                  "<th scope=col>提交<th scope=col>状态<th scope=col>工作日</tr></thead><tbody>");
  for (guint i = 0; i < rows->len; i++)
    add_row (page, city, g_ptr_array_index (rows, i), now);
  html_add (page, "</tbody></table>");
  if (rows->len == ROWS_MAX)
    html_add (page, "<p class=quiet>只列最早的 %d 件。</p>", ROWS_MAX);
  html_add (page, "</section>");
}

void
queue_page_reply (City *city, HttpRequest *request, const Session *session)
{
  const Queue *queue = chosen_queue (request, session);
  gint64 now = clock_now ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  Query query = {0};
  GString *page;

  if (queue == NULL) {
    html_reply_note (request, session, 404, "没有这个队列", "请从上方选择。");
    return;
  }
  query_set (&query, city, session, queue, now);
  rows = case_db_list (city->db, &query.filter, ROWS_MAX, &error);
  query_clear (&query);
  page = html_begin (session, queue->zh, "/cases");
  if (rows == NULL || !add_tabs (page, city, session, queue, now, &error)) {
    g_string_free (page, TRUE);
    http_reply_error (request, error);
    return;
  }
  add_table (page, city, queue, rows, now);
  html_reply (request, 200, page);
}
