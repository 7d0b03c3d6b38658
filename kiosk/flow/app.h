/* app.h: what a program of the terminal is built on, made in main and passed down. No globals.
 *
 * An App belongs to the main thread. Its `db` is for reading and for programs without a screen;
 * a program with a screen writes through `worker`, which has its own. */
#pragma once

#include "domain/guide.h"
#include "flow/worker.h"
#include "ops/config.h"
#include "store/db.h"
#include "store/enrolment.h"
#include "trust/key-set.h"
#include "trust/key.h"

typedef struct {
  Config *config;
  char *directory;      /* the state directory */
  Enrolment *enrolment; /* NULL before the device is enrolled: nothing can be submitted or drawn */
  Db *db;
  Worker *worker; /* NULL until app_start_worker */
  Guide *guide;
  Guide *former_guide; /* the one before app_renew_guide: pages that go may still read it */
  KeySet *key_set;     /* the one that app_load_key_set took last, or NULL */
  gint64 key_set_version, key_set_issued; /* of key_set, or 0: for the worker */
  Key *device_key;                        /* Ed25519, signs tickets; NULL before enrolment */
} App;

typedef enum {
  APP_WITHOUT_GUIDE = 1 << 0, /* do not load the guide */
} AppFlags;

/* Reads the configuration (config_path (option)), opens the store, loads enrolment, device key, key
 * set and guide, sweeps orphaned objects. An unenrolled device and a missing or bad key set are no
 * errors here: the flows refuse what they cannot do. Errors of config_load, db_open, guide. */
App *app_open (const char *option, AppFlags flags, GError **error);
void app_free (App *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (App, app_free)

/* For a program with a screen: deletes what is due (ops/retention) and starts the worker. */
gboolean app_start_worker (App *app, GError **error);

/* Reads keyset.json again if it changed (sync brings new ones while we run). DENIED if it does not
 * verify, NOT_FOUND without one; the former set stays in `key_set` in both cases. A set with a
 * lower version than the one held is refused. */
gboolean app_load_key_set (App *app, GError **error);

/* Between two visitors: takes the guide that is in force now, if it is another (a package came, or
 * the first day of the next version). */
void app_renew_guide (App *app);

/* The clock's floor: max of build date, last entry, key set's issue, newest package, last server
 * time. `db` is the caller's own. */
gint64 app_floor (App *app, Db *db);

/* What may be believed of `now`: `ret_judged` (may be NULL) is the time to judge key sets, tickets
 * and certificates at: max (now, floor), or the floor if the clock is unsure. TRUE if unsure: below
 * the floor, or more than 30 days past the last server time. */
gboolean app_clock_unsure (App *app, Db *db, gint64 now, gint64 *ret_judged);

/* The hall's name in "zh_CN" or "en". Borrowed. */
const char *app_peek_hall_name (const App *app, const char *language);

/* TRUE if a submission of `bytes` more can be stored: the disk keeps 64 MiB beyond it and the
 * reserve file stands. FULL otherwise. Asked before a person begins, and again before the commit.
 */
gboolean app_has_room (App *app, guint64 bytes, GError **error);
