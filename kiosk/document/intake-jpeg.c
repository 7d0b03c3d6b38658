/* intake-jpeg.c: JPEG by libjpeg. Whole means that it decodes without one warning: libjpeg fills a
 * cut file up with grey and calls that a warning. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>

#include "document/document.h"
#include "document/intake.h"

/* A progressive picture needs ten or so; a bomb has thousands. */
#define MAX_SCANS 200

typedef struct {
  struct jpeg_error_mgr manager;
  struct jpeg_progress_mgr progress;
  jmp_buf out;
} Problem;

static void
on_error (j_common_ptr jpeg)
{
  longjmp (((Problem *)jpeg->err)->out, 1);
}

static void
on_message (j_common_ptr jpeg)
{
}

static void
on_progress (j_common_ptr jpeg)
{
  if (((j_decompress_ptr)jpeg)->input_scan_number > MAX_SCANS)
    longjmp (((Problem *)jpeg->err)->out, 1);
}

static guint
read_16 (const guint8 *p, gboolean little)
{
  return little ? p[0] | p[1] << 8 : p[0] << 8 | p[1];
}

static guint32
read_32 (const guint8 *p, gboolean little)
{
  return little ? read_16 (p, TRUE) | (guint32)read_16 (p + 2, TRUE) << 16
                : (guint32)read_16 (p, FALSE) << 16 | read_16 (p + 2, FALSE);
}

/* The orientation of Exif 2.32 (tag 0x0112 of the first directory) in degrees; mirrored ones turn
 * like their unmirrored kin. */
static guint
rotation_of_exif (const guint8 *p, gsize length)
{
  static const guint degrees[9] = {0, 0, 0, 180, 180, 90, 90, 270, 270};
  gboolean little;
  guint32 directory;
  guint count;

  if (length < 14 || memcmp (p, "Exif\0", 6) != 0)
    return 0;
  p += 6;
  length -= 6;
  little = p[0] == 'I';
  directory = read_32 (p + 4, little);
  if (directory > length - 2)
    return 0;
  count = read_16 (p + directory, little);
  for (guint i = 0; i < count && directory + 2 + 12 * (i + 1) <= length; i++) {
    const guint8 *entry = p + directory + 2 + 12 * i;
    if (read_16 (entry, little) == 0x0112) {
      guint value = read_16 (entry + 8, little);
      return value <= 8 ? degrees[value] : 0;
    }
  }
  return 0;
}

static guint
rotation_of (const struct jpeg_decompress_struct *jpeg)
{
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker != NULL; marker = marker->next) {
    guint rotate = rotation_of_exif (marker->data, marker->data_length);
    if (rotate != 0)
      return rotate;
  }
  return 0;
}

