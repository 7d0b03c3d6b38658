/* intake-flow.h: one application, from the first field to its number (the heart of the product).
 *
 * An IntakeFlow is a draft in memory: never on disk, wiped when it is freed. It is made when a
 * service is begun, filled by screens or by `onestop case submit`, checked, and submitted once.
 *
 * Submitting: the body and every document are sealed to the recipients of the key set (none that is
 * valid: DENIED, nothing is stored), the sealed objects are written and synced, and then ONE
 * transaction makes the case number, the case row, the journal entry, the receipt row and the spool
 * row. Only when that is on the disk does a number exist, for anybody. After a failure nothing of
 * it exists, the draft is unchanged, and it may be tried again.
 *
 * Texts are UTF-8. Slots, fields and consents are named as the guide names them. */
#pragma once

#include <jansson.h>

#include "domain/form.h"
#include "domain/material.h"
#include "flow/app.h"

#define INTAKE_MAX_DOCUMENT_BYTES (20 * 1024 * 1024)
#define INTAKE_MAX_DOCUMENTS 60 /* of one application */
#define INTAKE_MAX_TOTAL_BYTES (200 * 1024 * 1024)
#define INTAKE_MAX_SIGNATURE_BYTES (256 * 1024)

typedef struct _IntakeFlow IntakeFlow;

/* Begins. NOT_FOUND for a service that the guide does not have or does not offer; FULL, DENIED if a
 * submission could not be taken now (app_has_room, no valid key set): said before a person begins.
 */
IntakeFlow *intake_flow_new (App *app, const char *service, const char *language, GError **error);

/* Wipes everything. NULL is fine. */
void intake_flow_free (IntakeFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IntakeFlow, intake_flow_free)

const GuideService *intake_flow_peek_service (const IntakeFlow *flow);
const char *intake_flow_peek_language (const IntakeFlow *flow);
void intake_flow_set_language (IntakeFlow *flow, const char *language);

/* ---- answers: the whole form, flat, as domain/form.h says ----
 * Sections of the parts applicant and on_behalf hold who applies and for whom; form_part takes them
 * apart when the case is sealed. `value` is taken; NULL forgets the answer. NOT_FOUND for a field
 * that the form does not have. */
gboolean intake_flow_take_answer (IntakeFlow *flow, const char *field, json_t *value,
                                  GError **error);
/* Borrowed; NULL when there is none. */
const json_t *intake_flow_peek_answer (const IntakeFlow *flow, const char *field);
/* All of them. Borrowed. */
const json_t *intake_flow_peek_answers (const IntakeFlow *flow);

/* Which section of the form the person is at: a place, kept for the screens. 0 at first. */
guint intake_flow_section (const IntakeFlow *flow);
void intake_flow_set_section (IntakeFlow *flow, guint section);

/* ---- documents ---- */
typedef struct {
  char *slot;  /* material id */
  char *media; /* "image/jpeg", "image/png", "application/pdf" */
  char *name;  /* as it was called on the stick, or NULL; goes into the sealed body only */
  GBytes *bytes;
  guint pages;
  int rotate; /* 0, 90, 180, 270: applied when shown and printed, never to the bytes */
} IntakeDocument;

/* Adds at the end of its slot, after flow/scan-flow or the intake helper has judged it; `bytes` are
 * referenced and wiped with the draft. NOT_FOUND slot, INVALID media, FULL over a limit.
 * `ret_index` (may be NULL) is its place in the slot, from 0. */
gboolean intake_flow_add_document (IntakeFlow *flow, const char *slot, const char *media,
                                   const char *name, GBytes *bytes, guint pages, guint *ret_index,
                                   GError **error);
/* Puts another in the place of document `index`, not turned. When it cannot be taken (as above) the
 * old one stays. */
gboolean intake_flow_replace_document (IntakeFlow *flow, const char *slot, guint index,
                                       const char *media, const char *name, GBytes *bytes,
                                       guint pages, GError **error);
