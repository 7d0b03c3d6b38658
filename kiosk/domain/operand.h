/* operand.h: do the operands of a rule have types that go together?
 *
 * JsonLogic compares anything with anything; a guide may not. Truths are bool fields, order is of
 * two numbers or two days, a choice is compared with its own options, a list is asked for one of
 * its options. What an iteration walks over is not looked into. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

/* Appends a sentence (char*) to `problems` for each misfit in `rule`, which reads `fields`
 * (GuideField) and must come out as a truth. A name that is no field is not reported here. */
void operand_check (const json_t *rule, const GPtrArray *fields, GPtrArray *problems);
