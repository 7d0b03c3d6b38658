/* test-dossier-paper.c: a dossier with every kind of document, whole and broken. Started with
 * --write DIR it leaves the dossier and its JPEG there, which test-dossier-paper.py compares. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif
#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>
#include <jpeglib.h>

#include "base/error.h"
#include "base/file.h"
#include "domain/case-number.h"
#include "domain/case.h"
#include "paper/dossier-paper.h"
#include "paper/document-paper.h"
#include "paper/strokes.h"

/* A page with a dark bar at its top, so that one sees how it is turned. */
static GBytes *
sample_jpeg (int width, int height)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  unsigned char *data = NULL;
  unsigned long length = 0;
  g_autofree guint8 *row = g_malloc ((gsize)width * 3);
  GBytes *bytes;

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &length);
  jpeg.image_width = (JDIMENSION)width;
  jpeg.image_height = (JDIMENSION)height;
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults (&jpeg);
  jpeg_set_quality (&jpeg, 85, TRUE);
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    int y = (int)jpeg.next_scanline;
    for (int x = 0; x < width; x++) {
      gboolean line = y % 60 > 40 && x > width / 8 && x < width * 7 / 8 && (x + y * 7) % 97 > 13;
      memset (row + x * 3, y < height / 10 ? 40 : line ? 150 : 250, 3);
    }
    jpeg_write_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  bytes = g_bytes_new (data, length);
  free (data);
  return bytes;
}

static cairo_status_t
on_write (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
scribble (cairo_surface_t *surface, const char *words, const char *font)
{
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.9, 0.9, 0.9);
  cairo_rectangle (cr, 20, 20, 260, 120);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  if (font != NULL)
    cairo_select_font_face (cr, font, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 22);
  cairo_move_to (cr, 40, 80);
  cairo_show_text (cr, words);
  cairo_destroy (cr);
}

static GBytes *
sample_png (void)
{
  GByteArray *array = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 300, 400);

  scribble (surface, "SAMPLE PNG", NULL);
  cairo_surface_write_to_png_stream (surface, on_write, array);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (array);
}

static GBytes *
sample_pdf (int pages, const char *font)
{
  GByteArray *array = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (on_write, array, 595, 842);

  for (int i = 1; i <= pages; i++) {
    g_autofree char *words = g_strdup_printf ("SAMPLE PDF PAGE %d", i);
    scribble (surface, words, font);
    cairo_surface_show_page (surface);
  }
  /* cairo leaks a table of each TrueType font that it embeds. */
#ifdef __SANITIZE_ADDRESS__
  __lsan_disable ();
#endif
  cairo_surface_finish (surface);
#ifdef __SANITIZE_ADDRESS__
  __lsan_enable ();
#endif
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (array);
}

static GBytes *
text_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

#define SIGNATURE                                                                                  \
  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 240\"><path d=\"M 60 160 C 100 20 " \
  "160 20 180 120 S 0 0 0 0\"/><path fill='none' d='M200,150 L260,60 320,150 M230 110 h60 q30 40 " \
  "60 -20 l40,30 z'/><polyline points='420,60 430,170 520,120'/></svg>"

