/* intake-flow.c: the draft in memory, and what is still missing in it. Refuses to begin what could
 * not be taken at the end. Submitting is intake-submit.c, sealing intake-seal.c. */
#include "flow/intake-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/person.h"
#include "flow/intake-draft.h"
#include "flow/intake-seal.h"

/* ---- beginning and end ---- */

static void
consent_free (gpointer data)
{
  IntakeConsent *consent = data;
  g_free (consent->id);
  g_free (consent);
}

static void
document_free (gpointer data)
{
  IntakeDocument *document = data;

  person_text_free (document->name);
  g_free (document->slot);
  g_free (document->media);
  g_bytes_unref (document->bytes);
  g_free (document);
}

static void
begin (IntakeFlow *flow)
{
  flow->answers = json_object ();
  flow->documents = g_ptr_array_new_with_free_func (document_free);
  flow->consents = g_ptr_array_new_with_free_func (consent_free);
}

static void
end (IntakeFlow *flow)
{
  g_clear_pointer (&flow->answers, person_json_free);
  g_clear_pointer (&flow->documents, g_ptr_array_unref);
  g_clear_pointer (&flow->consents, g_ptr_array_unref);
  g_clear_pointer (&flow->signature, g_bytes_unref);
  flow->notice_at = 0;
}

void
intake_draft_wipe (IntakeFlow *flow)
{
  end (flow);
  begin (flow);
}

IntakeFlow *
intake_flow_new (App *app, const char *service, const char *language, GError **error)
{
  const GuideService *found = app->guide != NULL ? guide_service (app->guide, service) : NULL;
  g_autoptr (IntakeRecipients) recipients = NULL;
  IntakeFlow *flow;

  if (found == NULL || !found->enabled || !found->complete) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "the guide offers no service \"%s\" at this machine", service);
    return NULL;
  }
  recipients = intake_seal_recipients (app, app->db, clock_now (), error);
  if (recipients == NULL || !app_has_room (app, INTAKE_MAX_TOTAL_BYTES, error))
    return NULL;
  flow = g_new0 (IntakeFlow, 1);
  flow->app = app;
  flow->guide = guide_ref (app->guide);
  flow->service = found;
  flow->language = g_strdup (language);
  begin (flow);
  return flow;
}

void
intake_flow_free (IntakeFlow *flow)
{
  if (flow == NULL)
    return;
  end (flow);
  guide_unref (flow->guide);
  g_free (flow->language);
  g_free (flow);
}

const GuideService *
intake_flow_peek_service (const IntakeFlow *flow)
{
  return flow->service;
}

const char *
intake_flow_peek_language (const IntakeFlow *flow)
{
  return flow->language;
}

void
intake_flow_set_language (IntakeFlow *flow, const char *language)
{
  g_free (flow->language);
  flow->language = g_strdup (language);
}

/* ---- answers ---- */

gboolean
intake_flow_take_answer (IntakeFlow *flow, const char *field, json_t *value, GError **error)
{
  if (guide_field (flow->service, field) == NULL) {
    person_json_free (value);
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "the form has no field \"%s\"",
                 field);
    return FALSE;
  }
  if (value == NULL)
    json_object_del (flow->answers, field);
  else
    json_object_set_new (flow->answers, field, value);
  return TRUE;
}

const json_t *
intake_flow_peek_answer (const IntakeFlow *flow, const char *field)
{
  return json_object_get (flow->answers, field);
}

const json_t *
intake_flow_peek_answers (const IntakeFlow *flow)
{
  return flow->answers;
}

/* ---- documents ---- */

/* What domain/material counts: the slots. */
static json_t *
slots_of (const IntakeFlow *flow)
{
  json_t *slots = json_array ();

  for (guint i = 0; i < flow->documents->len; i++) {
    const IntakeDocument *document = flow->documents->pdata[i];
    json_array_append_new (slots, json_pack ("{ss}", "slot", document->slot));
  }
  return slots;
}

GPtrArray *
intake_flow_materials (const IntakeFlow *flow)
{
  g_autoptr (json_t) slots = slots_of (flow);
  return material_list (flow->service, flow->answers, slots);
}

