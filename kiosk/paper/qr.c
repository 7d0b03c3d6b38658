/* qr.c: libqrencode's modules on paper. Decides nothing about the text. */
#include "paper/qr.h"

#include <errno.h>
#include <math.h>

#include <qrencode.h>

#include "base/error.h"

/* A square drawn to its full size may touch the next dot by a rounding of the PDF's numbers, and a
 * printer then blackens that one too: each edge keeps this far (in dots) inside. */
#define INSET 0.04

Qr *
qr_new (const char *text, QrLevel level, int least_version, int most_version, GError **error)
{
  static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
  QRcode *code;
  Qr *qr;

  if (text == NULL || *text == '\0') {
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a QR code needs a text");
    return NULL;
  }
  code = QRcode_encodeString (text, least_version, levels[level], QR_MODE_8, 1);
  if (code == NULL && errno == ENOMEM)
    g_error ("out of memory");
  if (code == NULL || (most_version > 0 && code->version > most_version)) {
    g_clear_pointer (&code, QRcode_free);
    g_set_error_literal (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                         "the text does not fit into the QR code");
    return NULL;
  }
  qr = g_new0 (Qr, 1);
  qr->version = code->version;
  qr->size = code->width;
  qr->dark = g_new (guint8, (gsize)code->width * (gsize)code->width);
  for (int i = 0; i < code->width * code->width; i++)
    qr->dark[i] = code->data[i] & 1;
  QRcode_free (code);
  return qr;
}

void
qr_free (Qr *qr)
{
  if (qr == NULL)
    return;
  g_free (qr->dark);
  g_free (qr);
}

gboolean
qr_module (const Qr *qr, double width, int dpi, int least, int *ret_dots, GError **error)
{
  int dots = (int)floor (width / 25.4 * dpi / (qr->size + 2 * QR_QUIET) + 1e-6);

  if (dots < least) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL,
                 "a QR code of version %d does not fit with %d dots a module", qr->version, least);
    return FALSE;
  }
  *ret_dots = dots;
  return TRUE;
}

double
qr_side (const Qr *qr, int dots, int dpi)
{
  return (qr->size + 2 * QR_QUIET) * dots * 25.4 / dpi;
}

void
qr_draw (const Qr *qr, Canvas *canvas, double x, double y, int dots, int dpi)
{
  cairo_t *cr = canvas_peek_cairo (canvas);
  double left = round (x / 25.4 * dpi) + QR_QUIET * dots;
  double top = round (y / 25.4 * dpi) + QR_QUIET * dots;

  if (cr == NULL)
    return;
  cairo_save (cr);
  cairo_scale (cr, 72.0 / dpi, 72.0 / dpi);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (int row = 0; row < qr->size; row++) {
    const guint8 *dark = qr->dark + row * qr->size;
    for (int from = 0, until; from < qr->size; from = until) {
      for (until = from + 1; until < qr->size && dark[until] == dark[from]; until++)
        ;
      if (dark[from])
        cairo_rectangle (cr, left + from * dots + INSET, top + row * dots + INSET,
                         (until - from) * dots - 2 * INSET, dots - 2 * INSET);
    }
  }
  cairo_fill (cr);
  cairo_restore (cr);
}
