/* test-pinyin-input.c: what a visitor types comes out as the words meant. */
#include <string.h>

#include "text/pinyin-input.h"

static PinyinInput *
typed (const char *letters)
{
  g_autoptr (GError) error = NULL;
  PinyinInput *self = pinyin_input_new (&error);
  g_assert_no_error (error);
  for (const char *p = letters; *p != '\0'; p++)
    g_assert_true (pinyin_input_type (self, *p));
  return self;
}

static int
place_of (PinyinInput *self, const char *words)
{
  for (guint i = 0; i < pinyin_input_count (self); i++)
    if (strcmp (pinyin_input_peek (self, i), words) == 0)
      return (int)i;
  return -1;
}

static void
test_offers (void)
{
  static const struct {
    const char *letters, *words;
    int within;
  } cases[] = {{"suzhou", "苏州", 1},
               {"suzhoudaxue", "苏州大学", 1},
               {"zhangwei", "张伟", 5},
               {"beijingdaxue", "北京大学", 1},
               {"rencaifuwu", "人才服务", 1},
               {"youxiangongsi", "有限公司", 1},
               {"lv", "吕", 8},
               {"xi'an", "西安", 3}};
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PinyinInput) self = typed (cases[i].letters);
    int place = place_of (self, cases[i].words);
    if (place < 0 || place >= cases[i].within)
      g_error ("%s: %s stands at %d", cases[i].letters, cases[i].words, place);
  }
}

static void
test_choose_part (void)
{
  g_autoptr (PinyinInput) self = typed ("wangshili");
  int place = place_of (self, "王");
  g_autofree char *words = NULL;
  g_autofree char *divided = pinyin_input_divided (self);

  g_assert_cmpstr (divided, ==, "wang'shi'li");
  g_assert_cmpint (place, >=, 0);
  words = pinyin_input_choose (self, (guint)place);
  g_assert_cmpstr (words, ==, "王");
  g_assert_cmpstr (pinyin_input_peek_letters (self), ==, "shili");
  g_assert_cmpint (place_of (self, "示例"), >=, 0);
  g_clear_pointer (&words, g_free);
  words = pinyin_input_choose (self, (guint)place_of (self, "示例"));
  g_assert_cmpstr (words, ==, "示例");
  g_assert_cmpstr (pinyin_input_peek_letters (self), ==, "");
  g_assert_cmpuint (pinyin_input_count (self), ==, 0);
}

static void
test_edges (void)
{
  g_autoptr (PinyinInput) self = typed ("su");

  g_assert_false (pinyin_input_type (self, 'S'));
  g_assert_false (pinyin_input_type (self, '1'));
  g_assert_true (pinyin_input_backspace (self));
  g_assert_true (pinyin_input_backspace (self));
  g_assert_false (pinyin_input_backspace (self));
  g_assert_false (pinyin_input_type (self, '\''));
  g_assert_null (pinyin_input_choose (self, 0));
  for (int i = 0; i < PINYIN_INPUT_MAX_LETTERS; i++)
    g_assert_true (pinyin_input_type (self, 'a'));
  g_assert_false (pinyin_input_type (self, 'a'));
  pinyin_input_reset (self);
  g_assert_cmpstr (pinyin_input_peek_letters (self), ==, "");
  g_assert_cmpuint (pinyin_input_count (self), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pinyin-input/offers", test_offers);
  g_test_add_func ("/pinyin-input/choose-part", test_choose_part);
  g_test_add_func ("/pinyin-input/edges", test_edges);
  return g_test_run ();
}