GPtrArray *
intake_flow_documents (const IntakeFlow *flow, const char *slot)
{
  GPtrArray *found = g_ptr_array_new ();

  if (slot == NULL) {
    for (guint m = 0; m < flow->service->materials->len; m++) {
      const GuideMaterial *material = flow->service->materials->pdata[m];
      g_autoptr (GPtrArray) part = intake_flow_documents (flow, material->id);
      for (guint i = 0; i < part->len; i++)
        g_ptr_array_add (found, part->pdata[i]);
    }
    return found;
  }
  for (guint i = 0; i < flow->documents->len; i++) {
    IntakeDocument *document = flow->documents->pdata[i];
    if (strcmp (document->slot, slot) == 0)
      g_ptr_array_add (found, document);
  }
  return found;
}

static gboolean
fits (const IntakeFlow *flow, const char *slot, const char *media, gsize length, GError **error)
{
  g_autoptr (GPtrArray) list = intake_flow_materials (flow);
  guint64 total = length;

  for (guint i = 0; i < flow->documents->len; i++)
    total += g_bytes_get_size (((IntakeDocument *)flow->documents->pdata[i])->bytes);
  if (length > INTAKE_MAX_DOCUMENT_BYTES || total > INTAKE_MAX_TOTAL_BYTES ||
      flow->documents->len >= INTAKE_MAX_DOCUMENTS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "%s",
                 N_ ("These documents are more than one application can take"));
    return FALSE;
  }
  for (guint i = 0; i < list->len; i++) {
    const MaterialLine *line = list->pdata[i];
    const char *refusal;
    if (strcmp (line->material->id, slot) != 0)
      continue;
    refusal = material_refusal (line, media, length);
    if (refusal == NULL)
      return TRUE;
    g_set_error (error, ONESTOP_ERROR, line->full ? ONESTOP_ERROR_FULL : ONESTOP_ERROR_INVALID,
                 "%s", refusal);
    return FALSE;
  }
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no document \"%s\" is asked for",
               slot);
  return FALSE;
}

static IntakeDocument *
make_document (const char *slot, const char *media, const char *name, GBytes *bytes, guint pages)
{
  IntakeDocument *document = g_new0 (IntakeDocument, 1);

  document->slot = g_strdup (slot);
  document->media = g_strdup (media);
  document->name = g_strdup (name);
  document->bytes = g_bytes_ref (bytes);
  document->pages = pages;
  return document;
}

gboolean
intake_flow_add_document (IntakeFlow *flow, const char *slot, const char *media, const char *name,
                          GBytes *bytes, guint pages, guint *ret_index, GError **error)
{
  g_autoptr (GPtrArray) before = NULL;

  if (!fits (flow, slot, media, g_bytes_get_size (bytes), error))
    return FALSE;
  before = intake_flow_documents (flow, slot);
  g_ptr_array_add (flow->documents, make_document (slot, media, name, bytes, pages));
  if (ret_index != NULL)
    *ret_index = before->len;
  return TRUE;
}

static IntakeDocument *
find_document (const IntakeFlow *flow, const char *slot, guint index, GError **error)
{
  g_autoptr (GPtrArray) found = intake_flow_documents (flow, slot);

  if (index < found->len)
    return found->pdata[index];
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no document %u in \"%s\"", index,
               slot);
  return NULL;
}

gboolean
intake_flow_replace_document (IntakeFlow *flow, const char *slot, guint index, const char *media,
                              const char *name, GBytes *bytes, guint pages, GError **error)
{
  IntakeDocument *old = find_document (flow, slot, index, error);
  guint at = 0;
  gboolean taken;

  if (old == NULL)
    return FALSE;
  g_ptr_array_find (flow->documents, old, &at);
  old = g_ptr_array_steal_index (flow->documents, at);
  /* Judged as if the old one were gone: it may fill the last place. */
  taken = fits (flow, slot, media, g_bytes_get_size (bytes), error);
  g_ptr_array_insert (flow->documents, (gint)at,
                      taken ? make_document (slot, media, name, bytes, pages) : old);
  if (taken)
    document_free (old);
  return taken;
}

gboolean
intake_flow_remove_document (IntakeFlow *flow, const char *slot, guint index, GError **error)
{
  IntakeDocument *document = find_document (flow, slot, index, error);

  return document != NULL && g_ptr_array_remove (flow->documents, document);
}

gboolean
intake_flow_rotate_document (IntakeFlow *flow, const char *slot, guint index, int rotate,
                             GError **error)
{
  IntakeDocument *document = find_document (flow, slot, index, error);

  if (document == NULL)
    return FALSE;
  if (rotate < 0 || rotate > 270 || rotate % 90 != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not a quarter turn");
    return FALSE;
  }
  document->rotate = rotate;
  return TRUE;
}

