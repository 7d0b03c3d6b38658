/* region.c: private anonymous maps as buffers. Nothing is ever reallocated, so no copy of a
 * visitor's bytes is left behind; a forked child gets none of them. */
#include "base/region.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

struct _Region {
  guint8 *start;
  gsize max;
  gsize mapped;
};

static gsize
whole_pages (gsize length)
{
  gsize page = sysconf (_SC_PAGESIZE);
  return (MAX (length, 1) + page - 1) / page * page;
}

Region *
region_new (gsize max, GError **error)
{
  gsize mapped = whole_pages (max);
  void *start = mmap (NULL, mapped, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  Region *region;

  if (start == MAP_FAILED) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "no memory for %" G_GSIZE_FORMAT " bytes: %s", max, g_strerror (errno));
    return NULL;
  }
  (void)madvise (start, mapped, MADV_DONTDUMP);
  (void)madvise (start, mapped, MADV_DONTFORK);
  region = g_new (Region, 1);
  *region = (Region){start, max, mapped};
  return region;
}

void
region_free (Region *region)
{
  if (region == NULL)
    return;
  munmap (region->start, region->mapped);
  g_free (region);
}

guint8 *
region_peek (Region *region)
{
  return region->start;
}

gsize
region_max (const Region *region)
{
  return region->max;
}

GBytes *
region_take_bytes (Region *region, gsize length)
{
  gsize kept = whole_pages (length);

  g_assert (length <= region->max);
  if (kept < region->mapped) {
    munmap (region->start + kept, region->mapped - kept);
    region->mapped = kept;
  }
  return g_bytes_new_with_free_func (region->start, length, (GDestroyNotify)region_free, region);
}

GBytes *
region_copy (const void *bytes, gsize length, GError **error)
{
  Region *region = region_new (length, error);

  if (region == NULL)
    return NULL;
  if (length > 0)
    memcpy (region->start, bytes, length);
  return region_take_bytes (region, length);
}

GBytes *
region_read (int fd, gsize max, GError **error)
{
  g_autoptr (Region) region = region_new (max + 1, error);
  gsize length = 0;

  if (region == NULL)
    return NULL;
  while (length <= max) {
    gssize n = read (fd, region->start + length, max + 1 - length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_RETRY, "cannot read: %s",
                   g_strerror (errno));
      return NULL;
    }
    if (n == 0)
      return region_take_bytes (g_steal_pointer (&region), length);
    length += n;
  }
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "more than %" G_GSIZE_FORMAT " bytes",
               max);
  return NULL;
}
