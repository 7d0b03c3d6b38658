/* qr.h: QR codes (ISO/IEC 18004) on a canvas and as plain modules for a screen.
 *
 * Modules are whole dots of the printer and never anti-aliased; a quiet zone of four modules
 * belongs to the code. Text is encoded in alphanumeric mode where its characters allow (base45
 * does). */
#pragma once

#include <glib.h>

#include "paper/canvas.h"

typedef enum { QR_LEVEL_L, QR_LEVEL_M, QR_LEVEL_Q, QR_LEVEL_H } QrLevel;

#define QR_QUIET 4

typedef struct {
  int version;  /* 1 to 40 */
  int size;     /* modules a side, without the quiet zone */
  guint8 *dark; /* size * size, 1 for dark, row by row */
} Qr;

/* Encodes `text` in the smallest version from `least_version` (0: any) to `most_version` (0: 40)
 * that holds it. FULL when it does not fit, INVALID for an empty text. */
Qr *qr_new (const char *text, QrLevel level, int least_version, int most_version, GError **error);
void qr_free (Qr *qr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Qr, qr_free)

/* The largest module, in whole dots of `dpi`, with which code and quiet zone fit into `width` mm.
 * FULL if that is under `least` dots. */
gboolean qr_module (const Qr *qr, double width, int dpi, int least, int *ret_dots, GError **error);

/* Side in mm of the code with its quiet zone. */
double qr_side (const Qr *qr, int dots, int dpi);

/* Draws the code; x, y is the top left corner of the quiet zone. The corner is moved to the
 * printer's grid, so that every module is exactly `dots` dots. */
void qr_draw (const Qr *qr, Canvas *canvas, double x, double y, int dots, int dpi);
