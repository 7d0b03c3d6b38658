/* question.c: finds the facts that can still change an undecided goal, by trying every combination
 * of values that its rules can tell apart. Words and screens are not its business. */
#include "domain/question.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/question-values.h"

#define MAX_FACTS 24
#define MAX_VALUES 2048

struct _QuestionPlan {
  GHashTable *fields;   /* fact id -> GuideField */
  GPtrArray *facts;     /* GuideField, in the guide's order */
  GPtrArray *goals;     /* distinct Criterion */
  GArray *multiplicity; /* how often each was given */
};

/* What is left of one goal. */
typedef enum { LEFT_CONSTANT, LEFT_ATOM, LEFT_RULE, LEFT_BRANCH } LeftKind;

typedef struct _Left Left;
struct _Left {
  LeftKind kind;
  const Criterion *criterion;
  guint outcome;       /* of a constant */
  guint fact;          /* of an atom: the one open fact that it depends on */
  guint atom;          /* its place in that fact's rows */
  guint at_least;      /* of a branch */
  GPtrArray *children; /* Left */
};

typedef struct {
  const GuideField *field;
  gboolean askable; /* no answer yet; otherwise "I do not know" */
  gboolean in_rule; /* a leaf reads it together with another open fact */
  GPtrArray *atoms; /* Left */
  GPtrArray *rules; /* JSON of the leaves that read it */
  json_t *values;   /* of the rows, where they are needed one by one */
  GPtrArray *rows;  /* guint8 arrays: outcome of each atom; distinct unless in_rule */
  guint occurrences;
} OpenFact;

typedef struct {
  const QuestionPlan *plan;
  const json_t *known;
  const char *today;
  OpenFact facts[MAX_FACTS];
  guint n_facts;
  GPtrArray *memory; /* Left */
  gboolean exact;
  Left *root;
} Residual;

/* --- Plan
 * -------------------------------------------------------------------------------------------- */

QuestionPlan *
question_plan_new_for_facts (const GPtrArray *facts, const Criterion *const *goals, guint n_goals)
{
  QuestionPlan *plan = g_new0 (QuestionPlan, 1);
  plan->fields = g_hash_table_new (g_str_hash, g_str_equal);
  plan->facts = g_ptr_array_new ();
  plan->goals = g_ptr_array_new ();
  plan->multiplicity = g_array_new (FALSE, TRUE, sizeof (guint));
  for (guint i = 0; i < facts->len; i++) {
    const GuideField *field = g_ptr_array_index (facts, i);
    g_hash_table_insert (plan->fields, (gpointer)field->id, (gpointer)field);
    g_ptr_array_add (plan->facts, (gpointer)field);
  }
  for (guint i = 0; i < n_goals; i++) {
    guint at;
    if (g_ptr_array_find (plan->goals, goals[i], &at)) {
      g_array_index (plan->multiplicity, guint, at)++;
      continue;
    }
    guint one = 1;
    g_ptr_array_add (plan->goals, (gpointer)goals[i]);
    g_array_append_val (plan->multiplicity, one);
  }
  return plan;
}

QuestionPlan *
question_plan_new (const Guide *guide, const Criterion *const *goals, guint n_goals)
{
  return question_plan_new_for_facts (guide_facts (guide), goals, n_goals);
}

void
question_plan_free (QuestionPlan *plan)
{
  if (plan == NULL)
    return;
  g_hash_table_unref (plan->fields);
  g_ptr_array_unref (plan->facts);
  g_ptr_array_unref (plan->goals);
  g_array_unref (plan->multiplicity);
  g_free (plan);
}

/* --- What is left of a goal
 * --------------------------------------------------------------------------- */

static void
left_free (gpointer data)
{
  Left *left = data;
  g_clear_pointer (&left->children, g_ptr_array_unref);
  g_free (left);
}

static Left *
new_left (Residual *residual, LeftKind kind, const Criterion *criterion)
{
  Left *left = g_new0 (Left, 1);
  left->kind = kind;
  left->criterion = criterion;
  g_ptr_array_add (residual->memory, left);
  return left;
}

