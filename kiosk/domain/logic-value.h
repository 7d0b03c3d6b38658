/* logic-value.h: the values that logic.c computes with: JSON's, and UNKNOWN.
 *
 * A value is small and borrows: strings and lists live in the rule, in the data or in the scratch
 * of one evaluation. Conversions follow ECMAScript, as JsonLogic's reference does. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum {
  LOGIC_VALUE_UNKNOWN,
  LOGIC_VALUE_NULL,
  LOGIC_VALUE_FALSE,
  LOGIC_VALUE_TRUE,
  LOGIC_VALUE_NUMBER,
  LOGIC_VALUE_STRING,
  LOGIC_VALUE_LIST,
  LOGIC_VALUE_OBJECT
} LogicValueKind;

typedef struct _LogicValue LogicValue;
struct _LogicValue {
  LogicValueKind kind;
  gsize length; /* bytes of a string, items of a list */
  union {
    double number;
    const char *string; /* not NUL-terminated */
    const LogicValue *items;
    const json_t *object;
  };
};

/* Memory that one evaluation, or one rule, needs and that goes all at once. */
typedef struct {
  GPtrArray *blocks; /* NULL until the first */
  char *next;
  gsize left;
  gsize total;
  char first[1024];
} LogicScratch;

void logic_value_scratch_init (LogicScratch *scratch);
void *logic_value_scratch_alloc (LogicScratch *scratch, gsize size);
void logic_value_scratch_clear (LogicScratch *scratch);

#define LOGIC_VALUE(k) ((LogicValue){.kind = LOGIC_VALUE_##k})
LogicValue logic_value_bool (gboolean truth);
LogicValue logic_value_number (double number);
LogicValue logic_value_string (const char *text, gsize length);

/* Reads JSON; lists are copied into `scratch`. FALSE for an integer beyond 2^53 or a list of more
 * than LOGIC_MAX_LIST items. */
gboolean logic_value_read (const json_t *json, LogicScratch *scratch, LogicValue *ret_value);

/* As JSON, owned; NULL if there is an UNKNOWN in it. */
json_t *logic_value_write (const LogicValue *value);

gboolean logic_value_truthy (const LogicValue *value);

/* ECMAScript's Number(), of decimal texts only: NAN where it is none. */
double logic_value_to_number (const LogicValue *value);

/* ECMAScript's String(). */
LogicValue logic_value_to_string (const LogicValue *value, LogicScratch *scratch);

/* === and ==. Neither side is UNKNOWN. */
gboolean logic_value_same (const LogicValue *a, const LogicValue *b);
gboolean logic_value_equal (const LogicValue *a, const LogicValue *b, LogicScratch *scratch);

/* -1, 0, 1 as < and > see it, texts by their code points; 2 if they cannot be compared. */
int logic_value_compare (const LogicValue *a, const LogicValue *b, LogicScratch *scratch);
