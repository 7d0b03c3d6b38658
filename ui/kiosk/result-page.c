/* result-page.c: category, clause, reasons, and the services that may concern the person. A ring
 * says "may"; no check mark, no cross, no vermilion. */
#include "kiosk/result-page.h"

#include "base/clock.h"
#include "base/log.h"
#include "flow/eligibility-flow.h"
#include "flow/print-flow.h"
#include "flow/slip-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/group-look.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"
#include "kiosk/print-watch.h"
#include "kiosk/shell.h"

struct _ResultPage {
  Page parent_instance;
  EligibilityResult *result;
  GtkWidget *print, *paper, *paper_words; /* the button; a note while paper comes */
};

G_DEFINE_FINAL_TYPE (ResultPage, result_page, PAGE_TYPE)

static void
on_group (GtkButton *button, gpointer data)
{
  Page *page = data;
  const char *word = g_object_get_data (G_OBJECT (button), "group");
  session_take_flow (page_session (page), SESSION_SLOT_GROUP, g_strdup (word), g_free);
  page_event (page, SESSION_GO_GUIDE);
}

static void
on_guide (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_GO_GUIDE);
}

static void
on_service (GtkButton *button, gpointer data)
{
  Page *page = data;
  session_set_service (page_session (page), g_object_get_data (G_OBJECT (button), "service"));
  page_event (page, SESSION_SERVICE);
}

static GtkWidget *
pair_new (const char *key, const char *value)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  GtkWidget *left = label_new ("k-muted", key);
  gtk_widget_set_size_request (left, 200, -1);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), left);
  GtkWidget *right = label_new ("k-strong", value);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_box_append (GTK_BOX (row), right);
  return row;
}

static GtkWidget *
card_new (Page *page, const EligibilityResult *result)
{
  static const char *const moons[] = {[CRITERION_NOT_MET] = "is-ink",
                                      [CRITERION_TENTATIVE] = "is-notice",
                                      [CRITERION_MET] = "is-ring",
                                      [CRITERION_OPEN] = "is-ink"};
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_start (box, 40);
  gtk_widget_set_margin_end (box, 40);
  gtk_widget_set_margin_top (box, 36);
  gtk_widget_set_margin_bottom (box, 36);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  gtk_box_append (GTK_BOX (head),
                  glyph_new_in_moon (result->outcome == CRITERION_NOT_MET ? "guide" : "elig", 64,
                                     120, moons[result->outcome]));
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), label_new ("k-crumb", page_say (page, "Self-check result")));
  gtk_box_append (GTK_BOX (words), label_new ("k-h1", result->headline));
  gtk_box_append (GTK_BOX (head), words);
  gtk_box_append (GTK_BOX (box), head);
  GtkWidget *rule = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), "k-rule");
  gtk_widget_set_margin_top (rule, 28);
  gtk_widget_set_margin_bottom (rule, 24);
  gtk_box_append (GTK_BOX (box), rule);
  GtkWidget *pairs = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  if (result->category_name != NULL)
    gtk_box_append (GTK_BOX (pairs), pair_new (page_say (page, "Category"), result->category_name));
  if (result->clause != NULL)
    gtk_box_append (GTK_BOX (pairs), pair_new (page_say (page, "Policy text"), result->clause));
  gtk_box_append (GTK_BOX (pairs),
                  pair_new (page_say (page, "Note"),
                            page_say (page, "This is a self-check. The talent centre decides.")));
  gtk_box_append (GTK_BOX (box), pairs);

  GtkWidget *moon = motif_new (MOTIF_MOON, 210, 232);
  gtk_widget_set_halign (moon, GTK_ALIGN_END);
  gtk_widget_set_valign (moon, GTK_ALIGN_START);
  GtkWidget *card = motif_behind (moon, box);
  return label_classes (card, "k-card is-result");
}

static guint
count_group (const EligibilityResult *result, GuideGroup group)
{
  guint n = 0;
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *each = result->services->pdata[i];
    if (each->service->group == group &&
        (each->outcome == CRITERION_MET || each->outcome == CRITERION_TENTATIVE))
      n++;
  }
  return n;
}

