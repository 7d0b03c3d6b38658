/* test-code-reader.c: what is a code and what never becomes one: lines, a real pty pair, keys. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "devices/code-reader.h"
#include "devices/code-wedge.h"

#define CODE "YZ1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 ETQ6"

static void
on_event (CodeReaderEvent event, const char *text, gpointer data)
{
  static const char *const words[] = {"", "unreadable", "attached", "detached"};

  g_assert_true ((event == CODE_READER_CODE) == (text != NULL));
  g_string_append_printf (data, "[%s]", event == CODE_READER_CODE ? text : words[event]);
}

static void
on_text (const char *text, gpointer data)
{
  on_event (text != NULL ? CODE_READER_CODE : CODE_READER_UNREADABLE, text, data);
}

/* --- lines --- */

static void
test_is_code (void)
{
  static const char *const bad[] = {"",
                                    "YZ1:",
                                    "YZ1",
                                    "yz1:ABC",
                                    "YZ2:ABC",
                                    "YZ1:abc",
                                    "YZ1:A\tB",
                                    "YZ1:A\nB",
                                    " YZ1:ABC",
                                    "YZ1:AB,C",
                                    "YZ1:\x1b[A",
                                    ("YZ1:A\x80"
                                     "B"),
                                    "HTTPS://A.B/",
                                    "YZ1:A_B",
                                    "YZ1:A=B"};
  g_autofree char *longest = g_strnfill (CODE_LINE_MAX + 1, 'A');

  memcpy (longest, "YZ1:", 4);
  g_assert_true (code_line_is_code (CODE, strlen (CODE)));
  g_assert_true (code_line_is_code ("YZ1:0 $%*+-./:Z", 15));
  g_assert_true (code_line_is_code (longest, CODE_LINE_MAX));
  g_assert_false (code_line_is_code (longest, CODE_LINE_MAX + 1));
  g_assert_false (code_line_is_code ("YZ1:A\0B", 7));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (code_line_is_code (bad[i], strlen (bad[i])));
}

static void
feed (CodeLine *line, GString *said, const char *bytes, gsize length, gsize piece)
{
  for (gsize i = 0; i < length; i += piece)
    code_line_feed (line, (const guint8 *)bytes + i, MIN (piece, length - i), on_text, said);
}

