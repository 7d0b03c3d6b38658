/* document-paper.c: opens what the seal kept and puts it on paper. Changes no byte of a JPEG. */
#include "paper/document-paper.h"

#include <math.h>
#include <string.h>

#include <cairo.h>
#include <poppler.h>

#include "paper/strokes.h"

#define PAGE_DPI 200.0
#define MOST_PAGE_PIXELS 30e6
#define LEAST_DPI 100.0 /* a picture is not blown up below this */

struct DocumentPaper {
  const DossierDocument *document;
  const char *problem;
  int pages;
  int width, height;        /* of a picture, pixels */
  cairo_surface_t *surface; /* of a picture */
  PopplerDocument *pdf;
  gboolean as_pixels; /* of a PDF: its fonts are not safe as vectors */
  Strokes *strokes;
};

static DocumentPaper *
cannot (DocumentPaper *paper, const char *problem)
{
  paper->problem = problem;
  paper->pages = 1;
  return paper;
}

/* Size and number of components from the frame header (ISO/IEC 10918-1, B.2.2). FALSE unless it is
 * an 8-bit baseline or progressive JPEG that begins and ends as one. */
static gboolean
read_jpeg_frame (const guint8 *data, gsize length, int *ret_width, int *ret_height)
{
  gsize at = 2;

  if (length < 4 || data[0] != 0xFF || data[1] != 0xD8)
    return FALSE;
  while (at + 4 <= length) {
    guint8 marker;
    gsize segment;
    if (data[at] != 0xFF)
      return FALSE;
    marker = data[at + 1];
    if (marker == 0xFF) { /* fill byte */
      at++;
      continue;
    }
    segment = (gsize)data[at + 2] << 8 | data[at + 3];
    if (segment < 2 || at + 2 + segment > length || marker == 0xDA || marker == 0xD9)
      return FALSE;
    if (marker >= 0xC0 && marker <= 0xC2) {
      const guint8 *frame = data + at + 4;
      if (segment < 8 || frame[0] != 8 || (frame[5] != 1 && frame[5] != 3 && frame[5] != 4))
        return FALSE;
      *ret_height = frame[1] << 8 | frame[2];
      *ret_width = frame[3] << 8 | frame[4];
      return *ret_width > 0 && *ret_height > 0;
    }
    at += 2 + segment;
  }
  return FALSE;
}

static gboolean
is_too_large (DocumentPaper *paper)
{
  return (gint64)paper->width * paper->height > DOCUMENT_PAPER_MAX_PIXELS;
}

/* The surface is only a carrier: cairo takes the JPEG's own bytes into the PDF and never looks at
 * its (untouched, never committed) pixels. */
static DocumentPaper *
open_jpeg (DocumentPaper *paper)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (paper->document->bytes, &length);
  cairo_status_t status;

  if (!read_jpeg_frame (data, length, &paper->width, &paper->height))
    return cannot (paper, "图像已损坏，无法打印");
  if (is_too_large (paper))
    return cannot (paper, "图像太大，无法打印");
  paper->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB16_565, paper->width, paper->height);
  status = cairo_surface_set_mime_data (paper->surface, CAIRO_MIME_TYPE_JPEG, data, length,
                                        (cairo_destroy_func_t)g_bytes_unref,
                                        g_bytes_ref (paper->document->bytes));
  if (status != CAIRO_STATUS_SUCCESS)
    return cannot (paper, "内存不足，无法打印");
  paper->pages = 1;
  return paper;
}

typedef struct {
  const guint8 *data;
  gsize length, at;
} Input;

static cairo_status_t
on_read (void *closure, unsigned char *buffer, unsigned int length)
{
  Input *input = closure;

  if (length > input->length - input->at)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (buffer, input->data + input->at, length);
  input->at += length;
  return CAIRO_STATUS_SUCCESS;
}

