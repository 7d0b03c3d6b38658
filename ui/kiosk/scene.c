/* scene.c: one picture with Cairo. Water drifts 12 px over 8 s, the willow sways 2 degrees over 6
 * s. */
#include "kiosk/scene.h"

#include <math.h>

struct _Scene {
  GtkWidget parent_instance;
  double seconds, shift;
};

G_DEFINE_FINAL_TYPE (Scene, scene, GTK_TYPE_WIDGET)

static void
colour (cairo_t *cr, guint32 rgb)
{
  cairo_set_source_rgb (cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
                        (rgb & 255) / 255.0);
}

#define INK 0x1B262B
#define SKY 0xE3EDE9
#define PAPER 0xFBFBF9
#define HAZE 0xF0F5F3
#define WATER 0xE1EDEB
#define HILL_FAR 0xCFE1DD
#define HILL_NEAR 0xAECEC8
#define LEAF 0x7FB0A8
#define BARK 0x5B968E
#define SHADE 0xCFD9D7
#define STONE 0x2B383F

/* The upper edge of the cloud wall. */
static void
wall_edge (cairo_t *cr, double dy)
{
  cairo_curve_to (cr, 130, 395 + dy, 200, 296 + dy, 330, 296 + dy);
  cairo_curve_to (cr, 480, 296 + dy, 560, 418 + dy, 720, 418 + dy);
  cairo_curve_to (cr, 860, 418 + dy, 930, 317 + dy, 1090, 317 + dy);
}

#define TILE 43.0

static void
draw_tile (cairo_t *cr, double x, double y, double angle)
{
  double nx = -sin (angle), ny = cos (angle);
  colour (cr, INK);
  cairo_arc (cr, x + nx * 23, y + ny * 23, 22, 0, 2 * G_PI);
  cairo_fill (cr);
  colour (cr, 0x5D6B70);
  cairo_set_line_width (cr, 3);
  cairo_move_to (cr, x - nx * 14, y - ny * 14);
  cairo_line_to (cr, x + nx * 20, y + ny * 20);
  cairo_stroke (cr);
}

static void
draw_wall (cairo_t *cr, double height)
{
  cairo_move_to (cr, -10, 395 + 40);
  wall_edge (cr, 40);
  cairo_line_to (cr, 1090, height);
  cairo_line_to (cr, -10, height);
  cairo_close_path (cr);
  colour (cr, PAPER);
  cairo_fill (cr);
  cairo_move_to (cr, -10, 395 + 90);
  wall_edge (cr, 90);
  colour (cr, 0xEAEDEA);
  cairo_set_line_width (cr, 16);
  cairo_stroke (cr);

  /* The coping: tiles along the edge, each ending in a half circle. */
  cairo_move_to (cr, -10, 395 + 28);
  wall_edge (cr, 28);
  colour (cr, INK);
  cairo_set_line_width (cr, 56);
  cairo_stroke (cr);
  cairo_move_to (cr, -10, 395 + 28);
  wall_edge (cr, 28);
  cairo_set_tolerance (cr, 0.5);
  cairo_path_t *path = cairo_copy_path_flat (cr);
  cairo_new_path (cr);
  double x0 = -10, y0 = 423, gone = 0;
  for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
    cairo_path_data_t *data = &path->data[i];
    double x = data[1].point.x, y = data[1].point.y, length = hypot (x - x0, y - y0);
    double angle = atan2 (y - y0, x - x0);
    double next = TILE - gone;
    for (; next <= length; next += TILE)
      draw_tile (cr, x0 + next * cos (angle), y0 + next * sin (angle), angle);
    gone = TILE - (next - length);
    x0 = x;
    y0 = y;
  }
  cairo_path_destroy (path);
}

