/* test-form.c: forms and checklists of the services that may be applied for here, filled rightly
 * and wrongly. */
#include <string.h>

#include "domain/form.h"
#include "domain/material.h"
#include "flow/guide-flow.h"
#include "json-text.h"

#define TODAY "2026-11-23"

/* All synthetic: the numbers are vectors, the people are samples. */
#define CARD_ANSWERS                                                                                \
  "{\"applies_as\":\"self\",\"id_kind\":\"id-cn\",\"name\":\"王示例\","                          \
  "\"id_cn\":\"320505199002280013\",\"phone\":\"13812345678\",\"work_as\":\"employed\","            \
  "\"employer\":\"样例科技（苏州）有限公司\",\"employer_code\":\"913205056082348768\"," \
  "\"titles\":[\"shuangchuang\"],\"tell\":\"both\"}"

static GPtrArray *
problems_with (const Guide *guide, const char *service, const char *answers, const char *key,
               const char *value)
{
  g_autoptr (json_t) all = json_text_parse (answers);
  if (key != NULL && value == NULL)
    json_object_del (all, key);
  else if (key != NULL) {
    g_autofree char *text = g_strdup_printf ("[%s]", value);
    g_autoptr (json_t) list = json_text_parse (text);
    json_object_set (all, key, json_array_get (list, 0));
  }
  return form_check (guide_service (guide, service), all, TODAY);
}

static void
expect (const Guide *guide, const char *service, const char *answers, const char *key,
        const char *value, const char *problem)
{
  g_autoptr (GPtrArray) found = problems_with (guide, service, answers, key, value);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < found->len; i++) {
    const FormProblem *one = g_ptr_array_index (found, i);
    g_assert_true ((one->message != NULL) != (one->text != NULL));
    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "", one->field->id, one->code);
  }
  if (strcmp (text->str, problem) != 0)
    g_error ("%s, %s = %s: \"%s\", not \"%s\"", service, key, value, text->str, problem);
}

static const struct {
  const char *key, *value, *problem;
} card_cases[] = {
    {NULL, NULL, ""},
    {"name", NULL, "name:missing"},
    {"name", "\"王\"", "name:name.too-short"},
    {"name", "\"王A例\"", "name:name.wrong-script"},
    {"name", "\"SAMPLE TEST\"", ""},
    {"name", "7", "name:type"},
    {"id_cn", "\"320505199002280014\"", "id_cn:id-cn.bad-check"},
    {"id_cn", "\"32050519900228001\"", "id_cn:id-cn.too-short"},
    {"employer_code", "\"913205056082348769\"", "employer_code:uscc.bad-check"},
    {"phone", NULL, "phone:rule"},
    {"phone", "\"+4915112345678\"", ""},
    {"phone", "\"12\"", "phone:phone.bad-prefix"},
    {"email", "\"sample@example.org\"", ""},
    {"email", "\"sample\"", "email:email.too-short"},
    {"titles", "[]", "equal_level:rule"},
    {"titles", "[\"shuangchuang\",\"shuangchuang\"]", "titles:choice"},
    {"titles", "[\"mayor\"]", "titles:choice"},
    {"equal_level", "true", "equal_reason:missing"},
    {"applies_as", "\"employer\"", "agent_name:missing agent_phone:missing"},
    {"id_kind", "\"passport\"",
     "name_mrz:missing passport:missing nationality:missing birth:missing"},
    {"tell", "\"nobody\"", "tell:choice"},
    {"post", "\"a\\u0007b\"", "post:bad-character"},
    {"passport", "\"not shown, not checked\"", ""},
};

static void
test_card (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (card_cases); i++)
    expect (guide, "gusu-talent-card", CARD_ANSWERS, card_cases[i].key, card_cases[i].value,
            card_cases[i].problem);
}

#define PERMIT_ANSWERS                                                                               \
  "{\"employer\":\"样例科技（苏州）有限公司\",\"employer_code\":\"913205056082348768\"," \
  "\"agent_name\":\"李示例\",\"phone\":\"13812345678\",\"identity\":\"foreigner\","               \
  "\"name_mrz\":\"SAMPLE TEST\",\"passport\":\"X1234567\",\"passport_until\":\"2031-01-01\","        \
  "\"nationality\":\"DEU\",\"birth\":\"1985-05-05\",\"post\":\"Engineer\",\"where_now\":"            \
  "\"abroad\","                                                                                      \
  "\"stay\":\"long\",\"class\":\"a\",\"degree_level\":\"doctor\",\"experience_years\":12}"

