/* qr-view.h: a QR code on the screen, in whole pixels, black on white with its quiet zone. */
#pragma once

#include <gtk/gtk.h>

#define QR_VIEW_TYPE (qr_view_get_type ())
G_DECLARE_FINAL_TYPE (QrView, qr_view, ONESTOP, QR_VIEW, GtkWidget)

/* `text` at most `size` px wide; named `name` for who cannot see it. What cannot be encoded shows
 * nothing. Floating. */
GtkWidget *qr_view_new (const char *text, int size, const char *name);
