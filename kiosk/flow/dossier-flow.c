/* dossier-flow.c: from an opened case to its dossier. Says what was done and never more: a typed
 * identity is a typed identity, and nobody is recognised by a form. */
#include "flow/dossier-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/case.h"
#include "domain/form.h"
#include "domain/material.h"
#include "domain/person.h"
#include "flow/ticket-flow.h"
#include "paper/dossier-paper.h"

#define LANGUAGE "zh_CN" /* of the file; the Chinese text prevails */

static json_t *
all_answers (const DeskReading *reading)
{
  json_t *all = json_object ();

  json_object_update (all, json_object_get (reading->body, "on_behalf"));
  json_object_update (all, json_object_get (reading->body, "applicant"));
  json_object_update (all, json_object_get (reading->body, "answers"));
  return all;
}

/* "姓名" of a field that the guide does not have any more is its id. */
static void
add_raw (Dossier *dossier, const json_t *part)
{
  const char *field;
  json_t *value;

  json_object_foreach ((json_t *)part, field, value) {
    char *text = json_is_string (value) ? g_strdup (json_string_value (value))
                                        : json_dumps (value, JSON_ENCODE_ANY);
    dossier_add_field (dossier, NULL, field, text);
    person_text_free (text);
  }
}

void
dossier_flow_add_fields (Dossier *dossier, const DeskReading *reading)
{
  g_autoptr (json_t) all = all_answers (reading);

  if (reading->service == NULL) {
    add_raw (dossier, all);
    return;
  }
  for (guint s = 0; s < reading->service->form->len; s++) {
    const GuideSection *section = reading->service->form->pdata[s];
    for (guint f = 0; f < section->fields->len; f++) {
      const GuideField *field = section->fields->pdata[f];
      person_autotext char *value =
          form_value_text (field, json_object_get (all, field->id), LANGUAGE);
      if (value != NULL)
        dossier_add_field (dossier, guide_text (section->title, LANGUAGE, NULL),
                           guide_text (field->label, LANGUAGE, NULL), value);
    }
  }
}

/* ---- the person ---- */

static char *
choice_text (const DeskReading *reading, const char *id)
{
  const GuideField *field = reading->service != NULL ? guide_field (reading->service, id) : NULL;
  const json_t *value = desk_reading_answer (reading, id);

  return field != NULL && value != NULL ? form_value_text (field, value, LANGUAGE) : NULL;
}

static void
set_paper (Dossier *dossier, const DeskReading *reading)
{
  static const struct {
    const char *field, *zh;
  } papers[] = {{"id_cn", "居民身份证"},
                {"residence_permit", "港澳台居民居住证"},
                {"travel_permit", "来往内地（大陆）通行证"},
                {"permanent_card", "外国人永久居留身份证"},
                {"passport", "护照"}};

  for (gsize i = 0; i < G_N_ELEMENTS (papers); i++) {
    const char *number = json_string_value (desk_reading_answer (reading, papers[i].field));
    if (number == NULL || *number == '\0')
      continue;
    dossier->paper_kind = g_strdup (papers[i].zh);
    dossier->paper_number = g_strdup (number);
    return;
  }
}

static void
set_category (Dossier *dossier, const DeskReading *reading)
{
  dossier->category = choice_text (reading, "titles_top");
  if (dossier->category == NULL)
    dossier->category = choice_text (reading, "titles");
  if (dossier->category == NULL && json_is_true (desk_reading_answer (reading, "equal_level")))
    dossier->category = g_strdup ("第二条（三）：相当层次");
}

static const char *
first_text (const DeskReading *reading, const char *one, const char *other)
{
  const char *text = json_string_value (desk_reading_answer (reading, one));
  return text != NULL ? text : json_string_value (desk_reading_answer (reading, other));
}

