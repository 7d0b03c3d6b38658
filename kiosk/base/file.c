/* file.c: reading with a limit, writing that survives a power cut. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"

void
file_set_error (GError **error, int errnum, const char *what, const char *path)
{
  OnestopError code = ONESTOP_ERROR_RETRY;

  if (errnum == ENOSPC || errnum == EDQUOT)
    code = ONESTOP_ERROR_FULL;
  else if (errnum == ENOENT)
    code = ONESTOP_ERROR_NOT_FOUND;
  else if (errnum == EACCES || errnum == EPERM)
    code = ONESTOP_ERROR_DENIED;
  g_set_error (error, ONESTOP_ERROR, code, "%s %s: %s", what, path, g_strerror (errnum));
}

GBytes *
file_read (const char *path, gsize max, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat st;
  g_autofree guint8 *bytes = NULL;
  gsize length = 0;

  if (fd < 0) {
    file_set_error (error, errno, "cannot open", path);
    return NULL;
  }
  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s is not a regular file", path);
    close (fd);
    return NULL;
  }
  if ((guint64)st.st_size > max) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "%s is larger than %" G_GSIZE_FORMAT " bytes", path, max);
    close (fd);
    return NULL;
  }
  bytes = g_malloc (st.st_size + 1);
  while (length < (gsize)st.st_size) {
    gssize n = read (fd, bytes + length, st.st_size - length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      file_set_error (error, errno, "cannot read", path);
      close (fd);
      return NULL;
    }
    if (n == 0)
      break;
    length += n;
  }
  close (fd);
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

char *
file_read_text (const char *path, gsize max, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, max, error);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                       : NULL;
}

gboolean
file_write_all (int fd, const void *bytes, gsize length)
{
  const guint8 *left = bytes;

  while (length > 0) {
    gssize n = write (fd, left, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    left += n;
    length -= n;
  }
  return TRUE;
}

static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean done = fd >= 0 && fsync (fd) == 0;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  errno = saved;
  return done;
}

gboolean
file_write (const char *path, const void *bytes, gsize length, int mode, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, mode);
  gboolean done;
  int saved;

  if (fd < 0) {
    file_set_error (error, errno, "cannot make", path);
    return FALSE;
  }
  errno = fault_errno ("file.write");
  done = errno == 0 && file_write_all (fd, bytes, length) && fchmod (fd, mode) == 0 &&
         fsync (fd) == 0;
  saved = errno;
  if (close (fd) != 0 && done) {
    saved = errno;
    done = FALSE;
  }
  if (done && (rename (temporary, path) != 0 || !sync_folder (path))) {
    saved = errno;
    done = FALSE;
  }
  if (!done) {
    unlink (temporary);
    file_set_error (error, saved, "cannot write", path);
  }
  return done;
}

gboolean
file_make_folder (const char *path, int mode, GError **error)
{
  if (g_mkdir_with_parents (path, mode) != 0) {
    file_set_error (error, errno, "cannot make folder", path);
    return FALSE;
  }
  return TRUE;
}

static char *
place (const char *variable, const char *installed, const char *name)
{
  const char *folder = g_getenv (variable);
  return g_build_filename (folder != NULL ? folder : installed, name, NULL);
}

char *
file_asset (const char *name)
{
  return place ("ONESTOP_ASSETS", ONESTOP_ASSETS_DIR, name);
}

char *
file_helper (const char *name)
{
  return place ("ONESTOP_LIBEXEC", ONESTOP_LIBEXEC_DIR, name);
}
