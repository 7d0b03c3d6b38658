/* log-db.h: the devices' logs as they arrived, byte for byte, and what was put aside. */
#pragma once

#include "city/db/db.h"

typedef struct {
  gint64 id;
  gint64 received; /* last seq, 0: nothing yet */
  char head[65];   /* its hash, 64 zeros at the start */
  gint64 safe;     /* last seq in a finished backup, with all objects */
} LogRow;

/* The chain of a device's incarnation; made if it is not there. */
gboolean log_db_chain (Db *db, const char *device, const char *incarnation, LogRow *ret_row,
                       GError **error);

/* Appends entry `seq` and moves the chain's head to it. `reason`: why it is refused, or NULL. */
gboolean log_db_append (Db *db, gint64 chain, gint64 seq, const char *hash, const void *bytes,
                        gsize length, gint64 now, const char *reason, GError **error);

/* The stored hash and reason (NULL: used) of an entry. FALSE with NOT_FOUND. Both owned. */
gboolean log_db_find (Db *db, gint64 chain, gint64 seq, char **ret_hash, char **ret_reason,
                      GError **error);
/* The seq of the entry with this hash, 0 if there is none. */
gboolean log_db_find_hash (Db *db, gint64 chain, const char *hash, gint64 *ret_seq, GError **error);

/* The exact bytes of an entry. NOT_FOUND. Owned. */
GBytes *log_db_bytes (Db *db, gint64 chain, gint64 seq, GError **error);

typedef void (*LogDbVisit) (gint64 seq, const char *reason, void *data);
/* Refused entries from `from` to `to`, newest first, at most 100. */
gboolean log_db_refused (Db *db, gint64 chain, gint64 from, gint64 to, LogDbVisit visit, void *data,
                         GError **error);

gboolean log_db_quarantine (Db *db, const char *device, gint64 now, const char *reason,
                            const void *bytes, gsize length, GError **error);

/* Sets every chain's `safe` to the last entry up to which all used entries' objects are in `db`
 * (an opened copy); read from one database, written to another by log_db_set_safe. Each element
 * "DEVICE INCARNATION SEQ". Owned. */
GPtrArray *log_db_safe_marks (Db *db, GError **error);
gboolean log_db_set_safe (Db *db, const char *device, const char *incarnation, gint64 safe,
                          GError **error);

/* Walks every chain from its first entry: CORRUPT at the first that does not follow.
 * `ret_entries` counts them. */
gboolean log_db_check (Db *db, gint64 *ret_entries, GError **error);
