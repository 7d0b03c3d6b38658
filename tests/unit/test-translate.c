/* test-translate.c: two languages in one process, at once. */
#include <glib.h>

#include "base/clock.h"
#include "base/translate.h"

static void
test_two_at_once (void)
{
  g_assert_cmpstr (translate ("zh_CN", "Back"), ==, "返回");
  g_assert_cmpstr (translate ("en", "Back"), ==, "Back");
  g_assert_cmpstr (translate ("zh_CN", "Back"), ==, "返回");
}

static void
test_what_is_missing_is_itself (void)
{
  g_assert_cmpstr (translate ("zh_CN", "no such text"), ==, "no such text");
  g_assert_cmpstr (translate ("xx", "Back"), ==, "Back");
  g_assert_cmpstr (translate (NULL, "Back"), ==, "Back");
  g_assert_cmpstr (translate ("zh_CN", ""), ==, "");
}

static void
test_counts (void)
{
  g_autofree char *one = translate_count ("en", "%d person waiting", "%d people waiting", 1);
  g_autofree char *many = translate_count ("en", "%d person waiting", "%d people waiting", 3);
  g_autofree char *none = translate_count ("en", "%d person waiting", "%d people waiting", 0);
  g_autofree char *zh = translate_count ("zh_CN", "%d person waiting", "%d people waiting", 1);
  g_assert_cmpstr (one, ==, "1 person waiting");
  g_assert_cmpstr (many, ==, "3 people waiting");
  g_assert_cmpstr (none, ==, "0 people waiting");
  g_assert_cmpstr (zh, ==, "1 人等候");
}

static void
test_days (void)
{
  gint64 at = 0;
  g_assert_true (clock_parse ("2026-03-18T02:24:00.000Z", &at, NULL));
  g_autofree char *zh = translate_day ("zh_CN", at);
  g_autofree char *en = translate_day ("en", at);
  g_autofree char *time = translate_time (at);
  g_assert_cmpstr (zh, ==, "3月18日 周三");
  g_assert_cmpstr (en, ==, "Wed 18 Mar");
  g_assert_cmpstr (time, ==, "10:24");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  translate_init ();
  g_test_add_func ("/translate/two-at-once", test_two_at_once);
  g_test_add_func ("/translate/what-is-missing-is-itself", test_what_is_missing_is_itself);
  g_test_add_func ("/translate/counts", test_counts);
  g_test_add_func ("/translate/days", test_days);
  return g_test_run ();
}
