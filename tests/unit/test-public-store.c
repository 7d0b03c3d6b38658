/* test-public-store.c: what the city tells everybody, applied and refused. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "device-store.h"
#include "store/public-store.h"

static gboolean
apply_text (Db *db, const char *text, GError **error)
{
  g_autoptr (json_t) item = strict_json_parse (text, strlen (text), error);
  gboolean known = FALSE;

  return public_store_apply (db, item, &known, error) && known;
}

static void
test_public (DeviceStore *f, gconstpointer data)
{
  g_autofree char *file =
      g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "protocol", "feed.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) vector = strict_json_load (file, &error);
  g_autoptr (GPtrArray) events = NULL, called = NULL, newest = NULL;
  const PublicCase *last;
  json_t *item;
  gsize i;
  gint64 ahead;

  g_assert_no_error (error);
  for (int twice = 0; twice < 2; twice++)
    json_array_foreach (json_object_get (json_object_get (vector, "feed"), "items"), i, item) {
      gboolean known;
      g_assert_true (public_store_apply (f->db, item, &known, &error));
      g_assert_no_error (error);
    }
  events = public_store_case (f->db, "GSA-222223-D", &error);
  g_assert_cmpuint (events->len, ==, 3);
  g_assert_cmpstr (((PublicCase *)events->pdata[0])->actor, ==, "talent");
  g_assert_cmpstr (((PublicCase *)events->pdata[1])->actor, ==, "centre");
  g_assert_null (((PublicCase *)events->pdata[1])->department);
  last = events->pdata[2];
  g_assert_cmpstr (last->state, ==, "accepted");
  g_assert_cmpstr (last->action, ==, "accept");
  g_assert_cmpstr (last->actor, ==, "department");
  g_assert_cmpstr (last->department, ==, "hr-bureau");
  g_assert_cmpint (last->limit_n, ==, 10);
  g_assert_cmpstr (last->limit_unit, ==, "workday");
  g_assert_cmpstr (last->due, ==, "2026-12-07");
  newest = public_store_cases (f->db, 10, &error);
  g_assert_cmpuint (newest->len, ==, 1);
  g_assert_cmpstr (((PublicCase *)newest->pdata[0])->state, ==, "accepted");
  g_assert_cmpstr (((PublicCase *)newest->pdata[0])->department, ==, "hr-bureau");
  called = public_store_called (f->db, "2026-11-23", 5, &error);
  g_assert_cmpuint (called->len, ==, 1);
  g_assert_cmpstr (((PublicTicket *)called->pdata[0])->window, ==, "2");
  g_assert_true (apply_text (f->db,
                             "{\"kind\":\"queue\",\"number\":\"A013\",\"family\":\"A\",\"day\":"
                             "\"2026-11-23\",\"state\":\"waiting\",\"window\":null,\"at\":"
                             "\"2026-11-23T01:00:00.000Z\"}",
                             &error));
  g_assert_true (public_store_ahead (f->db, "2026-11-23", "A", "A014", &ahead, &error));
  g_assert_cmpint (ahead, ==, 1);
}

/* A city of before says no actor, and a limit may be of no days: both are cases to track. */
static void
test_public_other_city (DeviceStore *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const PublicCase *event;

  g_assert_true (
      apply_text (f->db,
                  "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"received\","
                  "\"at\":\"2026-11-23T01:00:00.000Z\",\"limit\":{\"n\":3,\"unit\":"
                  "\"month\"},\"due\":null}",
                  &error));
  g_assert_no_error (error);
  events = public_store_case (f->db, "GSA-222223-D", &error);
  g_assert_cmpuint (events->len, ==, 1);
  event = events->pdata[0];
  g_assert_null (event->actor);
  g_assert_null (event->department);
  g_assert_null (event->limit_unit);
}

static void
test_public_refused (DeviceStore *f, gconstpointer data)
{
  static const char *const wrong[] = {
      "{\"kind\":\"case\",\"number\":\"GSA-222223-E\",\"state\":\"received\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"fine\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"received\",\"at\":\"now\"}",
      "{\"kind\":\"queue\",\"number\":\"A0\",\"day\":\"2026-11-23\",\"state\":\"called\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{\"kind\":\"queue\",\"number\":\"A012\",\"day\":\"2026-13-23\",\"state\":\"called\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\"}",
      "{}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"received\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\",\"actor\":{\"role\":\"god\"}}",
      "{\"kind\":\"case\",\"number\":\"GSA-222223-D\",\"state\":\"received\",\"at\":"
      "\"2026-11-23T01:00:00.000Z\",\"actor\":\"centre\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (apply_text (f->db, wrong[i], &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/public-store/" name, DeviceStore, NULL, device_store_set_up, function,             \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("feed", test_public);
  ADD ("other-city", test_public_other_city);
  ADD ("refused", test_public_refused);
  return g_test_run ();
}
