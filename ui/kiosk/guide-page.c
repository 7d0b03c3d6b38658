/* guide-page.c: shows what the guide states. What it does not state, or not surely, is said to be
 * the window's to answer; nothing is made up. */
#include "kiosk/guide-page.h"

#include <string.h>

#include "domain/guide.h"
#include "kiosk/button.h"
#include "kiosk/catalogue-page.h"
#include "kiosk/glyph.h"
#include "kiosk/guide-facts.h"
#include "kiosk/guide-limits.h"
#include "kiosk/group-look.h"
#include "kiosk/label.h"
#include "kiosk/take-away.h"

struct _GuidePage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (GuidePage, guide_page, PAGE_TYPE)

static const char *
say_text (Page *page, const GuideText *text)
{
  return guide_text (text, page_language (page), NULL);
}

static GtkWidget *
heading_new (const char *title, const char *second)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_widget_set_margin_top (line, 44);
  gtk_widget_set_margin_bottom (line, 16);
  gtk_box_append (GTK_BOX (line), label_new ("k-section", title));
  if (second != NULL) {
    GtkWidget *words = label_new ("k-muted", second);
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_box_append (GTK_BOX (line), words);
  }
  return line;
}

/* ---- the four figures ---- */

static GtkWidget *
figure_new (const char *title, const char *number, const char *unit)
{
  GtkWidget *box = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-figure");
  gtk_box_append (GTK_BOX (box), label_new_centred (NULL, title));
  gboolean is_long = g_utf8_strlen (unit, -1) > 6;
  GtkWidget *line = gtk_box_new (
      number != NULL && is_long ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_set_spacing (GTK_BOX (line), is_long ? 0 : 8);
  gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (line, TRUE);
  if (number != NULL) {
    GtkWidget *big = label_new_centred ("k-number is-middle k-acc", number);
    if (!is_long)
      gtk_widget_set_valign (big, GTK_ALIGN_BASELINE);
    gtk_box_append (GTK_BOX (line), big);
  }
  GtkWidget *words = number != NULL ? label_new_line (is_long ? "k-caption" : NULL, unit)
                     : is_long      ? label_new_centred ("k-strong", unit)
                                    : label_new_line ("k-strong", unit);
  gtk_widget_set_valign (words, number != NULL && !is_long ? GTK_ALIGN_BASELINE : GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (box), line);
  return box;
}

static GtkWidget *
limit_figure (Page *page, const GuideService *service)
{
  const GuideLimit *limit = catalogue_page_limit (service);
  const char *title = page_say (page, "Time limit");
  if (limit == NULL)
    return figure_new (title, NULL, page_say (page, "as the window answers"));
  g_autofree char *number = g_strdup_printf ("%u", limit->value);
  switch (limit->unit) {
  case GUIDE_UNIT_WORKDAY:
    return figure_new (title, number, page_say (page, "working days"));
  case GUIDE_UNIT_CALENDAR_DAY:
    return figure_new (title, number, page_say (page, "days"));
  case GUIDE_UNIT_MONTH:
    return figure_new (title, number, page_say (page, "months"));
  case GUIDE_UNIT_HOUR:
    return figure_new (title, number, page_say (page, "hours"));
  case GUIDE_UNIT_IMMEDIATE:
    return figure_new (title, NULL, page_say (page, "on the spot"));
  case GUIDE_UNIT_BATCH:
  default: {
    g_autofree char *text = guide_limit_text (limit, page_language (page));
    return figure_new (title, NULL, text);
  }
  }
}

static GtkWidget *
figures_new (Page *page, const GuideService *service)
{
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "k-list k-figures");
  gtk_box_set_homogeneous (GTK_BOX (card), TRUE);
  gtk_box_append (GTK_BOX (card), limit_figure (page, service));
  const char *fee = page_say (page, "Fee");
  if (!service->fees_stated)
    gtk_box_append (GTK_BOX (card), figure_new (fee, NULL, page_say (page, "ask at the window")));
  else if (!service->charged)
    gtk_box_append (GTK_BOX (card), figure_new (fee, "0", page_say (page, "yuan")));
  else if (service->fees->len == 1)
    gtk_box_append (GTK_BOX (card), figure_new (fee, ((GuideFee *)service->fees->pdata[0])->amount,
                                                page_say (page, "yuan")));
  else
    gtk_box_append (GTK_BOX (card), figure_new (fee, NULL, page_say (page, "see below")));
  g_autofree char *visits = g_strdup_printf ("%u", service->in_person);
  if (service->in_person == 0)
    gtk_box_append (GTK_BOX (card), figure_new (page_say (page, "Visits"), NULL,
                                                page_say (page, "ask at the window")));
  else
    gtk_box_append (
        GTK_BOX (card),
        figure_new (page_say (page, "Visits"), visits,
                    page_say (page, service->in_person == 1 ? N_ ("time") : N_ ("times"))));
  g_autofree char *papers = g_strdup_printf ("%u", service->materials->len);
  if (service->materials->len == 0)
    gtk_box_append (GTK_BOX (card), figure_new (page_say (page, "Papers"), NULL,
                                                page_say (page, "ask at the window")));
  else
    gtk_box_append (
        GTK_BOX (card),
        figure_new (page_say (page, "Papers"), papers,
                    page_say (page, service->materials->len == 1 ? N_ ("item") : N_ ("items"))));
  return card;
}

