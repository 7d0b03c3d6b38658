/* logic-value.c: ECMAScript's conversions and comparisons for the values of a rule. Knows no
 * operator, no fact and no mode. */
#include "domain/logic-value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/strict-json.h"
#include "domain/logic.h"

#define MAX_INTEGER 9007199254740992.0
#define BLOCK 8192

void
logic_value_scratch_init (LogicScratch *scratch)
{
  scratch->blocks = NULL;
  scratch->next = scratch->first;
  scratch->left = sizeof scratch->first;
  scratch->total = 0;
}

void *
logic_value_scratch_alloc (LogicScratch *scratch, gsize size)
{
  size = (size + 15) & ~(gsize)15;
  scratch->total += size;
  if (size > scratch->left) {
    gsize block = MAX (size, BLOCK);
    if (scratch->blocks == NULL)
      scratch->blocks = g_ptr_array_new_with_free_func (g_free);
    scratch->next = g_malloc (block);
    scratch->left = block;
    g_ptr_array_add (scratch->blocks, scratch->next);
  }
  void *memory = scratch->next;
  scratch->next += size;
  scratch->left -= size;
  return memory;
}

void
logic_value_scratch_clear (LogicScratch *scratch)
{
  g_clear_pointer (&scratch->blocks, g_ptr_array_unref);
  logic_value_scratch_init (scratch);
}

LogicValue
logic_value_bool (gboolean truth)
{
  return (LogicValue){.kind = truth ? LOGIC_VALUE_TRUE : LOGIC_VALUE_FALSE};
}

LogicValue
logic_value_number (double number)
{
  return (LogicValue){.kind = LOGIC_VALUE_NUMBER, .number = number};
}

LogicValue
logic_value_string (const char *text, gsize length)
{
  return (LogicValue){.kind = LOGIC_VALUE_STRING, .string = text, .length = length};
}

static gboolean
read_list (const json_t *json, LogicScratch *scratch, LogicValue *ret_value)
{
  gsize length = json_array_size (json);
  if (length > LOGIC_MAX_LIST)
    return FALSE;
  LogicValue *items = logic_value_scratch_alloc (scratch, MAX (length, 1) * sizeof *items);
  for (gsize i = 0; i < length; i++)
    if (!logic_value_read (json_array_get (json, i), scratch, &items[i]))
      return FALSE;
  *ret_value = (LogicValue){.kind = LOGIC_VALUE_LIST, .items = items, .length = length};
  return TRUE;
}

gboolean
logic_value_read (const json_t *json, LogicScratch *scratch, LogicValue *ret_value)
{
  switch (json_typeof (json)) {
  case JSON_NULL:
    *ret_value = LOGIC_VALUE (NULL);
    return TRUE;
  case JSON_TRUE:
  case JSON_FALSE:
    *ret_value = logic_value_bool (json_is_true (json));
    return TRUE;
  case JSON_INTEGER:
    if (json_integer_value (json) > (json_int_t)MAX_INTEGER ||
        json_integer_value (json) < -(json_int_t)MAX_INTEGER)
      return FALSE;
    *ret_value = logic_value_number ((double)json_integer_value (json));
    return TRUE;
  case JSON_REAL:
    *ret_value = logic_value_number (json_real_value (json));
    return TRUE;
  case JSON_STRING:
    *ret_value = logic_value_string (json_string_value (json), json_string_length (json));
    return TRUE;
  case JSON_ARRAY:
    return read_list (json, scratch, ret_value);
  case JSON_OBJECT:
    *ret_value = (LogicValue){.kind = LOGIC_VALUE_OBJECT, .object = json};
    return TRUE;
  }
  return FALSE;
}

static json_t *
write_list (const LogicValue *value)
{
  g_autoptr (json_t) list = json_array ();
  for (gsize i = 0; i < value->length; i++) {
    json_t *item = logic_value_write (&value->items[i]);
    if (item == NULL)
      return NULL;
    json_array_append_new (list, item);
  }
  return g_steal_pointer (&list);
}

