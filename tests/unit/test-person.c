/* test-person.c: names, masks, and that forgetting forgets. All people here are made up. */
#include <string.h>

#include "domain/person.h"

static void
assert_name (PersonNameKind kind, const char *text, const char *normal)
{
  person_autotext char *name = NULL;

  if (person_check_name (kind, text, &name, NULL) != PERSON_NAME_OK)
    g_error ("%s", text);
  g_assert_cmpstr (name, ==, normal);
}

static void
assert_reason (PersonNameKind kind, const char *text, const char *word, int position)
{
  char *untouched = (char *)"x";
  int place = -2;
  PersonNameReason reason = person_check_name (kind, text, &untouched, &place);

  if (strcmp (person_name_reason_word (reason), word) != 0)
    g_error ("%s: %s", text, person_name_reason_word (reason));
  g_assert_cmpint (place, ==, position);
  g_assert_cmpstr (untouched, ==, "x");
}

static void
test_chinese (void)
{
  assert_name (PERSON_NAME_CHINESE, "王示例", "王示例");
  assert_name (PERSON_NAME_CHINESE, " 王 示例　", "王示例");
  assert_name (PERSON_NAME_CHINESE, "示例·古丽", "示例·古丽");
  assert_name (PERSON_NAME_CHINESE, "示例•古丽・测试", "示例·古丽·测试");
  assert_name (PERSON_NAME_CHINESE, "𠮷示", "𠮷示"); /* outside the basic plane */
  assert_name (PERSON_NAME_CHINESE, "张〇", "张〇");
  assert_reason (PERSON_NAME_CHINESE, "", "empty", -1);
  assert_reason (PERSON_NAME_CHINESE, NULL, "empty", -1);
  assert_reason (PERSON_NAME_CHINESE, "王", "too-short", -1);
  assert_reason (PERSON_NAME_CHINESE, "王A", "wrong-script", 1);
  assert_reason (PERSON_NAME_CHINESE, "王1", "bad-character", 1);
  assert_reason (PERSON_NAME_CHINESE, "·王示", "bad-form", 0);
  assert_reason (PERSON_NAME_CHINESE, "王··示", "bad-form", 2);
  assert_reason (PERSON_NAME_CHINESE, "王示·", "bad-form", -1);
  assert_reason (PERSON_NAME_CHINESE, "王\xff", "bad-character", -1);
  GString *many = g_string_new (NULL);
  for (int i = 0; i < 31; i++)
    g_string_append (many, "王");
  assert_reason (PERSON_NAME_CHINESE, many->str, "too-long", -1);
  g_string_free (many, TRUE);
}

static void
test_latin (void)
{
  assert_name (PERSON_NAME_LATIN, "Sample Test", "SAMPLE TEST");
  assert_name (PERSON_NAME_LATIN, "SAMPLE<<TEST<MARIA", "SAMPLE TEST MARIA");
  assert_name (PERSON_NAME_LATIN, "o'sample-test,  maria", "O'SAMPLE-TEST MARIA");
  assert_name (PERSON_NAME_LATIN, "ｓａｍｐｌｅ", "SAMPLE");
  assert_name (PERSON_NAME_LATIN, "S", "S"); /* such names are on passports */
  assert_reason (PERSON_NAME_LATIN, " ", "empty", -1);
  assert_reason (PERSON_NAME_LATIN, "王示例", "wrong-script", 0);
  assert_reason (PERSON_NAME_LATIN, "SÄMPLE", "wrong-script", 1);
  assert_reason (PERSON_NAME_LATIN, "SAMPLE 2", "bad-character", 7);
  assert_reason (PERSON_NAME_LATIN, "-SAMPLE", "bad-form", 0);
  assert_reason (PERSON_NAME_LATIN, "SAMPLE--TEST", "bad-form", 7);
  assert_reason (PERSON_NAME_LATIN, "SAMPLE-", "bad-form", -1);
}

static void
test_masks (void)
{
  static const struct {
    char *(*mask) (const char *);
    const char *text, *masked;
  } rows[] = {{person_mask_name, "王示例", "王*"},
              {person_mask_name, "示例·古丽", "示*"},
              {person_mask_name, "SAMPLE TEST", "S* T*"},
              {person_mask_name, "", ""},
              {person_mask_name, NULL, ""},
              {person_number_tail, "44011320141005001X", "001X"},
              {person_number_tail, "E123", ""},
              {person_number_tail, NULL, ""},
              {person_mask_phone, "13812345678", "138 **** 5678"},
              {person_mask_phone, "+86 138-1234-5678", "138 **** 5678"},
              {person_mask_phone, "+4915123456789", "+49 **** 89"},
              {person_mask_phone, "12345", "****"},
              {person_mask_phone, NULL, "****"},
              {person_mask_email, "sample@example.org", "s***@example.org"},
              {person_mask_email, "@example.org", "***"},
              {person_mask_email, NULL, "***"}};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *masked = rows[i].mask (rows[i].text);
    g_assert_cmpstr (masked, ==, rows[i].masked);
  }
}

static void
test_wiping (void)
{
  char text[] = "SAMPLE TEST";
  guint8 *data = g_memdup2 ("0123456789", 10);
  GBytes *bytes = person_bytes_take (data, 10);
  json_t *tree =
      json_pack ("{s:s, s:[s, {s:s}]}", "a", "SAMPLE-A", "b", "SAMPLE-B", "c", "SAMPLE-C");
  json_t *kept = json_incref (json_array_get (json_object_get (tree, "b"), 0));

  person_wipe (text);
  for (gsize i = 0; i < sizeof text; i++)
    g_assert_cmpint (text[i], ==, 0);
  person_wipe (NULL);
  person_text_free (NULL);
  person_json_free (NULL);
  person_string_free (NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "0123456789", 10);
  g_bytes_unref (bytes);
  /* A reference kept only to look: the text inside is gone. */
  person_json_free (tree);
  g_assert_cmpstr (json_string_value (kept), ==, "");
  g_assert_cmpmem (json_string_value (kept), 8, "\0\0\0\0\0\0\0\0", 8);
  json_decref (kept);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/person/chinese", test_chinese);
  g_test_add_func ("/person/latin", test_latin);
  g_test_add_func ("/person/masks", test_masks);
  g_test_add_func ("/person/wiping", test_wiping);
  return g_test_run ();
}
