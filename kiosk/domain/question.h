/* question.h: which fact to ask next, and which never.
 *
 * Goals are criteria. A fact is worth asking while some value of it, with some values of the
 * others, would change the outcome of an undecided goal; this is checked exactly, over every
 * combination of values that the rules can tell apart, as long as those are at most
 * QUESTION_MAX_ROWS for a goal (beyond that every fact that is still read counts as worth asking).
 * Among those the highest score goes first: occurrences in what is undecided divided by the fact's
 * cost. A null value means "I do not know": it stays unknown and is never asked again. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

#define QUESTION_MAX_ROWS 65536

typedef struct _QuestionPlan QuestionPlan;

/* A plan over `goals` (Criterion, borrowed, as is the guide: keep it alive). Owned. */
QuestionPlan *question_plan_new (const Guide *guide, const Criterion *const *goals, guint n_goals);
/* The same over facts that are no guide's: GuideField array, for tests. */
QuestionPlan *question_plan_new_for_facts (const GPtrArray *facts, const Criterion *const *goals,
                                           guint n_goals);
void question_plan_free (QuestionPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QuestionPlan, question_plan_free)

/* Facts still worth asking, best first; those of one page stand together. Empty: every goal is
 * decided, or what is missing is not known to the person. Array of GuideField; unref it. */
GPtrArray *question_relevant (const QuestionPlan *plan, const json_t *facts, const char *today);

/* How many pages those facts make: the upper bound of what is still to come. */
guint question_pages (const GPtrArray *relevant);

/* The page to ask now: the leading facts of `relevant` that share a page. NULL if there is none.
 * Array of GuideField; unref it. */
GPtrArray *question_next (const GPtrArray *relevant);
