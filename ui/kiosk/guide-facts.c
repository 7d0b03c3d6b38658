/* guide-facts.c: says what the guide states, and that the window answers where it does not. */
#include "kiosk/guide-facts.h"

#include <string.h>

#include "kiosk/glyph.h"
#include "kiosk/label.h"

static const char *
say_text (Page *page, const GuideText *text)
{
  return guide_text (text, page_language (page), NULL);
}

static GtkWidget *
list_new (void)
{
  return label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
}

/* A row: a title, a line under it, a chip at the right; the last two may be NULL. */
static void
add_row (GtkWidget *list, const char *title, const char *second, const char *chip)
{
  GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), label_new ("k-strong", title));
  if (second != NULL && *second != '\0')
    gtk_box_append (GTK_BOX (words), label_new ("k-caption", second));
  gtk_box_append (GTK_BOX (item), words);
  if (chip != NULL)
    gtk_box_append (GTK_BOX (item), label_new_chip ("k-chip", chip));
  gtk_box_append (GTK_BOX (list), item);
}

/* ---- fees ---- */

static char *
basis_words (Page *page, const GuideBasis *basis)
{
  const char *title = basis != NULL ? say_text (page, basis->title) : NULL;

  if (basis == NULL)
    return NULL;
  return g_strstrip (g_strjoin (" ", title != NULL ? title : "",
                                basis->number != NULL ? basis->number : "",
                                basis->article != NULL ? basis->article : "", NULL));
}

GtkWidget *
guide_facts_fees (Page *page, const GuideService *service)
{
  const char *language = page_language (page);
  GtkWidget *list = list_new ();

  if (!service->fees_stated) {
    add_row (list, guide_unconfirmed_text (language), NULL, NULL);
    return list;
  }
  if (!service->charged)
    add_row (list, page_say (page, "No fee"), NULL, NULL);
  for (guint i = 0; i < service->fees->len; i++) {
    const GuideFee *fee = service->fees->pdata[i];
    g_autofree char *basis = basis_words (page, fee->basis);
    g_autofree char *amount = translate_printf (language, "%s yuan", fee->amount);
    const char *name = say_text (page, fee->name);
    add_row (list, name != NULL ? name : page_say (page, "Fee"), basis, amount);
  }
  return list;
}

/* ---- results ---- */

static const char *
delivery_words (Page *page, const char *how)
{
  static const struct {
    const char *how, *words;
  } ways[] = {{"pickup", N_ ("collect at the window")},
              {"post", N_ ("by post")},
              {"electronic", N_ ("electronic")},
              {"kiosk_print", N_ ("printed at this machine")}};

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].how, how))
      return page_say (page, ways[i].words);
  return how;
}

static char *
result_words (Page *page, const GuideResult *result)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; result->delivery != NULL && result->delivery[i] != NULL; i++)
    g_ptr_array_add (parts, g_strdup (delivery_words (page, result->delivery[i])));
  if (result->valid != NULL)
    g_ptr_array_add (parts, translate_printf (page_language (page), "valid: %s", result->valid));
  if (result->unconfirmed)
    g_ptr_array_add (parts, g_strdup (guide_unconfirmed_text (page_language (page))));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **)parts->pdata);
}

GtkWidget *
guide_facts_results (Page *page, const GuideService *service)
{
  GtkWidget *list = list_new ();

  for (guint i = 0; i < service->results->len; i++) {
    const GuideResult *result = service->results->pdata[i];
    g_autofree char *second = result_words (page, result);
    const char *name = say_text (page, result->name);
    add_row (list, name != NULL ? name : page_say (page, "Result"), second, NULL);
  }
  if (service->results->len == 0)
    add_row (list, guide_unconfirmed_text (page_language (page)), NULL, NULL);
  return list;
}

GtkWidget *
guide_facts_rights (Page *page, const GuideService *service)
{
  GtkWidget *list = list_new ();
  const char *rights = say_text (page, service->rights),
             *remedies = say_text (page, service->remedies);

  if (rights != NULL)
    add_row (list, page_say (page, "You may expect"), rights, NULL);
  if (remedies != NULL)
    add_row (list, page_say (page, "If you do not agree"), remedies, NULL);
  if (rights == NULL && remedies == NULL)
    add_row (list, guide_unconfirmed_text (page_language (page)), NULL, NULL);
  for (guint i = 0; i < service->complaints->len; i++) {
    const GuideComplaint *complaint = service->complaints->pdata[i];
    const char *place = say_text (page, complaint->place);
    g_autofree char *where = g_strstrip (g_strjoin (" ", place != NULL ? place : "",
                                                    complaint->tel != NULL ? complaint->tel : "",
                                                    complaint->url != NULL ? complaint->url : "",
                                                    NULL));
    add_row (list, page_say (page, "To complain"), where, NULL);
  }
  return list;
}

/* ---- conditions and questions ---- */

/* The names of these services, one after the other; NULL if there are none. Owned. */
static char *
names_of (Page *page, const char *const *ids)
{
  const Guide *guide = page_kiosk (page)->app->guide;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (; *ids != NULL; ids++) {
    const GuideService *service = guide_service (guide, *ids);
    if (service != NULL)
      g_ptr_array_add (names, (gpointer)say_text (page, service->name));
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (g_str_equal (page_language (page), "zh_CN") ? "、" : ", ",
                     (char **)names->pdata);
}

GtkWidget *
guide_facts_conditions (Page *page, const GuideService *service)
{
  g_autofree char *first = names_of (page, service->requires);
  g_autofree char *against = names_of (page, service->excludes);
  const struct {
    const char *title, *words;
  } rows[] = {{N_ ("For whom"), say_text (page, service->scope)},
              {N_ ("How many"), say_text (page, service->quota)},
              {N_ ("What comes first"), first},
              {N_ ("Not together with"), against},
              {N_ ("Choose one"), say_text (page, service->choose_one)}};
  GtkWidget *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (rows[i].words == NULL)
      continue;
    if (list == NULL)
      list = list_new ();
    add_row (list, page_say (page, rows[i].title), rows[i].words, NULL);
  }
  return list;
}

