/* stage.c: one child at a fixed size under one transform. Refused: knowing what the child is. */
#include "kiosk/stage.h"

struct _Stage {
  GtkWidget parent_instance;
  GtkWidget *child;
  double scale;
};

G_DEFINE_FINAL_TYPE (Stage, stage, GTK_TYPE_WIDGET)

static void
stage_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
               int *natural, int *minimum_baseline, int *natural_baseline)
{
  int unused;
  /* GTK wants a widget measured before it is allocated. */
  gtk_widget_measure (ONESTOP_STAGE (widget)->child, orientation, -1, &unused, NULL, NULL, NULL);
  *minimum = 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? STAGE_WIDTH / 2 : STAGE_HEIGHT / 2;
}

static void
stage_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  Stage *stage = ONESTOP_STAGE (widget);
  float scale = MIN ((float)width / STAGE_WIDTH, (float)height / STAGE_HEIGHT);
  graphene_point_t corner =
      GRAPHENE_POINT_INIT ((width - STAGE_WIDTH * scale) / 2, (height - STAGE_HEIGHT * scale) / 2);
  stage->scale = (double)scale;
  GskTransform *transform = gsk_transform_translate (NULL, &corner);
  gtk_widget_allocate (stage->child, STAGE_WIDTH, STAGE_HEIGHT, -1,
                       gsk_transform_scale (transform, scale, scale));
}

static void
stage_dispose (GObject *object)
{
  g_clear_pointer (&ONESTOP_STAGE (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (stage_parent_class)->dispose (object);
}

static void
stage_class_init (StageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = stage_dispose;
  GTK_WIDGET_CLASS (class)->measure = stage_measure;
  GTK_WIDGET_CLASS (class)->size_allocate = stage_size_allocate;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
stage_init (Stage *stage)
{
  stage->scale = 1;
}

GtkWidget *
stage_new (GtkWidget *child)
{
  Stage *stage = g_object_new (STAGE_TYPE, NULL);
  stage->child = child;
  gtk_widget_set_parent (child, GTK_WIDGET (stage));
  return GTK_WIDGET (stage);
}

double
stage_scale (Stage *stage)
{
  return stage->scale;
}
