/* usb-stick.c: a folder from outside, looked at through descriptors so that no name leads out of
 * it. Hands out bytes and names; refuses links, devices, pipes and everything hidden. */
#include "devices/usb-stick.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/region.h"

#define MAX_DEPTH 2
#define MAX_LABEL 80

struct _UsbStick {
  char *directory; /* NULL: not installed */
};

typedef struct {
  GPtrArray *files;
  guint entries;
  gboolean more;
} Listing;

void
usb_stick_file_free (UsbStickFile *file)
{
  if (file == NULL)
    return;
  g_free (file->path);
  g_free (file->label);
  g_free (file);
}

UsbStick *
usb_stick_new (const char *directory)
{
  UsbStick *stick = g_new0 (UsbStick, 1);

  if (directory != NULL && *directory != '\0')
    stick->directory = g_strdup (directory);
  return stick;
}

void
usb_stick_free (UsbStick *stick)
{
  if (stick == NULL)
    return;
  g_free (stick->directory);
  g_free (stick);
}

gboolean
usb_stick_is_installed (const UsbStick *stick)
{
  return stick->directory != NULL;
}

static int
open_root (const UsbStick *stick)
{
  if (stick->directory == NULL) {
    errno = ENOENT;
    return -1;
  }
  return open (stick->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

gboolean
usb_stick_is_present (const UsbStick *stick)
{
  int fd = open_root (stick);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* Opens `path` below `root`, never outside of it and through no link. */
static int
open_beneath (int root, const char *path, int flags)
{
  struct open_how how = {.flags = (guint64)(flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK),
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int fd = (int)syscall (SYS_openat2, root, path, &how, sizeof how);
  g_auto (GStrv) steps = NULL;

  if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
    return fd;
  /* A kernel or a jail without openat2: step by step. */
  steps = g_strsplit (path, "/", -1);
  fd = dup (root);
  for (char **step = steps; *step != NULL && fd >= 0; step++) {
    gboolean last = step[1] == NULL;
    int next = -1;
    errno = EACCES;
    if (**step != '\0' && strcmp (*step, ".") != 0 && strcmp (*step, "..") != 0)
      next = openat (fd, *step,
                     O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (last ? flags : O_RDONLY | O_DIRECTORY));
    int saved = errno;
    close (fd);
    errno = saved;
    fd = next;
  }
  return fd;
}

/* TRUE for what could make a name look like another: controls, and marks that turn the direction of
 * writing or are not seen. */
static gboolean
is_deceiving (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
         type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
         type == G_UNICODE_SURROGATE || type == G_UNICODE_PRIVATE_USE ||
         type == G_UNICODE_UNASSIGNED;
}

/* A name for a screen: its end stays, since that says what kind of file it is. */
static char *
make_label (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr (GString) label = g_string_new (NULL);
  glong length = g_utf8_strlen (valid, -1);
  glong number = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p), number++) {
    gunichar c = g_utf8_get_char (p);
    gboolean left_out = length > MAX_LABEL && number >= MAX_LABEL - 21 && number < length - 20;
    if (left_out && number == MAX_LABEL - 21)
      g_string_append_unichar (label, 0x2026);
    else if (!left_out)
      g_string_append_unichar (label, is_deceiving (c) ? 0xfffd : c);
  }
  return g_string_free (g_steal_pointer (&label), FALSE);
}

static void
take_file (Listing *listing, const char *path, const char *name, const struct stat *st)
{
  UsbStickFile *file;

  if (listing->files->len >= USB_STICK_MAX_FILES) {
    listing->more = TRUE;
    return;
  }
  file = g_new0 (UsbStickFile, 1);
  file->path = g_strdup (path);
  file->label = make_label (name);
  file->size = (guint64)st->st_size;
  file->modified_ms = (gint64)st->st_mtim.tv_sec * 1000;
  g_ptr_array_add (listing->files, file);
}

/* Consumes `fd`. */
static void
list_folder (Listing *listing, int fd, const char *prefix, int depth)
{
  DIR *folder = fdopendir (fd);
  struct dirent *entry;

  if (folder == NULL) {
    close (fd);
    return;
  }
  while ((entry = readdir (folder)) != NULL) {
    g_autofree char *path = NULL;
    struct stat st;
    if (entry->d_name[0] == '.')
      continue;
    if (++listing->entries > USB_STICK_MAX_ENTRIES) {
      listing->more = TRUE;
      break;
    }
    if (fstatat (dirfd (folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    path =
        *prefix != '\0' ? g_strconcat (prefix, "/", entry->d_name, NULL) : g_strdup (entry->d_name);
    if (S_ISREG (st.st_mode)) {
      take_file (listing, path, entry->d_name, &st);
    } else if (S_ISDIR (st.st_mode) && depth > 0) {
      int inside =
          openat (dirfd (folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (inside >= 0)
        list_folder (listing, inside, path, depth - 1);
    }
  }
  closedir (folder);
}

static gboolean
looks_taken (const char *name)
{
  static const char *const ends[] = {".jpg", ".jpeg", ".png", ".pdf"};
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (lower, ends[i]))
      return TRUE;
  return FALSE;
}

static int
compare (gconstpointer one, gconstpointer other)
{
  const UsbStickFile *a = *(UsbStickFile *const *)one, *b = *(UsbStickFile *const *)other;
  gboolean first = looks_taken (a->path), second = looks_taken (b->path);
  int by_label;

  if (first != second)
    return first ? -1 : 1;
  by_label = g_utf8_collate (a->label, b->label);
  return by_label != 0 ? by_label : strcmp (a->path, b->path);
}

GPtrArray *
usb_stick_list (const UsbStick *stick, gboolean *ret_more, GError **error)
{
  Listing listing = {0};
  int fd = open_root (stick);

  if (fd < 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no stick is in: %s",
                 g_strerror (errno));
    return NULL;
  }
  listing.files = g_ptr_array_new_with_free_func ((GDestroyNotify)usb_stick_file_free);
  list_folder (&listing, fd, "", MAX_DEPTH);
  g_ptr_array_sort (listing.files, compare);
  if (ret_more != NULL)
    *ret_more = listing.more;
  return listing.files;
}

static GBytes *
read_file (int fd, gsize max, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) != 0 || !S_ISREG (st.st_mode)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "not a regular file");
    return NULL;
  }
  if ((guint64)st.st_size > max) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "larger than %" G_GSIZE_FORMAT " bytes",
                 max);
    return NULL;
  }
  return region_read (fd, max, error);
}

GBytes *
usb_stick_read (const UsbStick *stick, const char *path, gsize max, GError **error)
{
  int root = open_root (stick), fd, saved;
  GBytes *bytes;

  if (root < 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no stick is in");
    return NULL;
  }
  fd = open_beneath (root, path, O_RDONLY);
  saved = errno;
  close (root);
  if (fd < 0) {
    /* ELOOP: a link; EXDEV: a way out. The name may be personal: it is not said. */
    gboolean denied =
        saved == ELOOP || saved == EXDEV || saved == EACCES || saved == EPERM || saved == ENXIO;
    g_set_error (error, ONESTOP_ERROR,
                 denied                                ? ONESTOP_ERROR_DENIED
                 : saved == ENOENT || saved == ENOTDIR ? ONESTOP_ERROR_NOT_FOUND
                                                       : ONESTOP_ERROR_RETRY,
                 "cannot open a file of the stick: %s", g_strerror (saved));
    return NULL;
  }
  bytes = read_file (fd, max, error);
  close (fd);
  return bytes;
}
