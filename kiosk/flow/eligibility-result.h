/* eligibility-result.h: what a check came to: category, services, reasons.
 *
 * Outcomes are words of possibility: "您可能符合", never a promise; the centre decides. */
#pragma once

#include <glib.h>

#include "domain/criterion.h"
#include "domain/guide.h"

typedef struct {
  CriterionOutcome outcome;
  char *text;   /* in the asked language: if_met, if_unmet or text of the criterion */
  char *clause; /* "办法第二条（一）", or NULL */
  char *remedy; /* what could be done, where it is not met; or NULL */
  char *proof;  /* the paper that shows it, or NULL */
  guint level;  /* indentation, 0 at the top */
} EligibilityReason;

typedef struct {
  const GuideService *service;
  CriterionOutcome outcome; /* OPEN also where the guide states no conditions */
  gboolean stated;          /* FALSE: the guide states no conditions yet, ask at the window */
  GPtrArray *reasons;       /* EligibilityReason */
} EligibilityService;

/* What a person could still change, and what that alone would open (F124). */
typedef struct {
  const Criterion *condition;
  char *text;          /* the condition, in the asked language */
  char *clause;        /* or NULL */
  char *remedy;        /* or NULL */
  GPtrArray *services; /* GuideService, in the guide's order; at least one */
} EligibilityChange;

typedef struct {
  const char *category; /* id of the criterion, or NULL while none is met or tentative */
  char *category_name;  /* "第（二）类", or NULL */
  char *clause;         /* "《办法》第二条（二）", or NULL */
  CriterionOutcome outcome; /* of the category: MET "您可能符合", TENTATIVE "可能符合，需认定",
                               NOT_MET "暂不符合", OPEN "还不能判断" */
  char *headline;           /* the guarded sentence for the outcome, in the asked language */
  GPtrArray *reasons;  /* EligibilityReason, of the category */
  GPtrArray *services; /* EligibilityService: likely open first, then tentative, open, not */
  GPtrArray *changes;  /* EligibilityChange, what opens most first */
  guint likely;        /* how many may concern the person: met or tentative */
  GPtrArray *missing;  /* facts that could still change something: GuideField */
  char *record;        /* canonical JSON: outcomes, changes, facts used, guide hash, date: the same
                          facts, date and guide give the same bytes */
} EligibilityResult;

void eligibility_result_free (EligibilityResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EligibilityResult, eligibility_result_free)
