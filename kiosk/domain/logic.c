/* logic.c: evaluates a compiled rule, strictly or in three values. Reads nothing but the rule, the
 * data and the day that it is given; every loop is bounded by the limits of logic.h. */
#include "domain/logic.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/logic-operator.h"

struct _LogicRule {
  json_t *json;
  LogicScratch scratch;
  LogicNode *root;
  GStrv facts;
  gboolean open;
  const LogicNode *fact;     /* of a rule that compares a numbered fact with a literal: the fact, */
  const LogicValue *literal; /* and the literal; else NULL */
  gboolean turned;           /* the literal stands first: {"in": ["x", {"var": fact}]} */
};

typedef struct {
  LogicMode mode;
  const char *today;
  const LogicData *facts; /* read before, by number; or NULL */
  LogicScratch scratch;
  guint steps;
  const char *problem; /* the first; evaluation then runs out quickly */
} Run;

/* What `var` looks into: JSON, or a value inside an iteration. */
typedef struct {
  const json_t *json;
  const LogicValue *value;
  const LogicValue *accumulator; /* of reduce: then `value` is "current" */
} Scope;

#define UNKNOWN(v) ((v).kind == LOGIC_VALUE_UNKNOWN)

static LogicValue evaluate (Run *run, const LogicNode *node, const Scope *scope, gboolean truth);

static LogicValue
fail (Run *run, const char *problem)
{
  if (run->problem == NULL)
    run->problem = problem;
  return LOGIC_VALUE (UNKNOWN);
}

static LogicValue
argument (Run *run, const LogicNode *node, guint index, const Scope *scope)
{
  if (index >= node->n_args)
    return LOGIC_VALUE (NULL);
  return evaluate (run, node->args[index], scope, FALSE);
}

/* --- Data ------------------------------------------------------------------------------------- */

static gboolean
read_json (Run *run, const json_t *json, LogicValue *ret_value)
{
  if (json == NULL)
    return FALSE;
  if (!logic_value_read (json, &run->scratch, ret_value))
    *ret_value = fail (run, "the data holds a number or a list that is too large");
  return TRUE;
}

static gboolean
step_into (Run *run, const LogicValue *value, const char *key, gsize length, LogicValue *ret_value)
{
  if (value->kind == LOGIC_VALUE_OBJECT)
    return read_json (run, json_object_getn (value->object, key, length), ret_value);
  if (value->kind == LOGIC_VALUE_LIST && length > 0 && length < 8) {
    gsize index = 0;
    for (gsize i = 0; i < length; i++) {
      if (!g_ascii_isdigit (key[i]))
        return FALSE;
      index = index * 10 + (key[i] - '0');
    }
    if (index >= value->length)
      return FALSE;
    *ret_value = value->items[index];
    return TRUE;
  }
  return FALSE;
}

/* The first step of a path. UNKNOWN for a fact that is not answered. */
static gboolean
first_step (Run *run, const Scope *scope, const char *key, gsize length, LogicValue *ret_value)
{
  if (scope->accumulator != NULL) {
    if (length == 7 && memcmp (key, "current", 7) == 0)
      *ret_value = *scope->value;
    else if (length == 11 && memcmp (key, "accumulator", 11) == 0)
      *ret_value = *scope->accumulator;
    else
      return FALSE;
    return TRUE;
  }
  if (scope->value != NULL) {
    if (UNKNOWN (*scope->value)) {
      *ret_value = *scope->value;
      return TRUE;
    }
    return step_into (run, scope->value, key, length, ret_value);
  }
  const json_t *member = NULL;
  if (json_is_object (scope->json))
    member = json_object_getn (scope->json, key, length);
  else if (json_is_array (scope->json)) {
    LogicValue whole;
    read_json (run, scope->json, &whole);
    return !UNKNOWN (whole) && step_into (run, &whole, key, length, ret_value);
  }
  if (member == NULL && run->today != NULL && length == 5 && memcmp (key, "today", 5) == 0) {
    *ret_value = logic_value_string (run->today, strlen (run->today));
    return TRUE;
  }
  if (run->mode == LOGIC_TERNARY && (member == NULL || json_is_null (member))) {
    *ret_value = LOGIC_VALUE (UNKNOWN);
    return TRUE;
  }
  return read_json (run, member, ret_value);
}