guint
intake_flow_section (const IntakeFlow *flow)
{
  return flow->section;
}

void
intake_flow_set_section (IntakeFlow *flow, guint section)
{
  flow->section = section;
}

/* ---- notice, consents, signature ---- */

gboolean
intake_flow_read_notice (IntakeFlow *flow, const char *id, gint64 at, GError **error)
{
  if (g_strcmp0 (flow->service->notice, id) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "\"%s\" is not the notice of this service", id);
    return FALSE;
  }
  flow->notice_at = at;
  return TRUE;
}

gboolean
intake_flow_has_read_notice (const IntakeFlow *flow)
{
  return flow->notice_at != 0;
}

static IntakeConsent *
find_consent (const IntakeFlow *flow, const char *id)
{
  for (guint i = 0; i < flow->consents->len; i++) {
    IntakeConsent *consent = flow->consents->pdata[i];
    if (strcmp (consent->id, id) == 0)
      return consent;
  }
  return NULL;
}

static gboolean
asks_consent (const IntakeFlow *flow, const char *id)
{
  for (const char *const *c = flow->service->consents; c != NULL && *c != NULL; c++)
    if (strcmp (*c, id) == 0)
      return TRUE;
  for (guint i = 0; i < flow->service->materials->len; i++) {
    const GuideMaterial *material = flow->service->materials->pdata[i];
    if (g_strcmp0 (material->consent, id) == 0)
      return TRUE;
  }
  return FALSE;
}

const IntakeConsent *
intake_draft_consent (const IntakeFlow *flow, const char *id)
{
  return find_consent (flow, id);
}

gboolean
intake_flow_consent (IntakeFlow *flow, const char *id, gboolean given, gint64 at, GError **error)
{
  IntakeConsent *consent = find_consent (flow, id);

  if (!asks_consent (flow, id) || guide_consent (flow->guide, id) == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "this service asks for no consent \"%s\"", id);
    return FALSE;
  }
  if (consent == NULL) {
    consent = g_new0 (IntakeConsent, 1);
    consent->id = g_strdup (id);
    g_ptr_array_add (flow->consents, consent);
  }
  consent->given = given;
  consent->at = at;
  return TRUE;
}

int
intake_flow_peek_consent (const IntakeFlow *flow, const char *id)
{
  const IntakeConsent *consent = find_consent (flow, id);
  return consent == NULL ? -1 : consent->given;
}

gboolean
intake_flow_set_signature (IntakeFlow *flow, GBytes *svg, GError **error)
{
  gsize length = 0;
  const char *text = svg != NULL ? g_bytes_get_data (svg, &length) : NULL;

  if (svg != NULL && (length == 0 || length > INTAKE_MAX_SIGNATURE_BYTES ||
                      !g_utf8_validate (text, length, NULL) ||
                      g_strstr_len (text, MIN (length, 1024), "<svg") == NULL)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the signature is not a small SVG");
    return FALSE;
  }
  g_clear_pointer (&flow->signature, g_bytes_unref);
  flow->signature = svg != NULL ? g_bytes_ref (svg) : NULL;
  return TRUE;
}

GBytes *
intake_flow_peek_signature (const IntakeFlow *flow)
{
  return flow->signature;
}

gboolean
intake_flow_has_signature (const IntakeFlow *flow)
{
  return flow->signature != NULL;
}

/* ---- is it complete? ---- */

void
intake_problem_free (IntakeProblem *problem)
{
  if (problem == NULL)
    return;
  g_free (problem->id);
  g_free (problem->reason);
  g_free (problem->message);
  g_free (problem);
}

static void
add_problem (GPtrArray *problems, IntakePart part, const char *id, const char *reason,
             const char *message, gboolean later)
{
  IntakeProblem *problem = g_new0 (IntakeProblem, 1);

  problem->part = part;
  problem->id = g_strdup (id);
  problem->reason = g_strdup (reason);
  problem->message = g_strdup (message);
  problem->later = later;
  g_ptr_array_add (problems, problem);
}

static void
check_form (const IntakeFlow *flow, const char *today, GPtrArray *problems)
{
  g_autoptr (GPtrArray) found = form_check (flow->service, flow->answers, today);

  for (guint i = 0; i < found->len; i++) {
    const FormProblem *one = found->pdata[i];
    add_problem (problems, INTAKE_PART_FORM, one->field->id, one->code,
                 one->text != NULL ? guide_text (one->text, flow->language, NULL) : one->message,
                 FALSE);
  }
}

