/* fuzz-guide.c: Service Guides. One that is read can be walked, evaluated and asked about. */
#include "fuzz.h"

#include <string.h>

#include "base/strict-json.h"
#include "domain/form.h"
#include "domain/guide.h"
#include "domain/material.h"
#include "domain/question.h"

const char *const fuzz_name = "guide";

#define SEED                                                                                       \
  "{\"doc\":{\"kind\":\"guide\",\"scope\":\"320500\",\"version\":1,\"published\":"                 \
  "\"2026-11-23T00:00:00Z\",\"effective_from\":\"2026-11-23\"},\"catalog\":{\"facts\":[{\"id\":"   \
  "\"t\",\"type\":\"multichoice\",\"label\":\"t\",\"options\":[{\"value\":\"x\",\"label\":\"x\"}," \
  "{\"value\":\"y\",\"label\":\"y\"}]},{\"id\":\"b\",\"type\":\"date\",\"label\":\"b\",\"cost\":"  \
  "2}],"                                                                                           \
  "\"criteria\":[{\"id\":\"c\",\"any\":[{\"id\":\"l\",\"logic\":{\"in\":[\"x\",{\"var\":\"t\"}]}}" \
  ",{"                                                                                             \
  "\"id\":\"m\",\"judgement\":true,\"logic\":{\">\":[{\"age_at\":[{\"var\":\"b\"},{\"var\":"       \
  "\"today\"}]},"                                                                                  \
  "18]}}]}],\"categories\":[{\"id\":\"k\",\"ref\":\"c\"}]},\"departments\":[{\"id\":\"d\","        \
  "\"name\":"                                                                                      \
  "\"d\",\"specialists\":[{\"role\":\"A\"}]}],\"notices\":[],\"consents\":[{\"id\":\"o\","         \
  "\"version\":"                                                                                   \
  "\"1\",\"title\":\"o\",\"text\":\"o\",\"if_refused\":\"o\",\"required\":true}],\"services\":[{"  \
  "\"id\":"                                                                                        \
  "\"s\",\"name\":{\"zh-CN\":\"名\",\"en\":\"n\"},\"kind\":\"benefit\",\"enabled\":true,"         \
  "\"basis\":[{"                                                                                   \
  "\"title\":\"b\"}],\"authority\":{\"dept\":\"d\"},\"consents\":[\"o\"],\"eligibility\":{\"id\":" \
  "\"e\","                                                                                         \
  "\"ref\":\"c\"},\"limits\":{\"promised\":[{\"unit\":\"workday\",\"value\":5},{\"unknown\":true}" \
  "]},"                                                                                            \
  "\"form\":[{\"id\":\"f\",\"title\":\"f\",\"fields\":[{\"id\":\"n\",\"type\":\"name\",\"label\":" \
  "\"n\","                                                                                         \
  "\"required\":true},{\"id\":\"t\",\"type\":\"multichoice\",\"fact\":\"t\",\"label\":\"t\","      \
  "\"visible_if\":{\"var\":\"n\"}}]}],\"materials\":[{\"id\":\"m\",\"name\":\"m\",\"required\":"   \
  "\"if\","                                                                                        \
  "\"when\":{\"!!\":{\"var\":\"t\"}},\"form\":[\"copy\"]}],\"unconfirmed\":[\"/limits\"]}]}"

GPtrArray *
fuzz_seeds (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_ptr_array_add (all, g_bytes_new_static (SEED, strlen (SEED)));
  return all;
}

static void
walk (const Guide *guide, const GuideService *service)
{
  g_autoptr (json_t) answers = json_pack ("{ss s[s]}", "n", "SAMPLE", "t", "x");
  g_autoptr (json_t) documents = json_array ();
  g_autoptr (GPtrArray) problems = form_check (service, answers, "2026-11-23");
  g_autoptr (GPtrArray) list = material_list (service, answers, documents);
  for (guint i = 0; i < service->limits->len; i++) {
    g_autofree char *text = guide_limit_text (g_ptr_array_index (service->limits, i), "zh_CN");
    g_assert (text != NULL);
  }
  if (service->eligibility == NULL)
    return;
  g_autoptr (json_t) facts = json_object ();
  const CriterionSet *set = criterion_peek_set (service->eligibility);
  g_autoptr (CriterionCheck) check = criterion_check_new (set);
  g_autoptr (LogicData) data = criterion_set_read (set, facts, "2026-11-23");
  guint n;
  criterion_check_begin (check, data);
  const CriterionReason *lines = criterion_check_explain (check, service->eligibility, &n);
  g_assert (lines[0].outcome == criterion_test (service->eligibility, facts, "2026-11-23"));
  g_autoptr (QuestionPlan) plan = question_plan_new (guide, &service->eligibility, 1);
  g_autoptr (GPtrArray) relevant = question_relevant (plan, facts, "2026-11-23");
}

void
fuzz_one (const guint8 *bytes, gsize length)
{
  g_autoptr (Guide) guide = guide_parse (bytes, length, NULL);
  for (guint i = 0; guide != NULL && i < guide_services (guide)->len; i++)
    walk (guide, g_ptr_array_index (guide_services (guide), i));
}
