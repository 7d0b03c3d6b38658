/* scan-page.c: the one encoder of scanned pages. A failure of libjpeg ends the helper, which has
 * one task a life. */
#include "devices/scan-page.h"

#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>

#include "base/error.h"

#define QUALITY 85

void
scan_page_clear (ScanPage *page)
{
  g_clear_pointer (&page->pixels, region_free);
  g_clear_pointer (&page->name, g_free);
}

GBytes *
scan_page_encode (const ScanPage *page, GError **error)
{
  struct jpeg_compress_struct jpeg = {0};
  struct jpeg_error_mgr problems;
  unsigned char *bytes = NULL;
  unsigned long length = 0;

  if (page->width > JPEG_MAX_DIMENSION || page->height > JPEG_MAX_DIMENSION) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL, "%u x %u is too large for JPEG",
                 page->width, page->height);
    return NULL;
  }
  jpeg.err = jpeg_std_error (&problems);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &bytes, &length);
  jpeg.image_width = page->width;
  jpeg.image_height = page->height;
  jpeg.input_components = (int)page->channels;
  jpeg.in_color_space = page->channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults (&jpeg);
  jpeg_set_quality (&jpeg, QUALITY, TRUE);
  jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  jpeg.optimize_coding = TRUE;
  jpeg.write_JFIF_header = TRUE;
  jpeg.density_unit = 1;
  jpeg.X_density = jpeg.Y_density = (UINT16)page->dpi;
  jpeg_start_compress (&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    JSAMPROW row =
        region_peek (page->pixels) + (gsize)jpeg.next_scanline * page->width * page->channels;
    jpeg_write_scanlines (&jpeg, &row, 1);
  }
  jpeg_finish_compress (&jpeg);
  jpeg_destroy_compress (&jpeg);
  return g_bytes_new_with_free_func (bytes, length, free, bytes);
}
