/* fuzz-code.c: what a code reader may send, on a serial line and as keys. Only a code comes out. */
#include "fuzz.h"

#include <string.h>

#include "devices/code-line.h"
#include "devices/code-wedge.h"

const char *const fuzz_name = "code";

GPtrArray *
fuzz_seeds (void)
{
  static const char *const seeds[] = {"YZ1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 ETQ6\r\n",
                                      "YZ1:A\rYZ1:B\nhttps://example.org/\r\n\x1b[2J\r",
                                      "YZYZ1:\xe5\xbc\xa0\r\rYZ1:AB"};
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_ptr_array_add (all, g_bytes_new_static (seeds[i], strlen (seeds[i])));
  return all;
}

static void
on_text (const char *text, gpointer data)
{
  g_assert (text == NULL || code_line_is_code (text, strlen (text)));
  g_string_append_printf (data, "[%s]", text != NULL ? text : "");
}

static void
feed_keys (const guint8 *bytes, gsize length, guint burst)
{
  CodeWedge wedge = {.burst = burst};

  for (gsize i = 0; i < length; i++) {
    g_autofree char *text = NULL, *late = NULL;
    CodeWedgeResult result = code_wedge_key (&wedge, bytes[i], (gint64)i * (bytes[0] % 90), &text);
    g_assert (result != CODE_WEDGE_CODE || code_line_is_code (text, strlen (text)));
    g_assert (text == NULL || g_utf8_validate (text, -1, NULL));
    if (bytes[i] % 7 == 0)
      code_wedge_silence (&wedge, (gint64)i * (bytes[0] % 90), &late);
  }
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autoptr (GString) whole = g_string_new (NULL), pieces = g_string_new (NULL);
  CodeLine line = {0}, other = {0};

  code_line_feed (&line, bytes, length, on_text, whole);
  for (gsize i = 0; i < length; i++)
    code_line_feed (&other, bytes + i, 1, on_text, pieces);
  code_line_silence (&line, on_text, whole);
  code_line_silence (&other, on_text, pieces);
  g_assert (g_string_equal (whole, pieces));
  feed_keys (bytes, length, 0);
  feed_keys (bytes, length, 6);
}
