/* guide-limits.c: lines whose lengths can be compared: months, weeks and days on one scale. A limit
 * that the guide does not know is a dashed line and says so; none is made up. */
#include "kiosk/guide-limits.h"

#include "kiosk/label.h"
#include "kiosk/motif.h"

#define HEIGHT 40
#define RADIUS 11
#define LEAST 0.12 /* of the width: a line that can be seen */

typedef enum { LINE_PROMISED, LINE_STATUTORY, LINE_OTHER, LINE_APART } LineLook;

struct _LimitLine {
  GtkWidget parent_instance;
  LineLook look;
  double part; /* of the width; 0: not known */
};

G_DEFINE_FINAL_TYPE (LimitLine, limit_line, GTK_TYPE_WIDGET)

static void
limit_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const char *const colours[] = {"k_acc", "k_ink_500", "k_ink_500", "k_ink_400"};
  LimitLine *self = ONESTOP_LIMIT_LINE (widget);
  const double dashes[] = {14, 10};
  double width = gtk_widget_get_width (widget), y = HEIGHT / 2.0, from = RADIUS + 2;
  double to = from + (width - 2 * from) * (self->part > 0 ? self->part : 1);
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, (float)width, HEIGHT);
  GdkRGBA colour = motif_colour (widget, colours[self->look]),
          wall = motif_colour (widget, "k_wall");
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &box);

  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, self->look == LINE_PROMISED && self->part > 0 ? 10 : 6);
  if (self->part <= 0 || self->look == LINE_APART)
    cairo_set_dash (cr, dashes, 2, 0);
  cairo_move_to (cr, from, y);
  cairo_line_to (cr, to, y);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
  cairo_set_line_width (cr, 5);
  cairo_arc (cr, from, y, RADIUS, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_arc (cr, to, y, RADIUS - 2, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &wall);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void
limit_line_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = HEIGHT;
}

static void
limit_line_class_init (LimitLineClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = limit_line_snapshot;
  GTK_WIDGET_CLASS (class)->measure = limit_line_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
limit_line_init (LimitLine *self)
{
}

char *
guide_limits_words (Page *page, const GuideLimit *limit)
{
  const char *language = page_language (page), *cases = guide_text (limit->text, language, NULL);
  g_autofree char *amount = guide_limit_text (limit, language);

  return cases == NULL ? g_steal_pointer (&amount)
                       : translate_printf (language, "%s (%s)", amount, cases);
}

/* Calendar days, for comparing lengths only; 0 for what has no length. */
static double
days_of (const GuideLimit *limit)
{
  if (limit == NULL || limit->unknown)
    return 0;
  switch (limit->unit) {
  case GUIDE_UNIT_WORKDAY:
    return limit->value * 1.4;
  case GUIDE_UNIT_CALENDAR_DAY:
    return limit->value;
  case GUIDE_UNIT_MONTH:
    return limit->value * 30;
  case GUIDE_UNIT_HOUR:
    return limit->value / 24.0;
  case GUIDE_UNIT_IMMEDIATE:
    return 0.1;
  case GUIDE_UNIT_BATCH:
    break;
  }
  return 0;
}

static double
longest (const GuideService *service)
{
  double most = 0;

  for (guint i = 0; i < service->limits->len; i++)
    most = MAX (most, days_of (service->limits->pdata[i]));
  for (guint i = 0; i < service->steps->len; i++) {
    const GuideStep *step = service->steps->pdata[i];
    most = MAX (most, step->counts ? 0 : days_of (step->limit));
  }
  return most;
}

static void
add_line (GtkWidget *card, LineLook look, double part, const char *what, const char *words,
          const char *small)
{
  GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), "k-item");
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 20);
  GtkWidget *text = label_new (NULL, words);
  LimitLine *line = g_object_new (LIMIT_LINE_TYPE, NULL);

  line->look = look;
  line->part = part;
  gtk_widget_set_hexpand (text, TRUE);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (head),
                  label_new_chip (look == LINE_PROMISED ? "k-chip is-done" : "k-chip", what));
  gtk_box_append (GTK_BOX (head), text);
  gtk_box_append (GTK_BOX (item), head);
  if (part >= 0)
    gtk_box_append (GTK_BOX (item), GTK_WIDGET (line));
  else
    g_object_ref_sink (line), g_object_unref (line);
  if (small != NULL)
    gtk_box_append (GTK_BOX (item), label_new ("k-caption", small));
  gtk_box_append (GTK_BOX (card), item);
}

static const char *
kind_words (Page *page, GuideLimitKind kind)
{
  switch (kind) {
  case GUIDE_LIMIT_STATUTORY:
    return page_say (page, "By law");
  case GUIDE_LIMIT_PROMISED:
    return page_say (page, "Promised");
  case GUIDE_LIMIT_INTAKE:
    return page_say (page, "To apply");
  case GUIDE_LIMIT_PUBLICITY:
    break;
  }
  return page_say (page, "Publication");
}

/* "Exit and Entry Administration Law 第三十条", and what is not confirmed. Owned or NULL. */
static char *
small_words (Page *page, const GuideLimit *limit)
{
  const char *language = page_language (page);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (limit->basis != NULL) {
    const char *title = guide_text (limit->basis->title, language, NULL);
    g_ptr_array_add (parts,
                     g_strjoin (" ", title != NULL ? title : "",
                                limit->basis->article != NULL ? limit->basis->article : "", NULL));
  }
  if (limit->unconfirmed && !limit->unknown)
    g_ptr_array_add (parts, g_strdup (guide_unconfirmed_text (language)));
  if (parts->len == 0)
    return NULL;
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **)parts->pdata);
}

static void
add_limit (Page *page, GtkWidget *card, const GuideLimit *limit, double most)
{
  static const LineLook looks[] = {[GUIDE_LIMIT_STATUTORY] = LINE_STATUTORY,
                                   [GUIDE_LIMIT_PROMISED] = LINE_PROMISED,
                                   [GUIDE_LIMIT_INTAKE] = LINE_OTHER,
                                   [GUIDE_LIMIT_PUBLICITY] = LINE_OTHER};
  g_autofree char *words = guide_limits_words (page, limit), *small = small_words (page, limit);
  double days = days_of (limit);
  /* A window of days in the year is no length. */
  double part = limit->unknown ? 0 : days > 0 ? MAX (LEAST, days / most) : -1;

  add_line (card, looks[limit->kind], part, kind_words (page, limit->kind), words, small);
}

static void
add_apart (Page *page, GtkWidget *card, const GuideService *service, double most)
{
  for (guint i = 0; i < service->steps->len; i++) {
    const GuideStep *step = service->steps->pdata[i];
    const char *name = guide_text (step->name, page_language (page), NULL);
    if (step->counts)
      continue;
    g_autofree char *limit = step->limit != NULL && !step->limit->unknown
                                 ? guide_limits_words (page, step->limit)
                                 : NULL;
    g_autofree char *words = limit != NULL
                                 ? translate_printf (page_language (page), "%s: %s", name, limit)
                                 : g_strdup (name);
    double days = days_of (step->limit);
    add_line (card, LINE_APART, days > 0 ? MAX (LEAST, days / most) : 0,
              page_say (page, "Not counted"), words, NULL);
  }
}

GtkWidget *
guide_limits_new (Page *page, const GuideService *service)
{
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  double most = longest (service);

  for (guint i = 0; i < service->limits->len; i++)
    add_limit (page, card, service->limits->pdata[i], most);
  add_apart (page, card, service, most);
  return card;
}
