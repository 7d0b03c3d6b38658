/* uplink.h: what onestop-sync works with: the device's store and keys, and its line to the city. */
#pragma once

#include "client/http.h"
#include "ops/config.h"
#include "store/db.h"
#include "store/enrolment.h"
#include "trust/key-set.h"
#include "trust/key.h"

typedef struct {
  Config *config;
  char *directory;
  Db *db;
  Enrolment *enrolment;
  Key *device_key;
  KeySet *key_set; /* NULL while there is no good one */
  char *ca_pem;
  char *ca_path, *certificate_path, *key_path;
  Http *http;              /* requests that are waited for */
  Http *feed;              /* the long poll */
  gboolean want_key_set;   /* the feed says that there is a newer one */
  gboolean objects_missed; /* an envelope's object was not there yet */
} Uplink;

/* Where a device keeps its keys: the configuration's word, or keys/NAME in its state directory.
 * Owned. */
char *uplink_key_path (const Config *config, const char *configured, const char *name);

/* Opens all of it; `option` as config_path takes it. NOT_FOUND if the device is not enrolled, else
 * errors of config_load, db_open, key_load. */
Uplink *uplink_open (const char *option, GError **error);
void uplink_free (Uplink *uplink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Uplink, uplink_free)

/* Ends waiting requests with CANCELLED as soon as `stop` says TRUE. */
void uplink_stop_when (Uplink *uplink, HttpStop stop, gpointer data);

/* The floor of time: max of build, key set's issue and the last signed server time. Entries do not
 * count here, for one written with a wrong clock would cut the device off for good. */
gint64 uplink_floor (Uplink *uplink);

/* TRUE if the clock is below the floor or more than 30 days past the last server time.
 * `ret_judged`: when key sets are judged: the clock, or the floor if unsure. */
gboolean uplink_clock_unsure (Uplink *uplink, gint64 *ret_judged);

/* Sends with certificates judged at max (clock, floor); if they are refused so and the clock is
 * unsure, once more at the floor. Errors of http_send. Owned. */
HttpAnswer *uplink_send (Uplink *uplink, const HttpRequest *request, GError **error);

/* uplink_send, and an error for every status but 2xx (http_answer_is_good). */
HttpAnswer *uplink_ask (Uplink *uplink, const HttpRequest *request, GError **error);

/* Loads the key set from the state directory anew; FALSE leaves `key_set` as it was. */
gboolean uplink_load_key_set (Uplink *uplink, GError **error);
