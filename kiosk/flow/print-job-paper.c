/* print-job-paper.c: from a spool row to a PDF: reads the receipt, ticket or slip, counts the copy
 * in, and takes the length of the roll from the page that came out. Writes nothing anywhere. */
#include "flow/print-job-paper.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/guide.h"
#include "domain/receipt.h"
#include "flow/slip-flow.h"
#include "paper/receipt-paper.h"
#include "paper/ticket-paper.h"
#include "store/receipt-store.h"
#include "store/ticket-store.h"

#define ROLL_WIDTH 8000 /* hundredths of mm */
#define FALLBACK_LENGTH 20000
#define POINT (2540.0 / 72.0) /* hundredths of mm */

/* cairo writes "/MediaBox [ 0 0 WIDTH HEIGHT ]" in points, in clear. */
static int
page_length (GBytes *pdf)
{
  static const char mark[] = "/MediaBox [";
  gsize size = 0;
  const char *bytes = g_bytes_get_data (pdf, &size);
  const char *box = memmem (bytes, size, mark, strlen (mark));
  double values[4];

  if (box == NULL)
    return FALLBACK_LENGTH;
  g_autofree char *text =
      g_strndup (box + strlen (mark), MIN (size - (box - bytes) - strlen (mark), 80));
  const char *p = text;
  for (int i = 0; i < 4; i++) {
    char *end = NULL;
    values[i] = g_ascii_strtod (p, &end);
    if (end == p)
      return FALLBACK_LENGTH;
    p = end;
  }
  return CLAMP ((int)ceil ((values[3] - values[1]) * POINT), 3000, 200000);
}

char *
print_job_paper_roll (GBytes *pdf)
{
  return g_strdup_printf ("roll:%dx%d", ROLL_WIDTH, page_length (pdf));
}

static GBytes *
render_receipt (App *app, const PrintJob *job, GError **error)
{
  g_autoptr (json_t) data = receipt_store_get (app->db, job->reference, error);
  g_autoptr (Receipt) receipt = data != NULL ? receipt_from_json (data, error) : NULL;

  if (receipt == NULL)
    return NULL;
  receipt->copy = job->copy;
  return receipt_paper_render (receipt, error);
}

static const char *
name_in (const GuideText *name, const char *language)
{
  const char *text = json_string_value (name);
  return text != NULL ? text : json_string_value (json_object_get (name, language));
}

static GBytes *
render_ticket (App *app, const PrintJob *job, GError **error)
{
  g_autoptr (TicketRow) row = ticket_store_get (app->db, job->reference, error);
  const GuideService *service;

  if (row == NULL)
    return NULL;
  service =
      row->service != NULL && app->guide != NULL ? guide_service (app->guide, row->service) : NULL;
  const TicketPaper paper = {
      .number = row->number,
      .hall_name = app_peek_hall_name (app, "zh_CN"),
      .service_zh = service != NULL ? name_in (service->name, "zh-CN") : NULL,
      .service_en = service != NULL ? name_in (service->name, "en") : NULL,
      .waiting = -1,
      .minutes = -1,
      .device = app->enrolment != NULL ? app->enrolment->device : app->config->device_id,
      .at = row->drawn_at,
      .ticket_text = row->text,
      .training = app->config->mode == CONFIG_MODE_TRAINING,
      .copy = job->copy,
  };
  return ticket_paper_render (&paper, error);
}

static GBytes *
render (App *app, const PrintJob *job, GError **error)
{
  switch (job->kind) {
  case PRINT_KIND_RECEIPT:
    return render_receipt (app, job, error);
  case PRINT_KIND_SLIP:
    return slip_flow_render (app, job->reference, job->copy, error);
  case PRINT_KIND_TICKET:
  default:
    return render_ticket (app, job, error);
  }
}

GBytes *
print_job_paper_render (App *app, const PrintJob *job, char **ret_media, GError **error)
{
  g_autoptr (GBytes) pdf = render (app, job, error);
  if (pdf == NULL)
    return NULL;
  *ret_media = print_job_paper_roll (pdf);
  return g_steal_pointer (&pdf);
}