static Dossier *
sample_dossier (void)
{
  Dossier *dossier = dossier_new ();
  g_autoptr (GBytes) jpeg = sample_jpeg (1240, 1754), png = sample_png (),
                     pdf = sample_pdf (3, NULL);
  g_autoptr (GBytes) cff = sample_pdf (1, "Noto Sans CJK SC");
  g_autoptr (GBytes) svg = text_bytes (SIGNATURE), broken = g_bytes_new_from_bytes (jpeg, 0, 100);
  DossierDocument *document;

  dossier->number = case_number_make ("GS", 'K', 42, NULL);
  dossier->service_name = g_strdup ("姑苏英才服务卡申领");
  dossier->hall_name = g_strdup ("姑苏区政务服务大厅");
  dossier->guide = g_strdup ("5f2d1c0a9be87463");
  dossier->applicant = g_strdup ("王示例");
  dossier->paper_kind = g_strdup ("居民身份证");
  dossier->paper_number = g_strdup ("44011320141005001X");
  dossier->category = g_strdup ("第二类 省“双创人才”");
  dossier->identity_line = g_strdup ("身份：扫描件，未核原件");
  dossier->state = g_strdup (case_state_zh (CASE_STATE_RECEIVED));
  dossier->limit_line = g_strdup ("收件之日起 10 个工作日");
  dossier->submitted_at = 1795402822000;
  dossier->received_at = 1795406422000;
  dossier->printed_at = 1795410022000;
  dossier->printed_by = g_strdup ("示例专员");
  dossier->printed_on = g_strdup ("GS-D1");
  dossier->ticket_text =
      g_strdup ("YZ1:6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5"
                "6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5"
                "6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5"
                "6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5"
                "6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5");
  dossier_add_field (dossier, "申请人", "姓名", "王示例");
  dossier_add_field (dossier, "申请人", "联系电话", "138 **** 5678");
  dossier_add_field (dossier, "工作单位", "单位名称", "苏州示例科技有限公司");
  dossier_add_field (
      dossier, "工作单位", "简介",
      "示例单位，从事示例产品的研究、开发与生产。此段文字用来看一格多行时表格如何换行，"
      "内容没有意义；再写一句，让它确实超过一行。");
  dossier_add_event (dossier, 1795402822000, "已提交，等待收件", "自助机 GS-K1",
                     "材料 4 份，手写签名");
  dossier_add_event (dossier, 1795406422000, "已收件", "示例专员", "收件之日 2026-11-23");
  dossier_add_consent (dossier, "☑ 已阅读告知书 notice-1（2026-11-23 10:59）");
  dossier_add_consent (dossier, "☐ 不同意：材料在“我的材料”中复用");
  document = dossier_add_document (dossier, "identity", "有效身份证件", 0, "image/jpeg", 0, jpeg);
  document->source = g_strdup ("本机扫描");
  document->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, jpeg);
  document = dossier_add_document (dossier, "identity", "有效身份证件", 1, "image/jpeg", 90, jpeg);
  document->source = g_strdup ("本机扫描");
  document =
      dossier_add_document (dossier, "award", "入选文件或证书", 0, "application/pdf", 0, pdf);
  document->file_name = g_strdup ("sample.pdf");
  document->source = g_strdup ("U 盘");
  dossier_add_document (dossier, "contract", "在苏工作证明", 0, "application/pdf", 0, cff);
  document = dossier_add_document (dossier, "photo", "近期证件照", 0, "image/png", 0, png);
  document->source = g_strdup ("U 盘");
  dossier_add_document (dossier, "other", "其他证明", 0, "image/jpeg", 0, broken);
  dossier_add_document (dossier, "other", "其他证明", 1, "image/jpeg", 0, NULL);
  document = dossier_add_document (dossier, "signature", "手写签名", 0, "image/svg+xml", 0, svg);
  document->source = g_strdup ("本机");
  dossier_add_missing (dossier, "推荐信");
  return dossier;
}

static void
test_whole (void)
{
  g_autoptr (Dossier) dossier = sample_dossier ();
  g_autoptr (GError) error = NULL;
  int pages = 0;
  g_autoptr (GBytes) bytes = dossier_paper_render (dossier, &pages, &error), again = NULL;

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), 5, "%PDF-", 5);
  g_assert_cmpint (pages, >=, 12);
  again = dossier_paper_render (dossier, NULL, &error);
  g_assert_true (g_bytes_equal (bytes, again));
}

/* A text of many pages in one answer, and of many lines of one character each. */
static void
test_long (void)
{
  g_autoptr (Dossier) dossier = sample_dossier ();
  g_autoptr (GString) text = g_string_new (NULL), lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int before = 0, pages = 0;

  g_bytes_unref (dossier_paper_render (dossier, &before, &error));
  for (int i = 0; i < 4000; i++)
    g_string_append (text, "示例");
  for (int i = 0; i < 90; i++)
    g_string_append (lines, "\n");
  dossier_add_field (dossier, NULL, "长文", text->str);
  dossier_add_field (dossier, NULL, "空行", lines->str);
  bytes = dossier_paper_render (dossier, &pages, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pages, >=, before + 4);
}

