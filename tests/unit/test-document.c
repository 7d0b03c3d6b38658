/* test-document.c: the client of the intake helper: verdicts, pixels, a helper that dies. Hostile
 * files of every kind are tried by tests/e2e/test-document.py. */
#include <string.h>

#include "base/error.h"
#include "document/document.h"

/* 3 x 2 pixels: red green blue, white black grey. */
static const guint8 png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x02, 0x08, 0x02, 0x00, 0x00, 0x00, 0x12, 0x16, 0xf1,
    0x4d, 0x00, 0x00, 0x00, 0x15, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xc0,
    0x00, 0xc1, 0xff, 0xff, 0x83, 0xe8, 0x86, 0x86, 0x06, 0x00, 0x47, 0xcf, 0x07, 0x7b, 0xd3, 0xfa,
    0xb2, 0x42, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static GBytes *
sample (void)
{
  return g_bytes_new_static (png, sizeof png);
}

static void
test_verdict (void)
{
  g_autoptr (GBytes) bytes = sample ();
  g_autoptr (GBytes) cut = g_bytes_new_static (png, sizeof png - 9);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) text = g_bytes_new_static ("a letter\n", 9);
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentVerdict) yes = document_check (bytes, NULL, &error);
  g_autoptr (DocumentVerdict) no = document_check (cut, NULL, &error);
  g_autoptr (DocumentVerdict) empty = document_check (nothing, NULL, &error);
  g_autoptr (DocumentVerdict) other = document_check (text, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (yes->accepted);
  g_assert_cmpstr (yes->media, ==, "image/png");
  g_assert_cmpuint (yes->pages, ==, 1);
  g_assert_cmpuint (yes->width, ==, 3);
  g_assert_cmpuint (yes->height, ==, 2);
  g_assert_null (yes->reason);
  g_assert_false (no->accepted);
  g_assert_cmpstr (no->reason, ==, "damaged");
  g_assert_cmpstr (no->kind, ==, "png");
  g_assert_cmpstr (empty->reason, ==, "empty");
  g_assert_cmpstr (other->reason, ==, "not-supported-kind");
  g_assert_cmpstr (other->kind, ==, "text");
}

static void
test_pixels (void)
{
  static const guint8 upright[] = {255, 0,   0,   0, 255, 0, 0,   0,   255,
                                   255, 255, 255, 0, 0,   0, 128, 128, 128};
  static const guint8 quarter[] = {255, 255, 255, 255, 0,   0,   0, 0, 0,
                                   0,   255, 0,   128, 128, 128, 0, 0, 255};
  static const guint8 half[] = {128, 128, 128, 0, 0,   0, 255, 255, 255,
                                0,   0,   255, 0, 255, 0, 255, 0,   0};
  static const guint8 three[] = {0, 0, 255, 128, 128, 128, 0,   255, 0,
                                 0, 0, 0,   255, 0,   0,   255, 255, 255};
  const guint8 *expected[] = {upright, quarter, half, three};
  g_autoptr (GBytes) bytes = sample ();

  for (guint i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (DocumentPixels) pixels = document_preview (bytes, 0, 100, 100, i * 90, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (pixels->width, ==, i % 2 == 0 ? 3 : 2);
    g_assert_cmpuint (pixels->height, ==, i % 2 == 0 ? 2 : 3);
    g_assert_cmpmem (g_bytes_get_data (pixels->rgb, NULL), g_bytes_get_size (pixels->rgb),
                     expected[i], 18);
  }
}

static void
test_fit (void)
{
  g_autoptr (GBytes) bytes = sample ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentPixels) one = document_preview (bytes, 0, 1, 1, 0, NULL, &error);
  g_autoptr (DocumentPixels) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (one->width, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (one->rgb), ==, 3);
  none = document_preview (bytes, 0, 0, 10, 0, NULL, &error);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  none = document_preview (bytes, 0, 10, 10, 45, NULL, &error);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_assert_null (none);
}

static void
test_dying_helper (void)
{
  g_autoptr (GBytes) bytes = sample ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentVerdict) verdict = NULL;
  g_autoptr (DocumentPixels) pixels = NULL;

  g_setenv ("ONESTOP_FAULT", "intake.work=kill", TRUE);
  verdict = document_check (bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (verdict->accepted);
  g_assert_cmpstr (verdict->reason, ==, "damaged");
  g_assert_cmpstr (verdict->kind, ==, "png");
  pixels = document_preview (bytes, 0, 10, 10, 0, NULL, &error);
  g_assert_null (pixels);
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_unsetenv ("ONESTOP_FAULT");
}

typedef struct {
  GMainLoop *loop;
  DocumentVerdict *verdict;
  DocumentPixels *pixels;
  GError *error;
  int left;
} Wait;

static void
on_check_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->verdict = document_check_finish (result, &wait->error);
  if (--wait->left == 0)
    g_main_loop_quit (wait->loop);
}

static void
on_preview_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->pixels = document_preview_finish (result, &wait->error);
  if (--wait->left == 0)
    g_main_loop_quit (wait->loop);
}

static void
test_beside_the_loop (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GBytes) bytes = sample ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = {.loop = loop, .left = 2};

  document_check_async (bytes, NULL, on_check_done, &wait);
  document_preview_async (bytes, 0, 3, 2, 0, NULL, on_preview_done, &wait);
  g_main_loop_run (loop);
  g_assert_no_error (wait.error);
  g_assert_true (wait.verdict->accepted);
  g_assert_cmpuint (wait.pixels->width, ==, 3);
  document_verdict_free (wait.verdict);
  document_pixels_free (wait.pixels);

  g_cancellable_cancel (cancellable);
  wait.left = 1;
  document_check_async (bytes, cancellable, on_check_done, &wait);
  g_main_loop_run (loop);
  g_assert_error (wait.error, ONESTOP_ERROR, ONESTOP_ERROR_CANCELLED);
  g_clear_error (&wait.error);
}

static void
test_turn (void)
{
  DocumentVerdict verdict = {
      .accepted = TRUE, .media = (char *)"image/png", .pages = 1, .rotate = 90};
  g_autoptr (GBytes) bytes = sample ();
  g_autoptr (Document) document = document_new (bytes, &verdict, NULL);

  g_assert_cmpuint (document->rotate, ==, 90);
  document_turn (document, -180);
  g_assert_cmpuint (document->rotate, ==, 270);
  document_turn (document, 90);
  g_assert_cmpuint (document->rotate, ==, 0);
  document_turn (document, -90);
  g_assert_cmpuint (document->rotate, ==, 270);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/verdict", test_verdict);
  g_test_add_func ("/document/pixels", test_pixels);
  g_test_add_func ("/document/fit", test_fit);
  g_test_add_func ("/document/dying-helper", test_dying_helper);
  g_test_add_func ("/document/beside-the-loop", test_beside_the_loop);
  g_test_add_func ("/document/turn", test_turn);
  return g_test_run ();
}
