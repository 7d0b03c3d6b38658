/* entry.h: the exact bytes of one entry of a device's append-only log, built and parsed.
 *
 * An entry is one line of compact JSON (no newline in it), members in this order:
 *   {"device","incarnation","seq","prev","at","unsure"(only if true),"kind","case_id"(if any),
 *    "objects":[{"sha256","size"}],"body":{}}
 * Its hash is SHA-256 over exactly these bytes (trust/hash.h); `prev` is the hash of the entry
 * before it, 64 zeros for seq 1. What was written is never written again: pass the bytes on. */
#pragma once

#include <glib.h>
#include <jansson.h>

#define ENTRY_MAX_BYTES 65536 /* the whole line */
#define ENTRY_MAX_OBJECTS 256 /* of one entry */
#define ENTRY_FIRST_PREV "0000000000000000000000000000000000000000000000000000000000000000"

typedef enum {
  ENTRY_KIND_CASE_SUBMITTED,
  ENTRY_KIND_CASE_SUPPLEMENT,
  ENTRY_KIND_CASE_WITHDRAWN,
  ENTRY_KIND_TICKET_DRAWN,
  ENTRY_KIND_TICKET_CALLED,
  ENTRY_KIND_TICKET_SERVED,
  ENTRY_KIND_TICKET_MISSED,
  ENTRY_KIND_TICKET_REDEEMED,
  ENTRY_KIND_PRINT_OUTCOME,
  ENTRY_KIND_STAFF_ACTION,
  ENTRY_KIND_HELP_CALL,
  ENTRY_KIND_AUDIT,
  ENTRY_KIND_HEARTBEAT,
} EntryKind;

#define ENTRY_N_KINDS (ENTRY_KIND_HEARTBEAT + 1)

/* "case.submitted"...; static. */
const char *entry_kind_word (EntryKind kind);
gboolean entry_kind_parse (const char *word, EntryKind *ret_kind);

/* A sealed object that the entry speaks of: lower-case hex SHA-256 and size of the sealed bytes. */
typedef struct {
  char sha256[65];
  guint64 size;
} EntryObject;

typedef struct {
  char *device;      /* "GS-K1" */
  char *incarnation; /* UUIDv7 of this store's life */
  guint64 seq;       /* from 1 */
  char prev[65];     /* hex */
  gint64 at;         /* ms UTC, by the device's clock */
  gboolean unsure;   /* the clock could not be believed */
  EntryKind kind;
  char *case_id;   /* UUIDv7, or NULL */
  GArray *objects; /* EntryObject, the sealed body first; never NULL */
  json_t *body;    /* an object; never NULL in an entry that was parsed */
} Entry;

/* An entry of `kind` with empty objects, an empty body and prev = ENTRY_FIRST_PREV. Owned. */
Entry *entry_new (EntryKind kind);
void entry_free (Entry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, entry_free)

void entry_add_object (Entry *entry, const char *sha256, guint64 size);

/* The line for `entry`. Owned, NUL-terminated (strlen is its length). INVALID that names the
 * member which is missing or malformed; FULL over ENTRY_MAX_BYTES or ENTRY_MAX_OBJECTS. */
char *entry_write (const Entry *entry, GError **error);

/* Reads one line. INVALID unless it is exactly what entry_write makes of what it says: unknown,
 * missing, doubled or misplaced members, blanks, other escapes, an unknown kind; FULL over the
 * limits. The hash chain is trust/log-chain's business. Owned. */
Entry *entry_parse (const char *bytes, gsize length, GError **error);

/* TRUE if `text` names a device: hall (two of 23456789A-Z without I, O), "-", a capital role
 * letter, a number of 1 to 3 digits without leading zero. */
gboolean entry_is_device (const char *text);
