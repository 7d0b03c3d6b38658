/* test-intake-problem.c: what an application lacks, and what it may not hold. */
#include <string.h>

#include "application.h"
#include "base/clock.h"
#include "base/error.h"
#include "kiosk-app.h"

static gboolean
names (GPtrArray *problems, IntakePart part, const char *id)
{
  for (guint i = 0; i < problems->len; i++) {
    const IntakeProblem *problem = problems->pdata[i];
    if (problem->part == part && strcmp (problem->id, id) == 0 && !problem->later)
      return TRUE;
  }
  return FALSE;
}

static void
test_problems (KioskApp *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (IntakeFlow) flow = intake_flow_new (f->app, APPLICATION_SERVICE, "zh_CN", &error);
  g_autoptr (GPtrArray) problems = intake_flow_problems (flow, -1);

  g_assert_true (names (problems, INTAKE_PART_FORM, "id_kind"));
  g_assert_true (names (problems, INTAKE_PART_DOCUMENTS, "identity"));
  g_assert_true (names (problems, INTAKE_PART_NOTICE, "privacy-talent-card"));
  g_assert_true (names (problems, INTAKE_PART_CONSENT, "purpose"));
  g_assert_false (names (problems, INTAKE_PART_CONSENT, "call-back"));
  g_assert_false (names (problems, INTAKE_PART_SIGNATURE, "signature"));
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  kiosk_app_check_empty (f);
}

static void
test_wrong_number (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GPtrArray) before = intake_flow_problems (flow, INTAKE_PART_FORM), after = NULL;

  g_assert_cmpuint (before->len, ==, 0);
  g_assert_true (intake_flow_take_answer (flow, "id_cn", json_string ("320508199003070026"), NULL));
  after = intake_flow_problems (flow, INTAKE_PART_FORM);
  g_assert_true (names (after, INTAKE_PART_FORM, "id_cn"));
}

static void
test_required_consent (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_true (intake_flow_consent (flow, "purpose", FALSE, clock_now (), NULL));
  g_assert_null (intake_flow_submit (flow, f->app->db, clock_now (), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "purpose"));
  kiosk_app_check_empty (f);
}

static void
test_strangers (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (intake_flow_take_answer (flow, "shoe_size", json_integer (41), &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (
      intake_flow_add_document (flow, "poem", "image/png", NULL, bytes, 1, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_consent (flow, "anything", TRUE, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_read_notice (flow, "another", 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (intake_flow_set_signature (flow, bytes, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (intake_flow_new (f->app, "no-such-service", "en", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_documents (KioskApp *f, gconstpointer data)
{
  g_autoptr (IntakeFlow) flow = application_fill (f->app, "en", TRUE);
  g_autoptr (GPtrArray) identity = NULL, all = intake_flow_documents (flow, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (all->len, ==, 5);
  g_assert_cmpstr (((IntakeDocument *)all->pdata[0])->slot, ==, "identity");
  g_assert_true (intake_flow_remove_document (flow, "identity", 0, &error));
  identity = intake_flow_documents (flow, "identity");
  g_assert_cmpuint (identity->len, ==, 1);
  g_assert_cmpint (((IntakeDocument *)identity->pdata[0])->rotate, ==, 90);
  g_assert_false (intake_flow_remove_document (flow, "identity", 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/intake-problem/" name, KioskApp, NULL, kiosk_app_set_up, function,                 \
              kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  ADD ("problems", test_problems);
  ADD ("wrong-number", test_wrong_number);
  ADD ("required-consent", test_required_consent);
  ADD ("strangers", test_strangers);
  ADD ("documents", test_documents);
  return g_test_run ();
}
