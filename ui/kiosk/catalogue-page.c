/* catalogue-page.c: a search field, four tabs and a list; which tab is open and what is searched is
 * the session's to remember. While something is searched, what was found stands in the place of the
 * groups. */
#include "kiosk/catalogue-page.h"

#include "domain/guide.h"
#include "domain/person.h"
#include "flow/guide-search.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/group-look.h"
#include "kiosk/keyboard.h"
#include "kiosk/label.h"
#include "kiosk/sheets.h"

#define MAX_QUERY 40

struct _CataloguePage {
  Page parent_instance;
  Keyboard *keyboard;
  GtkWidget *entry, *clear;
  GtkWidget *groups; /* tabs and heading: away while something is searched */
  GtkWidget *list;   /* what the open group or the search has */
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

/* ---- search ---- */

static const NameSearch *
names_of (Page *page)
{
  Kiosk *kiosk = page_kiosk (page);

  if (kiosk->searched != kiosk->app->guide) {
    g_clear_pointer (&kiosk->search, name_search_free);
    g_clear_pointer (&kiosk->searched, guide_unref);
    kiosk->search = guide_search_new (kiosk->app->guide, page_pinyin (page));
    kiosk->searched = guide_ref (kiosk->app->guide);
  }
  return kiosk->search;
}

static const char *
query_of (Page *page)
{
  const char *query = session_flow (page_session (page), SESSION_SLOT_SEARCH);
  return query != NULL ? query : "";
}

static void
on_ask (GtkButton *button, gpointer data)
{
  sheets_show_help (page_kiosk (data));
}

/* Nothing was found: what else to do. */
static GtkWidget *
nothing_new (Page *page, const char *query)
{
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32), "k-card");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  g_autofree char *title = translate_printf (page_language (page), "Nothing found for “%s”", query);
  GtkWidget *ask = button_new ("k-btn k-secondary k-small", page_say (page, "Ask a person"),
                               "people", NULL, G_CALLBACK (on_ask), page);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (ask, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), label_new ("k-h3", title));
  gtk_box_append (GTK_BOX (words),
                  label_new ("k-body", page_say (page, "Try a shorter word, or go through the four "
                                                       "groups. A specialist knows the rest.")));
  gtk_box_append (GTK_BOX (card), words);
  gtk_box_append (GTK_BOX (card), ask);
  return card;
}

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

static GtkWidget *
rows_new (Page *page, const GPtrArray *services)
{
  GtkWidget *rows = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < services->len; i++)
    gtk_box_append (GTK_BOX (rows), catalogue_page_row_new (page, services->pdata[i]));
  return rows;
}

static void
add_found (CataloguePage *self, const char *query)
{
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GPtrArray) ids = name_search_find (names_of (page), query);
  g_autoptr (GPtrArray) services = g_ptr_array_new ();

  for (guint i = 0; i < ids->len; i++)
    g_ptr_array_add (services,
                     (gpointer)guide_service (page_kiosk (page)->app->guide, ids->pdata[i]));
  if (services->len == 0) {
    gtk_box_append (GTK_BOX (self->list), nothing_new (page, query));
    return;
  }
  g_autofree char *count = translate_count (page_language (page), "%d service found",
                                            "%d services found", (int)services->len);
  GtkWidget *words = label_new ("k-section", count);
  gtk_widget_set_margin_bottom (words, 16);
  gtk_box_append (GTK_BOX (self->list), words);
  gtk_box_append (GTK_BOX (self->list), rows_new (page, services));
}

static void
add_group (CataloguePage *self)
{
  Page *page = ONESTOP_PAGE (self);
  g_autoptr (GPtrArray) services =
      guide_group (page_kiosk (page)->app->guide,
                   group_look_parse (session_flow (page_session (page), SESSION_SLOT_GROUP)));
  g_autofree char *version = catalogue_page_version (page);
  GtkWidget *foot = label_new ("k-caption k-muted", version);

  gtk_box_append (GTK_BOX (self->list), rows_new (page, services));
  gtk_widget_set_margin_top (foot, 16);
  gtk_box_append (GTK_BOX (self->list), foot);
}

static void
show_list (CataloguePage *self)
{
  const char *query = query_of (ONESTOP_PAGE (self));
  gboolean searching = *query != '\0';

  gtk_widget_set_visible (self->groups, !searching);
  gtk_widget_set_visible (self->clear, searching);
  clear_box (self->list);
  if (searching)
    add_found (self, query);
  else
    add_group (self);
}

/* Without the apostrophes of composing and blanks around it. Owned. */
static char *
plain_query (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "'", -1);
  return g_strstrip (g_strjoinv ("", parts));
}

static void
on_query_changed (GtkEditable *entry, gpointer data)
{
  CataloguePage *self = data;
  char *query = plain_query (gtk_editable_get_text (entry));
  /* A finger on a row takes the focus from the entry, which ends composing: the same letters, and
   * the row must not go away under the finger. */
  gboolean same = g_str_equal (query, query_of (ONESTOP_PAGE (self)));
  session_take_flow (page_session (ONESTOP_PAGE (self)), SESSION_SLOT_SEARCH, query,
                     (GDestroyNotify)person_text_free);
  if (!same)
    show_list (self);
}

static void
on_query_entered (GtkEventControllerFocus *controller, gpointer data)
{
  CataloguePage *self = data;
  Page *page = ONESTOP_PAGE (self);
  gboolean chinese = g_str_equal (page_language (page), "zh_CN");

  keyboard_attach (self->keyboard, GTK_EDITABLE (self->entry),
                   chinese ? KEYBOARD_CHINESE : KEYBOARD_LATIN);
  if (gtk_widget_get_parent (GTK_WIDGET (self->keyboard)) == NULL)
    page_set_keyboard (page, GTK_WIDGET (self->keyboard));
}

