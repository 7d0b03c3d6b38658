/* eligibility-flow.c: walks the questions of a check. Asks only what domain/question finds worth
 * asking, keeps answers while one goes back and forth, and stores nothing. The result is made in
 * eligibility-result.c. */
#include "flow/eligibility-flow.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/form.h"
#include "flow/eligibility-draft.h"

/* One page that was asked: its facts, and how many pages there are at most, seen from it. */
typedef struct {
  GPtrArray *fields;
  guint at_most;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;
  g_ptr_array_unref (page->fields);
  g_free (page);
}

/* --- Goals
 * ------------------------------------------------------------------------------------------ */

/* A category can still matter while no earlier one is met; one that people decide, while no earlier
 * one is even tentative. */
static void
add_categories (const EligibilityFlow *flow, const json_t *facts, GPtrArray *goals)
{
  const GPtrArray *categories = guide_categories (flow->guide);
  gboolean met = FALSE, tentative = FALSE;
  for (guint i = 0; i < categories->len; i++) {
    const Criterion *category = g_ptr_array_index (categories, i);
    if (met || (tentative && criterion_is_judgement (category)))
      continue;
    CriterionOutcome outcome = criterion_test (category, facts, flow->today);
    met |= outcome == CRITERION_MET;
    tentative |= outcome == CRITERION_TENTATIVE;
    g_ptr_array_add (goals, (gpointer)category);
  }
}

static GPtrArray *
goals_for (const EligibilityFlow *flow, const json_t *facts)
{
  GPtrArray *goals = g_ptr_array_new ();
  if (flow->service != NULL) {
    if (flow->service->eligibility != NULL)
      g_ptr_array_add (goals, (gpointer)flow->service->eligibility);
    return goals;
  }
  add_categories (flow, facts, goals);
  const GPtrArray *services = guide_services (flow->guide);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    if (service->enabled && service->eligibility != NULL)
      g_ptr_array_add (goals, (gpointer)service->eligibility);
  }
  return goals;
}

GPtrArray *
eligibility_draft_relevant (const EligibilityFlow *flow, const json_t *facts, gboolean details)
{
  g_autoptr (json_t) seen = json_copy ((json_t *)facts);
  const GPtrArray *all = guide_facts (flow->guide);
  for (guint i = 0; !details && i < all->len; i++) {
    const GuideField *fact = g_ptr_array_index (all, i);
    if (fact->detail && json_object_get (seen, fact->id) == NULL)
      json_object_set_new (seen, fact->id, json_null ()); /* not asked in the short check */
  }
  g_autoptr (GPtrArray) goals = goals_for (flow, facts);
  g_autoptr (QuestionPlan) plan =
      question_plan_new (flow->guide, (const Criterion *const *)goals->pdata, goals->len);
  return question_relevant (plan, seen, flow->today);
}

/* --- Moving
 * ----------------------------------------------------------------------------------------- */

/* What was carried in, with the answers of the first `n` pages over it. */
static json_t *
facts_of_pages (const EligibilityFlow *flow, guint n)
{
  json_t *facts = json_copy (flow->carried);
  for (guint i = 0; i < n; i++) {
    const Page *page = g_ptr_array_index (flow->pages, i);
    for (guint k = 0; k < page->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (page->fields, k);
      json_t *answer = json_object_get (flow->answers, field->id);
      if (answer != NULL)
        json_object_set (facts, field->id, answer);
    }
  }
  return facts;
}

static void
update_facts (EligibilityFlow *flow)
{
  json_decref (flow->facts);
  flow->facts = facts_of_pages (flow, MIN (flow->current + 1, flow->pages->len));
}

/* Appends the page that follows the first `current` ones, if there is one; pages behind are
 * dropped. */
static void
find_page (EligibilityFlow *flow)
{
  g_ptr_array_set_size (flow->pages, flow->current);
  g_autoptr (json_t) facts = facts_of_pages (flow, flow->current);
  g_autoptr (GPtrArray) relevant = eligibility_draft_relevant (flow, facts, flow->service != NULL);
  GPtrArray *fields = question_next (relevant);
  if (fields != NULL) {
    Page *page = g_new0 (Page, 1);
    page->fields = fields;
    page->at_most = flow->current + question_pages (relevant);
    if (flow->current > 0) {
      const Page *before = g_ptr_array_index (flow->pages, flow->current - 1);
      page->at_most = MIN (page->at_most, before->at_most);
    }
    g_ptr_array_add (flow->pages, page);
  }
  update_facts (flow);
}

