/* guide-gate.c: the publish gate: what reads well, and what it says in words; what its rules mean
 * is tried in guide-gate-rules. Changes nothing, and knows neither keys nor packages. */
#include "flow/guide-gate.h"

#include <string.h>

#include "base/file.h"
#include "base/strict-json.h"
#include "domain/guide-read.h"
#include "domain/guide-schema.h"
#include "domain/guide-supplement.h"
#include "flow/guide-gate-rules.h"

static void G_GNUC_PRINTF (2, 3) say (GPtrArray *problems, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_ptr_array_add (problems, g_strdup_vprintf (format, args));
  va_end (args);
}

/* Does JSON pointer `pointer` (no escapes: our keys have none) lead anywhere in `json`? */
static gboolean
leads_somewhere (const json_t *json, const char *pointer)
{
  g_auto (GStrv) steps = g_strsplit (pointer, "/", -1);
  if (steps[0] == NULL || *steps[0] != '\0')
    return FALSE;
  for (guint i = 1; json != NULL && steps[i] != NULL; i++) {
    if (json_is_array (json)) {
      guint64 index;
      json = g_ascii_string_to_unsigned (steps[i], 10, 0, 100000, &index, NULL)
                 ? json_array_get (json, index)
                 : NULL;
    } else {
      json = json_object_get (json, steps[i]);
    }
  }
  return json != NULL;
}

/* Each unconfirmed or sourced pointer leads to a fact, and each source is known. */
static void
check_pointers (const Guide *guide, const GuideService *service, const char *place,
                GPtrArray *problems)
{
  const json_t *list = json_object_get (service->json, "unconfirmed");
  for (gsize i = 0; i < json_array_size (list); i++) {
    const char *pointer = json_string_value (json_array_get (list, i));
    if (pointer == NULL || !leads_somewhere (service->json, pointer))
      say (problems, "%s/unconfirmed/%zu: leads nowhere: %s", place, i, pointer);
  }
  const json_t *sources = json_object_get (service->json, "sources");
  const json_t *known =
      json_object_get (json_object_get (guide_peek_json (guide), "catalog"), "sources");
  for (gsize i = 0; i < json_array_size (sources); i++) {
    const json_t *entry = json_array_get (sources, i);
    const char *name = json_string_value (json_object_get (entry, "source"));
    gboolean found = FALSE;
    for (gsize k = 0; name != NULL && k < json_array_size (known); k++)
      found |= g_strcmp0 (json_string_value (json_object_get (json_array_get (known, k), "id")),
                          name) == 0;
    if (!found)
      say (problems, "%s/sources/%zu: no source is called %s", place, i, name);
    const json_t *of = json_object_get (entry, "of");
    for (gsize k = 0; k < json_array_size (of); k++) {
      const char *pointer = json_string_value (json_array_get (of, k));
      if (pointer == NULL || !leads_somewhere (service->json, pointer))
        say (problems, "%s/sources/%zu: leads nowhere: %s", place, i, pointer);
    }
  }
}

/* Every rule of a form reads answers of that form, and no two fields are called the same. */
static void
check_rule (const GuideService *service, const LogicRule *rule, const char *place, const char *what,
            GPtrArray *problems)
{
  if (rule == NULL)
    return;
  gboolean open;
  for (const char *const *name = logic_facts (rule, &open); *name != NULL; name++)
    if (strcmp (*name, "today") != 0 && guide_field (service, *name) == NULL)
      say (problems, "%s: %s reads \"%s\", which is no field of the form", place, what, *name);
  if (open)
    say (problems, "%s: %s reads a computed name", place, what);
}

static void
check_field (const Guide *guide, const GuideService *service, const GuideField *field,
             const char *place, GPtrArray *problems)
{
  check_rule (service, field->visible_if, place, "visible_if", problems);
  check_rule (service, field->valid_if, place, "valid_if", problems);
  if (guide_field (service, field->id) != field)
    say (problems, "%s: a second field is called \"%s\"", place, field->id);
  const GuideField *fact = field->fact == NULL ? NULL : guide_fact (guide, field->fact);
  if (field->fact != NULL && fact == NULL)
    say (problems, "%s: fills the undeclared fact \"%s\"", place, field->fact);
  if (fact != NULL && fact->type != field->type)
    say (problems, "%s: fills the fact \"%s\" of another type", place, field->fact);
  if (field->valid_if != NULL && field->error == NULL)
    say (problems, "%s: has valid_if, but nothing to say when it fails", place);
}

static void
check_form (const Guide *guide, const GuideService *service, const char *place, GPtrArray *problems)
{
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    g_autofree char *where = g_strdup_printf ("%s/form/%u", place, i);
    check_rule (service, section->visible_if, where, "visible_if", problems);
    for (guint k = 0; k < section->fields->len; k++) {
      g_autofree char *field_place = g_strdup_printf ("%s/fields/%u", where, k);
      check_field (guide, service, g_ptr_array_index (section->fields, k), field_place, problems);
    }
  }
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = g_ptr_array_index (service->materials, i);
    g_autofree char *where = g_strdup_printf ("%s/materials/%u", place, i);
    check_rule (service, material->when, where, "when", problems);
    if (guide_material (service, material->id) != material)
      say (problems, "%s: a second material is called \"%s\"", where, material->id);
    if (material->consent != NULL && !g_strv_contains (service->consents, material->consent))
      say (problems, "%s: its consent \"%s\" is not asked for", where, material->consent);
  }
}

