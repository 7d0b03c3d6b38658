/* journal.h: the device's append-only log of entries (design: records and sync).
 *
 * An entry is kept as the exact bytes that travel (domain/entry builds them), with its seq, its
 * hash (SHA-256 of the bytes) and the hash before it. It is appended in the transaction of what it
 * tells, and never changed or deleted: triggers refuse it. Entries hold no personal data in clear.
 *
 * A log has one life per incarnation: seq begins at 1 in each. Watermarks of the other end are kept
 * beside it (peer-store); reading for sending is outbox.h. */
#pragma once

#include <jansson.h>

#include "domain/entry.h"
#include "store/db.h"

typedef struct {
  const char *device; /* "GS-K1"; the first entry binds the incarnation to it, CONFLICT later */
  EntryKind kind;
  const char *case_id;   /* or NULL */
  const GArray *objects; /* EntryObject, the sealed body first; NULL is none */
  json_t *body;          /* an object, borrowed; NULL is {} */
  gint64 at;             /* ms */
  gboolean unsure;       /* the clock is not believed (app.h) */
} JournalDraft;

typedef struct {
  char *incarnation;
  gint64 seq;
  gint64 at;
  EntryKind kind;
  char *case_id; /* or NULL */
  GBytes *bytes;
  char *hash; /* 64 hex digits */
} JournalEntry;

void journal_entry_free (JournalEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalEntry, journal_entry_free)

/* Appends; the objects named are also noted as to be sent. The bytes of an entry are at most 64 KiB
 * (FULL). `ret_seq` may be NULL. */
gboolean journal_append (Db *db, const JournalDraft *draft, gint64 *ret_seq, GError **error);

/* One entry of `incarnation`; NOT_FOUND. */
JournalEntry *journal_get (Db *db, const char *incarnation, gint64 seq, GError **error);

/* The incarnations of this store, oldest first. Owned strings. */
GPtrArray *journal_incarnations (Db *db, GError **error);

/* Seq of the last entry of `incarnation`, 0 without any; `ret_hash` (may be NULL) gets its 64 hex
 * digits, or 64 zeros. */
gboolean journal_head (Db *db, const char *incarnation, gint64 *ret_seq, char **ret_hash,
                       GError **error);

/* The latest `at` of the entries whose clock was believed, 0 without any (part of the floor). */
gboolean journal_last_at (Db *db, gint64 *ret_at, GError **error);

/* What journal_verify found. `broken_seq` is 0 when the chain is whole. */
typedef struct {
  gint64 entries;
  char *head; /* hash of the current incarnation's last entry, 64 hex digits */
  char *broken_incarnation;
  gint64 broken_seq;
  char *reason;
} JournalReport;

void journal_report_free (JournalReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalReport, journal_report_free)

/* Reads every entry from the first: bytes against hash, hash against the next one's prev, seq
 * without gaps, and the columns against the bytes. A broken chain is a report, not an error. */
JournalReport *journal_verify (Db *db, GError **error);

/* Throws away what can be made again from the journal (cases, case counter, drawn and redeemed
 * tickets, objects to send) and makes it again. Languages of cases are forgotten: no entry has
 * them. */
gboolean journal_rebuild (Db *db, GError **error);

/* For outbox.c: an entry from a row of incarnation, seq, at, kind, case_id, hash, bytes. */
JournalEntry *journal_entry_from (DbRows *rows, GError **error);
