/* test-eligibility.c: personas through the short check and the checks of single services. */
#include <string.h>

#include "base/error.h"
#include "flow/eligibility-flow.h"
#include "flow/guide-flow.h"
#include "json-text.h"

#define TODAY "2026-11-23"

/* Answers page by page as the persona would; what it does not say is not known. Checks on the way
 * that the bound never goes up, and leaves the flow at the result. */
static guint
walk (EligibilityFlow *flow, const char *persona_text, char **ret_pages)
{
  g_autoptr (json_t) persona = json_text_parse (persona_text);
  g_autoptr (GString) pages = g_string_new (NULL);
  guint asked = 0, bound = G_MAXUINT;
  while (eligibility_flow_page (flow) != NULL) {
    const GPtrArray *page = eligibility_flow_page (flow);
    g_assert_cmpuint (eligibility_flow_step (flow), ==, ++asked);
    g_assert_cmpuint (eligibility_flow_at_most (flow), <=, bound);
    g_assert_cmpuint (eligibility_flow_at_most (flow), >=, asked);
    bound = eligibility_flow_at_most (flow);
    g_assert_false (eligibility_flow_next (flow));
    g_autoptr (GPtrArray) fields = g_ptr_array_copy ((GPtrArray *)page, NULL, NULL);
    for (guint i = 0; i < fields->len; i++) {
      const GuideField *field = g_ptr_array_index (fields, i);
      g_autoptr (json_t) unknown = json_null ();
      json_t *value = json_object_get (persona, field->id);
      g_autoptr (GError) error = NULL;
      eligibility_flow_answer (flow, field->id, value == NULL ? unknown : value, &error);
      g_assert_no_error (error);
      g_string_append_printf (pages, "%s%s", i > 0 ? "+" : asked > 1 ? " " : "", field->id);
    }
    g_assert_true (eligibility_flow_next (flow));
  }
  if (ret_pages != NULL)
    *ret_pages = g_string_free (g_steal_pointer (&pages), FALSE);
  return asked;
}

static const struct {
  const char *name, *persona, *category;
  CriterionOutcome outcome;
  const char *services; /* some of them with their outcome */
} personas[] = {
    {"academician",
     "{\"titles_top\":[\"cae\"],\"identity\":\"other-province\",\"employer_in_suzhou\":true}",
     "category-1", CRITERION_MET,
     "gusu-talent-card=met work-permit=not_met settlement=open tax=met"},
    {"foreign academy",
     "{\"titles_top\":[\"foreign-academy\"],\"titles\":[],\"identity\":\"foreigner\","
     "\"employer_in_suzhou\":true}",
     "category-1", CRITERION_TENTATIVE,
     "gusu-talent-card=tentative work-permit=open residence-exit-entry=met settlement=not_met"},
    {"double title",
     "{\"titles_top\":[],\"titles\":[\"jiangsu-333\",\"jieqing\"],\"identity\":\"jiangsu\","
     "\"employer_in_suzhou\":true}",
     "category-2", CRITERION_MET,
     "gusu-talent-card=met overseas-talent-certificate=not_met medical-care=met"},
    {"equal to a leader",
     "{\"titles_top\":[],\"titles\":[\"gusu-equal\"],\"identity\":\"hk-mo-tw\",\"employer_in_"
     "suzhou\":true}",
     "category-2", CRITERION_TENTATIVE, "gusu-talent-card=tentative work-permit=not_met"},
    {"asks for recognition",
     "{\"titles_top\":[],\"titles\":[],\"equal_level\":true,\"identity\":\"foreigner-permanent\","
     "\"employer_in_suzhou\":true}",
     "category-3", CRITERION_TENTATIVE,
     "gusu-talent-card=tentative work-permit=not_met residence-exit-entry=not_met"},
    {"none",
     "{\"titles_top\":[],\"titles\":[],\"equal_level\":false,\"identity\":\"jiangsu\","
     "\"employer_in_suzhou\":false}",
     NULL, CRITERION_NOT_MET, "gusu-talent-card=not_met settlement=open tax=not_met"},
    {"knows nothing", "{}", NULL, CRITERION_OPEN, "gusu-talent-card=open work-permit=open"},
    {"unsure of titles", "{\"titles_top\":[],\"equal_level\":true,\"identity\":\"jiangsu\"}",
     "category-3", CRITERION_TENTATIVE, "gusu-talent-card=open"},
};

static void
check_services (const EligibilityResult *result, const char *expected)
{
  g_auto (GStrv) pairs = g_strsplit (expected, " ", -1);
  for (char **pair = pairs; *pair != NULL; pair++) {
    g_auto (GStrv) parts = g_strsplit (*pair, "=", 2);
    gboolean found = FALSE;
    for (guint i = 0; i < result->services->len; i++) {
      const EligibilityService *one = g_ptr_array_index (result->services, i);
      if (strcmp (one->service->id, parts[0]) != 0)
        continue;
      found = TRUE;
      g_assert_cmpstr (criterion_outcome_word (one->outcome), ==, parts[1]);
    }
    g_assert_true (found);
  }
}

