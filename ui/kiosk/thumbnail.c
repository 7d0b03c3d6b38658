/* thumbnail.c: asks the intake helper for pixels and shows them. Refuses to decode anything itself.
 */
#include "kiosk/thumbnail.h"

#include "base/error.h"
#include "base/log.h"
#include "document/document.h"

struct _Thumbnail {
  GtkWidget parent;
  GtkWidget *picture;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (Thumbnail, thumbnail, GTK_TYPE_WIDGET)

static void
on_preview_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Thumbnail) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DocumentPixels) pixels = document_preview_finish (result, &error);
  g_autoptr (GdkTexture) texture = NULL;

  if (self->picture == NULL)
    return;
  if (pixels == NULL) {
    if (!onestop_error_is (error, ONESTOP_ERROR_CANCELLED))
      log_warning ("thumbnail.not-drawn", "%s", error->message);
    return;
  }
  texture = gdk_memory_texture_new ((int)pixels->width, (int)pixels->height, GDK_MEMORY_R8G8B8,
                                    pixels->rgb, pixels->width * 3);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
}

static void
thumbnail_dispose (GObject *object)
{
  Thumbnail *self = ONESTOP_THUMBNAIL (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, gtk_widget_unparent);
  G_OBJECT_CLASS (thumbnail_parent_class)->dispose (object);
}

static void
thumbnail_class_init (ThumbnailClass *class)
{
  G_OBJECT_CLASS (class)->dispose = thumbnail_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
thumbnail_init (Thumbnail *self)
{
  self->cancellable = g_cancellable_new ();
  self->picture = gtk_picture_new ();
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), TRUE);
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "k-thumbnail");
}

GtkWidget *
thumbnail_new (const IntakeDocument *document, guint page, int width, int height, const char *name)
{
  Thumbnail *self = g_object_new (THUMBNAIL_TYPE, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  gtk_widget_set_size_request (GTK_WIDGET (self), width, height);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  document_preview_async (document->bytes, page - 1, (guint)width, (guint)height,
                          (guint)document->rotate, self->cancellable, on_preview_done,
                          g_object_ref (self));
  return GTK_WIDGET (self);
}
