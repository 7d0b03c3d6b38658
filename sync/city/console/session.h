/* session.h: who is signed in, by a cookie, until 15 minutes pass in silence.
 *
 * Sessions live in memory: a restart signs everybody out. */
#pragma once

#include <glib.h>

#include "city/city.h"
#include "city/db/case-db.h"
#include "city/db/user-db.h"
#include "city/http.h"
#include "domain/case.h"

#define SESSION_IDLE_MS (15 * 60 * (gint64)1000)

typedef struct {
  char *name, *display, *role; /* of the user */
  CaseActor actor;
  char *department, *hall; /* or NULL */
  char *token;             /* that forms carry */
  gint64 seen_at;
  GHashTable *opened; /* case_id -> time at which its opening was recorded */
} Session;

typedef struct Sessions Sessions;

Sessions *session_table_new (City *city);
void session_table_free (Sessions *sessions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sessions, session_table_free)

/* The session of the request's cookie, if it is not idle too long and the user not disabled.
 * Borrowed; NULL if there is none. */
Session *session_find (Sessions *sessions, HttpRequest *request);

/* Signs in: sets the cookie. Borrowed. */
Session *session_start (Sessions *sessions, HttpRequest *request, const UserRow *user);
void session_end (Sessions *sessions, HttpRequest *request);

/* TRUE if a form is from our own page: Origin is this server, and (with a session) `token` is the
 * session's. */
gboolean session_is_own_form (const Session *session, HttpRequest *request, const char *token);

/* TRUE if this person may see the case: own department, own hall, or all. */
gboolean session_may_see (const Session *session, const CaseRow *row);
/* The same as a filter: its hall and department are set, borrowed from the session. */
void session_limit (const Session *session, CaseFilter *filter);

/* Remembers that the opening of a case was recorded; TRUE for 15 minutes after. */
void session_set_opened (Session *session, const char *case_id);
gboolean session_has_opened (const Session *session, const char *case_id);

/* {"kind","id","display","department"?}: for events. Owned. */
json_t *session_actor (const Session *session);
/* 市人才服务中心, ... Static. */
const char *session_role_zh (const Session *session);
