/* test-scanner.c: the client of the scan helper, on folders and on SANE's test and pnm backends. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "devices/scanner.h"

typedef struct {
  char *folder;
  GMainLoop *loop;
  GCancellable *cancellable;
  ScannerPage *page;
  ScannerFault fault;
  GError *error;
  guint percent, steps;
  gboolean done;
} Fixture;

static void
write_ppm (const char *folder, const char *name, guint width, guint height, guint8 shade)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *head = g_strdup_printf ("P6\n# made by a test\n%u %u\n255\n", width, height);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *)head, strlen (head));
  g_byte_array_set_size (bytes, strlen (head) + width * height * 3);
  memset (bytes->data + strlen (head), shade, width * height * 3);
  g_assert_true (file_write (path, bytes->data, bytes->len, 0600, NULL));
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *sane = NULL;
  g_autofree char *dll = NULL;
  g_autofree char *test = NULL;

  f->folder = g_dir_make_tmp ("onestop-scanner-XXXXXX", NULL);
  f->loop = g_main_loop_new (NULL, FALSE);
  f->cancellable = g_cancellable_new ();
  sane = g_build_filename (f->folder, "sane", NULL);
  dll = g_build_filename (sane, "dll.conf", NULL);
  test = g_build_filename (sane, "test.conf", NULL);
  g_assert_cmpint (g_mkdir (sane, 0700), ==, 0);
  g_assert_true (file_write (dll, "test\npnm\n", 9, 0600, NULL));
  g_assert_true (file_write (test, "", 0, 0600, NULL));
  g_setenv ("SANE_CONFIG_DIR", sane, TRUE);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) listing = g_dir_open (path, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);
    if (g_file_test (inside, G_FILE_TEST_IS_DIR))
      remove_folder (inside);
    else
      g_unlink (inside);
  }
  g_rmdir (path);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  remove_folder (f->folder);
  g_free (f->folder);
  g_main_loop_unref (f->loop);
  g_object_unref (f->cancellable);
  g_clear_pointer (&f->page, scanner_page_free);
  g_clear_error (&f->error);
}

static Scanner *
open_scanner (Fixture *f, const char *kind, const char *rest)
{
  g_autofree char *device = g_strconcat (kind, f->folder, rest, NULL);
  g_autoptr (GError) error = NULL;
  Scanner *scanner = scanner_new (device, &error);

  g_assert_no_error (error);
  return scanner;
}

static void
test_names (Fixture *f, gconstpointer unused)
{
  static const char *const bad[] = {"", "sane:", "folder:", "v4l2:/dev/video0", "usb", "Sane:x"};
  g_autoptr (Scanner) none = scanner_new ("none", NULL);
  ScannerFault fault = SCANNER_FAULT_NONE;
  g_autoptr (GError) none_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (scanner_new (bad[i], &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
  g_assert_false (scanner_is_installed (none));
  g_assert_null (scanner_scan (none, NULL, NULL, NULL, &fault, &none_error));
  g_assert_error (none_error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE);
  g_assert_cmpint (fault, ==, SCANNER_FAULT_NOT_INSTALLED);
}

/* Each picture once, then around; one that cannot be read is passed over by the next scan. */
static void
test_folder (Fixture *f, gconstpointer unused)
{
  static const char *const order[] = {"a.ppm", "b.ppm", "c.ppm", "a.ppm"};
  g_autoptr (Scanner) scanner = open_scanner (f, "folder:", "");
  ScannerFault fault = SCANNER_FAULT_NONE;

  g_assert_null (scanner_scan (scanner, NULL, NULL, NULL, &fault, NULL));
  g_assert_cmpint (fault, ==, SCANNER_FAULT_NO_DOCUMENT);
  g_assert_false (scanner_probe (scanner, NULL, &fault, NULL));
  write_ppm (f->folder, "b.ppm", 30, 40, 90);
  write_ppm (f->folder, "a.ppm", 10, 20, 10);
  g_autofree char *broken = g_build_filename (f->folder, "c.ppm", NULL);
  g_autofree char *other = g_build_filename (f->folder, "notes.txt", NULL);
  g_assert_true (file_write (broken, "P6 10 10 255 short", 18, 0600, NULL));
  g_assert_true (file_write (other, "P6 1 1 255 abc", 14, 0600, NULL));
  g_assert_true (scanner_probe (scanner, NULL, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (ScannerPage) page = scanner_scan (scanner, NULL, NULL, NULL, &fault, &error);
    if (i == 2) {
      g_assert_null (page);
      g_assert_cmpint (fault, ==, SCANNER_FAULT_FAILED);
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpstr (page->name, ==, order[i]);
    g_assert_cmpuint (page->width, ==, i == 1 ? 30 : 10);
    g_assert_cmpuint (page->dpi, ==, 300);
    g_assert_cmpmem (g_bytes_get_data (page->jpeg, NULL), 2, "\xff\xd8", 2);
  }
}

static void
test_faults (Fixture *f, gconstpointer unused)
{
  static const struct {
    const char *device;
    ScannerFault fault;
  } cases[] = {
      {"sane:test:0;read-return-value=SANE_STATUS_JAMMED", SCANNER_FAULT_JAMMED},
      {"sane:test:0;read-return-value=SANE_STATUS_COVER_OPEN", SCANNER_FAULT_COVER_OPEN},
      {"sane:test:0;read-return-value=SANE_STATUS_NO_DOCS", SCANNER_FAULT_NO_DOCUMENT},
      {"sane:test:0;read-return-value=SANE_STATUS_DEVICE_BUSY", SCANNER_FAULT_BUSY},
      {"sane:test:0;read-return-value=SANE_STATUS_IO_ERROR", SCANNER_FAULT_GONE},
      {"sane:test:0;read-return-value=SANE_STATUS_ACCESS_DENIED", SCANNER_FAULT_DENIED},
      {"sane:test:0;no-such-option=1", SCANNER_FAULT_FAILED},
      {"sane:test:9", SCANNER_FAULT_GONE},
      {"sane:nothing:0", SCANNER_FAULT_GONE},
      {"folder:/nowhere/at/all", SCANNER_FAULT_GONE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Scanner) scanner = scanner_new (cases[i].device, NULL);
    g_autoptr (GError) error = NULL;
    ScannerFault fault = SCANNER_FAULT_NONE;
    g_assert_null (scanner_scan (scanner, NULL, NULL, NULL, &fault, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DEVICE);
    g_assert_cmpstr (scanner_fault_word (fault), ==, scanner_fault_word (cases[i].fault));
  }
}

static void
on_progress (guint percent, gpointer data)
{
  Fixture *f = data;

  g_assert_false (f->done);
  g_assert_cmpuint (percent, >, f->percent);
  f->percent = percent;
  f->steps++;
}

static void
on_scan_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;

  f->page = scanner_scan_finish (NULL, result, &f->fault, &f->error);
  f->done = TRUE;
  g_main_loop_quit (f->loop);
}

static void
test_beside_the_loop (Fixture *f, gconstpointer unused)
{
  g_autofree char *page = g_build_filename (f->folder, "page.ppm", NULL);
  Scanner *scanner;

  write_ppm (f->folder, "page.ppm", 1200, 1600, 200);
  scanner = open_scanner (f, "sane:pnm:0;filename=", "/page.ppm");
  scanner_scan_async (scanner, on_progress, f, f->cancellable, on_scan_done, f);
  scanner_free (scanner);
  g_main_loop_run (f->loop);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->page->width, ==, 1200);
  g_assert_cmpuint (f->page->height, ==, 1600);
  g_assert_cmpuint (f->percent, ==, 100);
  g_assert_cmpuint (f->steps, >, 3);
  g_assert_cmpint (f->fault, ==, SCANNER_FAULT_NONE);
}

static void
test_busy_and_cancel (Fixture *f, gconstpointer unused)
{
  g_autoptr (Scanner) scanner = scanner_new ("sane:test:0", NULL);
  g_autoptr (GError) error = NULL;
  ScannerFault fault = SCANNER_FAULT_NONE;
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  g_setenv ("ONESTOP_FAULT", "scan.read=stall@3", TRUE);
  scanner_scan_async (scanner, on_progress, f, f->cancellable, on_scan_done, f);
  while (f->steps == 0 && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  g_unsetenv ("ONESTOP_FAULT");
  g_assert_null (scanner_scan (scanner, NULL, NULL, NULL, &fault, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_assert_cmpint (fault, ==, SCANNER_FAULT_BUSY);
  g_cancellable_cancel (f->cancellable);
  g_main_loop_run (f->loop);
  g_assert_error (f->error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED);
  g_assert_cmpint (f->fault, ==, SCANNER_FAULT_NONE);
}

static void
test_stalled (Fixture *f, gconstpointer unused)
{
  g_autoptr (Scanner) scanner = scanner_new ("sane:test:0", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScannerPage) page = NULL;
  ScannerFault fault = SCANNER_FAULT_NONE;

  g_setenv ("ONESTOP_FAULT", "scan.read=stall@3", TRUE);
  g_setenv ("ONESTOP_SCANNER_STALL_MS", "400", TRUE);
  g_assert_null (scanner_scan (scanner, NULL, NULL, NULL, &fault, &error));
  g_assert_cmpint (fault, ==, SCANNER_FAULT_STALLED);
  g_unsetenv ("ONESTOP_FAULT");
  g_unsetenv ("ONESTOP_SCANNER_STALL_MS");
  /* And it works again. */
  g_clear_error (&error);
  page = scanner_scan (scanner, NULL, NULL, NULL, &fault, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->width, ==, 2362);
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = scanner_list (NULL, &error);
  gboolean found = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < devices->len; i++)
    found |= strcmp (((ScannerDevice *)devices->pdata[i])->name, "sane:pnm:0") == 0;
  g_assert_true (found);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  TEST ("/scanner/names", test_names);
  TEST ("/scanner/folder", test_folder);
  TEST ("/scanner/faults", test_faults);
  TEST ("/scanner/beside-the-loop", test_beside_the_loop);
  TEST ("/scanner/busy-and-cancel", test_busy_and_cancel);
  TEST ("/scanner/stalled", test_stalled);
  TEST ("/scanner/list", test_list);
  return g_test_run ();
}
