/* logic-data.c: numbers the names of facts and reads facts by them. Evaluates nothing. */
#include "domain/logic-data.h"

#include <string.h>

#include "base/strict-json.h"

struct _LogicNames {
  GHashTable *numbers; /* name -> number + 1 */
  GPtrArray *names;    /* by number; owned */
};

LogicNames *
logic_names_new (void)
{
  LogicNames *names = g_new0 (LogicNames, 1);
  names->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  names->names = g_ptr_array_new_with_free_func (g_free);
  return names;
}

void
logic_names_free (LogicNames *names)
{
  if (names == NULL)
    return;
  g_hash_table_unref (names->numbers);
  g_ptr_array_unref (names->names);
  g_free (names);
}

guint
logic_names_number (LogicNames *names, const char *name)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (names->numbers, name));
  if (found > 0)
    return found - 1;
  char *kept = g_strdup (name);
  g_ptr_array_add (names->names, kept);
  g_hash_table_insert (names->numbers, kept, GUINT_TO_POINTER (names->names->len));
  return names->names->len - 1;
}

LogicData *
logic_data_new (const LogicNames *names, const json_t *facts, const char *today)
{
  LogicData *data = g_new0 (LogicData, 1);
  data->n_values = names->names->len;
  data->values = g_new0 (LogicValue, data->n_values);
  data->facts = json_incref ((json_t *)facts);
  data->today = g_strdup (today);
  logic_value_scratch_init (&data->scratch);
  for (guint i = 0; i < data->n_values; i++) {
    const char *name = g_ptr_array_index (names->names, i);
    const json_t *fact = json_object_get (facts, name);
    if (fact == NULL && today != NULL && strcmp (name, "today") == 0)
      data->values[i] = logic_value_string (data->today, strlen (today));
    else if (fact == NULL || json_is_null (fact) ||
             !logic_value_read (fact, &data->scratch, &data->values[i]))
      data->values[i] = LOGIC_VALUE (UNKNOWN);
  }
  return data;
}

void
logic_data_free (LogicData *data)
{
  if (data == NULL)
    return;
  logic_value_scratch_clear (&data->scratch);
  json_decref (data->facts);
  g_free (data->values);
  g_free (data->today);
  g_free (data);
}
