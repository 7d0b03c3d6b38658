/* intake-submit.c: the end of an application: sealed, stored, and then numbered, in that order.
 * Refuses to store anything that cannot be sealed to the city, and to say a number before the disk
 * has it. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/person.h"
#include "flow/guide-flow.h"
#include "flow/intake-draft.h"
#include "flow/intake-flow.h"
#include "flow/intake-receipt.h"
#include "flow/intake-seal.h"
#include "flow/ticket-flow.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/print-spool.h"
#include "store/receipt-store.h"

/* ---- the sealed body ---- */

static json_t *
describe_consents (const IntakeFlow *flow, gint64 now)
{
  g_autofree char *today = clock_day (now);
  json_t *list = json_array ();

  for (const char *const *id = flow->service->consents; id != NULL && *id != NULL; id++) {
    const GuideConsent *consent = guide_consent (flow->guide, *id);
    const IntakeConsent *answer = intake_draft_consent (flow, *id);
    g_autofree char *at = clock_format (answer != NULL ? answer->at : now);
    if (consent == NULL || (answer == NULL && !intake_draft_is_asked (flow, consent, today)))
      continue;
    json_array_append_new (list, json_pack ("{ss ss sb ss}", "id", *id, "version", consent->version,
                                            "given", answer != NULL && answer->given, "at", at));
  }
  return list;
}

static json_t *
describe_document (const IntakeDocument *document, guint index, const char *object)
{
  gsize length;
  const void *bytes = g_bytes_get_data (document->bytes, &length);
  g_autofree char *plain = hash_sha256_hex (bytes, length);
  json_t *json = json_pack ("{ss si ss sI ss ss si}", "slot", document->slot, "index", (int)index,
                            "media", document->media, "bytes", (json_int_t)length, "sha256", plain,
                            "object", object, "rotate", document->rotate);

  if (document->name != NULL && g_utf8_validate (document->name, -1, NULL))
    json_object_set_new (json, "name", json_string (document->name));
  return json;
}

static json_t *
describe (const IntakeFlow *flow, json_t *documents, gint64 at)
{
  const GuideNotice *notice =
      flow->service->notice != NULL ? guide_notice (flow->guide, flow->service->notice) : NULL;
  g_autofree char *when = clock_format (at), *read = clock_format (flow->notice_at);
  g_autoptr (json_t) on_behalf = form_part (flow->service, flow->answers, GUIDE_PART_ON_BEHALF);
  json_t *body =
      json_pack ("{ss ss ss so so}", "service", flow->service->id, "guide",
                 guide_peek_sha256 (flow->guide), "language", flow->language, "applicant",
                 form_part (flow->service, flow->answers, GUIDE_PART_APPLICANT), "answers",
                 form_part (flow->service, flow->answers, GUIDE_PART_ANSWERS));

  if (json_object_size (on_behalf) > 0)
    json_object_set (body, "on_behalf", on_behalf);
  if (notice != NULL)
    json_object_set_new (
        body, "notice",
        json_pack ("{ss ss ss}", "id", notice->id, "version", notice->version, "at", read));
  json_object_set_new (body, "consents", describe_consents (flow, at));
  json_object_set_new (
      body, "identity_proof",
      json_pack ("{ss ss ss}", "method", "typed", "by", flow->app->enrolment->device, "at", when));
  json_object_set (body, "documents", documents);
  if (flow->signature != NULL)
    json_object_set_new (body, "signature",
                         json_pack ("{ss si}", "slot", INTAKE_DRAFT_SIGNATURE_SLOT, "index", 0));
  return body;
}

/* Seals and stores one document; its line goes into `lines`. */
static gboolean
seal_document (IntakeSeal *seal, const IntakeDocument *document, guint index, json_t *lines,
               GError **error)
{
  const char *object =
      intake_seal_add (seal, SEAL_PLACE_DOCUMENT (document->slot, index), document->bytes, error);

  if (object == NULL)
    return FALSE;
  json_array_append_new (lines, describe_document (document, index, object));
  return TRUE;
}