static void
check_documents (const IntakeFlow *flow, GPtrArray *problems)
{
  g_autoptr (GPtrArray) list = intake_flow_materials (flow);

  for (guint i = 0; i < list->len; i++) {
    const MaterialLine *line = list->pdata[i];
    const char *id = line->material->id, *consent = line->material->consent;
    if (line->state == MATERIAL_MISSING && consent != NULL &&
        intake_flow_peek_consent (flow, consent) == 0)
      add_problem (problems, INTAKE_PART_DOCUMENTS, id, "window",
                   N_ ("You show this document at the window"), TRUE);
    else if (line->state == MATERIAL_MISSING)
      add_problem (problems, INTAKE_PART_DOCUMENTS, id, "missing",
                   N_ ("This document is still missing"), FALSE);
    else if (line->state == MATERIAL_DEFERRED)
      add_problem (problems, INTAKE_PART_DOCUMENTS, id, "later",
                   N_ ("This document may be brought later"), TRUE);
    else if (line->documents > 0 && consent != NULL &&
             intake_flow_peek_consent (flow, consent) != 1)
      add_problem (problems, INTAKE_PART_DOCUMENTS, id, "consent",
                   N_ ("This document needs your consent; give it, or take the document out"),
                   FALSE);
  }
}

gboolean
intake_draft_is_asked (const IntakeFlow *flow, const GuideConsent *consent, const char *today)
{
  return consent->when == NULL ||
         logic_test (consent->when, flow->answers, LOGIC_STRICT, today, NULL) == LOGIC_TRUE;
}

GPtrArray *
intake_flow_consents (const IntakeFlow *flow)
{
  g_autofree char *today = clock_day (clock_now ());
  g_autoptr (GPtrArray) list = intake_flow_materials (flow);
  GPtrArray *asked = g_ptr_array_new ();

  for (const char *const *id = flow->service->consents; id != NULL && *id != NULL; id++) {
    const GuideConsent *consent = guide_consent (flow->guide, *id);
    if (consent != NULL && intake_draft_is_asked (flow, consent, today))
      g_ptr_array_add (asked, (gpointer)consent);
  }
  for (guint i = 0; i < list->len; i++) {
    const MaterialLine *line = list->pdata[i];
    const GuideConsent *consent = line->material->consent != NULL
                                      ? guide_consent (flow->guide, line->material->consent)
                                      : NULL;
    if (consent != NULL && line->documents > 0 && !g_ptr_array_find (asked, consent, NULL))
      g_ptr_array_add (asked, (gpointer)consent);
  }
  return asked;
}

static void
check_consents (const IntakeFlow *flow, const char *today, GPtrArray *problems)
{
  for (const char *const *id = flow->service->consents; id != NULL && *id != NULL; id++) {
    const GuideConsent *consent = guide_consent (flow->guide, *id);
    int given = intake_flow_peek_consent (flow, *id);
    if (consent == NULL || !consent->required || given == 1 ||
        !intake_draft_is_asked (flow, consent, today))
      continue;
    add_problem (problems, INTAKE_PART_CONSENT, *id, given == 0 ? "refused" : "missing",
                 N_ ("Without this consent the application cannot be taken"), FALSE);
  }
}

GPtrArray *
intake_flow_problems (const IntakeFlow *flow, int part)
{
  g_autofree char *today = clock_day (clock_now ());
  GPtrArray *problems = g_ptr_array_new_with_free_func ((GDestroyNotify)intake_problem_free);

  if (part < 0 || part == INTAKE_PART_FORM)
    check_form (flow, today, problems);
  if (part < 0 || part == INTAKE_PART_DOCUMENTS)
    check_documents (flow, problems);
  if ((part < 0 || part == INTAKE_PART_NOTICE) && flow->service->notice != NULL &&
      flow->notice_at == 0)
    add_problem (problems, INTAKE_PART_NOTICE, flow->service->notice, "missing",
                 N_ ("Please read the notice first"), FALSE);
  if (part < 0 || part == INTAKE_PART_CONSENT)
    check_consents (flow, today, problems);
  if ((part < 0 || part == INTAKE_PART_SIGNATURE) && flow->signature == NULL)
    add_problem (problems, INTAKE_PART_SIGNATURE, INTAKE_DRAFT_SIGNATURE_SLOT, "missing",
                 N_ ("The signature is missing; it can be given at the window"), TRUE);
  return problems;
}
