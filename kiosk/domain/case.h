/* case.h: the state machine of a case.
 *
 * The whole table of states, clocks, transitions, actors and effects; tests/data/case-machine.json
 * is the same table, and a test compares them both ways. Four acts are four things: submitted by
 * the person, received by the centre (收件), handed over (代收并转交), accepted for processing by
 * who has the power (受理). A machine never receives and never accepts. */
#pragma once

#include <glib.h>

typedef enum {
  CASE_STATE_DRAFT,
  CASE_STATE_SUBMITTED,
  CASE_STATE_RECEIVED,
  CASE_STATE_PRE_SUPPLEMENT,
  CASE_STATE_HANDED_OVER,
  CASE_STATE_ACCEPTED,
  CASE_STATE_PROCESSING,
  CASE_STATE_FURTHER_PAPERS,
  CASE_STATE_SPECIAL,
  CASE_STATE_APPOINTMENT_WAIT,
  CASE_STATE_IN_PERSON,
  CASE_STATE_DECIDED,
  CASE_STATE_DELIVERED,
  CASE_STATE_RATED,
  CASE_STATE_NOT_ACCEPTED,
  CASE_STATE_WITHDRAWN,
  CASE_STATE_LAPSED,
  CASE_STATE_ARCHIVED,
} CaseState;

#define CASE_STATE_N (CASE_STATE_ARCHIVED + 1)
#define CASE_STATE_ORIGIN ((CaseState)CASE_STATE_N) /* "@origin", only as `to` of a transition */

typedef enum {
  CASE_ACTION_SUBMIT,
  CASE_ACTION_DISCARD,
  CASE_ACTION_RECEIVE,
  CASE_ACTION_TRANSFER_HALL,
  CASE_ACTION_REQUEST_SUPPLEMENT_ONCE,
  CASE_ACTION_SUPPLEMENT,
  CASE_ACTION_LAPSE,
  CASE_ACTION_ACCEPT,
  CASE_ACTION_HAND_OVER,
  CASE_ACTION_DEEM_ACCEPTED,
  CASE_ACTION_REFUSE_ACCEPTANCE,
  CASE_ACTION_RETURN_WRONG_DEPARTMENT,
  CASE_ACTION_DECIDE_ON_SPOT,
  CASE_ACTION_CLAIM,
  CASE_ACTION_HAND_TO_B,
  CASE_ACTION_DISPATCH_PARALLEL,
  CASE_ACTION_ASK_FURTHER_PAPERS,
  CASE_ACTION_START_SPECIAL,
  CASE_ACTION_END_SPECIAL,
  CASE_ACTION_EXTEND,
  CASE_ACTION_CALL_IN_PERSON,
  CASE_ACTION_BOOK,
  CASE_ACTION_NO_SHOW,
  CASE_ACTION_CHECK_IN,
  CASE_ACTION_GIVE_UP,
  CASE_ACTION_COMPLETE_VISIT,
  CASE_ACTION_DECIDE,
  CASE_ACTION_DELIVER,
  CASE_ACTION_CORRECT,
  CASE_ACTION_REOPEN,
  CASE_ACTION_RATE,
  CASE_ACTION_CLOSE_RATING,
  CASE_ACTION_RECTIFY,
  CASE_ACTION_ARCHIVE,
  CASE_ACTION_WITHDRAW,
} CaseAction;

#define CASE_ACTION_N (CASE_ACTION_WITHDRAW + 1)

/* Bits: who may do it. */
typedef enum {
  CASE_ACTOR_TALENT = 1 << 0,
  CASE_ACTOR_EMPLOYER = 1 << 1,
  CASE_ACTOR_CENTRE = 1 << 2,
  CASE_ACTOR_DISTRICT = 1 << 3,
  CASE_ACTOR_DEPARTMENT = 1 << 4,
  CASE_ACTOR_LEADER = 1 << 5,
  CASE_ACTOR_KIOSK = 1 << 6,
  CASE_ACTOR_SYSTEM = 1 << 7,
} CaseActor;

