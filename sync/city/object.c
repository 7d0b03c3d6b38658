/* object.c: files by what they hold. Refuses to show an object under its name before its bytes were
 * hashed and are on disk. */
#include "city/object.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "trust/hash.h"

gboolean
object_is_name (const char *sha256)
{
  guint8 raw[HASH_BYTES];
  return sha256 != NULL && encode_unhex (sha256, raw, sizeof raw);
}

char *
object_path (const City *city, const char *sha256)
{
  char folder[3] = {sha256[0], sha256[1], '\0'};
  return g_build_filename (city->config->directory, "objects", folder, sha256, NULL);
}

char *
object_upload_path (const City *city, const char *id)
{
  return g_build_filename (city->config->directory, "uploads", id, NULL);
}

static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int fd = open (path, flags | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (!done)
    file_set_error (error, errno, "cannot sync", path);
  if (fd >= 0)
    close (fd);
  return done;
}

gboolean
object_adopt (City *city, const char *id, const char *sha256, GError **error)
{
  g_autofree char *from = object_upload_path (city, id), *to = object_path (city, sha256);
  g_autofree char *folder = g_path_get_dirname (to), *parent = g_path_get_dirname (folder);
  g_autofree char *hash = hash_file_hex (from, error);

  if (hash == NULL)
    return FALSE;
  if (strcmp (hash, sha256) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "the bytes have another SHA-256");
    return FALSE;
  }
  if (!file_make_folder (folder, 0700, error) ||
      !sync_path (parent, O_RDONLY | O_DIRECTORY, error) || !sync_path (from, O_RDONLY, error))
    return FALSE;
  fault_point ("city.object-before-rename");
  if (rename (from, to) != 0) {
    file_set_error (error, errno, "cannot place", to);
    return FALSE;
  }
  return sync_path (folder, O_RDONLY | O_DIRECTORY, error);
}

GBytes *
object_read (City *city, const char *sha256, GError **error)
{
  g_autofree char *path = object_path (city, sha256), *hash = NULL;
  g_autoptr (GBytes) bytes = file_read (path, OBJECT_MAX_BYTES, error);

  if (bytes == NULL)
    return NULL;
  hash = hash_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (strcmp (hash, sha256) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "object %s has changed", sha256);
    return NULL;
  }
  return g_steal_pointer (&bytes);
}
