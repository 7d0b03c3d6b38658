/* intake-pdf.c: PDF by poppler, drawn by cairo. What it reads from disk (fontconfig's settings,
 * fonts, tables of CJK encodings) it reads or opens before the jail closes and before it has seen a
 * byte of the file. A file that only poppler's repair can open is damaged: it was cut. */
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

#include "document/document.h"
#include "document/intake.h"
#include "document/jail.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)

#define POPPLER_DATA "/usr/share/poppler"
/* Acrobat looks for the end mark in the last kibibyte; mailers add a little. */
#define END_WITHIN 2048
#define MIN_POINTS 1.0
#define MAX_POINTS 14400.0 /* the format's own limit */

/* One empty page: poppler sets its globals up on the first document, and keeps them while there is
 * one. */
static const char first_document[] =
    "%PDF-1.4\n"
    "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
    "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    "0000000105 00000 n \ntrailer\n<</Size 4/Root 1 0 R>>\nstartxref\n170\n%%EOF\n";

/* What stands in for the fonts that most files name and few embed. */
static void
open_usual_fonts (void)
{
  static const char *const names[] = {"sans:lang=zh-cn", "serif:lang=zh-cn", "sans",   "serif",
                                      "monospace",       "Helvetica",        "Times",  "Courier",
                                      "Symbol",          "ZapfDingbats",     "SimSun", "KaiTi"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    FcPattern *wanted = FcNameParse ((const FcChar8 *)names[i]), *found;
    FcResult result;
    FcChar8 *file = NULL;
    FcConfigSubstitute (NULL, wanted, FcMatchPattern);
    FcDefaultSubstitute (wanted);
    found = FcFontMatch (NULL, wanted, &result);
    if (found != NULL && FcPatternGetString (found, FC_FILE, 0, &file) == FcResultMatch)
      jail_open ((const char *)file);
    if (found != NULL)
      FcPatternDestroy (found);
    FcPatternDestroy (wanted);
  }
}

static void
open_fonts (void)
{
  FcPattern *any = FcPatternCreate ();
  FcObjectSet *wanted = FcObjectSetBuild (FC_FILE, NULL);
  FcFontSet *fonts = FcFontList (NULL, any, wanted);

  for (int i = 0; fonts != NULL && i < fonts->nfont; i++) {
    FcChar8 *file = NULL;
    if (FcPatternGetString (fonts->fonts[i], FC_FILE, 0, &file) == FcResultMatch)
      jail_open ((const char *)file);
  }
  if (fonts != NULL)
    FcFontSetDestroy (fonts);
  FcObjectSetDestroy (wanted);
  FcPatternDestroy (any);
}

static void
open_folder (const char *path)
{
  g_autoptr (GDir) listing = g_dir_open (path, 0, NULL);
  const char *name;

  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);
    if (g_file_test (inside, G_FILE_TEST_IS_DIR))
      open_folder (inside);
    else
      jail_open (inside);
  }
}

void
intake_prepare_pdf (gboolean drawing)
{
  static PopplerDocument *kept;
  g_autoptr (GBytes) bytes = g_bytes_new_static (first_document, sizeof first_document - 1);

  if (kept == NULL)
    kept = poppler_document_new_from_bytes (bytes, NULL, NULL);
  if (!drawing)
    return;
  FcInit ();
  /* Never look at the disk again. */
  FcConfigSetRescanInterval (NULL, 0);
  open_usual_fonts ();
  open_folder (POPPLER_DATA);
  open_fonts ();
}

static gboolean
has_end (IntakeFile file)
{
  gsize length = MIN (file.length, END_WITHIN);
  const guint8 *tail = file.bytes + file.length - length;
  const guint8 *start = memmem (tail, length, "startxref", 9);

  return start != NULL && memmem (start, length - (start - tail), "%%EOF", 5) != NULL;
}

/* TRUE if a trailer names an encryption dictionary: `/Encrypt 5 0 R` or `/Encrypt <<`. Poppler
 * opens such files when the reader's password is empty, and does not tell. */
static gboolean
is_encrypted (IntakeFile file)
{
  static const char key[] = "/Encrypt";
  const guint8 *at = file.bytes, *end = file.bytes + file.length;

  while ((at = memmem (at, end - at, key, strlen (key))) != NULL) {
    at += strlen (key);
    while (at < end && strchr (" \t\r\n\f", *at) != NULL)
      at++;
    if (at < end && (g_ascii_isdigit (*at) || *at == '<'))
      return TRUE;
  }
  return FALSE;
}

