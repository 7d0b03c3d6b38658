/* label.c: the one place that makes labels, so that language, wrapping and alignment are the same
 * everywhere. */
#include "kiosk/label.h"

GtkWidget *
label_classes (GtkWidget *widget, const char *classes)
{
  if (classes != NULL) {
    g_auto (GStrv) each = g_strsplit (classes, " ", -1);
    for (int i = 0; each[i] != NULL; i++)
      if (*each[i] != '\0')
        gtk_widget_add_css_class (widget, each[i]);
  }
  return widget;
}

GtkWidget *
label_new (const char *classes, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_can_target (label, FALSE);
  /* Otherwise Pango may choose the Japanese forms of Han characters. */
  pango_context_set_language (gtk_widget_get_pango_context (label),
                              pango_language_from_string ("zh-cn"));
  return label_classes (label, classes);
}

GtkWidget *
label_new_markup (const char *classes, const char *markup)
{
  GtkWidget *label = label_new (classes, NULL);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  return label;
}

GtkWidget *
label_new_centred (const char *classes, const char *text)
{
  GtkWidget *label = label_new (classes, text);
  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  return label;
}

GtkWidget *
label_new_line (const char *classes, const char *text)
{
  GtkWidget *label = label_new (classes, text);
  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

GtkWidget *
label_new_chip (const char *classes, const char *text)
{
  GtkWidget *label = label_new (classes, text);
  gtk_label_set_wrap (GTK_LABEL (label), FALSE);
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  return label;
}

void
label_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

GtkWidget *
label_new_overlay (void)
{
  return g_object_new (GTK_TYPE_OVERLAY, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
}

void
label_describe (GtkWidget *widget, const char *text)
{
  if (text != NULL && *text != '\0')
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
}
