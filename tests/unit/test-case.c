/* test-case.c: the C table against tests/data/case-machine.json both ways, and the fold of events.
 */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case.h"

static json_t *
machine (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("ONESTOP_TEST_DATA"), "case-machine.json", NULL);
  g_autoptr (GError) error = NULL;
  json_t *document = strict_json_load (path, &error);

  g_assert_no_error (error);
  return document;
}

static void
test_states (void)
{
  g_autoptr (json_t) document = machine ();
  json_t *states = json_object_get (document, "states"), *entry;
  const char *word;

  g_assert_cmpint (json_object_size (states), ==, CASE_STATE_N);
  json_object_foreach (states, word, entry) {
    CaseState state;
    g_assert_true (case_state_parse (word, &state));
    g_assert_cmpstr (case_state_word (state), ==, word);
    g_assert_cmpstr (case_clock_word (case_clock_promised (state)), ==,
                     json_string_value (json_object_get (entry, "promised")));
    g_assert_cmpstr (case_clock_word (case_clock_statutory (state)), ==,
                     json_string_value (json_object_get (entry, "statutory")));
    g_assert_cmpint (case_state_is_terminal (state), ==,
                     strcmp (json_string_value (json_object_get (entry, "promised")), "t") == 0);
  }
  g_assert_cmpstr (json_string_value (json_object_get (document, "initial")), ==,
                   case_state_word (CASE_STATE_DRAFT));
}

/* Every row of the file is in the table, in its place, with the same actors and effect; and the
 * table has no row more. */
static void
test_transitions (void)
{
  g_autoptr (json_t) document = machine ();
  json_t *rows = json_object_get (document, "transitions"), *row, *actor;
  gsize n, i, k;
  const CaseTransition *table = case_transitions (&n);

  g_assert_cmpint (json_array_size (rows), ==, n);
  json_array_foreach (rows, i, row) {
    guint actors = 0;
    g_assert_cmpstr (case_state_word (table[i].from), ==,
                     json_string_value (json_object_get (row, "from")));
    g_assert_cmpstr (case_action_word (table[i].action), ==,
                     json_string_value (json_object_get (row, "action")));
    g_assert_cmpstr (case_state_word (table[i].to), ==,
                     json_string_value (json_object_get (row, "to")));
    g_assert_cmpstr (table[i].effect, ==, json_string_value (json_object_get (row, "effect")));
    json_array_foreach (json_object_get (row, "actors"), k, actor) {
      CaseActor bit;
      g_assert_true (case_actor_parse (json_string_value (actor), &bit));
      g_assert_cmpstr (case_actor_word (bit), ==, json_string_value (actor));
      actors |= bit;
    }
    g_assert_cmpint (actors, ==, table[i].actors);
    /* one meaning for a state and an action */
    g_assert_true (case_transition (table[i].from, table[i].action) == &table[i]);
  }
}

static void
test_words (void)
{
  for (int i = 0; i < CASE_ACTION_N; i++) {
    CaseAction action;
    g_assert_true (case_action_parse (case_action_word ((CaseAction)i), &action));
    g_assert_cmpint (action, ==, i);
    g_assert_cmpstr (case_action_zh ((CaseAction)i), !=, "");
    g_assert_cmpstr (case_action_en ((CaseAction)i), !=, "");
  }
  for (int i = 0; i < CASE_STATE_N; i++) {
    const char *zh = case_state_zh ((CaseState)i), *en = case_state_en ((CaseState)i);
    gboolean accepts = i == CASE_STATE_ACCEPTED || i == CASE_STATE_NOT_ACCEPTED;
    gboolean receives = i == CASE_STATE_SUBMITTED || i == CASE_STATE_RECEIVED;
    /* 收件 and 受理, received and accepted, never stand for one another */
    g_assert_cmpint (strstr (zh, "受理") != NULL, ==, accepts);
    g_assert_cmpint (strstr (zh, "收件") != NULL, ==, receives);
    g_assert_cmpint (strstr (en, "ccepted") != NULL, ==, accepts);
    g_assert_cmpint (strstr (en, "eceived") != NULL, ==, receives);
  }
  g_assert_nonnull (strstr (case_action_zh (CASE_ACTION_RECEIVE), "收件"));
  g_assert_null (strstr (case_action_zh (CASE_ACTION_RECEIVE), "受理"));
  g_assert_nonnull (strstr (case_action_en (CASE_ACTION_ACCEPT), "processing"));
}

