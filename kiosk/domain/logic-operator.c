/* logic-operator.c: the operators that need nothing but their arguments. Reads no data, no fact. */
#include "domain/logic-operator.h"

#include <math.h>
#include <string.h>

#include "domain/age.h"

typedef struct {
  LogicScratch *scratch;
  const char **problem;
} Call;

#define UNKNOWN(v) ((v).kind == LOGIC_VALUE_UNKNOWN)

static LogicValue
fail (Call *call, const char *problem)
{
  if (*call->problem == NULL)
    *call->problem = problem;
  return LOGIC_VALUE (UNKNOWN);
}

static LogicValue
number_or_fail (Call *call, double number)
{
  if (!isfinite (number))
    return fail (call, "a result is no number");
  return logic_value_number (number);
}

static LogicValue
apply_merge (Call *call, const LogicValue *args, guint n)
{
  gsize length = 0;
  for (guint i = 0; i < n; i++) {
    if (UNKNOWN (args[i]))
      return args[i];
    length += args[i].kind == LOGIC_VALUE_LIST ? args[i].length : 1;
  }
  if (length > LOGIC_MAX_LIST)
    return fail (call, "a list is too long");
  LogicValue *items = logic_value_scratch_alloc (call->scratch, MAX (length, 1) * sizeof *items);
  gsize at = 0;
  for (guint i = 0; i < n; i++) {
    if (args[i].kind != LOGIC_VALUE_LIST)
      items[at++] = args[i];
    else
      for (gsize k = 0; k < args[i].length; k++)
        items[at++] = args[i].items[k];
  }
  return (LogicValue){.kind = LOGIC_VALUE_LIST, .items = items, .length = length};
}

static LogicValue
apply_in (const LogicValue *needle, const LogicValue *hay, LogicScratch *scratch)
{
  if (hay->kind == LOGIC_VALUE_STRING) {
    if (hay->length == 0) /* in nothing is nothing, not even "" */
      return LOGIC_VALUE (FALSE);
    LogicValue text = logic_value_to_string (needle, scratch);
    return logic_value_bool (text.length == 0 ||
                             memmem (hay->string, hay->length, text.string, text.length) != NULL);
  }
  gboolean open = FALSE;
  for (gsize i = 0; hay->kind == LOGIC_VALUE_LIST && i < hay->length; i++) {
    open |= UNKNOWN (hay->items[i]);
    if (logic_value_same (needle, &hay->items[i]))
      return LOGIC_VALUE (TRUE);
  }
  return open ? LOGIC_VALUE (UNKNOWN) : LOGIC_VALUE (FALSE);
}

static LogicValue
apply_cat (Call *call, const LogicValue *args, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < n; i++) {
    if (args[i].kind == LOGIC_VALUE_NULL)
      continue;
    LogicValue part = logic_value_to_string (&args[i], call->scratch);
    if (text->len + part.length > LOGIC_MAX_TEXT)
      return fail (call, "a text is too long");
    g_string_append_len (text, part.string, part.length);
  }
  char *kept = logic_value_scratch_alloc (call->scratch, text->len + 1);
  memcpy (kept, text->str, text->len);
  return logic_value_string (kept, text->len);
}

static LogicValue
apply_substr (Call *call, const LogicValue *args, guint n)
{
  LogicValue text = logic_value_to_string (&args[0], call->scratch);
  glong length = g_utf8_strlen (text.string, text.length);
  double from = n > 1 ? logic_value_to_number (&args[1]) : 0;
  double count = n > 2 ? logic_value_to_number (&args[2]) : length;
  if (isnan (from) || isnan (count))
    return fail (call, "substr without a number");
  glong start = from < 0 ? MAX (length + (glong)CLAMP (from, -1e6, 0), 0)
                         : MIN ((glong)CLAMP (from, 0, 1e6), length);
  glong end = count < 0 ? length + (glong)CLAMP (count, -1e6, 0)
                        : start + MIN ((glong)CLAMP (count, 0, 1e6), length - start);
  if (end <= start)
    return logic_value_string ("", 0);
  const char *a = g_utf8_offset_to_pointer (text.string, start);
  const char *b = g_utf8_offset_to_pointer (a, end - start);
  return logic_value_string (a, b - a);
}

/* a - b - c, a / b / c, a % b % c; alone: -a, 1 / a. */
static LogicValue
apply_chain (Call *call, LogicOperator op, const LogicValue *args, guint n)
{
  if (n == 0 || (n == 1 && op == LOGIC_OP_MODULO))
    return fail (call, "an operator has too few arguments");
  double result = logic_value_to_number (&args[0]);
  if (n == 1)
    return number_or_fail (call, op == LOGIC_OP_MINUS ? -result : 1 / result);
  for (guint i = 1; i < n; i++) {
    double number = logic_value_to_number (&args[i]);
    result = op == LOGIC_OP_MINUS    ? result - number
             : op == LOGIC_OP_DIVIDE ? result / number
                                     : fmod (result, number);
  }
  return number_or_fail (call, result);
}

