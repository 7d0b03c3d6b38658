/* criterion.c: reads criteria, evaluates them over facts and explains the outcome. Computes with
 * the set of outcomes that are still possible; decides nothing early. Leaves that ask the same are
 * evaluated once in a check. Knows no service and no words. */
#include "domain/criterion.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"

#define MAX_DEPTH 16
#define MAX_CRITERIA 2000

struct _Criterion {
  const CriterionSet *set;
  const json_t *json; /* borrowed: the set keeps it */
  const char *id;
  CriterionKind kind;
  gboolean judgement, changeable;
  gboolean one_fact; /* every branch asks the same fact: then its own words say it all */
  gboolean mendable; /* something below it can be changed */
  guint place;       /* where a check remembers it: leaves that ask the same share theirs */
  guint size;        /* of the tree below it, references followed */
  guint at_least;
  GPtrArray *children;           /* borrowed Criterion */
  const Criterion *const *below; /* the same, */
  guint n_below;                 /* at hand, */
  guint *places;                 /* and their places */
  LogicRule *rule;
  GPtrArray *facts; /* borrowed names, sorted, NULL-terminated */
};

struct _CriterionSet {
  GPtrArray *all;      /* every Criterion made; owned */
  GPtrArray *leaves;   /* one of each place, borrowed */
  GPtrArray *branches; /* each after those that it is made of, borrowed */
  GHashTable *shared;  /* id -> json of catalog.criteria, borrowed */
  GHashTable *by_id;   /* id -> Criterion, borrowed */
  GPtrArray *json;     /* references that keep the texts alive */
  GPtrArray *path;     /* ids of references being followed: cycles end here */
  LogicNames *names;   /* of facts */
  GHashTable *places;  /* what a leaf asks, as text -> place + 1 */
};

/* Which outcomes are still possible, as bits. */
enum {
  CAN_NOT_MET = 1 << CRITERION_NOT_MET,
  CAN_TENTATIVE = 1 << CRITERION_TENTATIVE,
  CAN_MET = 1 << CRITERION_MET
};

static void
criterion_free (gpointer data)
{
  Criterion *criterion = data;
  g_ptr_array_unref (criterion->children);
  g_ptr_array_unref (criterion->facts);
  g_free (criterion->places);
  logic_free (criterion->rule);
  g_free (criterion);
}

void
criterion_set_free (CriterionSet *set)
{
  if (set == NULL)
    return;
  g_ptr_array_unref (set->all);
  g_hash_table_unref (set->shared);
  g_hash_table_unref (set->by_id);
  g_ptr_array_unref (set->json);
  g_ptr_array_unref (set->path);
  g_hash_table_unref (set->places);
  g_ptr_array_unref (set->leaves);
  g_ptr_array_unref (set->branches);
  logic_names_free (set->names); /* after the rules */
  g_free (set);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

static void *
refuse (GError **error, const char *place, const char *what, const char *name)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: %s%s%s%s", place, what,
               name == NULL ? "" : " \"", name == NULL ? "" : name, name == NULL ? "" : "\"");
  return NULL;
}

static const Criterion *read_criterion (CriterionSet *set, const json_t *json, const char *place,
                                        guint depth, GError **error);

static const Criterion *
follow (CriterionSet *set, const char *id, const char *place, guint depth, GError **error)
{
  const Criterion *known = g_hash_table_lookup (set->by_id, id);
  if (known != NULL)
    return known;
  const json_t *json = g_hash_table_lookup (set->shared, id);
  if (json == NULL)
    return refuse (error, place, "refers to no criterion", id);
  for (guint i = 0; i < set->path->len; i++)
    if (strcmp (g_ptr_array_index (set->path, i), id) == 0)
      return refuse (error, place, "refers to itself by way of", id);
  g_ptr_array_add (set->path, (gpointer)id);
  const Criterion *found = read_criterion (set, json, place, depth + 1, error);
  g_ptr_array_set_size (set->path, set->path->len - 1);
  return found;
}

