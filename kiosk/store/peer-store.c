/* peer-store.c: what the city said last. Refuses watermarks that cannot be, and never lets one go
 * back but for a new epoch. */
#include "store/peer-store.h"

#include "base/error.h"
#include "store/journal.h"
#include "store/outbox.h"

void
peer_state_free (PeerState *state)
{
  if (state == NULL)
    return;
  g_free (state->epoch);
  g_free (state->cursor);
  g_free (state->last_error);
  g_free (state);
}

DB_SQL (sql_load, "SELECT epoch, server_time, cursor, last_attempt, last_success, failures,"
                  " last_error FROM peer");

PeerState *
peer_store_load (Db *db, GError **error)
{
  g_autoptr (DbRows) rows = db_select (db, sql_load, error, "");
  PeerState *state;

  if (rows == NULL)
    return NULL;
  if (!db_rows_next (rows, error))
    return NULL;
  state = g_new0 (PeerState, 1);
  state->epoch = db_rows_text (rows, 0);
  state->server_time = db_rows_int (rows, 1);
  state->cursor = db_rows_text (rows, 2);
  state->last_attempt = db_rows_int (rows, 3);
  state->last_success = db_rows_int (rows, 4);
  state->failures = db_rows_int (rows, 5);
  state->last_error = db_rows_text (rows, 6);
  return state;
}

DB_SQL (sql_received, "SELECT received FROM watermark WHERE incarnation = ?1");
DB_SQL (sql_safe, "SELECT safe FROM watermark WHERE incarnation = ?1");

gboolean
peer_store_watermarks (Db *db, const char *incarnation, gint64 *ret_received, gint64 *ret_safe,
                       GError **error)
{
  gint64 received, safe;

  if (!db_select_int (db, sql_received, 0, &received, error, "s", incarnation) ||
      !db_select_int (db, sql_safe, 0, &safe, error, "s", incarnation))
    return FALSE;
  *ret_received = received;
  *ret_safe = safe;
  return TRUE;
}

typedef struct {
  const char *incarnation;
  gint64 received, safe;
  const char *epoch;
  gint64 server_time;
  gboolean new_epoch;
} Answer;

DB_SQL (sql_fall_back, "UPDATE watermark SET received = safe");
DB_SQL (
    sql_resend_all,
    "UPDATE object SET sent = 0 WHERE purged = 0 AND seq > coalesce ((SELECT safe FROM watermark"
    " WHERE incarnation = object.incarnation), 0)");
DB_SQL (sql_forget_cursor, "UPDATE peer SET cursor = NULL");

/* The server was restored: what it said after its last backup is gone. */
static gboolean
begin_epoch (Db *db, Answer *answer, GError **error)
{
  g_autoptr (PeerState) state = peer_store_load (db, error);

  if (state == NULL)
    return FALSE;
  answer->new_epoch = state->epoch != NULL && g_strcmp0 (state->epoch, answer->epoch) != 0;
  if (!answer->new_epoch)
    return TRUE;
  return db_run (db, sql_fall_back, error, "") && db_run (db, sql_resend_all, error, "") &&
         db_run (db, sql_forget_cursor, error, "");
}

/* In a new epoch a device begins again at what both still have; the next answers raise it. */
DB_SQL (sql_begin_again, "UPDATE watermark SET received = min (received, ?2), safe = min (safe, ?3)"
                         " WHERE incarnation = ?1");
DB_SQL (sql_acknowledge,
        "INSERT INTO watermark (incarnation, received, safe) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (incarnation) DO UPDATE SET received = max (received, excluded.received),"
        " safe = max (safe, excluded.safe)");
DB_SQL (sql_heard, "UPDATE peer SET epoch = ?1, server_time = max (server_time, ?2)");

static gboolean
acknowledge (Db *db, gpointer data, GError **error)
{
  Answer *answer = data;
  gint64 last;

  if (!journal_head (db, answer->incarnation, &last, NULL, error))
    return FALSE;
  if (answer->safe < 0 || answer->safe > answer->received || answer->received > last) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "the city acknowledges what was never sent");
    return FALSE;
  }
  return begin_epoch (db, answer, error) &&
         db_run (db, answer->new_epoch ? sql_begin_again : sql_acknowledge, error, "sii",
                 answer->incarnation, answer->received, answer->safe) &&
         db_run (db, sql_heard, error, "si", answer->epoch, answer->server_time);
}

