/* case.c: the table of a case and the fold of its events. Decides nothing that the table does not:
 * who is logged in, what a limit is and when it ends are others' business. */
#include "domain/case.h"

#include "base/error.h"
#include "base/translate.h"

/* clang-format off */
static const struct {
  const char *word;
  CaseClock promised, statutory;
  const char *zh, *en;
} states[] = {
  [CASE_STATE_DRAFT] = {"draft", CASE_CLOCK_OUTSIDE, CASE_CLOCK_OUTSIDE,
    "草稿", "Draft"},
  [CASE_STATE_SUBMITTED] = {"submitted", CASE_CLOCK_OUTSIDE, CASE_CLOCK_OUTSIDE,
    "已提交，等待收件", "Submitted, waiting to be received"},
  [CASE_STATE_RECEIVED] = {"received", CASE_CLOCK_RUNS, CASE_CLOCK_OUTSIDE,
    "已收件", "Received"},
  [CASE_STATE_PRE_SUPPLEMENT] = {"pre_supplement", CASE_CLOCK_PAUSED, CASE_CLOCK_OUTSIDE,
    "待补正材料", "Documents to complete"},
  [CASE_STATE_HANDED_OVER] = {"handed_over", CASE_CLOCK_RUNS, CASE_CLOCK_OUTSIDE,
    "已代收并转交", "Taken in and sent on"},
  [CASE_STATE_ACCEPTED] = {"accepted", CASE_CLOCK_RUNS, CASE_CLOCK_RUNS,
    "已受理", "Accepted for processing"},
  [CASE_STATE_PROCESSING] = {"processing", CASE_CLOCK_RUNS, CASE_CLOCK_RUNS,
    "办理中", "In process"},
  [CASE_STATE_FURTHER_PAPERS] = {"further_papers", CASE_CLOCK_PAUSED, CASE_CLOCK_RUNS,
    "待补充材料", "Further papers asked for"},
  [CASE_STATE_SPECIAL] = {"special", CASE_CLOCK_PAUSED, CASE_CLOCK_PAUSED,
    "特别程序中", "In a special step"},
  [CASE_STATE_APPOINTMENT_WAIT] = {"appointment_wait", CASE_CLOCK_ORIGIN, CASE_CLOCK_ORIGIN,
    "等待到场办理", "Waiting for a visit in person"},
  [CASE_STATE_IN_PERSON] = {"in_person", CASE_CLOCK_ORIGIN, CASE_CLOCK_ORIGIN,
    "到场办理中", "Visit in person under way"},
  [CASE_STATE_DECIDED] = {"decided", CASE_CLOCK_STOPPED, CASE_CLOCK_STOPPED,
    "已办结", "Closed (decided)"},
  [CASE_STATE_DELIVERED] = {"delivered", CASE_CLOCK_STOPPED, CASE_CLOCK_STOPPED,
    "结果已送达", "Result delivered"},
  [CASE_STATE_RATED] = {"rated", CASE_CLOCK_STOPPED, CASE_CLOCK_STOPPED,
    "已评价", "Rated"},
  [CASE_STATE_NOT_ACCEPTED] = {"not_accepted", CASE_CLOCK_TERMINAL, CASE_CLOCK_TERMINAL,
    "不予受理", "Not accepted"},
  [CASE_STATE_WITHDRAWN] = {"withdrawn", CASE_CLOCK_TERMINAL, CASE_CLOCK_TERMINAL,
    "已撤回", "Withdrawn"},
  [CASE_STATE_LAPSED] = {"lapsed", CASE_CLOCK_TERMINAL, CASE_CLOCK_TERMINAL,
    "已终止办理，可重新申请", "Ended, you may apply again"},
  [CASE_STATE_ARCHIVED] = {"archived", CASE_CLOCK_TERMINAL, CASE_CLOCK_TERMINAL,
    "已归档", "Archived"},
};

