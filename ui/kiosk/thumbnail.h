/* thumbnail.h: a page of a paper, small. The picture is decoded in the intake helper's jail and
 * arrives by itself. */
#pragma once

#include <gtk/gtk.h>

#include "flow/intake-flow.h"

#define THUMBNAIL_TYPE (thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (Thumbnail, thumbnail, ONESTOP, THUMBNAIL, GtkWidget)

/* Page `page` (from 1) of `document`, turned as it says, inside `width` x `height` px; `name` is
 * its accessible name. The document's bytes are referenced; its rotation is read now. Until it
 * arrives, and if it cannot be drawn, an empty sheet stands there. Floating. */
GtkWidget *thumbnail_new (const IntakeDocument *document, guint page, int width, int height,
                          const char *name);
