/* logic-node.c: reads a rule's JSON into operators, and refuses what is not admitted: unknown
 * operators, too deep, too large. Evaluates nothing. */
#include "domain/logic-node.h"

#include <string.h>

#include "base/error.h"

/* Nesting of anything, lists of literals too; operators have their own, lower limit. */
#define MAX_NESTING 64

static const struct {
  const char *word;
  LogicOperator op;
} operators[] = {
    {"var", LOGIC_OP_VAR},
    {"missing", LOGIC_OP_MISSING},
    {"missing_some", LOGIC_OP_MISSING_SOME},
    {"if", LOGIC_OP_IF},
    {"?:", LOGIC_OP_IF},
    {"==", LOGIC_OP_EQUAL},
    {"!=", LOGIC_OP_NOT_EQUAL},
    {"===", LOGIC_OP_SAME},
    {"!==", LOGIC_OP_NOT_SAME},
    {"!", LOGIC_OP_NOT},
    {"!!", LOGIC_OP_TRUTH},
    {"or", LOGIC_OP_OR},
    {"and", LOGIC_OP_AND},
    {">", LOGIC_OP_GREATER},
    {">=", LOGIC_OP_GREATER_EQUAL},
    {"<", LOGIC_OP_LESS},
    {"<=", LOGIC_OP_LESS_EQUAL},
    {"max", LOGIC_OP_MAX},
    {"min", LOGIC_OP_MIN},
    {"+", LOGIC_OP_PLUS},
    {"-", LOGIC_OP_MINUS},
    {"*", LOGIC_OP_TIMES},
    {"/", LOGIC_OP_DIVIDE},
    {"%", LOGIC_OP_MODULO},
    {"map", LOGIC_OP_MAP},
    {"filter", LOGIC_OP_FILTER},
    {"reduce", LOGIC_OP_REDUCE},
    {"all", LOGIC_OP_ALL},
    {"none", LOGIC_OP_NONE},
    {"some", LOGIC_OP_SOME},
    {"merge", LOGIC_OP_MERGE},
    {"in", LOGIC_OP_IN},
    {"cat", LOGIC_OP_CAT},
    {"substr", LOGIC_OP_SUBSTR},
    {"at_least", LOGIC_OP_AT_LEAST},
    {"age_at", LOGIC_OP_AGE_AT},
    {"months_between", LOGIC_OP_MONTHS_BETWEEN},
};

typedef struct {
  LogicScratch *scratch;
  LogicNames *names;
  GHashTable *facts;
  gboolean *open;
  guint nodes;
  GError **error;
} Compiler;

static LogicNode *compile (Compiler *c, const json_t *rule, guint depth, guint nesting,
                           gboolean in_item);

static void *
refuse (Compiler *c, const char *what)
{
  g_set_error (c->error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "rule refused: %s", what);
  return NULL;
}

static LogicNode *
make_node (Compiler *c, LogicOperator op, guint n_args)
{
  if (++c->nodes > LOGIC_MAX_NODES)
    return refuse (c, "more than 2000 nodes");
  LogicNode *node = logic_value_scratch_alloc (c->scratch, sizeof *node);
  memset (node, 0, sizeof *node);
  node->op = op;
  node->number = -1;
  node->n_args = n_args;
  if (n_args > 0)
    node->args = logic_value_scratch_alloc (c->scratch, n_args * sizeof *node->args);
  return node;
}

static gboolean
has_operation (const json_t *rule, guint nesting)
{
  if (json_is_object (rule))
    return json_object_size (rule) == 1;
  if (!json_is_array (rule) || nesting > MAX_NESTING)
    return FALSE;
  for (gsize i = 0; i < json_array_size (rule); i++)
    if (has_operation (json_array_get (rule, i), nesting + 1))
      return TRUE;
  return FALSE;
}

/* Counts a literal's items too, and refuses what is nested without end. */
static gboolean
count_literal (Compiler *c, const json_t *value, guint nesting)
{
  if (nesting > MAX_NESTING || ++c->nodes > LOGIC_MAX_NODES)
    return FALSE;
  if (json_is_array (value)) {
    for (gsize i = 0; i < json_array_size (value); i++)
      if (!count_literal (c, json_array_get (value, i), nesting + 1))
        return FALSE;
  } else if (json_is_object (value)) {
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)value, key, member)
      if (!count_literal (c, member, nesting + 1))
        return FALSE;
  }
  return TRUE;
}

static LogicNode *
compile_literal (Compiler *c, const json_t *value, guint nesting)
{
  if (!count_literal (c, value, nesting))
    return refuse (c, "a literal nested too deep, or more than 2000 nodes");
  c->nodes--; /* make_node counts it again */
  LogicNode *node = make_node (c, LOGIC_OP_LITERAL, 0);
  if (node != NULL && !logic_value_read (value, c->scratch, &node->literal))
    return refuse (c, "a number beyond 2^53");
  return node;
}

