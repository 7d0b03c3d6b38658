/* test-guide-search.c: every service of the guide that is shipped is found by each of its names. */
#include <string.h>

#include "flow/guide-flow.h"
#include "flow/guide-search.h"

static void
expect_first (NameSearch *search, const char *query, const char *id)
{
  g_autoptr (GPtrArray) ids = name_search_find (search, query);

  if (ids->len == 0 || strcmp (ids->pdata[0], id) != 0)
    g_error ("“%s” finds %s first instead of %s", query,
             ids->len > 0 ? (char *)ids->pdata[0] : "nothing", id);
}

/* Letters of `name`, one a character that has a reading, or whole readings. */
static char *
letters (PinyinInput *pinyin, const char *name, gboolean whole)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p)) {
    g_auto (GStrv) readings = pinyin_input_readings (pinyin, g_utf8_get_char (p));
    if (readings != NULL)
      g_string_append_len (text, readings[0], whole ? (gssize)strlen (readings[0]) : 1);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Guide) guide = guide_flow_load (&error);
  g_autoptr (PinyinInput) pinyin = pinyin_input_new (&error);
  g_autoptr (NameSearch) search = NULL;
  const GPtrArray *services;

  g_assert_no_error (error);
  search = guide_search_new (guide, pinyin);
  services = guide_services (guide);
  g_assert_cmpint (services->len, >=, 21);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = services->pdata[i];
    const char *name = guide_text (service->name, "zh_CN", NULL);
    g_autofree char *initials = letters (pinyin, name, FALSE),
                    *whole = letters (pinyin, name, TRUE);
    expect_first (search, name, service->id);
    expect_first (search, initials, service->id);
    expect_first (search, whole, service->id);
    expect_first (search, guide_text (service->name, "en", NULL), service->id);
    for (guint a = 0; a < service->aliases->len; a++)
      expect_first (search,
                    guide_text (((GuideAlias *)service->aliases->pdata[a])->name, "zh_CN", NULL),
                    service->id);
  }
  expect_first (search, "gsyc", "gusu-talent-card");
  expect_first (search, "luoh", "settlement");
  expect_first (search, "rclh", "settlement");
  expect_first (search, "school", "children-schooling");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide-search/all", test_all);
  return g_test_run ();
}