static void
add_fact (Criterion *criterion, const char *name)
{
  GPtrArray *facts = criterion->facts;
  guint at = 0;
  while (at < facts->len && strcmp (g_ptr_array_index (facts, at), name) < 0)
    at++;
  if (at == facts->len || strcmp (g_ptr_array_index (facts, at), name) != 0)
    g_ptr_array_insert (facts, at, (gpointer)name);
}

static void
share_place (CriterionSet *set, Criterion *criterion, const json_t *logic)
{
  g_autofree char *text = strict_json_canonical (logic);
  char *asked = g_strconcat (criterion->judgement ? "?" : "=", text, NULL);
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (set->places, asked));
  if (known > 0)
    criterion->place = known - 1;
  else
    g_ptr_array_add (set->leaves, criterion);
  g_hash_table_replace (set->places, asked, GUINT_TO_POINTER (criterion->place + 1));
}

static gboolean
read_leaf (CriterionSet *set, Criterion *criterion, json_t *logic, const char *place,
           GError **error)
{
  g_autoptr (GError) why = NULL;
  criterion->kind = CRITERION_LEAF;
  criterion->rule = logic_compile_named (logic, set->names, &why);
  if (criterion->rule == NULL) {
    refuse (error, place, why->message, NULL);
    return FALSE;
  }
  gboolean open;
  for (const char *const *fact = logic_facts (criterion->rule, &open); *fact != NULL; fact++)
    if (strcmp (*fact, "today") != 0)
      add_fact (criterion, *fact);
  if (open) {
    refuse (error, place, "a criterion names its facts; none is computed", NULL);
    return FALSE;
  }
  share_place (set, criterion, logic);
  return TRUE;
}

static gboolean
read_children (CriterionSet *set, Criterion *criterion, const json_t *list, const char *place,
               guint depth, GError **error)
{
  if (!json_is_array (list) || json_array_size (list) == 0) {
    refuse (error, place, "lists no criteria", NULL);
    return FALSE;
  }
  for (gsize i = 0; i < json_array_size (list); i++) {
    g_autofree char *where = g_strdup_printf ("%s/%zu", place, i);
    const Criterion *child =
        read_criterion (set, json_array_get (list, i), where, depth + 1, error);
    if (child == NULL)
      return FALSE;
    g_ptr_array_add (criterion->children, (gpointer)child);
    criterion->size += child->size;
    criterion->mendable |= child->mendable;
    if (criterion->size > CRITERION_MAX_TREE) {
      refuse (error, where, "criteria nested too deep, or too many", NULL);
      return FALSE;
    }
    for (guint k = 0; k < child->facts->len; k++)
      add_fact (criterion, g_ptr_array_index (child->facts, k));
  }
  return TRUE;
}

/* all, any or at_least; FALSE with an error. */
static gboolean
read_branch (CriterionSet *set, Criterion *criterion, const json_t *json, const char *place,
             guint depth, GError **error)
{
  const json_t *all = json_object_get (json, "all"), *any = json_object_get (json, "any");
  const json_t *some = json_object_get (json, "at_least");
  const json_t *list = all != NULL ? all : any != NULL ? any : json_object_get (some, "of");
  if (list == NULL) {
    refuse (error, place, "has no logic, all, any, at_least or ref", NULL);
    return FALSE;
  }
  criterion->kind = all != NULL ? CRITERION_ALL : any != NULL ? CRITERION_ANY : CRITERION_AT_LEAST;
  if (!read_children (set, criterion, list, place, depth, error))
    return FALSE;
  guint n = criterion->children->len;
  json_int_t k = json_integer_value (json_object_get (some, "k"));
  criterion->at_least = all != NULL ? n : any != NULL ? 1 : (guint)CLAMP (k, 0, 10000);
  if (criterion->at_least < 1 || criterion->at_least > n) {
    refuse (error, place, "at_least asks for more or less than there is", NULL);
    return FALSE;
  }
  return TRUE;
}

