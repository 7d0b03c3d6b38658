/* session.h: the visitor session at the kiosk: where it stands, when it falls silent, what is
 * wiped.
 *
 * One table of (state, event, next); session_event is the only function that changes state. Time is
 * an argument (ms of clock_monotonic), so that a test walks hours in no time. No GTK, no main loop:
 * the shell calls session_tick a few times a second and draws what the session says.
 *
 * The session owns what the visitor did: a flow is put into its slot with its destructor, and the
 * wipe (end, time over) destroys all slots, calls every wiper, and brings the language back to the
 * first one. Nothing else holds a visitor's data. */
#pragma once

#include <glib.h>

typedef enum {
  SESSION_ATTRACT,        /* nobody there */
  SESSION_HOME,           /* six tiles */
  SESSION_QUESTION,       /* eligibility, one question at a time */
  SESSION_RESULT,         /* what the check found */
  SESSION_CATALOGUE,      /* 21 services in four groups */
  SESSION_CHOOSE,         /* the services that can be applied for here */
  SESSION_GUIDE,          /* one service */
  SESSION_TICKET,         /* choose a window family */
  SESSION_TICKET_PRINTED, /* the number drawn */
  SESSION_CODE,           /* show a code to the reader */
  SESSION_TRACK,          /* how a case stands */
  SESSION_PLACE,          /* how far a queue ticket is */
  SESSION_FORM,           /* fill in */
  SESSION_MATERIALS,      /* the list of papers */
  SESSION_SCAN,           /* one paper from the scanner */
  SESSION_STICK,          /* files from the USB stick */
  SESSION_REVIEW,         /* everything once more */
  SESSION_SIGN,           /* notice, consents, signature */
  SESSION_SUBMITTED,      /* number, receipt, QR */
  SESSION_FAULT,          /* the printer did not do it */
  SESSION_CLOSED,         /* out of hours or out of order */
  SESSION_IDLE,           /* are you still there */
} SessionState;

#define SESSION_N_STATES (SESSION_IDLE + 1)

typedef enum {
  SESSION_WAKE,           /* somebody touches the attract screen */
  SESSION_GO_CHECK,       /* the tiles of home */
  SESSION_GO_GUIDE,       /* also: see the guide while waiting */
  SESSION_GO_APPLY,       /**/
  SESSION_GO_TICKET,      /**/
  SESSION_GO_CODE,        /**/
  SESSION_GO_TRACK,       /**/
  SESSION_SERVICE,        /* a service was chosen */
  SESSION_START,          /* fill in the chosen service's form */
  SESSION_STEP,           /* the same page, next step: its flow moved on */
  SESSION_STEP_BACK,      /* the same page, one step back */
  SESSION_DONE,           /* this page's work is done */
  SESSION_FOUND_CASE,     /* the code is a receipt */
  SESSION_FOUND_PLACE,    /* the code is a queue ticket */
  SESSION_FOUND_SLIP,     /* the code is a result slip */
  SESSION_GO_SCAN,        /* materials: take a page from the scanner */
  SESSION_GO_STICK,       /* materials: take files from the stick */
  SESSION_EDIT_FORM,      /* review: change an answer */
  SESSION_EDIT_MATERIALS, /* review: change a paper */
  SESSION_PRINT_FAULT,    /* the paper did not come out */
  SESSION_BACK,           /* one page back */
  SESSION_GO_HOME,        /* home, keeping what was done */
  SESSION_END,            /* end and wipe */
  SESSION_SILENCE,        /* no touch for the page's time */
  SESSION_STILL_HERE,     /* the answer to it */
  SESSION_TIME_OVER,      /* no answer */
} SessionEvent;

#define SESSION_N_EVENTS (SESSION_TIME_OVER + 1)

/* How long a page may stay untouched. */
typedef enum {
  SESSION_QUIET_NONE, /* for ever: attract, closed */
  SESSION_QUIET_HOME, /* home with nothing begun: back to attract without a warning */
  SESSION_QUIET_MENU,
  SESSION_QUIET_FORM,
  SESSION_QUIET_DONE, /* the end of a job: home without a warning */
} SessionQuiet;