static void
begin (struct jpeg_decompress_struct *jpeg, Problem *problem, IntakeFile file)
{
  jpeg_create_decompress (jpeg);
  problem->progress.progress_monitor = on_progress;
  jpeg->progress = &problem->progress;
  jpeg_save_markers (jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_mem_src (jpeg, file.bytes, file.length);
  jpeg_read_header (jpeg, TRUE);
}

static void
set_up_problem (struct jpeg_decompress_struct *jpeg, Problem *problem)
{
  jpeg->err = jpeg_std_error (&problem->manager);
  problem->manager.error_exit = on_error;
  problem->manager.output_message = on_message;
}

static gboolean
too_many_pixels (const struct jpeg_decompress_struct *jpeg)
{
  return jpeg->image_width > DOCUMENT_MAX_SIDE || jpeg->image_height > DOCUMENT_MAX_SIDE ||
         (guint64)jpeg->image_width * jpeg->image_height > DOCUMENT_MAX_PIXELS;
}

const char *
intake_check_jpeg (IntakeFile file, IntakeFacts *ret_facts)
{
  struct jpeg_decompress_struct jpeg = {0};
  Problem problem = {0};
  JSAMPARRAY row;
  long warnings;

  set_up_problem (&jpeg, &problem);
  if (setjmp (problem.out) != 0) {
    jpeg_destroy_decompress (&jpeg);
    return INTAKE_DAMAGED;
  }
  begin (&jpeg, &problem, file);
  *ret_facts = (IntakeFacts){1, jpeg.image_width, jpeg.image_height, rotation_of (&jpeg)};
  if (too_many_pixels (&jpeg)) {
    jpeg_destroy_decompress (&jpeg);
    return INTAKE_TOO_MANY_PIXELS;
  }
  /* No colour, no smoothing: only whether all of it is there. */
  jpeg.out_color_space = jpeg.jpeg_color_space;
  jpeg.do_fancy_upsampling = FALSE;
  jpeg.dct_method = JDCT_IFAST;
  jpeg_start_decompress (&jpeg);
  row = jpeg.mem->alloc_sarray ((j_common_ptr)&jpeg, JPOOL_IMAGE,
                                jpeg.output_width * jpeg.output_components, 1);
  while (jpeg.output_scanline < jpeg.output_height)
    jpeg_read_scanlines (&jpeg, row, 1);
  jpeg_finish_decompress (&jpeg);
  warnings = problem.manager.num_warnings;
  jpeg_destroy_decompress (&jpeg);
  return warnings == 0 ? NULL : INTAKE_DAMAGED;
}

/* CMYK of Adobe is written inverted: 255 is no ink. */
static void
to_rgb (guint8 *row, guint width, guint components)
{
  if (components == 4)
    for (guint x = 0; x < width; x++)
      for (guint c = 0; c < 3; c++)
        row[x * 3 + c] = (guint8)(row[x * 4 + c] * row[x * 4 + 3] / 255);
  if (components == 1)
    for (guint x = width; x-- > 0;)
      row[x * 3] = row[x * 3 + 1] = row[x * 3 + 2] = row[x];
}

const char *
intake_draw_jpeg (IntakeFile file, const IntakeWish *wish, IntakePicture *picture)
{
  struct jpeg_decompress_struct jpeg = {0};
  Problem problem = {0};
  JSAMPARRAY row;
  guint width, height;

  set_up_problem (&jpeg, &problem);
  if (setjmp (problem.out) != 0) {
    jpeg_destroy_decompress (&jpeg);
    return INTAKE_DAMAGED;
  }
  begin (&jpeg, &problem, file);
  if (too_many_pixels (&jpeg)) {
    jpeg_destroy_decompress (&jpeg);
    return INTAKE_TOO_MANY_PIXELS;
  }
  intake_picture_fit (wish, jpeg.image_width, jpeg.image_height, FALSE, &width, &height);
  jpeg.out_color_space = jpeg.num_components == 4   ? JCS_CMYK
                         : jpeg.num_components == 1 ? JCS_GRAYSCALE
                                                    : JCS_RGB;
  /* The cosine transform can halve for nothing; the rest is averaged. */
  jpeg.scale_denom = 8;
  for (jpeg.scale_num = 1; jpeg.scale_num < 8; jpeg.scale_num *= 2)
    if (jpeg.image_width * jpeg.scale_num / 8 >= width &&
        jpeg.image_height * jpeg.scale_num / 8 >= height)
      break;
  jpeg_start_decompress (&jpeg);
  if (!intake_picture_begin (picture, jpeg.output_width, jpeg.output_height, width, height))
    longjmp (problem.out, 1);
  row = jpeg.mem->alloc_sarray ((j_common_ptr)&jpeg, JPOOL_IMAGE, jpeg.output_width * 4, 1);
  while (jpeg.output_scanline < jpeg.output_height) {
    jpeg_read_scanlines (&jpeg, row, 1);
    to_rgb (row[0], jpeg.output_width, jpeg.output_components);
    intake_picture_feed (picture, row[0]);
  }
  jpeg_finish_decompress (&jpeg);
  jpeg_destroy_decompress (&jpeg);
  return NULL;
}