gboolean
peer_store_acknowledge (Db *db, const char *incarnation, gint64 received, gint64 safe,
                        const char *epoch, gint64 server_time, gboolean *ret_new_epoch,
                        GError **error)
{
  Answer data = {incarnation, received, safe, epoch, server_time, FALSE};

  if (!db_write (db, acknowledge, &data, error))
    return FALSE;
  if (ret_new_epoch != NULL)
    *ret_new_epoch = data.new_epoch;
  return TRUE;
}

DB_SQL (sql_time, "UPDATE peer SET server_time = max (server_time, ?1)");

static gboolean
hear_time (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_time, error, "i", *(gint64 *)data);
}

gboolean
peer_store_heard_time (Db *db, gint64 server_time, GError **error)
{
  return db_write (db, hear_time, &server_time, error);
}

DB_SQL (sql_attempt, "UPDATE peer SET last_attempt = ?1");

static gboolean
attempt (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_attempt, error, "i", *(gint64 *)data);
}

gboolean
peer_store_attempt (Db *db, gint64 at, GError **error)
{
  return db_write (db, attempt, &at, error);
}

DB_SQL (sql_success, "UPDATE peer SET last_success = ?1, failures = 0, last_error = NULL");

static gboolean
success (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_success, error, "i", *(gint64 *)data);
}

gboolean
peer_store_success (Db *db, gint64 at, GError **error)
{
  return db_write (db, success, &at, error);
}

DB_SQL (sql_failure, "UPDATE peer SET last_attempt = ?1, failures = failures + 1, last_error = ?2");

typedef struct {
  gint64 at;
  const char *words;
} Failure;

static gboolean
failure (Db *db, gpointer data, GError **error)
{
  Failure *failure = data;
  return db_run (db, sql_failure, error, "is", failure->at, failure->words);
}

gboolean
peer_store_failure (Db *db, gint64 at, const GError *why, GError **error)
{
  gboolean ours = why != NULL && why->domain == ONESTOP_ERROR;
  g_autofree char *words = g_strdup_printf ("%s: %s", ours ? onestop_error_word (why->code) : "bug",
                                            why != NULL ? why->message : "no reason was given");
  Failure data = {at, words};

  return db_write (db, failure, &data, error);
}

DB_SQL (sql_set_cursor, "UPDATE peer SET cursor = ?1");

static gboolean
set_cursor (Db *db, gpointer data, GError **error)
{
  return db_run (db, sql_set_cursor, error, "s", (const char *)data);
}

gboolean
peer_store_set_cursor (Db *db, const char *cursor, GError **error)
{
  return db_write (db, set_cursor, (gpointer)cursor, error);
}

typedef struct {
  const char *incarnation;
  gint64 seq;
  const char *reason;
  gint64 at;
} Refused;

DB_SQL (sql_refused, "INSERT INTO refused (incarnation, seq, reason, at) VALUES (?1, ?2, ?3, ?4)"
                     " ON CONFLICT (incarnation, seq) DO UPDATE SET reason = excluded.reason");

static gboolean
refused (Db *db, gpointer data, GError **error)
{
  Refused *refused = data;
  return db_run (db, sql_refused, error, "sisi", refused->incarnation, refused->seq,
                 refused->reason, refused->at);
}

gboolean
peer_store_refused (Db *db, const char *incarnation, gint64 seq, const char *reason, gint64 at,
                    GError **error)
{
  Refused data = {incarnation, seq, reason, at};
  return db_write (db, refused, &data, error);
}

DB_SQL (sql_count_refused, "SELECT count (*) FROM refused");

gboolean
peer_store_count_refused (Db *db, gint64 *ret_count, GError **error)
{
  return db_select_int (db, sql_count_refused, 0, ret_count, error, "");
}
