/* test-health.c: findings of a machine in every state that a test can put it into. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "ops/health.h"
#include "store/device-health.h"
#include "store/guide-store.h"
#include "store/journal.h"
#include "store/peer-store.h"
#include "store/print-spool.h"

#define NOW G_GINT64_CONSTANT (1795400000000)
#define DAY G_GINT64_CONSTANT (86400000)

typedef struct {
  char *folder;
  Config config;
  HealthSubject subject;
} Place;

static void
set_up (Place *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  self->config = (Config){.receipt_printer_uri = (char *)"ipp://localhost:1/",
                          .page_printer_uri = (char *)"",
                          .scanner_device = (char *)"none",
                          .code_reader_device = (char *)"keyboard",
                          .id_reader_device = (char *)"none",
                          .card_reader_device = (char *)"none",
                          .city_certificate = (char *)""};
  self->subject = (HealthSubject){.config = &self->config,
                                  .db = db_open (self->folder, NOW, &error),
                                  .directory = self->folder,
                                  .now = NOW};
  g_assert_no_error (error);
}

static void
tear_down (Place *self, gconstpointer data)
{
  const char *argv[] = {"rm", "-rf", self->folder, NULL};

  db_free (self->subject.db);
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (self->folder);
}

static void
expect (Place *self, const char *part, HealthLevel level, const char *word)
{
  g_autoptr (GPtrArray) all = health_check (&self->subject);
  const HealthFinding *found = NULL;
  HealthLevel before = HEALTH_FAULT;

  for (guint i = 0; i < all->len; i++) {
    const HealthFinding *finding = g_ptr_array_index (all, i);
    g_assert_cmpint (finding->level, >=, before); /* worst first */
    before = finding->level;
    g_assert_cmpint (strlen (finding->sentence), >, 3);
    g_assert_true ((finding->level == HEALTH_FINE) == (*finding->remedy == '\0'));
    if (strcmp (finding->part, part) == 0)
      found = finding;
  }
  g_assert_nonnull (found);
  g_assert_cmpstr (found->word, ==, word);
  g_assert_cmpstr (health_level_word (found->level), ==, health_level_word (level));
  g_autoptr (json_t) json = health_to_json (all);
  g_assert_cmpstr (json_string_value (json_object_get (json, "worst")), ==,
                   health_level_word (health_worst (all)));
}

static void
test_printers (Place *self, gconstpointer data)
{
  Db *db = self->subject.db;

  expect (self, "receipt-printer", HEALTH_FAULT, "not-watched");
  expect (self, "page-printer", HEALTH_NOTICE, "not-configured");
  g_assert_true (device_health_set (db, "receipt-printer", "ready", NULL, NOW, NULL));
  expect (self, "receipt-printer", HEALTH_FINE, "fine");
  g_assert_true (device_health_set (db, "receipt-printer", "media-low", NULL, NOW, NULL));
  expect (self, "receipt-printer", HEALTH_WARNING, "media-low");
  g_assert_true (device_health_set (db, "receipt-printer", "media-empty", NULL, NOW, NULL));
  expect (self, "receipt-printer", HEALTH_FAULT, "media-empty");
  self->subject.now = NOW + 10 * 60000;
  expect (self, "receipt-printer", HEALTH_FAULT, "not-watched");
}

static void
test_spool (Place *self, gconstpointer data)
{
  gint64 id = 0;

  expect (self, "print-spool", HEALTH_FINE, "fine");
  g_assert_true (
      print_spool_add (self->subject.db, PRINT_KIND_RECEIPT, "GSA-222223-K", NOW, &id, NULL));
  expect (self, "print-spool", HEALTH_FINE, "fine");
  g_assert_true (print_spool_set (self->subject.db, id, PRINT_STATE_FAILED, "aborted", NOW, NULL));
  expect (self, "print-spool", HEALTH_WARNING, "left-over");
}

static void
test_keys (Place *self, gconstpointer data)
{
  Enrolment enrolment = {.device = (char *)"GS-K1", .hall = (char *)"GS"};
  g_autoptr (KeySet) keys = key_set_new (1, NOW - DAY, NOW + 60 * DAY);

  expect (self, "enrolment", HEALTH_FAULT, "missing");
  self->subject.enrolment = &enrolment;
  expect (self, "enrolment", HEALTH_FINE, "fine");
  expect (self, "key-set", HEALTH_FAULT, "missing");
  expect (self, "certificate", HEALTH_FAULT, "missing");
  self->subject.key_set = keys;
  expect (self, "key-set", HEALTH_FINE, "fine");
  self->subject.now = NOW + 50 * DAY;
  expect (self, "key-set", HEALTH_WARNING, "ends-soon");
  self->subject.now = NOW + 60 * DAY;
  expect (self, "key-set", HEALTH_FAULT, "expired");
}

static void
test_backlog (Place *self, gconstpointer data)
{
  const JournalDraft draft = {.device = "GS-K1", .kind = ENTRY_KIND_HEARTBEAT, .at = NOW};

  expect (self, "backlog", HEALTH_FINE, "fine");
  g_assert_true (journal_append (self->subject.db, &draft, NULL, NULL));
  expect (self, "backlog", HEALTH_NOTICE, "waiting");
  self->subject.now = NOW + 20 * 60000;
  expect (self, "backlog", HEALTH_WARNING, "waiting");
  self->subject.now = NOW + 2 * DAY;
  expect (self, "backlog", HEALTH_FAULT, "waiting");
}

