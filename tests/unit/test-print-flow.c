/* test-print-flow.c: what a person can do to a print job, on a real store. */
#include <glib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "flow/print-flow.h"
#include "store/device-health.h"

#define NOW G_GINT64_CONSTANT (1795400000000)

typedef struct {
  char *folder;
  Db *db;
} Place;

static void
set_up (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  self->db = db_open (self->folder, NOW, &error);
  g_assert_no_error (error);
}

static void
tear_down (Place *self, gconstpointer data)
{
  const char *argv[] = {"rm", "-rf", self->folder, NULL};

  db_free (self->db);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (self->folder);
}

static gint64
add (Place *self)
{
  gint64 id = 0;

  g_assert_true (print_spool_add (self->db, PRINT_KIND_RECEIPT, "GSA-222223-K", NOW, &id, NULL));
  return id;
}

static void
set (Place *self, gint64 id, PrintState state, const char *reason)
{
  g_autoptr (GError) error = NULL;

  print_spool_set (self->db, id, state, reason, NOW, &error);
  g_assert_no_error (error);
}

static void
expect (Place *self, gint64 id, PrintState state, int copy)
{
  g_autoptr (PrintJob) job = print_spool_get (self->db, id, NULL);

  g_assert_nonnull (job);
  g_assert_cmpstr (print_state_word (job->state), ==, print_state_word (state));
  g_assert_cmpint (job->copy, ==, copy);
}

static guint
count_queued (Place *self)
{
  g_autoptr (GPtrArray) jobs = print_spool_in_state (self->db, PRINT_STATE_QUEUED, NULL);
  return jobs->len;
}

static void
test_answer (Place *self, gconstpointer data)
{
  gint64 id = add (self), other = 0;
  g_autoptr (GError) error = NULL;

  g_assert_false (print_flow_answer (self->db, id, FALSE, NOW, &other, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_cmpint (other, ==, 0);
  set (self, id, PRINT_STATE_SENDING, NULL);
  set (self, id, PRINT_STATE_UNKNOWN, "unreachable");
  g_assert_true (print_flow_answer (self->db, id, FALSE, NOW, &other, &error));
  g_assert_cmpint (other, !=, id);
  expect (self, id, PRINT_STATE_CANCELLED, 1);
  expect (self, other, PRINT_STATE_QUEUED, 2);
  /* The same answer twice is not two copies. */
  g_assert_false (print_flow_answer (self->db, id, FALSE, NOW, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_cmpuint (count_queued (self), ==, 1);
  set (self, other, PRINT_STATE_SENDING, NULL);
  set (self, other, PRINT_STATE_UNKNOWN, "stalled");
  g_assert_true (print_flow_answer (self->db, other, TRUE, NOW, &id, &error));
  g_assert_cmpint (other, ==, id);
  expect (self, other, PRINT_STATE_PRINTED, 2);
  g_assert_cmpuint (count_queued (self), ==, 0);
}

static void
test_again (Place *self, gconstpointer data)
{
  gint64 id = add (self), other = 0;

  g_assert_false (print_flow_again (self->db, id, NOW, &other, NULL));
  set (self, id, PRINT_STATE_FAILED, "unreachable");
  /* Nothing had left: the same copy. */
  g_assert_true (print_flow_again (self->db, id, NOW, &other, NULL));
  g_assert_cmpint (other, ==, id);
  expect (self, id, PRINT_STATE_QUEUED, 1);
  /* Something may have: a reprint. */
  set (self, id, PRINT_STATE_SENDING, NULL);
  g_assert_true (print_spool_set_ipp_id (self->db, id, 7, NULL));
  set (self, id, PRINT_STATE_FAILED, "aborted");
  g_assert_true (print_flow_again (self->db, id, NOW, &other, NULL));
  g_assert_cmpint (other, !=, id);
  expect (self, id, PRINT_STATE_CANCELLED, 1);
  expect (self, other, PRINT_STATE_QUEUED, 2);
  g_assert_true (print_flow_cancel (self->db, other, NOW, NULL));
  g_assert_cmpuint (count_queued (self), ==, 0);
}

static void
test_health (Place *self, gconstpointer data)
{
  PrinterHealth health = {0};
  g_auto (PrintFlowView) view = {0};
  gint64 id = add (self);

  g_assert_true (print_flow_health (self->db, PRINT_FLOW_RECEIPT_PRINTER, NOW, &health, NULL));
  g_assert_false (health.known);
  g_assert_true (device_health_set (self->db, PRINT_FLOW_RECEIPT_PRINTER, "media-empty",
                                    "media-empty-warning", NOW, NULL));
  g_assert_true (device_health_set (self->db, PRINT_FLOW_RECEIPT_PRINTER, "media-empty", NULL,
                                    NOW + 5000, NULL));
  g_assert_true (
      print_flow_health (self->db, PRINT_FLOW_RECEIPT_PRINTER, NOW + 6000, &health, NULL));
  g_assert_true (health.known);
  g_assert_cmpint (health.condition, ==, PRINTER_CONDITION_MEDIA_EMPTY);
  g_assert_cmpint (health.since, ==, NOW);
  g_assert_cmpint (health.checked_at, ==, NOW + 5000);
  g_assert_true (print_flow_look (self->db, id, NOW + 6000, &view, NULL));
  g_assert_cmpint (view.state, ==, PRINT_STATE_QUEUED);
  g_assert_cmpint (view.condition, ==, PRINTER_CONDITION_MEDIA_EMPTY);
  g_assert_true (
      device_health_set (self->db, PRINT_FLOW_RECEIPT_PRINTER, "ready", NULL, NOW + 7000, NULL));
  g_assert_true (
      print_flow_health (self->db, PRINT_FLOW_RECEIPT_PRINTER, NOW + 7000, &health, NULL));
  g_assert_cmpint (health.since, ==, NOW + 7000);
  g_assert_true (print_flow_health (self->db, PRINT_FLOW_RECEIPT_PRINTER,
                                    NOW + 7001 + PRINT_FLOW_STALE_MS, &health, NULL));
  g_assert_false (health.known);
  g_autoptr (GPtrArray) all = device_health_list (self->db, NULL);
  g_assert_cmpuint (all->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/print-flow/answer", Place, NULL, set_up, test_answer, tear_down);
  g_test_add ("/print-flow/again", Place, NULL, set_up, test_again, tear_down);
  g_test_add ("/print-flow/health", Place, NULL, set_up, test_health, tear_down);
  return g_test_run ();
}