static GtkWidget *
groups_new (Page *page, const EligibilityResult *result)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (grid), 20);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 20);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (int group = GUIDE_GROUP_QUALIFICATION; group <= GUIDE_GROUP_CONSULTING; group++) {
    const char *language = page_language (page);
    const char *title = guide_group_name (group, language);
    g_autofree char *count = translate_count (language, "%d may concern you", "%d may concern you",
                                              (int)count_group (result, group));
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
    gtk_box_append (GTK_BOX (box),
                    label_classes (glyph_new (group_look_glyph (group), 52), "k-acc"));
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
    gtk_box_append (GTK_BOX (words), label_new ("k-row-title", title));
    gtk_box_append (GTK_BOX (words), label_new ("k-caption", count));
    gtk_box_append (GTK_BOX (box), words);
    gtk_box_append (GTK_BOX (box), label_classes (glyph_new ("go-next", 28), "k-muted"));
    GtkWidget *button = button_new_around ("k-choice", box, title, G_CALLBACK (on_group), page);
    label_describe (button, count);
    g_object_set_data (G_OBJECT (button), "group", (gpointer)group_look_word (group));
    gtk_grid_attach (GTK_GRID (grid), button, (group - 1) % 2, (group - 1) / 2, 1, 1);
  }
  return grid;
}

static GtkWidget *
outcome_chip (Page *page, CriterionOutcome outcome)
{
  switch (outcome) {
  case CRITERION_MET:
    return label_new_chip ("k-chip is-done", page_say (page, "You may qualify"));
  case CRITERION_TENTATIVE:
    return label_new_chip ("k-chip is-notice", page_say (page, "To be recognised"));
  case CRITERION_NOT_MET:
    return label_new_chip ("k-chip is-todo", page_say (page, "Not for now"));
  case CRITERION_OPEN:
  default:
    return label_new_chip ("k-chip", page_say (page, "Not known yet"));
  }
}

/* The reasons as plain lines; each cites its clause. */
static GtkWidget *
reasons_new (Page *page, const GPtrArray *reasons)
{
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < reasons->len; i++) {
    const EligibilityReason *reason = reasons->pdata[i];
    GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
    GtkWidget *mark = glyph_new (reason->outcome == CRITERION_MET ? "check" : "ring", 36);
    gtk_widget_set_valign (mark, GTK_ALIGN_START);
    gtk_widget_set_margin_start (mark, (int)reason->level * 32);
    gtk_box_append (GTK_BOX (item),
                    label_classes (mark, reason->outcome == CRITERION_MET ? "k-acc" : "k-muted"));
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_box_append (GTK_BOX (words), label_new ("k-strong", reason->text));
    if (reason->remedy != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-row-second", reason->remedy));
    if (reason->proof != NULL) {
      g_autofree char *proof = translate_printf (page_language (page), "Bring: %s", reason->proof);
      gtk_box_append (GTK_BOX (words), label_new ("k-row-second", proof));
    }
    if (reason->clause != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-caption k-muted", reason->clause));
    gtk_box_append (GTK_BOX (item), words);
    gtk_box_append (GTK_BOX (list), item);
  }
  return list;
}

static GtkWidget *
heading (const char *title, const char *second)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  gtk_widget_set_margin_top (line, 40);
  gtk_widget_set_margin_bottom (line, 20);
  gtk_box_append (GTK_BOX (line), label_new ("k-section", title));
  if (second != NULL)
    gtk_box_append (GTK_BOX (line), label_new ("k-muted", second));
  return line;
}

/* The first complete service that may concern the person: where to go on. */
static const GuideService *
next_service (const EligibilityResult *result)
{
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *each = result->services->pdata[i];
    if (each->service->complete &&
        (each->outcome == CRITERION_MET || each->outcome == CRITERION_TENTATIVE))
      return each->service;
  }
  return NULL;
}

static void
add_services (Page *page, GtkWidget *body, const EligibilityResult *result)
{
  const char *language = page_language (page);
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  guint shown = 0;
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *each = result->services->pdata[i];
    if (!each->stated)
      continue;
    const EligibilityReason *reason = each->reasons->len > 0 ? each->reasons->pdata[0] : NULL;
    GtkWidget *row =
        button_new_row (NULL, guide_text (each->service->name, language, NULL),
                        reason != NULL ? reason->text : NULL, outcome_chip (page, each->outcome),
                        G_CALLBACK (on_service), page);
    g_object_set_data (G_OBJECT (row), "service", (gpointer)each->service->id);
    gtk_box_append (GTK_BOX (list), row);
    shown++;
  }
  if (shown == 0) {
    g_object_unref (g_object_ref_sink (list));
    return;
  }
  gtk_box_append (GTK_BOX (body), heading (page_say (page, "Service by service"), NULL));
  gtk_box_append (GTK_BOX (body), list);
}

#define NAMES_SHOWN 6

