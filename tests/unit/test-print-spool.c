/* test-print-spool.c: the rows that wait for a printer. */
#include "base/error.h"
#include "device-store.h"
#include "store/print-spool.h"

static gint64
spool_in (Db *db, PrintState state)
{
  static const PrintState way[][3] = {
      [PRINT_STATE_QUEUED] = {PRINT_STATE_QUEUED},
      [PRINT_STATE_SENDING] = {PRINT_STATE_SENDING},
      [PRINT_STATE_UNKNOWN] = {PRINT_STATE_SENDING, PRINT_STATE_UNKNOWN},
      [PRINT_STATE_PRINTED] = {PRINT_STATE_SENDING, PRINT_STATE_PRINTED},
      [PRINT_STATE_FAILED] = {PRINT_STATE_SENDING, PRINT_STATE_FAILED},
      [PRINT_STATE_CANCELLED] = {PRINT_STATE_CANCELLED},
  };
  gint64 id = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      print_spool_add (db, PRINT_KIND_RECEIPT, "GSA-222223-D", DEVICE_STORE_NOW, &id, &error));
  for (int i = 0; i < 3 && way[state][i] != PRINT_STATE_QUEUED; i++)
    g_assert_true (print_spool_set (db, id, way[state][i], "because", DEVICE_STORE_NOW, &error));
  g_assert_no_error (error);
  return id;
}

static void
test_spool_states (DeviceStore *f, gconstpointer data)
{
  /* from (row) to (column): queued sending unknown printed failed cancelled */
  static const char *const allowed[] = {".x..xx", "x.xxx.", "x..xxx", "......", "x....x", "......"};

  for (guint from = 0; from < 6; from++)
    for (guint to = 0; to < 6; to++) {
      g_autoptr (GError) error = NULL;
      gint64 id = spool_in (f->db, from);
      gboolean done = print_spool_set (f->db, id, to, NULL, DEVICE_STORE_NOW + 1, &error);
      g_autoptr (PrintJob) job = print_spool_get (f->db, id, NULL);
      g_assert_cmpint (done, ==, allowed[from][to] == 'x');
      g_assert_cmpint (job->state, ==, done ? to : from);
      if (!done)
        g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
    }
}

static void
test_spool (DeviceStore *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PrintJob) next = NULL, found = NULL, nothing = print_spool_next (f->db, &error);
  g_autoptr (GPtrArray) sending = NULL;
  gint64 first, second, third;

  g_assert_null (nothing);
  g_assert_no_error (error);
  first = spool_in (f->db, PRINT_STATE_QUEUED);
  second = spool_in (f->db, PRINT_STATE_QUEUED);
  next = print_spool_next (f->db, &error);
  g_assert_cmpint (next->id, ==, first);
  g_assert_cmpint (next->copy, ==, 1);
  g_assert_true (
      print_spool_set (f->db, first, PRINT_STATE_SENDING, NULL, DEVICE_STORE_NOW, &error));
  g_assert_true (print_spool_set_ipp_id (f->db, first, 17, &error));
  sending = print_spool_in_state (f->db, PRINT_STATE_SENDING, &error);
  g_assert_cmpuint (sending->len, ==, 1);
  g_assert_cmpint (((PrintJob *)sending->pdata[0])->ipp_id, ==, 17);
  g_assert_true (
      print_spool_set (f->db, first, PRINT_STATE_PRINTED, NULL, DEVICE_STORE_NOW, &error));
  found = print_spool_find (f->db, PRINT_KIND_RECEIPT, "GSA-222223-D", &error);
  g_assert_cmpint (found->id, ==, second);
  g_assert_cmpint (found->copy, ==, 2);
  g_assert_cmpstr (found->job_name, !=, next->job_name);
  g_assert_true (print_spool_purge (f->db, DEVICE_STORE_NOW + 11 * 60 * 1000, &error));
  g_assert_null (print_spool_get (f->db, first, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  /* A copy number is never given again, even when the row is gone. */
  third = spool_in (f->db, PRINT_STATE_QUEUED);
  g_clear_pointer (&found, print_job_free);
  found = print_spool_get (f->db, third, NULL);
  g_assert_cmpint (found->copy, ==, 3);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/print-spool/" name, DeviceStore, NULL, device_store_set_up, function,              \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("states", test_spool_states);
  ADD ("rows", test_spool);
  return g_test_run ();
}
