/* test-child.c: helpers that do their task, stall, talk too much, are cancelled; regions. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/region.h"

static gboolean
on_event (json_t *event, const char *word, gpointer data, GError **error)
{
  g_assert_cmpstr (json_string_value (json_object_get (event, "event")), ==, word);
  g_string_append_printf (data, "[%s]", word);
  return TRUE;
}

#define SAY(words) "echo '{\"event\":\"" words "\"}'; "

static gboolean
run (const char *script, GBytes *input, gsize max, GString *said, GCancellable *cancellable,
     ChildEnd *ret_end, GError **error)
{
  const char *argv[] = {"/bin/sh", "-c", script, NULL};
  ChildTask task = {.argv = argv,
                    .input = input,
                    .max_payload = max,
                    .stall_ms = 300,
                    .limit_ms = 10000,
                    .on_event = on_event,
                    .data = said};
  return child_run (&task, cancellable, ret_end, error);
}

static void
test_lines_and_payload (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GBytes) input = g_bytes_new_static ("a page", 6);
  g_auto (ChildEnd) end = {0};

  g_assert_true (run (SAY ("one") "cat >&3; " SAY ("two") "printf three; exit 7", input, 6, said,
                      NULL, &end, &error));
  g_assert_no_error (error);
  /* A piece without its newline is no line. */
  g_assert_cmpstr (said->str, ==, "[one][two]");
  g_assert_cmpmem (g_bytes_get_data (end.payload, NULL), g_bytes_get_size (end.payload), "a page",
                   6);
  g_assert_cmpint (end.status, ==, 7);
  g_assert_false (end.signaled);
  g_assert_false (end.stalled);
}

static void
test_inherits_nothing (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_auto (ChildEnd) end = {0};
  int leaked = memfd_create ("leak", 0);

  /* 3 is the folder being listed. */
  g_assert_true (run ("printf '{\"event\":\"';"
                      " for fd in /proc/$$/fd/*; do printf '%s ' ${fd##*/}; done; echo '\"}'",
                      NULL, 0, said, NULL, &end, NULL));
  g_assert_cmpstr (said->str, ==, "[0 1 2 3 ]");
  close (leaked);
}

static void
test_stall (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  gint64 before = clock_monotonic ();
  static const char *const scripts[] = {
      SAY ("here") "exec sleep 60",                        /* silent */
      "trap '' TERM; " SAY ("here") "while :; do :; done", /* deaf */
      SAY ("here") "exec 1>&- 3>&-; exec sleep 60",        /* closed its ends and stays */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_auto (ChildEnd) end = {0};
    g_autoptr (GError) error = NULL;
    g_assert_true (run (scripts[i], NULL, 10, said, NULL, &end, &error));
    g_assert_no_error (error);
    g_assert_true (end.stalled);
    g_assert_true (end.signaled);
  }
  g_assert_cmpint (clock_monotonic () - before, <, 8000);
  g_assert_cmpstr (said->str, ==, "[here][here][here]");
}

static void
test_too_much (void)
{
  static const char *const scripts[] = {"yes >&3", "yes | tr -d '\\n'", "yes '{\"event\":\"y\"}'"};

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autoptr (GString) said = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    ChildEnd end = {0};
    g_assert_false (run (scripts[i], NULL, 100000, said, NULL, &end, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
    g_assert_null (end.payload);
  }
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  gint64 before = clock_monotonic ();
  ChildEnd end = {0};

  g_assert_false (
      run ("while :; do " SAY ("x") "sleep 0.1; done", NULL, 1, said, cancellable, &end, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED);
  g_assert_cmpint (clock_monotonic () - before, <, 3000);
  g_thread_join (thread);
}

static void
test_no_event (void)
{
  static const char *const scripts[] = {"echo one", "echo '{}'; exec sleep 60",
                                        "echo '{\"event\":1}'", "echo"};

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autoptr (GString) said = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    ChildEnd end = {0};
    g_assert_false (run (scripts[i], NULL, 0, said, NULL, &end, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
    g_assert_cmpstr (said->str, ==, "");
  }
}

/* A name is a helper's, and no program of the path. */
static void
test_by_name (void)
{
  const char *argv[] = {"onestop-intake", "--version", NULL}, *stranger[] = {"sh", NULL};
  ChildTask task = {.argv = argv, .stall_ms = 5000, .limit_ms = 5000};
  g_autoptr (GError) error = NULL;
  g_auto (ChildEnd) end = {0};

  g_assert_true (child_run (&task, NULL, &end, &error));
  g_assert_no_error (error);
  g_assert_cmpint (end.status, ==, 0);
  task.argv = stranger;
  g_assert_false (child_run (&task, NULL, &end, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_not_there (void)
{
  const char *argv[] = {"/nowhere/onestop-nothing", NULL};
  ChildTask task = {.argv = argv, .stall_ms = 1000, .limit_ms = 1000};
  g_autoptr (GError) error = NULL;
  ChildEnd end = {0};

  g_assert_false (child_run (&task, NULL, &end, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_region (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) copy = region_copy ("bytes", 5, &error);
  g_autoptr (GBytes) nothing = region_copy (NULL, 0, &error);
  g_autoptr (GBytes) whole = NULL;
  int fd = memfd_create ("region", MFD_CLOEXEC);

  g_assert_cmpmem (g_bytes_get_data (copy, NULL), g_bytes_get_size (copy), "bytes", 5);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_assert_cmpint (write (fd, "0123456789", 10), ==, 10);
  lseek (fd, 0, SEEK_SET);
  whole = region_read (fd, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole), "0123456789", 10);
  lseek (fd, 0, SEEK_SET);
  g_assert_null (region_read (fd, 9, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child/lines-and-payload", test_lines_and_payload);
  g_test_add_func ("/child/inherits-nothing", test_inherits_nothing);
  g_test_add_func ("/child/stall", test_stall);
  g_test_add_func ("/child/too-much", test_too_much);
  g_test_add_func ("/child/cancel", test_cancel);
  g_test_add_func ("/child/no-event", test_no_event);
  g_test_add_func ("/child/by-name", test_by_name);
  g_test_add_func ("/child/not-there", test_not_there);
  g_test_add_func ("/region", test_region);
  return g_test_run ();
}
