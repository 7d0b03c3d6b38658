/* fuzz.c: feeds a target with its seeds and with what is nearly like them. Every byte comes from
 * one number, so that a crash can be made again. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
feed (const guint8 *bytes, gsize length)
{
  /* An exact copy on the heap: ASan sees one byte too far. */
  guint8 *copy = malloc (length > 0 ? length : 1);

  memcpy (copy, bytes, length);
  fuzz_one (copy, length);
  free (copy);
}

static void
mutate (GRand *rand, GByteArray *bytes, const GPtrArray *seeds)
{
  gsize at = bytes->len > 0 ? (gsize)g_rand_int_range (rand, 0, (gint32)bytes->len) : 0;
  guint8 noise[8];

  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] = (guint8)g_rand_int (rand);
  switch (g_rand_int_range (rand, 0, 7)) {
  case 0:
    if (bytes->len > 0)
      bytes->data[at] ^= (guint8)(1 << (noise[0] & 7));
    break;
  case 1:
    if (bytes->len > 0)
      bytes->data[at] = noise[0];
    break;
  case 2:
    g_byte_array_set_size (bytes, (guint)at);
    break;
  case 3:
    g_byte_array_append (bytes, noise, 1 + (noise[0] & 7));
    break;
  case 4:
    if (bytes->len > 0)
      g_byte_array_remove_range (bytes, (guint)at,
                                 MIN (bytes->len - (guint)at, 1u + (noise[1] & 15)));
    break;
  case 5: {
    GBytes *other = seeds->pdata[g_rand_int_range (rand, 0, (gint32)seeds->len)];
    gsize n;
    const guint8 *data = g_bytes_get_data (other, &n);
    gsize from = n > 0 ? (gsize)g_rand_int_range (rand, 0, (gint32)n) : 0;
    g_byte_array_append (bytes, data + from, (guint)MIN (n - from, 64));
    break;
  }
  default:
    if (bytes->len > 4)
      bytes->data[at] = "\x00\xff\x7f\x80{}[]\"\\,:9 \n"[noise[0] & 15];
  }
}

int
main (void)
{
  const char *runs_text = g_getenv ("ONESTOP_FUZZ_RUNS"),
             *seed_text = g_getenv ("ONESTOP_FUZZ_SEED");
  guint runs = runs_text != NULL ? (guint)atoi (runs_text) : 100000;
  guint32 seed = seed_text != NULL ? (guint32)atoi (seed_text) : g_random_int () >> 1;
  g_autoptr (GPtrArray) seeds = fuzz_seeds ();
  GRand *rand = g_rand_new_with_seed (seed);

  printf ("1..2\n# %s, seed %u, %u runs\n", fuzz_name, seed, runs);
  fflush (stdout);
  for (guint i = 0; i < seeds->len; i++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (seeds->pdata[i], &length);
    feed (data, length);
    for (gsize cut = 0; cut < MIN (length, 4096); cut++)
      feed (data, cut);
  }
  printf ("ok 1 - seeds and all their beginnings\n");
  fflush (stdout);
  for (guint i = 0; i < runs; i++) {
    GBytes *from = seeds->pdata[g_rand_int_range (rand, 0, (gint32)seeds->len)];
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_byte_array_append (bytes, g_bytes_get_data (from, NULL), (guint)g_bytes_get_size (from));
    for (int n = g_rand_int_range (rand, 1, 6); n > 0; n--)
      mutate (rand, bytes, seeds);
    feed (bytes->data, bytes->len);
  }
  printf ("ok 2 - mutations\n");
  fflush (stdout);
  g_rand_free (rand);
  return 0;
}