static gboolean
asks_one_fact (const Criterion *criterion)
{
  if (criterion->facts->len != 1 || criterion->kind == CRITERION_ALL)
    return FALSE;
  for (guint i = 0; i < criterion->children->len; i++)
    if (((const Criterion *)g_ptr_array_index (criterion->children, i))->facts->len != 1)
      return FALSE;
  return TRUE;
}

static const Criterion *
read_criterion (CriterionSet *set, const json_t *json, const char *place, guint depth,
                GError **error)
{
  if (depth > MAX_DEPTH || set->all->len >= MAX_CRITERIA)
    return refuse (error, place, "criteria nested too deep, or too many", NULL);
  const char *id = json_string_value (json_object_get (json, "id"));
  const char *ref = json_string_value (json_object_get (json, "ref"));
  guint forms = 0;
  for (const char *const *key =
           (const char *const[]){"logic", "all", "any", "at_least", "ref", NULL};
       *key != NULL; key++)
    forms += json_object_get (json, *key) != NULL;
  if (id == NULL || forms != 1)
    return refuse (error, place, "a criterion has an id and one of logic, all, any, at_least, ref",
                   id);
  if (ref != NULL)
    return follow (set, ref, place, depth, error);
  if (g_hash_table_contains (set->by_id, id))
    return refuse (error, place, "a second criterion is called", id);

  Criterion *criterion = g_new0 (Criterion, 1);
  criterion->set = set;
  criterion->place = set->all->len;
  criterion->size = 1;
  g_ptr_array_add (set->all, criterion);
  criterion->json = json;
  criterion->id = id;
  criterion->children = g_ptr_array_new ();
  criterion->facts = g_ptr_array_new ();
  criterion->judgement = json_is_true (json_object_get (json, "judgement"));
  criterion->changeable = json_is_true (json_object_get (json, "changeable"));
  json_t *logic = json_object_get (json, "logic");
  if (!(logic != NULL ? read_leaf (set, criterion, logic, place, error)
                      : read_branch (set, criterion, json, place, depth, error)))
    return NULL;
  if (criterion->judgement && criterion->kind != CRITERION_LEAF)
    return refuse (error, place, "only a leaf may be a judgement:", id);
  g_ptr_array_add (criterion->facts, NULL);
  g_ptr_array_set_size (criterion->facts,
                        criterion->facts->len - 1); /* stays NULL behind the end */
  criterion->one_fact = asks_one_fact (criterion);
  criterion->below = (const Criterion *const *)criterion->children->pdata;
  criterion->n_below = criterion->children->len;
  criterion->places = g_new (guint, criterion->n_below);
  for (guint i = 0; i < criterion->n_below; i++)
    criterion->places[i] = criterion->below[i]->place;
  if (criterion->kind == CRITERION_LEAF)
    criterion->mendable = criterion->changeable;
  else
    g_ptr_array_add (set->branches, criterion);
  g_hash_table_insert (set->by_id, (gpointer)id, criterion);
  return criterion;
}

CriterionSet *
criterion_set_new (json_t *shared, GError **error)
{
  g_autoptr (CriterionSet) set = g_new0 (CriterionSet, 1);
  set->all = g_ptr_array_new_with_free_func (criterion_free);
  set->shared = g_hash_table_new (g_str_hash, g_str_equal);
  set->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  set->json = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  set->path = g_ptr_array_new ();
  set->leaves = g_ptr_array_new ();
  set->branches = g_ptr_array_new ();
  set->names = logic_names_new ();
  set->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (shared != NULL)
    g_ptr_array_add (set->json, json_incref (shared));
  for (gsize i = 0; i < json_array_size (shared); i++) {
    const char *id = json_string_value (json_object_get (json_array_get (shared, i), "id"));
    if (id == NULL || !g_hash_table_insert (set->shared, (gpointer)id, json_array_get (shared, i)))
      return refuse (error, "/catalog/criteria", "a criterion has no id of its own", id);
  }
  for (gsize i = 0; i < json_array_size (shared); i++) {
    g_autofree char *place = g_strdup_printf ("/catalog/criteria/%zu", i);
    const char *id = json_string_value (json_object_get (json_array_get (shared, i), "id"));
    if (follow (set, id, place, 0, error) == NULL)
      return NULL;
  }
  return g_steal_pointer (&set);
}

