/* test-roster-flow.c: the roster's file, its import, and whom it knows. */
#include <string.h>

#include "application.h"
#include "base/error.h"
#include "base/file.h"
#include "domain/roster.h"
#include "flow/roster-flow.h"
#include "json-text.h"
#include "kiosk-app.h"
#include "store/roster-store.h"

/* Python: hashlib.blake2b (b"320508199003070025", key=bytes (range (32)), digest_size=32), the
 * sample applicant's invented number. */
#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HASH "8ff1b4270e5fee316f3acb7ab422ceb037fb2de3739e27fe2798897e26dc5842"
#define STRANGER "8ff1b4270e5fee316f3acb7ab422ceb037fb2de3739e27fe2798897e26dc5843"

static gboolean
import (KioskApp *f, const char *roster, const char *key, GError **error)
{
  g_autofree char *path = g_build_filename (f->folder, "roster.txt", NULL);
  g_autofree char *key_path = g_build_filename (f->folder, "roster.key", NULL);
  g_assert_true (file_write (path, roster, strlen (roster), 0600, NULL));
  g_assert_true (file_write (key_path, key, strlen (key), 0600, NULL));
  return roster_flow_import (f->app, f->app->db, path, key_path, 1795400000000, NULL, error);
}

static void
test_parse (void)
{
  static const char *const refused[] = {
      "",
      "# nobody\n",
      HASH "\n",
      HASH " \n",
      HASH "  jieqing\n",
      HASH " jieqing x\n",
      HASH " 杰青\n",
      "8FF1b4270e5fee316f3acb7ab422ceb037fb2de3739e27fe2798897e26dc"
      "5842 jieqing\n",
      HASH "0 jieqing\n",
      "320508199003070025 jieqing\n"};
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lines =
      roster_parse ("# sample\n\n" HASH " jieqing\r\n" STRANGER " cas", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines->len, ==, 2);
  g_assert_cmpstr (g_array_index (lines, RosterLine, 0).hash, ==, HASH);
  g_assert_cmpstr (g_array_index (lines, RosterLine, 0).title, ==, "jieqing");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_assert_null (roster_parse (refused[i], &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
    /* Whoever made the file wrong may have left a number in it: it is not repeated. */
    g_assert_null (strstr (error->message, "320508"));
    g_clear_error (&error);
  }
}

static void
test_match (KioskApp *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (IntakeFlow) flow = intake_flow_new (f->app, APPLICATION_SERVICE, "zh_CN", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) none = roster_flow_match (f->app, flow); /* no roster */
  g_assert_cmpuint (none->len, ==, 0);
  import (f, HASH " jieqing\n" HASH " cas\n" HASH " cas\n" STRANGER " bairen\n", KEY "\n", &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) unasked = roster_flow_match (f->app, flow); /* no number */
  g_assert_cmpuint (unasked->len, ==, 0);
  g_assert_true (intake_flow_take_answer (flow, "id_kind", json_string ("id-cn"), NULL));
  g_assert_true (intake_flow_take_answer (flow, "id_cn", json_string ("32050819900307002"), NULL));
  g_assert_false (roster_flow_fill (f->app, flow)); /* not whole yet */
  g_assert_true (
      intake_flow_take_answer (flow, "id_cn", json_string ("320508 1990 0307 0025"), NULL));
  json_t *own = json_pack ("[s]", "youqing");
  g_assert_true (intake_flow_take_answer (flow, "titles", own, NULL));
  g_autoptr (GPtrArray) match = roster_flow_match (f->app, flow);
  g_assert_cmpuint (match->len, ==, 2);
  g_assert_true (roster_flow_fill (f->app, flow));
  g_autoptr (json_t) titles = json_text_parse ("[\"youqing\",\"jieqing\"]"),
                     top = json_text_parse ("[\"cas\"]");
  g_assert_true (json_equal (intake_flow_peek_answer (flow, "titles"), titles));
  g_assert_true (json_equal (intake_flow_peek_answer (flow, "titles_top"), top));
  g_assert_false (roster_flow_fill (f->app, flow)); /* nothing twice */
  g_assert_true (intake_flow_take_answer (flow, "id_kind", json_string ("passport"), NULL));
  g_autoptr (GPtrArray) hidden = roster_flow_match (f->app, flow); /* that number counts no more */
  g_assert_cmpuint (hidden->len, ==, 0);
}

/* The old name of a programme stands in the policy's text alone. */
static void
test_title (KioskApp *f, gconstpointer data)
{
  const GuideField *titles = guide_fact (f->app->guide, "titles");
  for (guint i = 0; i < titles->options->len; i++) {
    const GuideOption *option = titles->options->pdata[i];
    const char *zh = roster_flow_title (f->app->guide, option, "zh_CN");
    g_assert_nonnull (zh);
    g_assert_null (strstr (zh, "千人计划"));
    g_assert_null (strstr (zh, "万人计划"));
  }
  g_assert_cmpstr (roster_flow_title (f->app->guide, titles->options->pdata[0], "zh_CN"), ==,
                   "国家级重大人才工程入选者");
}

static void
test_import (KioskApp *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 lines, at;
  g_assert_true (import (f, HASH " jieqing\n" STRANGER " cas\n", KEY, &error));
  g_assert_true (import (f, HASH " bairen\n", KEY, &error)); /* replaces */
  g_assert_false (import (f, HASH " 320508199003070025\n", KEY, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_null (strstr (error->message, "320508"));
  g_clear_error (&error);
  g_assert_false (import (f, HASH " cas\n", "0001", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (roster_store_count (f->app->db, &lines, &at, &error));
  g_assert_cmpint (lines, ==, 1);
  g_assert_cmpint (at, ==, 1795400000000);
  g_autoptr (GPtrArray) titles = roster_store_titles (f->app->db, HASH, &error);
  g_assert_cmpuint (titles->len, ==, 1);
  g_assert_cmpstr (titles->pdata[0], ==, "bairen");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/roster/" name, KioskApp, NULL, kiosk_app_set_up, function, kiosk_app_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_test_add_func ("/roster/parse", test_parse);
  ADD ("match", test_match);
  ADD ("title", test_title);
  ADD ("import", test_import);
  return g_test_run ();
}
