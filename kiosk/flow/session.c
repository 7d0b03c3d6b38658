/* session.c: the visitor session as one table.
 *
 * session_event looks a row up and moves; nothing else changes the state. Home holds nothing of a
 * visitor: whoever comes there has his flows destroyed, by whatever way. The end and the time-out
 * wipe as well: language, clipboard, keyboard history (the wipers). Refused: knowing pages,
 * drawing, reading a clock. */
#include "flow/session.h"

#include <string.h>

const SessionTimes session_default_times = {60, 20, 180, 45, 30, 3};

#define ANY (-1)
#define PREVIOUS (-2) /* the page before, from the trail */
#define TRAIL_MAX 32

typedef enum {
  KEEP = 0,        /* the way back leads here */
  FORGET = 1,      /* the way back leads nowhere: what was done stays done */
  WIPE = 2,        /* the visitor is gone */
  SAME = 4,        /* no new page on the trail */
  FROM_REVIEW = 8, /* only for who came from the review by "change" */
  IN_HOURS = 16    /* not for who reads while the hall is closed */
} RowFlags;

typedef struct {
  int state;
  int event;
  int next;
  RowFlags flags;
} Row;

/* The first row that fits counts. */
static const Row table[] = {
    {SESSION_ATTRACT, SESSION_WAKE, SESSION_HOME, FORGET},

    {SESSION_HOME, SESSION_GO_CHECK, SESSION_QUESTION, KEEP},
    {SESSION_HOME, SESSION_GO_GUIDE, SESSION_CATALOGUE, KEEP},
    {SESSION_HOME, SESSION_GO_APPLY, SESSION_CHOOSE, KEEP},
    {SESSION_HOME, SESSION_GO_TICKET, SESSION_TICKET, KEEP},
    {SESSION_HOME, SESSION_GO_CODE, SESSION_CODE, KEEP},
    {SESSION_HOME, SESSION_GO_TRACK, SESSION_CODE, KEEP},
    {SESSION_HOME, SESSION_SILENCE, SESSION_ATTRACT, WIPE},

    {SESSION_QUESTION, SESSION_STEP, SESSION_QUESTION, SAME},
    {SESSION_QUESTION, SESSION_STEP_BACK, SESSION_QUESTION, SAME},
    {SESSION_QUESTION, SESSION_DONE, SESSION_RESULT, KEEP},
    {SESSION_RESULT, SESSION_GO_GUIDE, SESSION_CATALOGUE, KEEP},
    {SESSION_RESULT, SESSION_SERVICE, SESSION_GUIDE, KEEP},
    {SESSION_RESULT, SESSION_START, SESSION_FORM, IN_HOURS},
    {SESSION_RESULT, SESSION_GO_TICKET, SESSION_TICKET, IN_HOURS},
    {SESSION_RESULT, SESSION_STEP, SESSION_RESULT, SAME},
    {SESSION_RESULT, SESSION_PRINT_FAULT, SESSION_FAULT, KEEP},

    {SESSION_CATALOGUE, SESSION_STEP, SESSION_CATALOGUE, SAME},
    {SESSION_CATALOGUE, SESSION_SERVICE, SESSION_GUIDE, KEEP},
    {SESSION_CHOOSE, SESSION_SERVICE, SESSION_GUIDE, KEEP},
    {SESSION_CHOOSE, SESSION_START, SESSION_FORM, KEEP},
    {SESSION_GUIDE, SESSION_START, SESSION_FORM, IN_HOURS},
    {SESSION_GUIDE, SESSION_GO_TICKET, SESSION_TICKET, IN_HOURS},
    {SESSION_GUIDE, SESSION_GO_CHECK, SESSION_QUESTION, KEEP},

    {SESSION_TICKET, SESSION_STEP, SESSION_TICKET, SAME},
    {SESSION_TICKET, SESSION_DONE, SESSION_TICKET_PRINTED, FORGET},
    {SESSION_TICKET_PRINTED, SESSION_STEP, SESSION_TICKET_PRINTED, SAME},
    {SESSION_TICKET_PRINTED, SESSION_GO_GUIDE, SESSION_CATALOGUE, KEEP},
    {SESSION_TICKET_PRINTED, SESSION_PRINT_FAULT, SESSION_FAULT, KEEP},
    {SESSION_TICKET_PRINTED, SESSION_DONE, SESSION_HOME, WIPE},
    {SESSION_TICKET_PRINTED, SESSION_SILENCE, SESSION_HOME, WIPE},

    {SESSION_CODE, SESSION_STEP, SESSION_CODE, SAME},
    {SESSION_CODE, SESSION_FOUND_CASE, SESSION_TRACK, KEEP},
    {SESSION_CODE, SESSION_FOUND_PLACE, SESSION_PLACE, KEEP},
    {SESSION_CODE, SESSION_FOUND_SLIP, SESSION_RESULT, KEEP},
    {SESSION_TRACK, SESSION_STEP, SESSION_TRACK, SAME},
    {SESSION_TRACK, SESSION_PRINT_FAULT, SESSION_FAULT, KEEP},
    {SESSION_TRACK, SESSION_DONE, SESSION_HOME, WIPE},
    {SESSION_PLACE, SESSION_STEP, SESSION_PLACE, SAME},
    {SESSION_PLACE, SESSION_GO_GUIDE, SESSION_CATALOGUE, KEEP},
    {SESSION_PLACE, SESSION_DONE, SESSION_HOME, WIPE},

    {SESSION_FORM, SESSION_STEP, SESSION_FORM, SAME},
    {SESSION_FORM, SESSION_STEP_BACK, SESSION_FORM, SAME},
    {SESSION_FORM, SESSION_DONE, PREVIOUS, FROM_REVIEW},
    {SESSION_FORM, SESSION_DONE, SESSION_MATERIALS, KEEP},
    {SESSION_MATERIALS, SESSION_STEP, SESSION_MATERIALS, SAME},
    {SESSION_MATERIALS, SESSION_GO_SCAN, SESSION_SCAN, KEEP},
    {SESSION_MATERIALS, SESSION_GO_STICK, SESSION_STICK, KEEP},
    {SESSION_MATERIALS, SESSION_DONE, PREVIOUS, FROM_REVIEW},
    {SESSION_MATERIALS, SESSION_DONE, SESSION_REVIEW, KEEP},
    {SESSION_SCAN, SESSION_STEP, SESSION_SCAN, SAME},
    {SESSION_SCAN, SESSION_DONE, PREVIOUS, SAME},
    {SESSION_STICK, SESSION_STEP, SESSION_STICK, SAME},
    {SESSION_STICK, SESSION_DONE, PREVIOUS, SAME},
    {SESSION_REVIEW, SESSION_STEP, SESSION_REVIEW, SAME},
    {SESSION_REVIEW, SESSION_EDIT_FORM, SESSION_FORM, KEEP},
    {SESSION_REVIEW, SESSION_EDIT_MATERIALS, SESSION_MATERIALS, KEEP},
    {SESSION_REVIEW, SESSION_DONE, SESSION_SIGN, KEEP},
    {SESSION_SIGN, SESSION_STEP, SESSION_SIGN, SAME},
    {SESSION_SIGN, SESSION_DONE, SESSION_SUBMITTED, FORGET},
    {SESSION_SUBMITTED, SESSION_STEP, SESSION_SUBMITTED, SAME},
    {SESSION_SUBMITTED, SESSION_PRINT_FAULT, SESSION_FAULT, KEEP},
    {SESSION_SUBMITTED, SESSION_DONE, SESSION_HOME, WIPE},
    {SESSION_SUBMITTED, SESSION_SILENCE, SESSION_HOME, WIPE},
    {SESSION_FAULT, SESSION_STEP, SESSION_FAULT, SAME},
    {SESSION_FAULT, SESSION_DONE, PREVIOUS, SAME},

    {SESSION_CLOSED, SESSION_GO_GUIDE, SESSION_CATALOGUE, KEEP},

    {SESSION_IDLE, SESSION_STILL_HERE, PREVIOUS, SAME},
    {SESSION_IDLE, SESSION_TIME_OVER, SESSION_HOME, WIPE},
    {SESSION_IDLE, SESSION_END, SESSION_HOME, WIPE},

    {ANY, SESSION_BACK, PREVIOUS, SAME},
    {ANY, SESSION_GO_HOME, SESSION_HOME, FORGET},
    {ANY, SESSION_END, SESSION_HOME, WIPE},
    {ANY, SESSION_SILENCE, SESSION_IDLE, KEEP},
};

