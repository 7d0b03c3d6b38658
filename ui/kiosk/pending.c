/* pending.c: stands where rooms below are not built yet; goes when they are. */
#include "flow/eligibility-flow.h"

/* The real ones, once they are linked, win. */
#pragma weak eligibility_flow_new
#pragma weak eligibility_flow_free
#pragma weak eligibility_flow_page
#pragma weak eligibility_flow_step
#pragma weak eligibility_flow_at_most
#pragma weak eligibility_flow_peek_answer
#pragma weak eligibility_flow_answer
#pragma weak eligibility_flow_next
#pragma weak eligibility_flow_back
#pragma weak eligibility_flow_stop
#pragma weak eligibility_flow_result
#pragma weak eligibility_result_free

EligibilityFlow *
eligibility_flow_new (Guide *guide, const char *service, const char *today, GError **error)
{
  return NULL;
}

void
eligibility_flow_free (EligibilityFlow *flow)
{
}

const GPtrArray *
eligibility_flow_page (const EligibilityFlow *flow)
{
  return NULL;
}

guint
eligibility_flow_step (const EligibilityFlow *flow)
{
  return 1;
}

guint
eligibility_flow_at_most (const EligibilityFlow *flow)
{
  return 1;
}

const json_t *
eligibility_flow_peek_answer (const EligibilityFlow *flow, const char *fact)
{
  return NULL;
}

gboolean
eligibility_flow_answer (EligibilityFlow *flow, const char *fact, const json_t *value,
                         GError **error)
{
  return TRUE;
}

gboolean
eligibility_flow_next (EligibilityFlow *flow)
{
  return TRUE;
}

gboolean
eligibility_flow_back (EligibilityFlow *flow)
{
  return FALSE;
}

EligibilityResult *
eligibility_flow_result (const EligibilityFlow *flow, const char *language)
{
  return NULL;
}

void
eligibility_result_free (EligibilityResult *result)
{
}

void
eligibility_flow_stop (EligibilityFlow *flow)
{
}
