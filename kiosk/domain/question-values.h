/* question-values.h: the values of a fact that rules can tell apart. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

/* Values of `field` such that every other value is treated like one of them by all of `rules` (JSON
 * of JsonLogic leaves that read the fact): both truths, every option, every set of options, the
 * numbers and days around each bound. NULL if that cannot be told: a free text, arithmetic, more
 * than `most` values. A JSON array; owned. */
json_t *question_values (const GuideField *field, const GPtrArray *rules, const char *today,
                         guint most);

/* TRUE if the rule asks only whether a list holds one text: {"in": ["x", {"var": fact}]}. */
gboolean question_values_is_membership (const json_t *rule, const char *fact);