/* FALSE where the path leads nowhere. */
static gboolean
look_up (Run *run, const Scope *scope, const LogicValue *name, LogicValue *ret_value)
{
  LogicValue text = logic_value_to_string (name, &run->scratch);
  const char *key = text.string, *end = text.string + text.length;
  LogicValue value;
  for (gboolean first = TRUE;; first = FALSE) {
    const char *dot = memchr (key, '.', end - key);
    gsize length = (dot == NULL ? end : dot) - key;
    LogicValue next;
    if (++run->steps > LOGIC_MAX_STEPS) {
      *ret_value = fail (run, "too many steps");
      return TRUE;
    }
    if (first ? !first_step (run, scope, key, length, &next)
              : !step_into (run, &value, key, length, &next))
      return FALSE;
    value = next;
    if (dot == NULL || UNKNOWN (value))
      break;
    key = dot + 1;
  }
  *ret_value = value;
  return TRUE;
}

static LogicValue
whole_scope (Run *run, const Scope *scope)
{
  if (scope->value != NULL)
    return *scope->value;
  LogicValue value = LOGIC_VALUE (NULL);
  read_json (run, scope->json, &value);
  return value;
}

static LogicValue
evaluate_var (Run *run, const LogicNode *node, const Scope *scope)
{
  if (run->facts != NULL && node->number >= 0 && node->number < run->facts->n_values)
    return run->facts->values[node->number];
  LogicValue name = argument (run, node, 0, scope);
  if (UNKNOWN (name))
    return name;
  if (name.kind == LOGIC_VALUE_LIST) /* {"var": {"merge": ["a", 1]}} and the like */
    name = name.length > 0 ? name.items[0] : LOGIC_VALUE (NULL);
  if (name.kind == LOGIC_VALUE_NULL || (name.kind == LOGIC_VALUE_STRING && name.length == 0))
    return whole_scope (run, scope);
  LogicValue value = LOGIC_VALUE (NULL);
  gboolean found = look_up (run, scope, &name, &value);
  if (!found)
    return node->n_args > 1 ? argument (run, node, 1, scope) : LOGIC_VALUE (NULL);
  return value;
}

/* Names of `names` (list or one) that are not there; in ternary mode an unanswered fact makes the
 * whole list unknown. */
static LogicValue
list_missing (Run *run, const LogicValue *names, gsize length, const Scope *scope, gsize *ret_there)
{
  LogicValue *items = logic_value_scratch_alloc (&run->scratch, MAX (length, 1) * sizeof *items);
  gsize n = 0;
  for (gsize i = 0; i < length; i++) {
    LogicValue value = LOGIC_VALUE (NULL);
    if (UNKNOWN (names[i]))
      return names[i];
    gboolean found = look_up (run, scope, &names[i], &value);
    if (UNKNOWN (value))
      return value;
    if (!found || value.kind == LOGIC_VALUE_NULL ||
        (value.kind == LOGIC_VALUE_STRING && value.length == 0))
      items[n++] = names[i];
  }
  *ret_there = length - n;
  return (LogicValue){.kind = LOGIC_VALUE_LIST, .items = items, .length = n};
}

static LogicValue
evaluate_missing (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue *names =
      logic_value_scratch_alloc (&run->scratch, MAX (node->n_args, 1) * sizeof *names);
  for (guint i = 0; i < node->n_args; i++)
    names[i] = argument (run, node, i, scope);
  gsize there;
  if (node->n_args > 0 && names[0].kind == LOGIC_VALUE_LIST)
    return list_missing (run, names[0].items, names[0].length, scope, &there);
  return list_missing (run, names, node->n_args, scope, &there);
}

static LogicValue
evaluate_missing_some (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue need = argument (run, node, 0, scope), names = argument (run, node, 1, scope);
  if (UNKNOWN (need) || UNKNOWN (names))
    return LOGIC_VALUE (UNKNOWN);
  if (names.kind != LOGIC_VALUE_LIST)
    return fail (run, "missing_some without a list");
  gsize there = 0;
  LogicValue missing = list_missing (run, names.items, names.length, scope, &there);
  if (!UNKNOWN (missing) && there >= logic_value_to_number (&need))
    missing.length = 0;
  return missing;
}

/* --- Truth ------------------------------------------------------------------------------------ */