/* The checklist for these answers and documents (domain/material): MaterialLine; unref it. */
GPtrArray *intake_flow_materials (const IntakeFlow *flow);
/* Documents of `slot` in order (NULL: all, in the order of the materials). Borrowed records in an
 * owned array. */
GPtrArray *intake_flow_documents (const IntakeFlow *flow, const char *slot);
gboolean intake_flow_remove_document (IntakeFlow *flow, const char *slot, guint index,
                                      GError **error);
gboolean intake_flow_rotate_document (IntakeFlow *flow, const char *slot, guint index, int rotate,
                                      GError **error);

/* ---- notice, consents, signature ---- */
/* The person says to have read the notice `id` (the guide's for this service). */
gboolean intake_flow_read_notice (IntakeFlow *flow, const char *id, gint64 at, GError **error);
gboolean intake_flow_has_read_notice (const IntakeFlow *flow);
/* The consents that concern these answers and documents, in the order in which they are asked.
 * GuideConsent; unref the array. */
GPtrArray *intake_flow_consents (const IntakeFlow *flow);
/* A consent is given or refused; one never answered counts as refused and is stored so. */
gboolean intake_flow_consent (IntakeFlow *flow, const char *id, gboolean given, gint64 at,
                              GError **error);
/* 1 given, 0 refused, -1 not answered. */
int intake_flow_peek_consent (const IntakeFlow *flow, const char *id);
/* SVG of the strokes; NULL takes it away. */
gboolean intake_flow_set_signature (IntakeFlow *flow, GBytes *svg, GError **error);
/* Borrowed, or NULL. */
GBytes *intake_flow_peek_signature (const IntakeFlow *flow);
gboolean intake_flow_has_signature (const IntakeFlow *flow);

/* ---- is it complete? ---- */
typedef enum {
  INTAKE_PART_FORM,
  INTAKE_PART_DOCUMENTS,
  INTAKE_PART_NOTICE,
  INTAKE_PART_CONSENT,
  INTAKE_PART_SIGNATURE,
} IntakePart;

typedef struct {
  IntakePart part;
  char *id;       /* member, field, slot, notice or consent */
  char *reason;   /* a stable word: "missing", "check-digit", "format", "range", "choice",
                     "refused"... (domain/form, domain/person) */
  char *message;  /* English msgid of a sentence for a person (translate.h), or a text of the guide
                     in the draft's language; says what to do */
  gboolean later; /* does not hinder: may be brought later (容缺), shown on the receipt */
} IntakeProblem;

void intake_problem_free (IntakeProblem *problem);

/* Everything that is missing or wrong, in the order of the screens. `part` < 0: all parts.
 * IntakeProblem; empty when it may be submitted. */
GPtrArray *intake_flow_problems (const IntakeFlow *flow, int part);

/* ---- submit ---- */
typedef struct {
  char *number; /* "GSA-222223-K" */
  char *case_id;
  gint64 at;
  char *ticket_text; /* what the receipt's QR says */
  json_t *receipt;   /* the receipt row (paper/receipt-paper) */
  gint64 print_id;   /* its spool row */
} IntakeResult;

void intake_result_free (IntakeResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IntakeResult, intake_result_free)

/* Checks and submits, in the thread that owns `db`. INVALID with the first problem that hinders;
 * DENIED without a valid key set or enrolment; FULL without room; RETRY, CORRUPT from the store;
 * CONFLICT if it was submitted already. After success the draft is wiped and only its result can be
 * asked. `now` is the wall clock. Owned. */
IntakeResult *intake_flow_submit (IntakeFlow *flow, Db *db, gint64 now, GError **error);

/* The same in the app's worker. The flow must not be touched until the callback. */
void intake_flow_submit_async (IntakeFlow *flow, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
IntakeResult *intake_flow_submit_finish (IntakeFlow *flow, GAsyncResult *result, GError **error);

/* Queues another copy of a receipt (补打: the copy number counts on). NOT_FOUND when it was purged.
 */
gboolean intake_flow_reprint (Db *db, const char *number, gint64 now, gint64 *ret_print_id,
                              GError **error);
