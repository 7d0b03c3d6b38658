/* intake-receipt.c: what the person takes home: the record of the receipt. Refuses to put a name, a
 * number of a person, or an unconfirmed promise on it. */
#include "flow/intake-receipt.h"

#include "domain/material.h"

/* The promised limit of a service, if it has exactly one and decides here. */
static const GuideLimit *
promised_limit (const GuideService *service)
{
  const GuideLimit *promised = NULL;

  if (service->intake_mode == GUIDE_INTAKE_PRECHECK)
    return NULL; /* another system decides, and its limit starts with the application there */
  for (guint i = 0; i < service->limits->len; i++) {
    const GuideLimit *limit = service->limits->pdata[i];
    if (limit->kind != GUIDE_LIMIT_PROMISED)
      continue;
    if (promised != NULL)
      return NULL; /* which one it is depends on the case */
    promised = limit;
  }
  return promised;
}

static void
set_limit (Receipt *receipt, const GuideLimit *limit)
{
  static const ReceiptLimitUnit units[] = {
      [GUIDE_UNIT_WORKDAY] = RECEIPT_LIMIT_WORKDAY,
      [GUIDE_UNIT_CALENDAR_DAY] = RECEIPT_LIMIT_CALENDAR_DAY,
      [GUIDE_UNIT_MONTH] = RECEIPT_LIMIT_MONTH,
      [GUIDE_UNIT_HOUR] = RECEIPT_LIMIT_NONE,
      [GUIDE_UNIT_IMMEDIATE] = RECEIPT_LIMIT_IMMEDIATE,
      [GUIDE_UNIT_BATCH] = RECEIPT_LIMIT_NONE,
  };

  /* What is not confirmed is not promised on paper. */
  if (limit == NULL || limit->unknown || limit->unconfirmed)
    return;
  receipt->limit_unit = units[limit->unit];
  receipt->limit_n = (int)limit->value;
  receipt->limit_zh = guide_limit_text (limit, "zh_CN");
  receipt->limit_en = guide_limit_text (limit, "en");
}

static void
set_contact (Receipt *receipt, const GuideService *service)
{
  for (guint i = 0; i < service->contacts->len; i++) {
    const GuideContact *contact = service->contacts->pdata[i];
    if (contact->place == NULL || contact->unconfirmed || receipt->contact_zh != NULL)
      continue;
    receipt->contact_zh = g_strdup (guide_text (contact->place, "zh_CN", NULL));
    receipt->contact_en = g_strdup (guide_text (contact->place, "en", NULL));
  }
}

static void
add_lines (Receipt *receipt, const IntakeFlow *flow)
{
  g_autoptr (GPtrArray) list = intake_flow_materials (flow);

  for (guint i = 0; i < list->len; i++) {
    const MaterialLine *line = list->pdata[i];
    g_autoptr (GPtrArray) documents = intake_flow_documents (flow, line->material->id);
    const char *zh = guide_text (line->material->name, "zh_CN", NULL);
    const char *en = guide_text (line->material->name, "en", NULL);
    int pages = 0;
    for (guint d = 0; d < documents->len; d++)
      pages += MAX ((int)((IntakeDocument *)documents->pdata[d])->pages, 1);
    if (documents->len > 0)
      receipt_add_document (receipt, line->material->id, zh, en, pages);
    else if (line->state == MATERIAL_DEFERRED || line->state == MATERIAL_MISSING)
      receipt_add_missing (receipt, line->material->id, zh, en);
  }
}

Receipt *
intake_receipt_make (const IntakeFlow *flow, const char *number, const char *ticket_text, gint64 at)
{
  const App *app = flow->app;
  Receipt *receipt = receipt_new ();

  receipt->number = g_strdup (number);
  receipt->service = g_strdup (flow->service->id);
  receipt->service_zh = g_strdup (guide_text (flow->service->name, "zh_CN", NULL));
  receipt->service_en = g_strdup (guide_text (flow->service->name, "en", NULL));
  receipt->hall = g_strdup (app->enrolment->hall);
  receipt->hall_name = g_strdup (app_peek_hall_name (app, "zh_CN"));
  receipt->device = g_strdup (app->enrolment->device);
  receipt->at = at;
  receipt->language = g_strdup (flow->language);
  receipt->ticket_text = g_strdup (ticket_text);
  receipt->training = app->config->mode == CONFIG_MODE_TRAINING;
  set_limit (receipt, promised_limit (flow->service));
  set_contact (receipt, flow->service);
  add_lines (receipt, flow);
  return receipt;
}