static LogicTruth
truth_of_value (const LogicValue *value)
{
  return UNKNOWN (*value) ? LOGIC_UNKNOWN : logic_value_truthy (value) ? LOGIC_TRUE : LOGIC_FALSE;
}

static LogicTruth
truth_of (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue value = evaluate (run, node, scope, TRUE);
  return truth_of_value (&value);
}

/* `truth`: only the truth of the result is asked for, so that a decisive argument behind an unknown
 * one decides; otherwise the value could be the unknown one's. */
static LogicValue
evaluate_and_or (Run *run, const LogicNode *node, const Scope *scope, gboolean truth)
{
  gboolean unknown = FALSE;
  LogicValue last = LOGIC_VALUE (FALSE);
  for (guint i = 0; i < node->n_args; i++) {
    LogicValue value = evaluate (run, node->args[i], scope, truth);
    if (UNKNOWN (value)) {
      unknown = TRUE;
      continue;
    }
    if (logic_value_truthy (&value) == (node->op == LOGIC_OP_OR))
      return unknown && !truth ? LOGIC_VALUE (UNKNOWN) : value;
    last = value;
  }
  return unknown ? LOGIC_VALUE (UNKNOWN) : last;
}

/* Both branches where the condition is unknown: the same value, or the same truth, decides. */
static LogicValue
either (Run *run, const LogicValue *a, const LogicValue *b, gboolean truth)
{
  if (UNKNOWN (*a) || UNKNOWN (*b))
    return LOGIC_VALUE (UNKNOWN);
  if (logic_value_same (a, b) || (truth && logic_value_truthy (a) == logic_value_truthy (b)))
    return *a;
  return LOGIC_VALUE (UNKNOWN);
}

static LogicValue
evaluate_if (Run *run, const LogicNode *node, guint from, const Scope *scope, gboolean truth)
{
  guint i = from;
  for (; i + 1 < node->n_args; i += 2) {
    LogicTruth condition = truth_of (run, node->args[i], scope);
    if (condition == LOGIC_TRUE)
      return evaluate (run, node->args[i + 1], scope, truth);
    if (condition == LOGIC_FALSE)
      continue;
    LogicValue yes = evaluate (run, node->args[i + 1], scope, truth);
    if (UNKNOWN (yes))
      return yes;
    /* The rest is one branch; walked in this loop's stead, so the depth is that of the arguments.
     */
    LogicValue no = LOGIC_VALUE (NULL);
    for (guint k = i + 2; k < node->n_args; k += 2) {
      LogicTruth other = k + 1 < node->n_args ? truth_of (run, node->args[k], scope) : LOGIC_TRUE;
      guint branch = k + 1 < node->n_args ? k + 1 : k;
      if (other == LOGIC_FALSE)
        continue;
      no = evaluate (run, node->args[branch], scope, truth);
      if (other == LOGIC_TRUE)
        break;
      yes = either (run, &yes, &no, truth);
      if (UNKNOWN (yes))
        return yes;
      no = LOGIC_VALUE (NULL);
    }
    return either (run, &yes, &no, truth);
  }
  return i < node->n_args ? evaluate (run, node->args[i], scope, truth) : LOGIC_VALUE (NULL);
}

static LogicValue
evaluate_at_least (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue k = argument (run, node, 0, scope);
  if (UNKNOWN (k))
    return k;
  double need = logic_value_to_number (&k), met = 0, open = 0;
  if (isnan (need))
    return fail (run, "at_least without a number");
  for (guint i = 1; i < node->n_args; i++) {
    LogicTruth truth = truth_of (run, node->args[i], scope);
    met += truth == LOGIC_TRUE;
    open += truth == LOGIC_UNKNOWN;
  }
  if (met >= need)
    return LOGIC_VALUE (TRUE);
  return met + open < need ? LOGIC_VALUE (FALSE) : LOGIC_VALUE (UNKNOWN);
}

/* --- Lists ------------------------------------------------------------------------------------ */

