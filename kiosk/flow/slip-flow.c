/* slip-flow.c: from a result to a paper with a code, and from the code to the answers. Lets no
 * answer travel that could say who somebody is. */
#include "flow/slip-flow.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "flow/ticket-flow.h"
#include "paper/qr.h"
#include "paper/slip-paper.h"
#include "store/print-spool.h"
#include "store/slip-store.h"

#define DAY_MS (86400 * (gint64)1000)
#define PURPOSE "slip-start"

void
slip_free (Slip *slip)
{
  if (slip == NULL)
    return;
  g_free (slip->id);
  json_decref (slip->data);
  g_free (slip);
}

/* --- Making
 * --------------------------------------------------------------------------------------------- */

static gboolean
may_travel (const GuideField *fact)
{
  if (fact == NULL || fact->sensitive || fact->detail)
    return FALSE;
  return fact->type == GUIDE_FIELD_BOOL || fact->type == GUIDE_FIELD_CHOICE ||
         fact->type == GUIDE_FIELD_MULTICHOICE || fact->type == GUIDE_FIELD_INTEGER;
}

static char *
facts_text (const Guide *guide, const json_t *facts)
{
  g_autoptr (json_t) travelling = json_object ();
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)facts, key, value)
    if (may_travel (guide_fact (guide, key)))
      json_object_set (travelling, key, value);
  return strict_json_canonical (travelling);
}

/* The code's text; NULL without error if the answers do not fit. */
static char *
sign (App *app, const Slip *slip, const char *facts, GError **error)
{
  g_autoptr (Ticket) ticket = ticket_new (TICKET_KIND_SLIP);
  g_autofree guint8 *hash = g_malloc0 (32);

  if (strlen (facts) > TICKET_MAX_FACTS)
    return NULL;
  ticket->hall = g_strdup (app->enrolment->hall);
  ticket->number = g_strdup ("");
  ticket->service = g_strdup ("");
  ticket->issued = slip->at / 1000;
  ticket->expires = (slip->at + SLIP_FLOW_DAYS * DAY_MS) / 1000;
  ticket->facts = g_strdup (facts);
  g_assert (encode_unhex (slip->id, ticket->id, sizeof ticket->id));
  g_assert (encode_unhex (guide_peek_sha256 (app->guide), hash, 32));
  memcpy (ticket->guide, hash, sizeof ticket->guide);
  g_autofree char *text = ticket_sign (ticket, app->device_key, error);
  g_autoptr (Qr) qr =
      text != NULL ? qr_new (text, QR_LEVEL_M, 0, SLIP_PAPER_QR_VERSION, NULL) : NULL;
  return qr != NULL ? g_steal_pointer (&text) : NULL;
}

static json_t *
pair (const char *zh, const char *en)
{
  return zh != NULL ? json_pack ("{ss ss?}", "zh", zh, "en", en) : json_null ();
}

static json_t *
describe_services (const EligibilityResult *result)
{
  json_t *list = json_array ();
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *line = result->services->pdata[i];
    if (line->outcome != CRITERION_MET && line->outcome != CRITERION_TENTATIVE)
      continue;
    const GuideText *name = line->service->name;
    json_array_append_new (
        list, json_pack ("{so sb}", "name",
                         pair (guide_text (name, "zh_CN", NULL), guide_text (name, "en", NULL)),
                         "to_recognise", line->outcome == CRITERION_TENTATIVE));
  }
  return list;
}

static json_t *
describe (App *app, const Slip *slip, const EligibilityFlow *flow, const char *language,
          const char *text)
{
  g_autoptr (EligibilityResult) zh = eligibility_flow_result (flow, "zh_CN");
  g_autoptr (EligibilityResult) en = eligibility_flow_result (flow, "en");
  g_autofree char *day = clock_day (slip->at);
  g_autofree char *until = clock_day (slip->at + SLIP_FLOW_DAYS * DAY_MS);
  return json_pack (
      "{so so so so si ss ss ss ss? ss ss sI ss sb}", "headline", pair (zh->headline, en->headline),
      "category", pair (zh->category_name, en->category_name), "clause",
      pair (zh->clause, en->clause), "services", describe_services (zh), "guide_version",
      (int)guide_version (app->guide), "guide_day", guide_peek_effective (app->guide), "day", day,
      "good_until", until, "ticket_text", text, "hall_name", app_peek_hall_name (app, "zh_CN"),
      "device", app->enrolment->device, "at", (json_int_t)slip->at, "language", language,
      "training", app->config->mode == CONFIG_MODE_TRAINING);
}

Slip *
slip_flow_make (App *app, const EligibilityFlow *flow, const char *language, gint64 now,
                GError **error)
{
  g_autoptr (GError) fault = NULL;
  guint8 id[TICKET_ID_BYTES];
  gint64 judged;

  if (app->enrolment == NULL || app->device_key == NULL || app->guide == NULL) {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                         "this device is not enrolled and prints no slips");
    return NULL;
  }
  g_autoptr (Slip) slip = g_new0 (Slip, 1);
  id_random (id, sizeof id);
  slip->id = encode_hex (id, sizeof id);
  app_clock_unsure (app, app->db, now, &judged);
  slip->at = MAX (now, judged);
  g_autofree char *facts = facts_text (app->guide, eligibility_flow_peek_facts (flow));
  g_autofree char *text = sign (app, slip, facts, &fault);
  if (fault != NULL) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return NULL;
  }
  slip->with_code = text != NULL;
  slip->data = describe (app, slip, flow, language, text);
  return g_steal_pointer (&slip);
}

