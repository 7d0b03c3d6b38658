/* worker.c: the thread that owns the database. Work comes through a queue and goes back through a
 * GTask; nothing else crosses. Refuses to share its Db with anybody. */
#include "flow/worker.h"

#include "base/clock.h"
#include "base/error.h"

struct _Worker {
  char *directory;
  GThread *thread;
  GAsyncQueue *queue;
  Db *db; /* of the thread alone, after the start */
};

typedef struct {
  WorkerFunc func; /* NULL: end */
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  GTask *task; /* NULL: end */
} Piece;

static void
piece_free (Piece *piece)
{
  if (piece->data_free != NULL)
    piece->data_free (piece->data);
  g_free (piece);
}

static void
do_piece (Worker *worker, Piece *piece)
{
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (piece->task))
    return;
  result = piece->func (worker->db, piece->data, &error);
  if (error != NULL)
    g_task_return_error (piece->task, error);
  else
    g_task_return_pointer (piece->task, result, piece->result_free);
}

static gpointer
run (gpointer data)
{
  Worker *worker = data;
  gboolean ended = FALSE;

  while (!ended) {
    Piece *piece = g_async_queue_pop (worker->queue);
    GTask *task = piece->task;
    ended = task == NULL;
    if (!ended)
      do_piece (worker, piece);
    /* The data first: what it holds of a person shall not outlive the work. */
    piece_free (piece);
    g_clear_object (&task);
  }
  g_clear_pointer (&worker->db, db_free);
  return NULL;
}

Worker *
worker_new (const char *directory, GError **error)
{
  Db *db = db_open (directory, clock_now (), error);
  Worker *worker;

  if (db == NULL)
    return NULL;
  worker = g_new0 (Worker, 1);
  worker->directory = g_strdup (directory);
  worker->queue = g_async_queue_new ();
  worker->db = db;
  worker->thread = g_thread_new ("store", run, worker);
  return worker;
}

void
worker_free (Worker *worker)
{
  if (worker == NULL)
    return;
  g_async_queue_push (worker->queue, g_new0 (Piece, 1));
  g_thread_join (worker->thread);
  g_async_queue_unref (worker->queue);
  g_free (worker->directory);
  g_free (worker);
}

void
worker_run (Worker *worker, WorkerFunc func, gpointer data, GDestroyNotify data_free,
            GDestroyNotify result_free, GCancellable *cancellable, GAsyncReadyCallback callback,
            gpointer user_data)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->func = func;
  piece->data = data;
  piece->data_free = data_free;
  piece->result_free = result_free;
  piece->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (piece->task, worker_run);
  /* A commit that happened must not be reported as cancelled. */
  g_task_set_check_cancellable (piece->task, FALSE);
  g_async_queue_push (worker->queue, piece);
}

gpointer
worker_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- waiting ---- */

typedef struct {
  GMutex lock;
  GCond cond;
  WorkerFunc func;
  gpointer data;
  gpointer result;
  GError *error;
  gboolean done;
} Call;

static gpointer
call (Db *db, gpointer data, GError **error)
{
  Call *call = data;

  call->result = call->func (db, call->data, &call->error);
  g_mutex_lock (&call->lock);
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);
  return NULL;
}

gpointer
worker_call (Worker *worker, WorkerFunc func, gpointer data, GError **error)
{
  Call state = {.func = func, .data = data};

  g_mutex_init (&state.lock);
  g_cond_init (&state.cond);
  worker_run (worker, call, &state, NULL, NULL, NULL, NULL, NULL);
  g_mutex_lock (&state.lock);
  while (!state.done)
    g_cond_wait (&state.cond, &state.lock);
  g_mutex_unlock (&state.lock);
  g_mutex_clear (&state.lock);
  g_cond_clear (&state.cond);
  if (state.error != NULL)
    g_propagate_error (error, state.error);
  return state.result;
}