static LogicValue
evaluate_quantifier (Run *run, const LogicNode *node, const LogicValue *list)
{
  gsize met = 0, unmet = 0, open = 0;
  for (gsize i = 0; i < list->length && run->problem == NULL; i++) {
    Scope item = {.value = &list->items[i]};
    LogicTruth truth = truth_of (run, node->args[1], &item);
    met += truth == LOGIC_TRUE;
    unmet += truth == LOGIC_FALSE;
    open += truth == LOGIC_UNKNOWN;
  }
  if (node->op == LOGIC_OP_ALL) {
    if (unmet > 0 || list->length == 0)
      return LOGIC_VALUE (FALSE);
    return open > 0 ? LOGIC_VALUE (UNKNOWN) : LOGIC_VALUE (TRUE);
  }
  if (met == 0 && open > 0)
    return LOGIC_VALUE (UNKNOWN);
  return logic_value_bool ((met > 0) == (node->op == LOGIC_OP_SOME));
}

static LogicValue
evaluate_map_filter (Run *run, const LogicNode *node, const LogicValue *list)
{
  LogicValue *items =
      logic_value_scratch_alloc (&run->scratch, MAX (list->length, 1) * sizeof *items);
  gsize n = 0;
  for (gsize i = 0; i < list->length && run->problem == NULL; i++) {
    Scope item = {.value = &list->items[i]};
    if (node->op == LOGIC_OP_MAP) {
      items[n++] = evaluate (run, node->args[1], &item, FALSE);
      continue;
    }
    LogicTruth truth = truth_of (run, node->args[1], &item);
    if (truth == LOGIC_UNKNOWN)
      return LOGIC_VALUE (UNKNOWN);
    if (truth == LOGIC_TRUE)
      items[n++] = list->items[i];
  }
  return (LogicValue){.kind = LOGIC_VALUE_LIST, .items = items, .length = n};
}

static LogicValue
evaluate_reduce (Run *run, const LogicNode *node, const LogicValue *list, const Scope *scope)
{
  LogicValue accumulator = argument (run, node, 2, scope);
  for (gsize i = 0; i < list->length && run->problem == NULL; i++) {
    Scope item = {.value = &list->items[i], .accumulator = &accumulator};
    LogicValue next = evaluate (run, node->args[1], &item, FALSE);
    accumulator = next;
  }
  return accumulator;
}

static LogicValue
evaluate_walk (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue list = evaluate (run, node->args[0], scope, FALSE);
  if (UNKNOWN (list))
    return list;
  if (list.kind != LOGIC_VALUE_LIST) /* what is no list is an empty one */
    list = (LogicValue){.kind = LOGIC_VALUE_LIST};
  if (node->op == LOGIC_OP_REDUCE)
    return evaluate_reduce (run, node, &list, scope);
  if (node->op == LOGIC_OP_MAP || node->op == LOGIC_OP_FILTER)
    return evaluate_map_filter (run, node, &list);
  return evaluate_quantifier (run, node, &list);
}

static LogicValue
evaluate_items (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue *items =
      logic_value_scratch_alloc (&run->scratch, MAX (node->n_args, 1) * sizeof *items);
  for (guint i = 0; i < node->n_args; i++)
    items[i] = evaluate (run, node->args[i], scope, FALSE);
  return (LogicValue){.kind = LOGIC_VALUE_LIST, .items = items, .length = node->n_args};
}

/* --- Operators whose arguments are all evaluated first ------------------------------------------
 */

static LogicValue
evaluate_eager (Run *run, const LogicNode *node, const Scope *scope)
{
  LogicValue few[4], *args = few;
  if (node->n_args > G_N_ELEMENTS (few))
    args = logic_value_scratch_alloc (&run->scratch, node->n_args * sizeof *args);
  for (guint i = 0; i < node->n_args; i++)
    args[i] = evaluate (run, node->args[i], scope, FALSE);
  /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): alone is one argument */
  if (node->alone && args[0].kind == LOGIC_VALUE_LIST)
    return logic_operator_apply (node->op, args[0].items, args[0].length, &run->scratch,
                                 &run->problem);
  return logic_operator_apply (node->op, args, node->n_args, &run->scratch, &run->problem);
}

