/* key-set-store.c: the file of the signed key set. */
#include "store/key-set-store.h"

#include "base/file.h"
#include "trust/key-set.h"

static char *
place (const char *directory)
{
  return g_build_filename (directory, "keyset.json", NULL);
}

GBytes *
key_set_store_read (const char *directory, GError **error)
{
  g_autofree char *path = place (directory);
  return file_read (path, KEY_SET_MAX_BYTES, error);
}

gboolean
key_set_store_replace (const char *directory, GBytes *package, GError **error)
{
  g_autofree char *path = place (directory);
  return file_write (path, g_bytes_get_data (package, NULL), g_bytes_get_size (package), 0600,
                     error);
}