static const struct {
  const char *word;
  const char *zh, *en;
} actions[] = {
  [CASE_ACTION_SUBMIT] = {"submit", "提交", "Submit"},
  [CASE_ACTION_DISCARD] = {"discard", "放弃草稿", "Discard the draft"},
  [CASE_ACTION_RECEIVE] = {"receive", "收件", "Receive"},
  [CASE_ACTION_TRANSFER_HALL] = {"transfer_hall", "转其他大厅", "Transfer to another hall"},
  [CASE_ACTION_REQUEST_SUPPLEMENT_ONCE] = {"request_supplement_once", "一次性告知补正", "Ask once to complete the documents"},
  [CASE_ACTION_SUPPLEMENT] = {"supplement", "补交材料", "Hand in the papers asked for"},
  [CASE_ACTION_LAPSE] = {"lapse", "逾期未交", "Papers not handed in in time"},
  [CASE_ACTION_ACCEPT] = {"accept", "受理", "Accept for processing"},
  [CASE_ACTION_HAND_OVER] = {"hand_over", "代收并转交", "Take in and send on"},
  [CASE_ACTION_DEEM_ACCEPTED] = {"deem_accepted", "逾期未告知，视为受理", "Deemed accepted for processing"},
  [CASE_ACTION_REFUSE_ACCEPTANCE] = {"refuse_acceptance", "不予受理", "Refuse acceptance"},
  [CASE_ACTION_RETURN_WRONG_DEPARTMENT] = {"return_wrong_department", "退回：不属本部门", "Return as not ours"},
  [CASE_ACTION_DECIDE_ON_SPOT] = {"decide_on_spot", "当场办结", "Decide on the spot"},
  [CASE_ACTION_CLAIM] = {"claim", "认领办理", "Claim"},
  [CASE_ACTION_HAND_TO_B] = {"hand_to_b", "A、B 岗交接", "Hand between A and B"},
  [CASE_ACTION_DISPATCH_PARALLEL] = {"dispatch_parallel", "并行转办", "Dispatch in parallel"},
  [CASE_ACTION_ASK_FURTHER_PAPERS] = {"ask_further_papers", "要求补充材料", "Ask for further papers"},
  [CASE_ACTION_START_SPECIAL] = {"start_special", "进入特别程序", "Start a special step"},
  [CASE_ACTION_END_SPECIAL] = {"end_special", "特别程序结束", "End the special step"},
  [CASE_ACTION_EXTEND] = {"extend", "延长期限", "Extend the limit"},
  [CASE_ACTION_CALL_IN_PERSON] = {"call_in_person", "通知到场", "Call in person"},
  [CASE_ACTION_BOOK] = {"book", "预约时段", "Book a time slot"},
  [CASE_ACTION_NO_SHOW] = {"no_show", "未到场", "Missed visit"},
  [CASE_ACTION_CHECK_IN] = {"check_in", "签到", "Check in"},
  [CASE_ACTION_GIVE_UP] = {"give_up", "两次未到场，终止", "End after two missed visits"},
  [CASE_ACTION_COMPLETE_VISIT] = {"complete_visit", "到场办理完成", "Complete the visit"},
  [CASE_ACTION_DECIDE] = {"decide", "作出决定", "Decide"},
  [CASE_ACTION_DELIVER] = {"deliver", "送达结果", "Deliver the result"},
  [CASE_ACTION_CORRECT] = {"correct", "更正文字错误", "Correct a clerical error"},
  [CASE_ACTION_REOPEN] = {"reopen", "重新办理", "Reopen"},
  [CASE_ACTION_RATE] = {"rate", "评价", "Rate"},
  [CASE_ACTION_CLOSE_RATING] = {"close_rating", "未评价，归档", "Close without a rating"},
  [CASE_ACTION_RECTIFY] = {"rectify", "整改回访", "Rectify and call back"},
  [CASE_ACTION_ARCHIVE] = {"archive", "归档", "Archive"},
  [CASE_ACTION_WITHDRAW] = {"withdraw", "撤回申请", "Withdraw"},
};

enum {
  T = CASE_ACTOR_TALENT,
  E = CASE_ACTOR_EMPLOYER,
  C = CASE_ACTOR_CENTRE,
  D = CASE_ACTOR_DISTRICT,
  P = CASE_ACTOR_DEPARTMENT,
  L = CASE_ACTOR_LEADER,
  K = CASE_ACTOR_KIOSK,
  S = CASE_ACTOR_SYSTEM,
};

