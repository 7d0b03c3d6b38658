/* logic-node.h: the compiled form of a rule: a tree of operators, built within the limits. */
#pragma once

#include "domain/logic-data.h"
#include "domain/logic-value.h"
#include "domain/logic.h"

typedef enum {
  LOGIC_OP_LITERAL,
  LOGIC_OP_LIST, /* an array with operations among its items */
  LOGIC_OP_VAR,
  LOGIC_OP_MISSING,
  LOGIC_OP_MISSING_SOME,
  LOGIC_OP_IF,
  LOGIC_OP_EQUAL,
  LOGIC_OP_NOT_EQUAL,
  LOGIC_OP_SAME,
  LOGIC_OP_NOT_SAME,
  LOGIC_OP_NOT,
  LOGIC_OP_TRUTH,
  LOGIC_OP_OR,
  LOGIC_OP_AND,
  LOGIC_OP_GREATER,
  LOGIC_OP_GREATER_EQUAL,
  LOGIC_OP_LESS,
  LOGIC_OP_LESS_EQUAL,
  LOGIC_OP_MAX,
  LOGIC_OP_MIN,
  LOGIC_OP_PLUS,
  LOGIC_OP_MINUS,
  LOGIC_OP_TIMES,
  LOGIC_OP_DIVIDE,
  LOGIC_OP_MODULO,
  LOGIC_OP_MAP,
  LOGIC_OP_FILTER,
  LOGIC_OP_REDUCE,
  LOGIC_OP_ALL,
  LOGIC_OP_NONE,
  LOGIC_OP_SOME,
  LOGIC_OP_MERGE,
  LOGIC_OP_IN,
  LOGIC_OP_CAT,
  LOGIC_OP_SUBSTR,
  LOGIC_OP_AT_LEAST,
  LOGIC_OP_AGE_AT,
  LOGIC_OP_MONTHS_BETWEEN
} LogicOperator;

typedef struct _LogicNode LogicNode;
struct _LogicNode {
  LogicOperator op;
  guint n_args;
  LogicNode **args;
  int number;     /* of the fact, where a var names one and nothing else; -1 otherwise */
  gboolean alone; /* one argument, written without a list: a list that it gives is the arguments */
  LogicValue literal; /* of LOGIC_OP_LITERAL */
};

/* Compiles `rule` into `scratch`; names of facts go into `facts` (a set of owned strings), and
 * *open becomes TRUE for a computed name. With `names` (may be NULL) they are numbered there.
 * INVALID with the reason; NULL then. */
LogicNode *logic_node_compile (const json_t *rule, LogicScratch *scratch, LogicNames *names,
                               GHashTable *facts, gboolean *open, GError **error);
