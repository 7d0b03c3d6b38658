/* stick-page.c: lists what is on the stick and takes what is tapped, after the intake helper has
 * judged it. No file chooser: nothing but the stick can be reached. */
#include "kiosk/stick-page.h"

#include "base/log.h"
#include "flow/intake-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/intake-step.h"
#include "kiosk/label.h"
#include "kiosk/papers.h"
#include "kiosk/shell.h"

struct _StickPage {
  Page parent;
  IntakeFlow *flow; /* the session's */
  ScanFlow *scan;
  const GuideMaterial *material;
  GPtrArray *files; /* UsbStickFile, or NULL */
  gboolean there;   /* a stick was in when the page was built */
};

G_DEFINE_FINAL_TYPE (StickPage, stick_page, PAGE_TYPE)

static void
on_file_clicked (GtkButton *button, gpointer data)
{
  StickPage *self = ONESTOP_STICK_PAGE (data);
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "file"));
  g_autoptr (GError) error = NULL;

  if (!scan_flow_import (self->scan, self->material->id, self->files->pdata[index], &error))
    log_warning ("stick-page.refused", "%s", error->message);
}

static void
on_done_clicked (GtkButton *button, gpointer data)
{
  page_event (ONESTOP_PAGE (data), SESSION_DONE);
}

/* How often the file with this label is in the slot already. */
static gboolean
is_taken (StickPage *self, const char *label)
{
  g_autoptr (GPtrArray) documents = intake_flow_documents (self->flow, self->material->id);

  for (guint i = 0; i < documents->len; i++)
    if (g_strcmp0 (((IntakeDocument *)documents->pdata[i])->name, label) == 0)
      return TRUE;
  return FALSE;
}

static void
add_file (StickPage *self, GtkWidget *list, guint index)
{
  Page *page = ONESTOP_PAGE (self);
  const UsbStickFile *file = self->files->pdata[index];
  g_autofree char *size = g_format_size_full (file->size, G_FORMAT_SIZE_IEC_UNITS);
  gboolean taken = is_taken (self, file->label);
  GtkWidget *mark = taken ? label_new ("k-chip is-done", page_say (page, "added")) : NULL;
  GtkWidget *row = button_new_row (glyph_new_in_moon ("document-send", 40, 80, NULL), file->label,
                                   size, mark, G_CALLBACK (on_file_clicked), self);

  g_object_set_data (G_OBJECT (row), "file", GUINT_TO_POINTER (index));
  gtk_widget_set_sensitive (row, !scan_flow_is_busy (self->scan) && !taken);
  gtk_box_append (GTK_BOX (list), row);
}

static void
add_files (StickPage *self, GtkWidget *box)
{
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;
  GtkWidget *list;

  self->files = scan_flow_list_stick (self->scan, &more, &error);
  if (self->files == NULL || self->files->len == 0) {
    gtk_box_append (
        GTK_BOX (box),
        label_new ("k-lead",
                   self->files == NULL
                       ? page_say (page, "Put your USB drive into the slot beside the screen.")
                       : page_say (page, "There is no file on this USB drive.")));
    return;
  }
  list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  label_classes (list, "k-list");
  for (guint i = 0; i < self->files->len; i++)
    add_file (self, list, i);
  gtk_box_append (GTK_BOX (box), list);
  if (more)
    gtk_box_append (
        GTK_BOX (box),
        label_new ("k-caption", page_say (page, "There are more files than can be shown here.")));
}

static void
stick_page_tick (Page *page)
{
  StickPage *self = ONESTOP_STICK_PAGE (page);

  if (self->scan != NULL && !scan_flow_is_busy (self->scan) &&
      scan_flow_has_stick (self->scan) != self->there)
    shell_rebuild (page_kiosk (page)->shell);
}

static void
stick_page_build (Page *page)
{
  StickPage *self = ONESTOP_STICK_PAGE (page);
  const char *fault = papers_fault (page);
  GtkWidget *list;

  self->flow = intake_step_begin (page);
  self->scan = papers_flow (page);
  self->material = papers_material (page);
  page_add_back (page);
  if (self->flow == NULL || self->scan == NULL || self->material == NULL)
    return;
  self->there = scan_flow_has_stick (self->scan);
  intake_step_line (page, 2);
  page_set_title (page, guide_text (self->material->name, page_language (page), NULL), TRUE);
  list = page_add_scroller (page);
  gtk_widget_set_margin_top (list, 24);
  gtk_box_set_spacing (GTK_BOX (list), 24);
  gtk_box_append (
      GTK_BOX (list),
      label_new ("k-lead", page_say (page, "Tap the file to hand in: JPEG, PNG or PDF.")));
  if (fault != NULL) {
    GtkWidget *note = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
    label_classes (note, "k-note is-error");
    gtk_box_append (GTK_BOX (note), glyph_new ("dialog-warning", 40));
    gtk_box_append (GTK_BOX (note), label_new ("k-strong", fault));
    gtk_box_append (GTK_BOX (list), note);
  }
  add_files (self, list);
  page_set_primary (page, page_say (page, "Done"), "emblem-ok", G_CALLBACK (on_done_clicked));
}

static void
stick_page_finalize (GObject *object)
{
  g_clear_pointer (&ONESTOP_STICK_PAGE (object)->files, g_ptr_array_unref);
  G_OBJECT_CLASS (stick_page_parent_class)->finalize (object);
}

static void
stick_page_class_init (StickPageClass *class)
{
  G_OBJECT_CLASS (class)->finalize = stick_page_finalize;
  ONESTOP_PAGE_CLASS (class)->build = stick_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = stick_page_tick;
}

static void
stick_page_init (StickPage *self)
{
}
