/* criterion.h: conditions as and/or trees that explain themselves.
 *
 * A criterion has a text, a clause, what to say when it is met or not, a remedy, and either a
 * JsonLogic leaf, a reference, or all / any / at_least over others. A leaf with `judgement` is one
 * that people decide: answered yes, it is TENTATIVE ("to be recognised by the centre"), never met.
 *
 * Outcomes are ordered not_met < tentative < met; all is the least, any the greatest, at_least k
 * the k-th greatest. OPEN: more than one of them is still possible. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/logic.h"

#define CRITERION_MAX_TREE 20000

typedef struct _Criterion Criterion;
typedef struct _CriterionSet CriterionSet; /* those of one guide, for `ref` */

typedef enum {
  CRITERION_NOT_MET,
  CRITERION_TENTATIVE,
  CRITERION_MET,
  CRITERION_OPEN
} CriterionOutcome;

typedef enum { CRITERION_LEAF, CRITERION_ALL, CRITERION_ANY, CRITERION_AT_LEAST } CriterionKind;

/* Reads the criteria of a guide: `shared` (catalog.criteria) first, so that they may be referred
 * to. INVALID: unknown reference, cycle, depth over 16, more than CRITERION_MAX_TREE below one once
 * references are followed, rule refused. Owned; criteria borrowed from it. */
CriterionSet *criterion_set_new (json_t *shared, GError **error);
const Criterion *criterion_set_add (CriterionSet *set, json_t *criterion, const char *place,
                                    GError **error);
const Criterion *criterion_set_find (const CriterionSet *set, const char *id);
void criterion_set_free (CriterionSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CriterionSet, criterion_set_free)

const CriterionSet *criterion_peek_set (const Criterion *criterion);
const char *criterion_peek_id (const Criterion *criterion);
CriterionKind criterion_kind (const Criterion *criterion);
/* Children after references are followed; 0 of a leaf. */
guint criterion_n_children (const Criterion *criterion);
const Criterion *criterion_child (const Criterion *criterion, guint index);
guint criterion_at_least (const Criterion *criterion);        /* k; n of all, 1 of any */
const LogicRule *criterion_rule (const Criterion *criterion); /* of a leaf, else NULL */
gboolean criterion_is_judgement (const Criterion *criterion);
gboolean criterion_is_changeable (const Criterion *criterion);
/* The criterion's member `key` (text, if_met, if_unmet, remedy, basis, proof, ...) as it stands in
 * the guide, or NULL; read texts with guide_text. Borrowed. */
const json_t *criterion_member (const Criterion *criterion, const char *key);

/* Every fact it reads, sorted, NULL-terminated, borrowed. */
const char *const *criterion_facts (const Criterion *criterion);

/* The outcome for `facts` on the day `today`. */
CriterionOutcome criterion_test (const Criterion *criterion, const json_t *facts,
                                 const char *today);

/* "met", "not_met", "open", "tentative". Static. */
const char *criterion_outcome_word (CriterionOutcome outcome);

/* --- All criteria of a guide over the same facts: what is found once is not looked for again ---
 */

typedef struct _CriterionCheck CriterionCheck;

/* One line of an explanation: a criterion of the pruned tree, in the order of reading. The tree is
 * pruned: of a met `any` one met branch, of an unmet `all` every unmet child, of an unmet `any` the
 * branch that is cheapest to mend (none, if none can be), of an open one what is open (not the
 * branches of one that asks a single fact). To mend costs 0 met, 0.5 open or tentative, 1
 * changeable; the sum over `all`, the least over `any`, the cheapest k of `at_least`. */
typedef struct {
  const Criterion *criterion;
  CriterionOutcome outcome;
  guint level; /* 0 of the criterion that is explained */
} CriterionReason;

/* A check by the criteria of `set` (borrowed; none are added while it lives). Owned. */
CriterionCheck *criterion_check_new (const CriterionSet *set);
/* Facts read for any check of `set`, see logic-data.h. Owned. */
LogicData *criterion_set_read (const CriterionSet *set, const json_t *facts, const char *today);
/* Evaluates all criteria of the set over these facts, leaves that ask the same once. */
void criterion_check_begin (CriterionCheck *check, const LogicData *facts);
void criterion_check_free (CriterionCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CriterionCheck, criterion_check_free)

CriterionOutcome criterion_check_test (CriterionCheck *check, const Criterion *criterion);
/* Why. *ret_n lines, at least one; borrowed until the next call. */
const CriterionReason *criterion_check_explain (CriterionCheck *check, const Criterion *criterion,
                                                guint *ret_n);
/* What it costs to mend, HUGE_VAL if it cannot be. */
double criterion_check_mend (CriterionCheck *check, const Criterion *criterion);
