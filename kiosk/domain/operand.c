/* operand.c: infers the type of each part of a rule and names what does not go together. Evaluates
 * nothing; logic.h has refused what is no operator or nested too deep. */
#include "domain/operand.h"

#include <string.h>

#include "domain/age.h"

typedef enum {
  TYPE_ANY, /* not known, or not looked into */
  TYPE_NULL,
  TYPE_BOOL,
  TYPE_NUMBER,
  TYPE_TEXT,
  TYPE_DAY,
  TYPE_CHOICE, /* one option of `field` */
  TYPE_SET,    /* options of `field` */
  TYPE_LIST    /* a literal list, or what made one */
} Type;

typedef struct {
  Type type;
  const GuideField *field;
  const json_t *literal;
} Operand;

typedef struct {
  const GPtrArray *fields;
  GPtrArray *problems;
} Check;

static Operand infer (Check *check, const json_t *rule);

static void G_GNUC_PRINTF (2, 3) say (Check *check, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (check->problems, g_strdup_vprintf (format, args));
  va_end (args);
}

static Type
type_of_field (const GuideField *field)
{
  switch (field->type) {
  case GUIDE_FIELD_BOOL:
    return TYPE_BOOL;
  case GUIDE_FIELD_INTEGER:
    return TYPE_NUMBER;
  case GUIDE_FIELD_DATE:
    return TYPE_DAY;
  case GUIDE_FIELD_CHOICE:
    return TYPE_CHOICE;
  case GUIDE_FIELD_MULTICHOICE:
    return TYPE_SET;
  default:
    return TYPE_TEXT;
  }
}

static Operand
infer_var (Check *check, const json_t *name)
{
  if (json_is_array (name))
    name = json_array_get (name, 0);
  const char *text = json_string_value (name);
  if (g_strcmp0 (text, "today") == 0)
    return (Operand){TYPE_DAY, NULL, NULL};
  for (guint i = 0; text != NULL && i < check->fields->len; i++) {
    const GuideField *field = g_ptr_array_index (check->fields, i);
    if (strcmp (field->id, text) == 0)
      return (Operand){type_of_field (field), field, NULL};
  }
  return (Operand){TYPE_ANY, NULL, NULL};
}

static Operand
infer_literal (const json_t *value)
{
  Type type = TYPE_ANY;
  if (json_is_null (value))
    type = TYPE_NULL;
  else if (json_is_boolean (value))
    type = TYPE_BOOL;
  else if (json_is_number (value))
    type = TYPE_NUMBER;
  else if (json_is_string (value))
    type = age_is_day (json_string_value (value)) ? TYPE_DAY : TYPE_TEXT;
  else if (json_is_array (value))
    type = TYPE_LIST;
  return (Operand){type, NULL, value};
}

static gboolean
is_option (const GuideField *field, const json_t *value)
{
  const char *text = json_string_value (value);
  for (guint i = 0; text != NULL && i < field->options->len; i++)
    if (strcmp (((const GuideOption *)g_ptr_array_index (field->options, i))->value, text) == 0)
      return TRUE;
  return FALSE;
}

/* A literal that is compared with a choice is one of its options. */
static void
need_option (Check *check, const GuideField *field, const json_t *value)
{
  if (value != NULL && !is_option (field, value))
    say (check, "\"%s\" has no option \"%s\"", field->id,
         json_is_string (value) ? json_string_value (value) : "(no text)");
}

static void
need_truth (Check *check, const Operand *operand, const char *op)
{
  if (operand->type != TYPE_BOOL && operand->type != TYPE_ANY)
    say (check, "%s asks for a truth%s%s", op, operand->field == NULL ? "" : ", not for ",
         operand->field == NULL ? "" : operand->field->id);
}

static void
check_equal (Check *check, const char *op, const Operand *a, const Operand *b)
{
  if (a->type == TYPE_CHOICE && b->type != TYPE_CHOICE) {
    if (b->type == TYPE_TEXT || b->type == TYPE_NUMBER || b->type == TYPE_BOOL)
      need_option (check, a->field, b->literal);
    return;
  }
  if (b->type == TYPE_CHOICE && a->type != TYPE_CHOICE) {
    check_equal (check, op, b, a);
    return;
  }
  if (a->type == TYPE_SET || b->type == TYPE_SET || a->type == TYPE_LIST || b->type == TYPE_LIST)
    say (check, "%s compares a list; ask for what is in it", op);
  else if (a->type != b->type && a->type > TYPE_NULL && b->type > TYPE_NULL)
    say (check, "%s compares two things of different types", op);
}

static void
check_order (Check *check, const char *op, const Operand *a, const Operand *b)
{
  gboolean known = a->type != TYPE_ANY && b->type != TYPE_ANY;
  if (known && (a->type != b->type || (a->type != TYPE_NUMBER && a->type != TYPE_DAY)))
    say (check, "%s orders numbers or days, nothing else", op);
}