/* The place of the open fact `name`; -1 if it is answered. Room is never short: a goal with more
 * open facts is not looked at exactly. */
static int
open_fact (Residual *residual, const char *name)
{
  const json_t *value = json_object_get (residual->known, name);
  if (value != NULL && !json_is_null (value))
    return -1;
  for (guint i = 0; i < residual->n_facts; i++)
    if (strcmp (residual->facts[i].field->id, name) == 0)
      return (int)i;
  const GuideField *field = g_hash_table_lookup (residual->plan->fields, name);
  if (field == NULL || residual->n_facts == MAX_FACTS) {
    residual->exact = FALSE;
    return -1;
  }
  OpenFact *fact = &residual->facts[residual->n_facts];
  *fact = (OpenFact){.field = field, .askable = value == NULL};
  fact->atoms = g_ptr_array_new ();
  fact->rules = g_ptr_array_new ();
  fact->rows = g_ptr_array_new_with_free_func (g_free);
  return (int)residual->n_facts++;
}

/* Leaves below `criterion` that read `fact`, for its bounds. */
static void
add_rules (OpenFact *fact, const Criterion *criterion)
{
  if (criterion_rule (criterion) != NULL &&
      g_strv_contains (criterion_facts (criterion), fact->field->id))
    g_ptr_array_add (fact->rules, (gpointer)criterion_member (criterion, "logic"));
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    add_rules (fact, criterion_child (criterion, i));
}

/* How often `fact` stands as a condition of an if. */
static guint
count_conditions (const json_t *rule, const char *fact)
{
  guint n = 0;
  const char *key;
  json_t *value;
  if (json_is_array (rule))
    for (gsize i = 0; i < json_array_size (rule); i++)
      n += count_conditions (json_array_get (rule, i), fact);
  json_object_foreach ((json_t *)rule, key, value) {
    n += count_conditions (value, fact);
    if (strcmp (key, "if") != 0)
      continue;
    for (gsize i = 0; i + 1 < json_array_size (value); i += 2) {
      g_autoptr (LogicRule) condition = logic_compile (json_array_get (value, i), NULL);
      n += condition != NULL && g_strv_contains (logic_facts (condition, NULL), fact);
    }
  }
  return n;
}

static Left *
reduce (Residual *residual, const Criterion *criterion)
{
  CriterionOutcome outcome = criterion_test (criterion, residual->known, residual->today);
  if (outcome != CRITERION_OPEN) {
    Left *constant = new_left (residual, LEFT_CONSTANT, criterion);
    constant->outcome = outcome;
    return constant;
  }
  guint n_open = 0;
  int last = -1;
  for (const char *const *name = criterion_facts (criterion); *name != NULL; name++) {
    int place = open_fact (residual, *name);
    n_open += place >= 0;
    last = place >= 0 ? place : last;
  }
  if (n_open == 1) {
    OpenFact *fact = &residual->facts[last];
    Left *atom = new_left (residual, LEFT_ATOM, criterion);
    atom->fact = last;
    atom->atom = fact->atoms->len;
    g_ptr_array_add (fact->atoms, atom);
    add_rules (fact, criterion);
    fact->occurrences++;
    if (criterion_rule (criterion) != NULL)
      fact->occurrences +=
          count_conditions (criterion_member (criterion, "logic"), fact->field->id);
    return atom;
  }
  if (criterion_kind (criterion) == CRITERION_LEAF) {
    for (const char *const *name = criterion_facts (criterion); *name != NULL; name++) {
      int place = open_fact (residual, *name);
      if (place < 0)
        continue;
      OpenFact *fact = &residual->facts[place];
      fact->in_rule = TRUE;
      fact->occurrences += 1 + count_conditions (criterion_member (criterion, "logic"), *name);
      add_rules (fact, criterion);
    }
    return new_left (residual, LEFT_RULE, criterion);
  }
  Left *branch = new_left (residual, LEFT_BRANCH, criterion);
  branch->at_least = criterion_at_least (criterion);
  branch->children = g_ptr_array_new ();
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    g_ptr_array_add (branch->children, reduce (residual, criterion_child (criterion, i)));
  return branch;
}