/* Rows with ANY do not speak of these: nobody is there, or only two buttons act. */
static gboolean
stands_alone (int state)
{
  return state == SESSION_ATTRACT || state == SESSION_HOME || state == SESSION_CLOSED ||
         state == SESSION_IDLE;
}

typedef struct {
  SessionWipe wipe;
  gpointer data;
} Wiper;

struct _Session {
  SessionState state;
  SessionState trail[TRAIL_MAX];
  int n_trail;
  SessionTimes times;
  gint64 touched, warned;
  int extended;       /* times "still here" in a row */
  gboolean fresh;     /* home or attract after a wipe, untouched since */
  gboolean submitted; /* what was typed is safe */
  gboolean hall_open;
  gboolean reading; /* began while the hall was closed, and it still is */
  char **languages;
  int language;
  char *service;
  gpointer flows[SESSION_N_SLOTS];
  GDestroyNotify destroys[SESSION_N_SLOTS];
  GArray *wipers;
  guint n_wipes;
  SessionChanged changed;
  gpointer changed_data;
};

static const Row *
row_of (int state, int event, gboolean from_review)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    const Row *row = &table[i];
    if (row->event != event || (row->state != state && (row->state != ANY || stands_alone (state))))
      continue;
    if ((row->flags & FROM_REVIEW) && !from_review)
      continue;
    return row;
  }
  return NULL;
}