static void
test_personas (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (personas); i++) {
    g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
    g_autofree char *pages = NULL;
    guint asked = walk (flow, personas[i].persona, &pages);
    g_test_message ("%s: %u pages: %s", personas[i].name, asked, pages);
    g_assert_cmpuint (asked, <=, 5);
    for (int language = 0; language < 2; language++) {
      g_autoptr (EligibilityResult) result =
          eligibility_flow_result (flow, language == 0 ? "zh_CN" : "en");
      if (g_strcmp0 (result->category, personas[i].category) != 0 ||
          result->outcome != personas[i].outcome)
        g_error ("%s: %s, %s", personas[i].name, result->category,
                 criterion_outcome_word (result->outcome));
      g_assert_cmpuint (result->services->len, ==, 20); /* one is not offered */
      check_services (result, personas[i].services);
      for (guint k = 0; k < result->reasons->len; k++) {
        const EligibilityReason *reason = g_ptr_array_index (result->reasons, k);
        g_assert_nonnull (reason->text);
        g_assert_nonnull (reason->clause);
      }
      g_assert_null (strstr (result->headline, "很可能"));
    }
  }
}

static void
test_short (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
  g_autofree char *pages = NULL;
  /* An academician's category is found at once: whether to be recognised as equal is not asked, nor
   * is the employer of somebody who needs no work permit. */
  walk (flow, "{\"titles_top\":[\"cas\"],\"titles\":[],\"identity\":\"jiangsu\"}", &pages);
  g_assert_cmpstr (pages, ==, "titles_top identity titles");
}

static void
test_service (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, "work-permit", TODAY, NULL);
  g_autofree char *pages = NULL;
  walk (flow,
        "{\"identity\":\"foreigner\",\"employer_in_suzhou\":false,\"adult\":true,"
        "\"healthy_clean\":true,\"needed_skill\":true}",
        &pages);
  g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, "zh_CN");
  g_assert_cmpuint (result->services->len, ==, 1);
  const EligibilityService *permit = g_ptr_array_index (result->services, 0);
  g_assert_cmpint (permit->outcome, ==, CRITERION_NOT_MET);
  g_assert_cmpuint (permit->reasons->len, ==, 2);
  const EligibilityReason *why = g_ptr_array_index (permit->reasons, 1);
  g_assert_cmpstr (why->text, ==, "还没有聘用单位");
  g_assert_nonnull (why->remedy);
  g_assert_nonnull (why->clause);
  g_assert_null (eligibility_flow_new (guide, "nothing", TODAY, NULL));
}

static void
test_back (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
  g_autoptr (json_t) none = json_array (), one = json_pack ("[s]", "cas");
  g_autoptr (GError) error = NULL;
  g_assert_false (eligibility_flow_back (flow));
  g_assert_true (eligibility_flow_answer (flow, "titles_top", none, NULL));
  g_assert_true (eligibility_flow_next (flow));
  g_assert_cmpstr (((GuideField *)eligibility_flow_page (flow)->pdata[0])->id, ==, "titles");
  guint bound = eligibility_flow_at_most (flow);
  g_assert_true (eligibility_flow_answer (flow, "titles", none, NULL));
  g_assert_false (eligibility_flow_answer (flow, "titles_top", none, &error)); /* not on screen */
  g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
  g_clear_error (&error);
  g_assert_false (eligibility_flow_answer (flow, "titles", one, &error)); /* no option of it */
  g_assert_true (eligibility_flow_back (flow));
  g_assert_cmpuint (eligibility_flow_step (flow), ==, 1);
  g_assert_nonnull (eligibility_flow_peek_answer (flow, "titles")); /* kept */
  g_assert_null (json_object_get (eligibility_flow_peek_facts (flow), "titles"));
  g_assert_true (eligibility_flow_next (flow)); /* and there again */
  g_assert_cmpstr (((GuideField *)eligibility_flow_page (flow)->pdata[0])->id, ==, "titles");
  g_assert_cmpuint (eligibility_flow_at_most (flow), ==, bound);
  g_assert_nonnull (json_object_get (eligibility_flow_peek_facts (flow), "titles"));
  g_assert_true (eligibility_flow_back (flow));
  g_assert_true (eligibility_flow_answer (flow, "titles_top", one, NULL));
  g_assert_true (eligibility_flow_next (flow)); /* now other questions */
  g_assert_cmpstr (((GuideField *)eligibility_flow_page (flow)->pdata[0])->id, !=, "titles");
  /* What an earlier answer made idle does not count. */
  g_assert_null (json_object_get (eligibility_flow_peek_facts (flow), "titles"));
  eligibility_flow_stop (flow);
  g_assert_null (eligibility_flow_page (flow));
  g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, "en");
  g_assert_cmpstr (result->category, ==, "category-1");
  g_assert_true (eligibility_flow_back (flow));
  g_assert_nonnull (eligibility_flow_page (flow));
}

