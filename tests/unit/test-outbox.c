/* test-outbox.c: what waits for the city, and what is let go when the city holds it. */
#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "base/file.h"
#include "device-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/outbox.h"
#include "store/peer-store.h"
#include "store/receipt-store.h"

static void
test_outbox (DeviceStore *f, gconstpointer data)
{
  const char *life = db_peek_incarnation (f->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = NULL, some = NULL, one = NULL, objects = NULL, none = NULL;
  OutboxStatus status;
  gsize length;

  for (int i = 0; i < 4; i++)
    g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW + i));
  all = outbox_read (f->db, life, 0, 1024 * 1024, &error);
  g_assert_cmpuint (all->len, ==, 4);
  length = g_bytes_get_size (((JournalEntry *)all->pdata[0])->bytes) + 1;
  some = outbox_read (f->db, life, 1, 2 * length + 10, &error);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpint (((JournalEntry *)some->pdata[0])->seq, ==, 2);
  one = outbox_read (f->db, life, 0, 1, &error);
  g_assert_cmpuint (one->len, ==, 1);
  objects = outbox_objects (f->db, 10, &error);
  g_assert_cmpuint (objects->len, ==, 4);
  g_assert_true (outbox_status (f->db, &status, &error));
  g_assert_cmpint (status.entries, ==, 4);
  g_assert_cmpint (status.objects, ==, 4);
  g_assert_cmpint (status.since, ==, DEVICE_STORE_NOW);
  for (guint i = 0; i < objects->len; i++)
    g_assert_true (outbox_object_sent (f->db, ((OutboxObject *)objects->pdata[i])->sha256, &error));
  g_assert_true (peer_store_acknowledge (f->db, life, 4, 2, "e1", DEVICE_STORE_NOW, NULL, &error));
  g_assert_true (outbox_status (f->db, &status, &error));
  g_assert_cmpint (status.entries + status.objects + status.since, ==, 0);
  none = outbox_read (f->db, life, 4, 1000, &error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_watermarks (DeviceStore *f, gconstpointer data)
{
  const char *life = db_peek_incarnation (f->db);
  g_autoptr (GError) error = NULL;
  g_autoptr (PeerState) state = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gint64 received, safe;
  gboolean new_epoch = TRUE;

  for (int i = 0; i < 4; i++)
    g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW + i));
  g_assert_false (peer_store_acknowledge (f->db, life, 5, 0, "e1", DEVICE_STORE_NOW, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (peer_store_acknowledge (f->db, life, 2, 3, "e1", DEVICE_STORE_NOW, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (
      peer_store_acknowledge (f->db, life, 4, 2, "e1", DEVICE_STORE_NOW, &new_epoch, &error));
  g_assert_false (new_epoch);
  g_assert_true (
      peer_store_acknowledge (f->db, life, 1, 0, "e1", DEVICE_STORE_NOW - 5, &new_epoch, &error));
  g_assert_true (peer_store_watermarks (f->db, life, &received, &safe, &error));
  g_assert_cmpint (received, ==, 4);
  g_assert_cmpint (safe, ==, 2);
  objects = outbox_objects (f->db, 10, NULL);
  for (guint i = 0; i < objects->len; i++)
    g_assert_true (outbox_object_sent (f->db, ((OutboxObject *)objects->pdata[i])->sha256, &error));
  g_assert_true (object_store_purge (f->db, life, 2, NULL, &error));
  g_assert_true (peer_store_set_cursor (f->db, "c-9", &error));
  g_assert_true (
      peer_store_acknowledge (f->db, life, 3, 2, "e2", DEVICE_STORE_NOW, &new_epoch, &error));
  g_assert_no_error (error);
  g_assert_true (new_epoch);
  g_assert_true (peer_store_watermarks (f->db, life, &received, &safe, &error));
  g_assert_cmpint (received, ==, 2);
  g_assert_cmpint (safe, ==, 2);
  g_clear_pointer (&objects, g_ptr_array_unref);
  objects = outbox_objects (f->db, 10, NULL);
  g_assert_cmpuint (objects->len, ==, 2);
  state = peer_store_load (f->db, NULL);
  g_assert_cmpstr (state->epoch, ==, "e2");
  g_assert_null (state->cursor);
  g_assert_cmpint (state->server_time, ==, DEVICE_STORE_NOW);
}

static void
test_objects (DeviceStore *f, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("object 1", 8), read = NULL;
  g_autoptr (GBytes) orphan = g_bytes_new_static ("orphan", 6);
  g_autofree char *name = NULL, *lost = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;
  guint purged = 0;

  g_assert_true (object_store_put (f->directory, bytes, &name, &error));
  g_assert_true (object_store_put (f->directory, bytes, NULL, &error));
  g_assert_true (object_store_put (f->directory, orphan, &lost, &error));
  g_free (device_store_submit_one (f->db, DEVICE_STORE_NOW));
  read = object_store_get (f->directory, name, &error);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_null (object_store_get (f->directory, "../../etc/passwd", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpuint (object_store_sweep (f->db, 0, &error), ==, 0);
  g_assert_cmpuint (object_store_sweep (f->db, clock_now () + 10000, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_null (object_store_get (f->directory, lost, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  path = object_store_path (f->directory, name);
  g_assert_true (file_write (path, "object 2", 8, 0600, NULL));
  g_assert_null (object_store_get (f->directory, name, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_true (object_store_purge (f->db, db_peek_incarnation (f->db), 0, &purged, &error));
  g_assert_cmpuint (purged, ==, 0);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (object_store_purge (f->db, db_peek_incarnation (f->db), 1, &purged, &error));
  g_assert_cmpuint (purged, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_receipts (DeviceStore *f, gconstpointer data)
{
  g_autofree char *number = device_store_submit_one (f->db, DEVICE_STORE_NOW);
  g_autoptr (json_t) kept = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 day = 24 * 3600 * 1000;

  /* Neither a day nor the city alone is enough. */
  g_assert_true (receipt_store_purge (f->db, DEVICE_STORE_NOW + 2 * day, &error));
  kept = receipt_store_get (f->db, number, &error);
  g_assert_nonnull (kept);
  g_assert_true (peer_store_acknowledge (f->db, db_peek_incarnation (f->db), 1, 1, "e1",
                                         DEVICE_STORE_NOW, NULL, &error));
  g_assert_true (receipt_store_purge (f->db, DEVICE_STORE_NOW + day - 1, &error));
  json_decref (g_steal_pointer (&kept));
  kept = receipt_store_get (f->db, number, &error);
  g_assert_nonnull (kept);
  g_assert_true (receipt_store_purge (f->db, DEVICE_STORE_NOW + day + 1, &error));
  g_assert_null (receipt_store_get (f->db, number, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/outbox/" name, DeviceStore, NULL, device_store_set_up, function,                   \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("read", test_outbox);
  ADD ("watermarks", test_watermarks);
  ADD ("objects", test_objects);
  ADD ("receipts", test_receipts);
  return g_test_run ();
}
