/* intake-seal.h: the sealing half of intake-flow: who may read a case, and its sealed objects on
 * the disk before any row speaks of them. */
#pragma once

#include "flow/app.h"
#include "trust/seal.h"

/* To whom a case is sealed now. */
typedef struct _IntakeRecipients IntakeRecipients;

/* Reads the key set from the disk and judges it at `now`. DENIED before enrolment, without a key
 * set, or with one that does not verify, is expired, older than one seen before, or lacks a
 * recipient: then nothing may be taken. Any thread; `db` is the caller's. Owned. */
IntakeRecipients *intake_seal_recipients (App *app, Db *db, gint64 now, GError **error);
void intake_recipients_free (IntakeRecipients *recipients);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IntakeRecipients, intake_recipients_free)

/* One submission being sealed. */
typedef struct _IntakeSeal IntakeSeal;

/* A new case id of time `at` and a new key. `recipients` must outlive it. */
IntakeSeal *intake_seal_new (const char *directory, IntakeRecipients *recipients, gint64 at);

/* Wipes the key. Objects that were written are deleted unless intake_seal_keep was called. */
void intake_seal_free (IntakeSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IntakeSeal, intake_seal_free)

/* Seals `plain` for `place` and writes the object, synced. The body goes first in the list of
 * objects, whenever it is added. Its SHA-256 (hex), borrowed; NULL: FULL, RETRY, INVALID. */
const char *intake_seal_add (IntakeSeal *seal, SealPlace place, GBytes *plain, GError **error);

/* The transaction that names the objects is committed. */
void intake_seal_keep (IntakeSeal *seal);

/* The key, wrapped for every recipient. Owned. */
json_t *intake_seal_wraps (IntakeSeal *seal, GError **error);

const char *intake_seal_peek_case_id (const IntakeSeal *seal);
const GArray *intake_seal_peek_objects (const IntakeSeal *seal); /* EntryObject, body first */
/* SHA-256 of the sealed body, hex. */
const char *intake_seal_peek_manifest (const IntakeSeal *seal);
