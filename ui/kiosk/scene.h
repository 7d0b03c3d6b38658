/* scene.h: the garden behind the wall: cloud wall, moon gate, bridge, pagoda and willow. */
#pragma once

#include <gtk/gtk.h>

#define SCENE_TYPE (scene_get_type ())
G_DECLARE_FINAL_TYPE (Scene, scene, ONESTOP, SCENE, GtkWidget)

/* 1080 px wide, drawn to its full height. Floating. */
GtkWidget *scene_new (void);

/* Moves water and willow to the time `seconds` since the page came up; `shift` px moves the whole
 * picture (against burn-in). */
void scene_set_time (Scene *scene, double seconds, double shift);