static void
test_lines (void)
{
  static const struct {
    const char *bytes, *said;
  } cases[] = {
      {CODE "\r\n" CODE "\r" CODE "\n", "[" CODE "][" CODE "][" CODE "]"},
      {"\r\n\r\n\n", ""},
      {"http://example.org/\r\n" CODE "\r\n", "[unreadable][" CODE "]"},
      {"\x1b[2J\x1b]0;x\x07\r" CODE "\r", "[unreadable][" CODE "]"},
      {"\xe5\xbc\xa0\xe4\xbc\x9f\r" CODE "\r", "[unreadable][" CODE "]"},
      {"YZ1:A\x03\x04\x1a\r" CODE "\r", "[unreadable][" CODE "]"},
      {"YZ1:\r", "[unreadable]"},
      {CODE, ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 60; piece += 7) {
      g_autoptr (GString) said = g_string_new (NULL);
      CodeLine line = {0};
      feed (&line, said, cases[i].bytes, strlen (cases[i].bytes), piece);
      g_assert_cmpstr (said->str, ==, cases[i].said);
    }
}

static void
test_nul_and_long_lines (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_autofree char *megabyte = g_strnfill (1 << 20, 'A');
  CodeLine line = {0};

  feed (&line, said, "YZ1:A\0B\r" CODE "\r", 8 + strlen (CODE) + 1, 3);
  g_assert_cmpstr (said->str, ==, "[unreadable][" CODE "]");
  g_string_truncate (said, 0);
  memcpy (megabyte, "YZ1:", 4);
  feed (&line, said, megabyte, 1 << 20, 512);
  g_assert_cmpstr (said->str, ==, "");
  feed (&line, said, "\r" CODE "\r", strlen (CODE) + 2, 5);
  g_assert_cmpstr (said->str, ==, "[unreadable][" CODE "]");
}

static void
test_line_silence (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  CodeLine line = {0};

  code_line_silence (&line, on_text, said);
  g_assert_cmpstr (said->str, ==, "");
  feed (&line, said, "YZ1:HALF", 8, 8);
  code_line_silence (&line, on_text, said);
  feed (&line, said, CODE "\r", strlen (CODE) + 1, 9);
  g_assert_cmpstr (said->str, ==, "[unreadable][" CODE "]");
}

/* --- a serial line --- */

static void
run_until (GString *said, const char *expected)
{
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (strcmp (said->str, expected) != 0 && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (said->str, ==, expected);
}

/* A new pty whose reader's end is at `path`; gives the end that plays the code reader. */
static int
plug_in (const char *path)
{
  int machine = -1, reader = -1;
  char name[64];

  g_assert_cmpint (openpty (&machine, &reader, name, NULL, NULL), ==, 0);
  close (reader);
  g_unlink (path);
  g_assert_cmpint (symlink (name, path), ==, 0);
  return machine;
}

static void
test_serial (void)
{
  g_autofree char *folder = g_dir_make_tmp ("onestop-reader-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tty", NULL);
  g_autofree char *device = g_strconcat ("serial:", path, NULL);
  g_autofree char *megabyte = g_strnfill (1 << 20, '\x1b');
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CodeReader) reader = code_reader_new (device, on_event, said, &error);
  int line;

  g_assert_no_error (error);
  g_assert_false (code_reader_is_ready (reader));
  g_assert_false (code_reader_is_keyboard (reader));
  run_until (said, "[detached]");
  line = plug_in (path);
  run_until (said, "[detached][attached]");
  g_assert_true (code_reader_is_ready (reader));
  /* Raw: neither echo nor ^C nor ^D nor ^S do anything. */
  g_string_truncate (said, 0);
  g_assert_cmpint (write (line, "\x03\x04\x13\x11\x1a\r", 6), ==, 6);
  run_until (said, "[unreadable]");
  g_assert_cmpint (write (line, CODE, 10), ==, 10);
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (write (line, &CODE[10], strlen (CODE) - 10), >, 0);
  g_assert_cmpint (write (line, "\r\n", 2), ==, 2);
  run_until (said, "[unreadable][" CODE "]");
  /* A megabyte of escapes, as fast as the line takes it. */
  g_string_truncate (said, 0);
  fcntl (line, F_SETFL, O_NONBLOCK);
  for (gsize sent = 0; sent < 1 << 20;) {
    gssize n = write (line, megabyte + sent, (1 << 20) - sent);
    sent += MAX (n, 0);
    g_main_context_iteration (NULL, FALSE);
  }
  while (write (line, "\r", 1) != 1)
    g_main_context_iteration (NULL, FALSE);
  run_until (said, "[unreadable]");
  /* A piece without an end does not spoil the next code. */
  g_assert_cmpint (write (line, "YZ1:PIECE", 9), ==, 9);
  run_until (said, "[unreadable][unreadable]");
  /* Unplugged and plugged in again. */
  g_string_truncate (said, 0);
  close (line);
  run_until (said, "[detached]");
  g_assert_false (code_reader_is_ready (reader));
  line = plug_in (path);
  run_until (said, "[detached][attached]");
  g_assert_cmpint (write (line, CODE "\r", strlen (CODE) + 1), >, 0);
  run_until (said, "[detached][attached][" CODE "]");
  close (line);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_devices (void)
{
  static const char *const bad[] = {"", "serial:", "serial:ttyUSB0", "usb", "Keyboard"};
  g_autoptr (CodeReader) keyboard = code_reader_new ("keyboard", on_event, NULL, NULL);
  g_autoptr (CodeReader) none = code_reader_new ("none", on_event, NULL, NULL);

  g_assert_true (code_reader_is_keyboard (keyboard));
  g_assert_true (code_reader_is_ready (keyboard));
  g_assert_false (code_reader_is_ready (none));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (code_reader_new (bad[i], on_event, NULL, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

/* --- keys --- */

/* What a widget would have: keys that pass and what is replayed; codes in brackets. */
static void
note (GString *seen, CodeWedgeResult result, gunichar key, const char *text)
{
  if (result == CODE_WEDGE_CODE)
    g_string_append_printf (seen, "[%s]", text);
  else if (text != NULL)
    g_string_append (seen, text);
  if (result == CODE_WEDGE_UNREADABLE)
    g_string_append (seen, "[unreadable]");
  if (result == CODE_WEDGE_PASS && key == '\r')
    g_string_append (seen, "<enter>");
  else if (result == CODE_WEDGE_PASS && key != 0)
    g_string_append_unichar (seen, key);
}

/* Types `keys` with `gap` ms between them, with the clock's ticks; then waits. */
static char *
type (guint burst, const char *keys, gint64 gap)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  CodeWedge wedge = {.burst = burst};
  gint64 now = 1000;

  for (const char *p = keys; *p != '\0'; p = g_utf8_next_char (p)) {
    for (gint64 next = now + gap; now < next; now += MIN (20, next - now)) {
      g_autofree char *text = NULL;
      CodeWedgeResult result = code_wedge_silence (&wedge, now, &text);
      note (seen, result == CODE_WEDGE_PASS ? CODE_WEDGE_SWALLOW : result, 0, text);
    }
    g_autofree char *text = NULL;
    CodeWedgeResult result = code_wedge_key (&wedge, g_utf8_get_char (p), now, &text);
    note (seen, result, g_utf8_get_char (p), text);
  }
  for (int i = 0; i < 40; i++, now += 20) {
    g_autofree char *text = NULL;
    CodeWedgeResult result = code_wedge_silence (&wedge, now, &text);
    note (seen, result == CODE_WEDGE_PASS ? CODE_WEDGE_SWALLOW : result, 0, text);
  }
  g_assert_cmpuint (wedge.length, ==, 0);
  g_assert_false (wedge.bad);
  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
test_keys (void)
{
  static const struct {
    guint burst;
    gint64 gap;
    const char *keys, *seen;
  } cases[] = {
      /* a reader */
      {0, 5, CODE "\r", "[" CODE "]"},
      {6, 5, CODE "\r" CODE "\r", "[" CODE "][" CODE "]"},
      {0, 50, CODE "\r", "[" CODE "]"},
      {0, 5, "YZ1:\r", "[unreadable]"},
      {0, 5, "YZ1:abc\x1b[A\t\xe5\xbc\xa0\r" CODE "\r", "[unreadable][" CODE "]"},
      {0, 5, "YZ1:BROKEN OFF", "[unreadable]"},
      /* a person */
      {0, 150, "hello\r", "hello<enter>"},
      {0, 150, CODE "\r", CODE "<enter>"},
      {0, 150, "YZY1YZ1:\r", "YZY1YZ1:<enter>"},
      {0, 150, "\xe5\xbc\xa0Y\xe5\xbc\xa0", "\xe5\xbc\xa0Y\xe5\xbc\xa0"},
      {6, 150, "\tYES\r", "\tYES<enter>"},
      /* a fast typist, or a test that types at once: only our prefix is held */
      {0, 0, "YES, YZ2 YZ", "YES, YZ2 YZ"},
      {0, 0, "Y\r", "Y<enter>"},
      /* other people's codes, where nobody types on a keyboard */
      {6, 5, "https://example.org/?q=1\r", "[unreadable]"},
      {6, 5, "\x1b[2Jrm -rf\r", "[unreadable]"},
      {6, 5, "\xe5\xbc\xa0\xe4\xbc\x9f\xe6\x9d\x8e\xe5\x9b\x9b\xe7\x8e\x8b\xe4\xba\x94\r",
       "[unreadable]"},
      {6, 5, "12345\r", "12345<enter>"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *seen = type (cases[i].burst, cases[i].keys, cases[i].gap);
    g_assert_cmpstr (seen, ==, cases[i].seen);
  }
}

static void
test_endless_keys (void)
{
  g_autofree char *keys = g_strnfill (1 << 20, 'A');
  g_autofree char *seen = NULL;

  memcpy (keys, "YZ1:", 4);
  keys[(1 << 20) - 1] = '\r';
  seen = type (0, keys, 1);
  g_assert_cmpstr (seen, ==, "[unreadable]");
}

/* Keys without a character pass, but not inside of a frame. */
static void
test_other_keys (void)
{
  CodeWedge wedge = {0};
  char *text = NULL;

  g_assert_cmpint (code_wedge_key (&wedge, 0, 1000, &text), ==, CODE_WEDGE_PASS);
  g_assert_cmpint (code_wedge_key (&wedge, 'Y', 1001, &text), ==, CODE_WEDGE_SWALLOW);
  g_assert_cmpint (code_wedge_key (&wedge, 0, 1002, &text), ==, CODE_WEDGE_PASS);
  for (const char *p = "Z1:AB"; *p != '\0'; p++)
    g_assert_cmpint (code_wedge_key (&wedge, *p, 1003, &text), ==, CODE_WEDGE_SWALLOW);
  g_assert_cmpint (code_wedge_key (&wedge, 0, 1004, &text), ==, CODE_WEDGE_SWALLOW);
  g_assert_cmpint (code_wedge_key (&wedge, '\r', 1005, &text), ==, CODE_WEDGE_CODE);
  g_assert_cmpstr (text, ==, "YZ1:AB");
  g_free (text);
}

/* Without ticks: what was held comes back before the next key. */
static void
test_late_replay (void)
{
  CodeWedge wedge = {0};
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  g_assert_cmpint (code_wedge_key (&wedge, 'Y', 1000, &first), ==, CODE_WEDGE_SWALLOW);
  g_assert_null (first);
  g_assert_cmpint (code_wedge_key (&wedge, 'Y', 2000, &second), ==, CODE_WEDGE_SWALLOW);
  g_assert_cmpstr (second, ==, "Y");
  g_assert_cmpint (code_wedge_key (&wedge, 'e', 2001, &third), ==, CODE_WEDGE_PASS);
  g_assert_cmpstr (third, ==, "Y");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/code-reader/is-code", test_is_code);
  g_test_add_func ("/code-reader/lines", test_lines);
  g_test_add_func ("/code-reader/nul-and-long-lines", test_nul_and_long_lines);
  g_test_add_func ("/code-reader/line-silence", test_line_silence);
  g_test_add_func ("/code-reader/serial", test_serial);
  g_test_add_func ("/code-reader/devices", test_devices);
  g_test_add_func ("/code-reader/keys", test_keys);
  g_test_add_func ("/code-reader/endless-keys", test_endless_keys);
  g_test_add_func ("/code-reader/other-keys", test_other_keys);
  g_test_add_func ("/code-reader/late-replay", test_late_replay);
  return g_test_run ();
}
