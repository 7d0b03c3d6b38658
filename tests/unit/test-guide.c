/* test-guide.c: the shipped guide through every accessor, and guides that are refused. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "flow/guide-flow.h"
#include "flow/guide-gate.h"

static Guide *
load (void)
{
  g_autoptr (GError) error = NULL;
  Guide *guide = guide_flow_load (&error);
  g_assert_no_error (error);
  return guide;
}

static void
test_head (void)
{
  g_autoptr (Guide) guide = load ();
  g_autofree char *path = file_asset ("guide/320500.json");
  g_autoptr (GBytes) bytes = file_read (path, GUIDE_MAX_BYTES, NULL);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_assert_cmpstr (guide_peek_sha256 (guide), ==, sum);
  g_assert_cmpstr (guide_peek_scope (guide), ==, "320500");
  g_assert_cmpuint (guide_version (guide), >=, 1);
  g_assert_true (g_str_has_prefix (guide_peek_published (guide), guide_peek_effective (guide)));
  g_autoptr (GPtrArray) problems = guide_gate_check (guide);
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s", (char *)g_ptr_array_index (problems, i));
  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_services (void)
{
  static const guint sizes[] = {0, 6, 9, 4, 2}; /* Article 4 */
  g_autoptr (Guide) guide = load ();
  g_assert_cmpuint (guide_services (guide)->len, ==, 21);
  for (int group = 1; group <= 4; group++) {
    g_autoptr (GPtrArray) list = guide_group (guide, group);
    g_assert_cmpuint (list->len, ==, sizes[group]);
  }
  guint complete = 0;
  for (guint i = 0; i < 21; i++) {
    const GuideService *service = g_ptr_array_index (guide_services (guide), i);
    gboolean fallback = TRUE;
    g_assert_true (guide_service (guide, service->id) == service);
    g_assert_nonnull (guide_text (service->name, "zh_CN", NULL));
    g_assert_nonnull (guide_text (service->name, "en", &fallback));
    g_assert_false (fallback);
    g_assert_cmpuint (service->basis->len, >=, 1);
    g_assert_true (service->queue != NULL && strchr ("ABC", *service->queue) != NULL);
    complete += service->complete;
    /* The old name of the national programme stands in the policy's own words only. */
    g_assert_null (strstr (guide_text (service->name, "zh_CN", NULL), "千人"));
    if (service->department != NULL)
      g_assert_nonnull (guide_department (guide, service->department));
  }
  g_assert_cmpuint (complete, ==, 8);
  g_assert_null (guide_service (guide, "nothing"));
  g_assert_null (guide_service (guide, NULL));
}

static void
check_complete (const Guide *guide, const char *id, GuideIntakeMode mode)
{
  const GuideService *service = guide_service (guide, id);
  g_assert_nonnull (service);
  g_assert_true (service->complete && service->intake_mode == mode);
  g_assert_cmpuint (service->steps->len, >=, 3);
  g_assert_cmpuint (service->materials->len, >=, 5);
  g_assert_nonnull (service->eligibility);
  const GuideNotice *notice = guide_notice (guide, service->notice);
  g_assert_nonnull (notice);
  g_assert_cmpuint (notice->parts->len, ==, 7);
  guint required = 0, refusable = 0;
  for (const char *const *consent = service->consents; *consent != NULL; consent++) {
    const GuideConsent *found = guide_consent (guide, *consent);
    g_assert_nonnull (found);
    found->required ? required++ : refusable++;
  }
  g_assert_cmpuint (required, >=, 2);
  g_assert_cmpuint (refusable, >=, 2);
  for (guint i = 0; i < service->contacts->len; i++) { /* no invented names, no invented numbers */
    const GuideContact *contact = g_ptr_array_index (service->contacts, i);
    g_assert_true (contact->name == NULL && contact->tel == NULL && contact->unconfirmed);
  }
}

