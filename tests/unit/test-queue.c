/* test-queue.c: numbers of the queue and the blocks they are drawn from. */
#include "base/error.h"
#include "domain/queue.h"

static void
test_numbers (void)
{
  static const char *const wrong[] = {"A12",  "A0012", "D012", "a012", "A000",
                                      "A-12", "A1 2",  "",     NULL};
  g_autofree char *text = queue_number_format ('A', 12, NULL);
  g_autoptr (GError) error = NULL;
  char letter = 0;
  int n = 0;

  g_assert_cmpstr (text, ==, "A012");
  g_assert_true (queue_number_parse (text, &letter, &n));
  g_assert_cmpint (letter, ==, 'A');
  g_assert_cmpint (n, ==, 12);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (queue_number_parse (wrong[i], &letter, &n));
  g_assert_null (queue_number_format ('D', 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_null (queue_number_format ('A', 1000, NULL));
  g_assert_null (queue_number_format ('A', 0, NULL));
}

static void
test_block (void)
{
  const QueueBlock block = {200, 399};
  const QueueBlock impossible[] = {{0, 10}, {10, 9}, {1, 1000}};
  g_autoptr (GError) error = NULL;
  int n = 0, last = 0, drawn = 0;

  while (queue_next (&block, last, &n, &error)) {
    g_assert_cmpint (n, ==, last == 0 ? 200 : last + 1);
    last = n;
    drawn++;
  }
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_cmpint (drawn, ==, 200);
  g_assert_cmpint (last, ==, 399);
  g_assert_false (queue_next (&block, 199, &n, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  for (gsize i = 0; i < G_N_ELEMENTS (impossible); i++)
    g_assert_false (queue_block_is_valid (&impossible[i]));
}

static void
test_words (void)
{
  int n = 0;

  for (const QueueFamily *family = queue_families (); family->letter != 0; family++, n++)
    g_assert_true (queue_family (family->letter) == family);
  g_assert_cmpint (n, ==, 3);
  g_assert_null (queue_family (0));
  for (int i = QUEUE_STATE_WAITING; i <= QUEUE_STATE_MISSED; i++) {
    QueueState state;
    g_assert_true (queue_state_parse (queue_state_word ((QueueState)i), &state));
    g_assert_cmpint (state, ==, i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queue/numbers", test_numbers);
  g_test_add_func ("/queue/block", test_block);
  g_test_add_func ("/queue/words", test_words);
  return g_test_run ();
}