#define FROM(state, action, to, actors, effect) \
  {CASE_STATE_##state, CASE_ACTION_##action, CASE_STATE_##to, actors, effect}

static const CaseTransition transitions[] = {
  FROM (DRAFT, SUBMIT, SUBMITTED, T | E | C,
    "stored, sealed, numbered; 收件之日 is this day; alarm when nobody has received it by the end of the next working day"),
  FROM (DRAFT, DISCARD, WITHDRAWN, T | E | C,
    ""),
  FROM (SUBMITTED, RECEIVE, RECEIVED, C | D,
    "收件回执; the promised limit counts from 收件之日 (the day of submission), back-dated; 5 working days from it for the one-time notice"),
  FROM (SUBMITTED, TRANSFER_HALL, SUBMITTED, C | D,
    "other district by 属地; nothing restarts"),
  FROM (RECEIVED, REQUEST_SUPPLEMENT_ONCE, PRE_SUPPLEMENT, C | D,
    "补正材料一次性告知书, all at once, named officer; once"),
  FROM (HANDED_OVER, REQUEST_SUPPLEMENT_ONCE, PRE_SUPPLEMENT, P,
    "as above, if not asked before"),
  FROM (PRE_SUPPLEMENT, SUPPLEMENT, RECEIVED, T | E | C,
    "promised limit resumes on the next working day; what was handed over goes back to its department"),
  FROM (PRE_SUPPLEMENT, LAPSE, LAPSED, S,
    "notice date passed; documents reusable"),
  FROM (RECEIVED, ACCEPT, ACCEPTED, C | D,
    "the centre's own item; statutory limit starts"),
  FROM (RECEIVED, HAND_OVER, HANDED_OVER, C | D | S,
    "代收并转交; step limit for acceptance starts; first-asked, specialist named"),
  FROM (HANDED_OVER, ACCEPT, ACCEPTED, P,
    "受理通知书; statutory limit starts"),
  FROM (RECEIVED, DEEM_ACCEPTED, ACCEPTED, S,
    "licence items: 5 working days without notice; statutory limit counts from 收件之日"),
  FROM (HANDED_OVER, DEEM_ACCEPTED, ACCEPTED, S,
    "as above"),
  FROM (RECEIVED, REFUSE_ACCEPTANCE, NOT_ACCEPTED, C | D,
    "不予受理通知书: reason, basis, remedies"),
  FROM (HANDED_OVER, REFUSE_ACCEPTANCE, NOT_ACCEPTED, P,
    "as above"),
  FROM (HANDED_OVER, RETURN_WRONG_DEPARTMENT, RECEIVED, P,
    "neutral; clock runs on; centre may uphold it as unjustified after the reply"),
  FROM (ACCEPTED, DECIDE_ON_SPOT, DECIDED, C | D,
    "outcome; used 0 working days"),
  FROM (ACCEPTED, CLAIM, PROCESSING, P | C | D,
    "named handler A or B"),
  FROM (PROCESSING, HAND_TO_B, PROCESSING, P | C,
    "A to B or back; runs on"),
  FROM (PROCESSING, DISPATCH_PARALLEL, PROCESSING, C | P,
    "adds a department; all gathered before decide"),
  FROM (PROCESSING, ASK_FURTHER_PAPERS, FURTHER_PAPERS, P | C,
    "补充材料 with cited basis; pauses the promised limit only"),
  FROM (FURTHER_PAPERS, SUPPLEMENT, PROCESSING, T | E | C,
    "resumes on the next working day"),
  FROM (FURTHER_PAPERS, LAPSE, PROCESSING, S,
    "notice date passed; decided on what is there"),
  FROM (PROCESSING, START_SPECIAL, SPECIAL, P,
    "only the kinds of 行政许可法 45 or steps with counts=false; written notice of the time needed"),
  FROM (SPECIAL, END_SPECIAL, PROCESSING, P | S,
    "resumes"),
  FROM (PROCESSING, EXTEND, PROCESSING, L,
    "once, at most 10 working days, reason, notice"),
  FROM (SUBMITTED, CALL_IN_PERSON, APPOINTMENT_WAIT, C | D | P,
    "slot within 2 working days; remembers where it came from"),
  FROM (RECEIVED, CALL_IN_PERSON, APPOINTMENT_WAIT, C | D | P,
    "slot within 2 working days; remembers where it came from"),
  FROM (HANDED_OVER, CALL_IN_PERSON, APPOINTMENT_WAIT, C | D | P,
    "slot within 2 working days; remembers where it came from"),
  FROM (PROCESSING, CALL_IN_PERSON, APPOINTMENT_WAIT, C | D | P,
    "slot within 2 working days; remembers where it came from"),
  FROM (APPOINTMENT_WAIT, BOOK, APPOINTMENT_WAIT, T | E | C,
    "waiting chosen by the applicant pauses the promised limit"),
  FROM (APPOINTMENT_WAIT, NO_SHOW, APPOINTMENT_WAIT, C | P,
    "pauses the promised limit to the new slot; second time allows give_up"),
  FROM (APPOINTMENT_WAIT, CHECK_IN, IN_PERSON, C | D | P | K,
    "accompanying specialist and green-channel number on the event"),
  FROM (APPOINTMENT_WAIT, GIVE_UP, LAPSED, S,
    "two missed visits"),
  FROM (IN_PERSON, COMPLETE_VISIT, ORIGIN, C | P,
    "back to where it was called from"),
  FROM (IN_PERSON, DECIDE, DECIDED, P | C,
    "only if called from processing"),
  FROM (PROCESSING, DECIDE, DECIDED, P | C | D,
    "准予 / 不予 with reason code, basis, remedies / 终止; limits stop"),
  FROM (DECIDED, DELIVER, DELIVERED, C | D | K | S,
    "fed back within 1 working day; how, to whom, 送达回证"),
  FROM (DECIDED, CORRECT, DECIDED, P | C,
    "clerical; new result document"),
  FROM (DECIDED, REOPEN, PROCESSING, C,
    "after review; new limits"),
  FROM (DELIVERED, REOPEN, PROCESSING, C,
    "as above"),
  FROM (DELIVERED, RATE, RATED, T | E,
    "voluntary; one per case"),
  FROM (DELIVERED, CLOSE_RATING, ARCHIVED, S,
    "30 days without rating = 未评价"),
  FROM (RATED, RECTIFY, RATED, P | C,
    "low grade: contact, rectify, answer, call back"),
  FROM (RATED, ARCHIVE, ARCHIVED, S,
    "after a low grade is closed"),
  FROM (SUBMITTED, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (RECEIVED, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (PRE_SUPPLEMENT, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (HANDED_OVER, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (ACCEPTED, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (PROCESSING, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (FURTHER_PAPERS, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (SPECIAL, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (APPOINTMENT_WAIT, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
  FROM (IN_PERSON, WITHDRAW, WITHDRAWN, T | E,
    "written, traced"),
};
/* clang-format on */

static const char *const actor_words[] = {"talent",     "employer", "centre", "district",
                                          "department", "leader",   "kiosk",  "system"};

static const char *const clock_words[] = {"o", "r", "p", "s", "t", "origin"};

#define MISSED_VISITS 2 /* missed visits after which the system may give up */

const CaseTransition *
case_transitions (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (transitions);
  return transitions;
}

const CaseTransition *
case_transition (CaseState from, CaseAction action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (transitions); i++)
    if (transitions[i].from == from && transitions[i].action == action)
      return &transitions[i];
  return NULL;
}

CaseClock
case_clock_promised (CaseState state)
{
  return states[state].promised;
}

CaseClock
case_clock_statutory (CaseState state)
{
  return states[state].statutory;
}

gboolean
case_state_is_terminal (CaseState state)
{
  return states[state].promised == CASE_CLOCK_TERMINAL;
}

const char *
case_state_word (CaseState state)
{
  return state == CASE_STATE_ORIGIN ? "@origin" : states[state].word;
}

gboolean
case_state_parse (const char *word, CaseState *ret_state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++) {
    if (g_strcmp0 (states[i].word, word) == 0) {
      *ret_state = (CaseState)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
case_action_word (CaseAction action)
{
  return actions[action].word;
}

gboolean
case_action_parse (const char *word, CaseAction *ret_action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (g_strcmp0 (actions[i].word, word) == 0) {
      *ret_action = (CaseAction)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
case_actor_word (CaseActor actor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actor_words); i++)
    if (actor == 1u << i)
      return actor_words[i];
  return "";
}

const char *
case_actor_name (CaseActor actor)
{
  static const char *const names[] = {
      N_ ("Applicant"),  N_ ("Employer"),          N_ ("Service centre"), N_ ("District window"),
      N_ ("Department"), N_ ("Department leader"), N_ ("Terminal"),       N_ ("System")};

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == CASE_ACTOR_N);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (actor == 1u << i)
      return names[i];
  return "";
}

gboolean
case_actor_parse (const char *word, CaseActor *ret_actor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actor_words); i++) {
    if (g_strcmp0 (actor_words[i], word) == 0) {
      *ret_actor = (CaseActor)(1u << i);
      return TRUE;
    }
  }
  return FALSE;
}

const char *
case_clock_word (CaseClock clock)
{
  return clock_words[clock];
}

const char *
case_state_zh (CaseState state)
{
  return states[state].zh;
}

const char *
case_state_en (CaseState state)
{
  return states[state].en;
}

const char *
case_action_zh (CaseAction action)
{
  return actions[action].zh;
}

const char *
case_action_en (CaseAction action)
{
  return actions[action].en;
}

void
case_fold_init (CaseFold *fold)
{
  *fold = (CaseFold){.state = CASE_STATE_DRAFT, .origin = CASE_STATE_ORIGIN};
}

/* What the table says only in words, in the column of effects. */
static gboolean
guard_is_met (const CaseFold *fold, CaseAction action)
{
  switch (action) {
  case CASE_ACTION_REQUEST_SUPPLEMENT_ONCE:
    return !fold->supplement_asked;
  case CASE_ACTION_EXTEND:
    return !fold->extended;
  case CASE_ACTION_GIVE_UP:
    return fold->no_shows >= MISSED_VISITS;
  case CASE_ACTION_DECIDE:
    return fold->state != CASE_STATE_IN_PERSON || fold->origin == CASE_STATE_PROCESSING;
  case CASE_ACTION_COMPLETE_VISIT:
    return fold->origin != CASE_STATE_ORIGIN;
  default:
    return TRUE;
  }
}

gboolean
case_fold_allows (const CaseFold *fold, CaseAction action, CaseActor actor, GError **error)
{
  const CaseTransition *transition = case_transition (fold->state, action);

  if (transition == NULL || !guard_is_met (fold, action)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "%s is not possible in state %s%s",
                 case_action_word (action), case_state_word (fold->state),
                 transition == NULL ? "" : " (again)");
    return FALSE;
  }
  if ((transition->actors & actor) == 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "%s in state %s is not for a %s",
                 case_action_word (action), case_state_word (fold->state), case_actor_word (actor));
    return FALSE;
  }
  return TRUE;
}

/* What an act leaves behind besides the state. `from` is the state it was done in. */
static void
remember (CaseFold *fold, CaseState from, CaseAction action, gint64 at)
{
  switch (action) {
  case CASE_ACTION_SUBMIT:
    fold->submitted_at = at;
    break;
  case CASE_ACTION_RECEIVE:
    fold->received_at = at;
    break;
  case CASE_ACTION_ACCEPT:
  case CASE_ACTION_DEEM_ACCEPTED:
    fold->accepted_at = at;
    break;
  case CASE_ACTION_DECIDE:
  case CASE_ACTION_DECIDE_ON_SPOT:
    fold->decided_at = at;
    break;
  case CASE_ACTION_REQUEST_SUPPLEMENT_ONCE:
    fold->supplement_asked = TRUE;
    break;
  case CASE_ACTION_EXTEND:
    fold->extended = TRUE;
    break;
  case CASE_ACTION_REOPEN: /* new limits */
    fold->extended = FALSE;
    fold->decided_at = 0;
    break;
  case CASE_ACTION_CALL_IN_PERSON:
    fold->origin = from;
    fold->no_shows = 0;
    break;
  case CASE_ACTION_NO_SHOW:
    fold->no_shows++;
    break;
  default:
    break;
  }
  if (fold->state != CASE_STATE_APPOINTMENT_WAIT && fold->state != CASE_STATE_IN_PERSON)
    fold->origin = CASE_STATE_ORIGIN;
}

gboolean
case_fold_apply (CaseFold *fold, CaseAction action, CaseActor actor, gint64 at, GError **error)
{
  CaseState from = fold->state, to;

  if (!case_fold_allows (fold, action, actor, error))
    return FALSE;
  to = case_transition (from, action)->to;
  fold->state = to == CASE_STATE_ORIGIN ? fold->origin : to;
  fold->n_events++;
  remember (fold, from, action, at);
  return TRUE;
}

static CaseState
clock_state (const CaseFold *fold)
{
  return states[fold->state].promised == CASE_CLOCK_ORIGIN ? fold->origin : fold->state;
}

CaseClock
case_fold_promised (const CaseFold *fold)
{
  return states[clock_state (fold)].promised;
}

CaseClock
case_fold_statutory (const CaseFold *fold)
{
  return states[clock_state (fold)].statutory;
}

gboolean
case_fold_can_withdraw (const CaseFold *fold)
{
  return case_transition (fold->state, CASE_ACTION_WITHDRAW) != NULL;
}
