/* usb-stick.h: the folder that stands for a visitor's USB stick (`[usb-stick] directory=`).
 *
 * Only regular files are seen, in this folder and its folders two levels down; no symbolic link is
 * followed, nothing leads out of the folder (openat2 RESOLVE_BENEATH, else O_NOFOLLOW at each
 * step), hidden files are left out. Nothing is written, run or decoded here. */
#pragma once

#include <glib.h>

#define USB_STICK_MAX_FILES 200
#define USB_STICK_MAX_ENTRIES 5000

typedef struct {
  char *path;  /* inside the stick, "scans/passport.jpg": the exact bytes, to read it with */
  char *label; /* its name for a screen: valid UTF-8, no control or direction characters, at most
                  80 characters */
  guint64 size;
  gint64 modified_ms;
} UsbStickFile;

void usb_stick_file_free (UsbStickFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UsbStickFile, usb_stick_file_free)

typedef struct _UsbStick UsbStick;

/* The stick at `directory`; NULL or empty: this machine takes no sticks. */
UsbStick *usb_stick_new (const char *directory);
void usb_stick_free (UsbStick *stick);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UsbStick, usb_stick_free)

/* TRUE if a directory is configured. */
gboolean usb_stick_is_installed (const UsbStick *stick);

/* TRUE if a stick is in: the folder is there and can be listed. Cheap; poll it once a second. */
gboolean usb_stick_is_present (const UsbStick *stick);

/* The files whose names end in .jpg, .jpeg, .png or .pdf first, then the others, each sorted by
 * label; at most USB_STICK_MAX_FILES, `ret_more` (may be NULL) tells that there were others.
 * Elements UsbStickFile; owned. NOT_FOUND when no stick is in. */
GPtrArray *usb_stick_list (const UsbStick *stick, gboolean *ret_more, GError **error);

/* The bytes of `path`, as usb_stick_list gave it, in a region. NOT_FOUND, FULL if it is larger than
 * `max` (nothing is read then), DENIED for what is no regular file or leads outside, RETRY when the
 * stick fails. Owned. */
GBytes *usb_stick_read (const UsbStick *stick, const char *path, gsize max, GError **error);