static void
draw_pagoda (cairo_t *cr)
{
  colour (cr, BARK);
  cairo_rectangle (cr, 289, 780, 4, 30);
  cairo_fill (cr);
  cairo_move_to (cr, 291, 806);
  cairo_line_to (cr, 304, 828);
  cairo_line_to (cr, 278, 828);
  cairo_close_path (cr);
  cairo_fill (cr);
  for (int storey = 0; storey < 5; storey++) {
    double y = 826 + storey * 30.0, half = 12 + storey * 3.6, eave = half + 13;
    cairo_rectangle (cr, 291 - half, y, 2 * half, 25);
    cairo_fill (cr);
    cairo_move_to (cr, 291 - eave, y + 24);
    cairo_curve_to (cr, 291 - half - 3, y + 23, 291 - half, y + 21, 291 - half, y + 17);
    cairo_line_to (cr, 291 + half, y + 17);
    cairo_curve_to (cr, 291 + half, y + 21, 291 + half + 3, y + 23, 291 + eave, y + 24);
    cairo_close_path (cr);
    cairo_fill (cr);
  }
  cairo_rectangle (cr, 264, 972, 54, 30);
  cairo_fill (cr);
}

static void
draw_hills (cairo_t *cr)
{
  colour (cr, HILL_FAR);
  cairo_move_to (cr, 100, 1000);
  cairo_curve_to (cr, 260, 900, 380, 950, 470, 960);
  cairo_curve_to (cr, 560, 880, 660, 890, 720, 930);
  cairo_curve_to (cr, 800, 985, 900, 930, 960, 930);
  cairo_line_to (cr, 960, 1080);
  cairo_line_to (cr, 100, 1080);
  cairo_close_path (cr);
  cairo_fill (cr);
  draw_pagoda (cr);
  colour (cr, HILL_NEAR);
  cairo_move_to (cr, 100, 1010);
  cairo_curve_to (cr, 200, 930, 300, 975, 420, 1040);
  cairo_curve_to (cr, 560, 1030, 760, 1040, 960, 1012);
  cairo_line_to (cr, 960, 1082);
  cairo_line_to (cr, 100, 1082);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
bridge_arch (cairo_t *cr, double sign, double foot)
{
  cairo_move_to (cr, 130, foot);
  cairo_curve_to (cr, 320, foot - sign * 20, 390, foot - sign * 162, 540, foot - sign * 162);
  cairo_curve_to (cr, 690, foot - sign * 162, 760, foot - sign * 20, 950, foot);
  cairo_close_path (cr);
  cairo_new_sub_path (cr);
  if (sign > 0)
    cairo_arc (cr, 540, foot, 102, G_PI, 0);
  else
    cairo_arc_negative (cr, 540, foot - 8, 102, G_PI, 0);
  cairo_close_path (cr);
}

static void
draw_bridge (cairo_t *cr)
{
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  colour (cr, SHADE);
  bridge_arch (cr, -0.8, 1120);
  cairo_fill (cr);
  colour (cr, STONE);
  bridge_arch (cr, 1, 1112);
  cairo_fill (cr);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_WINDING);
  cairo_set_line_width (cr, 5);
  cairo_move_to (cr, 130, 1090);
  cairo_curve_to (cr, 320, 1068, 390, 926, 540, 926);
  cairo_curve_to (cr, 690, 926, 760, 1068, 950, 1090);
  cairo_stroke (cr);
  const double posts[] = {256, 317, 373, 430, 484, 540, 596, 650, 707, 763, 824};
  for (gsize i = 0; i < G_N_ELEMENTS (posts); i++) {
    double t = (posts[i] - 540) / 410,
           y = 926 + 164 * pow (fabs (t), 1.55) / (0.35 + 0.65 * fabs (t));
    cairo_move_to (cr, posts[i], y + 2);
    cairo_line_to (cr, posts[i], y + 27);
    cairo_stroke (cr);
  }
}