/* Nothing is reached by a machine that only a person may decide. */
static void
test_no_machine_accepts (void)
{
  gsize n;
  const CaseTransition *table = case_transitions (&n);

  for (gsize i = 0; i < n; i++) {
    if (table[i].actors & CASE_ACTOR_KIOSK) {
      g_assert_cmpint (table[i].to, !=, CASE_STATE_RECEIVED);
      g_assert_cmpint (table[i].to, !=, CASE_STATE_ACCEPTED);
      g_assert_cmpint (table[i].to, !=, CASE_STATE_DECIDED);
    }
    if (case_state_is_terminal (table[i].from))
      g_error ("%s leads on", case_state_word (table[i].from));
  }
}

typedef struct {
  CaseAction action;
  CaseActor actor;
  CaseState then;
} Step;

static void
run (CaseFold *fold, const Step *steps, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (
        case_fold_apply (fold, steps[i].action, steps[i].actor, 1000 * ((gint64)i + 1), &error));
    g_assert_no_error (error);
    g_assert_cmpstr (case_state_word (fold->state), ==, case_state_word (steps[i].then));
  }
}

#define RUN(fold, ...)                                                                             \
  run (fold, (const Step[]){__VA_ARGS__}, G_N_ELEMENTS (((const Step[]){__VA_ARGS__})))

static void
test_straight (void)
{
  CaseFold fold;

  case_fold_init (&fold);
  g_assert_cmpint (case_fold_promised (&fold), ==, CASE_CLOCK_OUTSIDE);
  RUN (&fold, {CASE_ACTION_SUBMIT, CASE_ACTOR_TALENT, CASE_STATE_SUBMITTED},
       {CASE_ACTION_RECEIVE, CASE_ACTOR_CENTRE, CASE_STATE_RECEIVED},
       {CASE_ACTION_HAND_OVER, CASE_ACTOR_CENTRE, CASE_STATE_HANDED_OVER},
       {CASE_ACTION_ACCEPT, CASE_ACTOR_DEPARTMENT, CASE_STATE_ACCEPTED},
       {CASE_ACTION_CLAIM, CASE_ACTOR_DEPARTMENT, CASE_STATE_PROCESSING});
  g_assert_cmpint (fold.submitted_at, ==, 1000);
  g_assert_cmpint (fold.received_at, ==, 2000);
  g_assert_cmpint (fold.accepted_at, ==, 4000);
  g_assert_cmpint (case_fold_statutory (&fold), ==, CASE_CLOCK_RUNS);
  g_assert_true (case_fold_can_withdraw (&fold));
  RUN (&fold, {CASE_ACTION_DECIDE, CASE_ACTOR_DEPARTMENT, CASE_STATE_DECIDED},
       {CASE_ACTION_DELIVER, CASE_ACTOR_SYSTEM, CASE_STATE_DELIVERED},
       {CASE_ACTION_RATE, CASE_ACTOR_TALENT, CASE_STATE_RATED},
       {CASE_ACTION_ARCHIVE, CASE_ACTOR_SYSTEM, CASE_STATE_ARCHIVED});
  g_assert_cmpint (fold.n_events, ==, 9);
  g_assert_false (case_fold_can_withdraw (&fold));
}

static void
test_origin (void)
{
  static const struct {
    Step before[4];
    int n;
  } roads[] = {{{{CASE_ACTION_SUBMIT, CASE_ACTOR_TALENT, CASE_STATE_SUBMITTED}}, 1},
               {{{CASE_ACTION_SUBMIT, CASE_ACTOR_TALENT, CASE_STATE_SUBMITTED},
                 {CASE_ACTION_RECEIVE, CASE_ACTOR_CENTRE, CASE_STATE_RECEIVED}},
                2},
               {{{CASE_ACTION_SUBMIT, CASE_ACTOR_TALENT, CASE_STATE_SUBMITTED},
                 {CASE_ACTION_RECEIVE, CASE_ACTOR_CENTRE, CASE_STATE_RECEIVED},
                 {CASE_ACTION_ACCEPT, CASE_ACTOR_CENTRE, CASE_STATE_ACCEPTED},
                 {CASE_ACTION_CLAIM, CASE_ACTOR_CENTRE, CASE_STATE_PROCESSING}},
                4}};

  for (gsize i = 0; i < G_N_ELEMENTS (roads); i++) {
    CaseFold fold;
    CaseState origin;
    g_autoptr (GError) error = NULL;
    case_fold_init (&fold);
    run (&fold, roads[i].before, (gsize)roads[i].n);
    origin = fold.state;
    RUN (&fold, {CASE_ACTION_CALL_IN_PERSON, CASE_ACTOR_CENTRE, CASE_STATE_APPOINTMENT_WAIT});
    g_assert_cmpint (case_fold_promised (&fold), ==, case_clock_promised (origin));
    g_assert_cmpint (case_fold_statutory (&fold), ==, case_clock_statutory (origin));
    RUN (&fold, {CASE_ACTION_BOOK, CASE_ACTOR_TALENT, CASE_STATE_APPOINTMENT_WAIT},
         {CASE_ACTION_CHECK_IN, CASE_ACTOR_KIOSK, CASE_STATE_IN_PERSON});
    /* decided in person only if it was called from processing */
    g_assert_cmpint (case_fold_allows (&fold, CASE_ACTION_DECIDE, CASE_ACTOR_CENTRE, &error), ==,
                     origin == CASE_STATE_PROCESSING);
    RUN (&fold, {CASE_ACTION_COMPLETE_VISIT, CASE_ACTOR_CENTRE, origin});
    g_assert_cmpint (fold.origin, ==, CASE_STATE_ORIGIN);
  }
}

