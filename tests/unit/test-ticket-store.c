/* test-ticket-store.c: numbers that are given once, tickets that are used once. */
#include "base/error.h"
#include "device-store.h"
#include "store/ticket-store.h"

static gboolean
take_number (Db *db, gpointer data, GError **error)
{
  int *number = data;
  return ticket_store_next_number (db, "2026-11-23", "A", 5, 7, number, error);
}

static void
test_tickets (DeviceStore *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 first = 0;
  int number = 0;

  for (int wanted = 5; wanted <= 7; wanted++) {
    g_assert_true (db_write (f->db, take_number, &number, &error));
    g_assert_cmpint (number, ==, wanted);
  }
  g_assert_false (db_write (f->db, take_number, &number, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_true (ticket_store_redeem (f->db, "000102030405060708090a0b", "check-in",
                                      DEVICE_STORE_NOW, NULL, &error));
  g_assert_false (ticket_store_redeem (f->db, "000102030405060708090a0b", "check-in",
                                       DEVICE_STORE_NOW + 5, &first, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_assert_cmpint (first, ==, DEVICE_STORE_NOW);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/ticket-store/" name, DeviceStore, NULL, device_store_set_up, function,             \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("numbers", test_tickets);
  return g_test_run ();
}
