/* test-usb-stick.c: a stick with what a stick may hold: links, pipes, odd names, too much. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "devices/usb-stick.h"

typedef struct {
  char *top, *stick;
} Fixture;

static char *
place (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = place (folder, name);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (file_write (path, text, strlen (text), 0600, NULL));
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->top = g_dir_make_tmp ("onestop-stick-XXXXXX", NULL);
  f->stick = place (f->top, "stick");
  put (f->top, "secret/key", "secret");
  g_assert_cmpint (g_mkdir (f->stick, 0700), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  const char *argv[] = {"/bin/rm", "-rf", f->top, NULL};

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL));
  g_free (f->top);
  g_free (f->stick);
}

static char *
labels (const UsbStick *stick)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = usb_stick_list (stick, NULL, &error);
  GString *all = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < files->len; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? "|" : "", ((UsbStickFile *)files->pdata[i])->path);
  return g_string_free (all, FALSE);
}

static void
test_list (Fixture *f, gconstpointer unused)
{
  g_autoptr (UsbStick) stick = usb_stick_new (f->stick);
  g_autofree char *fifo = place (f->stick, "pipe.pdf");
  g_autofree char *link = place (f->stick, "link.pdf");
  g_autofree char *loop = place (f->stick, "loop");
  g_autofree char *empty = labels (stick);
  g_autofree char *listed = NULL;

  g_assert_true (usb_stick_is_installed (stick));
  g_assert_true (usb_stick_is_present (stick));
  g_assert_cmpstr (empty, ==, "");
  put (f->stick, "b.PDF", "b");
  put (f->stick, "a.docx", "a");
  put (f->stick, "c.jpeg", "c");
  put (f->stick, ".hidden.pdf", "h");
  put (f->stick, ".Trash/old.pdf", "h");
  put (f->stick, "one/d.png", "d");
  put (f->stick, "one/two/e.jpg", "e");
  put (f->stick, "one/two/three/f.jpg", "f");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (symlink ("../secret/key", link), ==, 0);
  g_assert_cmpint (symlink (".", loop), ==, 0);
  listed = labels (stick);
  g_assert_cmpstr (listed, ==, "b.PDF|c.jpeg|one/d.png|one/two/e.jpg|a.docx");
}

static void
test_presence (Fixture *f, gconstpointer unused)
{
  g_autofree char *gone = place (f->top, "not-here");
  g_autoptr (UsbStick) none = usb_stick_new (NULL);
  g_autoptr (UsbStick) unset = usb_stick_new ("");
  g_autoptr (UsbStick) away = usb_stick_new (gone);
  g_autoptr (GError) error = NULL;

  g_assert_false (usb_stick_is_installed (none));
  g_assert_false (usb_stick_is_installed (unset));
  g_assert_false (usb_stick_is_present (unset));
  g_assert_true (usb_stick_is_installed (away));
  g_assert_false (usb_stick_is_present (away));
  g_assert_null (usb_stick_list (away, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (usb_stick_read (unset, "a", 10, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
}

static void
test_read (Fixture *f, gconstpointer unused)
{
  g_autoptr (UsbStick) stick = usb_stick_new (f->stick);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  put (f->stick, "one/page.pdf", "0123456789");
  bytes = usb_stick_read (stick, "one/page.pdf", 10, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "0123456789", 10);
  g_assert_null (usb_stick_read (stick, "one/page.pdf", 9, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

/* No name and no link leads out. */
static void
test_ways_out (Fixture *f, gconstpointer unused)
{
  g_autoptr (UsbStick) stick = usb_stick_new (f->stick);
  g_autofree char *absolute = g_strconcat (f->top, "/secret/key", NULL);
  g_autofree char *link = place (f->stick, "link.pdf");
  g_autofree char *folder_link = place (f->stick, "folder");
  g_autofree char *fifo = place (f->stick, "pipe.pdf");
  const char *ways[] = {"../secret/key",
                        absolute,
                        "link.pdf",
                        "folder/key",
                        "folder",
                        "one",
                        "pipe.pdf",
                        "one/../../secret/key",
                        ".",
                        "..",
                        "/",
                        "one/../../stick/one/a.pdf",
                        "",
                        "/etc/passwd"};

  put (f->stick, "one/a.pdf", "a");
  g_assert_cmpint (symlink ("../secret/key", link), ==, 0);
  g_assert_cmpint (symlink ("../secret", folder_link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (usb_stick_read (stick, ways[i], 100, &error));
    g_assert_nonnull (error);
    g_assert_true (error->code == ONESTOP_ERROR_DENIED || error->code == ONESTOP_ERROR_NOT_FOUND);
    g_assert_null (strstr (error->message, "secret"));
  }
}

static void
test_names (Fixture *f, gconstpointer unused)
{
  g_autoptr (UsbStick) stick = usb_stick_new (f->stick);
  g_autofree char *longest = g_strnfill (240, 'x');
  g_autoptr (GPtrArray) files = NULL;

  memcpy (longest + 230, "report.pdf", 10);
  put (f->stick,
       "a\xe2\x80\xae"
       "fdp.exe\n\x1b[2J.pdf",
       "1");
  put (f->stick, "b\xff\xfe.pdf", "2");
  put (f->stick, longest, "3");
  put (f->stick, "\xe5\xbc\xa0.pdf", "4");
  files = usb_stick_list (stick, NULL, NULL);
  g_assert_cmpuint (files->len, ==, 4);
  for (guint i = 0; i < files->len; i++) {
    const UsbStickFile *file = files->pdata[i];
    g_autoptr (GBytes) bytes = usb_stick_read (stick, file->path, 10, NULL);
    g_assert_nonnull (bytes);
    g_assert_true (g_utf8_validate (file->label, -1, NULL));
    g_assert_cmpint (g_utf8_strlen (file->label, -1), <=, 80);
    g_assert_true (g_str_has_suffix (file->label, ".pdf"));
    g_assert_null (strstr (file->label, "\xe2\x80\xae"));
    g_assert_null (strpbrk (file->label, "\n\x1b"));
  }
}

static void
test_many (Fixture *f, gconstpointer unused)
{
  g_autoptr (UsbStick) stick = usb_stick_new (f->stick);
  g_autoptr (GPtrArray) files = NULL;
  gboolean more = FALSE;

  for (int i = 0; i < USB_STICK_MAX_FILES + 5; i++) {
    g_autofree char *name = g_strdup_printf ("%s/%d.pdf", f->stick, i);
    g_assert_true (g_file_set_contents (name, "x", 1, NULL));
  }
  files = usb_stick_list (stick, &more, NULL);
  g_assert_cmpuint (files->len, ==, USB_STICK_MAX_FILES);
  g_assert_true (more);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  TEST ("/usb-stick/list", test_list);
  TEST ("/usb-stick/presence", test_presence);
  TEST ("/usb-stick/read", test_read);
  TEST ("/usb-stick/ways-out", test_ways_out);
  TEST ("/usb-stick/names", test_names);
  TEST ("/usb-stick/many", test_many);
  return g_test_run ();
}
