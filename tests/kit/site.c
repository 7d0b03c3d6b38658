/* site.c: writes what enrolment would have written. Uses the product's own rooms, so it shows
 * nothing about them; it only saves a city. */
#include "site.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/file.h"
#include "store/enrolment.h"
#include "store/key-set-store.h"
#include "trust/key-set.h"
#include "trust/key.h"

SiteOptions
site_options (gint64 now)
{
  return (SiteOptions){.device = "GS-K1",
                       .role = "kiosk",
                       .issued = now - 3600 * 1000,
                       .expires = now - 3600 * 1000 + KEY_SET_LIFE_MS,
                       .version = 1,
                       .ticket_from = 1,
                       .ticket_to = 199};
}

static Key *
keep_key (KeyKind kind, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  Key *key = key_load (kind, path, NULL);

  if (key != NULL)
    return key;
  key = key_new (kind);
  g_assert_true (file_make_folder (folder, 0700, &error));
  g_assert_true (key_save (key, path, &error));
  g_assert_no_error (error);
  return key;
}

static void
make_key_set (const char *city, const char *state, const SiteOptions *options, const Key *signer,
              const Key *device)
{
  g_autoptr (Key) working = keep_key (KEY_KIND_SEAL, city, "working.key");
  g_autoptr (Key) hall = keep_key (KEY_KIND_SEAL, city, "hall.key");
  g_autoptr (Key) recovery = keep_key (KEY_KIND_SEAL, city, "recovery.key");
  g_autoptr (KeySet) set = key_set_new (options->version, options->issued, options->expires);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  char *text;

  key_set_add_recipient (set, KEY_SET_ROLE_WORKING, NULL, key_peek_public (working));
  if (!options->without_hall)
    key_set_add_recipient (set, KEY_SET_ROLE_HALL, "GS", key_peek_public (hall));
  key_set_add_recipient (set, KEY_SET_ROLE_RECOVERY, NULL, key_peek_public (recovery));
  key_set_add_ticket_key (set, options->device, "GS", key_peek_public (device),
                          options->issued - 86400000, options->issued + 400 * (gint64)86400000, 0);
  text = key_set_sign (set, signer);
  bytes = g_bytes_new_take (text, strlen (text));
  g_assert_true (key_set_store_replace (state, bytes, &error));
}

static void
make_enrolment (const char *state, const SiteOptions *options, const Key *signer)
{
  Enrolment enrolment = {.device = (char *)options->device,
                         .role = (char *)options->role,
                         .hall = (char *)"GS",
                         .hall_name_zh = (char *)"示例大厅",
                         .hall_name_en = (char *)"Sample hall",
                         .case_code = strcmp (options->role, "desk") == 0 ? 'D' : 'A',
                         .ticket_from = options->ticket_from,
                         .ticket_to = options->ticket_to,
                         .city = (char *)"https://localhost:1"};
  g_autoptr (GError) error = NULL;

  memcpy (enrolment.keyset_key, key_peek_public (signer), sizeof enrolment.keyset_key);
  g_assert_true (enrolment_save (state, &enrolment, options->issued, &error));
}

static void
make_config (const char *folder, const SiteOptions *options)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.conf", folder, options->role);
  g_autofree char *text =
      g_strdup_printf ("[hall]\nid=GS\nname=示例大厅\n[%s]\nid=%s\n[store]\ndirectory=%s\n",
                       options->role, options->device, options->role);
  g_autoptr (GError) error = NULL;

  g_assert_true (file_write (path, text, strlen (text), 0600, &error));
}

void
site_make (const char *folder, const SiteOptions *options)
{
  g_autofree char *city = g_build_filename (folder, "city", NULL);
  g_autofree char *state = g_build_filename (folder, options->role, NULL);
  g_autofree char *keys = g_build_filename (state, "keys", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (Key) signer = NULL, device = NULL;

  g_assert_true (file_make_folder (city, 0700, &error));
  g_assert_true (file_make_folder (keys, 0700, &error));
  signer = keep_key (KEY_KIND_SIGN, city, "keyset-sign.key");
  device = keep_key (KEY_KIND_SIGN, keys, "device.key");
  make_key_set (city, state, options, signer, device);
  make_enrolment (state, options, signer);
  make_config (folder, options);
}

void
site_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *below = g_build_filename (folder, name, NULL);
    if (g_file_test (below, G_FILE_TEST_IS_SYMLINK) || !g_file_test (below, G_FILE_TEST_IS_DIR))
      g_unlink (below);
    else
      site_remove (below);
  }
  g_rmdir (folder);
}