Session *
session_new (const SessionTimes *times, const char *const *languages, gint64 now)
{
  Session *session = g_new0 (Session, 1);
  session->times = *times;
  session->languages = g_strdupv ((char **)languages);
  session->touched = now;
  session->fresh = TRUE;
  session->hall_open = TRUE;
  session->wipers = g_array_new (FALSE, FALSE, sizeof (Wiper));
  return session;
}

static void
clear_flows (Session *session)
{
  for (int i = 0; i < SESSION_N_SLOTS; i++)
    session_take_flow (session, i, NULL, NULL);
  g_clear_pointer (&session->service, g_free);
  session->submitted = FALSE;
}

static void
wipe (Session *session)
{
  clear_flows (session);
  for (guint i = 0; i < session->wipers->len; i++) {
    Wiper *wiper = &g_array_index (session->wipers, Wiper, i);
    wiper->wipe (wiper->data);
  }
  session->language = 0;
  session->fresh = TRUE;
  session->n_wipes++;
}

void
session_free (Session *session)
{
  if (session == NULL)
    return;
  session->changed = NULL;
  wipe (session);
  g_strfreev (session->languages);
  g_array_unref (session->wipers);
  g_free (session);
}

static void
push (Session *session, SessionState state)
{
  if (session->n_trail == TRAIL_MAX)
    memmove (session->trail, session->trail + 1,
             sizeof (SessionState) * (size_t)--session->n_trail);
  session->trail[session->n_trail++] = state;
}

static SessionState
top (const Session *session)
{
  if (session->n_trail > 0)
    return session->trail[session->n_trail - 1];
  return SESSION_HOME;
}

/* The one place where the state changes. */
static void
move (Session *session, int next, RowFlags flags, SessionEvent event, gint64 now)
{
  SessionState from = session->state;
  gboolean forward = next != PREVIOUS && event != SESSION_STEP_BACK;
  if (next == PREVIOUS) {
    next = (int)top (session);
    session->n_trail = MAX (session->n_trail - 1, 0);
  } else if (flags & (FORGET | WIPE)) {
    session->n_trail = 0;
  } else if (!(flags & SAME)) {
    push (session, from);
  }
  if (!session->hall_open && (next == SESSION_HOME || next == SESSION_ATTRACT))
    next = SESSION_CLOSED;
  if (next == SESSION_HOME || next == SESSION_ATTRACT || next == SESSION_CLOSED) {
    session->n_trail = 0;
    session->reading = next == SESSION_CLOSED;
    forward = from == SESSION_ATTRACT;
  }
  if (flags & WIPE)
    wipe (session);
  else if (next == SESSION_HOME)
    clear_flows (session);
  if (next == SESSION_SUBMITTED)
    session->submitted = TRUE;
  if (next == SESSION_IDLE)
    session->warned = now;
  session->state = next;
  if (!(flags & WIPE) && next != SESSION_IDLE)
    session->fresh = FALSE;
  session->touched = now;
  if (session->changed != NULL)
    session->changed (session, from, next, forward, session->changed_data);
}

gboolean
session_event (Session *session, SessionEvent event, gint64 now)
{
  const Row *row = row_of (session->state, event, top (session) == SESSION_REVIEW);
  if (row == NULL || (event == SESSION_STILL_HERE && !session_may_continue (session)) ||
      ((row->flags & IN_HOURS) && !session_may_begin (session)))
    return FALSE;
  if (event == SESSION_STILL_HERE)
    session->extended++;
  else if (event != SESSION_SILENCE)
    session->extended = 0;
  move (session, row->next, row->flags, event, now);
  return TRUE;
}

SessionState
session_state (const Session *session)
{
  return session->state;
}