static void
test_permit (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const char *id = "work-permit";
  expect (guide, id, PERMIT_ANSWERS, NULL, NULL, "");
  expect (guide, id, PERMIT_ANSWERS, "identity", "\"hk-mo-tw\"", "identity:rule");
  expect (guide, id, PERMIT_ANSWERS, "birth", "\"2008-11-24\"", "birth:rule");
  expect (guide, id, PERMIT_ANSWERS, "birth", "\"2008-11-23\"", "");
  expect (guide, id, PERMIT_ANSWERS, "birth", "\"2026-11-24\"", "birth:too-late");
  expect (guide, id, PERMIT_ANSWERS, "birth", "\"1985-02-30\"", "birth:bad-date");
  expect (guide, id, PERMIT_ANSWERS, "passport_until", "\"2026-11-22\"",
          "passport_until:too-early");
  expect (guide, id, PERMIT_ANSWERS, "nationality", "\"XQX\"", "nationality:country");
  expect (guide, id, PERMIT_ANSWERS, "name_mrz", "\"样例\"", "name_mrz:name.wrong-script");
  expect (guide, id, PERMIT_ANSWERS, "experience_years", "71", "experience_years:too-large");
  expect (guide, id, PERMIT_ANSWERS, "experience_years", "\"3\"", "experience_years:number");
}

/* What another answer hides does not count, whatever was typed before. */
static void
test_hidden (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const GuideService *permit = guide_service (guide, "work-permit");
  g_autoptr (json_t) answers = json_text_parse (PERMIT_ANSWERS);
  json_object_set_new (answers, "class_a_commitment", json_true ());
  const GuideField *commitment = guide_field (permit, "class_a_commitment");
  g_assert_true (form_visible (permit, commitment, answers));
  json_object_set_new (answers, "class", json_string ("b"));
  g_assert_false (form_visible (permit, commitment, answers));
  g_autoptr (json_t) part = form_part (permit, answers, GUIDE_PART_ANSWERS);
  g_assert_null (json_object_get (part, "class_a_commitment"));
  g_assert_nonnull (json_object_get (part, "class"));
  g_assert_null (json_object_get (part, "passport"));
  g_autoptr (json_t) person = form_part (permit, answers, GUIDE_PART_ON_BEHALF);
  g_assert_cmpstr (json_string_value (json_object_get (person, "passport")), ==, "X1234567");
  g_autoptr (json_t) employer = form_part (permit, answers, GUIDE_PART_APPLICANT);
  g_assert_cmpuint (json_object_size (employer), ==, 4);

  g_autoptr (GError) error = NULL;
  g_assert_true (form_only_known (permit, answers, NULL));
  json_object_set_new (answers, "stranger", json_true ());
  g_assert_false (form_only_known (permit, answers, &error));
  g_assert_nonnull (strstr (error->message, "stranger"));
}

static void
test_facts (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const GuideService *card = guide_service (guide, "gusu-talent-card");
  g_autoptr (json_t) answers = json_text_parse (CARD_ANSWERS);
  g_autoptr (json_t) facts = form_facts (card, answers);
  g_autofree char *text = strict_json_canonical (facts);
  g_assert_cmpstr (text, ==, "{\"titles\":[\"shuangchuang\"]}");
  json_object_set_new (facts, "titles_top", json_pack ("[s]", "no-such-title"));
  g_autoptr (json_t) back = form_prefill (card, facts);
  g_autofree char *filled = strict_json_canonical (back);
  g_assert_cmpstr (filled, ==, "{\"titles\":[\"shuangchuang\"]}");
  const GuideField *titles = guide_field (card, "titles");
  g_assert_true (titles->options == guide_fact (guide, "titles")->options);
  g_autoptr (json_t) two = json_pack ("[ss]", "jieqing", "shuangchuang");
  g_autofree char *words = form_value_text (titles, two, "zh_CN");
  g_assert_cmpstr (words, ==, "国家杰出青年科学基金获得者；江苏省“双创人才”");
  g_assert_null (form_value_text (titles, NULL, "en"));
}

