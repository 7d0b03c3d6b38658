/* eligibility-result.c: what a check came to, in guarded words with its reasons and clauses.
 * Decides nothing beyond the criteria; promises nothing. */
#include "flow/eligibility-result.h"

#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/criterion-change.h"
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

/* Lines without a clause of their own have that of the criterion above them. */
static void
add_reason (const CriterionReason *reason, const char *language, GPtrArray *lines, guint first)
{
  static const char *const keys[] = {"if_unmet", "if_tentative", "if_met", "text"};
  const Criterion *criterion = reason->criterion;
  EligibilityReason *line = g_new0 (EligibilityReason, 1);
  line->outcome = reason->outcome;
  line->level = reason->level;
  line->text = text_of (criterion, keys[reason->outcome], language);
  if (line->text == NULL)
    line->text = text_of (criterion, "text", language);
  line->clause = clause_of (criterion, language);
  for (guint i = lines->len; line->clause == NULL && line->level > 0 && i > first; i--) {
    const EligibilityReason *above = g_ptr_array_index (lines, i - 1);
    if (above->level < line->level) {
      line->clause = g_strdup (above->clause);
      break;
    }
  }
  if (reason->outcome != CRITERION_MET)
    line->remedy = text_of (criterion, "remedy", language);
  line->proof = text_of (criterion, "proof", language);
  g_ptr_array_add (lines, line);
}

static void
add_reasons (CriterionCheck *check, const Criterion *criterion, const char *language,
             GPtrArray *lines)
{
  guint n, first = lines->len;
  const CriterionReason *reasons = criterion_check_explain (check, criterion, &n);
  for (guint i = 0; i < n; i++)
    add_reason (&reasons[i], language, lines, first);
}

static GPtrArray *
reasons_for (CriterionCheck *check, const Criterion *criterion, const char *language)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (reason_free);
  if (criterion != NULL)
    add_reasons (check, criterion, language, lines);
  return lines;
}

/* --- Category and services
 * ---------------------------------------------------------------------------- */

/* The first that is met, else the first that people would have to decide. *ret_outcome is of all of
 * them where there is none. */
