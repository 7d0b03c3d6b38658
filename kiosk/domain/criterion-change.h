/* criterion-change.h: what would have to change (F124): the single conditions that a person can
 * still change and that alone would open what is not met now. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/criterion.h"

/* Leaves of `goal`, which must be not met, that are `changeable`, not met now, and alone suffice:
 * some value of the facts that the leaf reads makes it hold and the goal met or tentative, all
 * other facts staying as they are, and makes no other condition hold that the leaf does not always
 * bring with it. A leaf over a fact whose values cannot be told apart (question_values) is left
 * out. `fields` are the facts (GuideField, as guide_facts gives them). Criteria in the tree's
 * order, borrowed; empty for a goal with another outcome. Unref the array. */
GPtrArray *criterion_change_find (const Criterion *goal, const GPtrArray *fields,
                                  const json_t *facts, const char *today);