static LogicValue
evaluate (Run *run, const LogicNode *node, const Scope *scope, gboolean truth)
{
  if (run->problem != NULL)
    return LOGIC_VALUE (UNKNOWN);
  if (++run->steps > LOGIC_MAX_STEPS || run->scratch.total > 16 * 1024 * 1024)
    return fail (run, "too many steps");
  switch (node->op) {
  case LOGIC_OP_LITERAL:
    return node->literal;
  case LOGIC_OP_LIST:
    return evaluate_items (run, node, scope);
  case LOGIC_OP_VAR:
    return evaluate_var (run, node, scope);
  case LOGIC_OP_MISSING:
    return evaluate_missing (run, node, scope);
  case LOGIC_OP_MISSING_SOME:
    return evaluate_missing_some (run, node, scope);
  case LOGIC_OP_IF:
    return evaluate_if (run, node, 0, scope, truth);
  case LOGIC_OP_OR:
  case LOGIC_OP_AND:
    return evaluate_and_or (run, node, scope, truth);
  case LOGIC_OP_NOT:
  case LOGIC_OP_TRUTH: {
    LogicTruth inner = node->n_args > 0 ? truth_of (run, node->args[0], scope) : LOGIC_FALSE;
    if (inner == LOGIC_UNKNOWN)
      return LOGIC_VALUE (UNKNOWN);
    return logic_value_bool ((inner == LOGIC_TRUE) == (node->op == LOGIC_OP_TRUTH));
  }
  case LOGIC_OP_AT_LEAST:
    return evaluate_at_least (run, node, scope);
  case LOGIC_OP_MAP:
  case LOGIC_OP_FILTER:
  case LOGIC_OP_REDUCE:
  case LOGIC_OP_ALL:
  case LOGIC_OP_NONE:
  case LOGIC_OP_SOME:
    return evaluate_walk (run, node, scope);
  default:
    return evaluate_eager (run, node, scope);
  }
}

/* --- The module's face --------------------------------------------------------------------------
 */

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* {op: [{"var": fact}, literal]}, or {"in": [literal, {"var": fact}]}. */
static void
note_pair (LogicRule *rule)
{
  const LogicNode *root = rule->root;
  gboolean order = root->op >= LOGIC_OP_GREATER && root->op <= LOGIC_OP_LESS_EQUAL;
  gboolean same = root->op == LOGIC_OP_SAME || root->op == LOGIC_OP_NOT_SAME;
  if (root->n_args != 2 || !(order || same || root->op == LOGIC_OP_IN))
    return;
  const LogicNode *a = root->args[0], *b = root->args[1];
  rule->turned = root->op == LOGIC_OP_IN && a->op == LOGIC_OP_LITERAL;
  if (rule->turned) {
    a = root->args[1];
    b = root->args[0];
  }
  if (a->number < 0 || b->op != LOGIC_OP_LITERAL)
    return;
  rule->fact = a;
  rule->literal = &b->literal;
}

LogicRule *
logic_compile (json_t *rule, GError **error)
{
  return logic_compile_named (rule, NULL, error);
}

LogicRule *
logic_compile_named (json_t *rule, LogicNames *names, GError **error)
{
  g_autoptr (LogicRule) compiled = g_new0 (LogicRule, 1);
  logic_value_scratch_init (&compiled->scratch);
  compiled->json = json_incref (rule);
  g_autoptr (GHashTable) facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  compiled->root =
      logic_node_compile (rule, &compiled->scratch, names, facts, &compiled->open, error);
  if (compiled->root == NULL)
    return NULL;

  note_pair (compiled);
  guint n;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (facts, &n);
  qsort (keys, n, sizeof *keys, compare_names);
  compiled->facts = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    compiled->facts[i] = g_strdup (keys[i]);
  return g_steal_pointer (&compiled);
}

void
logic_free (LogicRule *rule)
{
  if (rule == NULL)
    return;
  logic_value_scratch_clear (&rule->scratch);
  json_decref (rule->json);
  g_strfreev (rule->facts);
  g_free (rule);
}

const char *const *
logic_facts (const LogicRule *rule, gboolean *ret_open)
{
  if (ret_open != NULL)
    *ret_open = rule->open;
  return (const char *const *)rule->facts;
}

/* Not the whole of `run` is cleared: its scratch has room that need not be. */
static LogicValue
run_rule (Run *run, const LogicRule *rule, const json_t *data, LogicMode mode, const char *today,
          const LogicData *facts)
{
  run->mode = mode;
  run->today = today;
  run->facts = facts;
  run->steps = 0;
  run->problem = NULL;
  logic_value_scratch_init (&run->scratch);
  Scope scope = {.json = data};
  return evaluate (run, rule->root, &scope, TRUE);
}

