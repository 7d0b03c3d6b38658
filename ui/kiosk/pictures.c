/* pictures.c: the walk of the golden pictures and of the first screens. A row is a picture: what
 * the session holds there, and the events that lead to it. Refused: any page made here; only what
 * the page table makes is pictured. */
#include "kiosk/pictures.h"

#include <glib-unix.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "flow/eligibility-flow.h"
#include "flow/intake-flow.h"
#include "flow/ticket-flow.h"
#include "flow/track-flow.h"
#include "kiosk/page-table.h"
#include "kiosk/sheets.h"
#include "kiosk/shell.h"
#include "kiosk/take-away.h"

#define MAX_EVENTS 10
#define LAST SESSION_N_EVENTS
#define SETTLE_MS 120

typedef struct {
  const char *name;
  void (*prepare) (Kiosk *kiosk); /* after home, before the events; or NULL */
  int events[MAX_EVENTS];         /* LAST ends */
  void (*then) (Kiosk *kiosk);    /* on the page; or NULL */
} Picture;

/* ---- samples, visibly invented ---- */

static void
sample_service (Kiosk *kiosk)
{
  session_set_service (kiosk->session, "gusu-talent-card");
}

static void
sample_other_service (Kiosk *kiosk)
{
  session_set_service (kiosk->session, "work-permit");
}

static void
sample_permit (Kiosk *kiosk)
{
  session_set_service (kiosk->session, "residence-exit-entry");
}

/* Answers what a first option answers until the questions end. */
static void
sample_answers (Kiosk *kiosk)
{
  g_autofree char *today = clock_day (clock_now ());
  if (kiosk->app->guide == NULL)
    return;
  EligibilityFlow *flow = eligibility_flow_new (kiosk->app->guide, NULL, today, NULL);
  if (flow == NULL)
    return;
  for (int i = 0; i < 20 && eligibility_flow_page (flow) != NULL; i++) {
    const GPtrArray *fields = eligibility_flow_page (flow);
    for (guint f = 0; f < fields->len; f++) {
      const GuideField *field = fields->pdata[f];
      const GuideOption *option = field->options->len > 1 ? field->options->pdata[1] : NULL;
      g_autoptr (json_t) value = NULL;
      if (field->type == GUIDE_FIELD_MULTICHOICE && option != NULL)
        value = json_pack ("[s]", option->value);
      else if (field->type == GUIDE_FIELD_CHOICE && option != NULL)
        value = json_string (option->value);
      else if (field->type == GUIDE_FIELD_BOOL)
        value = json_true ();
      else
        value = json_null ();
      eligibility_flow_answer (flow, field->id, value, NULL);
    }
    if (!eligibility_flow_next (flow))
      eligibility_flow_stop (flow);
  }
  session_take_flow (kiosk->session, SESSION_SLOT_ELIGIBILITY, flow,
                     (GDestroyNotify)eligibility_flow_free);
}

/* Answers of somebody whom a single change would help. */
static void
sample_changes (Kiosk *kiosk)
{
  g_autofree char *today = clock_day (clock_now ());
  g_autoptr (json_t) facts =
      json_pack ("{s:[], s:[s], s:s, s:b, s:b, s:b, s:b}", "titles_top", "titles", "jieqing",
                 "identity", "foreigner", "employer_in_suzhou", FALSE, "adult", TRUE,
                 "healthy_clean", TRUE, "needed_skill", TRUE);
  if (kiosk->app->guide == NULL)
    return;
  EligibilityFlow *flow = eligibility_flow_new (kiosk->app->guide, NULL, today, NULL);
  if (flow == NULL)
    return;
  eligibility_flow_set_facts (flow, facts, NULL);
  session_take_flow (kiosk->session, SESSION_SLOT_ELIGIBILITY, flow,
                     (GDestroyNotify)eligibility_flow_free);
}

static void
sample_ticket (Kiosk *kiosk)
{
  TicketRow *row = g_new0 (TicketRow, 1);
  row->id = g_strdup ("000000000000000000000000");
  row->number = g_strdup ("A021");
  row->family = g_strdup ("A");
  row->day = clock_day (clock_now ());
  row->drawn_at = clock_now ();
  row->text = g_strdup ("YZ1:SAMPLE.6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDE");
  session_take_flow (kiosk->session, SESSION_SLOT_TICKET, row, (GDestroyNotify)ticket_row_free);
}

static void
add_step (TrackCase *track, const char *state, int days_ago)
{
  TrackStep *step = g_new0 (TrackStep, 1);
  step->action = g_strdup ("");
  step->state = g_strdup (state);
  step->at = clock_now () - (gint64)days_ago * 86400000;
  step->day = clock_day (step->at);
  g_ptr_array_add (track->steps, step);
}

