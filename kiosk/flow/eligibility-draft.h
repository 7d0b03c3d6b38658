/* eligibility-draft.h: the inside of an EligibilityFlow, for eligibility-flow.c and
 * eligibility-result.c alone. */
#pragma once

#include "flow/eligibility-flow.h"

struct _EligibilityFlow {
  Guide *guide;
  const GuideService *service; /* or NULL: the short check */
  char *today;
  json_t *carried; /* facts known before the first page */
  json_t *answers; /* of all pages ever shown, kept while one goes back */
  json_t *facts;   /* what counts now */
  GPtrArray *pages;
  guint current; /* index of the page on screen; pages->len: nothing left to ask */
  gboolean stopped;
};

/* Facts that can still change something; with `details` also those that the short check leaves out.
 * Array of GuideField; unref it. */
GPtrArray *eligibility_draft_relevant (const EligibilityFlow *flow, const json_t *facts,
                                       gboolean details);
