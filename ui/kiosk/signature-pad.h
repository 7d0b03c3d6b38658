/* signature-pad.h: where a person signs with a finger.
 *
 * What is drawn is kept as strokes and given as SVG (one path a stroke, in the pad's pixels). It is
 * an image of a handwritten signature and nothing more: paper says
 * 「手写签名图像（未经电子认证）」. */
#pragma once

#include <gtk/gtk.h>

#define SIGNATURE_PAD_TYPE (signature_pad_get_type ())
G_DECLARE_FINAL_TYPE (SignaturePad, signature_pad, ONESTOP, SIGNATURE_PAD, GtkWidget)

/* Strokes beyond these are not taken: a signature is small. */
#define SIGNATURE_PAD_MAX_POINTS 4000

/* `name` is its accessible name. Signal "signed": a stroke ended. Floating. */
SignaturePad *signature_pad_new (const char *name);

/* TRUE if something is drawn that is longer than a dot. */
gboolean signature_pad_is_signed (SignaturePad *self);

/* The strokes as SVG 1.1, or NULL if nothing is drawn. Owned. */
GBytes *signature_pad_svg (SignaturePad *self);

/* Shows again what signature_pad_svg gave. Anything else is ignored. */
void signature_pad_load (SignaturePad *self, GBytes *svg);

void signature_pad_clear (SignaturePad *self);