static void
set_person (Dossier *dossier, const DeskReading *reading)
{
  const json_t *proof = json_object_get (reading->body, "identity_proof");
  const char *method = strict_json_peek (proof, "method", "");
  gboolean employer =
      reading->service != NULL && reading->service->for_employer && !reading->service->for_talent;

  dossier->applicant = desk_reading_name (reading);
  dossier->on_behalf =
      g_strdup (employer ? first_text (reading, "employer", "agent_name")
                         : json_string_value (desk_reading_answer (reading, "agent_name")));
  dossier->identity_line = g_strdup (strcmp (method, "original_seen") == 0 ? "身份：窗口核验原件"
                                     : strcmp (method, "chip") == 0 ? "身份：读取证件芯片"
                                     : strcmp (method, "scan") == 0 ? "身份：扫描件，未核原件"
                                                                    : "身份：自行填写，未核原件");
  set_paper (dossier, reading);
  set_category (dossier, reading);
}

/* ---- time ---- */

/* The machine of a submission; a department by its name; else the role. A city of before does not
 * say who it was. */
static char *
event_who (App *app, const DeskReading *reading, const PublicCase *event)
{
  const GuideDepartment *department = app->guide != NULL && event->department != NULL
                                          ? guide_department (app->guide, event->department)
                                          : NULL;
  const char *name = department != NULL ? guide_text (department->name, LANGUAGE, NULL) : NULL;
  CaseActor actor;

  if (strcmp (event->state, "submitted") == 0)
    return g_strdup (reading->device);
  if (!case_actor_parse (event->actor, &actor))
    return g_strdup ("—");
  return g_strdup (name != NULL ? name : translate (LANGUAGE, case_actor_name (actor)));
}

static void
add_events (App *app, Dossier *dossier, const DeskReading *reading)
{
  gboolean submitted = FALSE;

  for (guint i = 0; i < reading->events->len; i++)
    submitted |= strcmp (((PublicCase *)reading->events->pdata[i])->state, "submitted") == 0;
  if (!submitted)
    dossier_add_event (dossier, reading->item->submitted_at, "已提交", reading->device, NULL);
  for (guint i = 0; i < reading->events->len; i++) {
    const PublicCase *event = reading->events->pdata[i];
    CaseState state = CASE_STATE_DRAFT;
    g_autofree char *who = event_who (app, reading, event);
    g_autofree char *due = event->due != NULL
                               ? g_strdup_printf ("应办结日 %s%s", event->due,
                                                  event->due_provisional ? "（暂定）" : "")
                               : NULL;
    case_state_parse (event->state, &state);
    if (state == CASE_STATE_RECEIVED && dossier->received_at == 0)
      dossier->received_at = event->at;
    dossier_add_event (dossier, event->at,
                       state == CASE_STATE_SUBMITTED ? "已提交" : case_state_zh (state), who, due);
  }
}

static void
set_limit (Dossier *dossier, const DeskCase *item)
{
  if (item->limit_n <= 0)
    return;
  if (g_strcmp0 (item->limit_unit, "workday") == 0)
    dossier->limit_line =
        g_strdup_printf ("收件之日起 %" G_GINT64_FORMAT " 个工作日", item->limit_n);
  else if (g_strcmp0 (item->limit_unit, "calendar_day") == 0)
    dossier->limit_line =
        g_strdup_printf ("收件之日起 %" G_GINT64_FORMAT " 个自然日", item->limit_n);
}

/* ---- papers ---- */

static void
add_documents (Dossier *dossier, const DeskReading *reading)
{
  for (guint i = 0; i < reading->documents->len; i++) {
    const DeskDocument *from = reading->documents->pdata[i];
    gboolean signature = strcmp (from->slot, "signature") == 0;
    DossierDocument *to = dossier_add_document (
        dossier, from->slot, desk_reading_document_name (reading, from, LANGUAGE), from->index,
        from->media, from->rotate, from->bytes);
    to->file_name = g_strdup (from->name);
    to->sha256 = g_strdup (from->sha256);
    to->source = g_strdup (signature ? "本机手写" : from->name != NULL ? "带来的文件" : "本机扫描");
  }
}

