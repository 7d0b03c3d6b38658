/* track-page.c: the limit in working days, and the steps with their days. Four acts, never one word
 * for another: the words are the case machine's own. What was not heard is not guessed. */
#include "kiosk/track-page.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/calendar.h"
#include "domain/case.h"
#include "domain/deadline.h"
#include "flow/track-flow.h"
#include "kiosk/day-boxes.h"
#include "kiosk/label.h"
#include "kiosk/rail.h"

struct _TrackPage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (TrackPage, track_page, PAGE_TYPE)

static const char *
state_words (Page *page, const char *word)
{
  CaseState state;
  if (!case_state_parse (word, &state))
    return word;
  return g_str_equal (page_language (page), "zh_CN") ? case_state_zh (state)
                                                     : case_state_en (state);
}

static Calendar *
calendar (void)
{
  g_autofree char *path = file_asset ("guide/calendar.json");
  g_autoptr (json_t) document = strict_json_load (path, NULL);
  return document != NULL ? calendar_new (document, NULL) : NULL;
}

/* "3月18日 周三" of a calendar day. Owned. */
static char *
day_words (Page *page, int day)
{
  return translate_day (page_language (page), (gint64)day * 86400000);
}

/* TRUE while the limit runs or may run again: the case is not decided or over. */
static gboolean
is_running (const TrackCase *track)
{
  CaseState state;
  if (!case_state_parse (track->state, &state))
    return TRUE;
  CaseClock clock = case_clock_promised (state);
  return clock != CASE_CLOCK_STOPPED && clock != CASE_CLOCK_TERMINAL;
}

static GtkWidget *
chip_new (Page *page, const TrackCase *track, int left, gboolean has_due)
{
  CaseState state = CASE_STATE_DRAFT;
  case_state_parse (track->state, &state);
  if (!track->sent)
    return label_new_chip ("k-chip is-notice", page_say (page, "Saved here, waiting to be sent"));
  if (state == CASE_STATE_PRE_SUPPLEMENT || state == CASE_STATE_FURTHER_PAPERS)
    return label_new_chip ("k-chip is-notice", page_say (page, "Papers are asked for"));
  if (has_due && left < 0 && is_running (track)) {
    g_autofree char *text =
        translate_count (page_language (page), "%d day overdue", "%d days overdue", -left);
    return label_new_chip ("k-chip is-error", text);
  }
  if (!is_running (track))
    return label_new_chip ("k-chip is-todo", page_say (page, "Closed"));
  return label_new_chip ("k-chip is-done", has_due ? page_say (page, "In progress · on time")
                                                   : page_say (page, "In progress"));
}

/* ---- the limit ---- */

static GtkWidget *
limit_head_new (Page *page, const TrackCase *track, int due, int left)
{
  const char *language = page_language (page);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14);
  gtk_widget_set_hexpand (words, TRUE);
  if (left >= 0) {
    g_autofree char *number = g_strdup_printf ("%d", left);
    GtkWidget *big = label_new ("k-number is-middle k-acc", number);
    gtk_widget_set_valign (big, GTK_ALIGN_BASELINE);
    gtk_box_append (GTK_BOX (words), big);
    GtkWidget *unit = label_new_line ("k-lead", left == 1 ? page_say (page, "working day left")
                                                          : page_say (page, "working days left"));
    gtk_widget_set_valign (unit, GTK_ALIGN_BASELINE);
    gtk_box_append (GTK_BOX (words), unit);
  } else {
    g_autofree char *over = translate_count (language, "%d working day over the limit",
                                             "%d working days over the limit", -left);
    gtk_box_append (GTK_BOX (words), label_new_line ("k-error-text", over));
  }
  gtk_box_append (GTK_BOX (line), words);
  g_autofree char *day = day_words (page, due);
  g_autofree char *until = translate_printf (
      language, track->due_provisional ? N_ ("Due %s (provisional)") : N_ ("Due %s"), day);
  GtkWidget *right = label_new_line ("k-strong", until);
  gtk_widget_set_valign (right, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), right);
  return line;
}

/* "15 working days". Owned. */
static char *
limit_words (Page *page, const TrackCase *track)
{
  gboolean workdays = g_strcmp0 (track->limit_unit, "workday") == 0;
  return workdays ? translate_count (page_language (page), "%d working day", "%d working days",
                                     (int)track->limit_n)
                  : translate_count (page_language (page), "%d calendar day", "%d calendar days",
                                     (int)track->limit_n);
}

static GtkWidget *
limit_new (Page *page, const TrackCase *track, const Calendar *days, int due, gboolean has_due)
{
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 20), "k-card");
  g_autofree char *words = limit_words (page, track);
  if (!has_due || days == NULL) {
    g_autofree char *text =
        translate_printf (page_language (page), "Limit: %s from the day of receipt", words);
    gtk_box_append (GTK_BOX (card), label_new ("k-strong", text));
    gtk_box_append (
        GTK_BOX (card),
        label_new (
            "k-caption",
            page_say (page,
                      "The due date stands here once the centre has received the documents.")));
    return card;
  }
  int left = deadline_days_left (days, calendar_day_of (clock_now ()), due);
  if (is_running (track))
    gtk_box_append (GTK_BOX (card), limit_head_new (page, track, due, left));
  else {
    g_autofree char *day = day_words (page, due);
    g_autofree char *text = translate_printf (page_language (page), "Due %s", day);
    gtk_box_append (GTK_BOX (card), label_new ("k-strong", text));
  }
  if (track->limit_n <= DAY_BOXES_MAX && g_strcmp0 (track->limit_unit, "workday") == 0)
    gtk_box_append (GTK_BOX (card),
                    day_boxes_new (days, due, (int)track->limit_n, calendar_day_of (clock_now ())));
  g_autofree char *text = translate_printf (
      page_language (page),
      "Limit: %s from the day of receipt. Weekends and holidays do not count.", words);
  gtk_box_append (GTK_BOX (card), label_new ("k-caption", text));
  return card;
}