json_t *
logic_value_write (const LogicValue *value)
{
  switch (value->kind) {
  case LOGIC_VALUE_UNKNOWN:
    return NULL;
  case LOGIC_VALUE_NULL:
    return json_null ();
  case LOGIC_VALUE_FALSE:
    return json_false ();
  case LOGIC_VALUE_TRUE:
    return json_true ();
  case LOGIC_VALUE_NUMBER:
    if (value->number == floor (value->number) && fabs (value->number) <= MAX_INTEGER)
      return json_integer ((json_int_t)value->number);
    return json_real (value->number);
  case LOGIC_VALUE_STRING:
    return json_stringn (value->string, value->length);
  case LOGIC_VALUE_LIST:
    return write_list (value);
  case LOGIC_VALUE_OBJECT:
    return json_deep_copy (value->object);
  }
  return NULL;
}

gboolean
logic_value_truthy (const LogicValue *value)
{
  switch (value->kind) {
  case LOGIC_VALUE_NUMBER:
    return value->number != 0 && !isnan (value->number);
  case LOGIC_VALUE_STRING:
  case LOGIC_VALUE_LIST:
    return value->length > 0;
  case LOGIC_VALUE_TRUE:
  case LOGIC_VALUE_OBJECT:
    return TRUE;
  default:
    return FALSE;
  }
}

/* A decimal number at the start of `text`, its end in *ret_end (== text: none). Unlike strtod: no
 * hexadecimal, no words. */
static double
leading_number (const char *text, const char **ret_end)
{
  const char *p = text;
  if (*p == '+' || *p == '-')
    p++;
  if (!g_ascii_isdigit (*p) && !(*p == '.' && g_ascii_isdigit (p[1]))) {
    *ret_end = text;
    return NAN;
  }
  if (*p == '0' && (p[1] == 'x' || p[1] == 'X')) {
    *ret_end = p + 1;
    return 0;
  }
  char *end;
  double number = g_ascii_strtod (text, &end);
  *ret_end = end;
  return number;
}

static double
string_to_number (const char *string, gsize length)
{
  if (length > 400)
    return NAN;
  g_autofree char *text = g_strndup (string, length);
  g_strstrip (text);
  if (*text == '\0')
    return 0;
  const char *end;
  double number = leading_number (text, &end);
  return end == text || *end != '\0' ? NAN : number;
}

double
logic_value_to_number (const LogicValue *value)
{
  switch (value->kind) {
  case LOGIC_VALUE_NUMBER:
    return value->number;
  case LOGIC_VALUE_TRUE:
    return 1;
  case LOGIC_VALUE_NULL:
  case LOGIC_VALUE_FALSE:
    return 0;
  case LOGIC_VALUE_STRING:
    return string_to_number (value->string, value->length);
  case LOGIC_VALUE_LIST: /* by way of its string */
    if (value->length == 0)
      return 0;
    if (value->length > 1 || value->items[0].kind == LOGIC_VALUE_TRUE ||
        value->items[0].kind == LOGIC_VALUE_FALSE)
      return NAN;
    return logic_value_to_number (&value->items[0]);
  default:
    return NAN;
  }
}

/* The shortest decimal that reads back the same, laid out as ECMAScript's Number::toString does:
 * without an exponent from 1e-6 up to 1e21. */
static void
number_text (double number, GString *text)
{
  if (number == floor (number) && fabs (number) <= MAX_INTEGER) {
    g_string_append_printf (text, "%.0f", number == 0 ? 0 : number);
    return;
  }
  char shortest[G_ASCII_DTOSTR_BUF_SIZE]; /* d.ddde-NN */
  for (int more = 0; more < 17; more++) {
    char format[8];
    g_snprintf (format, sizeof format, "%%.%de", more);
    g_ascii_formatd (shortest, sizeof shortest, format, fabs (number));
    if (g_ascii_strtod (shortest, NULL) == fabs (number))
      break;
  }
  int exponent = atoi (strchr (shortest, 'e') + 1);
  g_autoptr (GString) digits = g_string_new (NULL);
  for (const char *c = shortest; *c != 'e'; c++)
    if (*c != '.')
      g_string_append_c (digits, *c);
  if (number < 0)
    g_string_append_c (text, '-');
  if (exponent < -6 || exponent >= 21) {
    g_string_append_printf (text, "%c%s%se%+d", digits->str[0], digits->len > 1 ? "." : "",
                            digits->str + 1, exponent);
    return;
  }
  while ((int)digits->len <= exponent)
    g_string_append_c (digits, '0');
  for (int i = exponent; i < 0; i++)
    g_string_prepend_c (digits, '0');
  if ((int)digits->len > MAX (exponent, 0) + 1)
    g_string_insert_c (digits, MAX (exponent, 0) + 1, '.');
  g_string_append (text, digits->str);
}

