/* session.c: cookies and what a person may see. Refuses to keep a cookie's value: the table is
 * keyed by its hash. */
#include "city/console/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/id.h"
#include "trust/hash.h"

#define COOKIE "__Host-onestop"
#define TOKEN_BYTES 24

struct Sessions {
  City *city;
  GHashTable *table; /* hash of the cookie -> Session */
};

static void
session_free (void *data)
{
  Session *session = data;

  g_free (session->name);
  g_free (session->display);
  g_free (session->role);
  g_free (session->department);
  g_free (session->hall);
  g_free (session->token);
  g_hash_table_unref (session->opened);
  g_free (session);
}

Sessions *
session_table_new (City *city)
{
  Sessions *sessions = g_new0 (Sessions, 1);

  sessions->city = city;
  sessions->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, session_free);
  return sessions;
}

void
session_table_free (Sessions *sessions)
{
  if (sessions == NULL)
    return;
  g_hash_table_unref (sessions->table);
  g_free (sessions);
}

static char *
cookie_hash (HttpRequest *request)
{
  const char *cookie = http_cookie (request, COOKIE);
  return cookie != NULL ? hash_sha256_hex (cookie, strlen (cookie)) : NULL;
}

Session *
session_find (Sessions *sessions, HttpRequest *request)
{
  g_autofree char *hash = cookie_hash (request);
  Session *session = hash != NULL ? g_hash_table_lookup (sessions->table, hash) : NULL;
  gint64 now = clock_monotonic ();
  g_autoptr (UserRow) user = NULL;

  if (session == NULL)
    return NULL;
  user = user_db_find (sessions->city->db, session->name, NULL);
  if (now - session->seen_at > SESSION_IDLE_MS || user == NULL || user->disabled) {
    g_hash_table_remove (sessions->table, hash);
    return NULL;
  }
  session->seen_at = now;
  return session;
}

static char *
random_text (void)
{
  guint8 raw[TOKEN_BYTES];
  id_random (raw, sizeof raw);
  return encode_hex (raw, sizeof raw);
}

static gboolean
is_idle (gpointer key, gpointer value, gpointer data)
{
  return clock_monotonic () - ((Session *)value)->seen_at > SESSION_IDLE_MS;
}

Session *
session_start (Sessions *sessions, HttpRequest *request, const UserRow *user)
{
  Session *session = g_new0 (Session, 1);
  g_autofree char *value = random_text ();
  g_autofree char *cookie =
      g_strdup_printf (COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict", value);

  g_hash_table_foreach_remove (sessions->table, is_idle, NULL);
  *session = (Session){.name = g_strdup (user->name),
                       .display = g_strdup (user->display),
                       .role = g_strdup (user->role),
                       .department = g_strdup (user->department),
                       .hall = g_strdup (user->hall),
                       .token = random_text (),
                       .seen_at = clock_monotonic (),
                       .opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free)};
  case_actor_parse (user->role, &session->actor);
  g_hash_table_replace (sessions->table, hash_sha256_hex (value, strlen (value)), session);
  http_set_header (request, "Set-Cookie", cookie);
  return session;
}

void
session_end (Sessions *sessions, HttpRequest *request)
{
  g_autofree char *hash = cookie_hash (request);

  if (hash != NULL)
    g_hash_table_remove (sessions->table, hash);
  http_set_header (request, "Set-Cookie",
                   COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

gboolean
session_is_own_form (const Session *session, HttpRequest *request, const char *token)
{
  const char *origin = http_header (request, "Origin"), *host = http_header (request, "Host");
  g_autofree char *own = g_strdup_printf ("https://%s", host != NULL ? host : "");
  guint8 difference = 0;

  if (g_strcmp0 (origin, own) != 0)
    return FALSE;
  if (session == NULL)
    return TRUE;
  if (token == NULL || strlen (token) != strlen (session->token))
    return FALSE;
  for (gsize i = 0; token[i] != '\0'; i++)
    difference |= (guint8)(token[i] ^ session->token[i]);
  return difference == 0;
}

gboolean
session_may_see (const Session *session, const CaseRow *row)
{
  return (session->department == NULL || g_strcmp0 (session->department, row->department) == 0) &&
         (session->hall == NULL || strcmp (session->hall, row->hall) == 0);
}

void
session_limit (const Session *session, CaseFilter *filter)
{
  filter->department = session->department;
  filter->hall = session->hall;
}

void
session_set_opened (Session *session, const char *case_id)
{
  gint64 *at = g_new (gint64, 1);

  *at = clock_monotonic ();
  g_hash_table_replace (session->opened, g_strdup (case_id), at);
}

gboolean
session_has_opened (const Session *session, const char *case_id)
{
  const gint64 *at = g_hash_table_lookup (session->opened, case_id);
  return at != NULL && clock_monotonic () - *at < SESSION_IDLE_MS;
}

json_t *
session_actor (const Session *session)
{
  json_t *actor = json_pack ("{s:s,s:s,s:s}", "kind", session->role, "id", session->name, "display",
                             session->display);
  if (session->department != NULL)
    json_object_set_new (actor, "department", json_string (session->department));
  return actor;
}

const char *
session_role_zh (const Session *session)
{
  switch (session->actor) {
  case CASE_ACTOR_CENTRE:
    return "市人才服务中心";
  case CASE_ACTOR_DISTRICT:
    return "区人才专窗";
  case CASE_ACTOR_DEPARTMENT:
    return "职能部门";
  case CASE_ACTOR_LEADER:
    return "分管领导";
  default:
    return "";
  }
}