static void
test_complete (void)
{
  g_autoptr (Guide) guide = load ();
  check_complete (guide, "gusu-talent-card", GUIDE_INTAKE_DIRECT);
  check_complete (guide, "overseas-talent-certificate", GUIDE_INTAKE_ON_BEHALF);
  check_complete (guide, "personnel-agency", GUIDE_INTAKE_DIRECT);
  static const char *const prechecks[] = {"work-permit", "professional-title",
                                          "international-qualification", "residence-exit-entry",
                                          "settlement"};
  for (gsize i = 0; i < G_N_ELEMENTS (prechecks); i++) {
    check_complete (guide, prechecks[i], GUIDE_INTAKE_PRECHECK);
    g_assert_nonnull (guide_service (guide, prechecks[i])->formal_application);
  }
  const GuideService *permit = guide_service (guide, "work-permit");
  g_assert_true (permit->for_employer && !permit->for_talent);
  g_assert_cmpstr (guide_service (guide, "business-registration")->queue, ==, "C");
  g_assert_false (guide_service (guide, "returnee-proof")->enabled);
}

static void
test_limits (void)
{
  g_autoptr (Guide) guide = load ();
  const GuideService *card = guide_service (guide, "gusu-talent-card");
  g_autofree char *unknown = guide_limit_text (guide_limit (card, GUIDE_LIMIT_PROMISED), "zh_CN");
  g_assert_cmpstr (unknown, ==, "以窗口答复为准，待市人才服务中心确认");
  g_assert_cmpstr (unknown, ==, guide_unconfirmed_text ("zh_CN"));

  const GuideService *certificate = guide_service (guide, "overseas-talent-certificate");
  const GuideLimit *fifteen = guide_limit (certificate, GUIDE_LIMIT_PROMISED);
  g_assert_false (fifteen->unconfirmed);
  g_autofree char *zh = guide_limit_text (fifteen, "zh_CN");
  g_autofree char *en = guide_limit_text (fifteen, "en");
  g_assert_cmpstr (zh, ==, "收到纸质材料之日起 15 个工作日");
  g_assert_cmpstr (en, ==, "15 working days from receipt of the paper documents");
  g_assert_null (guide_limit (certificate, GUIDE_LIMIT_INTAKE));

  const GuideService *residence = guide_service (guide, "residence-exit-entry");
  g_autofree char *days =
      guide_limit_text (guide_limit (residence, GUIDE_LIMIT_STATUTORY), "zh_CN");
  g_assert_cmpstr (days, ==, "收件之日起 15 日");
  g_assert_true (residence->charged && residence->fees->len == 3 && residence->fees_unconfirmed);

  g_assert_true (guide_service_unconfirmed (card, "/limits/promised"));
  g_assert_true (guide_service_unconfirmed (card, "/materials/2"));
  g_assert_true (guide_service_unconfirmed (card, "/materials/2/name"));
  g_assert_false (guide_service_unconfirmed (card, "/material"));
  g_assert_false (guide_service_unconfirmed (card, "/form"));
  g_assert_true (((const GuideMaterial *)card->materials->pdata[1])->unconfirmed);
  g_assert_false (guide_material (certificate, "photos")->unconfirmed);
  g_assert_true (guide_material (certificate, "degree")->unconfirmed);
}

static void
test_texts (void)
{
  g_autoptr (json_t) both = json_pack ("{ssss}", "zh-CN", "苏州", "en", "Suzhou");
  g_autoptr (json_t) one = json_pack ("{ss}", "zh-CN", "苏州");
  g_autoptr (json_t) plain = json_string ("Suzhou");
  gboolean fallback;
  g_assert_cmpstr (guide_text (both, "zh_CN", &fallback), ==, "苏州");
  g_assert_false (fallback);
  g_assert_cmpstr (guide_text (both, "en", &fallback), ==, "Suzhou");
  g_assert_false (fallback);
  g_assert_cmpstr (guide_text (one, "en", &fallback), ==, "苏州");
  g_assert_true (fallback);
  g_assert_cmpstr (guide_text (plain, "en", &fallback), ==, "Suzhou");
  g_assert_null (guide_text (NULL, "en", NULL));
  g_assert_cmpstr (guide_group_name (GUIDE_GROUP_BENEFIT, "zh_CN"), ==, "待遇落实");
  g_assert_cmpstr (guide_basis_status_text (GUIDE_STATUS_TO_CONFIRM, "zh_CN"), ==,
                   "现行有效情况待确认");
}

/* --- Guides that are refused ---------------------------------------------------------------------
 */

typedef void (*Spoil) (json_t *guide);

static json_t *
service_json (json_t *guide, guint index)
{
  return json_array_get (json_object_get (guide, "services"), index);
}

static void
spoil_kind (json_t *guide)
{
  json_object_set_new (json_object_get (guide, "doc"), "kind", json_string ("menu"));
}