static DocumentPaper *
open_png (DocumentPaper *paper)
{
  static const guint8 signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n',
                                     0,    0,   0,   13,  'I',  'H',  'D',  'R'};
  Input input = {0};
  const guint8 *size;

  input.data = g_bytes_get_data (paper->document->bytes, &input.length);
  if (input.length < 33 || memcmp (input.data, signature, sizeof signature) != 0)
    return cannot (paper, "图像已损坏，无法打印");
  /* The size is judged before a pixel is decoded. */
  size = input.data + 16;
  if (size[0] != 0 || size[1] != 0 || size[4] != 0 || size[5] != 0)
    return cannot (paper, "图像太大，无法打印");
  paper->width = size[2] << 8 | size[3];
  paper->height = size[6] << 8 | size[7];
  if (is_too_large (paper))
    return cannot (paper, "图像太大，无法打印");
  paper->surface = cairo_image_surface_create_from_png_stream (on_read, &input);
  if (cairo_surface_status (paper->surface) != CAIRO_STATUS_SUCCESS)
    return cannot (paper, "图像已损坏，无法打印");
  paper->pages = 1;
  return paper;
}

/* cairo 1.16 loses characters of CFF fonts that it embeds anew (see outline-font.h): pages that
 * have such fonts become pixels, all others stay vectors. */
static gboolean
has_cff_fonts (PopplerDocument *pdf, int pages)
{
  PopplerFontInfo *info = poppler_font_info_new (pdf);
  PopplerFontsIter *iter = NULL;
  gboolean found = FALSE;

  if (poppler_font_info_scan (info, pages, &iter)) {
    do {
      PopplerFontType type = poppler_fonts_iter_get_font_type (iter);
      found = found || type == POPPLER_FONT_TYPE_TYPE1C || type == POPPLER_FONT_TYPE_TYPE1COT ||
              type == POPPLER_FONT_TYPE_CID_TYPE0 || type == POPPLER_FONT_TYPE_CID_TYPE0C ||
              type == POPPLER_FONT_TYPE_CID_TYPE0COT;
    } while (poppler_fonts_iter_next (iter));
    poppler_fonts_iter_free (iter);
  }
  g_object_unref (info);
  return found;
}

static DocumentPaper *
open_pdf (DocumentPaper *paper)
{
  g_autoptr (GError) error = NULL;

  paper->pdf = poppler_document_new_from_bytes (paper->document->bytes, NULL, &error);
  if (paper->pdf == NULL)
    return cannot (paper, g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)
                              ? "PDF 文件有密码，无法打印"
                              : "PDF 文件已损坏，无法打印");
  paper->pages = poppler_document_get_n_pages (paper->pdf);
  if (paper->pages < 1)
    return cannot (paper, "PDF 文件没有页面");
  if (paper->pages > DOCUMENT_PAPER_MAX_PAGES)
    return cannot (paper, "PDF 文件页数太多，无法打印");
  paper->as_pixels = has_cff_fonts (paper->pdf, paper->pages);
  return paper;
}

DocumentPaper *
document_paper_new (const DossierDocument *document)
{
  DocumentPaper *paper = g_new0 (DocumentPaper, 1);
  const char *media = document->media != NULL ? document->media : "";

  paper->document = document;
  if (document->bytes == NULL)
    return cannot (paper, "此件尚未传到本机");
  if (strcmp (media, "image/jpeg") == 0)
    return open_jpeg (paper);
  if (strcmp (media, "image/png") == 0)
    return open_png (paper);
  if (strcmp (media, "application/pdf") == 0)
    return open_pdf (paper);
  if (strcmp (media, "image/svg+xml") == 0) {
    paper->strokes = strokes_new (document->bytes, NULL);
    paper->pages = 1;
    return paper->strokes != NULL ? paper : cannot (paper, "手写签名图像无法读取");
  }
  return cannot (paper, "此种文件不能打印");
}

void
document_paper_free (DocumentPaper *paper)
{
  if (paper == NULL)
    return;
  if (paper->surface != NULL) {
    cairo_surface_finish (paper->surface);
    cairo_surface_destroy (paper->surface);
  }
  g_clear_object (&paper->pdf);
  strokes_free (paper->strokes);
  g_free (paper);
}

int
document_paper_pages (const DocumentPaper *paper)
{
  return paper->pages;
}