/* ---- steps ---- */

static GtkWidget *
index_new (guint n, gboolean first)
{
  g_autofree char *text = g_strdup_printf ("%u", n);
  GtkWidget *moon = gtk_center_box_new ();
  label_classes (moon, first ? "k-moon is-done" : "k-moon");
  gtk_widget_set_size_request (moon, 72, 72);
  gtk_widget_set_halign (moon, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (moon, GTK_ALIGN_START);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (moon), label_new_centred ("k-letter", text));
  return moon;
}

static const char *
who_text (Page *page, const char *by)
{
  const Guide *guide = page_kiosk (page)->app->guide;
  if (by == NULL)
    return NULL;
  if (g_str_equal (by, "applicant"))
    return page_say (page, "You");
  if (g_str_equal (by, "employer"))
    return page_say (page, "Your employer");
  const GuideDepartment *department = guide_department (guide, by);
  return department != NULL ? say_text (page, department->name) : NULL;
}

static GtkWidget *
steps_new (Page *page, const GuideService *service)
{
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < service->steps->len; i++) {
    const GuideStep *step = service->steps->pdata[i];
    GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
    gtk_box_append (GTK_BOX (item), index_new (i + 1, i == 0));
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (words), label_new ("k-row-title", say_text (page, step->name)));
    const char *who = who_text (page, step->by);
    g_autofree char *limit = step->limit != NULL && !step->limit->unknown
                                 ? guide_limits_words (page, step->limit)
                                 : NULL;
    g_autofree char *second = who != NULL && limit != NULL ? g_strdup_printf ("%s · %s", who, limit)
                                                           : g_strdup (who != NULL ? who : limit);
    if (second != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-row-second", second));
    if (say_text (page, step->standard) != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-caption", say_text (page, step->standard)));
    gtk_box_append (GTK_BOX (item), words);
    gtk_box_append (GTK_BOX (list), item);
  }
  return list;
}

/* ---- papers ---- */

static const char *
form_word (Page *page, guint forms)
{
  if (forms & GUIDE_FORM_SHARED_DATA)
    return page_say (page, "Not needed");
  if (forms & GUIDE_FORM_ORIGINAL)
    return page_say (page, "Original");
  if (forms & GUIDE_FORM_ORIGINAL_SHOWN)
    return page_say (page, "Show original");
  if (forms & (GUIDE_FORM_COPY | GUIDE_FORM_COPY_STAMPED))
    return page_say (page, "Copy");
  return page_say (page, "Electronic");
}

/* Everything that the guide says of a paper, as one small text. Owned; NULL if nothing. */
static char *
paper_text (Page *page, const GuideMaterial *material)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  const GuideText *texts[] = {material->when_text, material->issuer, material->notes};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (say_text (page, texts[i]) != NULL)
      g_ptr_array_add (parts, g_strdup (say_text (page, texts[i])));
  if (material->required == GUIDE_REQUIRED_OPTIONAL)
    g_ptr_array_add (parts, g_strdup (page_say (page, "If you have it")));
  if (material->deferrable_days > 0)
    g_ptr_array_add (parts,
                     translate_count (page_language (page), "May follow within %d day",
                                      "May follow within %d days", (int)material->deferrable_days));
  if (material->translation)
    g_ptr_array_add (parts, g_strdup (page_say (page, "With a Chinese translation")));
  if (parts->len == 0)
    return NULL;
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **)parts->pdata);
}

