/* test-scan-flow.c: pages from a folder scanner and files from a stick into a real draft. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "flow/scan-flow.h"
#include "site.h"
#include "store/device-health.h"

typedef struct {
  char *folder, *pages, *stick;
  App *app;
  IntakeFlow *intake;
  ScanFlow *flow;
  GString *seen;
} Fixture;

static void
put (const char *folder, const char *name, const void *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (file_write (path, bytes, length, 0600, NULL));
}

static void
put_page (Fixture *f, const char *name, guint8 shade)
{
  static const char head[] = "P5 120 160 255\n";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *)head, sizeof head - 1);
  g_byte_array_set_size (bytes, sizeof head - 1 + 120 * 160);
  memset (bytes->data + sizeof head - 1, shade, 120 * 160);
  put (f->pages, name, bytes->data, bytes->len);
}

static GBytes *
sample (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "submit", name, NULL);
  GBytes *bytes = file_read (path, 1024 * 1024, NULL);

  g_assert_nonnull (bytes);
  return bytes;
}

static void
put_sample (Fixture *f, const char *name)
{
  g_autoptr (GBytes) bytes = sample (name);
  put (f->stick, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
on_change (ScanFlow *flow, gpointer data)
{
  static const char words[] = "WSRC";
  Fixture *f = data;
  char word = words[scan_flow_status (flow).state];

  if (f->seen->len == 0 || f->seen->str[f->seen->len - 1] != word)
    g_string_append_c (f->seen, word);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  SiteOptions options = site_options (clock_now ());
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;

  f->folder = g_dir_make_tmp ("onestop-scan-flow-XXXXXX", NULL);
  f->pages = g_build_filename (f->folder, "pages", NULL);
  f->stick = g_build_filename (f->folder, "stick", NULL);
  g_assert_cmpint (g_mkdir (f->pages, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (f->stick, 0700), ==, 0);
  site_make (f->folder, &options);
  config = g_build_filename (f->folder, "kiosk.conf", NULL);
  f->app = app_open (config, 0, &error);
  g_assert_no_error (error);
  g_free (f->app->config->scanner_device);
  f->app->config->scanner_device = g_strconcat ("folder:", f->pages, NULL);
  g_free (f->app->config->usb_stick_directory);
  f->app->config->usb_stick_directory = g_strdup (f->stick);
  f->intake = intake_flow_new (f->app, "gusu-talent-card", "zh_CN", &error);
  g_assert_no_error (error);
  f->seen = g_string_new (NULL);
  f->flow = scan_flow_new (f->app, f->intake, on_change, f, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  scan_flow_free (f->flow);
  /* What was cancelled ends now, without a flow. */
  for (int i = 0; i < 50; i++)
    g_main_context_iteration (NULL, FALSE);
  intake_flow_free (f->intake);
  app_free (f->app);
  site_remove (f->folder);
  g_string_free (f->seen, TRUE);
  g_free (f->folder);
  g_free (f->pages);
  g_free (f->stick);
}

static ScanFlowStatus
wait (Fixture *f)
{
  gint64 until = clock_monotonic () + 30000;

  while (scan_flow_is_busy (f->flow) && clock_monotonic () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (scan_flow_is_busy (f->flow));
  return scan_flow_status (f->flow);
}

static ScanFlowStatus
scan (Fixture *f, const char *slot)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (scan_flow_scan (f->flow, slot, &error));
  g_assert_no_error (error);
  g_assert_true (scan_flow_is_busy (f->flow));
  g_assert_cmpint (scan_flow_status (f->flow).state, ==, SCAN_FLOW_SCANNING);
  return wait (f);
}

static ScanFlowStatus
import (Fixture *f, const char *slot, const char *name)
{
  UsbStickFile file = {.path = (char *)name, .label = (char *)name};
  g_autoptr (GError) error = NULL;

  g_assert_true (scan_flow_import (f->flow, slot, &file, &error));
  g_assert_no_error (error);
  return wait (f);
}