/* Every text of a service that may be applied for here speaks both languages. */
static void
check_languages (const json_t *json, const char *place, GPtrArray *problems)
{
  if (json_is_array (json)) {
    for (gsize i = 0; i < json_array_size (json); i++) {
      g_autofree char *where = g_strdup_printf ("%s/%zu", place, i);
      check_languages (json_array_get (json, i), where, problems);
    }
    return;
  }
  if (!json_is_object (json))
    return;
  if (json_object_get (json, "zh-CN") != NULL) {
    if (json_object_get (json, "en") == NULL)
      say (problems, "%s: has no English text", place);
    return;
  }
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)json, key, value) {
    g_autofree char *where = g_strdup_printf ("%s/%s", place, key);
    check_languages (value, where, problems);
  }
}

static void
check_complete (const GuideService *service, const char *place, GPtrArray *problems)
{
  if (!service->complete)
    return;
  if (service->queue == NULL || strlen (service->queue) != 1)
    say (problems, "%s/queue: names no window family", place);
  if (service->intake_mode == GUIDE_INTAKE_NONE)
    say (problems, "%s/intake_mode: a service with a form says how it is taken in", place);
  if (service->intake_mode == GUIDE_INTAKE_PRECHECK && service->formal_application == NULL)
    say (problems, "%s/formal_application: says nothing of where the formal application goes",
         place);
  if (service->steps->len == 0 || service->contacts->len == 0 || service->consents[0] == NULL)
    say (problems, "%s: has no steps, contacts or consents", place);
  if (guide_limit (service, GUIDE_LIMIT_PROMISED) == NULL)
    say (problems, "%s/limits/promised: says nothing, not even that it is unknown", place);
}

GPtrArray *
guide_gate_check (const Guide *guide)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);
  const GPtrArray *services = guide_services (guide);
  check_languages (guide_peek_json (guide), "", problems);
  for (guint i = 0; i < services->len; i++) {
    const GuideService *service = g_ptr_array_index (services, i);
    g_autofree char *place = g_strdup_printf ("/services/%u", i);
    check_pointers (guide, service, place, problems);
    check_form (guide, service, place, problems);
    check_complete (service, place, problems);
  }
  guide_gate_rules_check (guide, problems);
  return problems;
}

/* --- The gate -----------------------------------------------------------------------------------
 */

/* A text that is no JSON has no schema: guide_parse says what it is. */
static gboolean
check_schema (GBytes *bytes, GPtrArray *problems)
{
  g_autofree char *path = file_asset ("guide/guide.schema.json");
  g_autoptr (GError) error = NULL;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autoptr (json_t) document = guide_read_json (data, length, &error);
  g_autoptr (json_t) schema = document == NULL ? NULL : strict_json_load (path, &error);
  if (schema != NULL)
    guide_schema_check (schema, document, problems);
  else
    say (problems, "/: %s", error->message);
  return schema != NULL;
}

Guide *
guide_gate_pass (GBytes *bytes, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  if (!check_schema (bytes, problems))
    return NULL;
  Guide *guide = guide_parse (data, length, &error);
  if (guide == NULL) {
    say (problems, "%s", error->message);
    return NULL;
  }
  g_autoptr (GPtrArray) found = guide_gate_check (guide);
  g_ptr_array_extend_and_steal (problems, g_steal_pointer (&found));
  return guide;
}

/* What is found in a merged guide, told where it stands in the supplement. */
static char *
in_supplement (const Guide *city, const char *problem)
{
  guint cities = guide_services (city)->len;
  char *rest;
  if (!g_str_has_prefix (problem, "/services/"))
    return g_strdup_printf ("with the city's guide: %s", problem);
  guint64 index = g_ascii_strtoull (problem + strlen ("/services/"), &rest, 10);
  if (index >= cities)
    return g_strdup_printf ("/services/%" G_GUINT64_FORMAT "%s", index - cities, rest);
  const GuideService *service = g_ptr_array_index (guide_services (city), index);
  return g_strdup_printf ("/overrides (%s)%s", service->id, rest);
}

Guide *
guide_gate_pass_supplement (const Guide *city, GBytes *supplement, GPtrArray *problems)
{
  gsize length;
  const void *data = g_bytes_get_data (supplement, &length);
  if (!check_schema (supplement, problems))
    return NULL;
  Guide *merged = guide_supplement_merge (city, data, length, problems);
  if (merged == NULL)
    return NULL;
  g_autoptr (GPtrArray) theirs = guide_gate_check (city), ours = guide_gate_check (merged);
  for (guint i = 0; i < ours->len; i++)
    if (!g_ptr_array_find_with_equal_func (theirs, g_ptr_array_index (ours, i), g_str_equal, NULL))
      g_ptr_array_add (problems, in_supplement (city, g_ptr_array_index (ours, i)));
  return merged;
}
