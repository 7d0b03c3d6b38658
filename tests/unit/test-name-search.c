/* test-name-search.c: a service is found as a person looks for it. */
#include <string.h>

#include "text/name-search.h"

static const struct {
  const char *id, *zh, *en, *alias_zh;
} names[] = {
    {"card", "姑苏英才服务卡", "Gusu Talent Service Card", NULL},
    {"overseas", "海外高层次人才居住证", "Jiangsu Overseas Talent Certificate", NULL},
    {"transfer", "异地入选国家级重大人才工程人才管理关系转移备案", "Transfer of Relations",
     "异地入选国家“千人计划”人才管理关系转移备案"},
    {"settle", "人才落户", "Household Registration (Settlement)", NULL},
    {"school", "子女入学", "Schooling for Children", NULL},
    {"housing", "人才乐居", "Talent Housing", NULL},
    {"register", "经营主体登记（原工商）", "Business Registration", "工商"},
    {"tax", "税务", "Tax", NULL},
    {"customs", "海关", "Customs", NULL},
    {"permit", "外国人来华工作许可", "Foreigner’s Work Permit", NULL},
};

static PinyinInput *
tables (void)
{
  static PinyinInput *shared;
  g_autoptr (GError) error = NULL;

  if (shared == NULL)
    shared = pinyin_input_new (&error);
  g_assert_no_error (error);
  return shared;
}

static NameSearch *
sample (PinyinInput *pinyin)
{
  NameSearch *search = name_search_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    name_search_add (search, pinyin, names[i].id, NAME_SEARCH_NAME, names[i].zh);
    name_search_add (search, pinyin, names[i].id, NAME_SEARCH_NAME, names[i].en);
    name_search_add (search, pinyin, names[i].id, NAME_SEARCH_ALIAS, names[i].alias_zh);
  }
  name_search_add (search, pinyin, "overseas", NAME_SEARCH_ABOUT,
                   "取得国外长期居留权的留学人员。Not a visa.");
  return search;
}

/* "card tax": what `query` finds, in order. */
static char *
found (NameSearch *search, const char *query)
{
  g_autoptr (GPtrArray) ids = name_search_find (search, query);

  g_ptr_array_add (ids, NULL);
  return g_strjoinv (" ", (char **)ids->pdata);
}

static void
test_finds (void)
{
  static const struct {
    const char *query, *ids;
  } cases[] = {
      {"姑苏英才", "card"},
      {"服务卡", "card"},
      {"gsyc", "card"},
      {"GSYC", "card"},
      {"ｇｓｙｃ", "card"},
      {"gsycfwk", "card"},
      {"gusuyingcai", "card"},
      {"gu'su'ying", "card"},
      {"gsyingc", "card"},
      {"姑suyc", "card"},
      {"luohu", "settle"},
      {"lh", "settle permit"},
      {"rclh", "settle"},
      {"ziniuruxue", ""},
      {"zinvruxue", "school"},
      {"znrx", "school"},
      {"shangxue", ""},
      {"school", "school"},
      {"children", "school"},
      {"hild", ""},
      {"children's", ""},
      {"foreigners", "permit"},
      {"foreigner’s work", "permit"},
      {"talent", "housing card overseas"},
      {"talent housing", "housing"},
      {"housing talent", "housing"},
      {"talent luohu", ""},
      {"人才 lj", "housing"},
      {"gongshang", "register"},
      {"工商", "register"},
      {"qrjh", "transfer"},
      {"千人计划", "transfer"},
      {"g", "card register"},
      {"h", "settle housing customs overseas"},
      {"haiguan", "customs"},
      {"hg", "customs permit"},
      {"visa", "overseas"},
      {"长期居留", "overseas"},
      {"changqijuliu", ""},
      {"", ""},
      {" ’", ""},
      {"xyzzy", ""},
  };
  g_autoptr (NameSearch) search = sample (tables ());

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *ids = found (search, cases[i].query);
    if (strcmp (ids, cases[i].ids) != 0)
      g_error ("“%s” finds “%s” instead of “%s”", cases[i].query, ids, cases[i].ids);
  }
}

static void
test_without_tables (void)
{
  g_autoptr (NameSearch) search = sample (NULL);
  g_autofree char *words = found (search, "落户"), *pinyin = found (search, "luohu");

  g_assert_cmpstr (words, ==, "settle");
  g_assert_cmpstr (pinyin, ==, "");
}

static void
test_readings (void)
{
  g_auto (GStrv) one = pinyin_input_readings (tables (), g_utf8_get_char ("苏"));
  g_auto (GStrv) two = pinyin_input_readings (tables (), g_utf8_get_char ("乐"));

  g_assert_nonnull (one);
  g_assert_cmpstr (one[0], ==, "su");
  g_assert_null (one[1]);
  g_assert_true (g_strv_contains ((const char *const *)two, "le"));
  g_assert_true (g_strv_contains ((const char *const *)two, "yue"));
  g_assert_null (pinyin_input_readings (tables (), 'a'));
}

/* Nothing that can be typed takes long. */
static void
test_long (void)
{
  g_autoptr (NameSearch) search = sample (tables ());
  g_autofree char *long_word = g_strnfill (5000, 'r'), *ids = NULL;
  g_autoptr (GString) alike = g_string_new (NULL);
  gint64 before = g_get_monotonic_time ();

  for (int i = 0; i < 400; i++)
    g_string_append (alike, "人");
  name_search_add (search, tables (), "alike", NAME_SEARCH_NAME, alike->str);
  ids = found (search, long_word);
  g_assert_cmpstr (ids, ==, "alike");
  g_free (g_steal_pointer (&ids));
  long_word[60] = 'x';
  ids = found (search, long_word);
  g_assert_cmpstr (ids, ==, "");
  g_assert_cmpint (g_get_monotonic_time () - before, <, G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-search/readings", test_readings);
  g_test_add_func ("/name-search/finds", test_finds);
  g_test_add_func ("/name-search/without-tables", test_without_tables);
  g_test_add_func ("/name-search/long", test_long);
  return g_test_run ();
}