static const IntakeDocument *
document (Fixture *f, const char *slot, guint index)
{
  g_autoptr (GPtrArray) all = intake_flow_documents (f->intake, slot);

  g_assert_cmpuint (index, <, all->len);
  return all->pdata[index];
}

static guint
count (Fixture *f, const char *slot)
{
  g_autoptr (GPtrArray) all = intake_flow_documents (f->intake, slot);
  return all->len;
}

static void
test_scan (Fixture *f, gconstpointer data)
{
  ScanFlowStatus status;

  put_page (f, "1.pgm", 10);
  put_page (f, "2.pgm", 200);
  g_assert_true (scan_flow_has_scanner (f->flow));
  status = scan (f, "identity");
  g_assert_true (status.done);
  g_assert_null (status.fault);
  g_assert_cmpuint (status.index, ==, 0);
  g_assert_cmpstr (f->seen->str, ==, "SCW");
  status = scan (f, "identity");
  g_assert_true (status.done);
  g_assert_cmpuint (status.index, ==, 1);
  g_assert_cmpstr (status.slot, ==, "identity");
  g_assert_cmpuint (count (f, "identity"), ==, 2);
  g_assert_cmpstr (document (f, "identity", 0)->media, ==, "image/jpeg");
  g_assert_null (document (f, "identity", 0)->name);
  g_assert_false (
      g_bytes_equal (document (f, "identity", 0)->bytes, document (f, "identity", 1)->bytes));
}

static void
test_faults (Fixture *f, gconstpointer data)
{
  ScanFlowStatus status = scan (f, "identity");

  g_assert_false (status.done);
  g_assert_cmpstr (status.fault, ==, "no-document");
  g_assert_cmpuint (count (f, "identity"), ==, 0);
  put_page (f, "1.pgm", 10);
  g_assert_null (scan (f, "identity").fault);
  g_assert_cmpstr (scan (f, "no-such-material").fault, ==, "failed");
}

/* What the store then knows of the scanner. */
static void
expect_scanner (Fixture *f, const char *condition)
{
  gint64 until = clock_monotonic () + 5000;

  for (;;) {
    g_autoptr (DeviceHealth) seen = device_health_get (f->app->db, "scanner", NULL);
    if (g_strcmp0 (seen != NULL ? seen->condition : NULL, condition) == 0)
      return;
    g_assert_cmpint (clock_monotonic (), <, until);
    g_usleep (5000);
  }
}

static void
test_scanner_is_noted (Fixture *f, gconstpointer data)
{
  g_assert_true (app_start_worker (f->app, NULL));
  put_page (f, "1.pgm", 10);
  g_assert_null (scan (f, "identity").fault);
  expect_scanner (f, "ready");
  g_autofree char *page = g_build_filename (f->pages, "1.pgm", NULL);
  g_assert_cmpint (g_unlink (page), ==, 0);
  g_assert_cmpint (g_rmdir (f->pages), ==, 0);
  g_assert_cmpstr (scan (f, "identity").fault, ==, "gone");
  expect_scanner (f, "gone");
  g_assert_cmpint (g_mkdir (f->pages, 0700), ==, 0);
  g_assert_cmpstr (scan (f, "identity").fault, ==, "no-document"); /* not the scanner's fault */
  expect_scanner (f, "ready");
}

