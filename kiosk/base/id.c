/* id.c: identifiers from time and the kernel's random source. */
#include "base/id.h"

#include <string.h>
#include <sys/random.h>

void
id_random (void *buffer, gsize length)
{
  guint8 *p = buffer;

  while (length > 0) {
    gssize n = getrandom (p, MIN (length, 256), 0);
    if (n < 0)
      g_error ("the kernel gives no random bytes");
    p += n;
    length -= n;
  }
}

char *
id_uuid7 (gint64 ms)
{
  static GMutex lock;
  static gint64 last_ms;
  static guint16 last_count;
  guint8 b[16];
  guint16 count;

  id_random (b, sizeof b);
  g_mutex_lock (&lock);
  if (ms <= last_ms && last_count < 0xfff) {
    ms = last_ms;
    count = ++last_count;
  } else {
    last_ms = MAX (ms, last_ms + (ms <= last_ms));
    ms = last_ms;
    count = last_count = (b[6] << 8 | b[7]) & 0x7ff;
  }
  g_mutex_unlock (&lock);
  for (int i = 0; i < 6; i++)
    b[i] = (guint8)(ms >> (40 - 8 * i));
  b[6] = 0x70 | count >> 8;
  b[7] = count & 0xff;
  b[8] = 0x80 | (b[8] & 0x3f);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                          b[12], b[13], b[14], b[15]);
}

gboolean
id_is_uuid7 (const char *text)
{
  static const char shape[] = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx";

  if (strlen (text) != sizeof shape - 1)
    return FALSE;
  for (gsize i = 0; shape[i] != '\0'; i++) {
    const char *set = shape[i] == 'x' ? "0123456789abcdef" : shape[i] == 'v' ? "89ab" : NULL;
    if (set != NULL ? strchr (set, text[i]) == NULL : text[i] != shape[i])
      return FALSE;
  }
  return TRUE;
}