const Criterion *
criterion_set_add (CriterionSet *set, json_t *criterion, const char *place, GError **error)
{
  g_ptr_array_add (set->json, json_incref (criterion));
  return read_criterion (set, criterion, place, 0, error);
}

const Criterion *
criterion_set_find (const CriterionSet *set, const char *id)
{
  return g_hash_table_lookup (set->by_id, id);
}

/* --- What a criterion is ------------------------------------------------------------------------
 */

const CriterionSet *
criterion_peek_set (const Criterion *criterion)
{
  return criterion->set;
}

const char *
criterion_peek_id (const Criterion *criterion)
{
  return criterion->id;
}

CriterionKind
criterion_kind (const Criterion *criterion)
{
  return criterion->kind;
}

guint
criterion_n_children (const Criterion *criterion)
{
  return criterion->children->len;
}

const Criterion *
criterion_child (const Criterion *criterion, guint index)
{
  g_return_val_if_fail (index < criterion->children->len, NULL);
  return g_ptr_array_index (criterion->children, index);
}

guint
criterion_at_least (const Criterion *criterion)
{
  return criterion->at_least;
}

const LogicRule *
criterion_rule (const Criterion *criterion)
{
  return criterion->rule;
}

gboolean
criterion_is_judgement (const Criterion *criterion)
{
  return criterion->judgement;
}

gboolean
criterion_is_changeable (const Criterion *criterion)
{
  return criterion->changeable;
}

const json_t *
criterion_member (const Criterion *criterion, const char *key)
{
  return json_object_get (criterion->json, key);
}

const char *const *
criterion_facts (const Criterion *criterion)
{
  static const char *const none[] = {NULL};
  return criterion->facts->len == 0 ? none : (const char *const *)criterion->facts->pdata;
}

/* --- Outcomes -----------------------------------------------------------------------------------
 */

/* The k-th greatest of children that may be any of their sets: level v is reached for certain if k
 * children reach it for certain, and can be reached if k children can. What lies between is
 * possible only if some child can be exactly that. */
static guint
combine (const guint *sets, guint n, guint k)
{
  guint possible = 0, somewhere = 0;
  for (guint i = 0; i < n; i++)
    somewhere |= sets[i];
  for (int level = CRITERION_NOT_MET; level <= CRITERION_MET; level++) {
    guint can = 0, must_above = 0;
    for (guint i = 0; i < n; i++) {
      can += (sets[i] >> level) != 0;                     /* can be `level` or more */
      must_above += (sets[i] & ((2u << level) - 1)) == 0; /* is more in any case */
    }
    if (can >= k && must_above < k && (somewhere >> level & 1))
      possible |= 1u << level;
  }
  return possible;
}

/* The same for all and for any, one child after the other: a level is possible of the lesser of two
 * if one can be that and the other that or more. */
static guint
least (guint a, guint b)
{
  return (a & (b | b >> 1 | b >> 2)) | (b & (a | a >> 1 | a >> 2));
}

static guint
greatest (guint a, guint b)
{
  return (a & (b | b << 1 | b << 2)) | (b & (a | a << 1 | a << 2));
}

static guint
possible_of_truth (const Criterion *leaf, LogicTruth truth)
{
  guint yes = leaf->judgement ? CAN_TENTATIVE : CAN_MET;
  return truth == LOGIC_TRUE ? yes : truth == LOGIC_FALSE ? CAN_NOT_MET : yes | CAN_NOT_MET;
}

static guint
possible_outcomes (const Criterion *criterion, const json_t *facts, const char *today)
{
  if (criterion->kind == CRITERION_LEAF)
    return possible_of_truth (criterion,
                              logic_test (criterion->rule, facts, LOGIC_TERNARY, today, NULL));
  guint n = criterion->n_below;
  g_autofree guint *more = n > 32 ? g_new (guint, n) : NULL;
  guint few[32], *sets = n > 32 ? more : few;
  for (guint i = 0; i < n; i++)
    sets[i] = possible_outcomes (criterion->below[i], facts, today);
  return combine (sets, n, criterion->at_least);
}

