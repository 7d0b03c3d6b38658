/* test-base.c: errors, encodings, clocks, files, JSON. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/strict-json.h"

static void
test_base45_vectors (void)
{
  /* RFC 9285, section 4.3 and 4.4 */
  static const struct {
    const char *plain, *text;
  } vectors[] = {
      {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"}};
  static const char *const refused[] = {"GGW", ":::", "A", "bb8", "QED8WEX"};

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autofree char *text =
        encode_base45 ((const guint8 *)vectors[i].plain, strlen (vectors[i].plain));
    g_autoptr (GBytes) plain = encode_unbase45 (vectors[i].text, strlen (vectors[i].text));
    g_assert_cmpstr (text, ==, vectors[i].text);
    g_assert_nonnull (plain);
    g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), vectors[i].plain,
                     strlen (vectors[i].plain));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_null (encode_unbase45 (refused[i], strlen (refused[i])));
}

static void
test_base32 (void)
{
  /* RFC 4648, section 10, without padding */
  static const char *const vectors[][2] = {{"f", "MY"},           {"fo", "MZXQ"},
                                           {"foo", "MZXW6"},      {"foob", "MZXW6YQ"},
                                           {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autofree char *text = encode_base32 ((const guint8 *)vectors[i][0], strlen (vectors[i][0]));
    g_autoptr (GBytes) plain = encode_unbase32 (vectors[i][1]);
    g_assert_cmpstr (text, ==, vectors[i][1]);
    g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), vectors[i][0],
                     strlen (vectors[i][0]));
  }
  g_assert_null (encode_unbase32 ("MZ"));
  g_assert_null (encode_unbase32 ("M1"));
  g_assert_null (encode_unbase64 ("Zg="));
  g_assert_null (encode_unbase64 ("Zh=="));
}

static void
test_clock (void)
{
  static const char *const bad[] = {"2026-02-30T00:00:00Z", "2026-11-23T08:15:30",
                                    "2026-11-23 08:15:30Z", "2026-11-23T08:15:30.Z",
                                    "2026-11-23T25:15:30Z", "",
                                    "2026-11-23T08:15:30Zx"};
  gint64 ms = 0;

  g_assert_true (clock_parse ("2026-11-23T18:15:30.123Z", &ms, NULL));
  g_autofree char *text = clock_format (ms);
  g_autofree char *day = clock_day (ms);
  g_autofree char *local = clock_local (ms);
  g_assert_cmpstr (text, ==, "2026-11-23T18:15:30.123Z");
  g_assert_cmpstr (day, ==, "2026-11-24");
  g_assert_cmpstr (local, ==, "2026-11-24 02:15");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (clock_parse (bad[i], &ms, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

static void
test_uuid (void)
{
  g_autofree char *previous = id_uuid7 (1795400000000);

  g_assert_true (id_is_uuid7 (previous));
  g_assert_true (g_str_has_prefix (previous, "01a2"));
  for (int i = 0; i < 5000; i++) {
    char *next = id_uuid7 (1795400000000);
    g_assert_true (id_is_uuid7 (next));
    g_assert_cmpstr (previous, <, next);
    g_free (previous);
    previous = next;
  }
  g_assert_false (id_is_uuid7 ("01a2"));
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  int full = open ("/dev/full", O_WRONLY | O_CLOEXEC);

  g_assert_false (file_write_all (full, "hello", 5));
  g_assert_cmpint (errno, ==, ENOSPC);
  close (full);
  g_assert_true (file_write (path, "hello", 5, 0600, &error));
  g_assert_no_error (error);
  bytes = file_read (path, 5, &error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "hello", 5);
  text = file_read_text (path, 5, &error);
  g_assert_cmpstr (text, ==, "hello");
  g_assert_null (file_read_text (path, 4, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_null (file_read (path, 4, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_null (file_read (folder, 4, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_null (file_read (path, 4, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_rmdir (folder);
}

static void
test_json (void)
{
  static const char *const bad[] = {"{\"a\":1,\"a\":2}", "{\"a\":1} x", "\"\xff\"", "[1e999]", "",
                                    "{'a':1}",           "\"\\u0000\""};
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) deep = g_string_new (NULL);
  static const char sample[] = "{\"b\":\"\xe5\xbc\xa0\",\"a\":1}";
  g_autoptr (json_t) value = strict_json_parse (sample, strlen (sample), &error);
  g_autofree char *text = NULL, *sorted = NULL;
  gint64 n = 0;

  g_assert_no_error (error);
  text = strict_json_write (value);
  sorted = strict_json_canonical (value);
  g_assert_cmpstr (text, ==, "{\"b\":\"\xe5\xbc\xa0\",\"a\":1}");
  g_assert_cmpstr (sorted, ==, "{\"a\":1,\"b\":\"\xe5\xbc\xa0\"}");
  g_assert_true (strict_json_int (value, "a", &n, NULL));
  g_assert_cmpint (n, ==, 1);
  g_assert_false (strict_json_int (value, "b", &n, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (strict_json_parse (bad[i], strlen (bad[i]), &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
    g_clear_error (&error);
  }
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  g_assert_null (strict_json_parse (deep->str, deep->len, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/base45", test_base45_vectors);
  g_test_add_func ("/base/base32", test_base32);
  g_test_add_func ("/base/clock", test_clock);
  g_test_add_func ("/base/uuid", test_uuid);
  g_test_add_func ("/base/file", test_file);
  g_test_add_func ("/base/json", test_json);
  return g_test_run ();
}
