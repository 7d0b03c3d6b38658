/* question-values.c: finds the bounds that rules compare a fact with. Evaluates nothing. */
#include "domain/question-values.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/age.h"

#define MAX_OPTIONS_IN_SETS 10

static gboolean
is_var (const json_t *rule, const char *fact)
{
  const json_t *name = json_object_get (rule, "var");
  if (json_array_size (name) == 1)
    name = json_array_get (name, 0);
  return json_object_size (rule) == 1 && g_strcmp0 (json_string_value (name), fact) == 0;
}

gboolean
question_values_is_membership (const json_t *rule, const char *fact)
{
  const json_t *args = json_object_get (rule, "in");
  return json_object_size (rule) == 1 && json_array_size (args) == 2 &&
         json_is_string (json_array_get (args, 0)) && is_var (json_array_get (args, 1), fact);
}

/* --- Bounds
 * ----------------------------------------------------------------------------------------- */

typedef struct {
  const char *fact;
  const char *today;
  GHashTable *numbers; /* as text, a set */
  GHashTable *days;
  GHashTable *ages;   /* whole years that are compared with */
  GHashTable *months; /* whole months that are compared with */
  gboolean clear;     /* every use of the fact is understood */
} Bounds;

static void
add_literal (const json_t *literal, GHashTable *numbers, Bounds *bounds)
{
  if (json_is_integer (literal))
    g_hash_table_add (numbers,
                      g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (literal)));
  else if (json_is_string (literal) && age_is_day (json_string_value (literal)))
    g_hash_table_add (bounds->days, g_strdup (json_string_value (literal)));
  else if (json_is_array (literal))
    for (gsize i = 0; i < json_array_size (literal); i++)
      add_literal (json_array_get (literal, i), numbers, bounds);
}

static gboolean
reads (const json_t *rule, const char *fact)
{
  if (json_is_array (rule)) {
    for (gsize i = 0; i < json_array_size (rule); i++)
      if (reads (json_array_get (rule, i), fact))
        return TRUE;
    return FALSE;
  }
  if (is_var (rule, fact))
    return TRUE;
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)rule, key, value)
    if (reads (value, fact))
      return TRUE;
  return FALSE;
}

/* Where the literals of a comparison belong: NULL if the side is not understood. */
static GHashTable *
side_of (const json_t *side, Bounds *bounds)
{
  if (is_var (side, bounds->fact))
    return bounds->numbers;
  const json_t *args = json_object_get (side, "age_at");
  GHashTable *table = bounds->ages;
  if (args == NULL) {
    args = json_object_get (side, "months_between");
    table = bounds->months;
  }
  if (bounds->today == NULL || json_array_size (args) != 2)
    return NULL;
  const json_t *a = json_array_get (args, 0), *b = json_array_get (args, 1);
  gboolean fits = (is_var (a, bounds->fact) && is_var (b, "today")) ||
                  (is_var (b, bounds->fact) && is_var (a, "today"));
  return fits ? table : NULL;
}

static gboolean
is_literal (const json_t *value)
{
  return !json_is_object (value) && !json_is_array (value);
}

static void
take_comparison (const json_t *args, Bounds *bounds)
{
  GHashTable *table = NULL;
  for (gsize i = 0; i < json_array_size (args); i++) {
    const json_t *arg = json_array_get (args, i);
    GHashTable *found = reads (arg, bounds->fact) ? side_of (arg, bounds) : NULL;
    if (reads (arg, bounds->fact) ? found == NULL || table != NULL : !is_literal (arg))
      bounds->clear = FALSE;
    table = found != NULL ? found : table;
  }
  for (gsize i = 0; table != NULL && i < json_array_size (args); i++)
    add_literal (json_array_get (args, i), table, bounds);
}

/* The list of an `in` is literal: each item is a bound. */
static void
take_in (const json_t *args, Bounds *bounds)
{
  const json_t *needle = json_array_get (args, 0), *hay = json_array_get (args, 1);
  if (is_var (needle, bounds->fact) && json_is_array (hay))
    add_literal (hay, bounds->numbers, bounds);
  else if (!(is_literal (needle) && is_var (hay, bounds->fact)))
    bounds->clear = FALSE;
}

static void
collect (const json_t *rule, Bounds *bounds)
{
  static const char *const comparisons[] = {"==", "===", "!=", "!==", "<", "<=", ">", ">=", NULL};
  static const char *const junctions[] = {"and", "or", "!", "!!", "if", "?:", "at_least", NULL};
  if (!reads (rule, bounds->fact) || is_var (rule, bounds->fact))
    return;
  const char *op = json_object_iter_key (json_object_iter ((json_t *)rule));
  const json_t *args = json_object_get (rule, op == NULL ? "" : op);
  if (op == NULL || json_object_size (rule) != 1) {
    bounds->clear = FALSE;
  } else if (g_strv_contains (comparisons, op)) {
    take_comparison (args, bounds);
  } else if (strcmp (op, "in") == 0) {
    take_in (args, bounds);
  } else if (!g_strv_contains (junctions, op)) {
    bounds->clear = FALSE;
  } else if (!json_is_array (args)) {
    collect (args, bounds);
  } else {
    for (gsize i = 0; i < json_array_size (args); i++)
      collect (json_array_get (args, i), bounds);
  }
}

