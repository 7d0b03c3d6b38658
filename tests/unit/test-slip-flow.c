/* test-slip-flow.c: a check's result onto paper, and its answers back from the code. */
#include <string.h>

#include "application.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "domain/form.h"
#include "flow/print-job-paper.h"
#include "flow/slip-flow.h"
#include "flow/ticket-flow.h"
#include "json-text.h"
#include "kiosk-app.h"
#include "paper/qr.h"
#include "store/print-spool.h"
#include "store/slip-store.h"

#define DAY_MS (86400 * (gint64)1000)
#define ANSWERS                                                                                    \
  "{\"titles_top\":[],\"titles\":[\"jieqing\",\"jiangsu-333\"],\"equal_level\":null,"              \
  "\"identity\":\"jiangsu\",\"employer_in_suzhou\":true}"

static EligibilityFlow *
check (KioskApp *f, const char *answers)
{
  g_autofree char *today = clock_day (clock_now ());
  g_autoptr (json_t) facts = json_text_parse (answers);
  g_autoptr (GError) error = NULL;
  EligibilityFlow *flow = eligibility_flow_new (f->app->guide, NULL, today, &error);
  eligibility_flow_set_facts (flow, facts, &error);
  g_assert_no_error (error);
  return flow;
}

static TicketScan *
scan (KioskApp *f, const Slip *slip, gint64 now)
{
  const char *text = json_string_value (json_object_get (slip->data, "ticket_text"));
  g_assert_nonnull (text);
  return ticket_flow_scan (f->app, text, strlen (text), now);
}

static void
test_there_and_back (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autofree char *today = clock_day (now);
  g_autoptr (GError) error = NULL;
  g_autoptr (EligibilityFlow) flow = check (f, ANSWERS);
  g_autoptr (Slip) slip = slip_flow_make (f->app, flow, "en", now, &error);
  g_assert_no_error (error);
  g_assert_true (slip->with_code);

  g_autoptr (TicketScan) seen = scan (f, slip, now + 29 * DAY_MS);
  g_assert_cmpint (seen->kind, ==, TICKET_SCAN_SLIP);
  g_autofree char *hash = encode_hex (seen->ticket->guide, sizeof seen->ticket->guide);
  g_assert_true (g_str_has_prefix (guide_peek_sha256 (f->app->guide), hash));
  g_autoptr (EligibilityFlow) again = slip_flow_open (f->app->guide, seen->ticket, today, &error);
  g_assert_no_error (error);
  g_assert_true (
      json_equal (eligibility_flow_peek_facts (again), eligibility_flow_peek_facts (flow)));
  g_assert_null (eligibility_flow_page (again));
  g_autoptr (EligibilityResult) before = eligibility_flow_result (flow, "en");
  g_autoptr (EligibilityResult) after = eligibility_flow_result (again, "en");
  g_assert_cmpstr (before->record, ==, after->record);
  g_autoptr (json_t) form = form_prefill (guide_service (f->app->guide, "gusu-talent-card"),
                                          eligibility_flow_peek_facts (again));
  g_assert_cmpuint (json_array_size (json_object_get (form, "titles")), ==, 2);

  g_autoptr (TicketScan) late = scan (f, slip, now + (SLIP_FLOW_DAYS + 1) * DAY_MS);
  g_assert_cmpint (late->kind, ==, TICKET_SCAN_OVER);
}