static void
on_query_left (GtkEventControllerFocus *controller, gpointer data)
{
  keyboard_settle (((CataloguePage *)data)->keyboard);
}

static void
on_keyboard_done (Keyboard *keyboard, gpointer data)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (data));

  page_set_keyboard (ONESTOP_PAGE (data), NULL);
  if (root != NULL)
    gtk_root_set_focus (root, NULL);
}

static void
on_clear (GtkButton *button, gpointer data)
{
  CataloguePage *self = data;
  keyboard_settle (self->keyboard);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_widget_grab_focus (self->entry);
}

static GtkWidget *
entry_new (CataloguePage *self)
{
  Page *page = ONESTOP_PAGE (self);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->entry = label_classes (gtk_entry_new (), "k-entry is-search");
  gtk_entry_set_max_length (GTK_ENTRY (self->entry), MAX_QUERY);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry),
                                  page_say (page, "Find a service: housing, school, or luohu"));
  gtk_entry_set_input_hints (GTK_ENTRY (self->entry),
                             GTK_INPUT_HINT_NO_EMOJI | GTK_INPUT_HINT_PRIVATE |
                                 GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_INHIBIT_OSK);
  g_object_set (self->entry, "enable-emoji-completion", FALSE, NULL);
  label_name (self->entry, page_say (page, "Find a service"));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), query_of (page));
  g_signal_connect (self->entry, "changed", G_CALLBACK (on_query_changed), self);
  g_signal_connect (focus, "enter", G_CALLBACK (on_query_entered), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_query_left), self);
  gtk_widget_add_controller (self->entry, focus);
  return self->entry;
}

static GtkWidget *
search_new (CataloguePage *self)
{
  Page *page = ONESTOP_PAGE (self);
  GtkWidget *over = label_new_overlay (), *sign = glyph_new ("system-search", 40);

  gtk_overlay_set_child (GTK_OVERLAY (over), entry_new (self));
  gtk_widget_set_halign (sign, GTK_ALIGN_START);
  gtk_widget_set_valign (sign, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (sign, 30);
  gtk_widget_set_can_target (sign, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), sign);
  self->clear =
      button_new_around ("k-clear", glyph_new ("edit-clear", 40),
                         page_say (page, "Clear the search"), G_CALLBACK (on_clear), self);
  gtk_widget_set_halign (self->clear, GTK_ALIGN_END);
  gtk_widget_set_valign (self->clear, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_end (self->clear, 10);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), self->clear);
  self->keyboard = g_object_ref_sink (keyboard_new (page_language (page), page_pinyin (page)));
  g_signal_connect (self->keyboard, "done", G_CALLBACK (on_keyboard_done), self);
  return over;
}

/* ---- the page ---- */

static GtkWidget *
groups_new (Page *page)
{
  static const char *const clauses[] = {[GUIDE_GROUP_QUALIFICATION] = N_ ("Article 4 (1)"),
                                        [GUIDE_GROUP_BENEFIT] = N_ ("Article 4 (2)"),
                                        [GUIDE_GROUP_STARTUP] = N_ ("Article 4 (3)"),
                                        [GUIDE_GROUP_CONSULTING] = N_ ("Article 4 (4)")};
  GuideGroup open = group_look_parse (session_flow (page_session (page), SESSION_SLOT_GROUP));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *heading =
      heading_new (guide_group_name (open, page_language (page)), page_say (page, clauses[open]));

  gtk_box_append (GTK_BOX (box), tabs_new (page, open));
  gtk_widget_set_margin_top (heading, 36);
  gtk_widget_set_margin_bottom (heading, 16);
  gtk_box_append (GTK_BOX (box), heading);
  return box;
}

static void
catalogue_page_build (Page *page)
{
  CataloguePage *self = ONESTOP_CATALOGUE_PAGE (page);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Service guide"), FALSE);
  page_add_back (page);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *title = label_new ("k-h1", page_say (page, "Service guide"));
  gtk_widget_set_hexpand (title, TRUE);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (body), head);
  if (page_kiosk (page)->app->guide == NULL) {
    gtk_box_append (
        GTK_BOX (body),
        label_new (
            "k-lead",
            page_say (page, "The guide cannot be shown now. The window can tell you everything.")));
    return;
  }
  gtk_box_append (
      GTK_BOX (head),
      label_new ("k-muted", page_say (page, "21 services of Article 4, in four groups")));
  GtkWidget *search = search_new (self);
  gtk_widget_set_margin_top (search, 24);
  gtk_widget_set_margin_bottom (search, 28);
  gtk_box_append (GTK_BOX (body), search);
  self->groups = groups_new (page);
  gtk_box_append (GTK_BOX (body), self->groups);
  self->list = page_add_scroller (page);
  show_list (self);
}

static void
catalogue_page_leave (Page *page)
{
  CataloguePage *self = ONESTOP_CATALOGUE_PAGE (page);
  if (self->keyboard != NULL)
    keyboard_forget (self->keyboard);
}

static void
catalogue_page_dispose (GObject *object)
{
  g_clear_object (&ONESTOP_CATALOGUE_PAGE (object)->keyboard);
  G_OBJECT_CLASS (catalogue_page_parent_class)->dispose (object);
}

static void
catalogue_page_class_init (CataloguePageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = catalogue_page_dispose;
  ONESTOP_PAGE_CLASS (class)->build = catalogue_page_build;
  ONESTOP_PAGE_CLASS (class)->leave = catalogue_page_leave;
}

static void
catalogue_page_init (CataloguePage *page)
{
}