/* "Work permit, Settlement and 3 more". */
static char *
names_of (Page *page, const GPtrArray *services)
{
  const char *language = page_language (page);
  g_autoptr (GString) names = g_string_new (NULL);
  guint shown = services->len <= NAMES_SHOWN ? services->len : NAMES_SHOWN - 1;
  for (guint i = 0; i < shown; i++) {
    const GuideService *service = services->pdata[i];
    const GuideText *name = service->short_name != NULL ? service->short_name : service->name;
    g_string_append_printf (names, "%s%s", i > 0 ? translate (language, ", ") : "",
                            guide_text (name, language, NULL));
  }
  if (shown == services->len)
    return g_string_free (g_steal_pointer (&names), FALSE);
  return translate_printf (language, "%s and %u more", names->str, services->len - shown);
}

/* What could still change, and what that alone would open. Says "may": the condition is one of
 * several that the centre looks at. */
static void
add_changes (Page *page, GtkWidget *body, const EligibilityResult *result)
{
  const char *language = page_language (page);
  if (result->changes->len == 0)
    return;
  GtkWidget *list = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "k-list");
  for (guint i = 0; i < result->changes->len; i++) {
    const EligibilityChange *change = result->changes->pdata[i];
    GtkWidget *item = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-item");
    GtkWidget *mark = label_classes (glyph_new ("list-add", 36), "k-acc");
    gtk_widget_set_valign (mark, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (item), mark);
    GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_set_hexpand (words, TRUE);
    gtk_box_append (GTK_BOX (words), label_new ("k-strong", change->text));
    g_autofree char *names = names_of (page, change->services);
    g_autofree char *opens = translate_printf (language, "may also open: %s", names);
    gtk_box_append (GTK_BOX (words), label_new ("k-row-second", opens));
    if (change->remedy != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-row-second", change->remedy));
    if (change->clause != NULL)
      gtk_box_append (GTK_BOX (words), label_new ("k-caption k-muted", change->clause));
    gtk_box_append (GTK_BOX (item), words);
    gtk_box_append (GTK_BOX (list), item);
  }
  gtk_box_append (GTK_BOX (body), heading (page_say (page, "If this one thing changed"), NULL));
  gtk_box_append (GTK_BOX (body), list);
}

/* ---- the slip ---- */

/* Where the paper stands; goes to the fault page when it will not come. */
static void
look (ResultPage *self, gboolean may_leave)
{
  Page *page = ONESTOP_PAGE (self);
  const char *slip = session_flow (page_session (page), SESSION_SLOT_PAPER_SLIP);
  g_auto (PrintFlowView) view = {0};
  if (slip == NULL || self->paper == NULL ||
      !print_watch_look (page, print_watch_find (page, PRINT_KIND_SLIP, slip), &view))
    return;
  gboolean coming = view.state == PRINT_STATE_QUEUED || view.state == PRINT_STATE_SENDING;
  if (coming)
    session_touch (page_session (page), clock_monotonic ());
  if (view.state == PRINT_STATE_FAILED || view.state == PRINT_STATE_UNKNOWN) {
    if (may_leave)
      page_event (page, SESSION_PRINT_FAULT);
    return;
  }
  gtk_label_set_text (GTK_LABEL (self->paper_words), print_watch_words (page, &view));
  gtk_widget_set_visible (self->paper, TRUE);
  gtk_widget_set_sensitive (self->print, !coming);
}

typedef struct {
  Page *page;
  guint visitor;
  char *slip;
} Printing;

static void
on_queued (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Printing *printing = data;
  g_autoptr (Page) page = printing->page;
  g_autofree char *slip = printing->slip;
  g_autoptr (GError) error = NULL;
  gint64 job = slip_flow_print_finish (result, &error);
  Session *session = page_session (page);
  if (session_wipes (session) != printing->visitor)
    return;
  if (job == 0) {
    log_warning ("result.slip", "%s", error->message);
    shell_toast (page_kiosk (page)->shell, page_say (page, "The slip cannot be printed now."), NULL,
                 NULL, NULL);
  } else {
    session_take_flow (session, SESSION_SLOT_PAPER_SLIP, g_steal_pointer (&slip), g_free);
    print_watch_remember (page, job);
  }
  if (session_state (session) == SESSION_RESULT)
    page_event (page, SESSION_STEP);
}

/* A sentence if the printer is known to be unable, or NULL. */
static const char *
printer_trouble (Page *page)
{
  PrinterHealth health = {0};
  Db *db = page_kiosk (page)->app->db;
  if (db == NULL ||
      !print_flow_health (db, PRINT_FLOW_RECEIPT_PRINTER, clock_now (), &health, NULL) ||
      !health.known || printer_condition_can_print (health.condition))
    return NULL;
  return page_say (page, printer_condition_sentence (health.condition));
}

