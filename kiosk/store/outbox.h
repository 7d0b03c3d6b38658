/* outbox.h: what waits to be sent, read side by side with those who write.
 *
 * The client holds every cursor: it asks for what follows the seq that the other end acknowledged
 * (peer-store.h), sends, and stores the answer there. */
#pragma once

#include "store/journal.h"

/* Entries of `incarnation` after `after_seq`, oldest first, until `max_bytes` of entry bytes (plus
 * one newline each) are full; at least one if there is any. JournalEntry. */
GPtrArray *outbox_read (Db *db, const char *incarnation, gint64 after_seq, gsize max_bytes,
                        GError **error);

typedef struct {
  char *sha256; /* of the sealed bytes, 64 hex digits */
  gint64 size;
} OutboxObject;

void outbox_object_free (OutboxObject *object);

/* Objects not yet known to be at the other end, in the order of their entries, at most `max`.
 * OutboxObject. */
GPtrArray *outbox_objects (Db *db, guint max, GError **error);

/* The other end has this object (200 to HEAD, or a finished upload). */
gboolean outbox_object_sent (Db *db, const char *sha256, GError **error);

/* The other end was restored: objects of entries after its `safe` are to be offered again. */
gboolean outbox_resend_objects (Db *db, const char *incarnation, gint64 after_seq, GError **error);

/* What waits: entries not received, objects not sent, and the time of the oldest such entry (0 if
 * none). */
typedef struct {
  gint64 entries;
  gint64 objects;
  gint64 since;
} OutboxStatus;

gboolean outbox_status (Db *db, OutboxStatus *ret_status, GError **error);
