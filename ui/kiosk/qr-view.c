/* qr-view.c: one rectangle a run of dark modules, no anti-aliasing. */
#include "kiosk/qr-view.h"

#include "kiosk/label.h"
#include "paper/qr.h"

struct _QrView {
  GtkWidget parent_instance;
  Qr *qr;
  int size;
};

G_DEFINE_FINAL_TYPE (QrView, qr_view, GTK_TYPE_WIDGET)

static void
qr_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  QrView *view = ONESTOP_QR_VIEW (widget);
  const GdkRGBA black = {0, 0, 0, 1}, white = {1, 1, 1, 1};
  graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, (float)view->size, (float)view->size);
  gtk_snapshot_append_color (snapshot, &white, &all);
  if (view->qr == NULL)
    return;
  int modules = view->qr->size + 2 * QR_QUIET, dot = view->size / modules;
  int edge = (view->size - view->qr->size * dot) / 2;
  for (int y = 0; y < view->qr->size; y++) {
    const guint8 *row = view->qr->dark + y * view->qr->size;
    for (int x = 0, end; x < view->qr->size; x = end + 1) {
      for (end = x; end < view->qr->size && row[end]; end++)
        ;
      if (end > x) {
        graphene_rect_t run = GRAPHENE_RECT_INIT ((float)(edge + x * dot), (float)(edge + y * dot),
                                                  (float)((end - x) * dot), (float)dot);
        gtk_snapshot_append_color (snapshot, &black, &run);
      }
    }
  }
}

static void
qr_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                 int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = ONESTOP_QR_VIEW (widget)->size;
}

static void
qr_view_finalize (GObject *object)
{
  qr_free (ONESTOP_QR_VIEW (object)->qr);
  G_OBJECT_CLASS (qr_view_parent_class)->finalize (object);
}

static void
qr_view_class_init (QrViewClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qr_view_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = qr_view_snapshot;
  GTK_WIDGET_CLASS (class)->measure = qr_view_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
qr_view_init (QrView *view)
{
  gtk_widget_set_halign (GTK_WIDGET (view), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (view), GTK_ALIGN_CENTER);
}

GtkWidget *
qr_view_new (const char *text, int size, const char *name)
{
  QrView *view = g_object_new (QR_VIEW_TYPE, NULL);
  view->qr = qr_new (text, QR_LEVEL_M, 0, 0, NULL);
  view->size = size;
  if (view->qr != NULL) {
    /* No module narrower than its neighbour: the side is a whole number of dots. */
    int modules = view->qr->size + 2 * QR_QUIET;
    view->size = MAX (size / modules, 1) * modules;
  }
  label_name (GTK_WIDGET (view), name);
  return GTK_WIDGET (view);
}
