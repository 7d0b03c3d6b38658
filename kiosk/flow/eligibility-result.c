/* eligibility-result.c: what a check came to, in guarded words with its reasons and clauses.
 * Decides nothing beyond the criteria; promises nothing. */
#include "flow/eligibility-result.h"

#include "base/strict-json.h"
#include "base/translate.h"
#include "flow/eligibility-draft.h"

/* --- Reasons
 * ----------------------------------------------------------------------------------------- */

static void
reason_free (gpointer data)
{
  EligibilityReason *reason = data;
  g_free (reason->text);
  g_free (reason->clause);
  g_free (reason->remedy);
  g_free (reason->proof);
  g_free (reason);
}

static char *
text_of (const Criterion *criterion, const char *key, const char *language)
{
  return g_strdup (guide_text (criterion_member (criterion, key), language, NULL));
}

/* "《办法》苏人才〔2018〕3号 第二条第（一）项": title, number, article, as far as the guide has
 * them. */
static char *
clause_of (const Criterion *criterion, const char *language)
{
  const json_t *basis = json_array_get (criterion_member (criterion, "basis"), 0);
  if (basis == NULL)
    return NULL;
  g_autoptr (GString) clause =
      g_string_new (guide_text (json_object_get (basis, "title"), language, NULL));
  for (const char *const *key = (const char *const[]){"number", "article", NULL}; *key != NULL;
       key++) {
    const char *part = json_string_value (json_object_get (basis, *key));
    if (part != NULL)
      g_string_append_printf (clause, " %s", part);
  }
  return g_string_free (g_steal_pointer (&clause), FALSE);
}

static void
add_reasons (const CriterionReason *reason, const char *inherited, guint level,
             const char *language, GPtrArray *lines)
{
  static const char *const keys[] = {"if_unmet", "if_tentative", "if_met", "text"};
  const Criterion *criterion = reason->criterion;
  EligibilityReason *line = g_new0 (EligibilityReason, 1);
  line->outcome = reason->outcome;
  line->level = level;
  line->text = text_of (criterion, keys[reason->outcome], language);
  if (line->text == NULL)
    line->text = text_of (criterion, "text", language);
  line->clause = clause_of (criterion, language);
  if (line->clause == NULL)
    line->clause = g_strdup (inherited);
  if (reason->outcome != CRITERION_MET)
    line->remedy = text_of (criterion, "remedy", language);
  line->proof = text_of (criterion, "proof", language);
  g_ptr_array_add (lines, line);
  for (guint i = 0; i < reason->children->len; i++)
    add_reasons (g_ptr_array_index (reason->children, i), line->clause, level + 1, language, lines);
}

static GPtrArray *
reasons_for (const EligibilityFlow *flow, const Criterion *criterion, const char *language)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (reason_free);
  if (criterion == NULL)
    return lines;
  g_autoptr (CriterionReason) reason = criterion_explain (criterion, flow->facts, flow->today);
  add_reasons (reason, NULL, 0, language, lines);
  return lines;
}

/* --- Category and services
 * ---------------------------------------------------------------------------- */

/* The first that is met, else the first that people would have to decide. *ret_outcome is of all of
 * them where there is none. */
static const Criterion *
find_category (const EligibilityFlow *flow, CriterionOutcome *ret_outcome)
{
  const GPtrArray *categories = guide_categories (flow->guide);
  const Criterion *tentative = NULL;
  gboolean open = FALSE;
  for (guint i = 0; i < categories->len; i++) {
    const Criterion *category = g_ptr_array_index (categories, i);
    CriterionOutcome outcome = criterion_test (category, flow->facts, flow->today);
    if (outcome == CRITERION_MET) {
      *ret_outcome = outcome;
      return category;
    }
    if (outcome == CRITERION_TENTATIVE && tentative == NULL)
      tentative = category;
    open |= outcome == CRITERION_OPEN;
  }
  *ret_outcome = tentative != NULL ? CRITERION_TENTATIVE
                 : open            ? CRITERION_OPEN
                                   : CRITERION_NOT_MET;
  return tentative;
}

static const char *
headline_for (CriterionOutcome outcome, const char *language)
{
  switch (outcome) {
  case CRITERION_MET:
    return translate (language, "You may qualify");
  case CRITERION_TENTATIVE:
    return translate (language, "You may qualify, if recognised");
  case CRITERION_NOT_MET:
    return translate (language, "Not met for now");
  default:
    return translate (language, "Cannot be told yet");
  }
}