static void
draw_water (Scene *scene, cairo_t *cr)
{
  double drift = 12 * sin (scene->seconds * 2 * G_PI / 8);
  static const double lines[][3] = {{700, 1120, 120}, {200, 1180, 70},  {760, 1196, 70},
                                    {330, 1250, 70},  {640, 1262, 110}, {420, 1320, 60},
                                    {560, 1340, 90}};
  colour (cr, WATER);
  cairo_rectangle (cr, 100, 1072, 880, 420);
  cairo_fill (cr);
  draw_bridge (cr);
  colour (cr, 0xA7CCC5);
  cairo_set_line_width (cr, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    double x = lines[i][0] + (i % 2 ? drift : -drift);
    cairo_move_to (cr, x, lines[i][1]);
    cairo_line_to (cr, x + lines[i][2], lines[i][1]);
    cairo_stroke (cr);
  }
  cairo_save (cr);
  cairo_translate (cr, 520, 1300);
  cairo_scale (cr, 56, 10);
  cairo_arc (cr, 0, 0, 1, 0, 2 * G_PI);
  cairo_restore (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_fill (cr);
}

static void
draw_branch (cairo_t *cr, double length)
{
  colour (cr, BARK);
  cairo_set_line_width (cr, 3);
  cairo_move_to (cr, 0, 0);
  cairo_curve_to (cr, 14, length * 0.3, 6, length * 0.7, 4, length);
  cairo_stroke (cr);
  colour (cr, LEAF);
  int n = (int)(length / 15);
  for (int i = 0; i <= n; i++) {
    double t = (double)i / n, x = 10 * sin (t * G_PI) * (1 - t * 0.4) + 3 * t;
    for (int side = -1; side <= 1; side += 2) {
      cairo_save (cr);
      cairo_translate (cr, x, t * (length - 6));
      cairo_rotate (cr, side * 0.5);
      cairo_scale (cr, 4.6, 13);
      cairo_arc (cr, 0, 1, 1, 0, 2 * G_PI);
      cairo_restore (cr);
      cairo_fill (cr);
    }
  }
}

static void
draw_willow (Scene *scene, cairo_t *cr)
{
  static const double branches[][3] = {
      {706, 650, 125}, {745, 660, 170}, {790, 690, 215}, {826, 730, 255}, {858, 780, 275}};
  double sway = 2 * G_PI / 180 * sin (scene->seconds * 2 * G_PI / 6);
  for (gsize i = 0; i < G_N_ELEMENTS (branches); i++) {
    cairo_save (cr);
    cairo_translate (cr, branches[i][0], branches[i][1]);
    cairo_rotate (cr, sway * (1 - 0.1 * (double)i));
    draw_branch (cr, branches[i][2]);
    cairo_restore (cr);
  }
}

static void
draw_gate (Scene *scene, cairo_t *cr)
{
  const double x = 540, y = 1010, radius = 372;
  cairo_save (cr);
  cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  cairo_clip (cr);
  colour (cr, HAZE);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_arc (cr, 520, 782, 66, 0, 2 * G_PI);
  cairo_fill (cr);
  draw_hills (cr);
  draw_water (scene, cr);
  draw_willow (scene, cr);
  cairo_restore (cr);

  colour (cr, INK);
  cairo_set_line_width (cr, 28);
  cairo_arc (cr, x, y, radius + 14, 0, 2 * G_PI);
  cairo_stroke (cr);
  colour (cr, 0x5D6B70);
  cairo_set_line_width (cr, 3);
  for (int i = 0; i < 40; i++) {
    double a = i * 2 * G_PI / 40;
    cairo_move_to (cr, x + (radius + 2) * sin (a), y - (radius + 2) * cos (a));
    cairo_line_to (cr, x + (radius + 26) * sin (a), y - (radius + 26) * cos (a));
    cairo_stroke (cr);
  }
  colour (cr, 0xC9D0CE);
  cairo_arc (cr, x, y, radius + 36, 0, 2 * G_PI);
  cairo_stroke (cr);
}

static void
scene_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Scene *scene = ONESTOP_SCENE (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);
  colour (cr, SKY);
  cairo_paint (cr);
  cairo_translate (cr, 0, scene->shift);
  draw_wall (cr, height);
  draw_gate (scene, cr);
  cairo_destroy (cr);
}

static void
scene_class_init (SceneClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = scene_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
scene_init (Scene *scene)
{
  gtk_widget_set_can_target (GTK_WIDGET (scene), FALSE);
}

GtkWidget *
scene_new (void)
{
  return g_object_new (SCENE_TYPE, NULL);
}

void
scene_set_time (Scene *scene, double seconds, double shift)
{
  scene->seconds = seconds;
  scene->shift = shift;
  gtk_widget_queue_draw (GTK_WIDGET (scene));
}
