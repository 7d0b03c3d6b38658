/* application.c: takes the sample's answers, papers and consents in the order of the screens. */
#include "application.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/strict-json.h"

GBytes *
application_sample (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "submit", name, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = file_read (path, 1024 * 1024, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
answer (IntakeFlow *flow, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "submit", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) answers = strict_json_load (path, &error);
  const char *field;
  json_t *value;

  g_assert_no_error (error);
  json_object_foreach (answers, field, value) {
    intake_flow_take_answer (flow, field, json_deep_copy (value), &error);
    g_assert_no_error (error);
  }
}

static void
add (IntakeFlow *flow, const char *slot, const char *media, const char *name)
{
  g_autoptr (GBytes) bytes = application_sample (name);
  g_autoptr (GError) error = NULL;

  intake_flow_add_document (flow, slot, media, name, bytes, 1, NULL, &error);
  g_assert_no_error (error);
}

IntakeFlow *
application_fill (App *app, const char *language, gboolean second_page)
{
  g_autoptr (GError) error = NULL;
  IntakeFlow *flow = intake_flow_new (app, APPLICATION_SERVICE, language, &error);
  g_autoptr (GBytes) signature = application_sample ("signature.svg");
  gint64 now = clock_now ();

  g_assert_no_error (error);
  answer (flow, "answers.json");
  answer (flow, "applicant.json");
  answer (flow, "on-behalf.json");
  add (flow, "photo", "image/jpeg", "photo.jpg");
  add (flow, "identity", "image/jpeg", "identity.jpg");
  add (flow, "employment", "application/pdf", "employment.pdf");
  add (flow, "equal-proof", "image/png", "equal-proof.png");
  if (second_page) {
    add (flow, "identity", "image/jpeg", "photo.jpg");
    g_assert_true (intake_flow_rotate_document (flow, "identity", 1, 90, &error));
  }
  g_assert_true (intake_flow_read_notice (flow, "privacy-talent-card", now, &error));
  g_assert_true (intake_flow_consent (flow, "truth", TRUE, now, &error));
  g_assert_true (intake_flow_consent (flow, "purpose", TRUE, now, &error));
  g_assert_true (intake_flow_consent (flow, "call-back", FALSE, now, &error));
  g_assert_true (intake_flow_set_signature (flow, signature, &error));
  g_assert_no_error (error);
  return flow;
}
