/* region.h: bytes of a visitor, outside the heap.
 *
 * Scans, files and previews live in memory maps of their own. When the last reference goes, the
 * pages go back to the kernel, which wipes them: nothing of them stays in the heap, and none of
 * them is in a core dump. */
#pragma once

#include <glib.h>

typedef struct _Region Region;

/* Room for at most `max` bytes (1 and more); memory is used only as it is filled. NULL with FULL
 * when the system has no room. */
Region *region_new (gsize max, GError **error);
void region_free (Region *region);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Region, region_free)

/* The first byte, and how many fit; both stay as they are until the region is freed. */
guint8 *region_peek (Region *region);
gsize region_max (const Region *region);

/* Turns the first `length` bytes (at most region_max) into GBytes and gives the rest back. The
 * region is consumed. Owned. */
GBytes *region_take_bytes (Region *region, gsize length);

/* A copy of `bytes` in a region of its own. Owned; NULL with FULL. */
GBytes *region_copy (const void *bytes, gsize length, GError **error);

/* Reads `fd` to its end into a region. FULL if there are more than `max` bytes, RETRY on a read
 * error. The descriptor stays open. Owned. */
GBytes *region_read (int fd, gsize max, GError **error);
