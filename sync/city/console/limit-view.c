/* limit-view.c: states and limits as markup. Refuses to show a day that is not computed: an open or
 * unstated limit is said in words. */
#include "city/console/limit-view.h"

#include <string.h>

#include "city/console/html.h"
#include "city/overdue.h"
#include "domain/deadline.h"

#define BOXES_MAX 20

const char *
limit_view_service (const City *city, const CaseRow *row, const char *language)
{
  const GuideService *service =
      city->guide != NULL ? guide_service (city->guide, row->service) : NULL;
  return service != NULL ? guide_text (service->name, language, NULL) : row->service;
}

char *
limit_view_text (const CaseRow *row)
{
  static const char *const units[][2] = {
      {"workday", "个工作日"}, {"calendar_day", "日"}, {"month", "个月"}, {"hour", "小时"}};

  if (g_strcmp0 (row->promised_unit, "immediate") == 0)
    return g_strdup ("当场办结");
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (row->promised_n > 0 && g_strcmp0 (row->promised_unit, units[i][0]) == 0)
      return g_strdup_printf ("收件之日起 %" G_GINT64_FORMAT " %s", row->promised_n, units[i][1]);
  return g_strdup ("指南未载明时限");
}

static CaseState
state_of (const CaseRow *row)
{
  CaseState state = CASE_STATE_DRAFT;
  case_state_parse (row->state, &state);
  return state;
}

gboolean
limit_view_left (const City *city, const CaseRow *row, gint64 now, int *ret_left)
{
  CaseClock clock = case_clock_promised (state_of (row));
  int due;

  if (city->calendar == NULL || row->promised_due == NULL || clock == CASE_CLOCK_STOPPED ||
      clock == CASE_CLOCK_TERMINAL || !calendar_day_parse (row->promised_due, &due))
    return FALSE;
  *ret_left = deadline_days_left (city->calendar, calendar_day_of (now), due);
  return TRUE;
}

static void
add_boxes (GString *page, int used, int n, gboolean late)
{
  html_add (page, "<span class=\"days%s\" aria-hidden=true>", late ? " late" : "");
  for (int i = 0; i < MIN (n, BOXES_MAX); i++)
    html_add (page, "<i%s></i>", i * n < used * MIN (n, BOXES_MAX) ? " class=used" : "");
  html_add (page, "</span>");
}

void
limit_view_add (GString *page, const City *city, const CaseRow *row, gint64 now)
{
  int left = 0, used;

  if (overdue_unreceived (city, row, now)) {
    html_add (page, "<b class=late>▲ 逾期未收件</b>");
    return;
  }
  if (!limit_view_left (city, row, now, &left)) {
    g_autofree char *text = limit_view_text (row);
    html_add (page, "<span class=quiet>%s</span>",
              case_clock_promised (state_of (row)) == CASE_CLOCK_PAUSED ? "承诺时限暂停" : text);
    return;
  }
  used = (int)row->promised_n - CLAMP (left, 0, (int)row->promised_n);
  if (left < 0)
    html_add (page, "<b class=late>▲ 超期 %d 日</b>", -left);
  else if (left == 0)
    html_add (page, "<b class=late>今日到期</b>");
  else
    html_add (page, "<b>%d / %d</b>", used, (int)row->promised_n);
  html_add (page, " <small>%s%s</small>", row->promised_due,
            row->promised_provisional ? "（暂定）" : "");
  add_boxes (page, left < 0 ? (int)row->promised_n : used, (int)row->promised_n, left < 0);
}

void
limit_view_add_state (GString *page, const CaseRow *row)
{
  CaseState state = state_of (row);
  const char *kind;

  switch (state) {
  case CASE_STATE_SUBMITTED:
    kind = "todo";
    break;
  case CASE_STATE_PRE_SUPPLEMENT:
  case CASE_STATE_FURTHER_PAPERS:
    kind = "notice";
    break;
  case CASE_STATE_NOT_ACCEPTED:
  case CASE_STATE_WITHDRAWN:
  case CASE_STATE_LAPSED:
    kind = "off";
    break;
  case CASE_STATE_DECIDED:
  case CASE_STATE_DELIVERED:
  case CASE_STATE_RATED:
  case CASE_STATE_ARCHIVED:
    kind = "done";
    break;
  default:
    kind = "runs";
  }
  html_add (page, "<span class=\"chip %s\" title=\"%s\">%s</span>", kind, case_state_en (state),
            case_state_zh (state));
}