static const char *
open_document (IntakeFile file, PopplerDocument **ret_document)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (file.bytes, file.length);
  g_autoptr (GError) error = NULL;
  g_autoptr (PopplerDocument) document = NULL;

  if (is_encrypted (file))
    return INTAKE_ENCRYPTED;
  if (!has_end (file))
    return INTAKE_DAMAGED;
  document = poppler_document_new_from_bytes (bytes, NULL, &error);
  if (document == NULL)
    return g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) ? INTAKE_ENCRYPTED
                                                                           : INTAKE_DAMAGED;
  if (poppler_document_get_permissions (document) != POPPLER_PERMISSIONS_FULL)
    return INTAKE_ENCRYPTED;
  if (poppler_document_get_n_pages (document) < 1)
    return INTAKE_DAMAGED;
  *ret_document = g_steal_pointer (&document);
  return NULL;
}

static PopplerPage *
open_page (PopplerDocument *document, guint number, double *ret_width, double *ret_height)
{
  g_autoptr (PopplerPage) page = poppler_document_get_page (document, (int)number);
  double width = 0, height = 0;

  if (page != NULL)
    poppler_page_get_size (page, &width, &height);
  if (!(width >= MIN_POINTS && width <= MAX_POINTS && height >= MIN_POINTS && height <= MAX_POINTS))
    return NULL;
  *ret_width = width;
  *ret_height = height;
  return g_steal_pointer (&page);
}

const char *
intake_check_pdf (IntakeFile file, IntakeFacts *ret_facts)
{
  g_autoptr (PopplerDocument) document = NULL;
  const char *reason = open_document (file, &document);
  guint pages;

  if (reason != NULL)
    return reason;
  pages = (guint)poppler_document_get_n_pages (document);
  ret_facts->pages = pages;
  if (pages > DOCUMENT_MAX_PAGES)
    return INTAKE_TOO_MANY_PAGES;
  for (guint i = pages; i-- > 0;) {
    double width, height;
    g_autoptr (PopplerPage) page = open_page (document, i, &width, &height);
    if (page == NULL)
      return INTAKE_DAMAGED;
    ret_facts->width = (guint)lround (width);
    ret_facts->height = (guint)lround (height);
  }
  return NULL;
}

static void
feed_surface (IntakePicture *picture, cairo_surface_t *surface, guint width, guint height)
{
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  g_autofree guint8 *row = g_malloc ((gsize)width * 3);

  for (guint y = 0; y < height; y++) {
    for (guint x = 0; x < width; x++) {
      guint32 pixel;
      memcpy (&pixel, pixels + (gsize)y * stride + (gsize)x * 4, 4);
      row[x * 3] = (guint8)(pixel >> 16);
      row[x * 3 + 1] = (guint8)(pixel >> 8);
      row[x * 3 + 2] = (guint8)pixel;
    }
    intake_picture_feed (picture, row);
  }
}

const char *
intake_draw_pdf (IntakeFile file, const IntakeWish *wish, IntakePicture *picture)
{
  g_autoptr (PopplerDocument) document = NULL;
  g_autoptr (PopplerPage) page = NULL;
  const char *reason = open_document (file, &document);
  double page_width = 0, page_height = 0;
  guint width, height;
  cairo_surface_t *surface;
  cairo_t *cr;

  if (reason != NULL)
    return reason;
  if (wish->page >= (guint)poppler_document_get_n_pages (document))
    return INTAKE_NO_PAGE;
  page = open_page (document, wish->page, &page_width, &page_height);
  if (page == NULL)
    return INTAKE_DAMAGED;
  intake_picture_fit (wish, page_width, page_height, TRUE, &width, &height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)width, (int)height);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, width / page_width, height / page_height);
  poppler_page_render (page, cr);
  /* A page may draw itself into an error; what it drew so far is shown. */
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS &&
      intake_picture_begin (picture, width, height, width, height))
    feed_surface (picture, surface, width, height);
  else
    reason = INTAKE_DAMAGED;
  cairo_surface_destroy (surface);
  return reason;
}
