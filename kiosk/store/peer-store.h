/* peer-store.h: what the other end (the city) said: watermarks, epoch, time, cursor, and how the
 * last rounds went. Written by onestop-sync alone, read by all. */
#pragma once

#include "store/db.h"

typedef struct {
  char *epoch;         /* or NULL before the first answer */
  gint64 server_time;  /* highest ever heard, ms; 0 before */
  char *cursor;        /* of the feed, opaque; NULL before the first item */
  gint64 last_attempt; /* ms; 0 before */
  gint64 last_success;
  gint64 failures;  /* in a row */
  char *last_error; /* a word of error.h and a message, or NULL after a success */
} PeerState;

void peer_state_free (PeerState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PeerState, peer_state_free)

PeerState *peer_store_load (Db *db, GError **error);

/* How far `incarnation` was received (committed there) and is safe (in a backup there); 0, 0 before
 * the first answer. */
gboolean peer_store_watermarks (Db *db, const char *incarnation, gint64 *ret_received,
                                gint64 *ret_safe, GError **error);

/* Stores an answer. `received` and `safe` never go back within one epoch (a lower value is
 * ignored). Another `epoch` than the one before: every incarnation falls back to its `safe` (or the
 * answer's, if that is lower), objects after it are offered again, the feed's cursor is forgotten;
 * `ret_new_epoch` (may be NULL) says so. `server_time` only grows. INVALID if safe > received, or
 * received is more than was ever written. */
gboolean peer_store_acknowledge (Db *db, const char *incarnation, gint64 received, gint64 safe,
                                 const char *epoch, gint64 server_time, gboolean *ret_new_epoch,
                                 GError **error);

/* A signed server time outside of an answer to entries. */
gboolean peer_store_heard_time (Db *db, gint64 server_time, GError **error);

/* A round began / ended well / ended with `why`. */
gboolean peer_store_attempt (Db *db, gint64 at, GError **error);
gboolean peer_store_success (Db *db, gint64 at, GError **error);
gboolean peer_store_failure (Db *db, gint64 at, const GError *why, GError **error);

/* The feed's cursor; call it in the write that applies the items before it. */
gboolean peer_store_set_cursor (Db *db, const char *cursor, GError **error);

/* The last answers other than watermarks that an operator should see: an entry the city refused or
 * quarantined. Kept for staff. */
gboolean peer_store_refused (Db *db, const char *incarnation, gint64 seq, const char *reason,
                             gint64 at, GError **error);
gboolean peer_store_count_refused (Db *db, gint64 *ret_count, GError **error);