/* ---- the steps ---- */

/* A step that is behind does not wait any more. */
static const char *
step_words (Page *page, const TrackStep *step, gboolean last)
{
  if (!last && g_strcmp0 (step->state, "submitted") == 0)
    return page_say (page, "Submitted");
  return state_words (page, step->state);
}

static gboolean
has_state (const TrackCase *track, const char *word)
{
  for (guint i = 0; i < track->steps->len; i++)
    if (g_strcmp0 (((TrackStep *)track->steps->pdata[i])->state, word) == 0)
      return TRUE;
  return FALSE;
}

/* Who took the step, where it was not the visitor: a department by its name. NULL if unknown. */
static const char *
actor_words (Page *page, const TrackStep *step)
{
  const char *language = page_language (page), *name = NULL;
  const Guide *guide = page_kiosk (page)->app->guide;
  const GuideDepartment *department =
      guide != NULL && step->department != NULL ? guide_department (guide, step->department) : NULL;
  CaseActor actor;

  if (step->local || !case_actor_parse (step->actor, &actor) || actor == CASE_ACTOR_TALENT ||
      actor == CASE_ACTOR_EMPLOYER)
    return NULL;
  if (department != NULL)
    name = guide_text (department->name, language, NULL);
  return name != NULL ? name : translate (language, case_actor_name (actor));
}

static GtkWidget *
steps_new (Page *page, const TrackCase *track)
{
  static const struct {
    const char *state, *words;
  } ahead[] = {{"received", N_ ("Received by the centre")},
               {"accepted", N_ ("Accepted for processing")},
               {"decided", N_ ("Closed (decided)")}};
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gboolean running = is_running (track);
  for (guint i = 0; i < track->steps->len; i++) {
    const TrackStep *step = track->steps->pdata[i];
    int day = 0;
    g_autofree char *when = calendar_day_parse (step->day, &day) ? day_words (page, day) : NULL;
    gboolean last = i + 1 == track->steps->len;
    const char *second = step->local ? page_say (page, "On this machine; it is sent by itself")
                                     : actor_words (page, step);
    gtk_box_append (GTK_BOX (box),
                    rail_new (last && running ? RAIL_NOW : RAIL_DONE, !last || running,
                              step_words (page, step, last), second, when));
  }
  for (gsize i = 0; running && i < G_N_ELEMENTS (ahead); i++) {
    if (has_state (track, ahead[i].state) ||
        (i == 0 && (has_state (track, "accepted") || has_state (track, "handed_over"))))
      continue;
    gtk_box_append (GTK_BOX (box), rail_new (RAIL_TODO, i + 1 < G_N_ELEMENTS (ahead),
                                             page_say (page, ahead[i].words), NULL, NULL));
  }
  return box;
}

static void
on_done (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_DONE);
}

static char *
as_of (Page *page, const TrackCase *track)
{
  if (track->as_of == 0)
    return g_strdup (page_say (page, "This machine has not heard from the city yet."));
  g_autofree char *day = translate_day (page_language (page), track->as_of);
  g_autofree char *time = translate_time (track->as_of);
  return translate_printf (page_language (page), "As this machine heard it on %s at %s.", day,
                           time);
}

static void
track_page_build (Page *page)
{
  const TrackCase *track = session_flow (page_session (page), SESSION_SLOT_TRACK);
  page_set_scrolls (page, TRUE);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Track progress"), FALSE);
  page_add_back (page);
  page_set_primary (page, page_say (page, "Done"), "check", G_CALLBACK (on_done));
  if (track == NULL)
    return;
  g_autoptr (Calendar) days = calendar ();
  int due = 0, left = 0;
  gboolean has_due = track->due != NULL && calendar_day_parse (track->due, &due);
  if (has_due && days != NULL)
    left = deadline_days_left (days, calendar_day_of (clock_now ()), due);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  GtkWidget *crumb = label_new ("k-crumb", page_say (page, "Track progress"));
  gtk_widget_set_hexpand (crumb, TRUE);
  gtk_box_append (GTK_BOX (head), crumb);
  gtk_box_append (GTK_BOX (head), chip_new (page, track, left, has_due));
  gtk_box_append (GTK_BOX (body), head);
  /* The service in the language of now, not of when the code was read. */
  const GuideService *service = page_kiosk (page)->app->guide != NULL && track->service != NULL
                                    ? guide_service (page_kiosk (page)->app->guide, track->service)
                                    : NULL;
  gtk_box_append (GTK_BOX (body),
                  label_new ("k-h1", service != NULL
                                         ? guide_text (service->name, page_language (page), NULL)
                                         : track->service_name));
  g_autofree char *number =
      translate_printf (page_language (page), "Case number %s", track->number);
  gtk_box_append (GTK_BOX (body), label_new ("k-lead", number));
  if (track->limit_n > 0) {
    GtkWidget *limit = limit_new (page, track, days, due, has_due);
    gtk_widget_set_margin_top (limit, 32);
    gtk_box_append (GTK_BOX (body), limit);
  }
  GtkWidget *steps = steps_new (page, track);
  gtk_widget_set_margin_top (steps, 40);
  gtk_box_append (GTK_BOX (body), steps);
  g_autofree char *age = as_of (page, track);
  GtkWidget *foot = label_new ("k-caption k-muted", age);
  gtk_widget_set_margin_top (foot, 24);
  gtk_box_append (GTK_BOX (body), foot);
}

static void
track_page_class_init (TrackPageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = track_page_build;
}

static void
track_page_init (TrackPage *page)
{
}