static void
test_guards (void)
{
  CaseFold fold, before;
  g_autoptr (GError) error = NULL;

  case_fold_init (&fold);
  RUN (&fold, {CASE_ACTION_SUBMIT, CASE_ACTOR_TALENT, CASE_STATE_SUBMITTED},
       {CASE_ACTION_RECEIVE, CASE_ACTOR_CENTRE, CASE_STATE_RECEIVED},
       {CASE_ACTION_REQUEST_SUPPLEMENT_ONCE, CASE_ACTOR_CENTRE, CASE_STATE_PRE_SUPPLEMENT},
       {CASE_ACTION_SUPPLEMENT, CASE_ACTOR_TALENT, CASE_STATE_RECEIVED});
  /* once, also by the department after it was handed over */
  g_assert_false (
      case_fold_apply (&fold, CASE_ACTION_REQUEST_SUPPLEMENT_ONCE, CASE_ACTOR_CENTRE, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
  g_clear_error (&error);
  RUN (&fold, {CASE_ACTION_HAND_OVER, CASE_ACTOR_CENTRE, CASE_STATE_HANDED_OVER});
  g_assert_false (
      case_fold_apply (&fold, CASE_ACTION_REQUEST_SUPPLEMENT_ONCE, CASE_ACTOR_DEPARTMENT, 1, NULL));
  /* not the centre's to accept what it handed over; a refused event changes nothing */
  before = fold;
  g_assert_false (case_fold_apply (&fold, CASE_ACTION_ACCEPT, CASE_ACTOR_CENTRE, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED);
  g_clear_error (&error);
  g_assert_cmpmem (&fold, sizeof fold, &before, sizeof before);
  RUN (&fold, {CASE_ACTION_ACCEPT, CASE_ACTOR_DEPARTMENT, CASE_STATE_ACCEPTED},
       {CASE_ACTION_CLAIM, CASE_ACTOR_DEPARTMENT, CASE_STATE_PROCESSING},
       {CASE_ACTION_EXTEND, CASE_ACTOR_LEADER, CASE_STATE_PROCESSING});
  g_assert_false (case_fold_apply (&fold, CASE_ACTION_EXTEND, CASE_ACTOR_LEADER, 1, NULL));
  RUN (&fold, {CASE_ACTION_CALL_IN_PERSON, CASE_ACTOR_CENTRE, CASE_STATE_APPOINTMENT_WAIT},
       {CASE_ACTION_NO_SHOW, CASE_ACTOR_CENTRE, CASE_STATE_APPOINTMENT_WAIT});
  g_assert_false (case_fold_apply (&fold, CASE_ACTION_GIVE_UP, CASE_ACTOR_SYSTEM, 1, NULL));
  RUN (&fold, {CASE_ACTION_NO_SHOW, CASE_ACTOR_CENTRE, CASE_STATE_APPOINTMENT_WAIT},
       {CASE_ACTION_GIVE_UP, CASE_ACTOR_SYSTEM, CASE_STATE_LAPSED});
  g_assert_false (case_fold_apply (&fold, CASE_ACTION_WITHDRAW, CASE_ACTOR_TALENT, 1, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case/states", test_states);
  g_test_add_func ("/case/transitions", test_transitions);
  g_test_add_func ("/case/words", test_words);
  g_test_add_func ("/case/no-machine-accepts", test_no_machine_accepts);
  g_test_add_func ("/case/straight", test_straight);
  g_test_add_func ("/case/origin", test_origin);
  g_test_add_func ("/case/guards", test_guards);
  return g_test_run ();
}
