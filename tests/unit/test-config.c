/* test-config.c: the configuration is read strictly, and the shipped examples say what is so. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "ops/config.h"

static char *
write_config (const char *text)
{
  g_autofree char *folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  char *path = g_build_filename (folder, "kiosk.conf", NULL);

  g_assert_true (file_write (path, text, strlen (text), 0600, NULL));
  return path;
}

static void
remove_config (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
}

static void
check_refused (const char *text, const char *words)
{
  char *path = write_config (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (Config) config = config_load (path, &error);

  g_assert_null (config);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
  remove_config (path);
}

static void
test_defaults (void)
{
  char *path = write_config ("[hall]\nid=GS\n[kiosk]\nid=GS-K1\n[store]\ndirectory=state\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (Config) config = config_load (path, &error);
  g_autofree char *folder = g_path_get_dirname (path), *state = NULL;

  g_assert_no_error (error);
  state = g_build_filename (folder, "state", NULL);
  g_assert_cmpstr (config->store_directory, ==, state);
  g_assert_cmpstr (config->device_id, ==, "GS-K1");
  g_assert_false (config->is_desk);
  g_assert_cmpint (config->mode, ==, CONFIG_MODE_NORMAL);
  g_assert_cmpstr (config->scanner_device, ==, "none");
  g_assert_cmpint (config->idle_form.silence, ==, 180);
  g_assert_cmpint (config->idle_form.countdown, ==, 45);
  g_assert_cmpint (config->idle_extended, ==, 3);
  g_assert_cmpuint (g_strv_length (config->screen_languages), ==, 2);
  g_assert_null (config->hours);
  remove_config (path);
}

static void
test_refused (void)
{
  check_refused ("[hall]\nid=GS\n\n[kiosk]\nid=GS-K1\ncolour=red\n", "line 6: [kiosk] colour");
  check_refused ("[kiosk]\nid=GS-K1\n[banana]\na=1\n", "line 3: [banana]");
  check_refused ("[kiosk]\nid=GS-K1\n[scanner]\ndevice=usb:1\n", "line 4: [scanner] device");
  check_refused ("[kiosk]\nid=GS-K1\n[scanner]\ndevice=sane:\n", "line 4");
  check_refused ("[kiosk]\nmode=festive\n", "line 2: [kiosk] mode");
  check_refused ("[kiosk]\nid=a\n[session]\nmenu=60+19\n", "line 4: [session] menu");
  check_refused ("[kiosk]\nid=a\n[session]\nextended=many\n", "line 4: [session] extended");
  check_refused ("[kiosk]\nid=a\n[screen]\nlanguages=zh_CN;tlh\n", "line 4: [screen] languages");
  check_refused ("[kiosk]\nid=a\n[hours]\n# noon\nopen=mon-fri 9-17\n", "line 5: [hours] open");
  check_refused ("[hall]\nid=I1\n[kiosk]\nid=a\n", "line 2: [hall] id");
  check_refused ("[hall]\nid=GS\n", "exactly one of [kiosk] and [desk]");
  check_refused ("[kiosk]\nid=a\n[desk]\nid=b\n", "exactly one of [kiosk] and [desk]");
  check_refused ("id=GS-K1\n", "");
}

/* In an example each key stands once, set or as its default behind a #, and the defaults are those
 * of the program. */
static void
check_example (const char *name)
{
  g_autofree char *path = file_asset (name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) opened = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Config) as_shipped = config_load (path, &error), as_opened = NULL;
  char *copy;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    const char *start = (*line)[0] == '#' && g_ascii_islower ((*line)[1]) ? *line + 1 : *line;
    g_string_append_printf (opened, "%s\n", start);
  }
  copy = write_config (opened->str);
  as_opened = config_load (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (as_opened->scanner_device, ==, as_shipped->scanner_device);
  g_assert_cmpstr (as_opened->code_reader_device, ==, as_shipped->code_reader_device);
  g_assert_cmpstr (as_opened->receipt_printer_media, ==, as_shipped->receipt_printer_media);
  g_assert_cmpstr (as_opened->screen_orientation, ==, as_shipped->screen_orientation);
  g_assert_cmpstr (as_opened->hall_district, ==, as_shipped->hall_district);
  g_assert_cmpint (as_opened->mode, ==, as_shipped->mode);
  g_assert_cmpint (as_opened->idle_menu.silence, ==, as_shipped->idle_menu.silence);
  g_assert_cmpint (as_opened->idle_menu.countdown, ==, as_shipped->idle_menu.countdown);
  g_assert_cmpint (as_opened->idle_form.silence, ==, as_shipped->idle_form.silence);
  g_assert_cmpint (as_opened->idle_done, ==, as_shipped->idle_done);
  g_assert_cmpint (as_opened->idle_extended, ==, as_shipped->idle_extended);
  remove_config (copy);
}

static void
test_examples (void)
{
  check_example ("packaging/kiosk.conf");
  check_example ("packaging/desk.conf");
}

static void
test_path (void)
{
  g_autofree char *asked = config_path ("/a/b.conf"), *from_env = NULL, *fallback = NULL;

  g_setenv ("ONESTOP_CONFIG", "/c/d.conf", TRUE);
  from_env = config_path (NULL);
  g_unsetenv ("ONESTOP_CONFIG");
  fallback = config_path (NULL);
  g_assert_cmpstr (asked, ==, "/a/b.conf");
  g_assert_cmpstr (from_env, ==, "/c/d.conf");
  g_assert_cmpstr (fallback, ==, "/etc/onestop/kiosk.conf");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
  g_test_add_func ("/config/refused", test_refused);
  g_test_add_func ("/config/examples", test_examples);
  g_test_add_func ("/config/path", test_path);
  return g_test_run ();
}
