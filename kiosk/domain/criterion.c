/* criterion.c: reads criteria, evaluates them over facts and explains the outcome. Computes with
 * the set of outcomes that are still possible; decides nothing early. Knows no service and no
 * words. */
#include "domain/criterion.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

#define MAX_DEPTH 16
#define MAX_CRITERIA 2000

struct _Criterion {
  const json_t *json; /* borrowed: the set keeps it */
  const char *id;
  CriterionKind kind;
  gboolean judgement, changeable;
  guint at_least;
  GPtrArray *children; /* borrowed Criterion */
  LogicRule *rule;
  GPtrArray *facts; /* borrowed names, sorted, NULL-terminated */
};

struct _CriterionSet {
  GPtrArray *all;     /* every Criterion made; owned */
  GHashTable *shared; /* id -> json of catalog.criteria, borrowed */
  GHashTable *by_id;  /* id -> Criterion, borrowed */
  GPtrArray *json;    /* references that keep the texts alive */
  GPtrArray *path;    /* ids of references being followed: cycles end here */
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

static gboolean
read_leaf (Criterion *criterion, json_t *logic, const char *place, GError **error)
{
  g_autoptr (GError) why = NULL;
  criterion->kind = CRITERION_LEAF;
  criterion->rule = logic_compile (logic, &why);
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
  g_ptr_array_add (set->all, criterion);
  criterion->json = json;
  criterion->id = id;
  criterion->children = g_ptr_array_new ();
  criterion->facts = g_ptr_array_new ();
  criterion->judgement = json_is_true (json_object_get (json, "judgement"));
  criterion->changeable = json_is_true (json_object_get (json, "changeable"));
  json_t *logic = json_object_get (json, "logic");
  if (!(logic != NULL ? read_leaf (criterion, logic, place, error)
                      : read_branch (set, criterion, json, place, depth, error)))
    return NULL;
  if (criterion->judgement && criterion->kind != CRITERION_LEAF)
    return refuse (error, place, "only a leaf may be a judgement:", id);
  g_ptr_array_add (criterion->facts, NULL);
  g_ptr_array_set_size (criterion->facts,
                        criterion->facts->len - 1); /* stays NULL behind the end */
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

static guint
possible_outcomes (const Criterion *criterion, const json_t *facts, const char *today)
{
  if (criterion->kind == CRITERION_LEAF) {
    guint yes = criterion->judgement ? CAN_TENTATIVE : CAN_MET;
    switch (logic_test (criterion->rule, facts, LOGIC_TERNARY, today, NULL)) {
    case LOGIC_TRUE:
      return yes;
    case LOGIC_FALSE:
      return CAN_NOT_MET;
    default:
      return yes | CAN_NOT_MET;
    }
  }
  guint n = criterion->children->len;
  g_autofree guint *more = n > 32 ? g_new (guint, n) : NULL;
  guint few[32], *sets = n > 32 ? more : few;
  for (guint i = 0; i < n; i++)
    sets[i] = possible_outcomes (g_ptr_array_index (criterion->children, i), facts, today);
  return combine (sets, n, criterion->at_least);
}

static CriterionOutcome
outcome_of (guint possible)
{
  switch (possible) {
  case CAN_NOT_MET:
    return CRITERION_NOT_MET;
  case CAN_TENTATIVE:
    return CRITERION_TENTATIVE;
  case CAN_MET:
    return CRITERION_MET;
  default:
    return CRITERION_OPEN;
  }
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

/* --- Reasons ------------------------------------------------------------------------------------
 */

void
criterion_reason_free (CriterionReason *reason)
{
  if (reason == NULL)
    return;
  g_ptr_array_unref (reason->children);
  g_free (reason);
}

static double
leaf_cost (const Criterion *criterion, CriterionOutcome outcome)
{
  switch (outcome) {
  case CRITERION_MET:
    return 0;
  case CRITERION_OPEN:
  case CRITERION_TENTATIVE:
    return 0.5;
  default:
    return criterion->changeable ? 1 : HUGE_VAL;
  }
}

static int
compare_costs (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* The whole tree; pruning comes after. */
static CriterionReason *
explain_all (const Criterion *criterion, const json_t *facts, const char *today)
{
  CriterionReason *reason = g_new0 (CriterionReason, 1);
  reason->criterion = criterion;
  reason->children = g_ptr_array_new_with_free_func ((GDestroyNotify)criterion_reason_free);
  guint n = criterion->children->len;
  reason->outcome = criterion_test (criterion, facts, today);
  if (n == 0) {
    reason->mend = leaf_cost (criterion, reason->outcome);
    return reason;
  }
  g_autofree double *costs = g_new (double, n);
  for (guint i = 0; i < n; i++) {
    CriterionReason *child = explain_all (g_ptr_array_index (criterion->children, i), facts, today);
    costs[i] = child->mend;
    g_ptr_array_add (reason->children, child);
  }
  qsort (costs, n, sizeof *costs, compare_costs);
  for (guint i = 0; i < criterion->at_least; i++) /* the cheapest that suffice */
    reason->mend += costs[i];
  return reason;
}

/* Should `child` of `reason` be shown? `best` is the least cost among the children. */
static gboolean
belongs (const CriterionReason *reason, const CriterionReason *child, double best)
{
  gboolean all = reason->criterion->at_least == reason->criterion->children->len;
  switch (reason->outcome) {
  case CRITERION_MET:
    return child->outcome == CRITERION_MET;
  case CRITERION_TENTATIVE:
    return child->outcome == CRITERION_TENTATIVE || (all && child->outcome == CRITERION_MET);
  case CRITERION_OPEN:
    return child->outcome == CRITERION_OPEN || (!all && child->outcome == CRITERION_TENTATIVE);
  default:
    if (child->outcome != CRITERION_NOT_MET)
      return FALSE;
    return all || (best < HUGE_VAL && child->mend <= best);
  }
}

/* TRUE if every branch asks the same fact: then the parent's words say it all. */
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

static void
prune (CriterionReason *reason)
{
  double best = HUGE_VAL;
  for (guint i = 0; i < reason->children->len; i++)
    best = MIN (best, ((CriterionReason *)g_ptr_array_index (reason->children, i))->mend);
  gboolean one_is_enough =
      reason->criterion->kind == CRITERION_ANY &&
      (reason->outcome == CRITERION_MET || reason->outcome == CRITERION_TENTATIVE ||
       (reason->outcome == CRITERION_NOT_MET && best < HUGE_VAL));
  g_autoptr (GPtrArray) kept =
      g_ptr_array_new_with_free_func ((GDestroyNotify)criterion_reason_free);
  while (reason->children->len > 0) {
    CriterionReason *child = g_ptr_array_steal_index (reason->children, 0);
    gboolean silent = reason->outcome == CRITERION_OPEN && asks_one_fact (reason->criterion);
    if (!silent && belongs (reason, child, best) && !(one_is_enough && kept->len == 1)) {
      prune (child);
      g_ptr_array_add (kept, child);
    } else {
      criterion_reason_free (child);
    }
  }
  g_ptr_array_unref (reason->children);
  reason->children = g_steal_pointer (&kept);
}

CriterionReason *
criterion_explain (const Criterion *criterion, const json_t *facts, const char *today)
{
  CriterionReason *reason = explain_all (criterion, facts, today);
  prune (reason);
  return reason;
}