static void
test_record (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  g_autofree char *first = NULL;
  for (int i = 0; i < 2; i++) {
    g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
    g_autoptr (json_t) facts =
        json_text_parse (i == 0 ? "{\"titles\":[\"bairen\"],\"titles_top\":[],\"identity\":null}"
                                : "{\"identity\":null,\"titles_top\":[],\"titles\":[\"bairen\"]}");
    g_autoptr (GError) error = NULL;
    g_assert_true (eligibility_flow_set_facts (flow, facts, &error));
    g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, i == 0 ? "zh_CN" : "en");
    if (i == 0)
      first = g_strdup (result->record);
    else
      g_assert_cmpstr (result->record, ==, first);
    g_assert_nonnull (strstr (result->record, guide_peek_sha256 (guide)));
    g_assert_nonnull (strstr (result->record, "\"date\":\"" TODAY "\""));
    for (guint k = 0; k < result->missing->len; k++)
      g_assert_cmpstr (((GuideField *)result->missing->pdata[k])->id, !=, "identity");
    g_autoptr (json_t) wrong = json_text_parse ("{\"titles\":\"bairen\"}"),
                       strange = json_text_parse ("{\"who\":1}");
    g_assert_false (eligibility_flow_set_facts (flow, wrong, NULL));
    g_assert_false (eligibility_flow_set_facts (flow, strange, NULL));
  }
}

/* Who has no title may ask to be recognised; who has no employer may find one. */
static void
test_what_if (void)
{
  static const struct {
    const char *facts, *condition, *service;
  } cases[] = {
      {"{\"titles_top\":[],\"titles\":[],\"equal_level\":false,\"identity\":\"jiangsu\","
       "\"employer_in_suzhou\":true}",
       "category-3", "gusu-talent-card"},
      {"{\"titles_top\":[],\"titles\":[\"jieqing\"],\"identity\":\"foreigner\",\"adult\":true,"
       "\"healthy_clean\":true,\"needed_skill\":true,\"employer_in_suzhou\":false}",
       "permit-employer", "work-permit"},
  };
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
    g_autoptr (json_t) facts = json_text_parse (cases[i].facts);
    g_autoptr (GError) error = NULL;
    eligibility_flow_set_facts (flow, facts, &error);
    g_assert_no_error (error);
    g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, "en");
    g_assert_cmpuint (result->changes->len, >, 0);
    const EligibilityChange *change = result->changes->pdata[0];
    g_assert_cmpstr (criterion_peek_id (change->condition), ==, cases[i].condition);
    g_assert_cmpstr (((const GuideService *)change->services->pdata[0])->id, ==, cases[i].service);
    g_assert_nonnull (change->clause);
    g_assert_nonnull (change->remedy);
    g_autoptr (json_t) record = json_text_parse (result->record);
    const json_t *of = json_object_get (json_object_get (record, "what_if"), cases[i].service);
    g_assert_cmpstr (json_string_value (json_array_get (of, 0)), ==, cases[i].condition);
  }
}

/* Stopping counts what is answered, and leaves the rest open; "I do not know" is not asked again,
 * nor after it was carried over. */
static void
test_stop (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  g_autoptr (EligibilityFlow) flow = eligibility_flow_new (guide, NULL, TODAY, NULL);
  g_autoptr (json_t) unknown = json_null (), none = json_array ();
  eligibility_flow_stop (flow); /* with nothing answered */
  g_autoptr (EligibilityResult) first = eligibility_flow_result (flow, "en");
  g_assert_cmpint (first->outcome, ==, CRITERION_OPEN);
  g_assert_true (eligibility_flow_back (flow));
  g_assert_true (eligibility_flow_answer (flow, "titles_top", unknown, NULL));
  g_assert_true (eligibility_flow_next (flow));
  g_assert_true (eligibility_flow_answer (flow, "titles", none, NULL));
  eligibility_flow_stop (flow);
  g_autoptr (EligibilityResult) result = eligibility_flow_result (flow, "en");
  g_assert_cmpint (result->outcome, ==, CRITERION_OPEN);
  g_assert_nonnull (json_object_get (eligibility_flow_peek_facts (flow), "titles"));
  g_assert_cmpuint (result->missing->len, >, 0);
  g_autoptr (EligibilityFlow) again = eligibility_flow_new (guide, NULL, TODAY, NULL);
  g_assert_true (eligibility_flow_set_facts (again, eligibility_flow_peek_facts (flow), NULL));
  g_autofree char *pages = NULL;
  walk (again, "{}", &pages);
  g_assert_null (strstr (pages, "titles"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/eligibility/personas", test_personas);
  g_test_add_func ("/eligibility/short", test_short);
  g_test_add_func ("/eligibility/service", test_service);
  g_test_add_func ("/eligibility/back", test_back);
  g_test_add_func ("/eligibility/record", test_record);
  g_test_add_func ("/eligibility/what-if", test_what_if);
  g_test_add_func ("/eligibility/stop", test_stop);
  return g_test_run ();
}
