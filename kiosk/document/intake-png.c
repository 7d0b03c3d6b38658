/* intake-png.c: PNG by libpng. Whole means every chunk's checksum, every row, and the end chunk. */
#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "document/document.h"
#include "document/intake.h"

#define MAX_CHUNK (8u * 1024 * 1024)
#define MAX_CHUNKS 200

typedef struct {
  IntakeFile file;
  gsize at;
  png_structp png;
  png_infop info;
  guint8 *row;   /* one row */
  Region *whole; /* or all rows, where they come interlaced */
} Reader;

static void
on_error (png_structp png, const char *message)
{
  png_longjmp (png, 1);
}

static void
on_warning (png_structp png, const char *message)
{
}

static void
on_read (png_structp png, png_bytep to, size_t length)
{
  Reader *reader = png_get_io_ptr (png);

  if (length > reader->file.length - reader->at)
    png_error (png, "end of file");
  memcpy (to, reader->file.bytes + reader->at, length);
  reader->at += length;
}

static void
reader_clear (Reader *reader)
{
  png_destroy_read_struct (&reader->png, &reader->info, NULL);
  g_clear_pointer (&reader->row, g_free);
  g_clear_pointer (&reader->whole, region_free);
}

/* FALSE if libpng cannot be set up; it then jumps to no place, so it is asked before setjmp. */
static gboolean
reader_open (Reader *reader, IntakeFile file)
{
  reader->file = file;
  reader->png = png_create_read_struct (PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
  reader->info = reader->png != NULL ? png_create_info_struct (reader->png) : NULL;
  return reader->info != NULL;
}

static gboolean
read_header (Reader *reader)
{
  png_set_read_fn (reader->png, reader, on_read);
  png_set_crc_action (reader->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits (reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_chunk_malloc_max (reader->png, MAX_CHUNK);
  png_set_chunk_cache_max (reader->png, MAX_CHUNKS);
  png_read_info (reader->png, reader->info);
  guint64 width = png_get_image_width (reader->png, reader->info);
  guint64 height = png_get_image_height (reader->png, reader->info);
  return width <= DOCUMENT_MAX_SIDE && height <= DOCUMENT_MAX_SIDE &&
         width * height <= DOCUMENT_MAX_PIXELS;
}

const char *
intake_check_png (IntakeFile file, IntakeFacts *ret_facts)
{
  Reader reader = {0};
  int passes;

  if (!reader_open (&reader, file)) {
    reader_clear (&reader);
    return INTAKE_DAMAGED;
  }
  if (setjmp (png_jmpbuf (reader.png)) != 0) {
    reader_clear (&reader);
    return INTAKE_DAMAGED;
  }
  gboolean fits = read_header (&reader);
  guint height = png_get_image_height (reader.png, reader.info);
  *ret_facts = (IntakeFacts){1, png_get_image_width (reader.png, reader.info), height, 0};
  if (!fits) {
    reader_clear (&reader);
    return INTAKE_TOO_MANY_PIXELS;
  }
  passes = png_set_interlace_handling (reader.png);
  png_read_update_info (reader.png, reader.info);
  reader.row = g_malloc (png_get_rowbytes (reader.png, reader.info));
  /* One row for all: what it holds does not matter. */
  for (int pass = 0; pass < passes; pass++)
    for (guint y = 0; y < height; y++)
      png_read_row (reader.png, reader.row, NULL);
  png_read_end (reader.png, NULL);
  reader_clear (&reader);
  return NULL;
}

/* Any PNG as 8-bit R G B on white. */
static void
ask_for_rgb (Reader *reader)
{
  png_color_16 white = {.red = 255, .green = 255, .blue = 255, .gray = 255};
  int colour = png_get_color_type (reader->png, reader->info);

  png_set_expand (reader->png);
  png_set_strip_16 (reader->png);
  if (colour == PNG_COLOR_TYPE_GRAY || colour == PNG_COLOR_TYPE_GRAY_ALPHA)
    png_set_gray_to_rgb (reader->png);
  if ((colour & PNG_COLOR_MASK_ALPHA) != 0 ||
      png_get_valid (reader->png, reader->info, PNG_INFO_tRNS) != 0)
    png_set_background (reader->png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
}

static void
draw_rows (Reader *reader, IntakePicture *picture, guint width, guint height, int passes)
{
  gsize length = (gsize)width * 3;

  if (passes == 1) {
    reader->row = g_malloc (length);
    for (guint y = 0; y < height; y++) {
      png_read_row (reader->png, reader->row, NULL);
      intake_picture_feed (picture, reader->row);
    }
    return;
  }
  reader->whole = region_new (length * height, NULL);
  if (reader->whole == NULL)
    png_error (reader->png, "no room");
  for (int pass = 0; pass < passes; pass++)
    for (guint y = 0; y < height; y++)
      png_read_row (reader->png, region_peek (reader->whole) + y * length, NULL);
  for (guint y = 0; y < height; y++)
    intake_picture_feed (picture, region_peek (reader->whole) + y * length);
}

const char *
intake_draw_png (IntakeFile file, const IntakeWish *wish, IntakePicture *picture)
{
  Reader reader = {0};

  if (!reader_open (&reader, file)) {
    reader_clear (&reader);
    return INTAKE_DAMAGED;
  }
  if (setjmp (png_jmpbuf (reader.png)) != 0) {
    reader_clear (&reader);
    return INTAKE_DAMAGED;
  }
  if (!read_header (&reader)) {
    reader_clear (&reader);
    return INTAKE_TOO_MANY_PIXELS;
  }
  guint from_width = png_get_image_width (reader.png, reader.info);
  guint from_height = png_get_image_height (reader.png, reader.info);
  guint width, height;
  intake_picture_fit (wish, from_width, from_height, FALSE, &width, &height);
  ask_for_rgb (&reader);
  int passes = png_set_interlace_handling (reader.png);
  png_read_update_info (reader.png, reader.info);
  if (png_get_rowbytes (reader.png, reader.info) != (gsize)from_width * 3 ||
      !intake_picture_begin (picture, from_width, from_height, width, height))
    png_error (reader.png, "not as asked");
  draw_rows (&reader, picture, from_width, from_height, passes);
  reader_clear (&reader);
  return NULL;
}
