/* test-case-number.c: numbers of cases against the vectors, and every slip of the pen. Started with
 * --write it prints the vectors instead of checking them. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"

static const struct {
  const char *hall;
  char device;
  guint32 counter;
} inputs[] = {{"GS", 'K', 0},      {"GS", 'K', 1},         {"GS", 'K', 2},
              {"GS", 'K', 30},     {"GS", 'K', 31},        {"GS", 'K', 961},
              {"GS", 'D', 1},      {"22", '2', 0},         {"ZZ", 'Z', CASE_NUMBER_COUNTER_MAX},
              {"HQ", '7', 123456}, {"WZ", 'M', 443751840}, {"SZ", '9', 29791}};

static json_t *
vectors (void)
{
  json_t *list = json_array ();

  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autofree char *number =
        case_number_make (inputs[i].hall, inputs[i].device, inputs[i].counter, NULL);
    char device[2] = {inputs[i].device, '\0'};
    json_array_append_new (list, json_pack ("{s:s, s:s, s:I, s:s}", "hall", inputs[i].hall,
                                            "device", device, "counter",
                                            (json_int_t)inputs[i].counter, "number", number));
  }
  return json_pack ("{s:s, s:o}", "alphabet", CASE_NUMBER_ALPHABET, "numbers", list);
}

static void
test_vectors (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "case-number.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) stored = strict_json_load (path, &error), now = vectors ();

  g_assert_no_error (error);
  g_assert_true (json_equal (stored, now));
}

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autofree char *number =
        case_number_make (inputs[i].hall, inputs[i].device, inputs[i].counter, NULL);
    char hall[3], device;
    guint32 counter;
    g_assert_cmpint (strlen (number), ==, CASE_NUMBER_LENGTH);
    g_assert_true (case_number_split (number, hall, &device, &counter));
    g_assert_cmpstr (hall, ==, inputs[i].hall);
    g_assert_cmpint (device, ==, inputs[i].device);
    g_assert_cmpint (counter, ==, inputs[i].counter);
  }
}

/* Every single wrong character and every exchange of neighbours is found. */
static void
test_slips (void)
{
  g_autofree char *number = case_number_make ("GS", 'K', 123456, NULL);
  static const int places[] = {0, 1, 2, 4, 5, 6, 7, 8, 9, 11};

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    for (const char *c = CASE_NUMBER_ALPHABET; *c != '\0'; c++) {
      g_autofree char *wrong = g_strdup (number);
      if (wrong[places[i]] == *c)
        continue;
      wrong[places[i]] = *c;
      g_assert_cmpint (case_number_read (wrong, NULL), ==, CASE_NUMBER_BAD_CHECK);
    }
    if (i + 1 < G_N_ELEMENTS (places) && number[places[i]] != number[places[i + 1]]) {
      g_autofree char *wrong = g_strdup (number);
      wrong[places[i]] = number[places[i + 1]];
      wrong[places[i + 1]] = number[places[i]];
      g_assert_false (case_number_is_valid (wrong));
    }
  }
}

static void
test_reading (void)
{
  g_autofree char *number = case_number_make ("GS", 'K', 42, NULL);
  g_autofree char *lower = g_ascii_strdown (number, -1);
  g_autofree char *spaced = g_strdup_printf (" %.3s %.6s–%s", number, number + 4, number + 11);
  const char *const ways[] = {lower, spaced, number};

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree char *read = NULL;
    g_assert_cmpint (case_number_read (ways[i], &read), ==, CASE_NUMBER_OK);
    g_assert_cmpstr (read, ==, number);
  }
  g_assert_false (case_number_is_valid (lower));
  g_assert_false (case_number_is_valid (NULL));
  g_assert_cmpint (case_number_read ("GSK-2222", NULL), ==, CASE_NUMBER_TOO_SHORT);
  g_assert_cmpint (case_number_read ("GSK-222222-22", NULL), ==, CASE_NUMBER_TOO_LONG);
  g_assert_cmpint (case_number_read ("GSK-22O222-2", NULL), ==, CASE_NUMBER_BAD_CHARACTER);
  g_assert_cmpint (case_number_read ("GSK-22\xff", NULL), ==, CASE_NUMBER_BAD_CHARACTER);
  g_assert_cmpint (case_number_read (NULL, NULL), ==, CASE_NUMBER_BAD_CHARACTER);
}

static void
test_limits (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (case_number_make ("GS", 'K', CASE_NUMBER_COUNTER_MAX + 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_null (case_number_make ("GO", 'K', 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (case_number_make ("GS", '1', 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "--write") == 0) {
    g_autoptr (json_t) now = vectors ();
    g_autofree char *text = strict_json_pretty (now);
    g_print ("%s\n", text);
    return 0;
  }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-number/vectors", test_vectors);
  g_test_add_func ("/case-number/round-trip", test_round_trip);
  g_test_add_func ("/case-number/slips", test_slips);
  g_test_add_func ("/case-number/reading", test_reading);
  g_test_add_func ("/case-number/limits", test_limits);
  return g_test_run ();
}
