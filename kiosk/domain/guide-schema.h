/* guide-schema.h: is a document what assets/guide/guide.schema.json says?
 *
 * JSON Schema 2020-12, as far as that schema goes: $ref into $defs, type, enum, const, pattern,
 * minLength, minimum, maximum, minItems, items, contains, required, properties, patternProperties,
 * propertyNames, additionalProperties false, oneOf, if/then, and the formats date and date-time. A
 * keyword that is not among them is a problem of its own: nothing is passed over in silence. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* So many problems are told, then reading ends. */
#define GUIDE_SCHEMA_MAX_PROBLEMS 50

/* Appends a sentence (char*) that begins with the JSON pointer for each problem. */
void guide_schema_check (json_t *schema, const json_t *document, GPtrArray *problems);