static gboolean
seal_all (IntakeFlow *flow, IntakeSeal *seal, gint64 at, GError **error)
{
  g_autoptr (GPtrArray) documents = intake_flow_documents (flow, NULL);
  g_autoptr (json_t) lines = json_array ();
  IntakeDocument signature = {.slot = (char *)INTAKE_DRAFT_SIGNATURE_SLOT,
                              .media = (char *)"image/svg+xml",
                              .bytes = flow->signature};
  g_autoptr (GBytes) body = NULL;
  json_t *json;
  char *text;
  const char *slot = "";
  guint index = 0;

  for (guint i = 0; i < documents->len; i++) {
    const IntakeDocument *document = documents->pdata[i];
    index = strcmp (slot, document->slot) == 0 ? index + 1 : 0;
    slot = document->slot;
    if (!seal_document (seal, document, index, lines, error))
      return FALSE;
  }
  if (flow->signature != NULL && !seal_document (seal, &signature, 0, lines, error))
    return FALSE;
  json = describe (flow, lines, at);
  text = strict_json_write (json);
  json_decref (json);
  body = person_bytes_take (text, strlen (text));
  return intake_seal_add (seal, SEAL_PLACE_BODY, body, error) != NULL;
}

/* ---- submitting ---- */

void
intake_result_free (IntakeResult *result)
{
  if (result == NULL)
    return;
  g_free (result->number);
  g_free (result->case_id);
  g_free (result->ticket_text);
  if (result->receipt != NULL)
    json_decref (result->receipt);
  g_free (result);
}

typedef struct {
  IntakeFlow *flow;
  IntakeSeal *seal;
  IntakeResult *result;
  gboolean unsure;
} Commit;

static gboolean
append_entry (Db *db, const Commit *commit, gint64 *ret_seq, GError **error)
{
  const IntakeFlow *flow = commit->flow;
  g_autoptr (json_t) wraps = intake_seal_wraps (commit->seal, error);
  g_autoptr (json_t) body = NULL;
  JournalDraft draft = {.device = flow->app->enrolment->device,
                        .kind = ENTRY_KIND_CASE_SUBMITTED,
                        .case_id = commit->result->case_id,
                        .objects = intake_seal_peek_objects (commit->seal),
                        .at = commit->result->at,
                        .unsure = commit->unsure};

  if (wraps == NULL)
    return FALSE;
  body = json_pack ("{ss ss ss ss si sO}", "number", commit->result->number, "service",
                    flow->service->id, "guide", guide_peek_sha256 (flow->guide), "hall",
                    flow->app->enrolment->hall, "suite", 1, "wraps", wraps);
  draft.body = body;
  return journal_append (db, &draft, ret_seq, error);
}

static gboolean
insert_case (Db *db, const Commit *commit, gint64 seq, GError **error)
{
  const IntakeFlow *flow = commit->flow;
  CaseRow row = {.number = commit->result->number,
                 .case_id = commit->result->case_id,
                 .service = (char *)flow->service->id,
                 .guide = (char *)guide_peek_sha256 (flow->guide),
                 .hall = flow->app->enrolment->hall,
                 .language = flow->language,
                 .submitted_at = commit->result->at,
                 .incarnation = (char *)db_peek_incarnation (db),
                 .seq = seq};

  return case_store_insert (db, &row, error);
}

static gboolean
number_case (Db *db, Commit *commit, GError **error)
{
  IntakeResult *result = commit->result;
  const Enrolment *enrolment = commit->flow->app->enrolment;
  g_autoptr (Receipt) receipt = NULL;
  gint64 counter;

  if (!case_store_next_counter (db, &counter, error))
    return FALSE;
  result->number =
      case_number_make (enrolment->hall, enrolment->case_code, (guint32)counter, error);
  if (result->number == NULL)
    return FALSE;
  result->ticket_text =
      ticket_flow_sign_receipt (commit->flow->app, result->number, commit->flow->service->id,
                                intake_seal_peek_manifest (commit->seal), result->at, error);
  if (result->ticket_text == NULL)
    return FALSE;
  receipt = intake_receipt_make (commit->flow, result->number, result->ticket_text, result->at);
  result->receipt = receipt_to_json (receipt);
  return TRUE;
}

static gboolean
commit_case (Db *db, gpointer data, GError **error)
{
  Commit *commit = data;
  IntakeResult *result = commit->result;
  gint64 seq;

  if (!number_case (db, commit, error) || !append_entry (db, commit, &seq, error) ||
      !insert_case (db, commit, seq, error) ||
      !receipt_store_insert (db, result->number, result->receipt, result->at, error) ||
      !print_spool_add (db, PRINT_KIND_RECEIPT, result->number, result->at, &result->print_id,
                        error))
    return FALSE;
  fault_point ("intake.before-commit");
  return TRUE;
}

