/* logic-data.h: facts that are read once and then looked at by many rules.
 *
 * A LogicNames numbers the facts of the rules that are compiled with it; a LogicData holds a value
 * for each number. */
#pragma once

#include "domain/logic-value.h"

typedef struct _LogicNames LogicNames;
typedef struct _LogicData LogicData;

LogicNames *logic_names_new (void);
void logic_names_free (LogicNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogicNames, logic_names_free)

/* The number of `name`, a new one if it has none yet. */
guint logic_names_number (LogicNames *names, const char *name);

/* Reads `facts` (an object, kept by reference) as ternary mode sees them: what is missing, null or
 * too large is UNKNOWN; "today" is `today` where the facts do not state it. Names that are numbered
 * later are looked for in `facts`, which must not be changed meanwhile. Owned. */
LogicData *logic_data_new (const LogicNames *names, const json_t *facts, const char *today);
void logic_data_free (LogicData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogicData, logic_data_free)

struct _LogicData {
  guint n_values;
  LogicValue *values;
  json_t *facts;
  char *today;          /* or NULL */
  LogicScratch scratch; /* lists */
};