static LogicNode *
compile_list (Compiler *c, const json_t *list, guint depth, guint nesting, gboolean in_item)
{
  LogicNode *node = make_node (c, LOGIC_OP_LIST, json_array_size (list));
  for (guint i = 0; node != NULL && i < node->n_args; i++) {
    node->args[i] = compile (c, json_array_get (list, i), depth, nesting + 1, in_item);
    if (node->args[i] == NULL)
      return NULL;
  }
  return node;
}

/* The fact that `name` (a path such as "employer.code", or an index) begins with. Its number if it
 * is all of the name, and facts are numbered; else -1. */
static int
note_fact (Compiler *c, const LogicNode *name)
{
  if (name->op != LOGIC_OP_LITERAL) {
    *c->open = TRUE;
    return -1;
  }
  LogicValue text = logic_value_to_string (&name->literal, c->scratch);
  if (name->literal.kind == LOGIC_VALUE_NULL || text.length == 0) {
    *c->open = TRUE; /* the whole data */
    return -1;
  }
  const char *dot = memchr (text.string, '.', text.length);
  gsize length = dot == NULL ? text.length : (gsize)(dot - text.string);
  char *fact = g_strndup (text.string, length);
  g_hash_table_add (c->facts, fact);
  return c->names == NULL || dot != NULL ? -1 : (int)logic_names_number (c->names, fact);
}

static void
note_facts (Compiler *c, LogicNode *node)
{
  if (node->op == LOGIC_OP_VAR) {
    if (node->n_args == 0)
      *c->open = TRUE;
    else
      node->number = note_fact (c, node->args[0]);
  } else if (node->op == LOGIC_OP_MISSING || node->op == LOGIC_OP_MISSING_SOME) {
    for (guint i = node->op == LOGIC_OP_MISSING ? 0 : 1; i < node->n_args; i++) {
      const LogicNode *names = node->args[i];
      if (names->op != LOGIC_OP_LITERAL || names->literal.kind != LOGIC_VALUE_LIST) {
        note_fact (c, names);
        continue;
      }
      for (gsize k = 0; k < names->literal.length; k++) {
        LogicNode item = {.op = LOGIC_OP_LITERAL, .literal = names->literal.items[k]};
        note_fact (c, &item);
      }
    }
  }
}

static gboolean
arity_is_fine (LogicOperator op, guint n)
{
  switch (op) {
  case LOGIC_OP_AGE_AT:
  case LOGIC_OP_MONTHS_BETWEEN:
    return n == 2;
  case LOGIC_OP_AT_LEAST:
    return n >= 2;
  case LOGIC_OP_REDUCE:
    return n == 2 || n == 3;
  case LOGIC_OP_MAP:
  case LOGIC_OP_FILTER:
  case LOGIC_OP_ALL:
  case LOGIC_OP_NONE:
  case LOGIC_OP_SOME:
    return n == 2;
  default:
    return TRUE;
  }
}

static gboolean
walks_items (LogicOperator op)
{
  return op >= LOGIC_OP_MAP && op <= LOGIC_OP_SOME;
}

static LogicNode *
compile_operation (Compiler *c, LogicOperator op, const json_t *args, guint depth, guint nesting,
                   gboolean in_item)
{
  if (depth >= LOGIC_MAX_DEPTH)
    return refuse (c, "operators nested deeper than 16");
  gboolean listed = json_is_array (args);
  LogicNode *node = make_node (c, op, listed ? json_array_size (args) : 1);
  if (node == NULL)
    return NULL;
  node->alone = !listed;
  if (!arity_is_fine (op, node->n_args))
    return refuse (c, "an operator with a wrong number of arguments");
  for (guint i = 0; i < node->n_args; i++) {
    gboolean item = in_item || (walks_items (op) && i == 1);
    node->args[i] =
        compile (c, listed ? json_array_get (args, i) : args, depth + 1, nesting + 1, item);
    if (node->args[i] == NULL)
      return NULL;
  }
  if (!in_item)
    note_facts (c, node);
  return node;
}

static LogicNode *
compile (Compiler *c, const json_t *rule, guint depth, guint nesting, gboolean in_item)
{
  if (nesting > MAX_NESTING)
    return refuse (c, "nested too deep");
  if (json_is_array (rule) && has_operation (rule, nesting))
    return compile_list (c, rule, depth, nesting, in_item);
  if (!json_is_object (rule) || json_object_size (rule) != 1)
    return compile_literal (c, rule, nesting);

  void *member = json_object_iter ((json_t *)rule);
  const char *word = json_object_iter_key (member);
  for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
    if (strcmp (operators[i].word, word) == 0)
      return compile_operation (c, operators[i].op, json_object_iter_value (member), depth, nesting,
                                in_item);
  g_autofree char *safe = g_utf8_substring (word, 0, MIN (g_utf8_strlen (word, -1), 40));
  g_set_error (c->error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
               "rule refused: no operator is called \"%s\"", safe);
  return NULL;
}

LogicNode *
logic_node_compile (const json_t *rule, LogicScratch *scratch, LogicNames *names, GHashTable *facts,
                    gboolean *open, GError **error)
{
  Compiler compiler = {
      .scratch = scratch, .names = names, .facts = facts, .open = open, .error = error};
  return compile (&compiler, rule, 0, 0, FALSE);
}
