/* case-act.h: one act on a case: judged by the table, appended as an event, folded into the row,
 * told to the feed. */
#pragma once

#include <jansson.h>

#include "city/city.h"
#include "city/db/case-db.h"
#include "domain/case.h"

#define CASE_ACT_ANY_VERSION (-1)

/* Applies `action` to the case of `row` (version and all members are brought up to date). Inside a
 * db_write. `version` is what the actor saw (CASE_ACT_ANY_VERSION: does not matter). `actor_json`
 * {"kind","id",...}, `origin` {"device","seq"} or NULL and `body` are kept with the event.
 * CONFLICT if the case has moved on or the state does not permit it, DENIED if this actor may not,
 * INVALID if the body lacks what the act needs. On failure nothing was changed. */
gboolean case_act_apply (City *city, CaseRow *row, CaseAction action, CaseActor actor,
                         gint64 version, const json_t *actor_json, const json_t *origin,
                         const json_t *body, gint64 at, gint64 now, GError **error);

/* The first event: `row` has case_id, number, service, hall, guide and submitted_at. */
gboolean case_act_submit (City *city, CaseRow *row, const json_t *actor_json, const json_t *origin,
                          const json_t *body, gint64 now, GError **error);

/* Appends an event that changes no state ("read"): nothing but the record. Inside a db_write. */
gboolean case_act_note (City *city, const char *case_id, const char *type, const json_t *actor_json,
                        const json_t *body, gint64 now, GError **error);

/* The fold of the events, and the row that follows from them. For checks and pages. */
gboolean case_act_fold (City *city, const GPtrArray *events, CaseRow *row, CaseFold *ret_fold,
                        GError **error);