GtkWidget *
guide_facts_questions (Page *page, const GuideService *service)
{
  GtkWidget *list = service->faq->len > 0 ? list_new () : NULL;

  for (guint i = 0; i < service->faq->len; i++) {
    const GuideFaq *pair = service->faq->pdata[i];
    add_row (list, say_text (page, pair->question), say_text (page, pair->answer), NULL);
  }
  return list;
}

/* ---- people ---- */

/* The contact of `role` with a name or a telephone: the service's, else its department's. */
static const GuideContact *
filed_contact (Page *page, const GuideService *service, const char *role)
{
  const GuideDepartment *department =
      service->department != NULL
          ? guide_department (page_kiosk (page)->app->guide, service->department)
          : NULL;
  const GPtrArray *lists[] = {service->contacts,
                              department != NULL ? department->specialists : NULL};

  for (gsize l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; lists[l] != NULL && i < lists[l]->len; i++) {
      const GuideContact *contact = lists[l]->pdata[i];
      if (g_str_equal (contact->role, role) && (contact->name != NULL || contact->tel != NULL))
        return contact;
    }
  return NULL;
}

static GtkWidget *
moon_new (const char *letter, const char *glyph)
{
  GtkWidget *moon = gtk_center_box_new ();

  gtk_widget_add_css_class (moon, "k-moon");
  gtk_widget_set_size_request (moon, 76, 76);
  gtk_widget_set_valign (moon, GTK_ALIGN_CENTER);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (moon),
                                    letter != NULL ? label_new_centred ("k-letter", letter)
                                                   : glyph_new (glyph, 36));
  return moon;
}

static GtkWidget *
person_new (GtkWidget *moon, const char *name, const char *role, const char *tel)
{
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-card is-tight");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), label_new ("k-strong", name));
  if (role != NULL)
    gtk_box_append (GTK_BOX (words), label_new ("k-caption", role));
  if (tel != NULL)
    gtk_box_append (GTK_BOX (words), label_new ("k-row-second", tel));
  gtk_box_append (GTK_BOX (card), moon);
  gtk_box_append (GTK_BOX (card), words);
  return card;
}

static GtkWidget *
specialist_new (Page *page, const GuideService *service, const char *letter)
{
  gboolean lead = letter[0] == 'A';
  const GuideContact *contact = filed_contact (page, service, letter);
  const char *role =
      lead ? page_say (page, "Lead specialist (A)") : page_say (page, "Backup specialist (B)");

  if (contact == NULL)
    return person_new (moon_new (letter, NULL), role,
                       page_say (page, "Not filed yet. The window tells you who."), NULL);
  g_autofree char *second = g_strdup_printf ("%s · %s", role,
                                             lead ? page_say (page, "answers you")
                                                  : page_say (page, "answers when A is away"));
  return person_new (moon_new (letter, NULL), contact->name != NULL ? contact->name : role, second,
                     contact->tel);
}

static void
add_window (Page *page, GtkWidget *box, const char *glyph, const char *name, const char *hours)
{
  gtk_box_append (GTK_BOX (box),
                  person_new (moon_new (NULL, glyph), name,
                              hours != NULL ? hours : guide_unconfirmed_text (page_language (page)),
                              NULL));
}

GtkWidget *
guide_facts_people (Page *page, const GuideService *service)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  const Hours *open_at = page_kiosk (page)->app->config->hours;
  g_autofree char *hours = open_at != NULL ? hours_text (open_at, page_language (page)) : NULL;
  gboolean window = FALSE;

  gtk_box_set_homogeneous (GTK_BOX (pair), TRUE);
  gtk_box_append (GTK_BOX (pair), specialist_new (page, service, "A"));
  gtk_box_append (GTK_BOX (pair), specialist_new (page, service, "B"));
  gtk_box_append (GTK_BOX (box), pair);
  for (guint i = 0; i < service->channels->len; i++) {
    const GuideChannel *channel = service->channels->pdata[i];
    const char *where = say_text (page, channel->where), *open = say_text (page, channel->hours);
    if (!g_str_equal (channel->type, "window") || where == NULL)
      continue;
    add_window (page, box, "people", where, open != NULL && !channel->unconfirmed ? open : hours);
    window = TRUE;
  }
  if (!window)
    add_window (page, box, "people", page_say (page, "Talent window"), hours);
  for (guint i = 0; i < service->contacts->len; i++) {
    const GuideContact *contact = service->contacts->pdata[i];
    if (g_str_equal (contact->role, "hotline") && contact->tel != NULL)
      add_window (page, box, "call-start", contact->tel, page_say (page, "Hotline"));
  }
  return box;
}

/* ---- edition ---- */

char *
guide_facts_edition (Page *page)
{
  const Guide *guide = page_kiosk (page)->app->guide;
  g_autofree char *day = g_strndup (guide_peek_published (guide), 10);

  return translate_printf (page_language (page),
                           "Service guide version %u, published %s, in force from %s",
                           guide_version (guide), day, guide_peek_effective (guide));
}
