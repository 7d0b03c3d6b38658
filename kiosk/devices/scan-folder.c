/* scan-folder.c: a folder of pictures that stands for a scanner. The pictures are the hall's own
 * (demonstration, training, a network scanner that drops files), never a visitor's: those go
 * through onestop-intake. */
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "devices/scan-page.h"

#define MAX_FILE (128u * 1024 * 1024)

static gboolean
is_picture (const char *folder, const char *name)
{
  static const char *const ends[] = {".jpg", ".jpeg", ".png", ".ppm", ".pgm"};
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  struct stat st;

  if (name[0] == '.' || stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_str_has_suffix (lower, ends[i]))
      return TRUE;
  return FALSE;
}

/* The first name after `after`, or the very first; NULL if there is no picture. */
static char *
next_name (GDir *listing, const char *folder, const char *after)
{
  g_autofree char *first = NULL, *next = NULL;
  const char *name;

  while ((name = g_dir_read_name (listing)) != NULL) {
    if (!is_picture (folder, name))
      continue;
    if (first == NULL || strcmp (name, first) < 0) {
      g_free (first);
      first = g_strdup (name);
    }
    if (after != NULL && strcmp (name, after) > 0 && (next == NULL || strcmp (name, next) < 0)) {
      g_free (next);
      next = g_strdup (name);
    }
  }
  return next != NULL ? g_steal_pointer (&next) : g_steal_pointer (&first);
}

static gboolean
make_room (ScanPage *page, guint width, guint height, guint channels)
{
  if (width == 0 || height == 0 || (guint64)width * height > SCAN_PAGE_MAX_PIXELS)
    return FALSE;
  page->width = width;
  page->height = height;
  page->channels = channels;
  page->pixels = region_new ((gsize)width * height * channels, NULL);
  return page->pixels != NULL;
}

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf out;
} JpegProblem;

static void
on_jpeg_error (j_common_ptr jpeg)
{
  longjmp (((JpegProblem *)jpeg->err)->out, 1);
}

static gboolean
read_jpeg (GBytes *bytes, ScanPage *page)
{
  struct jpeg_decompress_struct jpeg = {0};
  JpegProblem problem;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  jpeg.err = jpeg_std_error (&problem.manager);
  problem.manager.error_exit = on_jpeg_error;
  if (setjmp (problem.out) != 0) {
    jpeg_destroy_decompress (&jpeg);
    return FALSE;
  }
  jpeg_create_decompress (&jpeg);
  jpeg_mem_src (&jpeg, data, length);
  jpeg_read_header (&jpeg, TRUE);
  jpeg.out_color_space = jpeg.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress (&jpeg);
  if (!make_room (page, jpeg.output_width, jpeg.output_height, jpeg.output_components))
    longjmp (problem.out, 1);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row =
        region_peek (page->pixels) + (gsize)jpeg.output_scanline * page->width * page->channels;
    jpeg_read_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_decompress (&jpeg);
  jpeg_destroy_decompress (&jpeg);
  return problem.manager.num_warnings == 0;
}

static gboolean
read_png (GBytes *bytes, ScanPage *page)
{
  static const png_color white = {255, 255, 255};
  png_image image = {.version = PNG_IMAGE_VERSION};
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gboolean done = FALSE;

  if (!png_image_begin_read_from_memory (&image, data, length))
    return FALSE;
  image.format = PNG_FORMAT_RGB;
  if (make_room (page, image.width, image.height, 3))
    done = png_image_finish_read (&image, &white, region_peek (page->pixels), 0, NULL) != 0;
  png_image_free (&image);
  return done;
}

/* A number of a PNM header, after blanks and comments. */
static gboolean
pnm_number (const guint8 *data, gsize length, gsize *at, guint *ret_number)
{
  guint number = 0;
  gsize digits = 0;

  while (*at < length && (g_ascii_isspace (data[*at]) || data[*at] == '#')) {
    if (data[*at] == '#')
      while (*at + 1 < length && data[*at + 1] != '\n')
        ++*at;
    ++*at;
  }
  for (; *at < length && g_ascii_isdigit (data[*at]) && digits < 8; ++*at, ++digits)
    number = number * 10 + (data[*at] - '0');
  *ret_number = number;
  return digits > 0 && *at < length && g_ascii_isspace (data[*at]);
}

static gboolean
read_pnm (GBytes *bytes, ScanPage *page)
{
  gsize length = 0, at = 2, size;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint width, height, top;

  if (length < 8 || data[0] != 'P' || (data[1] != '5' && data[1] != '6') ||
      !pnm_number (data, length, &at, &width) || !pnm_number (data, length, &at, &height) ||
      !pnm_number (data, length, &at, &top) || top != 255 ||
      !make_room (page, width, height, data[1] == '6' ? 3 : 1))
    return FALSE;
  at++;
  size = (gsize)width * height * page->channels;
  if (length - at < size)
    return FALSE;
  memcpy (region_peek (page->pixels), data + at, size);
  return TRUE;
}

ScannerFault
scan_page_from_folder (const char *folder, const char *after, guint dpi, ScanPage *ret_page,
                       char **ret_message)
{
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *data;

  if (listing == NULL) {
    *ret_message = g_strdup ("the folder is not there");
    return SCANNER_FAULT_GONE;
  }
  ret_page->name = next_name (listing, folder, after);
  if (ret_page->name == NULL) {
    *ret_message = g_strdup ("the folder has no picture");
    return SCANNER_FAULT_NO_DOCUMENT;
  }
  path = g_build_filename (folder, ret_page->name, NULL);
  bytes = file_read (path, MAX_FILE, &error);
  if (bytes == NULL || g_bytes_get_size (bytes) < 8) {
    *ret_message = g_strdup (error != NULL ? error->message : "the picture is empty");
    return SCANNER_FAULT_FAILED;
  }
  data = g_bytes_get_data (bytes, NULL);
  ret_page->dpi = dpi;
  if (data[0] == 0xff ? read_jpeg (bytes, ret_page)
                      : (data[0] == 0x89 ? read_png (bytes, ret_page) : read_pnm (bytes, ret_page)))
    return SCANNER_FAULT_NONE;
  *ret_message = g_strdup_printf ("%s cannot be read", ret_page->name);
  return SCANNER_FAULT_FAILED;
}