static gboolean
may_submit (IntakeFlow *flow, GError **error)
{
  g_autoptr (GPtrArray) problems = NULL;

  if (flow->submitted) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT,
                 "this application was submitted already");
    return FALSE;
  }
  problems = intake_flow_problems (flow, -1);
  for (guint i = 0; i < problems->len; i++) {
    const IntakeProblem *problem = problems->pdata[i];
    if (problem->later)
      continue;
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: %s: %s", problem->id,
                 problem->reason, problem->message);
    return FALSE;
  }
  return TRUE;
}

static guint64
sealed_bytes (const IntakeFlow *flow)
{
  guint64 total = 1024 * 1024;

  for (guint i = 0; i < flow->documents->len; i++) {
    const IntakeDocument *document = flow->documents->pdata[i];
    total += seal_sealed_size (g_bytes_get_size (document->bytes));
  }
  return total;
}

static IntakeResult *
store (IntakeFlow *flow, Db *db, IntakeSeal *seal, gint64 at, gboolean unsure, GError **error)
{
  g_autoptr (IntakeResult) result = g_new0 (IntakeResult, 1);
  Commit commit = {flow, seal, result, unsure};

  result->case_id = g_strdup (intake_seal_peek_case_id (seal));
  result->at = at;
  if (!seal_all (flow, seal, at, error))
    return NULL;
  fault_point ("intake.objects-written");
  if (!db_write (db, commit_case, &commit, error))
    return NULL;
  intake_seal_keep (seal);
  fault_point ("intake.after-commit");
  return g_steal_pointer (&result);
}

/* What the case began with is read again by others; that it is not kept is no reason to refuse. */
static void
keep_guide (const IntakeFlow *flow, Db *db, gint64 at)
{
  g_autoptr (GError) problem = NULL;
  if (!guide_flow_keep (db, flow->guide, at, &problem))
    log_warning ("guide.not-kept", "%s", problem->message);
}

IntakeResult *
intake_flow_submit (IntakeFlow *flow, Db *db, gint64 now, GError **error)
{
  g_autoptr (IntakeRecipients) recipients = NULL;
  g_autoptr (IntakeSeal) seal = NULL;
  IntakeResult *result;
  gint64 judged, at;
  gboolean unsure;

  if (!may_submit (flow, error))
    return NULL;
  recipients = intake_seal_recipients (flow->app, db, now, error);
  if (recipients == NULL || !app_has_room (flow->app, sealed_bytes (flow), error))
    return NULL;
  unsure = app_clock_unsure (flow->app, db, now, &judged);
  /* A clock that went back is not believed; one that may have run ahead is written, and said so. */
  at = MAX (now, judged);
  fault_point ("intake.begin");
  seal = intake_seal_new (flow->app->directory, recipients, at);
  result = store (flow, db, seal, at, unsure, error);
  if (result == NULL)
    return NULL;
  keep_guide (flow, db, at);
  intake_draft_wipe (flow);
  flow->submitted = TRUE;
  return result;
}

static gpointer
submit_in_worker (Db *db, gpointer data, GError **error)
{
  return intake_flow_submit (data, db, clock_now (), error);
}

void
intake_flow_submit_async (IntakeFlow *flow, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  worker_run (flow->app->worker, submit_in_worker, flow, NULL, (GDestroyNotify)intake_result_free,
              cancellable, callback, user_data);
}

IntakeResult *
intake_flow_submit_finish (IntakeFlow *flow, GAsyncResult *result, GError **error)
{
  return worker_finish (result, error);
}

typedef struct {
  const char *number;
  gint64 now;
  gint64 id;
} Reprint;

static gboolean
reprint (Db *db, gpointer data, GError **error)
{
  Reprint *reprint = data;
  g_autoptr (json_t) receipt = receipt_store_get (db, reprint->number, error);

  return receipt != NULL && print_spool_add (db, PRINT_KIND_RECEIPT, reprint->number, reprint->now,
                                             &reprint->id, error);
}

gboolean
intake_flow_reprint (Db *db, const char *number, gint64 now, gint64 *ret_print_id, GError **error)
{
  Reprint data = {number, now, 0};

  if (!db_write (db, reprint, &data, error))
    return FALSE;
  if (ret_print_id != NULL)
    *ret_print_id = data.id;
  return TRUE;
}
