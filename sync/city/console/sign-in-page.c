/* sign-in-page.c: names and passphrases. Refuses to tell an unknown name from a wrong passphrase or
 * a locked account: the same words after the same work. */
#include "city/console/sign-in-page.h"

#include <gio/gio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "city/console/html.h"
#include "city/db/meta-db.h"
#include "domain/person.h"
#include "trust/passphrase.h"

#define FREE_FAILURES 3
#define WAIT_MAX_MS (15 * 60 * (gint64)1000)

void
sign_in_page_reply (HttpRequest *request, gboolean failed)
{
  GString *page = html_begin (NULL, "登录", NULL);

  html_add (page, "<section class=\"card sign-in\"><span class=\"moon large\" aria-hidden=true>"
                  "<i></i></span><h1>登录 <small lang=en>Sign in</small></h1>");
  if (failed)
    html_add (page, "<p class=problem role=alert>▲ 用户名或口令不对，或暂时锁定。"
                    "请核对，稍等再试。</p>");
  html_add (page, "<form method=post action=/sign-in>"
                  "<label><span>用户名 <small lang=en>Name</small></span>"
                  "<input name=name autocomplete=username required autofocus maxlength=64></label>"
                  "<label><span>口令 <small lang=en>Passphrase</small></span>"
                  "<input type=password name=passphrase autocomplete=current-password required "
                  "maxlength=256></label><button class=primary>登录</button></form>"
                  "<p class=quiet>静置 15 分钟自动退出。</p></section>");
  html_reply (request, failed ? 403 : 200, page);
}

typedef struct {
  City *city;
  Sessions *sessions;
  HttpRequest *request;
  UserRow *user; /* NULL: nobody of that name */
  char *name, *passphrase;
  gboolean right;
  int *pending;
} Try;

static void
try_free (void *data)
{
  Try *try = data;

  user_db_row_free (try->user);
  g_free (try->name);
  person_text_free (try->passphrase);
  g_free (try);
}

static void
check_passphrase (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Try *try = data;

  try->right = passphrase_verify (try->user != NULL ? try->user->hash : NULL, try->passphrase);
  g_task_return_boolean (task, TRUE);
}

static gint64
wait_after (gint64 failures)
{
  gint64 doublings = MIN (failures - FREE_FAILURES, 20);
  return failures <= FREE_FAILURES ? 0 : MIN (((gint64)1000) << doublings, WAIT_MAX_MS);
}

static gboolean
record (Db *db, void *data, GError **error)
{
  Try *try = data;
  gint64 now = clock_now ();
  gint64 failures = try->right ? 0 : try->user->failures + 1;

  return user_db_set_failures (db, try->user->name, failures, now + wait_after (failures), error) &&
         meta_db_audit (db, now, try->user->name, try->right ? "signed-in" : "sign-in-refused",
                        "console", error);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  Try *try = g_task_get_task_data (G_TASK (result));
  gboolean locked = try->user != NULL && try->user->locked_until > clock_now ();
  g_autoptr (GError) error = NULL;

  if (try->user == NULL || try->user->disabled || locked)
    try->right = FALSE;
  /* A try while locked changes nothing: else anybody could keep a person out for ever. */
  if (try->user != NULL && !locked && !db_write (try->city->db, record, try, &error)) {
    log_error ("city.sign-in", "%s", error->message);
    try->right = FALSE;
  }
  log_info ("city.sign-in", "%s %s", try->user != NULL ? try->user->name : "a stranger",
            try->right ? "signed in" : "was refused");
  if (try->right) {
    session_start (try->sessions, try->request, try->user);
    html_redirect (try->request, "/cases");
  } else {
    sign_in_page_reply (try->request, TRUE);
  }
  http_resume (try->request);
  --*try->pending;
}

void
sign_in_page_try (City *city, Sessions *sessions, HttpRequest *request, GHashTable *sent,
                  int *pending)
{
  const char *name = g_hash_table_lookup (sent, "name");
  const char *passphrase = g_hash_table_lookup (sent, "passphrase");
  Try *try = g_new0 (Try, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_checked, NULL);

  *try = (Try){.city = city,
               .sessions = sessions,
               .request = request,
               .name = g_strdup (name != NULL ? name : ""),
               .passphrase = g_strdup (passphrase != NULL ? passphrase : ""),
               .pending = pending};
  try->user = user_db_find (city->db, try->name, NULL);
  ++*pending;
  http_suspend (request);
  g_task_set_task_data (task, try, try_free);
  g_task_run_in_thread (task, check_passphrase);
}
