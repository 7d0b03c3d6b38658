/* overdue.c: looks at the clock for those who wait. Refuses to act: it only tells staff. */
#include "city/overdue.h"

#include <string.h>

#include "city/db/meta-db.h"
#include "domain/calendar.h"
#include "domain/case.h"

#define CASES_MAX 10000

gboolean
overdue_unreceived (const City *city, const CaseRow *row, gint64 now)
{
  return city->calendar != NULL &&
         strcmp (row->state, case_state_word (CASE_STATE_SUBMITTED)) == 0 &&
         calendar_day_of (now) >
             calendar_next_working (city->calendar, calendar_day_of (row->submitted_at));
}

typedef struct {
  City *city;
  gint64 now;
} RaiseWork;

static gboolean
raise_all (Db *db, void *data, GError **error)
{
  RaiseWork *work = data;
  CaseFilter filter = {.states = "[\"submitted\"]"};
  g_autoptr (GPtrArray) rows = case_db_list (db, &filter, CASES_MAX, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const CaseRow *row = g_ptr_array_index (rows, i);
    if (overdue_unreceived (work->city, row, work->now) &&
        !meta_db_alarm_once (db, work->now, "unreceived", row->number, error))
      return FALSE;
  }
  return rows != NULL;
}

gboolean
overdue_raise (City *city, gint64 now, GError **error)
{
  RaiseWork work = {city, now};
  return db_write (city->db, raise_all, &work, error);
}