static void
test_rescan (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = NULL, second = NULL;
  ScanFlowStatus status;

  put_page (f, "1.pgm", 10);
  put_page (f, "2.pgm", 200);
  put_page (f, "3.pgm", 90);
  scan (f, "identity");
  scan (f, "identity");
  first = g_bytes_ref (document (f, "identity", 0)->bytes);
  second = g_bytes_ref (document (f, "identity", 1)->bytes);
  g_assert_true (scan_flow_turn (f->flow, "identity", 0, 90, NULL));
  g_assert_true (scan_flow_rescan (f->flow, "identity", 0, &error));
  /* It stays until the new one is there. */
  g_assert_true (g_bytes_equal (document (f, "identity", 0)->bytes, first));
  g_assert_false (scan_flow_remove (f->flow, "identity", 0, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  status = wait (f);
  g_assert_true (status.done);
  g_assert_cmpuint (status.index, ==, 0);
  g_assert_cmpuint (count (f, "identity"), ==, 2);
  g_assert_false (g_bytes_equal (document (f, "identity", 0)->bytes, first));
  g_assert_cmpint (document (f, "identity", 0)->rotate, ==, 0);
  g_assert_true (g_bytes_equal (document (f, "identity", 1)->bytes, second));
  g_assert_false (scan_flow_rescan (f->flow, "identity", 7, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

/* A rescan that fails loses nothing. */
static void
test_rescan_fails (Fixture *f, gconstpointer data)
{
  g_autofree char *page = g_build_filename (f->pages, "1.pgm", NULL);
  g_autoptr (GBytes) before = NULL;

  put_page (f, "1.pgm", 10);
  scan (f, "photo");
  before = g_bytes_ref (document (f, "photo", 0)->bytes);
  g_unlink (page);
  g_assert_true (scan_flow_rescan (f->flow, "photo", 0, NULL));
  g_assert_cmpstr (wait (f).fault, ==, "no-document");
  g_assert_true (g_bytes_equal (document (f, "photo", 0)->bytes, before));
  /* The photo's one place is taken: another is too much, one in its place is not. */
  put_page (f, "2.pgm", 70);
  g_assert_cmpstr (scan (f, "photo").fault, ==, "full");
  g_assert_true (scan_flow_rescan (f->flow, "photo", 0, NULL));
  g_assert_true (wait (f).done);
  g_assert_cmpuint (count (f, "photo"), ==, 1);
  g_assert_false (g_bytes_equal (document (f, "photo", 0)->bytes, before));
}

static void
test_stick (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) pdf = sample ("employment.pdf");
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *large = g_malloc0 (DOCUMENT_MAX_BYTES + 1);
  ScanFlowStatus status;

  put_sample (f, "employment.pdf");
  put_sample (f, "photo.jpg");
  put (f->stick, "letter.pdf", "only a text\n", 12);
  put (f->stick, "empty.pdf", "", 0);
  put (f->stick, "large.pdf", large, DOCUMENT_MAX_BYTES + 1);
  g_assert_true (scan_flow_takes_sticks (f->flow));
  g_assert_true (scan_flow_has_stick (f->flow));
  files = scan_flow_list_stick (f->flow, NULL, NULL);
  g_assert_cmpuint (files->len, ==, 5);
  status = import (f, "employment", "employment.pdf");
  g_assert_true (status.done);
  g_assert_cmpstr (f->seen->str, ==, "CW");
  g_assert_cmpuint (document (f, "employment", 0)->pages, ==, 2);
  g_assert_cmpstr (document (f, "employment", 0)->name, ==, "employment.pdf");
  g_assert_true (g_bytes_equal (document (f, "employment", 0)->bytes, pdf));
  status = import (f, "employment", "letter.pdf");
  g_assert_cmpstr (status.fault, ==, "not-supported-kind");
  g_assert_cmpstr (status.kind, ==, "text");
  g_assert_cmpstr (import (f, "employment", "empty.pdf").fault, ==, "empty");
  g_assert_cmpstr (import (f, "employment", "large.pdf").fault, ==, "too-large");
  g_assert_cmpstr (import (f, "employment", "gone.pdf").fault, ==, "unreadable");
  g_assert_cmpstr (import (f, "employment", "../kiosk.conf").fault, ==, "unreadable");
  g_assert_cmpstr (import (f, "photo", "employment.pdf").fault, ==, "not-for-this");
  g_assert_cmpuint (count (f, "employment"), ==, 1);
  g_assert_cmpuint (count (f, "photo"), ==, 0);
  site_remove (f->stick);
  g_assert_false (scan_flow_has_stick (f->flow));
  g_assert_cmpstr (import (f, "photo", "photo.jpg").fault, ==, "stick-gone");
}

static void
test_turn_and_remove (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GError) error = NULL;

  put_page (f, "1.pgm", 10);
  scan (f, "identity");
  before = g_bytes_ref (document (f, "identity", 0)->bytes);
  g_assert_true (scan_flow_turn (f->flow, "identity", 0, -90, &error));
  g_assert_cmpint (document (f, "identity", 0)->rotate, ==, 270);
  g_assert_true (scan_flow_turn (f->flow, "identity", 0, 90, &error));
  g_assert_true (scan_flow_turn (f->flow, "identity", 0, 90, &error));
  g_assert_cmpint (document (f, "identity", 0)->rotate, ==, 90);
  g_assert_true (g_bytes_equal (document (f, "identity", 0)->bytes, before));
  g_assert_false (scan_flow_turn (f->flow, "identity", 1, 90, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_assert_true (scan_flow_remove (f->flow, "identity", 0, NULL));
  g_assert_cmpuint (count (f, "identity"), ==, 0);
}

typedef struct {
  DocumentPixels *pixels;
  GError *error;
  gboolean done;
} Drawn;

static void
on_preview_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Drawn *drawn = data;

  drawn->pixels = scan_flow_preview_finish (NULL, result, &drawn->error);
  drawn->done = TRUE;
}

static void
draw (Fixture *f, guint index, Drawn *drawn)
{
  gint64 until = clock_monotonic () + 30000;

  *drawn = (Drawn){0};
  scan_flow_preview_async (f->flow, "identity", index, 0, 60, 60, NULL, on_preview_done, drawn);
  while (!drawn->done && clock_monotonic () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_true (drawn->done);
}

static void
test_preview (Fixture *f, gconstpointer data)
{
  Drawn drawn;

  put_page (f, "1.pgm", 10);
  scan (f, "identity");
  draw (f, 0, &drawn);
  g_assert_cmpuint (drawn.pixels->width, ==, 45);
  g_assert_cmpuint (drawn.pixels->height, ==, 60);
  document_pixels_free (drawn.pixels);
  scan_flow_turn (f->flow, "identity", 0, 90, NULL);
  draw (f, 0, &drawn);
  g_assert_cmpuint (drawn.pixels->width, ==, 60);
  g_assert_cmpuint (drawn.pixels->height, ==, 45);
  document_pixels_free (drawn.pixels);
  draw (f, 3, &drawn);
  g_assert_error (drawn.error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&drawn.error);
}

static void
test_one_at_a_time_and_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ScanFlowStatus status;

  put_page (f, "1.pgm", 10);
  g_assert_true (scan_flow_scan (f->flow, "identity", &error));
  g_assert_false (scan_flow_scan (f->flow, "photo", &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  scan_flow_cancel (f->flow);
  status = wait (f);
  g_assert_cmpstr (status.fault, ==, "cancelled");
  g_assert_cmpuint (count (f, "identity"), ==, 0);
  g_assert_true (scan (f, "identity").done);
  /* And freed in the middle: tear_down waits for what comes late. */
  g_assert_true (scan_flow_scan (f->flow, "identity", NULL));
}

static void
test_blocking (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) photo = sample ("photo.jpg");
  g_autoptr (GBytes) text = g_bytes_new_static ("a text", 6);
  g_autoptr (GError) error = NULL;
  guint index = 9;

  g_assert_true (scan_flow_add (f->intake, "photo", "photo.jpg", photo, &index, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (index, ==, 0);
  g_assert_false (scan_flow_add (f->intake, "identity", "a.pdf", text, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "not-supported-kind");
}

/* --- nothing stays in memory --- */

/* The needle, never in clear in this program: each byte is this ^ MASK. */
#define MASK 0x5a
static const guint8 masked[] = {0x14, 0x0f, 0x17, 0x18, 0x1f, 0x08, 0x77, 0x1b, 0x14, 0x1e, 0x77,
                                0x14, 0x1b, 0x17, 0x1f, 0x77, 0x6b, 0x69, 0x6d, 0x63, 0x62, 0x6a};

static guint
needles_in (const guint8 *bytes, gsize length)
{
  guint found = 0;

  for (gsize i = 0; i + sizeof masked <= length; i++) {
    gsize n = 0;
    while (n < sizeof masked && (bytes[i + n] ^ MASK) == masked[n])
      n++;
    found += n == sizeof masked;
  }
  return found;
}

/* How often the needle is in this process's memory. */
static guint
needles (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  int memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  g_autofree guint8 *copy = NULL;
  guint found = 0;

  g_assert_cmpint (memory, >=, 0);
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, &error));
  lines = g_strsplit (maps, "\n", -1);
  for (char **line = lines; *line != NULL && **line != '\0'; line++) {
    char *dash = NULL;
    guint64 from = g_ascii_strtoull (*line, &dash, 16), to = g_ascii_strtoull (dash + 1, NULL, 16);
    if (strstr (*line, " rw") == NULL || to - from > 256u * 1024 * 1024)
      continue;
    copy = g_realloc (copy, to - from);
    gssize n = pread (memory, copy, to - from, (off_t)from);
    if (n > 0)
      found += needles_in (copy, (gsize)n);
    /* Or the copy would be found next. */
    memset (copy, 0, to - from);
  }
  close (memory);
  return found;
}

static void
test_memory (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->stick, "employment.pdf", NULL);
  gint64 until = clock_monotonic () + 5000;
  int fd;

  put_sample (f, "employment.pdf");
  fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);
  for (gsize i = 0; i < sizeof masked; i++) {
    guint8 byte = masked[i] ^ MASK;
    g_assert_cmpint (write (fd, &byte, 1), ==, 1);
  }
  close (fd);
  g_assert_cmpuint (needles (), ==, 0);
  g_assert_true (import (f, "employment", "employment.pdf").done);
  /* The search finds what is there. */
  g_assert_cmpuint (needles (), >, 0);
  g_clear_pointer (&f->flow, scan_flow_free);
  g_clear_pointer (&f->intake, intake_flow_free);
  while (needles () > 0 && clock_monotonic () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (needles (), ==, 0);
}

/* Each word that can come has a sentence of its own. */
static void
test_sentences (void)
{
  static const char *const others[] = {
      "not-supported-kind", "too-large", "too-many-pages", "too-many-pixels", "damaged",
      "encrypted",          "empty",     "stick-gone",     "unreadable",      "full",
      "not-for-this",       "cancelled"};
  const char *unknown = scan_flow_peek_sentence ("?");

  for (ScannerFault fault = SCANNER_FAULT_NOT_INSTALLED; fault < SCANNER_N_FAULTS; fault++)
    g_assert_cmpstr (scan_flow_peek_sentence (scanner_fault_word (fault)), !=, unknown);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpstr (scan_flow_peek_sentence (others[i]), !=, unknown);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  TEST ("/scan-flow/scan", test_scan);
  TEST ("/scan-flow/faults", test_faults);
  TEST ("/scan-flow/scanner-is-noted", test_scanner_is_noted);
  TEST ("/scan-flow/rescan", test_rescan);
  TEST ("/scan-flow/rescan-fails", test_rescan_fails);
  TEST ("/scan-flow/stick", test_stick);
  TEST ("/scan-flow/turn-and-remove", test_turn_and_remove);
  TEST ("/scan-flow/preview", test_preview);
  TEST ("/scan-flow/one-at-a-time-and-cancel", test_one_at_a_time_and_cancel);
  TEST ("/scan-flow/blocking", test_blocking);
  TEST ("/scan-flow/memory", test_memory);
  g_test_add_func ("/scan-flow/sentences", test_sentences);
  return g_test_run ();
}
