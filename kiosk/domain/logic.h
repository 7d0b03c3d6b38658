/* logic.h: rules in JsonLogic (jsonlogic.com), compiled once and evaluated in one of two modes.
 *
 * Strict is JsonLogic as published, with the chains of the extended suites: a variable that is not
 * there is null. Evaluators differ where types do not go together; this one converts as ECMAScript
 * does. A result that is no number (NaN, infinity) ends the evaluation; `var ""` inside reduce is
 * the current item; texts are cut and ordered by code points; two readings of a list are two lists.
 *
 * Ternary is Kleene's strong three-valued logic: a fact (a member of the data at the top) that is
 * missing or null is UNKNOWN, and UNKNOWN is absorbed by and, or, if, some, all, none, at_least
 * wherever the known arguments decide; any other operator with an unknown argument is unknown. A
 * default in `var` does not make an unknown fact known.
 *
 * Admitted operators: var missing missing_some; if ?: == === != !== ! !! or and; > >= < <= max min
 * + - * / %; map filter reduce all none some merge in cat substr; and our own at_least [k, a,
 * b...], age_at [birth, day],
 * months_between [day, day] (age.h). Everything else is refused. The fact "today" is the day of the
 * evaluation where the data does not state it.
 *
 * Limits: depth LOGIC_MAX_DEPTH of operators, LOGIC_MAX_NODES nodes, a list of at most
 * LOGIC_MAX_LIST items made or walked, LOGIC_MAX_STEPS operations an evaluation, LOGIC_MAX_TEXT
 * bytes of text. Nothing here recurses deeper than the admitted depth. Dates are "YYYY-MM-DD". */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/logic-data.h"

#define LOGIC_MAX_DEPTH 16
#define LOGIC_MAX_NODES 2000
#define LOGIC_MAX_LIST 10000
#define LOGIC_MAX_STEPS 200000
#define LOGIC_MAX_TEXT (64 * 1024)

typedef struct _LogicRule LogicRule;

typedef enum { LOGIC_STRICT, LOGIC_TERNARY } LogicMode;

/* Three-valued truth; the order is that of Kleene's logic: and is the least, or is the greatest. */
typedef enum { LOGIC_FALSE = 0, LOGIC_UNKNOWN = 1, LOGIC_TRUE = 2 } LogicTruth;

/* Compiles `rule` (any JSON; what is no operation is a literal). INVALID with the place and the
 * reason. `rule` is kept by reference. Owned. */
LogicRule *logic_compile (json_t *rule, GError **error);
/* The same for a rule that will look at facts read once: `names` outlives it. */
LogicRule *logic_compile_named (json_t *rule, LogicNames *names, GError **error);
void logic_free (LogicRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogicRule, logic_free)

/* The top-level facts that `rule` names, sorted, NULL-terminated. Borrowed. A `var` whose name is
 * computed makes *ret_open (may be NULL) TRUE: then any fact may be read. */
const char *const *logic_facts (const LogicRule *rule, gboolean *ret_open);

/* Evaluates. `today` is "YYYY-MM-DD", the fact of that name, or NULL. Success: TRUE with
 * *ret_unknown and, when that is FALSE, *ret_value owned. INVALID: a limit, a result that is no
 * number, a date that is none. */
gboolean logic_run (const LogicRule *rule, const json_t *data, LogicMode mode, const char *today,
                    json_t **ret_value, gboolean *ret_unknown, GError **error);

/* The truth of the rule, in JsonLogic's sense of truthy. An evaluation that fails is UNKNOWN in
 * ternary mode and FALSE in strict mode, with `error` set (may be NULL). */
LogicTruth logic_test (const LogicRule *rule, const json_t *data, LogicMode mode, const char *today,
                       GError **error);

/* The same in ternary mode over facts that were read once. `data` is of the rule's names. */
LogicTruth logic_test_data (const LogicRule *rule, const LogicData *data);

/* JsonLogic's truthiness of a value: false, null, 0, "", [] are false. */
gboolean logic_truthy (const json_t *value);