gboolean
logic_run (const LogicRule *rule, const json_t *data, LogicMode mode, const char *today,
           json_t **ret_value, gboolean *ret_unknown, GError **error)
{
  Run run;
  LogicValue value = run_rule (&run, rule, data, mode, today, NULL);
  g_autoptr (json_t) json = run.problem == NULL ? logic_value_write (&value) : NULL;
  logic_value_scratch_clear (&run.scratch);
  if (run.problem != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "rule failed: %s", run.problem);
    return FALSE;
  }
  *ret_unknown = json == NULL;
  if (json != NULL)
    *ret_value = g_steal_pointer (&json);
  return TRUE;
}

LogicTruth
logic_test (const LogicRule *rule, const json_t *data, LogicMode mode, const char *today,
            GError **error)
{
  Run run;
  LogicValue value = run_rule (&run, rule, data, mode, today, NULL);
  LogicTruth truth = truth_of_value (&value);
  logic_value_scratch_clear (&run.scratch);
  if (run.problem == NULL)
    return truth;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "rule failed: %s", run.problem);
  return mode == LOGIC_TERNARY ? LOGIC_UNKNOWN : LOGIC_FALSE;
}

/* FALSE where `list` is a text or nothing at all. */
static gboolean
holds (const LogicValue *one, const LogicValue *list, gboolean *ret_truth)
{
  if (list->kind != LOGIC_VALUE_LIST)
    return FALSE;
  *ret_truth = FALSE;
  for (gsize i = 0; i < list->length && !*ret_truth; i++)
    *ret_truth = logic_value_same (one, &list->items[i]);
  return TRUE;
}

/* Most leaves of a guide compare a fact with a literal: decided here without the machinery of an
 * evaluation, as long as nothing need be converted. FALSE if something must. */
static inline gboolean
test_pair (const LogicRule *rule, const LogicValue *fact, gboolean *ret_truth)
{
  LogicOperator op = rule->root->op;
  const LogicValue *literal = rule->literal;
  gboolean numbers = fact->kind == LOGIC_VALUE_NUMBER && literal->kind == LOGIC_VALUE_NUMBER;
  switch (op) {
  case LOGIC_OP_SAME:
  case LOGIC_OP_NOT_SAME:
    *ret_truth = logic_value_same (fact, literal) == (op == LOGIC_OP_SAME);
    return TRUE;
  case LOGIC_OP_IN:
    return rule->turned ? holds (literal, fact, ret_truth) : holds (fact, literal, ret_truth);
  case LOGIC_OP_GREATER:
    *ret_truth = fact->number > literal->number;
    return numbers;
  case LOGIC_OP_GREATER_EQUAL:
    *ret_truth = fact->number >= literal->number;
    return numbers;
  case LOGIC_OP_LESS:
    *ret_truth = fact->number < literal->number;
    return numbers;
  default:
    *ret_truth = fact->number <= literal->number;
    return numbers;
  }
}

G_NO_INLINE static LogicTruth
test_whole (const LogicRule *rule, const LogicData *data)
{
  Run run;
  LogicValue value = run_rule (&run, rule, data->facts, LOGIC_TERNARY, data->today, data);
  LogicTruth truth = run.problem == NULL ? truth_of_value (&value) : LOGIC_UNKNOWN;
  logic_value_scratch_clear (&run.scratch);
  return truth;
}

LogicTruth
logic_test_data (const LogicRule *rule, const LogicData *data)
{
  if (rule->fact != NULL && rule->fact->number < data->n_values) {
    const LogicValue *fact = &data->values[rule->fact->number];
    gboolean truth;
    if (UNKNOWN (*fact))
      return LOGIC_UNKNOWN;
    if (test_pair (rule, fact, &truth))
      return truth ? LOGIC_TRUE : LOGIC_FALSE;
  }
  return test_whole (rule, data);
}

gboolean
logic_truthy (const json_t *value)
{
  if (json_is_array (value))
    return json_array_size (value) > 0;
  if (json_is_string (value))
    return json_string_length (value) > 0;
  if (json_is_number (value))
    return json_number_value (value) != 0;
  return json_is_true (value) || json_is_object (value);
}
