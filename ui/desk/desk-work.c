/* desk-work.c: between window and worker. Refuses to bring anything back to a clerk who has gone.
 */
#include "desk/desk-work.h"

#include "domain/person.h"

typedef struct {
  App app;
  const Clerk *clerk;
  DeskFunc func;
  DeskAsk ask;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->ask.text);
  person_text_free (work->ask.secret);
  g_free (work);
}

static gpointer
do_work (Db *db, gpointer data, GError **error)
{
  Work *work = data;

  work->app.db = db;
  return work->func (&work->app, work->clerk, &work->ask, error);
}

/* The parts of Work that are needed after it is freed. */
typedef struct {
  Desk *desk;
  guint sitting;
  GDestroyNotify result_free;
  DeskDone done;
} Return;

static void
on_work_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Return *back = data;
  g_autoptr (GError) error = NULL;
  gpointer value = worker_finish (result, &error);

  if (back->sitting == back->desk->sitting)
    back->done (back->desk, value, error);
  else if (value != NULL && back->result_free != NULL)
    back->result_free (value);
}

void
desk_work_run (Desk *desk, DeskFunc func, const DeskAsk *ask, GDestroyNotify result_free,
               DeskDone done)
{
  Work *work = g_new0 (Work, 1);
  Return *back = g_new0 (Return, 1);

  work->app = *desk->app;
  work->clerk = desk->clerk;
  work->func = func;
  if (ask != NULL) {
    work->ask.text = g_strdup (ask->text);
    work->ask.secret = g_strdup (ask->secret);
    work->ask.family = ask->family;
    work->ask.extra = ask->extra;
  }
  *back = (Return){desk, desk->sitting, result_free, done};
  worker_run (desk->app->worker, do_work, work, work_free, result_free, NULL, on_work_done, back);
}

typedef struct {
  gpointer data;
  GDestroyNotify free;
} Last;

static gpointer
do_last (Db *db, gpointer data, GError **error)
{
  Last *last = data;

  last->free (last->data);
  return NULL;
}

static void
on_last_done (GObject *source, GAsyncResult *result, gpointer data)
{
  (void)worker_finish (result, NULL);
}

void
desk_work_free_last (Desk *desk, gpointer data, GDestroyNotify free)
{
  Last *last;

  if (data == NULL)
    return;
  last = g_new (Last, 1);
  *last = (Last){data, free};
  worker_run (desk->app->worker, do_last, last, g_free, NULL, NULL, on_last_done, NULL);
}