/* --- Printing
 * ------------------------------------------------------------------------------------------- */

typedef struct {
  const Slip *slip;
  gint64 print_id;
} Print;

static gboolean
print (Db *db, gpointer data, GError **error)
{
  Print *print = data;
  const Slip *slip = print->slip;
  return slip_store_insert (db, slip->id, slip->data, slip->at, error) &&
         print_spool_add (db, PRINT_KIND_SLIP, slip->id, slip->at, &print->print_id, error);
}

gboolean
slip_flow_print (Db *db, const Slip *slip, gint64 *ret_print_id, GError **error)
{
  Print data = {slip, 0};
  if (!db_write (db, print, &data, error))
    return FALSE;
  if (ret_print_id != NULL)
    *ret_print_id = data.print_id;
  return TRUE;
}

static gpointer
print_in_worker (Db *db, gpointer data, GError **error)
{
  gint64 id = 0;
  return slip_flow_print (db, data, &id, error) ? g_memdup2 (&id, sizeof id) : NULL;
}

void
slip_flow_take_print_async (App *app, Slip *slip, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  worker_run (app->worker, print_in_worker, slip, (GDestroyNotify)slip_free, g_free, cancellable,
              callback, user_data);
}

gint64
slip_flow_print_finish (GAsyncResult *result, GError **error)
{
  g_autofree gint64 *id = worker_finish (result, error);
  return id != NULL ? *id : 0;
}

static SlipPaperText
text_in (const json_t *data, const char *key)
{
  const json_t *text = json_object_get (data, key);
  return (SlipPaperText){json_string_value (json_object_get (text, "zh")),
                         json_string_value (json_object_get (text, "en"))};
}

static const char *
word_in (const json_t *data, const char *key)
{
  return json_string_value (json_object_get (data, key));
}

GBytes *
slip_flow_render (App *app, const char *id, int copy, GError **error)
{
  g_autoptr (json_t) data = slip_store_get (app->db, id, error);
  if (data == NULL)
    return NULL;
  const json_t *services = json_object_get (data, "services");
  g_autofree SlipPaperService *lines = g_new0 (SlipPaperService, json_array_size (services) + 1);
  for (gsize i = 0; i < json_array_size (services); i++) {
    const json_t *service = json_array_get (services, i);
    lines[i].name = text_in (service, "name");
    lines[i].to_recognise = json_is_true (json_object_get (service, "to_recognise"));
    if (lines[i].name.zh == NULL) {
      g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "a slip's row is damaged");
      return NULL;
    }
  }
  const char *language = word_in (data, "language");
  const SlipPaper paper = {
      .hall_name = word_in (data, "hall_name"),
      .headline = text_in (data, "headline"),
      .category = text_in (data, "category"),
      .clause = text_in (data, "clause"),
      .services = lines,
      .n_services = (guint)json_array_size (services),
      .guide_version = (guint)json_integer_value (json_object_get (data, "guide_version")),
      .guide_day = word_in (data, "guide_day"),
      .day = word_in (data, "day"),
      .good_until = word_in (data, "good_until"),
      .ticket_text = word_in (data, "ticket_text"),
      .device = word_in (data, "device"),
      .at = json_integer_value (json_object_get (data, "at")),
      .english = language != NULL && g_str_has_prefix (language, "en"),
      .training = json_is_true (json_object_get (data, "training")),
      .copy = copy,
  };
  return slip_paper_render (&paper, error);
}

/* --- Coming back
 * ---------------------------------------------------------------------------------------- */

EligibilityFlow *
slip_flow_open (Guide *guide, const Ticket *ticket, const char *today, GError **error)
{
  g_autoptr (json_t) claimed = strict_json_parse (ticket->facts, strlen (ticket->facts), error);
  g_autoptr (json_t) facts = json_object ();
  EligibilityFlow *flow = claimed != NULL ? eligibility_flow_new (guide, NULL, today, error) : NULL;
  const char *key;
  json_t *value;

  if (flow == NULL)
    return NULL;
  json_object_foreach (claimed, key, value) {
    json_object_set (facts, key, value);
    if (!may_travel (guide_fact (guide, key)) || !eligibility_flow_set_facts (flow, facts, NULL))
      json_object_del (facts, key);
  }
  eligibility_flow_set_facts (flow, facts, NULL);
  eligibility_flow_stop (flow);
  return flow;
}

gboolean
slip_flow_start (App *app, Db *db, const Ticket *ticket, gint64 now, GError **error)
{
  return ticket_flow_redeem (app, db, ticket, PURPOSE, now, error);
}

typedef struct {
  App *app;
  Ticket *ticket;
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;
  ticket_free (start->ticket);
  g_free (start);
}

static gpointer
start_in_worker (Db *db, gpointer data, GError **error)
{
  Start *start = data;
  return slip_flow_start (start->app, db, start->ticket, clock_now (), error) ? g_strdup (PURPOSE)
                                                                              : NULL;
}

void
slip_flow_start_async (App *app, const Ticket *ticket, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  Start *start = g_new (Start, 1);
  g_autoptr (GBytes) claims = ticket_encode (ticket, NULL);
  gsize length;
  const void *bytes = g_bytes_get_data (claims, &length);
  start->app = app;
  start->ticket = ticket_decode (bytes, length, NULL);
  worker_run (app->worker, start_in_worker, start, start_free, g_free, cancellable, callback,
              user_data);
}

gboolean
slip_flow_start_finish (GAsyncResult *result, GError **error)
{
  g_autofree char *done = worker_finish (result, error);
  return done != NULL;
}