static void
spoil_services (json_t *guide)
{
  json_object_set_new (guide, "services", json_array ());
}

static void
spoil_twin (json_t *guide)
{
  json_object_set_new (service_json (guide, 1), "id", json_string ("gusu-talent-card"));
}

static void
spoil_notice (json_t *guide)
{
  json_object_set_new (service_json (guide, 0), "notice", json_string ("nothing"));
}

static void
spoil_department (json_t *guide)
{
  json_object_set_new (json_object_get (service_json (guide, 0), "authority"), "dept",
                       json_string ("nothing"));
}

static void
spoil_fact (json_t *guide)
{
  json_object_set_new (
      service_json (guide, 0), "eligibility",
      json_pack ("{ss ss s{ss}}", "id", "new", "text", "x", "logic", "var", "undeclared"));
}

static void
spoil_rule (json_t *guide)
{
  json_object_set_new (service_json (guide, 0), "eligibility",
                       json_pack ("{ss ss s{si}}", "id", "new", "text", "x", "logic", "launch", 1));
}

static void
spoil_limit (json_t *guide)
{
  json_object_set_new (json_object_get (service_json (guide, 0), "limits"), "promised",
                       json_pack ("{ss}", "unit", "workday"));
}

static void
spoil_name (json_t *guide)
{
  json_object_set_new (service_json (guide, 0), "name", json_pack ("{ss}", "en", "Card"));
}

static void
spoil_type (json_t *guide)
{
  json_t *field = json_array_get (
      json_object_get (json_array_get (json_object_get (service_json (guide, 0), "form"), 0),
                       "fields"),
      1);
  json_object_set_new (field, "type", json_string ("guess"));
}

static void
test_refused (void)
{
  static const Spoil spoils[] = {spoil_kind, spoil_services,   spoil_twin, spoil_notice,
                                 spoil_fact, spoil_department, spoil_rule, spoil_limit,
                                 spoil_name, spoil_type};
  g_autoptr (Guide) good = load ();
  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++) {
    g_autoptr (json_t) json = json_deep_copy (guide_peek_json (good));
    spoils[i](json);
    g_autofree char *text = strict_json_write (json);
    g_autoptr (GError) error = NULL;
    g_autoptr (Guide) guide = guide_parse (text, strlen (text), &error);
    if (guide != NULL)
      g_error ("spoilt guide %" G_GSIZE_FORMAT " is not refused", i);
    g_assert_true (onestop_error_is (error, ONESTOP_ERROR_INVALID));
    g_test_message ("%s", error->message);
  }
  /* Cut anywhere, it is refused, and nothing worse happens. */
  g_autofree char *whole = strict_json_write (guide_peek_json (good));
  for (gsize cut = 0; cut < strlen (whole); cut += 997)
    g_assert_null (guide_parse (whole, cut, NULL));
}

/* guide_gate_check finds what guide_parse lets pass. */
static void
spoil_pointer (json_t *guide)
{
  json_array_append_new (json_object_get (service_json (guide, 0), "unconfirmed"),
                         json_string ("/nowhere"));
}

static void
spoil_example (json_t *guide)
{
  json_object_set_new (json_array_get (json_object_get (service_json (guide, 0), "examples"), 0),
                       "outcome", json_string ("not_met"));
}

static void
spoil_language (json_t *guide)
{
  json_object_del (json_object_get (service_json (guide, 0), "name"), "en");
}

static void
spoil_when (json_t *guide)
{
  json_t *materials = json_object_get (service_json (guide, 0), "materials");
  json_object_set_new (json_array_get (materials, 2), "when", json_pack ("{ss}", "var", "gone"));
}

/* Rules and materials that cannot mean what was meant. */
static void
set_when (json_t *guide, const char *rule)
{
  json_t *materials = json_object_get (service_json (guide, 0), "materials");
  json_object_set_new (json_array_get (materials, 2), "when",
                       strict_json_parse (rule, strlen (rule), NULL));
}

static void
spoil_option (json_t *guide)
{
  set_when (guide, "{\"in\":[\"shuangchuangg\",{\"var\":\"titles\"}]}");
}

static void
spoil_choice (json_t *guide)
{
  set_when (guide, "{\"!=\":[{\"var\":\"applies_as\"},\"myself\"]}");
}

