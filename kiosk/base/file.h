/* file.h: whole files, safely. */
#pragma once

#include <glib.h>

/* The whole of a regular file of at most `max` bytes. NOT_FOUND; FULL if it is larger (unread);
 * INVALID if it is no regular file; RETRY otherwise. Owned. */
GBytes *file_read (const char *path, gsize max, GError **error);

/* The same as text, to its first NUL byte if it holds one. */
char *file_read_text (const char *path, gsize max, GError **error);

/* Writes `length` bytes to `path` with `mode` (0600...): to a new file beside it, fsync, rename,
 * fsync of the folder. After success the bytes survive a power cut; after failure the old file
 * stands. FULL when the disk is full, RETRY otherwise. */
gboolean file_write (const char *path, const void *bytes, gsize length, int mode, GError **error);

/* Writes all of `length` bytes to the open descriptor `fd`. FALSE with `errno` set; how much of it
 * was written is then not known. */
gboolean file_write_all (int fd, const void *bytes, gsize length);

/* Makes `path` and its parents with `mode`; one that is there already is fine. */
gboolean file_make_folder (const char *path, int mode, GError **error);

/* Sets FULL for ENOSPC and EDQUOT, NOT_FOUND for ENOENT, DENIED for EACCES and EPERM, RETRY
 * otherwise, with the words "`what` `path`: reason". */
void file_set_error (GError **error, int errnum, const char *what, const char *path);

/* Asset and helper places: $ONESTOP_ASSETS (or the installed folder) + `name`. Owned. */
char *file_asset (const char *name);
char *file_helper (const char *name);