static LogicValue
apply_arithmetic (Call *call, LogicOperator op, const LogicValue *args, guint n)
{
  double result = op == LOGIC_OP_TIMES ? 1 : 0;
  if (op == LOGIC_OP_MINUS || op == LOGIC_OP_DIVIDE || op == LOGIC_OP_MODULO)
    return apply_chain (call, op, args, n);
  if (n == 0 && (op == LOGIC_OP_MIN || op == LOGIC_OP_MAX))
    return LOGIC_VALUE (NULL);
  for (guint i = 0; i < n; i++) {
    double number = logic_value_to_number (&args[i]);
    if (isnan (number))
      return fail (call, "a result is no number");
    if (op == LOGIC_OP_PLUS)
      result += number;
    else if (op == LOGIC_OP_TIMES)
      result *= number;
    else if (i == 0 || (op == LOGIC_OP_MIN ? number < result : number > result))
      result = number;
  }
  return number_or_fail (call, result);
}

static LogicValue
apply_order (Call *call, LogicOperator op, const LogicValue *args, guint n)
{
  for (guint i = 0; i + 1 < n; i++) {
    int order = logic_value_compare (&args[i], &args[i + 1], call->scratch);
    gboolean fits = op == LOGIC_OP_GREATER         ? order == 1
                    : op == LOGIC_OP_GREATER_EQUAL ? order == 1 || order == 0
                    : op == LOGIC_OP_LESS          ? order == -1
                                                   : order == -1 || order == 0;
    if (order == 2 || !fits)
      return LOGIC_VALUE (FALSE);
  }
  return logic_value_bool (n > 1);
}

/* Every argument is compared with the one before it. */
static LogicValue
apply_equal (Call *call, LogicOperator op, const LogicValue *args, guint n)
{
  LogicValue null = LOGIC_VALUE (NULL);
  gboolean loose = op == LOGIC_OP_EQUAL || op == LOGIC_OP_NOT_EQUAL;
  gboolean wanted = op == LOGIC_OP_EQUAL || op == LOGIC_OP_SAME;
  for (guint i = 0; i == 0 || i + 1 < n; i++) {
    const LogicValue *a = i < n ? &args[i] : &null, *b = i + 1 < n ? &args[i + 1] : &null;
    if ((loose ? logic_value_equal (a, b, call->scratch) : logic_value_same (a, b)) != wanted)
      return LOGIC_VALUE (FALSE);
  }
  return LOGIC_VALUE (TRUE);
}

static LogicValue
apply_days (Call *call, LogicOperator op, const LogicValue *args)
{
  char day[2][11] = {"", ""};
  for (int i = 0; i < 2; i++)
    if (args[i].kind == LOGIC_VALUE_STRING && args[i].length == 10)
      memcpy (day[i], args[i].string, 10);
  int count = 0;
  if (!(op == LOGIC_OP_AGE_AT ? age_years : age_months) (day[0], day[1], &count))
    return fail (call, "a day is not written YYYY-MM-DD");
  return logic_value_number (count);
}

LogicValue
logic_operator_apply (LogicOperator op, const LogicValue *args, guint n, LogicScratch *scratch,
                      const char **problem)
{
  Call it = {scratch, problem}, *call = &it;
  LogicValue null = LOGIC_VALUE (NULL);
  const LogicValue *a = n > 0 ? &args[0] : &null, *b = n > 1 ? &args[1] : &null;
  if (op == LOGIC_OP_MERGE)
    return apply_merge (call, args, n);
  for (guint i = 0; i < n; i++)
    if (UNKNOWN (args[i]))
      return args[i];
  switch (op) {
  case LOGIC_OP_IN:
    return apply_in (a, b, scratch);
  case LOGIC_OP_EQUAL:
  case LOGIC_OP_NOT_EQUAL:
  case LOGIC_OP_SAME:
  case LOGIC_OP_NOT_SAME:
    return apply_equal (call, op, args, n);
  case LOGIC_OP_GREATER:
  case LOGIC_OP_GREATER_EQUAL:
  case LOGIC_OP_LESS:
  case LOGIC_OP_LESS_EQUAL:
    return apply_order (call, op, args, n);
  case LOGIC_OP_CAT:
    return apply_cat (call, args, n);
  case LOGIC_OP_SUBSTR:
    return n == 0 ? fail (call, "substr without a text") : apply_substr (call, args, n);
  case LOGIC_OP_AGE_AT:
  case LOGIC_OP_MONTHS_BETWEEN:
    return apply_days (call, op, args);
  default:
    return apply_arithmetic (call, op, args, n);
  }
}