/* --- Values
 * ------------------------------------------------------------------------------------------ */

static void
add_integer (json_t *values, const GuideField *field, gint64 value)
{
  if ((field->min != NULL && value < g_ascii_strtoll (field->min, NULL, 10)) ||
      (field->max != NULL && value > g_ascii_strtoll (field->max, NULL, 10)))
    return;
  for (gsize i = 0; i < json_array_size (values); i++)
    if (json_integer_value (json_array_get (values, i)) == value)
      return;
  json_array_append_new (values, json_integer (value));
}

static json_t *
integer_values (const GuideField *field, Bounds *bounds)
{
  json_t *values = json_array ();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, bounds->numbers);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    gint64 bound = g_ascii_strtoll (key, NULL, 10);
    for (int step = -1; step <= 1; step++)
      add_integer (values, field, bound + step);
  }
  add_integer (values, field, 0); /* truthiness */
  add_integer (values, field, 1);
  if (field->min != NULL)
    add_integer (values, field, g_ascii_strtoll (field->min, NULL, 10));
  if (field->max != NULL)
    add_integer (values, field, g_ascii_strtoll (field->max, NULL, 10));
  return values;
}

/* `day` shifted by months and days. */
static void
add_day (json_t *values, const char *day, int months, int days)
{
  GDate date;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, atoi (day + 8), atoi (day + 5), atoi (day));
  if (months > 0)
    g_date_add_months (&date, months);
  else
    g_date_subtract_months (&date, -months);
  if (days > 0)
    g_date_add_days (&date, days);
  else
    g_date_subtract_days (&date, -days);
  if (g_date_get_year (&date) < 1800)
    return;
  char text[16];
  g_snprintf (text, sizeof text, "%04d-%02d-%02d", g_date_get_year (&date),
              g_date_get_month (&date), g_date_get_day (&date));
  json_array_append_new (values, json_string (text));
}

static void
add_around (json_t *values, const char *today, GHashTable *counts, int months_each)
{
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    gint64 count = g_ascii_strtoll (key, NULL, 10);
    if (count < -1200 || count > 1200)
      continue;
    for (int more = -1; more <= 1; more++)
      for (int days = -2; days <= 2; days++) {
        add_day (values, today, -(int)(count + more) * months_each, days);
        add_day (values, today, (int)(count + more) * months_each, days);
      }
  }
}

static json_t *
day_values (Bounds *bounds)
{
  json_t *values = json_array ();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, bounds->days);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    for (int days = -1; days <= 1; days++)
      add_day (values, key, 0, days);
  if (bounds->today != NULL) {
    add_around (values, bounds->today, bounds->ages, 12);
    add_around (values, bounds->today, bounds->months, 1);
    add_day (values, bounds->today, 0, 0);
  }
  if (json_array_size (values) == 0)
    json_array_append_new (values, json_string ("2000-01-01"));
  return values;
}

static json_t *
set_values (const GuideField *field)
{
  guint n = field->options->len;
  if (n > MAX_OPTIONS_IN_SETS)
    return NULL;
  json_t *values = json_array ();
  for (guint set = 0; set < 1u << n; set++) {
    json_t *list = json_array ();
    for (guint i = 0; i < n; i++)
      if (set >> i & 1)
        json_array_append_new (
            list, json_string (((GuideOption *)g_ptr_array_index (field->options, i))->value));
    json_array_append_new (values, list);
  }
  return values;
}

static json_t *
option_values (const GuideField *field)
{
  json_t *values = json_array ();
  for (guint i = 0; i < field->options->len; i++)
    json_array_append_new (
        values, json_string (((GuideOption *)g_ptr_array_index (field->options, i))->value));
  return values;
}

json_t *
question_values (const GuideField *field, const GPtrArray *rules, const char *today, guint most)
{
  if (field->type == GUIDE_FIELD_BOOL)
    return json_pack ("[bb]", 0, 1);
  if (field->type == GUIDE_FIELD_CHOICE)
    return option_values (field);
  if (field->type == GUIDE_FIELD_MULTICHOICE)
    return set_values (field);
  if (field->type != GUIDE_FIELD_INTEGER && field->type != GUIDE_FIELD_DATE)
    return NULL;

  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) ages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) months = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Bounds bounds = {field->id, today, numbers, days, ages, months, TRUE};
  for (guint i = 0; i < rules->len; i++)
    collect (g_ptr_array_index (rules, i), &bounds);
  if (!bounds.clear)
    return NULL;
  g_autoptr (json_t) values =
      field->type == GUIDE_FIELD_INTEGER ? integer_values (field, &bounds) : day_values (&bounds);
  return json_array_size (values) > most ? NULL : g_steal_pointer (&values);
}