static void
check_in (Check *check, const Operand *needle, const Operand *hay)
{
  if (hay->type == TYPE_SET) {
    if (needle->literal != NULL)
      need_option (check, hay->field, needle->literal);
  } else if (hay->type == TYPE_LIST && needle->type == TYPE_CHOICE && hay->literal != NULL) {
    for (gsize i = 0; i < json_array_size (hay->literal); i++)
      need_option (check, needle->field, json_array_get (hay->literal, i));
  } else if (hay->type == TYPE_TEXT && hay->field != NULL) {
    say (check, "in looks for a part of the text \"%s\"; compare it", hay->field->id);
  } else if (hay->type != TYPE_LIST && hay->type != TYPE_ANY && hay->type != TYPE_TEXT) {
    say (check, "in looks into what is no list");
  }
}

static Operand
infer_if (Check *check, const Operand *args, guint n)
{
  Operand result = {TYPE_ANY, NULL, NULL};
  for (guint i = 0; i < n; i++) {
    if (i + 1 < n && i % 2 == 0) {
      need_truth (check, &args[i], "if");
      continue;
    }
    result.type = i < 2 || args[i].type == result.type ? args[i].type : TYPE_ANY;
  }
  return result;
}

static Operand
infer_operation (Check *check, const char *op, const Operand *args, guint n)
{
  static const char *const truths[] = {"and", "or", NULL};
  static const char *const equals[] = {"==", "!=", "===", "!==", NULL};
  static const char *const orders[] = {"<", "<=", ">", ">=", NULL};
  static const char *const numbers[] = {"+", "-", "*", "/", "%", "min", "max", NULL};
  static const char *const spans[] = {"age_at", "months_between", NULL};
  static const char *const walks[] = {"all", "some", "none", NULL};
  Operand truth = {TYPE_BOOL, NULL, NULL}, number = {TYPE_NUMBER, NULL, NULL};
  if (g_strv_contains (truths, op)) {
    for (guint i = 0; i < n; i++)
      need_truth (check, &args[i], op);
    return truth;
  }
  if (g_strv_contains (equals, op)) {
    if (n == 2)
      check_equal (check, op, &args[0], &args[1]);
    else
      say (check, "%s takes two arguments", op);
    return truth;
  }
  if (g_strv_contains (orders, op)) {
    for (guint i = 0; i + 1 < n; i++)
      check_order (check, op, &args[i], &args[i + 1]);
    return truth;
  }
  if (g_strv_contains (numbers, op)) {
    for (guint i = 0; i < n; i++)
      if (args[i].type != TYPE_NUMBER && args[i].type != TYPE_ANY)
        say (check, "%s reckons with what is no number", op);
    return number;
  }
  if (g_strv_contains (spans, op)) {
    for (guint i = 0; i < n; i++)
      if (args[i].type != TYPE_DAY && args[i].type != TYPE_ANY)
        say (check, "%s takes days", op);
    return number;
  }
  if (strcmp (op, "in") == 0) {
    if (n == 2)
      check_in (check, &args[0], &args[1]);
    return truth;
  }
  if (strcmp (op, "if") == 0 || strcmp (op, "?:") == 0)
    return infer_if (check, args, n);
  if (strcmp (op, "at_least") == 0) {
    for (guint i = 1; i < n; i++)
      need_truth (check, &args[i], op);
    return truth;
  }
  if (strcmp (op, "!") == 0 || strcmp (op, "!!") == 0 || g_strv_contains (walks, op))
    return truth;
  return (Operand){TYPE_ANY, NULL, NULL};
}

static Operand
infer (Check *check, const json_t *rule)
{
  static const char *const iterations[] = {"map", "filter", "reduce", "all", "some", "none", NULL};
  if (!json_is_object (rule) || json_object_size (rule) != 1)
    return infer_literal (rule);
  const char *op = json_object_iter_key (json_object_iter ((json_t *)rule));
  const json_t *list = json_object_get (rule, op);
  if (strcmp (op, "var") == 0)
    return infer_var (check, list);
  gboolean listed = json_is_array (list);
  guint n = listed ? json_array_size (list) : 1;
  if (g_strv_contains (iterations, op))
    n = MIN (n, 1); /* the rest speaks of the items */
  g_autofree Operand *args = g_new0 (Operand, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    args[i] = infer (check, listed ? json_array_get (list, i) : list);
  return infer_operation (check, op, args, n);
}

void
operand_check (const json_t *rule, const GPtrArray *fields, GPtrArray *problems)
{
  Check check = {fields, problems};
  Operand result = infer (&check, rule);
  need_truth (&check, &result, "the rule");
}