static GtkWidget *
papers_new (Page *page, const GuideService *service)
{
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = service->materials->pdata[i];
    g_autofree char *number = g_strdup_printf ("%u", i + 1);
    g_autofree char *second = paper_text (page, material);
    GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
    GtkWidget *index = label_new_centred ("k-index", number);
    gtk_widget_set_valign (index, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (item), index);
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (words), label_new ("k-strong", say_text (page, material->name)));
    if (second != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-caption", second));
    gtk_box_append (GTK_BOX (item), words);
    GtkWidget *chip = label_new_chip ("k-chip", form_word (page, material->forms));
    gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (item), chip);
    gtk_box_append (GTK_BOX (list), item);
  }
  return list;
}

/* Said once for all papers, however many of them are not confirmed. */
static const char *
papers_unconfirmed (Page *page, const GuideService *service)
{
  for (guint i = 0; i < service->materials->len; i++)
    if (((GuideMaterial *)service->materials->pdata[i])->unconfirmed)
      return guide_unconfirmed_text (page_language (page));
  return NULL;
}

/* ---- basis ---- */

static GtkWidget *
basis_new (Page *page, const GuideService *service)
{
  const char *language = page_language (page);
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < service->basis->len; i++) {
    const GuideBasis *basis = service->basis->pdata[i];
    GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), "k-item");
    const char *title = say_text (page, basis->title);
    g_autofree char *place = g_strjoin (" ", basis->number != NULL ? basis->number : "",
                                        basis->article != NULL ? basis->article : "", NULL);
    gtk_box_append (GTK_BOX (item), label_new ("k-strong", title != NULL ? title : place));
    if (title != NULL && *g_strstrip (place) != '\0')
      gtk_box_append (GTK_BOX (item), label_new ("k-row-second", place));
    if (basis->status != GUIDE_STATUS_IN_FORCE)
      gtk_box_append (
          GTK_BOX (item),
          label_new ("k-caption k-muted", guide_basis_status_text (basis->status, language)));
    gtk_box_append (GTK_BOX (list), item);
  }
  return list;
}

static void
on_apply (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_START);
}

static void
on_ticket (GtkButton *button, gpointer data)
{
  Page *page = data;
  const Guide *guide = page_kiosk (page)->app->guide;
  const GuideService *service = guide_service (guide, session_service (page_session (page)));
  if (service != NULL && service->queue != NULL)
    session_take_flow (page_session (page), SESSION_SLOT_FAMILY, g_strdup (service->queue), g_free);
  page_event (page, SESSION_GO_TICKET);
}

static GtkWidget *
notice_new (const char *text)
{
  GtkWidget *note =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note is-notice");
  gtk_box_append (GTK_BOX (note), glyph_new ("dialog-warning", 40));
  GtkWidget *words = label_new ("k-note-text", text);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (note), words);
  gtk_widget_set_margin_top (note, 24);
  return note;
}

static void
add_notices (Page *page, GtkWidget *body, const GuideService *service)
{
  if (!service->enabled) {
    const char *reason = say_text (page, service->disabled_reason);
    gtk_box_append (
        GTK_BOX (body),
        notice_new (reason != NULL ? reason : guide_unconfirmed_text (page_language (page))));
  }
  const char *where = say_text (page, service->formal_application);
  if (where != NULL) {
    gtk_box_append (GTK_BOX (body), notice_new (where));
  } else if (service->intake_mode == GUIDE_INTAKE_PRECHECK) {
    gtk_box_append (
        GTK_BOX (body),
        notice_new (page_say (page, "This machine readies the papers. Another system decides.")));
  } else if (service->intake_mode == GUIDE_INTAKE_ON_BEHALF) {
    gtk_box_append (
        GTK_BOX (body),
        notice_new (page_say (page, "Taken in here and sent on to the department that decides.")));
  }
  if (say_text (page, service->not_accepted) != NULL)
    gtk_box_append (GTK_BOX (body), notice_new (say_text (page, service->not_accepted)));
}