const char *
document_paper_problem (const DocumentPaper *paper)
{
  return paper->problem;
}

/* Makes 0, 0 to w, h (the unturned thing) fill the middle of the box, turned clockwise. `most` is
 * the largest scale. */
static void
place (cairo_t *cr, double w, double h, int rotate, double most, double x, double y, double width,
       double height)
{
  gboolean lying = rotate == 90 || rotate == 270;
  double scale = MIN (width / (lying ? h : w), height / (lying ? w : h));

  cairo_translate (cr, x + width / 2, y + height / 2);
  cairo_rotate (cr, rotate * G_PI / 180);
  scale = MIN (scale, most);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -w / 2, -h / 2);
}

static int
normal_rotation (int rotate)
{
  return ((rotate % 360 + 360) % 360) / 90 * 90;
}

static void
draw_problem (const DocumentPaper *paper, Canvas *canvas, double x, double y, double width,
              double height)
{
  const CanvasText big = {.font = CANVAS_SERIF, .bold = TRUE, .size = 7, .align = CANVAS_CENTRE};
  const CanvasText text = {.size = 4, .align = CANVAS_CENTRE, .grey = 0.25};
  double at = y + height * 0.38;

  canvas_box (canvas, x, y, width, height, 0.3, 0.55);
  at += canvas_text (canvas, &big, paper->problem, x + 10, at, width - 20) + 4;
  canvas_text (canvas, &text, "原文件保存在电子档案内，其他材料不受影响。", x + 10, at, width - 20);
}

/* A page of w x h points as pixels, in its place. */
static void
draw_pixels (cairo_t *cr, PopplerPage *page, double w, double h)
{
  double scale = MIN (PAGE_DPI / 72, sqrt (MOST_PAGE_PIXELS / (w * h)));
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, MAX (1, (int)(w * scale)), MAX (1, (int)(h * scale)));
  cairo_t *pixels = cairo_create (surface);

  cairo_set_source_rgb (pixels, 1, 1, 1);
  cairo_paint (pixels);
  cairo_scale (pixels, scale, scale);
  poppler_page_render_for_printing (page, pixels);
  cairo_destroy (pixels);
  cairo_scale (cr, 1 / scale, 1 / scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_surface_destroy (surface);
}

static void
draw_pdf_page (DocumentPaper *paper, int index, cairo_t *cr, int rotate, const double box[4])
{
  PopplerPage *page = poppler_document_get_page (paper->pdf, index);
  double w = 0, h = 0;

  if (page == NULL)
    return;
  poppler_page_get_size (page, &w, &h);
  if (w >= 1 && h >= 1) {
    place (cr, w, h, rotate, 4, box[0], box[1], box[2], box[3]);
    cairo_rectangle (cr, 0, 0, w, h);
    cairo_clip (cr);
    if (paper->as_pixels)
      draw_pixels (cr, page, w, h);
    else
      poppler_page_render_for_printing (page, cr);
  }
  g_object_unref (page);
}

void
document_paper_draw (DocumentPaper *paper, int index, Canvas *canvas, double x, double y,
                     double width, double height)
{
  cairo_t *cr = canvas_peek_cairo (canvas);
  int rotate = normal_rotation (paper->document->rotate);

  if (cr == NULL)
    return;
  if (paper->problem != NULL) {
    draw_problem (paper, canvas, x, y, width, height);
    return;
  }
  if (paper->strokes != NULL) {
    strokes_draw (paper->strokes, canvas, x, y, width, height);
    return;
  }
  cairo_save (cr);
  x *= CANVAS_POINT;
  y *= CANVAS_POINT;
  width *= CANVAS_POINT;
  height *= CANVAS_POINT;
  if (paper->surface != NULL) {
    place (cr, paper->width, paper->height, rotate, 72 / LEAST_DPI, x, y, width, height);
    cairo_set_source_surface (cr, paper->surface, 0, 0);
    cairo_paint (cr);
  } else {
    const double box[] = {x, y, width, height};
    draw_pdf_page (paper, index, cr, rotate, box);
  }
  cairo_restore (cr);
}
