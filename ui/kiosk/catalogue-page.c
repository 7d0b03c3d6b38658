/* catalogue-page.c: four tabs and a list; which tab is open is the session's to remember. */
#include "kiosk/catalogue-page.h"

#include "domain/guide.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/group-look.h"
#include "kiosk/label.h"

struct _CataloguePage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (CataloguePage, catalogue_page, PAGE_TYPE)

static void
on_service (GtkButton *button, gpointer data)
{
  Page *page = data;
  session_set_service (page_session (page), g_object_get_data (G_OBJECT (button), "service"));
  page_event (page, SESSION_SERVICE);
}

static GtkWidget *
chip_new (Page *page, const GuideService *service)
{
  if (!service->enabled)
    return label_new_chip ("k-chip is-notice", page_say (page, "To be confirmed"));
  if (service->complete && service->intake_mode == GUIDE_INTAKE_PRECHECK)
    return label_new_chip ("k-chip is-done", page_say (page, "Pre-check here"));
  if (service->complete)
    return label_new_chip ("k-chip is-done", page_say (page, "Apply here"));
  if (service->intake_mode == GUIDE_INTAKE_CONSULT)
    return label_new_chip ("k-chip", page_say (page, "Ask a specialist"));
  return label_new_chip ("k-chip", page_say (page, "At the window"));
}

const GuideLimit *
catalogue_page_limit (const GuideService *service)
{
  const GuideLimit *limit = guide_limit (service, GUIDE_LIMIT_PROMISED);
  if (limit == NULL || limit->unknown)
    limit = guide_limit (service, GUIDE_LIMIT_STATUTORY);
  return limit == NULL || limit->unknown ? NULL : limit;
}

GtkWidget *
catalogue_page_row_new (Page *page, const void *data)
{
  const GuideService *service = data;
  const char *language = page_language (page);
  const GuideLimit *limit = catalogue_page_limit (service);
  g_autofree char *text = limit != NULL ? guide_limit_text (limit, language) : NULL;
  g_autofree char *second = text != NULL
                                ? translate_printf (language, "Time limit: %s", text)
                                : g_strdup (page_say (page, "Time limit: as the window answers"));
  GtkWidget *row = button_new_row (NULL, guide_text (service->name, language, NULL), second,
                                   chip_new (page, service), G_CALLBACK (on_service), page);
  g_object_set_data (G_OBJECT (row), "service", (gpointer)service->id);
  return row;
}

char *
catalogue_page_version (Page *page)
{
  const Guide *guide = page_kiosk (page)->app->guide;
  g_autofree char *day = g_strndup (guide_peek_published (guide), 10);
  return translate_printf (page_language (page), "Service guide version %u, published %s",
                           guide_version (guide), day);
}

static void
on_tab (GtkButton *button, gpointer data)
{
  Page *page = data;
  session_take_flow (page_session (page), SESSION_SLOT_GROUP,
                     g_strdup (g_object_get_data (G_OBJECT (button), "group")), g_free);
  page_event (page, SESSION_STEP);
}

static GtkWidget *
tabs_new (Page *page, GuideGroup open)
{
  const char *language = page_language (page);
  GtkWidget *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_box_set_homogeneous (GTK_BOX (tabs), TRUE);
  for (int group = GUIDE_GROUP_QUALIFICATION; group <= GUIDE_GROUP_CONSULTING; group++) {
    g_autoptr (GPtrArray) services = guide_group (page_kiosk (page)->app->guide, group);
    g_autofree char *count =
        translate_count (language, "%d service", "%d services", (int)services->len);
    const char *title = guide_group_name (group, language);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
    gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (box),
                    label_classes (glyph_new (group_look_glyph (group), 56), "k-glyph"));
    gtk_box_append (GTK_BOX (box), label_new_centred ("k-tab-title", title));
    gtk_box_append (GTK_BOX (box), label_new_centred ("k-tab-second", count));
    g_autofree char *second =
        g_strjoin (", ", count, group == open ? page_say (page, "open") : NULL, NULL);
    GtkWidget *tab = button_new_around (group == open ? "k-tab is-selected" : "k-tab", box, title,
                                        G_CALLBACK (on_tab), page);
    label_describe (tab, second);
    g_object_set_data (G_OBJECT (tab), "group", (gpointer)group_look_word (group));
    gtk_box_append (GTK_BOX (tabs), tab);
  }
  return tabs;
}

static GtkWidget *
heading_new (const char *title, const char *second)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_box_append (GTK_BOX (line), label_new ("k-section", title));
  gtk_box_append (GTK_BOX (line), label_new ("k-muted", second));
  return line;
}

static void
catalogue_page_build (Page *page)
{
  static const char *const clauses[] = {[GUIDE_GROUP_QUALIFICATION] = N_ ("Article 4 (1)"),
                                        [GUIDE_GROUP_BENEFIT] = N_ ("Article 4 (2)"),
                                        [GUIDE_GROUP_STARTUP] = N_ ("Article 4 (3)"),
                                        [GUIDE_GROUP_CONSULTING] = N_ ("Article 4 (4)")};
  const char *language = page_language (page);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Service guide"), FALSE);
  page_add_back (page);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *title = label_new ("k-h1", page_say (page, "Service guide"));
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (head), title);
  Guide *guide = page_kiosk (page)->app->guide;
  gtk_box_append (GTK_BOX (body), head);
  if (guide == NULL) {
    gtk_box_append (
        GTK_BOX (body),
        label_new (
            "k-lead",
            page_say (page, "The guide cannot be shown now. The window can tell you everything.")));
    return;
  }
  GuideGroup open = group_look_parse (session_flow (page_session (page), SESSION_SLOT_GROUP));
  gtk_box_append (
      GTK_BOX (head),
      label_new ("k-muted", page_say (page, "21 services of Article 4, in four groups")));
  GtkWidget *tabs = tabs_new (page, open);
  gtk_widget_set_margin_top (tabs, 32);
  gtk_box_append (GTK_BOX (body), tabs);
  GtkWidget *heading =
      heading_new (guide_group_name (open, language), page_say (page, clauses[open]));
  gtk_widget_set_margin_top (heading, 36);
  gtk_widget_set_margin_bottom (heading, 16);
  gtk_box_append (GTK_BOX (body), heading);

  GtkWidget *content = page_add_scroller (page);
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  g_autoptr (GPtrArray) services = guide_group (guide, open);
  for (guint i = 0; i < services->len; i++)
    gtk_box_append (GTK_BOX (list), catalogue_page_row_new (page, services->pdata[i]));
  gtk_box_append (GTK_BOX (content), list);
  g_autofree char *version = catalogue_page_version (page);
  GtkWidget *foot = label_new ("k-caption k-muted", version);
  gtk_widget_set_margin_top (foot, 16);
  gtk_box_append (GTK_BOX (content), foot);
}

static void
catalogue_page_class_init (CataloguePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = catalogue_page_build;
}

static void
catalogue_page_init (CataloguePage *page)
{
}