#define CASE_ACTOR_N 8

typedef enum {
  CASE_CLOCK_OUTSIDE,  /* 'o': not begun */
  CASE_CLOCK_RUNS,     /* 'r' */
  CASE_CLOCK_PAUSED,   /* 'p' */
  CASE_CLOCK_STOPPED,  /* 's': decided */
  CASE_CLOCK_TERMINAL, /* 't': the case is over */
  CASE_CLOCK_ORIGIN,   /* "origin": as in the state from which it was called in person */
} CaseClock;

typedef struct {
  CaseState from;
  CaseAction action;
  CaseState to;       /* or CASE_STATE_ORIGIN */
  guint actors;       /* CaseActor bits */
  const char *effect; /* in words, for the console and for people who read the table */
} CaseTransition;

/* All transitions, `*ret_n` of them, in the order of the table. Static. */
const CaseTransition *case_transitions (gsize *ret_n);

/* The transition for `action` in state `from`, or NULL if there is none. Static. */
const CaseTransition *case_transition (CaseState from, CaseAction action);

/* Clocks of a state. */
CaseClock case_clock_promised (CaseState state);
CaseClock case_clock_statutory (CaseState state);

/* TRUE when nothing can follow. */
gboolean case_state_is_terminal (CaseState state);

/* Stable words as in the table ("pre_supplement"), static; parse FALSE for a stranger. */
const char *case_state_word (CaseState state);
gboolean case_state_parse (const char *word, CaseState *ret_state);
const char *case_action_word (CaseAction action);
gboolean case_action_parse (const char *word, CaseAction *ret_action);
const char *case_actor_word (CaseActor actor);
gboolean case_actor_parse (const char *word, CaseActor *ret_actor);
/* What people call who acted, as an English msgid for translate (). Static. */
const char *case_actor_name (CaseActor actor);
const char *case_clock_word (CaseClock clock); /* "o", "r", "p", "s", "t", "origin" */

/* Words for people. 收件 and 受理 never stand for one another. Static. */
const char *case_state_zh (CaseState state);
const char *case_state_en (CaseState state);
const char *case_action_zh (CaseAction action);
const char *case_action_en (CaseAction action);

/* A case as its events make it: state = fold (events). Plain, copied by value. */
typedef struct {
  CaseState state;
  CaseState origin; /* from where it was called in person; CASE_STATE_ORIGIN: it was not */
  guint n_events;
  gboolean supplement_asked; /* before acceptance: once only */
  gboolean extended;         /* once only; a reopened case begins anew */
  guint no_shows;            /* missed visits since the last call in person */
  gint64 submitted_at, received_at, accepted_at,
      decided_at; /* ms UTC of the last such act, 0: none */
} CaseFold;

/* A draft without events. */
void case_fold_init (CaseFold *fold);

/* TRUE if `actor` may do `action` now; else CONFLICT (no such step from here, or no longer) or
 * DENIED (a step, but not this actor's). Guards beyond the table: a supplement before acceptance is
 * asked once, an extension is made once, give_up needs two missed visits, decide in person only if
 * called from processing, correct and the rest as in the table. */
gboolean case_fold_allows (const CaseFold *fold, CaseAction action, CaseActor actor,
                           GError **error);

/* Applies one event. On failure (as case_fold_allows) `fold` is unchanged: the caller keeps the
 * event as refused. */
gboolean case_fold_apply (CaseFold *fold, CaseAction action, CaseActor actor, gint64 at,
                          GError **error);

/* Clocks now, ORIGIN resolved. */
CaseClock case_fold_promised (const CaseFold *fold);
CaseClock case_fold_statutory (const CaseFold *fold);

/* TRUE if the person may still withdraw. */
gboolean case_fold_can_withdraw (const CaseFold *fold);