static inline CriterionOutcome
outcome_of (guint possible)
{
  static const guint8 outcomes[8] = {CRITERION_OPEN, CRITERION_NOT_MET, CRITERION_TENTATIVE,
                                     CRITERION_OPEN, CRITERION_MET,     CRITERION_OPEN,
                                     CRITERION_OPEN, CRITERION_OPEN};
  return outcomes[possible & 7];
}

CriterionOutcome
criterion_test (const Criterion *criterion, const json_t *facts, const char *today)
{
  return outcome_of (possible_outcomes (criterion, facts, today));
}

const char *
criterion_outcome_word (CriterionOutcome outcome)
{
  static const char *const words[] = {"not_met", "tentative", "met", "open"};
  return words[outcome];
}

/* --- A check ------------------------------------------------------------------------------------
 */

struct _CriterionCheck {
  const CriterionSet *set;
  guint8 *found; /* by place: what is possible */
  CriterionReason *lines;
  guint room;
};

CriterionCheck *
criterion_check_new (const CriterionSet *set)
{
  CriterionCheck *check = g_new0 (CriterionCheck, 1);
  check->set = set;
  check->found = g_malloc0 (set->all->len + 1);
  return check;
}

void
criterion_check_free (CriterionCheck *check)
{
  if (check == NULL)
    return;
  g_free (check->found);
  g_free (check->lines);
  g_free (check);
}

LogicData *
criterion_set_read (const CriterionSet *set, const json_t *facts, const char *today)
{
  return logic_data_new (set->names, facts, today);
}

G_NO_INLINE static guint
find_some (const guint8 *found, const Criterion *criterion)
{
  g_autofree guint *sets = g_new (guint, criterion->n_below);
  for (guint i = 0; i < criterion->n_below; i++)
    sets[i] = found[criterion->places[i]];
  return combine (sets, criterion->n_below, criterion->at_least);
}

static inline guint
find_branch (const guint8 *found, const Criterion *criterion)
{
  guint n = criterion->n_below, possible = found[criterion->places[0]];
  if (criterion->at_least == n)
    for (guint i = 1; i < n && possible != CAN_NOT_MET; i++)
      possible = least (possible, found[criterion->places[i]]);
  else if (criterion->at_least == 1)
    for (guint i = 1; i < n && possible != CAN_MET; i++)
      possible = greatest (possible, found[criterion->places[i]]);
  else
    possible = find_some (found, criterion);
  return possible;
}

void
criterion_check_begin (CriterionCheck *check, const LogicData *facts)
{
  guint8 *found = check->found;
  guint n_leaves = check->set->leaves->len, n_branches = check->set->branches->len;
  const Criterion *const *leaves = (const Criterion *const *)check->set->leaves->pdata;
  const Criterion *const *branches = (const Criterion *const *)check->set->branches->pdata;
  for (guint i = 0; i < n_leaves; i++)
    found[leaves[i]->place] =
        possible_of_truth (leaves[i], logic_test_data (leaves[i]->rule, facts));
  for (guint i = 0; i < n_branches; i++)
    found[branches[i]->place] = find_branch (found, branches[i]);
}

CriterionOutcome
criterion_check_test (CriterionCheck *check, const Criterion *criterion)
{
  return outcome_of (check->found[criterion->place]);
}

/* --- Reasons ------------------------------------------------------------------------------------
 */