/* The slots of the flows that a session owns. */
typedef enum {
  SESSION_SLOT_ELIGIBILITY, /* EligibilityFlow */
  SESSION_SLOT_SCAN,        /* ScanFlow: works on the draft, so it goes before it */
  SESSION_SLOT_INTAKE,      /* IntakeFlow: the draft */
  SESSION_SLOT_PAPER,       /* char *: the material that scan and stick work on */
  SESSION_SLOT_TICKET,      /* TicketRow: the number drawn */
  SESSION_SLOT_TRACK,       /* TrackCase */
  SESSION_SLOT_PLACE,       /* TrackTicket */
  SESSION_SLOT_GROUP,       /* char *: the group open in the catalogue */
  SESSION_SLOT_FAMILY,      /* char *: the window family chosen */
  SESSION_SLOT_RESULT,      /* IntakeResult */
  SESSION_SLOT_SLIP,        /* Ticket: the slip that was scanned, until it began an application */
  SESSION_SLOT_PAPER_SLIP,  /* char *: the slip printed here */
  SESSION_SLOT_PRINT,       /* gint64 *: the spool row on screen */
  SESSION_SLOT_SEARCH,      /* char *: what is searched in the catalogue */
} SessionSlot;

#define SESSION_N_SLOTS (SESSION_SLOT_SEARCH + 1)

typedef struct {
  int menu, menu_countdown; /* seconds */
  int form, form_countdown; /**/
  int done;                 /**/
  int extended;             /* how often "still here" may be said in a row with no touch between */
} SessionTimes;

/* 60+20, 180+45, 30, 3: design and default. */
extern const SessionTimes session_default_times;

typedef struct _Session Session;

/* After a change. `forward` says which way a transition goes; `from` equals `to` after a step. */
typedef void (*SessionChanged) (Session *session, SessionState from, SessionState to,
                                gboolean forward, gpointer data);
typedef void (*SessionWipe) (gpointer data);

/* `languages` is NULL-terminated and not empty; the first one is where every session begins.
 * Begins in SESSION_ATTRACT at `now`. Owned; freeing wipes. */
Session *session_new (const SessionTimes *times, const char *const *languages, gint64 now);
void session_free (Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

/* Feeds one event. FALSE if the table has no row for it here: nothing happened (a late answer of a
 * device, a second tap). */
gboolean session_event (Session *session, SessionEvent event, gint64 now);

SessionState session_state (const Session *session);

/* The page under the idle warning; the state itself elsewhere. */
SessionState session_page (const Session *session);

/* Somebody touched the screen or a key, or a device works for them (scanner, printer, upload). On
 * the idle page it does nothing. */
void session_touch (Session *session, gint64 now);

/* Fires SILENCE or TIME_OVER when it is time. */
void session_tick (Session *session, gint64 now);

/* Seconds left on the idle page, rounded up; 0 elsewhere. `ret_total` is the whole countdown. */
int session_countdown (const Session *session, gint64 now, int *ret_total);

/* FALSE on the idle page once "still here" was said `extended` times in a row. */
gboolean session_may_continue (const Session *session);

/* TRUE while there is something to end: not on attract, closed, or an untouched home. */
gboolean session_is_open (const Session *session);

/* Open or closed hall: a closed one shows SESSION_CLOSED in the place of attract and home; a
 * session that runs is not interrupted. */
void session_set_hall_open (Session *session, gboolean open, gint64 now);

/* FALSE for who reads the guide while the hall is closed: no application and no number is begun.
 * Who was in a session when it closed may. */
gboolean session_may_begin (const Session *session);

/* The visitor's language. Setting it is a touch; the shell rebuilds the page (SessionChanged is not
 * called). FALSE if it is none of the languages. */
const char *session_language (const Session *session);
const char *session_other_language (const Session *session);
gboolean session_set_language (Session *session, const char *language, gint64 now);

/* The chosen service (its guide id), or NULL. */
const char *session_service (const Session *session);
void session_set_service (Session *session, const char *service);

/* The flow in `slot`, borrowed, or NULL. Setting takes it and destroys what was there. */
gpointer session_flow (const Session *session, SessionSlot slot);
void session_take_flow (Session *session, SessionSlot slot, gpointer flow, GDestroyNotify destroy);

/* TRUE if something typed or scanned would be lost by ending (the intake slot is filled): the shell
 * asks before it. */
gboolean session_has_work (const Session *session);

/* TRUE if `event` would lose work now. */
gboolean session_loses (const Session *session, SessionEvent event);

void session_set_changed (Session *session, SessionChanged changed, gpointer data);

/* Called at every wipe, in the order of adding: keyboard history, clipboard, display settings. */
void session_add_wipe (Session *session, SessionWipe wipe, gpointer data);

/* Forgets the wipers with `data`: whoever they belong to goes. */
void session_remove_wipe (Session *session, gpointer data);

/* How often was wiped; tests and the log. */
guint session_wipes (const Session *session);

/* For the page table, the log and tests. Static. */
const char *session_state_name (SessionState state);
const char *session_event_name (SessionEvent event);
SessionQuiet session_quiet (SessionState state);

/* The table itself, for the test that walks it: the next state, or -1 for none. BACK and STILL_HERE
 * give -2: it depends on the way come. */
int session_next (SessionState state, SessionEvent event);
