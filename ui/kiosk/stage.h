/* stage.h: lays its child out at 1080 x 1920 and scales it to whatever the window or panel is.
 *
 * All measures of the screens (design language, part 2) hold inside. The scale keeps the
 * proportion; what is left over at the sides is black. Clicks and touches land where they should,
 * because the scale is a GskTransform of the child. */
#pragma once

#include <gtk/gtk.h>

#define STAGE_WIDTH 1080
#define STAGE_HEIGHT 1920

#define STAGE_TYPE (stage_get_type ())
G_DECLARE_FINAL_TYPE (Stage, stage, ONESTOP, STAGE, GtkWidget)

/* Takes the floating child. */
GtkWidget *stage_new (GtkWidget *child);

/* The part of the stage that is the laid-out 1080 x 1920, in pixels of the window. */
double stage_scale (Stage *stage);