static void
on_print (GtkButton *button, gpointer data)
{
  Page *page = data;
  App *app = page_kiosk (page)->app;
  Shell *shell = page_kiosk (page)->shell;
  g_autoptr (GError) error = NULL;
  const char *trouble = printer_trouble (page);
  EligibilityFlow *flow = session_flow (page_session (page), SESSION_SLOT_ELIGIBILITY);
  g_autoptr (Slip) slip =
      trouble == NULL ? slip_flow_make (app, flow, page_language (page), clock_now (), &error)
                      : NULL;
  if (slip == NULL) {
    shell_toast (shell,
                 trouble != NULL ? trouble : page_say (page, "The slip cannot be printed now."),
                 NULL, NULL, NULL);
    return;
  }
  if (!slip->with_code)
    shell_toast (shell,
                 page_say (page, "So many answers do not fit into one code: the slip has none."),
                 NULL, NULL, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  Printing *printing = g_new (Printing, 1);
  *printing =
      (Printing){g_object_ref (page), session_wipes (page_session (page)), g_strdup (slip->id)};
  slip_flow_take_print_async (app, g_steal_pointer (&slip), NULL, on_queued, printing);
}

static GtkWidget *
paper_new (ResultPage *self)
{
  self->paper = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24), "k-note");
  gtk_widget_set_margin_top (self->paper, 24);
  gtk_box_append (GTK_BOX (self->paper), glyph_new ("printer", 44));
  self->paper_words = label_new ("k-strong", "");
  gtk_box_append (GTK_BOX (self->paper), self->paper_words);
  gtk_widget_set_visible (self->paper, FALSE);
  return self->paper;
}

static void
result_page_build (Page *page)
{
  ResultPage *self = ONESTOP_RESULT_PAGE (page);
  const char *language = page_language (page);
  EligibilityFlow *flow = session_flow (page_session (page), SESSION_SLOT_ELIGIBILITY);
  page_set_scrolls (page, TRUE);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Self-check result"), FALSE);
  page_add_back (page);
  if (flow == NULL) {
    page_set_primary (page, page_say (page, "See all services"), "go-next", G_CALLBACK (on_guide));
    return;
  }
  const EligibilityResult *result = self->result = eligibility_flow_result (flow, language);
  gtk_box_append (GTK_BOX (body), card_new (page, result));
  gtk_box_append (GTK_BOX (body), paper_new (self));
  self->print =
      page_add_action (page, page_say (page, "Print result"), "printer", G_CALLBACK (on_print));
  look (self, FALSE);
  g_autofree char *likely = translate_count (language, "%d service may concern you",
                                             "%d services may concern you", (int)result->likely);
  gtk_box_append (GTK_BOX (body), heading (likely, page_say (page, "Article 4 lists 21")));
  gtk_box_append (GTK_BOX (body), groups_new (page, result));
  if (result->reasons->len > 0) {
    gtk_box_append (GTK_BOX (body), heading (page_say (page, "Why"), NULL));
    gtk_box_append (GTK_BOX (body), reasons_new (page, result->reasons));
  }
  add_changes (page, body, result);
  add_services (page, body, result);
  const GuideService *next = next_service (result);
  if (next == NULL) {
    page_set_primary (page, page_say (page, "See all services"), "go-next", G_CALLBACK (on_guide));
    return;
  }
  const GuideText *name = next->short_name != NULL ? next->short_name : next->name;
  g_autofree char *label =
      translate_printf (language, "Go on to %s", guide_text (name, language, NULL));
  GtkWidget *primary = page_set_primary (page, label, "go-next", G_CALLBACK (on_service));
  button_wrap_label (primary);
  g_object_set_data (G_OBJECT (primary), "service", (gpointer)next->id);
}

static void
result_page_finalize (GObject *object)
{
  eligibility_result_free (ONESTOP_RESULT_PAGE (object)->result);
  G_OBJECT_CLASS (result_page_parent_class)->finalize (object);
}

static void
result_page_tick (Page *page)
{
  look (ONESTOP_RESULT_PAGE (page), TRUE);
}

static void
result_page_class_init (ResultPageClass *class)
{
  G_OBJECT_CLASS (class)->finalize = result_page_finalize;
  ONESTOP_PAGE_CLASS (class)->build = result_page_build;
  ONESTOP_PAGE_CLASS (class)->tick = result_page_tick;
}

static void
result_page_init (ResultPage *page)
{
}
