/* fuzz-batch.c: bodies of batches, compressed and not. */
#include "fuzz.h"

#include <string.h>

#include "wire/batch.h"

const char *const fuzz_name = "batch";

GPtrArray *
fuzz_seeds (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (int i = 0; i < 40; i++) {
    char *line = g_strdup_printf ("{\"seq\":%d,\"body\":{\"number\":\"A%03d\"}}", i, i * 7);
    g_ptr_array_add (lines, g_bytes_new_take (line, strlen (line)));
  }
  g_ptr_array_add (all, batch_pack (lines, NULL));
  g_ptr_array_add (all, g_bytes_new_static ("{}\n[]\n", 6));
  return all;
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  for (int compressed = 0; compressed < 2; compressed++) {
    g_autoptr (GPtrArray) lines = batch_unpack (bytes, length, compressed, NULL);
    if (lines != NULL)
      for (guint i = 0; i < lines->len; i++)
        g_assert (g_bytes_get_size (lines->pdata[i]) > 0);
  }
}