static void
append_text (const LogicValue *value, GString *text)
{
  switch (value->kind) {
  case LOGIC_VALUE_UNKNOWN:
  case LOGIC_VALUE_NULL:
    g_string_append (text, "null");
    break;
  case LOGIC_VALUE_FALSE:
    g_string_append (text, "false");
    break;
  case LOGIC_VALUE_TRUE:
    g_string_append (text, "true");
    break;
  case LOGIC_VALUE_NUMBER:
    number_text (value->number, text);
    break;
  case LOGIC_VALUE_STRING:
    g_string_append_len (text, value->string, value->length);
    break;
  case LOGIC_VALUE_LIST:
    for (gsize i = 0; i < value->length; i++) {
      if (i > 0)
        g_string_append_c (text, ',');
      if (value->items[i].kind != LOGIC_VALUE_NULL)
        append_text (&value->items[i], text);
    }
    break;
  case LOGIC_VALUE_OBJECT:
    g_string_append (text, "[object Object]");
    break;
  }
}

LogicValue
logic_value_to_string (const LogicValue *value, LogicScratch *scratch)
{
  if (value->kind == LOGIC_VALUE_STRING)
    return *value;
  g_autoptr (GString) text = g_string_new (NULL);
  append_text (value, text);
  char *kept = logic_value_scratch_alloc (scratch, text->len + 1);
  memcpy (kept, text->str, text->len);
  return logic_value_string (kept, text->len);
}

static gboolean
same_text (const LogicValue *a, const LogicValue *b)
{
  return a->length == b->length && memcmp (a->string, b->string, a->length) == 0;
}

gboolean
logic_value_same (const LogicValue *a, const LogicValue *b)
{
  if (a->kind != b->kind)
    return FALSE;
  switch (a->kind) {
  case LOGIC_VALUE_NUMBER:
    return a->number == b->number;
  case LOGIC_VALUE_STRING:
    return same_text (a, b);
  case LOGIC_VALUE_LIST: /* lists and objects are themselves only */
    return a->items == b->items;
  case LOGIC_VALUE_OBJECT:
    return a->object == b->object;
  default:
    return TRUE;
  }
}

gboolean
logic_value_equal (const LogicValue *a, const LogicValue *b, LogicScratch *scratch)
{
  gboolean deep_a = a->kind >= LOGIC_VALUE_LIST, deep_b = b->kind >= LOGIC_VALUE_LIST;
  if (a->kind == b->kind || (deep_a && deep_b))
    return logic_value_same (a, b);
  if (a->kind == LOGIC_VALUE_NULL) /* unlike ECMAScript, as the extended suites ask: null is 0 */
    return b->kind == LOGIC_VALUE_NUMBER && b->number == 0;
  if (b->kind == LOGIC_VALUE_NULL)
    return a->kind == LOGIC_VALUE_NUMBER && a->number == 0;
  if ((deep_a && b->kind == LOGIC_VALUE_STRING) || (deep_b && a->kind == LOGIC_VALUE_STRING)) {
    LogicValue text_a = logic_value_to_string (a, scratch),
               text_b = logic_value_to_string (b, scratch);
    return same_text (&text_a, &text_b);
  }
  return logic_value_to_number (a) == logic_value_to_number (b);
}

int
logic_value_compare (const LogicValue *a, const LogicValue *b, LogicScratch *scratch)
{
  gboolean text_a = a->kind == LOGIC_VALUE_STRING || a->kind >= LOGIC_VALUE_LIST;
  gboolean text_b = b->kind == LOGIC_VALUE_STRING || b->kind >= LOGIC_VALUE_LIST;
  if (text_a && text_b) {
    LogicValue x = logic_value_to_string (a, scratch), y = logic_value_to_string (b, scratch);
    int order = memcmp (x.string, y.string, MIN (x.length, y.length));
    if (order == 0)
      order = x.length < y.length ? -1 : x.length > y.length;
    return order < 0 ? -1 : order > 0;
  }
  double x = logic_value_to_number (a), y = logic_value_to_number (b);
  if (isnan (x) || isnan (y))
    return 2;
  return x < y ? -1 : x > y;
}
