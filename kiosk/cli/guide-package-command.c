/* guide-package-command.c: signs guides as a package, and takes one in, at the shell. Decides
 * nothing: flow/guide-package refuses. */
#include "cli/guide-package-command.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/command-app.h"
#include "cli/command.h"
#include "flow/guide-package.h"
#include "trust/package.h"

#define PACK_USAGE "onestop guide pack FILE... --key KEY -o OUT [--at TIME]"
#define INSTALL_USAGE "onestop guide install PACKAGE [--root FILE] [--config FILE]"
#define KEY_TEXT_MAX 256

/* ---- pack ---- */

static void
file_free (gpointer data)
{
  g_bytes_unref (((GuideFile *)data)->bytes);
  g_free (data);
}

static GPtrArray *
read_files (char **paths, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);

  for (char **path = paths; *path != NULL; path++) {
    GBytes *bytes = file_read (*path, GUIDE_MAX_BYTES, error);
    if (bytes == NULL)
      return NULL;
    GuideFile *file = g_new0 (GuideFile, 1);
    *file = (GuideFile){*path, bytes};
    g_ptr_array_add (files, file);
  }
  return g_steal_pointer (&files);
}

/* A file that is too large or no file at all is one that is refused. */
static int
fail (const GError *error)
{
  int code = command_fail ("guide", error);
  return onestop_error_is (error, ONESTOP_ERROR_FULL) ||
                 onestop_error_is (error, ONESTOP_ERROR_INVALID)
             ? COMMAND_REFUSED
             : code;
}

static int
pack (char **paths, const char *key_path, const char *out, gint64 at)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (Key) key = key_load (KEY_KIND_SIGN, key_path, &error);
  g_autoptr (GPtrArray) files = key == NULL ? NULL : read_files (paths, &error);
  if (files == NULL)
    return fail (error);
  g_autoptr (GBytes) package = guide_package_make (files, key, at, problems, &error);
  for (guint i = 0; i < problems->len; i++)
    fprintf (stderr, "%s\n", (char *)g_ptr_array_index (problems, i));
  if (package == NULL)
    return problems->len > 0 ? COMMAND_REFUSED : fail (error);
  gsize length;
  const void *bytes = g_bytes_get_data (package, &length);
  if (!file_write (out, bytes, length, 0644, &error))
    return command_fail ("guide", error);
  g_autofree char *root = encode_base64 (key_peek_public (key), 32);
  g_autofree char *when = clock_format (at);
  printf ("%s: %u documents, signed %s, root %s\n", out, files->len, when, root);
  return COMMAND_DONE;
}

int
guide_package_command_pack (int argc, char **argv)
{
  static const char about[] =
      "Runs the publish gate over the city's guides and the districts' supplements and signs them\n"
      "as one package: all that is in force, and all that comes later. The same files, key and\n"
      "time give the same bytes. Prints the public key, which a device got at its enrolment.\n\n"
      "Exit: 0 done, 2 wrong usage, 3 a file is not there, 4 a document is refused.";
  g_autofree char *key = NULL, *out = NULL, *at_text = NULL, *config = NULL;
  GOptionEntry entries[] = {
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &key, "The secret key of the city", "KEY"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "The package", "OUT"},
      {"at", 0, 0, G_OPTION_ARG_STRING, &at_text, "When it is signed (default: now)", "TIME"},
      {NULL},
  };
  gint64 at = clock_now ();
  int code = command_app_parse (PACK_USAGE, about, entries, &config, &argc, &argv);
  if (code >= 0)
    return code;
  if (argc < 2 || key == NULL || out == NULL ||
      (at_text != NULL && !clock_parse (at_text, &at, NULL)))
    return command_usage (PACK_USAGE);
  return pack (argv + 1, key, out, at);
}

/* ---- install ---- */

/* The root's public key: of --root, else of the enrolment. */
static gboolean
read_root (const App *app, const char *path, guint8 ret_key[32], GError **error)
{
  if (path == NULL && app->enrolment == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                 "this device is not enrolled: say whose packages it takes with --root FILE");
    return FALSE;
  }
  if (path == NULL) {
    memcpy (ret_key, app->enrolment->keyset_key, 32);
    return TRUE;
  }
  g_autoptr (GBytes) bytes = file_read (path, KEY_TEXT_MAX, error);
  if (bytes == NULL)
    return FALSE;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GBytes) key = encode_unbase64 (g_strstrip (text));
  if (key == NULL || g_bytes_get_size (key) != 32) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: no public key in base64", path);
    return FALSE;
  }
  memcpy (ret_key, g_bytes_get_data (key, NULL), 32);
  return TRUE;
}

/* What comes of it: in force now, or later. */
static void
print_installed (App *app, gint64 now)
{
  g_autofree char *day = clock_day (now);
  g_autoptr (GuideDocument) city = guide_store_in_force (app->db, "320500", NULL, day, NULL);
  g_autoptr (GuideDocument) next = guide_store_next (app->db, "320500", day, NULL);
  if (city != NULL)
    printf ("in force: version %" G_GINT64_FORMAT " since %s\n", city->version, city->effective);
  if (next != NULL)
    printf ("next: version %" G_GINT64_FORMAT " from %s, 00:00\n", next->version, next->effective);
}

static int
install (App *app, const char *path, const char *root_path)
{
  g_autoptr (GError) error = NULL;
  guint8 root[32];
  gint64 now;
  if (!read_root (app, root_path, root, &error))
    return fail (error);
  g_autoptr (GBytes) package = file_read (path, PACKAGE_MAX_BYTES, &error);
  if (package == NULL)
    return fail (error);
  app_clock_unsure (app, app->db, clock_now (), &now);
  GuideInstall how = {app->config->hall_district, root, now};
  if (!guide_package_install (app->db, package, &how, &error)) {
    int code = command_fail ("guide", error);
    return onestop_error_is (error, ONESTOP_ERROR_DENIED) ||
                   onestop_error_is (error, ONESTOP_ERROR_CONFLICT)
               ? COMMAND_REFUSED
               : code;
  }
  print_installed (app, now);
  return COMMAND_DONE;
}

int
guide_package_command_install (int argc, char **argv)
{
  static const char about[] =
      "Takes a package of guides: all of it, or, with the reason, nothing; then what is here goes\n"
      "on being shown. Refused are a signature of another root, a changed byte, parts of several\n"
      "packages, a package older than the last, one that has expired.\n\n"
      "Exit: 0 done, 2 wrong usage, 3 a file is not there or the device is not enrolled, 4 the\n"
      "package is refused.";
  g_autofree char *config = NULL, *root = NULL;
  GOptionEntry entries[] = {
      {"root", 0, 0, G_OPTION_ARG_FILENAME, &root,
       "Whose packages are taken: a public key in base64 (default: the key of the enrolment)",
       "FILE"},
      {NULL},
  };
  int code = command_app_parse (INSTALL_USAGE, about, entries, &config, &argc, &argv);
  if (code >= 0)
    return code;
  if (argc != 2)
    return command_usage (INSTALL_USAGE);
  g_autoptr (App) app = command_app_open ("guide", config, APP_WITHOUT_GUIDE, &code);
  return app == NULL ? code : install (app, argv[1], root);
}