/* What is there goes on being shown, and how old it is is said. */
static void
test_guide (Place *self, gconstpointer data)
{
  g_autofree char *path = file_asset ("guide/320500.json");
  g_autoptr (GBytes) bytes = file_read (path, GUIDE_MAX_BYTES, NULL);
  g_autoptr (Guide) guide =
      guide_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  PackageMark marks[PACKAGE_ROLES];
  for (guint i = 0; i < PACKAGE_ROLES; i++) {
    marks[i] = (PackageMark){.version = 1, .expires = NOW + 30 * DAY};
    memset (marks[i].sha256, '0', HASH_HEX - 1);
  }
  expect (self, "guide", HEALTH_FAULT, "missing");
  self->subject.guide = guide;
  self->subject.now = NOW + 40 * DAY;
  expect (self, "guide", HEALTH_FINE, "fine");
  g_assert_true (
      guide_store_set_marks (self->subject.db, GUIDE_PACKAGE_KIND, marks, NOW, NOW, NULL));
  expect (self, "guide", HEALTH_WARNING, "unrenewed");
  self->subject.now = NOW + 30 * DAY - 1;
  expect (self, "guide", HEALTH_FINE, "fine");
}

static void
test_machine (Place *self, gconstpointer data)
{
  g_autofree char *gone = g_build_filename (self->folder, "gone", NULL);
  g_autofree char *scanner = g_strconcat ("folder:", self->folder, NULL);
  g_autofree char *reader = g_strconcat ("serial:", gone, NULL);

  expect (self, "store", HEALTH_FINE, "fine");
  expect (self, "disk", HEALTH_FINE, "fine");
  expect (self, "clock", HEALTH_FINE, "fine");
  expect (self, "guide", HEALTH_FAULT, "missing");
  self->subject.clock_unsure = TRUE;
  expect (self, "clock", HEALTH_FAULT, "unsure");
  self->config.scanner_device = scanner;
  self->config.code_reader_device = reader;
  expect (self, "scanner", HEALTH_FINE, "fine");
  expect (self, "code-reader", HEALTH_FAULT, "missing");
  self->subject.directory = gone;
  expect (self, "disk", HEALTH_FAULT, "unreadable");
}

static void
test_scanner (Place *self, gconstpointer data)
{
  g_autofree char *scanner = g_strconcat ("folder:", self->folder, NULL);
  Db *db = self->subject.db;

  g_assert_true (device_health_set (db, "scanner", "jammed", NULL, NOW, NULL));
  g_assert_null (health_scanner (&self->subject)); /* none is set up */
  self->config.scanner_device = scanner;
  expect (self, "scanner", HEALTH_FAULT, "jammed");
  g_assert_true (device_health_set (db, "scanner", "ready", NULL, NOW + 1, NULL));
  expect (self, "scanner", HEALTH_FINE, "fine");
  g_assert_true (device_health_set (db, "scanner", "gone", NULL, NOW + 2, NULL));
  self->config.scanner_device = (char *)"sane:test:0";
  expect (self, "scanner", HEALTH_FAULT, "gone");
  self->config.scanner_device = (char *)"folder:/gone";
  expect (self, "scanner", HEALTH_FAULT, "missing"); /* what is so now goes first */
  g_autoptr (HealthFinding) alone = health_scanner (&self->subject);
  g_assert_cmpstr (alone->word, ==, "missing");
}

static void
test_city (Place *self, gconstpointer data)
{
  Enrolment enrolment = {.device = (char *)"GS-K1", .hall = (char *)"GS"};
  g_autoptr (GError) why =
      g_error_new_literal (ONESTOP_ERROR, ONESTOP_ERROR_OFFLINE, "no way to the city");
  Db *db = self->subject.db;

  g_assert_null (health_city (&self->subject));
  self->subject.enrolment = &enrolment;
  expect (self, "city", HEALTH_WARNING, "never");
  g_assert_true (peer_store_attempt (db, NOW, NULL));
  g_assert_true (peer_store_success (db, NOW, NULL));
  expect (self, "city", HEALTH_FINE, "fine");
  g_assert_true (peer_store_failure (db, NOW + 1000, why, NULL));
  expect (self, "city", HEALTH_WARNING, "offline");
  g_assert_true (peer_store_success (db, NOW + 2000, NULL));
  expect (self, "city", HEALTH_FINE, "fine");
  self->subject.now = NOW + 4 * 60000;
  expect (self, "city", HEALTH_WARNING, "not-heard");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/health/printers", Place, NULL, set_up, test_printers, tear_down);
  g_test_add ("/health/spool", Place, NULL, set_up, test_spool, tear_down);
  g_test_add ("/health/keys", Place, NULL, set_up, test_keys, tear_down);
  g_test_add ("/health/backlog", Place, NULL, set_up, test_backlog, tear_down);
  g_test_add ("/health/scanner", Place, NULL, set_up, test_scanner, tear_down);
  g_test_add ("/health/city", Place, NULL, set_up, test_city, tear_down);
  g_test_add ("/health/guide", Place, NULL, set_up, test_guide, tear_down);
  g_test_add ("/health/machine", Place, NULL, set_up, test_machine, tear_down);
  return g_test_run ();
}