static void
spoil_order (json_t *guide)
{
  set_when (guide, "{\">\":[{\"var\":\"titles\"},3]}");
}

static void
spoil_truth (json_t *guide)
{
  set_when (guide, "{\"or\":[{\"var\":\"titles\"},{\"var\":\"equal_level\"}]}");
}

static void
spoil_always (json_t *guide)
{
  set_when (guide, "{\"or\":[{\"var\":\"equal_level\"},{\"!\":{\"var\":\"equal_level\"}}]}");
}

static void
spoil_never (json_t *guide)
{
  set_when (guide, "{\"and\":[{\"==\":[{\"var\":\"tell\"},\"both\"]},{\"==\":[{\"var\":\"tell\"},"
                   "\"talent\"]}]}");
}

static void
set_eligibility (json_t *guide, const char *criterion)
{
  json_object_set_new (service_json (guide, 0), "eligibility",
                       strict_json_parse (criterion, strlen (criterion), NULL));
  json_object_set_new (service_json (guide, 0), "examples",
                       json_pack ("[{s{sb} ss},{s{sb} ss},{s{} ss}]", "facts", "equal_level", 1,
                                  "outcome", "met", "facts", "equal_level", 0, "outcome", "not_met",
                                  "facts", "outcome", "open"));
}

static void
spoil_constant (json_t *guide)
{
  set_eligibility (
      guide,
      "{\"id\":\"new\",\"text\":{\"zh-CN\":\"x\",\"en\":\"x\"},\"any\":[{\"id\":\"n1\",\"text\":{"
      "\"zh-CN\":\"x\",\"en\":\"x\"},\"logic\":{\"var\":\"equal_level\"}},{\"id\":\"n2\",\"text\":{"
      "\"zh-CN\":\"x\",\"en\":\"x\"},\"logic\":{\"and\":[{\"==\":[{\"var\":\"identity\"},"
      "\"jiangsu\"]},{\"==\":[{\"var\":\"identity\"},\"foreigner\"]}]}}]}");
}

static void
spoil_examples (json_t *guide)
{
  json_array_clear (json_object_get (service_json (guide, 0), "examples"));
}

static void
test_check_finds (void)
{
  static const struct {
    Spoil spoil;
    const char *says;
  } spoils[] = {{spoil_pointer, "leads nowhere: /nowhere"},
                {spoil_example, "/services/0/examples/0: comes out met, not not_met"},
                {spoil_language, "/services/0/name: has no English text"},
                {spoil_when, "reads \"gone\", which is no field"},
                {spoil_option, "\"titles\" has no option \"shuangchuangg\""},
                {spoil_choice, "\"applies_as\" has no option \"myself\""},
                {spoil_order, "orders numbers or days"},
                {spoil_truth, "or asks for a truth, not for titles"},
                {spoil_always, "/services/0/materials/2/when: is always true"},
                {spoil_never, "/services/0/materials/2/when: is never true"},
                {spoil_constant, "\"n2\" always comes out the same"},
                {spoil_examples, "has 0 examples"}};
  g_autoptr (Guide) good = load ();
  for (gsize i = 0; i < G_N_ELEMENTS (spoils); i++) {
    g_autoptr (json_t) json = json_deep_copy (guide_peek_json (good));
    spoils[i].spoil (json);
    g_autofree char *text = strict_json_write (json);
    g_autoptr (GError) error = NULL;
    g_autoptr (Guide) guide = guide_parse (text, strlen (text), &error);
    g_assert_no_error (error);
    g_autoptr (GPtrArray) problems = guide_gate_check (guide);
    gboolean found = FALSE;
    for (guint k = 0; k < problems->len; k++) {
      const char *problem = g_ptr_array_index (problems, k);
      g_assert_true (g_str_has_prefix (problem, "/services/0"));
      found |= strstr (problem, spoils[i].says) != NULL;
      g_test_message ("%s", problem);
    }
    if (!found)
      g_error ("not found: %s", spoils[i].says);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide/head", test_head);
  g_test_add_func ("/guide/services", test_services);
  g_test_add_func ("/guide/complete", test_complete);
  g_test_add_func ("/guide/limits", test_limits);
  g_test_add_func ("/guide/texts", test_texts);
  g_test_add_func ("/guide/refused", test_refused);
  g_test_add_func ("/guide/check-finds", test_check_finds);
  return g_test_run ();
}
