/* case-store.h: what this machine knows of its own cases in clear: no name, no number of a person.
 */
#pragma once

#include "store/db.h"

typedef struct {
  char *number;  /* "GSA-222223-K" */
  char *case_id; /* UUIDv7 */
  char *service; /* guide id */
  char *guide;   /* sha256 hex of the guide document the case began with */
  char *hall;
  char *language; /* "zh_CN", "en", or "" when it was forgotten (journal_rebuild) */
  gint64 submitted_at;
  char *incarnation; /* of its entry */
  gint64 seq;
} CaseRow;

void case_row_free (CaseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseRow, case_row_free)

/* Takes the next counter value (1, 2...) for a case number. Only inside the write that also inserts
 * the case (BUG otherwise): a roll-back gives the value back, a commit never does. */
gboolean case_store_next_counter (Db *db, gint64 *ret_counter, GError **error);

gboolean case_store_insert (Db *db, const CaseRow *row, GError **error);

/* NOT_FOUND. */
CaseRow *case_store_get (Db *db, const char *number, GError **error);

/* Newest first, at most `max`. CaseRow. */
GPtrArray *case_store_list (Db *db, guint max, GError **error);