/* --- Rows: what the values of a fact do to its atoms
 * ---------------------------------------------------- */

static guint8 *
row_for (Residual *residual, const OpenFact *fact, json_t *value)
{
  g_autoptr (json_t) facts = json_copy ((json_t *)residual->known);
  json_object_set (facts, fact->field->id, value);
  guint8 *row = g_malloc0 (fact->atoms->len + 1);
  for (guint i = 0; i < fact->atoms->len; i++) {
    const Left *atom = g_ptr_array_index (fact->atoms, i);
    row[i] = criterion_test (atom->criterion, facts, residual->today);
  }
  return row;
}

static gboolean
add_row (OpenFact *fact, guint8 *row)
{
  for (guint i = 0; !fact->in_rule && i < fact->rows->len; i++)
    if (memcmp (g_ptr_array_index (fact->rows, i), row, fact->atoms->len) == 0) {
      g_free (row);
      return FALSE;
    }
  g_ptr_array_add (fact->rows, row);
  return TRUE;
}

/* An atom that is the greatest of memberships: what a set of options does is the greatest of what
 * its options do alone. */
static gboolean
is_union (const Criterion *criterion, const char *fact)
{
  if (!g_strv_contains (criterion_facts (criterion), fact))
    return TRUE;
  if (criterion_kind (criterion) == CRITERION_LEAF)
    return question_values_is_membership (criterion_member (criterion, "logic"), fact);
  if (criterion_at_least (criterion) != 1)
    return FALSE;
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    if (!is_union (criterion_child (criterion, i), fact))
      return FALSE;
  return TRUE;
}

static gboolean
fill_union_rows (Residual *residual, OpenFact *fact)
{
  if (fact->field->type != GUIDE_FIELD_MULTICHOICE || fact->in_rule)
    return FALSE;
  for (guint i = 0; i < fact->atoms->len; i++)
    if (!is_union (((Left *)g_ptr_array_index (fact->atoms, i))->criterion, fact->field->id))
      return FALSE;
  g_autoptr (json_t) nothing = json_array ();
  add_row (fact, row_for (residual, fact, nothing));
  for (guint i = 0; i < fact->field->options->len; i++) {
    const GuideOption *option = g_ptr_array_index (fact->field->options, i);
    g_autoptr (json_t) one = json_pack ("[s]", option->value);
    g_autofree guint8 *alone = row_for (residual, fact, one);
    guint n = fact->rows->len;
    for (guint k = 0; k < n && fact->rows->len < MAX_VALUES; k++) {
      guint8 *both = g_memdup2 (g_ptr_array_index (fact->rows, k), fact->atoms->len + 1);
      for (guint a = 0; a < fact->atoms->len; a++)
        both[a] = MAX (both[a], alone[a]);
      add_row (fact, both);
    }
  }
  return fact->rows->len < MAX_VALUES;
}

static gboolean
fill_rows (Residual *residual, OpenFact *fact)
{
  if (fill_union_rows (residual, fact))
    return TRUE;
  g_ptr_array_set_size (fact->rows, 0);
  fact->values = question_values (fact->field, fact->rules, residual->today, MAX_VALUES);
  if (fact->values == NULL)
    return FALSE;
  for (gsize i = 0; i < json_array_size (fact->values); i++) {
    guint8 *row = row_for (residual, fact, json_array_get (fact->values, i));
    for (guint a = 0; a < fact->atoms->len; a++)
      if (row[a] == CRITERION_OPEN) { /* a rule that fails on this value */
        g_free (row);
        return FALSE;
      }
    add_row (fact, row);
  }
  return TRUE;
}

/* --- Combinations
 * --------------------------------------------------------------------------------------- */

