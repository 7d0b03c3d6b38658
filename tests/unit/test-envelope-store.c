/* test-envelope-store.c: entries of the hall's devices on a desk. */
#include "base/error.h"
#include "device-store.h"
#include "store/envelope-store.h"
#include "store/journal.h"

static void
test_envelopes (DeviceStore *f, gconstpointer data)
{
  DeviceStore desk;
  g_autoptr (JournalEntry) entry = NULL;
  g_autoptr (GPtrArray) wanted = NULL, cases = NULL, one = NULL;
  g_autofree char *number = device_store_submit_one (f->db, DEVICE_STORE_NOW);
  g_autoptr (GBytes) bad = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;

  entry = journal_get (f->db, db_peek_incarnation (f->db), 1, NULL);
  device_store_set_up (&desk, NULL);
  g_assert_true (envelope_store_put (desk.db, entry->bytes, &error));
  g_assert_true (envelope_store_put (desk.db, entry->bytes, &error));
  g_assert_no_error (error);
  g_assert_false (envelope_store_put (desk.db, bad, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  wanted = envelope_store_wanted (desk.db, 10, &error);
  g_assert_cmpuint (wanted->len, ==, 1);
  cases = envelope_store_cases (desk.db, 10, &error);
  g_assert_cmpuint (cases->len, ==, 1);
  g_assert_false (((Envelope *)cases->pdata[0])->complete);
  g_assert_cmpstr (((Envelope *)cases->pdata[0])->number, ==, number);
  g_assert_true (envelope_store_arrived (desk.db, wanted->pdata[0], &error));
  one = envelope_store_case (desk.db, number, &error);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_true (((Envelope *)one->pdata[0])->complete);
  g_assert_true (g_bytes_equal (((Envelope *)one->pdata[0])->bytes, entry->bytes));
  device_store_tear_down (&desk, NULL);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/envelope-store/" name, DeviceStore, NULL, device_store_set_up, function,           \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("put", test_envelopes);
  return g_test_run ();
}