static const Criterion *
find_category (const EligibilityFlow *flow, CriterionCheck *check, CriterionOutcome *ret_outcome)
{
  const GPtrArray *categories = guide_categories (flow->guide);
  const Criterion *tentative = NULL;
  gboolean open = FALSE;
  for (guint i = 0; i < categories->len; i++) {
    const Criterion *category = g_ptr_array_index (categories, i);
    CriterionOutcome outcome = criterion_check_test (check, category);
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
add_service (CriterionCheck *check, const GuideService *service, const char *language,
             GPtrArray *list)
{
  EligibilityService *line = g_new0 (EligibilityService, 1);
  line->service = service;
  line->stated = service->eligibility != NULL;
  line->outcome =
      line->stated ? criterion_check_test (check, service->eligibility) : CRITERION_OPEN;
  line->reasons = reasons_for (check, service->eligibility, language);
  g_ptr_array_add (list, line);
}

/* Likely ones first; within an outcome the guide's order. */
static GPtrArray *
list_services (const EligibilityFlow *flow, CriterionCheck *check, const char *language,
               guint *ret_likely)
{
  static const CriterionOutcome order[] = {CRITERION_MET, CRITERION_TENTATIVE, CRITERION_OPEN,
                                           CRITERION_NOT_MET};
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  const GPtrArray *services = guide_services (flow->guide);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    if (flow->service == NULL ? service->enabled : service == flow->service)
      add_service (check, service, language, all);
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

/* --- Changes
 * ----------------------------------------------------------------------------------------- */

static void
change_free (gpointer data)
{
  EligibilityChange *change = data;
  g_free (change->text);
  g_free (change->clause);
  g_free (change->remedy);
  g_ptr_array_unref (change->services);
  g_free (change);
}

/* The clause of `condition` below `criterion`: its own, else that of the nearest above it. NULL if
 * it is not there, or has none. */
static char *
clause_below (const Criterion *criterion, const Criterion *condition, const char *inherited,
              const char *language)
{
  g_autofree char *own = clause_of (criterion, language);
  const char *clause = own != NULL ? own : inherited;
  if (criterion == condition)
    return g_strdup (clause);
  for (guint i = 0; i < criterion_n_children (criterion); i++) {
    char *found = clause_below (criterion_child (criterion, i), condition, clause, language);
    if (found != NULL)
      return found;
  }
  return NULL;
}

static EligibilityChange *
change_for (GPtrArray *changes, const GuideService *service, const Criterion *condition,
            const char *language)
{
  for (guint i = 0; i < changes->len; i++)
    if (((EligibilityChange *)g_ptr_array_index (changes, i))->condition == condition)
      return g_ptr_array_index (changes, i);
  EligibilityChange *change = g_new0 (EligibilityChange, 1);
  change->condition = condition;
  change->text = text_of (condition, "text", language);
  change->clause = clause_below (service->eligibility, condition, NULL, language);
  change->remedy = text_of (condition, "remedy", language);
  change->services = g_ptr_array_new ();
  g_ptr_array_add (changes, change);
  return change;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const EligibilityChange *x = *(EligibilityChange *const *)a, *y = *(EligibilityChange *const *)b;
  if (x->services->len != y->services->len)
    return x->services->len < y->services->len ? 1 : -1;
  return g_strcmp0 (criterion_peek_id (x->condition), criterion_peek_id (y->condition));
}

static GPtrArray *
list_changes (const EligibilityFlow *flow, const GPtrArray *services, const char *language)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);
  for (guint i = 0; i < services->len; i++) {
    const EligibilityService *line = g_ptr_array_index (services, i);
    if (!line->stated)
      continue;
    g_autoptr (GPtrArray) conditions = criterion_change_find (
        line->service->eligibility, guide_facts (flow->guide), flow->facts, flow->today);
    for (guint k = 0; k < conditions->len; k++)
      g_ptr_array_add (
          change_for (changes, line->service, g_ptr_array_index (conditions, k), language)
              ->services,
          (gpointer)line->service);
  }
  g_ptr_array_sort (changes, compare_changes);
  return changes;
}

/* --- Record
 * -------------------------------------------------------------------------------------------- */

static void
record_criteria (CriterionCheck *check, const Criterion *criterion, json_t *states)
{
  CriterionOutcome outcome = criterion_check_test (check, criterion);
  json_object_set_new (states, criterion_peek_id (criterion),
                       json_string (criterion_outcome_word (outcome)));
  for (guint i = 0; i < criterion_n_children (criterion); i++)
    record_criteria (check, criterion_child (criterion, i), states);
}

/* {service: [criterion, ...]}: what would open it. */
static json_t *
record_changes (const GPtrArray *changes)
{
  json_t *all = json_object ();
  for (guint i = 0; i < changes->len; i++) {
    const EligibilityChange *change = g_ptr_array_index (changes, i);
    for (guint k = 0; k < change->services->len; k++) {
      const char *service = ((const GuideService *)g_ptr_array_index (change->services, k))->id;
      if (json_object_get (all, service) == NULL)
        json_object_set_new (all, service, json_array ());
      json_array_append_new (json_object_get (all, service),
                             json_string (criterion_peek_id (change->condition)));
    }
  }
  return all;
}

static char *
make_record (const EligibilityFlow *flow, CriterionCheck *check, const EligibilityResult *result)
{
  g_autoptr (json_t) states = json_object ();
  g_autoptr (json_t) services = json_object ();
  for (guint i = 0; flow->service == NULL && i < guide_categories (flow->guide)->len; i++)
    record_criteria (check, g_ptr_array_index (guide_categories (flow->guide), i), states);
  for (guint i = 0; i < result->services->len; i++) {
    const EligibilityService *line = g_ptr_array_index (result->services, i);
    json_object_set_new (services, line->service->id,
                         json_string (criterion_outcome_word (line->outcome)));
    if (line->stated)
      record_criteria (check, line->service->eligibility, states);
  }
  g_autoptr (json_t) record =
      json_pack ("{ss? ss sO ss sO sO so ss}", "category", result->category, "outcome",
                 criterion_outcome_word (result->outcome), "facts", flow->facts, "date",
                 flow->today, "criteria", states, "services", services, "what_if",
                 record_changes (result->changes), "guide", guide_peek_sha256 (flow->guide));
  return strict_json_canonical (record);
}

/* --- The result
 * ----------------------------------------------------------------------------------------- */

/* Any criterion of the guide: it knows the set that all are of. NULL if there is none. */
static const CriterionSet *
criteria_of (const Guide *guide)
{
  const GPtrArray *categories = guide_categories (guide), *services = guide_services (guide);
  if (categories->len > 0)
    return criterion_peek_set (g_ptr_array_index (categories, 0));
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    if (service->eligibility != NULL)
      return criterion_peek_set (service->eligibility);
  }
  return NULL;
}

static void
fill_category (EligibilityResult *result, const EligibilityFlow *flow, CriterionCheck *check,
               const char *language)
{
  const Criterion *category = find_category (flow, check, &result->outcome);
  if (category != NULL) {
    result->category = criterion_peek_id (category);
    result->category_name = text_of (category, "short", language);
    if (result->category_name == NULL)
      result->category_name = text_of (category, "text", language);
    result->clause = clause_of (category, language);
  }
  result->headline = g_strdup (headline_for (result->outcome, language));
  result->reasons = reasons_for (check, category, language);
  const GPtrArray *categories = guide_categories (flow->guide);
  for (guint i = 0; category == NULL && i < categories->len; i++)
    add_reasons (check, g_ptr_array_index (categories, i), language, result->reasons);
}

EligibilityResult *
eligibility_flow_result (const EligibilityFlow *flow, const char *language)
{
  EligibilityResult *result = g_new0 (EligibilityResult, 1);
  const CriterionSet *set = criteria_of (flow->guide);
  g_autoptr (CriterionCheck) check = set == NULL ? NULL : criterion_check_new (set);
  g_autoptr (LogicData) facts =
      set == NULL ? NULL : criterion_set_read (set, flow->facts, flow->today);
  if (check != NULL)
    criterion_check_begin (check, facts);
  fill_category (result, flow, check, language);
  result->services = list_services (flow, check, language, &result->likely);
  result->changes = list_changes (flow, result->services, language);
  result->missing = eligibility_draft_relevant (flow, flow->facts, TRUE);
  result->record = make_record (flow, check, result);
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
  g_ptr_array_unref (result->changes);
  g_ptr_array_unref (result->missing);
  g_free (result->record);
  g_free (result);
}
