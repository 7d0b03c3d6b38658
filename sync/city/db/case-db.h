/* case-db.h: the events of cases, and the row that is their fold. */
#pragma once

#include <jansson.h>

#include "city/db/db.h"

typedef struct {
  char *case_id, *number, *service, *hall, *guide;
  char *state;    /* case_state_word */
  gint64 version; /* seq of the last event that changed the row: the optimistic lock */
  char *department;
  gint64 submitted_at, changed_at; /* ms */
  gint64 promised_n;               /* 0: not known */
  char *promised_unit, *promised_due;
  gboolean promised_provisional;
  gint64 statutory_n;
  char *statutory_unit, *statutory_due;
  gboolean statutory_provisional;
  char *seal; /* "waiting", "good", "damaged" */
} CaseRow;

void case_db_row_free (CaseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseRow, case_db_row_free)

/* NULL with NOT_FOUND. Owned. */
CaseRow *case_db_find (Db *db, const char *case_id, GError **error);
CaseRow *case_db_find_number (Db *db, const char *number, GError **error);
/* Inserts, or replaces the row of this case_id. CONFLICT if another case has the number. */
gboolean case_db_put (Db *db, const CaseRow *row, GError **error);
gboolean case_db_set_seal (Db *db, const char *case_id, const char *seal, GError **error);

/* Which cases: every member may be NULL. `states` is a JSON array of words. */
typedef struct {
  const char *states;
  const char *hall;
  const char *department;
  const char *due_from, *due_until; /* promised due day, both inclusive */
} CaseFilter;

/* Oldest submission first. Owned array of CaseRow. */
GPtrArray *case_db_list (Db *db, const CaseFilter *filter, gint64 limit, GError **error);
gboolean case_db_count (Db *db, const CaseFilter *filter, gint64 *ret_n, GError **error);

typedef struct {
  gint64 seq;
  char *event_id, *type; /* case_action_word, or "read", "recompute" */
  gint64 at, recorded_at;
  json_t *actor;  /* {"kind", "id", "display"?, "department"?} */
  json_t *origin; /* {"device", "seq"} or NULL */
  char *guide;    /* or NULL */
  json_t *body;
} CaseEvent;

void case_db_event_free (CaseEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseEvent, case_db_event_free)

/* Appends with the next seq of the case (written to event->seq), chained to the one before. */
gboolean case_db_append (Db *db, const char *case_id, CaseEvent *event, GError **error);
/* Oldest first. Owned array of CaseEvent. */
GPtrArray *case_db_events (Db *db, const char *case_id, GError **error);
/* CORRUPT at the first event whose hash does not follow. */
gboolean case_db_check (Db *db, gint64 *ret_events, GError **error);
