/* city.h: the server's state in one place: database, keys, guide, calendar, epoch.
 *
 * Made in main and passed down; there are no globals. Command-line tools open it without serving.
 */
#pragma once

#include <glib.h>

#include "city/config.h"
#include "city/db/db.h"
#include "domain/calendar.h"
#include "domain/guide.h"
#include "trust/key.h"

typedef struct {
  Config *config;
  Db *db;
  char *ca, *ca_key;         /* PEM */
  char *server, *server_key; /* PEM */
  Key *working;              /* opens cases */
  Key *keyset_sign;          /* signs key sets, answers and times */
  Guide *guide;              /* NULL: none is there */
  Calendar *calendar;        /* NULL: none is there, so no due days */
  char *epoch;
  void (*on_feed) (gpointer data); /* called after a commit that may have added feed items */
  gpointer on_feed_data;
} City;

/* Opens a directory that `city_init` made. NOT_FOUND, DENIED, CORRUPT, RETRY. Owned. */
City *city_open (Config *take_config, GError **error);
void city_free (City *city);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (City, city_free)

/* Makes `directory`: CA, server certificate for `names` (NULL-terminated DNS names and addresses),
 * working, recovery and key-set keys, database, first key set. CONFLICT if there is one already. */
gboolean city_init (const char *directory, const char *const *names, gint64 now, GError **error);

/* The newest key set as signed text. Owned. */
char *city_keyset (City *city, GError **error);

/* Makes and stores a new version from the devices and hall keys, and tells the feed. Inside a
 * db_write. */
gboolean city_issue_keyset (City *city, gint64 now, GError **error);

/* Issues a new key set when half of the newest one's life is over, or after a restore. */
gboolean city_renew_keyset (City *city, gint64 now, GError **error);

/* The public key a hall's cases are sealed to, from then on; issues a key set. Inside a db_write.
 */
gboolean city_set_hall_key (City *city, const char *hall, const guint8 key[32], gint64 now,
                            GError **error);

/* {"signed":{"type":type, ...members},"signature"} by the key-set key. Takes over `members`. Owned.
 */
json_t *city_sign (City *city, const char *type, json_t *take_members);

/* Path of a file in the state directory. Owned. */
char *city_path (const City *city, const char *name);
