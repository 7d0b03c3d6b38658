/* print-watch.c: reads the spool with the main thread's store, writes through the worker. */
#include "kiosk/print-watch.h"

#include "base/clock.h"

gint64
print_watch_find (Page *page, PrintKind kind, const char *reference)
{
  Db *db = page_kiosk (page)->app->db;
  g_autoptr (PrintJob) job = db != NULL ? print_spool_find (db, kind, reference, NULL) : NULL;
  return job != NULL ? job->id : 0;
}

gboolean
print_watch_look (Page *page, gint64 id, PrintFlowView *ret_view)
{
  Db *db = page_kiosk (page)->app->db;
  return db != NULL && id != 0 && print_flow_look (db, id, clock_now (), ret_view, NULL);
}

/* What stands in the session's slot; its first member is the slot's gint64. */
typedef struct {
  gint64 id;
  Worker *worker;
} Remembered;

static gpointer
leave_in_worker (Db *db, gpointer data, GError **error)
{
  (void)print_flow_leave (db, *(gint64 *)data, clock_now (), error);
  return NULL;
}

/* The visitor is gone, or the page shows another job: paper that cannot come now shall not come to
 * a stranger later. */
static void
on_forgotten (gpointer data)
{
  Remembered *job = data;
  if (job->worker != NULL && job->id != 0)
    worker_run (job->worker, leave_in_worker, g_memdup2 (&job->id, sizeof job->id), g_free, NULL,
                NULL, NULL, NULL);
  g_free (job);
}

void
print_watch_remember (Page *page, gint64 id)
{
  Remembered *job;
  if (id == print_watch_remembered (page))
    return;
  job = g_new (Remembered, 1);
  *job = (Remembered){id, page_kiosk (page)->app->worker};
  session_take_flow (page_session (page), SESSION_SLOT_PRINT, job, on_forgotten);
}

gint64
print_watch_remembered (Page *page)
{
  const gint64 *id = session_flow (page_session (page), SESSION_SLOT_PRINT);
  return id != NULL ? *id : 0;
}

const char *
print_watch_words (Page *page, const PrintFlowView *view)
{
  switch (view->state) {
  case PRINT_STATE_QUEUED:
    return printer_condition_can_print (view->condition)
               ? page_say (page, "Printing begins")
               : page_say (page, printer_condition_sentence (view->condition));
  case PRINT_STATE_SENDING:
    return page_say (page, "Printing");
  case PRINT_STATE_PRINTED:
    return page_say (page, "Take your paper below the screen");
  case PRINT_STATE_UNKNOWN:
    return page_say (page, "Did the paper come out?");
  case PRINT_STATE_CANCELLED:
    return page_say (page, "Not printed, as you wished");
  case PRINT_STATE_FAILED:
  default:
    return page_say (page, "The paper did not come out");
  }
}

typedef struct {
  gint64 id;
  PrintWatchAct act;
} Act;

static gpointer
act_in_worker (Db *db, gpointer data, GError **error)
{
  const Act *act = data;
  gint64 now = clock_now (), id = act->id;
  gboolean done = FALSE;
  switch (act->act) {
  case PRINT_WATCH_HAVE_PAPER:
    done = print_flow_answer (db, act->id, TRUE, now, &id, error);
    break;
  case PRINT_WATCH_NO_PAPER:
    done = print_flow_answer (db, act->id, FALSE, now, &id, error);
    break;
  case PRINT_WATCH_AGAIN:
    done = print_flow_again (db, act->id, now, &id, error);
    break;
  case PRINT_WATCH_CANCEL:
    done = print_flow_cancel (db, act->id, now, error);
    break;
  }
  return done ? g_memdup2 (&id, sizeof id) : NULL;
}

typedef struct {
  Page *page;
  guint visitor;
  PrintWatchAct act;
} Asked;

static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  g_autoptr (Page) page = asked->page;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *id = worker_finish (result, &error);
  if (session_wipes (page_session (page)) != asked->visitor)
    return;
  if (id != NULL)
    print_watch_remember (page, *id);
  if (session_state (page_session (page)) == SESSION_FAULT)
    /* Another attempt, or an answer, or somebody was faster: the page before shows how it is. */
    page_event (page, SESSION_DONE);
}

void
print_watch_do (Page *page, PrintWatchAct act)
{
  Worker *worker = page_kiosk (page)->app->worker;
  Act *what = g_new (Act, 1);
  Asked *asked = g_new (Asked, 1);
  if (worker == NULL)
    return;
  what->id = print_watch_remembered (page);
  what->act = act;
  asked->page = g_object_ref (page);
  asked->visitor = session_wipes (page_session (page));
  worker_run (worker, act_in_worker, what, g_free, g_free, NULL, on_acted, asked);
}