SessionState
session_page (const Session *session)
{
  return session->state == SESSION_IDLE ? top (session) : session->state;
}

void
session_touch (Session *session, gint64 now)
{
  if (session->state == SESSION_IDLE)
    return;
  session->touched = now;
  session->fresh = FALSE;
  session->extended = 0;
}

/* The quiet seconds of the present page, 0 for ever; the countdown that follows. */
static int
quiet_seconds (const Session *session, SessionState state, int *ret_countdown)
{
  const SessionTimes *times = &session->times;
  gboolean foreign = session->language != 0;
  SessionQuiet quiet = session_quiet (state);
  *ret_countdown =
      foreign || quiet == SESSION_QUIET_FORM ? times->form_countdown : times->menu_countdown;
  switch (quiet) {
  case SESSION_QUIET_HOME:
    return session->fresh ? times->done : foreign ? times->form : times->menu;
  case SESSION_QUIET_MENU:
    return foreign ? times->form : times->menu;
  case SESSION_QUIET_FORM:
    return times->form;
  case SESSION_QUIET_DONE:
    return foreign ? MAX (times->done, times->menu) : times->done;
  case SESSION_QUIET_NONE:
  default:
    return 0;
  }
}

void
session_tick (Session *session, gint64 now)
{
  int countdown;
  if (session->state == SESSION_IDLE) {
    if (session_countdown (session, now, NULL) <= 0)
      session_event (session, SESSION_TIME_OVER, now);
    return;
  }
  int quiet = quiet_seconds (session, session->state, &countdown);
  if (quiet > 0 && now - session->touched >= (gint64)quiet * 1000)
    session_event (session, SESSION_SILENCE, now);
}