static guint
outcome_of_rule (Residual *residual, const Left *left, const guint *choice)
{
  g_autoptr (json_t) facts = json_copy ((json_t *)residual->known);
  for (guint i = 0; i < residual->n_facts; i++)
    if (residual->facts[i].in_rule)
      json_object_set (facts, residual->facts[i].field->id,
                       json_array_get (residual->facts[i].values, choice[i]));
  CriterionOutcome outcome = criterion_test (left->criterion, facts, residual->today);
  if (outcome == CRITERION_OPEN)
    residual->exact = FALSE;
  return outcome == CRITERION_OPEN ? CRITERION_NOT_MET : outcome;
}

static guint
outcome_of (Residual *residual, const Left *left, const guint *choice)
{
  if (left->kind == LEFT_CONSTANT)
    return left->outcome;
  if (left->kind == LEFT_ATOM) {
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the fact of an atom has its rows */
    const guint8 *row = g_ptr_array_index (residual->facts[left->fact].rows, choice[left->fact]);
    return row[left->atom];
  }
  if (left->kind == LEFT_RULE)
    return outcome_of_rule (residual, left, choice);
  guint counts[3] = {0}; /* how many reach each outcome exactly */
  for (guint i = 0; i < left->children->len; i++)
    counts[outcome_of (residual, g_ptr_array_index (left->children, i), choice)]++;
  if (counts[CRITERION_MET] >= left->at_least)
    return CRITERION_MET;
  return counts[CRITERION_MET] + counts[CRITERION_TENTATIVE] >= left->at_least ? CRITERION_TENTATIVE
                                                                               : CRITERION_NOT_MET;
}

/* Facts in which two combinations differ, alone, and give other outcomes; what the person does not
 * know is summed up in the set of outcomes. */
static gboolean
find_relevant (Residual *residual, gboolean *relevant)
{
  guint64 rows = 1, asked = 1;
  guint choice[MAX_FACTS] = {0};
  guint64 stride[MAX_FACTS];
  for (guint i = 0; i < residual->n_facts; i++) {
    OpenFact *fact = &residual->facts[i];
    stride[i] = asked;
    rows *= fact->rows->len;
    if (fact->askable)
      asked *= fact->rows->len;
    if (rows == 0 || rows > QUESTION_MAX_ROWS)
      return FALSE;
  }
  g_autofree guint8 *outcomes = g_malloc0 (asked);
  for (guint64 row = 0; row < rows; row++) {
    guint64 place = 0;
    for (guint i = 0; i < residual->n_facts; i++)
      if (residual->facts[i].askable)
        place += stride[i] * choice[i];
    outcomes[place] |= 1 << outcome_of (residual, residual->root, choice);
    for (guint i = 0; i < residual->n_facts; i++) {
      if (++choice[i] < residual->facts[i].rows->len)
        break;
      choice[i] = 0;
    }
  }
  for (guint i = 0; i < residual->n_facts; i++) {
    guint n = residual->facts[i].rows->len;
    relevant[i] = FALSE;
    for (guint64 place = 0; residual->facts[i].askable && place < asked; place++)
      /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): each stride was set */
      if (place / stride[i] % n > 0 && outcomes[place] != outcomes[place - stride[i]])
        relevant[i] = TRUE;
  }
  return residual->exact;
}

static void
residual_clear (Residual *residual)
{
  for (guint i = 0; i < residual->n_facts; i++) {
    g_ptr_array_unref (residual->facts[i].atoms);
    g_ptr_array_unref (residual->facts[i].rules);
    g_ptr_array_unref (residual->facts[i].rows);
    json_decref (residual->facts[i].values);
  }
  g_ptr_array_unref (residual->memory);
}