static void
sample_case (Kiosk *kiosk)
{
  TrackCase *track = g_new0 (TrackCase, 1);
  track->number = g_strdup ("GSA-222223-K");
  track->service = g_strdup ("gusu-talent-card");
  track->service_name = g_strdup ("SAMPLE");
  track->state = g_strdup ("accepted");
  track->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)track_step_free);
  add_step (track, "submitted", 6);
  add_step (track, "received", 5);
  add_step (track, "accepted", 2);
  ((TrackStep *)track->steps->pdata[1])->actor = g_strdup ("centre");
  ((TrackStep *)track->steps->pdata[2])->actor = g_strdup ("department");
  ((TrackStep *)track->steps->pdata[2])->department = g_strdup ("hr-bureau");
  track->limit_n = 15;
  track->limit_unit = g_strdup ("workday");
  track->due = clock_day (clock_now () + (gint64)15 * 86400000);
  track->sent = TRUE;
  track->as_of = clock_now ();
  session_take_flow (kiosk->session, SESSION_SLOT_TRACK, track, (GDestroyNotify)track_case_free);
}

static void
sample_case_here (Kiosk *kiosk)
{
  sample_case (kiosk);
  TrackCase *track = session_flow (kiosk->session, SESSION_SLOT_TRACK);
  g_ptr_array_set_size (track->steps, 1);
  ((TrackStep *)track->steps->pdata[0])->local = TRUE;
  g_free (track->state);
  track->state = g_strdup ("submitted");
  g_clear_pointer (&track->due, g_free);
  track->sent = FALSE;
  track->as_of = 0;
}

static void
sample_place (Kiosk *kiosk)
{
  TrackTicket *track = g_new0 (TrackTicket, 1);
  track->number = g_strdup ("A021");
  track->family = g_strdup ("A");
  track->day = clock_day (clock_now ());
  track->state = g_strdup ("waiting");
  track->ahead = 3;
  track->as_of = clock_now ();
  session_take_flow (kiosk->session, SESSION_SLOT_PLACE, track, (GDestroyNotify)track_ticket_free);
}

static void
sample_benefit (Kiosk *kiosk)
{
  session_take_flow (kiosk->session, SESSION_SLOT_GROUP, g_strdup ("benefit"), g_free);
}

static void
sample_search (Kiosk *kiosk)
{
  gboolean chinese = g_str_equal (session_language (kiosk->session), "zh_CN");
  session_take_flow (kiosk->session, SESSION_SLOT_SEARCH, g_strdup (chinese ? "rcl" : "talent"),
                     g_free);
}

static void
sample_search_nothing (Kiosk *kiosk)
{
  session_take_flow (kiosk->session, SESSION_SLOT_SEARCH, g_strdup ("xyzzy"), g_free);
}

static void
show_print (Kiosk *kiosk)
{
  take_away_show_print (shell_page (kiosk->shell));
}

static void
show_phone (Kiosk *kiosk)
{
  take_away_show_phone (shell_page (kiosk->shell));
}

static void
scroll_down (Kiosk *kiosk)
{
  page_set_scroll (shell_page (kiosk->shell), 3200);
}

/* The first entry of the page takes the focus, and with it the keyboard comes. */
static void
type_something (Kiosk *kiosk)
{
  gtk_widget_child_focus (GTK_WIDGET (shell_page (kiosk->shell)), GTK_DIR_TAB_FORWARD);
}