int
session_countdown (const Session *session, gint64 now, int *ret_total)
{
  int countdown = 0;
  if (session->state != SESSION_IDLE)
    return 0;
  quiet_seconds (session, top (session), &countdown);
  if (ret_total != NULL)
    *ret_total = countdown;
  gint64 left = (gint64)countdown * 1000 - (now - session->warned);
  return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

gboolean
session_may_continue (const Session *session)
{
  return session->state == SESSION_IDLE && session->extended < session->times.extended;
}

gboolean
session_is_open (const Session *session)
{
  SessionState page = session_page (session);
  return page != SESSION_ATTRACT && page != SESSION_HOME && page != SESSION_CLOSED;
}

void
session_set_hall_open (Session *session, gboolean open, gint64 now)
{
  if (session->hall_open == open)
    return;
  session->hall_open = open;
  if (open)
    session->reading = FALSE;
  if (!open && (session->state == SESSION_ATTRACT || session->state == SESSION_HOME))
    move (session, SESSION_CLOSED, WIPE, SESSION_END, now);
  else if (open && session->state == SESSION_CLOSED)
    move (session, SESSION_ATTRACT, WIPE, SESSION_END, now);
}

gboolean
session_may_begin (const Session *session)
{
  return !session->reading;
}

const char *
session_language (const Session *session)
{
  return session->languages[session->language];
}

const char *
session_other_language (const Session *session)
{
  const char *next = session->languages[session->language + 1];
  return next != NULL ? next : session->languages[0];
}

gboolean
session_set_language (Session *session, const char *language, gint64 now)
{
  for (int i = 0; session->languages[i] != NULL; i++)
    if (g_strcmp0 (session->languages[i], language) == 0) {
      session->language = i;
      session_touch (session, now);
      return TRUE;
    }
  return FALSE;
}

const char *
session_service (const Session *session)
{
  return session->service;
}

void
session_set_service (Session *session, const char *service)
{
  char *copy = g_strdup (service);
  g_free (session->service);
  session->service = copy;
}

gpointer
session_flow (const Session *session, SessionSlot slot)
{
  return session->flows[slot];
}

void
session_take_flow (Session *session, SessionSlot slot, gpointer flow, GDestroyNotify destroy)
{
  gpointer old = session->flows[slot];
  GDestroyNotify old_destroy = session->destroys[slot];
  session->flows[slot] = flow;
  session->destroys[slot] = destroy;
  if (old != NULL && old != flow && old_destroy != NULL)
    old_destroy (old);
}

gboolean
session_has_work (const Session *session)
{
  return session->flows[SESSION_SLOT_INTAKE] != NULL && !session->submitted;
}

gboolean
session_loses (const Session *session, SessionEvent event)
{
  const Row *row = row_of (session->state, event, top (session) == SESSION_REVIEW);
  if (row == NULL || !session_has_work (session))
    return FALSE;
  int next = row->next == PREVIOUS ? (int)top (session) : row->next;
  return next == SESSION_HOME || next == SESSION_ATTRACT;
}

void
session_set_changed (Session *session, SessionChanged changed, gpointer data)
{
  session->changed = changed;
  session->changed_data = data;
}

void
session_add_wipe (Session *session, SessionWipe function, gpointer data)
{
  Wiper wiper = {function, data};
  g_array_append_val (session->wipers, wiper);
}

void
session_remove_wipe (Session *session, gpointer data)
{
  for (guint i = session->wipers->len; i-- > 0;)
    if (g_array_index (session->wipers, Wiper, i).data == data)
      g_array_remove_index (session->wipers, i);
}

guint
session_wipes (const Session *session)
{
  return session->n_wipes;
}

typedef struct {
  const char *name;
  SessionQuiet quiet;
} StateFacts;

static const StateFacts states[SESSION_N_STATES] = {
    [SESSION_ATTRACT] = {"attract", SESSION_QUIET_NONE},
    [SESSION_HOME] = {"home", SESSION_QUIET_HOME},
    [SESSION_QUESTION] = {"question", SESSION_QUIET_MENU},
    [SESSION_RESULT] = {"result", SESSION_QUIET_MENU},
    [SESSION_CATALOGUE] = {"catalogue", SESSION_QUIET_MENU},
    [SESSION_CHOOSE] = {"choose", SESSION_QUIET_MENU},
    [SESSION_GUIDE] = {"guide", SESSION_QUIET_MENU},
    [SESSION_TICKET] = {"ticket", SESSION_QUIET_MENU},
    [SESSION_TICKET_PRINTED] = {"ticket-printed", SESSION_QUIET_DONE},
    [SESSION_CODE] = {"code", SESSION_QUIET_MENU},
    [SESSION_TRACK] = {"track", SESSION_QUIET_MENU},
    [SESSION_PLACE] = {"place", SESSION_QUIET_MENU},
    [SESSION_FORM] = {"form", SESSION_QUIET_FORM},
    [SESSION_MATERIALS] = {"materials", SESSION_QUIET_FORM},
    [SESSION_SCAN] = {"scan", SESSION_QUIET_FORM},
    [SESSION_STICK] = {"stick", SESSION_QUIET_FORM},
    [SESSION_REVIEW] = {"review", SESSION_QUIET_FORM},
    [SESSION_SIGN] = {"sign", SESSION_QUIET_FORM},
    [SESSION_SUBMITTED] = {"submitted", SESSION_QUIET_DONE},
    [SESSION_FAULT] = {"fault", SESSION_QUIET_FORM},
    [SESSION_CLOSED] = {"closed", SESSION_QUIET_NONE},
    [SESSION_IDLE] = {"idle", SESSION_QUIET_NONE},
};

static const char *const events[SESSION_N_EVENTS] = {
    [SESSION_WAKE] = "wake",
    [SESSION_GO_CHECK] = "go-check",
    [SESSION_GO_GUIDE] = "go-guide",
    [SESSION_GO_APPLY] = "go-apply",
    [SESSION_GO_TICKET] = "go-ticket",
    [SESSION_GO_CODE] = "go-code",
    [SESSION_GO_TRACK] = "go-track",
    [SESSION_SERVICE] = "service",
    [SESSION_START] = "start",
    [SESSION_STEP] = "step",
    [SESSION_STEP_BACK] = "step-back",
    [SESSION_DONE] = "done",
    [SESSION_FOUND_CASE] = "found-case",
    [SESSION_FOUND_PLACE] = "found-place",
    [SESSION_FOUND_SLIP] = "found-slip",
    [SESSION_GO_SCAN] = "go-scan",
    [SESSION_GO_STICK] = "go-stick",
    [SESSION_EDIT_FORM] = "edit-form",
    [SESSION_EDIT_MATERIALS] = "edit-materials",
    [SESSION_PRINT_FAULT] = "print-fault",
    [SESSION_BACK] = "back",
    [SESSION_GO_HOME] = "go-home",
    [SESSION_END] = "end",
    [SESSION_SILENCE] = "silence",
    [SESSION_STILL_HERE] = "still-here",
    [SESSION_TIME_OVER] = "time-over",
};

const char *
session_state_name (SessionState state)
{
  return states[state].name;
}

const char *
session_event_name (SessionEvent event)
{
  return events[event];
}

SessionQuiet
session_quiet (SessionState state)
{
  return states[state].quiet;
}

int
session_next (SessionState state, SessionEvent event)
{
  const Row *row = row_of (state, event, FALSE);
  return row == NULL ? -1 : row->next;
}