/* Adds what one goal asks for to `scores` (fact id -> occurrences). */
static void
score_goal (const QuestionPlan *plan, const Criterion *goal, guint times, const json_t *known,
            const char *today, GHashTable *scores)
{
  Residual residual = {.plan = plan, .known = known, .today = today, .exact = TRUE};
  residual.memory = g_ptr_array_new_with_free_func (left_free);
  residual.root = reduce (&residual, goal);
  gboolean relevant[MAX_FACTS];
  gboolean exact = residual.exact && residual.root->kind != LEFT_CONSTANT;
  for (guint i = 0; exact && i < residual.n_facts; i++)
    exact = fill_rows (&residual, &residual.facts[i]);
  exact = exact && find_relevant (&residual, relevant);
  for (guint i = 0; residual.root->kind != LEFT_CONSTANT && i < residual.n_facts; i++) {
    const OpenFact *fact = &residual.facts[i];
    if (!fact->askable || (exact && !relevant[i]))
      continue;
    guint before = GPOINTER_TO_UINT (g_hash_table_lookup (scores, fact->field->id));
    g_hash_table_insert (scores, (gpointer)fact->field->id,
                         GUINT_TO_POINTER (before + fact->occurrences * times));
  }
  residual_clear (&residual);
}

/* --- Order
 * ------------------------------------------------------------------------------------------------
 */

typedef struct {
  const GuideField *field;
  double page_score;
  guint page_order, order;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  if (x->page_score != y->page_score)
    return x->page_score > y->page_score ? -1 : 1;
  if (x->page_order != y->page_order)
    return x->page_order < y->page_order ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

/* A page is worth what its best fact is worth. */
static void
rank_pages (GArray *candidates, GHashTable *scores)
{
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *one = &g_array_index (candidates, Candidate, i);
    one->page_score = 0;
    one->page_order = G_MAXUINT;
    for (guint k = 0; k < candidates->len; k++) {
      const Candidate *other = &g_array_index (candidates, Candidate, k);
      if (strcmp (other->field->page, one->field->page) != 0)
        continue;
      double score = GPOINTER_TO_UINT (g_hash_table_lookup (scores, other->field->id));
      one->page_score = MAX (one->page_score, score / other->field->cost);
      one->page_order = MIN (one->page_order, other->order);
    }
  }
}

GPtrArray *
question_relevant (const QuestionPlan *plan, const json_t *facts, const char *today)
{
  g_autoptr (GHashTable) scores = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < plan->goals->len; i++)
    score_goal (plan, g_ptr_array_index (plan->goals, i),
                g_array_index (plan->multiplicity, guint, i), facts, today, scores);
  g_autoptr (GArray) candidates = g_array_new (FALSE, TRUE, sizeof (Candidate));
  for (guint i = 0; i < plan->facts->len; i++) {
    const GuideField *field = g_ptr_array_index (plan->facts, i);
    Candidate candidate = {.field = field, .order = i};
    if (g_hash_table_contains (scores, field->id))
      g_array_append_val (candidates, candidate);
  }
  rank_pages (candidates, scores);
  g_array_sort (candidates, compare_candidates);
  GPtrArray *relevant = g_ptr_array_new ();
  for (guint i = 0; i < candidates->len; i++)
    g_ptr_array_add (relevant, (gpointer)g_array_index (candidates, Candidate, i).field);
  return relevant;
}

guint
question_pages (const GPtrArray *relevant)
{
  guint pages = 0;
  for (guint i = 0; i < relevant->len; i++) {
    const GuideField *field = g_ptr_array_index (relevant, i);
    const GuideField *before = i == 0 ? NULL : g_ptr_array_index (relevant, i - 1);
    pages += before == NULL || strcmp (before->page, field->page) != 0;
  }
  return pages;
}

GPtrArray *
question_next (const GPtrArray *relevant)
{
  if (relevant->len == 0)
    return NULL;
  const GuideField *first = g_ptr_array_index (relevant, 0);
  GPtrArray *page = g_ptr_array_new ();
  for (guint i = 0; i < relevant->len; i++) {
    GuideField *field = g_ptr_array_index (relevant, i);
    if (strcmp (field->page, first->page) != 0)
      break;
    g_ptr_array_add (page, field);
  }
  return page;
}