static void
test_once (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now ();
  g_autoptr (GError) error = NULL;
  g_autoptr (EligibilityFlow) flow = check (f, ANSWERS);
  g_autoptr (Slip) slip = slip_flow_make (f->app, flow, "zh_CN", now, &error);
  g_autoptr (TicketScan) seen = scan (f, slip, now);
  g_assert_true (slip_flow_start (f->app, f->app->db, seen->ticket, now, &error));
  g_assert_false (slip_flow_start (f->app, f->app->db, seen->ticket, now, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  /* Looking stays. */
  g_autoptr (TicketScan) more = scan (f, slip, now);
  g_assert_cmpint (more->kind, ==, TICKET_SCAN_SLIP);
}

static void
test_paper (KioskApp *f, gconstpointer data)
{
  gint64 now = clock_now (), id = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *media = NULL;
  g_autoptr (EligibilityFlow) flow = check (f, ANSWERS);
  g_autoptr (Slip) slip = slip_flow_make (f->app, flow, "en", now, &error);
  slip_flow_print (f->app->db, slip, &id, &error);
  g_assert_no_error (error);
  g_autoptr (PrintJob) job = print_spool_get (f->app->db, id, &error);
  g_assert_cmpint (job->kind, ==, PRINT_KIND_SLIP);
  g_assert_cmpstr (job->reference, ==, slip->id);
  g_autoptr (GBytes) pdf = print_job_paper_render (f->app, job, &media, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (media, "roll:8000x"));
  /* What waits for the printer states no answer in clear, and is gone in time. */
  g_autofree char *row = json_dumps (slip->data, JSON_COMPACT);
  g_assert_null (strstr (row, "jieqing"));
  g_assert_null (strstr (row, "employer"));
  g_assert_true (slip_store_purge (f->app->db, now + 3599 * 1000, &error));
  g_autoptr (json_t) kept = slip_store_get (f->app->db, slip->id, &error);
  g_assert_nonnull (kept);
  g_assert_true (slip_store_purge (f->app->db, now + 3601 * 1000, &error));
  g_assert_null (slip_store_get (f->app->db, slip->id, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

/* Answers about health, and others of one service alone, stay off the paper. */
static void
test_details_stay (KioskApp *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EligibilityFlow) flow =
      check (f, "{\"titles_top\":[\"cas\"],\"healthy_clean\":false,\"adult\":true}");
  g_autoptr (Slip) slip = slip_flow_make (f->app, flow, "en", clock_now (), &error);
  g_autoptr (TicketScan) seen = scan (f, slip, clock_now ());
  g_assert_cmpstr (seen->ticket->facts, ==, "{\"titles_top\":[\"cas\"]}");
}

/* All the answers that the short check can have. */
static void
test_too_many (KioskApp *f, gconstpointer data)
{
  gint64 id = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *media = NULL;
  g_autoptr (json_t) facts = json_text_parse (ANSWERS);
  const GuideField *titles = guide_fact (f->app->guide, "titles");
  json_t *all = json_array ();
  guint fitting = 0;
  json_object_set_new (facts, "titles", all);
  for (guint i = 0; i < titles->options->len; i++) {
    const GuideOption *option = titles->options->pdata[i];
    json_array_append_new (all, json_string (option->value));
    g_autofree char *text = json_dumps (facts, JSON_COMPACT);
    g_autoptr (EligibilityFlow) flow = check (f, text);
    g_autoptr (Slip) slip = slip_flow_make (f->app, flow, "zh_CN", clock_now (), &error);
    g_assert_no_error (error);
    if (slip->with_code) {
      const char *code = json_string_value (json_object_get (slip->data, "ticket_text"));
      g_autoptr (Qr) qr = qr_new (code, QR_LEVEL_M, 0, 13, NULL);
      g_assert_nonnull (qr);
      fitting = i + 1;
      g_test_message ("%u titles: %zu characters, version %d", fitting, strlen (code), qr->version);
    } else if (id == 0) {
      slip_flow_print (f->app->db, slip, &id, &error);
      g_assert_no_error (error);
    }
  }
  g_assert_cmpuint (fitting, >=, 4);
  g_assert_cmpuint (fitting, <, titles->options->len);
  g_autoptr (PrintJob) job = print_spool_get (f->app->db, id, &error);
  g_autoptr (GBytes) pdf = print_job_paper_render (f->app, job, &media, &error);
  g_assert_no_error (error);
}

/* An option that went, and a fact that went, do not hinder the others. */
static void
test_other_guide (KioskApp *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Ticket) ticket = ticket_new (TICKET_KIND_SLIP);
  g_autofree char *today = clock_day (clock_now ());
  ticket->facts = g_strdup ("{\"gone\":true,\"healthy_clean\":true,\"identity\":\"martian\","
                            "\"titles_top\":[\"cas\"]}");
  g_autoptr (EligibilityFlow) flow = slip_flow_open (f->app->guide, ticket, today, &error);
  g_autoptr (json_t) expected = json_text_parse ("{\"titles_top\":[\"cas\"]}");
  g_assert_no_error (error);
  g_assert_true (json_equal (eligibility_flow_peek_facts (flow), expected));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/slip-flow/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("there-and-back", test_there_and_back);
  ADD ("once", test_once);
  ADD ("paper", test_paper);
  ADD ("details-stay", test_details_stay);
  ADD ("too-many", test_too_many);
  ADD ("other-guide", test_other_guide);
  return g_test_run ();
}