static char *
list_text (const GuideService *service, json_t *answers, const char *documents)
{
  g_autoptr (json_t) there = json_text_parse (documents);
  g_autoptr (GPtrArray) list = material_list (service, answers, there);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++) {
    const MaterialLine *line = g_ptr_array_index (list, i);
    g_string_append_printf (text, "%s%s:%c", i > 0 ? " " : "", line->material->id,
                            "-oMDuP"[line->state]);
  }
  g_string_append_printf (text, " | %u of %u", material_missing (list), material_needed (list));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_materials (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const GuideService *card = guide_service (guide, "gusu-talent-card");
  g_autoptr (json_t) answers = json_text_parse (CARD_ANSWERS);
  g_autofree char *none = list_text (card, answers, "[]");
  g_assert_cmpstr (none, ==,
                   "application-form:- identity:M title-proof:M equal-proof:- employment:M "
                   "photo:M mandate:- | 4 of 4");
  g_autofree char *some = list_text (card, answers,
                                     "[{\"slot\":\"identity\"},{\"slot\":\"identity\"},"
                                     "{\"slot\":\"photo\"},{\"slot\":\"stranger\"}]");
  g_assert_cmpstr (some, ==,
                   "application-form:- identity:P title-proof:M equal-proof:- employment:M "
                   "photo:P mandate:- | 2 of 4");
  json_object_set_new (answers, "applies_as", json_string ("relative"));
  json_object_del (answers, "titles");
  json_object_set_new (answers, "equal_level", json_true ());
  g_autofree char *other = list_text (card, answers, "[]");
  g_assert_cmpstr (other, ==,
                   "application-form:- identity:M title-proof:- equal-proof:M employment:M "
                   "photo:M mandate:M | 5 of 5");
  g_autoptr (json_t) nothing = json_object ();
  g_autofree char *early = list_text (card, nothing, "[]");
  g_assert_cmpstr (early, ==,
                   "application-form:- identity:M title-proof:- equal-proof:- employment:M "
                   "photo:M mandate:u | 3 of 3");
}

static void
test_certificate_materials (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const GuideService *certificate = guide_service (guide, "overseas-talent-certificate");
  g_autoptr (json_t) answers = json_text_parse (
      "{\"applies_as\":\"self\",\"matter\":\"first\",\"spouse\":true,\"children\":2}");
  g_autofree char *first = list_text (certificate, answers, "[]");
  g_assert_nonnull (strstr (first, "degree:M experience:M employer-request:-"));
  g_assert_nonnull (strstr (first, "marriage:M birth:M"));
  json_object_set_new (answers, "matter", json_string ("change"));
  g_autofree char *change = list_text (certificate, answers, "[]");
  g_assert_nonnull (strstr (change, "change-form:M change-proof:M certificate:M"));
  g_assert_nonnull (strstr (change, "degree:- experience:- employer-request:- employment:-"));
  g_assert_nonnull (strstr (change, "marriage:- birth:-")); /* the family section is hidden */
}

#define PERSON                                                                                     \
  "\"applies_as\":\"self\",\"id_kind\":\"id-cn\",\"name\":\"王示例\","                          \
  "\"id_cn\":\"320505199002280013\",\"phone\":\"13812345678\",\"tell\":\"both\","
#define EMPLOYER                                                                                   \
  "\"employer\":\"样例科技（苏州）有限公司\",\"employer_code\":\"913205056082348768\","