static void
test_refused (void)
{
  g_autoptr (Dossier) dossier = sample_dossier ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = sample_pdf (150, NULL);

  for (int i = 0; i < 14; i++)
    dossier_add_document (dossier, "more", "更多", i, "application/pdf", 0, pdf);
  g_assert_null (dossier_paper_render (dossier, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_clear_pointer (&dossier->number, g_free);
  g_assert_null (dossier_paper_render (dossier, NULL, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_problems (void)
{
  g_autoptr (GBytes) jpeg = sample_jpeg (200, 300), png = sample_png (), pdf = sample_pdf (2, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (png, &length);
  g_autofree guint8 *huge = g_memdup2 (data, length);
  g_autoptr (GBytes) bomb = NULL;
  g_autoptr (GBytes) half_png = g_bytes_new_from_bytes (png, 0, length / 2);
  g_autoptr (GBytes) text = text_bytes ("not a picture");
  huge[17] = 1; /* a width of over 65535 */
  bomb = g_bytes_new (huge, length);
  const struct {
    const char *media;
    GBytes *bytes;
    int pages;
    gboolean fine;
  } rows[] = {{"image/jpeg", jpeg, 1, TRUE},
              {"image/png", png, 1, TRUE},
              {"application/pdf", pdf, 2, TRUE},
              {"image/jpeg", png, 1, FALSE},
              {"image/png", jpeg, 1, FALSE},
              {"image/png", bomb, 1, FALSE},
              {"image/png", half_png, 1, FALSE},
              {"application/pdf", text, 1, FALSE},
              {"image/svg+xml", text, 1, FALSE},
              {"text/plain", text, 1, FALSE},
              {NULL, text, 1, FALSE},
              {"image/jpeg", NULL, 1, FALSE}};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    DossierDocument document = {.media = (char *)rows[i].media, .bytes = rows[i].bytes};
    g_autoptr (DocumentPaper) paper = document_paper_new (&document);
    g_assert_cmpint (document_paper_pages (paper), ==, rows[i].pages);
    if ((document_paper_problem (paper) == NULL) != rows[i].fine)
      g_error ("row %zu: %s", i, document_paper_problem (paper));
  }
}

/* Cut at every place: never read past the end, and whole only when whole enough. */
static void
test_cut_jpeg (void)
{
  g_autoptr (GBytes) jpeg = sample_jpeg (64, 64);

  for (gsize n = 0; n < 800 && n < g_bytes_get_size (jpeg); n++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (jpeg, NULL), n);
    g_autoptr (GBytes) cut = g_bytes_new (copy, n);
    DossierDocument document = {.media = (char *)"image/jpeg", .bytes = cut};
    g_autoptr (DocumentPaper) paper = document_paper_new (&document);
    g_assert_cmpint (document_paper_pages (paper), ==, 1);
  }
}

static void
test_strokes (void)
{
  static const char *const refused[] = {"",
                                        "<svg",
                                        "<svg></svg>",
                                        "<svg viewBox='0 0 0 10'><path d='M0 0L1 1'/></svg>",
                                        "<svg viewBox='0 0 10 10'></svg>",
                                        "<svg viewBox='0 0 10 10'><path d='L1 1'/></svg>",
                                        "<svg viewBox='0 0 10 10'><path fill='M0 0 L1 1'/></svg>",
                                        "<svg width='1e99' height='3'><path d='M0 0L1 1'/></svg>"};
  g_autoptr (GBytes) fine = text_bytes (SIGNATURE);
  g_autoptr (Strokes) strokes = strokes_new (fine, NULL);

  g_assert_nonnull (strokes);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GBytes) bytes = text_bytes (refused[i]);
    g_autoptr (GError) error = NULL;
    if (strokes_new (bytes, &error) != NULL)
      g_error ("taken: %s", refused[i]);
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
  for (gsize n = 0; n < strlen (SIGNATURE); n++) {
    g_autoptr (GBytes) cut = g_bytes_new (SIGNATURE, n);
    Strokes *some = strokes_new (cut, NULL);
    strokes_free (some);
  }
}

/* Pages full of characters, one in each field of 7 mm: none may be missing on paper. Chosen by
 * chance, but 如 is always among them: subset in the common way, it is lost on some of these pages.
 */
static void
write_characters (const char *folder, guint32 page)
{
  const CanvasText style = {.size = 5};
  g_autofree char *name = g_strdup_printf ("characters-%u.pdf", page);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (Canvas) canvas = canvas_new (210, 297, "characters", 1795402822000);
  g_autoptr (GRand) random = g_rand_new_with_seed (page);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < 400; i++) {
    gunichar c = i == 200 ? 0x5982 : 0x4E00 + (gunichar)g_rand_int_range (random, 0, 5000);
    int column = i % 20, line = i / 20;
    char text[8] = {0};
    g_unichar_to_utf8 (c, text);
    canvas_text (canvas, &style, text, 7 + column * 7, 7 + line * 7, 0);
  }
  bytes = canvas_finish (canvas, &error);
  g_assert_no_error (error);
  g_assert_true (
      file_write (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0600, &error));
}

static int
write_sample (const char *folder)
{
  g_autoptr (Dossier) dossier = sample_dossier ();
  const DossierDocument *scan = dossier->documents->pdata[0];
  g_autofree char *pdf = g_build_filename (folder, "dossier.pdf", NULL);
  g_autofree char *jpeg = g_build_filename (folder, "scan.jpg", NULL);
  g_autoptr (GError) error = NULL;
  int pages = 0;
  g_autoptr (GBytes) bytes = dossier_paper_render (dossier, &pages, &error);

  g_assert_no_error (error);
  g_assert_true (
      file_write (pdf, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0600, &error));
  g_assert_true (file_write (jpeg, g_bytes_get_data (scan->bytes, NULL),
                             g_bytes_get_size (scan->bytes), 0600, &error));
  for (guint32 page = 0; page < 6; page++)
    write_characters (folder, page);
  g_print ("%d\n%s\n%s\n", pages, dossier->number, dossier->ticket_text);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_sample (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dossier-paper/whole", test_whole);
  g_test_add_func ("/dossier-paper/long", test_long);
  g_test_add_func ("/dossier-paper/refused", test_refused);
  g_test_add_func ("/dossier-paper/problems", test_problems);
  g_test_add_func ("/dossier-paper/cut-jpeg", test_cut_jpeg);
  g_test_add_func ("/dossier-paper/strokes", test_strokes);
  return g_test_run ();
}