EligibilityFlow *
eligibility_flow_new (Guide *guide, const char *service, const char *today, GError **error)
{
  const GuideService *found = service == NULL ? NULL : guide_service (guide, service);
  if (service != NULL && found == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND, "no service is called \"%s\"",
                 service);
    return NULL;
  }
  EligibilityFlow *flow = g_new0 (EligibilityFlow, 1);
  flow->guide = guide_ref (guide);
  flow->service = found;
  flow->today = g_strdup (today);
  flow->carried = json_object ();
  flow->answers = json_object ();
  flow->facts = json_object ();
  flow->pages = g_ptr_array_new_with_free_func (page_free);
  find_page (flow);
  return flow;
}

void
eligibility_flow_free (EligibilityFlow *flow)
{
  if (flow == NULL)
    return;
  json_decref (flow->carried);
  json_decref (flow->answers);
  json_decref (flow->facts);
  g_ptr_array_unref (flow->pages);
  g_free (flow->today);
  guide_unref (flow->guide);
  g_free (flow);
}

static const Page *
page_on_screen (const EligibilityFlow *flow)
{
  if (flow->stopped || flow->current >= flow->pages->len)
    return NULL;
  return g_ptr_array_index (flow->pages, flow->current);
}

const GPtrArray *
eligibility_flow_page (const EligibilityFlow *flow)
{
  const Page *page = page_on_screen (flow);
  return page == NULL ? NULL : page->fields;
}

guint
eligibility_flow_step (const EligibilityFlow *flow)
{
  return MIN (flow->current + 1, MAX (flow->pages->len, 1));
}

guint
eligibility_flow_at_most (const EligibilityFlow *flow)
{
  const Page *page = page_on_screen (flow);
  return page == NULL ? eligibility_flow_step (flow) : page->at_most;
}

const json_t *
eligibility_flow_peek_answer (const EligibilityFlow *flow, const char *fact)
{
  return json_object_get (flow->answers, fact);
}

static gboolean
check_answer (const GuideField *fact, const char *name, const json_t *value, const char *today,
              GError **error)
{
  const char *problem = "unknown fact";
  if (fact != NULL &&
      (json_is_null (value) || (fact->type == GUIDE_FIELD_MULTICHOICE && json_is_array (value) &&
                                json_array_size (value) == 0)))
    return TRUE;
  if (fact != NULL)
    problem = form_value_problem (fact, value, today);
  if (problem == NULL)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "fact \"%s\": %s", name, problem);
  return FALSE;
}

gboolean
eligibility_flow_answer (EligibilityFlow *flow, const char *fact, const json_t *value,
                         GError **error)
{
  const Page *page = page_on_screen (flow);
  const GuideField *field = guide_fact (flow->guide, fact);
  if (page == NULL || !g_ptr_array_find (page->fields, field, NULL)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "\"%s\" is not asked now", fact);
    return FALSE;
  }
  if (value == NULL)
    json_object_del (flow->answers, fact);
  else if (!check_answer (field, fact, value, flow->today, error))
    return FALSE;
  else
    json_object_set_new (flow->answers, fact, json_deep_copy (value));
  update_facts (flow);
  return TRUE;
}

gboolean
eligibility_flow_next (EligibilityFlow *flow)
{
  const Page *page = page_on_screen (flow);
  if (page == NULL)
    return FALSE;
  for (guint i = 0; i < page->fields->len; i++)
    if (json_object_get (flow->answers,
                         ((const GuideField *)g_ptr_array_index (page->fields, i))->id) == NULL)
      return FALSE;
  flow->current++;
  find_page (flow);
  return TRUE;
}

gboolean
eligibility_flow_back (EligibilityFlow *flow)
{
  if (flow->stopped) { /* to the page at which it was stopped */
    flow->stopped = FALSE;
    if (flow->current < flow->pages->len)
      return TRUE;
  }
  if (flow->current == 0)
    return FALSE;
  flow->current--;
  update_facts (flow);
  return TRUE;
}

void
eligibility_flow_stop (EligibilityFlow *flow)
{
  flow->stopped = TRUE;
}

const json_t *
eligibility_flow_peek_facts (const EligibilityFlow *flow)
{
  return flow->facts;
}

gboolean
eligibility_flow_set_facts (EligibilityFlow *flow, const json_t *facts, GError **error)
{
  const char *key;
  json_t *value;
  if (!json_is_object (facts)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "facts are one JSON object");
    return FALSE;
  }
  json_object_foreach ((json_t *)facts, key, value)
    if (!check_answer (guide_fact (flow->guide, key), key, value, flow->today, error))
      return FALSE;
  json_decref (flow->carried);
  flow->carried = json_deep_copy (facts);
  json_object_clear (flow->answers);
  flow->current = 0;
  flow->stopped = FALSE;
  find_page (flow);
  return TRUE;
}
