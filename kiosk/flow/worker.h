/* worker.h: one thread that owns the database, and works off what the screens ask of it.
 *
 * Work is done one piece after the other, in the order asked. The main loop never waits for a disk.
 * A test without a main loop calls the flows directly. */
#pragma once

#include <gio/gio.h>

#include "store/db.h"

typedef struct _Worker Worker;

/* Runs in the worker's thread. The result is what worker_finish returns; NULL with `error` is a
 * failure, NULL without one is a result too. */
typedef gpointer (*WorkerFunc) (Db *db, gpointer data, GError **error);

/* Opens its own Db on `directory` in the thread. The error of db_open comes back here. */
Worker *worker_new (const char *directory, GError **error);

/* Finishes what was asked, closes, joins. NULL is fine. */
void worker_free (Worker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Worker, worker_free)

/* Asks for `func (db, data)`; `callback` comes in the thread-default main context of the caller
 * with a GTask. `data_free` frees `data` afterwards, `result_free` a result that nobody took. */
void worker_run (Worker *worker, WorkerFunc func, gpointer data, GDestroyNotify data_free,
                 GDestroyNotify result_free, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data);

/* In the callback. Owned as the func gave it. */
gpointer worker_finish (GAsyncResult *result, GError **error);

/* The same and waits: for programs without a screen. */
gpointer worker_call (Worker *worker, WorkerFunc func, gpointer data, GError **error);