/* A form filled rightly, changed in one place: what is then said, and what must be brought. */
static const struct {
  const char *service, *answers, *key, *value, *problem, *materials;
} others[] = {
    {"professional-title",
     "{" PERSON EMPLOYER
     "\"way\":\"review\",\"title_wanted\":\"senior-full\",\"speciality\":\"SAMPLE\"}",
     NULL, NULL, "",
     "identity:M degree:M degree-verification:- employment:M insurance:M achievements:M training:M "
     "publication:o mandate:- | 6 of 6"},
    {"professional-title",
     "{" PERSON EMPLOYER
     "\"way\":\"review\",\"title_wanted\":\"senior-full\",\"speciality\":\"SAMPLE\","
     "\"overseas_degree\":true}",
     "speciality", NULL, "speciality:missing",
     "identity:M degree:M degree-verification:M employment:M insurance:M achievements:M training:M "
     "publication:o mandate:- | 7 of 7"},
    {"international-qualification",
     "{" PERSON EMPLOYER "\"qualification_name\":\"SAMPLE\",\"qualification_issuer\":\"SAMPLE\","
     "\"qualification_date\":\"2020-01-01\"}",
     "qualification_date", "\"2026-11-24\"", "qualification_date:too-late",
     "certificate:M issuer-proof:M identity:M employment:M insurance:M mandate:- | 5 of 5"},
    {"residence-exit-entry",
     "{\"applies_as\":\"self\",\"matter\":\"first\",\"kind\":\"work\",\"entry_date\":\"2026-11-"
     "20\","
     "\"age_group\":\"adult\",\"identity\":\"foreigner\",\"name_mrz\":\"SAMPLE "
     "TEST\",\"passport\":\"X1234567\"," EMPLOYER
     "\"nationality\":\"DEU\",\"birth\":\"1985-05-05\",\"phone\":\"13812345678\",\"tell\":"
     "\"both\"}",
     NULL, NULL, "",
     "report:M passport:M lodging:M licence:M work-permit:M health:M kinship:- photo:M | 7 of 7"},
    {"residence-exit-entry",
     "{\"applies_as\":\"self\",\"matter\":\"extend\",\"kind\":\"family\",\"permit_until\":\"2027-"
     "01-20\","
     "\"identity\":\"foreigner\",\"name_mrz\":\"SAMPLE TEST\",\"passport\":\"X1234567\"," EMPLOYER
     "\"nationality\":\"DEU\",\"birth\":\"1985-05-05\",\"phone\":\"13812345678\",\"tell\":"
     "\"both\"}",
     "birth", "\"2012-11-24\"", "birth:rule",
     "report:M passport:M lodging:M licence:M work-permit:- health:- kinship:M photo:M | 6 of 6"},
    {"settlement",
     "{\"applies_as\":\"self\",\"identity\":\"other-province\",\"name\":\"王示例\","
     "\"id_cn\":\"320505199002280013\",\"phone\":\"13812345678\",\"way\":\"intending\","
     "\"by_what\":\"degree\",\"education\":\"master\",\"tell\":\"talent\"}",
     NULL, NULL, "",
     "identity:M household:M degree:M degree-record:M title:- skill:- employer-proof:- mandate:- | "
     "4 of 4"},
    {"settlement",
     "{\"applies_as\":\"self\",\"identity\":\"other-province\",\"name\":\"王示例\","
     "\"id_cn\":\"320505199002280013\",\"phone\":\"13812345678\",\"way\":\"employed\"," EMPLOYER
     "\"by_what\":\"skill\",\"skill_level\":\"level-2\",\"tell\":\"talent\"}",
     "identity", "\"hk-mo-tw\"", "identity:rule",
     "identity:M household:M degree:- degree-record:- title:- skill:M employer-proof:M mandate:- | "
     "4 of 4"},
    {"personnel-agency",
     "{\"applies_as\":\"self\",\"matter\":\"file\",\"file_keeper\":\"SAMPLE\",\"name\":\"王示例\","
     "\"id_cn\":\"320505199002280013\",\"phone\":\"13812345678\",\"tell\":\"talent\"}",
     NULL, NULL, "",
     "identity:M employment:M transfer-letter:- licence:- agreement:- mandate:- | 2 of 2"},
    {"personnel-agency",
     "{\"applies_as\":\"employer\",\"agent_name\":\"李示例\",\"agent_phone\":\"13812345678\","
     "\"matter\":\"proxy\",\"name\":\"李示例\",\"phone\":\"13812345678\"," EMPLOYER
     "\"tell\":\"employer\"}",
     "employer", NULL, "employer:missing",
     "identity:- employment:- transfer-letter:- licence:M agreement:M mandate:M | 3 of 3"},
};

static void
test_others (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    const GuideService *service = guide_service (guide, others[i].service);
    g_autoptr (json_t) answers = json_text_parse (others[i].answers);
    g_autoptr (GError) error = NULL;
    form_only_known (service, answers, &error);
    g_assert_no_error (error);
    expect (guide, others[i].service, others[i].answers, NULL, NULL, "");
    expect (guide, others[i].service, others[i].answers, others[i].key, others[i].value,
            others[i].problem);
    g_autofree char *list = list_text (service, answers, "[]");
    g_assert_cmpstr (list, ==, others[i].materials);
  }
}

static void
test_refusal (void)
{
  g_autoptr (Guide) guide = guide_flow_load (NULL);
  const GuideService *card = guide_service (guide, "gusu-talent-card");
  g_autoptr (json_t) answers = json_text_parse (CARD_ANSWERS);
  g_autoptr (json_t) there = json_text_parse ("[{\"slot\":\"photo\"}]");
  g_autoptr (GPtrArray) list = material_list (card, answers, there);
  const MaterialLine *identity = g_ptr_array_index (list, 1), *photo = g_ptr_array_index (list, 5);
  g_assert_null (material_refusal (identity, "application/pdf", 1000));
  g_assert_nonnull (material_refusal (identity, "text/plain", 1000));
  g_assert_nonnull (material_refusal (identity, "image/jpeg", 20u * 1024 * 1024 + 1));
  g_assert_true (photo->full);
  g_assert_nonnull (material_refusal (photo, "image/jpeg", 1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/form/card", test_card);
  g_test_add_func ("/form/permit", test_permit);
  g_test_add_func ("/form/hidden", test_hidden);
  g_test_add_func ("/form/facts", test_facts);
  g_test_add_func ("/material/card", test_materials);
  g_test_add_func ("/material/certificate", test_certificate_materials);
  g_test_add_func ("/form/others", test_others);
  g_test_add_func ("/material/refusal", test_refusal);
  return g_test_run ();
}