static int
compare_costs (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

double
criterion_check_mend (CriterionCheck *check, const Criterion *criterion)
{
  guint n = criterion->children->len;
  if (criterion->kind == CRITERION_LEAF) {
    CriterionOutcome outcome = criterion_check_test (check, criterion);
    if (outcome != CRITERION_NOT_MET)
      return outcome == CRITERION_MET ? 0 : 0.5;
    return criterion->changeable ? 1 : HUGE_VAL;
  }
  g_autofree double *costs = g_new (double, n);
  for (guint i = 0; i < n; i++)
    costs[i] = criterion_check_mend (check, criterion_child (criterion, i));
  qsort (costs, n, sizeof *costs, compare_costs);
  double sum = 0;
  for (guint i = 0; i < criterion->at_least; i++) /* the cheapest that suffice */
    sum += costs[i];
  return sum;
}

/* Of those of its children that are not met. */
static double
least_mend (CriterionCheck *check, const Criterion *criterion)
{
  double best = HUGE_VAL;
  for (guint i = 0; i < criterion->children->len; i++) {
    const Criterion *child = criterion_child (criterion, i);
    if (criterion_check_test (check, child) == CRITERION_NOT_MET)
      best = MIN (best, criterion_check_mend (check, child));
  }
  return best;
}

/* Which children are shown below an outcome, as bits of what is possible of them. */
enum {
  SHOW_MET = 1 << CAN_MET,
  SHOW_TENTATIVE = 1 << CAN_TENTATIVE,
  SHOW_NOT_MET = 1 << CAN_NOT_MET,
  SHOW_OPEN = 0xff & ~(SHOW_MET | SHOW_TENTATIVE | SHOW_NOT_MET)
};
static const guint8 shown_of_all[] = {SHOW_NOT_MET, SHOW_TENTATIVE | SHOW_MET, SHOW_MET, SHOW_OPEN};
static const guint8 shown_of_some[] = {SHOW_NOT_MET, SHOW_TENTATIVE, SHOW_MET,
                                       SHOW_OPEN | SHOW_TENTATIVE};

static CriterionReason *add_lines (CriterionCheck *check, const Criterion *criterion, guint level,
                                   CriterionReason *line);

/* Of an unmet branch of which some would do: what is cheapest to mend, one of an any. */
static CriterionReason *
add_cheapest (CriterionCheck *check, const Criterion *criterion, guint level, CriterionReason *line)
{
  double best = criterion->mendable ? least_mend (check, criterion) : HUGE_VAL;
  for (guint i = 0; i < criterion->n_below && best < HUGE_VAL; i++) {
    const Criterion *child = criterion->below[i];
    if (check->found[child->place] != CAN_NOT_MET || criterion_check_mend (check, child) > best)
      continue;
    line = add_lines (check, child, level, line);
    if (criterion->kind == CRITERION_ANY)
      break;
  }
  return line;
}

/* The first free line after those of `criterion`. */
static CriterionReason *
add_lines (CriterionCheck *check, const Criterion *criterion, guint level, CriterionReason *line)
{
  const guint8 *found = check->found;
  CriterionOutcome outcome = outcome_of (found[criterion->place]);
  guint n = criterion->n_below;
  *line++ = (CriterionReason){criterion, outcome, level++};
  if (n == 0 || (outcome == CRITERION_OPEN && criterion->one_fact))
    return line;
  gboolean all = criterion->at_least == n;
  if (!all && outcome == CRITERION_NOT_MET)
    return add_cheapest (check, criterion, level, line);
  guint shown = all ? shown_of_all[outcome] : shown_of_some[outcome];
  gboolean one_is_enough = criterion->kind == CRITERION_ANY && outcome != CRITERION_OPEN;
  const guint *places = criterion->places;
  const Criterion *const *below = criterion->below;
  for (guint i = 0; i < n; i++) {
    guint possible = found[places[i]];
    if (!(shown >> possible & 1))
      continue;
    if (below[i]->n_below == 0)
      *line++ = (CriterionReason){below[i], outcome_of (possible), level};
    else
      line = add_lines (check, below[i], level, line);
    if (one_is_enough)
      break;
  }
  return line;
}

const CriterionReason *
criterion_check_explain (CriterionCheck *check, const Criterion *criterion, guint *ret_n)
{
  if (check->room < criterion->size) {
    check->room = criterion->size;
    check->lines = g_renew (CriterionReason, check->lines, check->room);
  }
  *ret_n = add_lines (check, criterion, 0, check->lines) - check->lines;
  return check->lines;
}
