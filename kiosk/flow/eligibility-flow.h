/* eligibility-flow.h: the short, anonymous check of Article 2 and of what it opens.
 *
 * One page of questions at a time; the flow asks only what can still change the answer. Nothing is
 * stored: the answers die with the flow, unless the visitor carries them into an application. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/criterion.h"
#include "domain/guide.h"
#include "domain/question.h"
#include "flow/eligibility-result.h"

typedef struct _EligibilityFlow EligibilityFlow;

/* Starts a check on `today` ("YYYY-MM-DD"). `service` NULL: the category of Article 2 and every
 * service; a service's id: that service alone. NOT_FOUND if the guide has no such service. Owned.
 */
EligibilityFlow *eligibility_flow_new (Guide *guide, const char *service, const char *today,
                                       GError **error);
void eligibility_flow_free (EligibilityFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EligibilityFlow, eligibility_flow_free)

/* The questions of the page on screen (GuideField: question, why, options). NULL when nothing is
 * left to ask or the visitor stopped: show the result. Borrowed until the flow moves. */
const GPtrArray *eligibility_flow_page (const EligibilityFlow *flow);

/* "Question 2 of at most 4": the step counts from 1, the bound only ever goes down. */
guint eligibility_flow_step (const EligibilityFlow *flow);
guint eligibility_flow_at_most (const EligibilityFlow *flow);

/* The answer given so far to a fact: NULL none, JSON null "I do not know". Borrowed. */
const json_t *eligibility_flow_peek_answer (const EligibilityFlow *flow, const char *fact);

/* Sets the answer to a fact of the page on screen; NULL takes it back, JSON null says "I do not
 * know". bool: true/false; choice: an option's value; multichoice: an array of option values, []
 * for "none of these"; integer; date as text. INVALID for a wrong type or value. */
gboolean eligibility_flow_answer (EligibilityFlow *flow, const char *fact, const json_t *value,
                                  GError **error);

/* Goes to the next page, which may be the result. FALSE if a question of this page is still
 * unanswered (nothing changes). */
gboolean eligibility_flow_next (EligibilityFlow *flow);

/* Goes back one page with its answers kept; FALSE on the first page. From the result it goes to the
 * last page asked. */
gboolean eligibility_flow_back (EligibilityFlow *flow);

/* Ends the questions here and takes the open result. */
void eligibility_flow_stop (EligibilityFlow *flow);

/* What counts now, {fact: value}: what was carried in, and the answers of the pages up to the one
 * on screen. Borrowed until the flow moves. */
const json_t *eligibility_flow_peek_facts (const EligibilityFlow *flow);

/* Sets facts at once, for the command line and for answers carried over: unknown facts and wrong
 * values are INVALID. The pages asked so far are forgotten. */
gboolean eligibility_flow_set_facts (EligibilityFlow *flow, const json_t *facts, GError **error);

/* The result as it stands now. Owned. */
EligibilityResult *eligibility_flow_result (const EligibilityFlow *flow, const char *language);