/* `content` may be NULL: then there is no such part. */
static void
add_part (GtkWidget *body, const char *title, const char *second, GtkWidget *content)
{
  if (content == NULL)
    return;
  gtk_box_append (GTK_BOX (body), heading_new (title, second));
  gtk_box_append (GTK_BOX (body), content);
}

static void
guide_page_build (Page *page)
{
  const char *language = page_language (page);
  Guide *guide = page_kiosk (page)->app->guide;
  const char *id = session_service (page_session (page));
  const GuideService *service = guide != NULL && id != NULL ? guide_service (guide, id) : NULL;
  page_set_scrolls (page, TRUE);
  GtkWidget *body = page_body (page);
  page_add_back (page);
  if (service == NULL) {
    page_set_title (page, page_say (page, "Service guide"), TRUE);
    return;
  }
  g_autofree char *crumb = g_strdup_printf ("%s › %s", page_say (page, "Service guide"),
                                            guide_group_name (service->group, language));
  gtk_box_append (GTK_BOX (body), label_new ("k-crumb", crumb));
  page_set_title (page, say_text (page, service->name), TRUE);
  const char *summary = say_text (page, service->summary);
  if (summary != NULL)
    gtk_box_append (GTK_BOX (body), label_new ("k-lead", summary));
  add_notices (page, body, service);
  GtkWidget *figures = figures_new (page, service);
  gtk_widget_set_margin_top (figures, 24);
  gtk_box_append (GTK_BOX (body), figures);
  GtkWidget *take = take_away_new (page, service);
  gtk_widget_set_margin_top (take, 24);
  gtk_box_append (GTK_BOX (body), take);
  add_part (body, page_say (page, "Who may apply"), NULL, guide_facts_conditions (page, service));
  if (service->steps->len > 0) {
    gtk_box_append (GTK_BOX (body),
                    heading_new (page_say (page, "How it goes"),
                                 service->complete
                                     ? page_say (page, "Scan your receipt to see where it stands")
                                     : NULL));
    gtk_box_append (GTK_BOX (body), steps_new (page, service));
  }
  if (service->materials->len > 0) {
    gtk_box_append (GTK_BOX (body), heading_new (page_say (page, "What to bring"),
                                                 papers_unconfirmed (page, service)));
    gtk_box_append (GTK_BOX (body), papers_new (page, service));
  }
  add_part (body, page_say (page, "How long it takes"), NULL, guide_limits_new (page, service));
  add_part (body, page_say (page, "What it costs"),
            service->fees_stated && service->fees_unconfirmed ? guide_unconfirmed_text (language)
                                                              : NULL,
            guide_facts_fees (page, service));
  add_part (body, page_say (page, "What you get"), NULL, guide_facts_results (page, service));
  add_part (body, page_say (page, "Who to ask"), NULL, guide_facts_people (page, service));
  add_part (body, page_say (page, "Your rights"), NULL, guide_facts_rights (page, service));
  add_part (body, page_say (page, "Often asked"), NULL, guide_facts_questions (page, service));
  add_part (body, page_say (page, "Policy text"), NULL, basis_new (page, service));
  g_autofree char *edition = guide_facts_edition (page);
  GtkWidget *foot = label_new ("k-caption k-muted", edition);
  gtk_widget_set_margin_top (foot, 24);
  gtk_box_append (GTK_BOX (body), foot);

  if (!session_may_begin (page_session (page)))
    return;
  if (service->complete && service->enabled) {
    page_add_action (page, page_say (page, "Take a ticket"), "ticket", G_CALLBACK (on_ticket));
    page_set_primary (page, page_say (page, "Apply now"), "go-next", G_CALLBACK (on_apply));
  } else {
    page_set_primary (page, page_say (page, "Take a ticket"), "ticket", G_CALLBACK (on_ticket));
  }
}

static void
guide_page_class_init (GuidePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = guide_page_build;
}

static void
guide_page_init (GuidePage *page)
{
}