static void
add_missing (Dossier *dossier, const DeskReading *reading)
{
  g_autoptr (json_t) all = all_answers (reading);
  g_autoptr (GPtrArray) lines = NULL;

  if (reading->service == NULL)
    return;
  lines = material_list (reading->service, all, json_object_get (reading->body, "documents"));
  for (guint i = 0; i < lines->len; i++) {
    const MaterialLine *line = lines->pdata[i];
    if (line->state == MATERIAL_MISSING || line->state == MATERIAL_DEFERRED)
      dossier_add_missing (dossier, guide_text (line->material->name, LANGUAGE, NULL));
  }
}

static void
add_consents (App *app, Dossier *dossier, const DeskReading *reading)
{
  const json_t *notice = json_object_get (reading->body, "notice");
  json_t *line;
  gsize i;

  if (notice != NULL) {
    const GuideNotice *known =
        app->guide != NULL ? guide_notice (app->guide, strict_json_peek (notice, "id", "")) : NULL;
    g_autofree char *text =
        g_strdup_printf ("已阅读：%s（版本 %s）",
                         known != NULL ? guide_text (known->title, LANGUAGE, NULL)
                                       : strict_json_peek (notice, "id", ""),
                         strict_json_peek (notice, "version", "—"));
    dossier_add_consent (dossier, text);
  }
  json_array_foreach (json_object_get (reading->body, "consents"), i, line) {
    const char *id = strict_json_peek (line, "id", "");
    const GuideConsent *consent = app->guide != NULL ? guide_consent (app->guide, id) : NULL;
    g_autofree char *text = g_strdup_printf (
        "%s：%s", json_is_true (json_object_get (line, "given")) ? "同意" : "不同意",
        consent != NULL ? guide_text (consent->title, LANGUAGE, NULL) : id);
    dossier_add_consent (dossier, text);
  }
}

/* The desk signs its own: the receipt's code was given to the visitor, and no copy of it is kept
 * here. A code that cannot be made leaves its place empty. */
static void
set_ticket (App *app, Dossier *dossier, const DeskReading *reading, gint64 now)
{
  const char *service = reading->item->service != NULL ? reading->item->service : "";
  g_autoptr (GError) error = NULL;

  dossier->ticket_text =
      ticket_flow_sign_receipt (app, dossier->number, service, reading->manifest, now, &error);
  if (dossier->ticket_text == NULL)
    log_warning ("dossier.no-code", "%s", error->message);
}

Dossier *
dossier_flow_fill (App *app, const DeskReading *reading, const char *clerk, gint64 now)
{
  Dossier *dossier = dossier_new ();
  const DeskCase *item = reading->item;
  CaseState state = CASE_STATE_SUBMITTED;
  const GuideDepartment *department =
      reading->service != NULL && reading->service->department != NULL
          ? guide_department (app->guide, reading->service->department)
          : NULL;

  case_state_parse (item->state, &state);
  dossier->number = g_strdup (item->number);
  dossier->service_name = g_strdup (item->service_zh);
  dossier->guide = g_strdup (strict_json_peek (reading->body, "guide", NULL));
  dossier->hall_name = g_strdup (app_peek_hall_name (app, LANGUAGE));
  dossier->department =
      department != NULL ? g_strdup (guide_text (department->name, LANGUAGE, NULL)) : NULL;
  dossier->state = g_strdup (case_state_zh (state));
  dossier->submitted_at = item->submitted_at;
  dossier->printed_at = now;
  dossier->printed_by = g_strdup (clerk);
  dossier->printed_on = g_strdup (app->enrolment->device);
  dossier->training = app->config->mode == CONFIG_MODE_TRAINING;
  set_person (dossier, reading);
  set_limit (dossier, item);
  set_ticket (app, dossier, reading, now);
  dossier_flow_add_fields (dossier, reading);
  add_events (app, dossier, reading);
  add_documents (dossier, reading);
  add_missing (dossier, reading);
  add_consents (app, dossier, reading);
  return dossier;
}

GBytes *
dossier_flow_render (App *app, const DeskReading *reading, const char *clerk, gint64 now,
                     int *ret_pages, GError **error)
{
  g_autoptr (Dossier) dossier = dossier_flow_fill (app, reading, clerk, now);
  return dossier_paper_render (dossier, ret_pages, error);
}
