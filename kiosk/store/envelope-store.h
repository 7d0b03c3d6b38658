/* envelope-store.h: on a desk: entries of the hall's devices as they came from the feed (bodies
 * still sealed), and the objects they name. A kiosk's table stays empty. */
#pragma once

#include "store/db.h"

typedef struct {
  char *case_id;
  char *number;  /* case number, or NULL for kinds without one */
  char *kind;    /* "case.submitted"... */
  char *service; /* or NULL */
  char *device;
  gint64 seq;
  gint64 at;
  GBytes *bytes;     /* the entry */
  gboolean complete; /* all its objects are here */
} Envelope;

void envelope_free (Envelope *envelope);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Envelope, envelope_free)

/* Keeps an entry (domain/entry parses it: INVALID); one that is there already is fine, another one
 * in its place is CONFLICT. */
gboolean envelope_store_put (Db *db, GBytes *entry, GError **error);

/* SHA-256 names of objects that envelopes name and that are not here, oldest first. Owned strings.
 */
GPtrArray *envelope_store_wanted (Db *db, guint max, GError **error);

/* The object was put into the object store. */
gboolean envelope_store_arrived (Db *db, const char *sha256, GError **error);

/* Submitted cases, newest first, at most `max`. Envelope. */
GPtrArray *envelope_store_cases (Db *db, guint max, GError **error);

/* All envelopes of the case with `number`, in order. Envelope; empty when there is none. */
GPtrArray *envelope_store_case (Db *db, const char *number, GError **error);