static void
service_free (gpointer data)
{
  EligibilityService *service = data;
  g_ptr_array_unref (service->reasons);
  g_free (service);
}

static void
add_service (const EligibilityFlow *flow, const GuideService *service, const char *language,
             GPtrArray *list)
{
  EligibilityService *line = g_new0 (EligibilityService, 1);
  line->service = service;
  line->stated = service->eligibility != NULL;
  line->outcome = line->stated ? criterion_test (service->eligibility, flow->facts, flow->today)
                               : CRITERION_OPEN;
  line->reasons = reasons_for (flow, service->eligibility, language);
  g_ptr_array_add (list, line);
}

/* Likely ones first; within an outcome the guide's order. */
static GPtrArray *
list_services (const EligibilityFlow *flow, const char *language, guint *ret_likely)
{
  static const CriterionOutcome order[] = {CRITERION_MET, CRITERION_TENTATIVE, CRITERION_OPEN,
                                           CRITERION_NOT_MET};
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  const GPtrArray *services = guide_services (flow->guide);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    if (flow->service == NULL ? service->enabled : service == flow->service)
      add_service (flow, service, language, all);
  }
  GPtrArray *sorted = g_ptr_array_new_with_free_func (service_free);
  *ret_likely = 0;
  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < all->len; i++) {
      EligibilityService *line = g_ptr_array_index (all, i);
      if (line->outcome != order[k])
        continue;
      g_ptr_array_add (sorted, line);
      *ret_likely += line->outcome == CRITERION_MET || line->outcome == CRITERION_TENTATIVE;
    }
  return sorted;
}

/* --- Record
 * -------------------------------------------------------------------------------------------- */

static void
record_criteria (const EligibilityFlow *flow, const Criterion *criterion, json_t *states)
{
  CriterionOutcome outcome = criterion_test (criterion, flow->facts, flow->today);
  json_object_set_new (states, criterion_peek_id (criterion),
                       json_string (criterion_outcome_word (outcome)));
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    record_criteria (flow, criterion_child (criterion, i), states);
}

static char *
make_record (const EligibilityFlow *flow, const EligibilityResult *result)
{
  g_autoptr (json_t) states = json_object ();
  g_autoptr (json_t) services = json_object ();
  for (guint i = 0; flow->service == NULL && i < guide_categories (flow->guide)->len; i++)
    record_criteria (flow, g_ptr_array_index (guide_categories (flow->guide), i), states);
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *line = g_ptr_array_index (result->services, i);
    json_object_set_new (services, line->service->id,
                         json_string (criterion_outcome_word (line->outcome)));
    if (line->stated)
      record_criteria (flow, line->service->eligibility, states);
  }
  g_autoptr (json_t) record = json_pack (
      "{ss? ss sO ss sO sO ss}", "category", result->category, "outcome",
      criterion_outcome_word (result->outcome), "facts", flow->facts, "date", flow->today,
      "criteria", states, "services", services, "guide", guide_peek_sha256 (flow->guide));
  return strict_json_canonical (record);
}

/* --- The result
 * ----------------------------------------------------------------------------------------- */

EligibilityResult *
eligibility_flow_result (const EligibilityFlow *flow, const char *language)
{
  EligibilityResult *result = g_new0 (EligibilityResult, 1);
  const Criterion *category = find_category (flow, &result->outcome);
  if (category != NULL) {
    result->category = criterion_peek_id (category);
    result->category_name = text_of (category, "short", language);
    if (result->category_name == NULL)
      result->category_name = text_of (category, "text", language);
    result->clause = clause_of (category, language);
  }
  result->headline = g_strdup (headline_for (result->outcome, language));
  result->reasons = reasons_for (flow, category, language);
  const GPtrArray *categories = guide_categories (flow->guide);
  for (guint i = 0; category == NULL && i < categories->len; i++) {
    g_autoptr (CriterionReason) reason =
        criterion_explain (g_ptr_array_index (categories, i), flow->facts, flow->today);
    add_reasons (reason, NULL, 0, language, result->reasons);
  }
  result->services = list_services (flow, language, &result->likely);
  result->missing = eligibility_draft_relevant (flow, flow->facts, TRUE);
  result->record = make_record (flow, result);
  return result;
}

void
eligibility_result_free (EligibilityResult *result)
{
  if (result == NULL)
    return;
  g_free (result->category_name);
  g_free (result->clause);
  g_free (result->headline);
  g_ptr_array_unref (result->reasons);
  g_ptr_array_unref (result->services);
  g_ptr_array_unref (result->missing);
  g_free (result->record);
  g_free (result);
}