/* An application begun by a person who does not exist; none where this machine may take none. */
static void
sample_application (Kiosk *kiosk)
{
  static const char *const answers[][2] = {{"applies_as", "self"},
                                           {"id_kind", "id-cn"},
                                           {"name", "王示例"},
                                           {"phone", "13800000000"},
                                           {"employer", "示例科技有限公司"}};
  IntakeFlow *flow =
      intake_flow_new (kiosk->app, "gusu-talent-card", session_language (kiosk->session), NULL);
  sample_service (kiosk);
  if (flow == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    intake_flow_take_answer (flow, answers[i][0], json_string (answers[i][1]), NULL);
  session_take_flow (kiosk->session, SESSION_SLOT_INTAKE, flow, (GDestroyNotify)intake_flow_free);
}

static void
sample_result (Kiosk *kiosk)
{
  IntakeResult *result = g_new0 (IntakeResult, 1);
  sample_application (kiosk);
  result->number = g_strdup ("GSA-222223-K");
  result->case_id = g_strdup ("sample");
  result->at = clock_now ();
  result->ticket_text = g_strdup ("YZ1:SAMPLE.6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDE");
  result->receipt = json_pack ("{s:s, s:s, s:{s:s, s:s}, s:s, s:[], s:[], s:{s:i, s:s}}", "number",
                               result->number, "service", "gusu-talent-card", "service_name",
                               "zh-CN", "姑苏英才服务卡", "en", "Gusu Talent Service Card", "hall",
                               "GS", "documents", "missing", "limit", "n", 15, "unit", "workday");
  session_take_flow (kiosk->session, SESSION_SLOT_RESULT, result,
                     (GDestroyNotify)intake_result_free);
}

static void
sample_paper (Kiosk *kiosk)
{
  sample_application (kiosk);
  session_take_flow (kiosk->session, SESSION_SLOT_PAPER, g_strdup ("identity"), g_free);
}

static void
close_hall (Kiosk *kiosk)
{
  session_set_hall_open (kiosk->session, FALSE, clock_monotonic ());
}

static void
ask_end (Kiosk *kiosk)
{
  sheets_ask_end (kiosk, SESSION_END);
}

static void
toast (Kiosk *kiosk)
{
  const char *language = session_language (kiosk->session);
  shell_toast (kiosk->shell, translate (language, "Choose an answer first, or press “Not sure”"),
               NULL, NULL, NULL);
}

/* The section of the form that the check has answered already. */
static void
show_answered_section (Kiosk *kiosk)
{
  IntakeFlow *flow = session_flow (kiosk->session, SESSION_SLOT_INTAKE);
  const GPtrArray *form = flow != NULL ? intake_flow_peek_service (flow)->form : NULL;
  for (guint i = 0; form != NULL && i < form->len; i++) {
    const GuideSection *section = form->pdata[i];
    const GuideField *field = section->fields->pdata[0];
    if (field->fact != NULL)
      intake_flow_set_section (flow, i);
  }
  shell_rebuild (kiosk->shell);
}

static void
sample_answered (Kiosk *kiosk)
{
  sample_service (kiosk);
  sample_answers (kiosk);
}

static const Picture pictures[] = {
    {"home", NULL, {LAST}},
    {"help", NULL, {LAST}, sheets_show_help},
    {"question", NULL, {SESSION_GO_CHECK, LAST}},
    {"question-toast", NULL, {SESSION_GO_CHECK, LAST}, toast},
    {"result", sample_answers, {SESSION_GO_CHECK, SESSION_DONE, LAST}},
    {"result-changes", sample_changes, {SESSION_GO_CHECK, SESSION_DONE, LAST}},
    {"catalogue", NULL, {SESSION_GO_GUIDE, LAST}},
    {"catalogue-benefit", sample_benefit, {SESSION_GO_GUIDE, LAST}},
    {"catalogue-found", sample_search, {SESSION_GO_GUIDE, LAST}, type_something},
    {"catalogue-nothing", sample_search_nothing, {SESSION_GO_GUIDE, LAST}},
    {"choose", NULL, {SESSION_GO_APPLY, LAST}},
    {"guide", sample_service, {SESSION_GO_GUIDE, SESSION_SERVICE, LAST}},
    {"guide-print", sample_service, {SESSION_GO_GUIDE, SESSION_SERVICE, LAST}, show_print},
    {"guide-phone", sample_service, {SESSION_GO_GUIDE, SESSION_SERVICE, LAST}, show_phone},
    {"guide-below", sample_permit, {SESSION_GO_GUIDE, SESSION_SERVICE, LAST}, scroll_down},
    {"guide-precheck", sample_other_service, {SESSION_GO_GUIDE, SESSION_SERVICE, LAST}},
    {"ticket", NULL, {SESSION_GO_TICKET, LAST}},
    {"ticket-printed", sample_ticket, {SESSION_GO_TICKET, SESSION_DONE, LAST}},
    {"form", sample_application, {SESSION_GO_APPLY, SESSION_START, LAST}},
    {"form-answered",
     sample_answered,
     {SESSION_GO_CHECK, SESSION_DONE, SESSION_START, LAST},
     show_answered_section},
    {"materials", sample_application, {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, LAST}},
    {"scan", sample_paper, {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, SESSION_GO_SCAN, LAST}},
    {"stick",
     sample_paper,
     {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, SESSION_GO_STICK, LAST}},
    {"review",
     sample_application,
     {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, SESSION_DONE, LAST}},
    {"sign",
     sample_application,
     {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, SESSION_DONE, SESSION_DONE, LAST}},
    {"end-question", sample_application, {SESSION_GO_APPLY, SESSION_START, LAST}, ask_end},
    {"submitted",
     sample_result,
     {SESSION_GO_APPLY, SESSION_START, SESSION_DONE, SESSION_DONE, SESSION_DONE, SESSION_DONE,
      LAST}},
    {"fault", sample_ticket, {SESSION_GO_TICKET, SESSION_DONE, SESSION_PRINT_FAULT, LAST}},
    {"code", NULL, {SESSION_GO_CODE, LAST}},
    {"track", sample_case, {SESSION_GO_TRACK, SESSION_FOUND_CASE, LAST}},
    {"track-here", sample_case_here, {SESSION_GO_TRACK, SESSION_FOUND_CASE, LAST}},
    {"place", sample_place, {SESSION_GO_CODE, SESSION_FOUND_PLACE, LAST}},
    {"idle", NULL, {SESSION_GO_GUIDE, SESSION_SILENCE, LAST}},
};

/* Lets the shell lay out and paint what it shows, transitions included. */
static void
settle (void)
{
  gint64 until = clock_monotonic () + SETTLE_MS;
  while (clock_monotonic () < until) {
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_usleep (2000);
  }
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  char byte = 0;
  ssize_t got = read (fd, &byte, 1);
  if (got <= 0 || byte == '\n')
    *(gboolean *)data = TRUE;
  return got > 0 && byte != '\n';
}

static void
wait_for_line (const char *name, const char *language)
{
  gboolean read = FALSE;
  g_print ("picture %s %s\n", name, language);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_input, &read);
  while (!read)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean stepping;

static gboolean
save (Kiosk *kiosk, const char *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file =
      g_strdup_printf ("%s/%s-%s.png", folder, name, session_language (kiosk->session));
  settle ();
  if (shell_picture (kiosk->shell, file, &error)) {
    if (stepping)
      wait_for_line (name, session_language (kiosk->session));
    return TRUE;
  }
  g_printerr ("onestop-kiosk: %s\n", error->message);
  return FALSE;
}

static void
come_home (Kiosk *kiosk, const char *language)
{
  gint64 now = clock_monotonic ();
  session_event (kiosk->session, SESSION_END, now);
  session_event (kiosk->session, SESSION_WAKE, now);
  session_set_language (kiosk->session, language, now);
  shell_rebuild (kiosk->shell);
}

static gboolean
take (Kiosk *kiosk, const char *folder, const Picture *picture, const char *language)
{
  come_home (kiosk, language);
  if (picture->prepare != NULL)
    picture->prepare (kiosk);
  for (int i = 0; picture->events[i] != LAST; i++) {
    /* Home drops what the session holds; nothing on the way does. */
    if (!session_event (kiosk->session, (SessionEvent)picture->events[i], clock_monotonic ())) {
      g_printerr ("onestop-kiosk: picture %s: no %s from %s\n", picture->name,
                  session_event_name ((SessionEvent)picture->events[i]),
                  session_state_name (session_state (kiosk->session)));
      return FALSE;
    }
    settle ();
  }
  if (picture->then != NULL)
    picture->then (kiosk);
  gboolean saved = save (kiosk, folder, picture->name);
  shell_hide_sheet (kiosk->shell);
  return saved;
}

static gboolean
take_closed (Kiosk *kiosk, const char *folder, const char *language)
{
  come_home (kiosk, session_language (kiosk->session));
  close_hall (kiosk);
  session_set_language (kiosk->session, language, clock_monotonic ());
  shell_rebuild (kiosk->shell);
  gboolean saved = save (kiosk, folder, "closed");
  session_set_hall_open (kiosk->session, TRUE, clock_monotonic ());
  return saved;
}

int
pictures_take (Kiosk *kiosk, const char *folder, gboolean step)
{
  g_autoptr (GError) error = NULL;
  char **languages = kiosk->app->config->screen_languages;
  if (!file_make_folder (folder, 0755, &error)) {
    g_printerr ("onestop-kiosk: %s\n", error->message);
    return onestop_error_exit_code (error);
  }
  stepping = step;
  /* Nothing moves, so that a picture is the same each time. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  gboolean done = save (kiosk, folder, "attract");
  for (int i = 0; languages[i] != NULL && done; i++) {
    for (gsize p = 0; p < G_N_ELEMENTS (pictures) && done; p++)
      done = take (kiosk, folder, &pictures[p], languages[i]);
    done = done && take_closed (kiosk, folder, languages[i]);
  }
  return done ? 0 : 5;
}
