/* guide.c: the guide as a whole: reading, looking up, wording. Knows which texts people see where
 * the guide is silent; invents none. */
#include "domain/guide.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "domain/guide-read.h"

struct _Guide {
  gatomicrefcount references;
  json_t *json;
  char *sha256;
  const char *scope, *published, *effective;
  guint version;
  GuideReader reader; /* owns everything below */
  GPtrArray *services, *departments, *facts, *notices, *consents, *categories;
  GHashTable *ids; /* "service gusu-talent-card" -> struct; keys owned */
};

/* --- Reading -------------------------------------------------------------------------------------
 */

static void
put (Guide *guide, const char *kind, const char *id, gpointer item, const char *place)
{
  char *key = g_strconcat (kind, " ", id, NULL);
  if (!g_hash_table_insert (guide->ids, key, item))
    guide_read_refuse (&guide->reader, place, "has the id of another");
}

static gpointer
get (const Guide *guide, const char *kind, const char *id)
{
  g_autofree char *key = g_strconcat (kind, " ", id == NULL ? "" : id, NULL);
  return g_hash_table_lookup (guide->ids, key);
}

typedef gpointer (*ReadItem) (GuideReader *reader, const json_t *json, const char *place);

/* Every member of `list`, each in the table under its id (its first member, by agreement of the
 * structs). */
static GPtrArray *
read_all (Guide *guide, const json_t *list, const char *place, const char *kind, ReadItem read)
{
  GPtrArray *array = guide_read_array (&guide->reader);
  for (gsize i = 0; i < json_array_size (list) && guide->reader.error == NULL; i++) {
    g_autofree char *where = g_strdup_printf ("%s/%zu", place, i);
    gpointer item = read (&guide->reader, json_array_get (list, i), where);
    const char *id;
    memcpy (&id, item, sizeof id);
    put (guide, kind, id, item, where);
    g_ptr_array_add (array, item);
  }
  return array;
}

/* Members of `doc`; FALSE with an error that does not say where. */
static gboolean
read_doc (Guide *guide, const json_t *doc, GError **error)
{
  const char *kind = strict_json_string (doc, "kind", error);
  gint64 version;
  if (kind == NULL || !strict_json_int (doc, "version", &version, error) ||
      (guide->scope = strict_json_string (doc, "scope", error)) == NULL ||
      (guide->published = strict_json_string (doc, "published", error)) == NULL ||
      (guide->effective = strict_json_string (doc, "effective_from", error)) == NULL)
    return FALSE;
  if (strcmp (kind, "guide") != 0 || version < 1 || version > G_MAXINT) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "this is no Service Guide");
    return FALSE;
  }
  guide->version = (guint)version;
  return TRUE;
}

static gboolean
read_head (Guide *guide, GError **error)
{
  const json_t *doc = strict_json_object (guide->json, "doc", error);
  if (doc == NULL || !read_doc (guide, doc, error)) {
    g_prefix_error (error, "/doc: ");
    return FALSE;
  }
  if (json_object_get (doc, "base") != NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "/doc/base: this is a supplement, no guide of its own");
    return FALSE;
  }
  return TRUE;
}

/* References from a service to what stands elsewhere in the guide. */
static void
check_references (Guide *guide)
{
  for (guint i = 0; i < guide->services->len; i++) {
    const GuideService *service = g_ptr_array_index (guide->services, i);
    g_autofree char *place = g_strdup_printf ("/services/%u", i);
    if (service->department != NULL && guide_department (guide, service->department) == NULL)
      guide_read_refuse (&guide->reader, place, "names a department that is not there");
    if (service->notice != NULL && guide_notice (guide, service->notice) == NULL)
      guide_read_refuse (&guide->reader, place, "names a notice that is not there");
    for (const char *const *id = service->consents; *id != NULL; id++)
      if (guide_consent (guide, *id) == NULL)
        guide_read_refuse (&guide->reader, place, "names a consent that is not there");
    for (const char *const *id = service->excludes; *id != NULL; id++)
      if (guide_service (guide, *id) == NULL)
        guide_read_refuse (&guide->reader, place, "excludes a service that is not there");
    for (guint k = 0; k < service->materials->len; k++) {
      const GuideMaterial *material = g_ptr_array_index (service->materials, k);
      if (material->consent != NULL && guide_consent (guide, material->consent) == NULL)
        guide_read_refuse (&guide->reader, place, "a material names a consent that is not there");
    }
  }
}

/* Every fact that a criterion reads has a question. */
static void
check_facts (Guide *guide, const Criterion *criterion, const char *place)
{
  for (const char *const *fact = criterion_facts (criterion); *fact != NULL; fact++)
    if (guide_fact (guide, *fact) == NULL) {
      g_autofree char *what = g_strdup_printf ("reads the undeclared fact \"%s\"", *fact);
      guide_read_refuse (&guide->reader, place, what);
    }
}

static void
check_all_facts (Guide *guide)
{
  for (guint i = 0; i < guide->categories->len; i++)
    check_facts (guide, g_ptr_array_index (guide->categories, i), "/catalog/categories");
  for (guint i = 0; i < guide->services->len; i++) {
    const GuideService *service = g_ptr_array_index (guide->services, i);
    g_autofree char *place = g_strdup_printf ("/services/%u/eligibility", i);
    if (service->eligibility != NULL)
      check_facts (guide, service->eligibility, place);
  }
}

static void
read_categories (Guide *guide, const json_t *catalog)
{
  const json_t *list = json_object_get (catalog, "categories");
  guide->categories = guide_read_array (&guide->reader);
  for (gsize i = 0; i < json_array_size (list) && guide->reader.error == NULL; i++) {
    g_autofree char *place = g_strdup_printf ("/catalog/categories/%zu", i);
    const Criterion *category = criterion_set_add (guide->reader.criteria, json_array_get (list, i),
                                                   place, &guide->reader.error);
    if (category != NULL)
      g_ptr_array_add (guide->categories, (gpointer)category);
  }
}

static void
read_body (Guide *guide)
{
  const json_t *json = guide->json, *catalog = json_object_get (json, "catalog");
  guide->facts = read_all (guide, json_object_get (catalog, "facts"), "/catalog/facts", "fact",
                           (ReadItem)guide_read_field);
  guide->reader.facts = guide->facts;
  guide->notices = read_all (guide, json_object_get (json, "notices"), "/notices", "notice",
                             (ReadItem)guide_read_notice);
  guide->consents = read_all (guide, json_object_get (json, "consents"), "/consents", "consent",
                              (ReadItem)guide_read_consent);
  guide->departments = read_all (guide, json_object_get (json, "departments"), "/departments",
                                 "department", (ReadItem)guide_read_department);
  read_categories (guide, catalog);
  guide->services = read_all (guide, json_object_get (json, "services"), "/services", "service",
                              (ReadItem)guide_read_service);
  check_references (guide);
  check_all_facts (guide);
  if (guide->services->len == 0)
    guide_read_refuse (&guide->reader, "/services", "is empty");
}

Guide *
guide_parse (const void *bytes, gsize length, GError **error)
{
  g_autoptr (Guide) guide = g_new0 (Guide, 1);
  g_atomic_ref_count_init (&guide->references);
  guide->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guide->reader.memory = g_ptr_array_new_with_free_func (g_free);
  guide->reader.rules = g_ptr_array_new_with_free_func ((GDestroyNotify)logic_free);
  guide->reader.arrays = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  guide->json = guide_read_json (bytes, length, error);
  if (guide->json == NULL || !read_head (guide, error))
    return NULL;
  guide->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, length);
  json_t *shared = json_object_get (json_object_get (guide->json, "catalog"), "criteria");
  guide->reader.criteria = criterion_set_new (shared, error);
  if (guide->reader.criteria == NULL)
    return NULL;
  read_body (guide);
  if (guide->reader.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&guide->reader.error));
    return NULL;
  }
  return g_steal_pointer (&guide);
}

Guide *
guide_ref (Guide *guide)
{
  g_atomic_ref_count_inc (&guide->references);
  return guide;
}

void
guide_unref (Guide *guide)
{
  if (guide == NULL || !g_atomic_ref_count_dec (&guide->references))
    return;
  criterion_set_free (guide->reader.criteria);
  g_ptr_array_unref (guide->reader.arrays);
  g_ptr_array_unref (guide->reader.rules);
  g_ptr_array_unref (guide->reader.memory);
  g_clear_error (&guide->reader.error);
  g_hash_table_unref (guide->ids);
  g_free (guide->sha256);
  json_decref (guide->json);
  g_free (guide);
}

/* --- Looking up
 * ----------------------------------------------------------------------------------- */

const char *
guide_peek_sha256 (const Guide *guide)
{
  return guide->sha256;
}

guint
guide_version (const Guide *guide)
{
  return guide->version;
}

const char *
guide_peek_scope (const Guide *guide)
{
  return guide->scope;
}

const char *
guide_peek_published (const Guide *guide)
{
  return guide->published;
}

const char *
guide_peek_effective (const Guide *guide)
{
  return guide->effective;
}

const json_t *
guide_peek_json (const Guide *guide)
{
  return guide->json;
}

const GPtrArray *
guide_services (const Guide *guide)
{
  return guide->services;
}

const GPtrArray *
guide_departments (const Guide *guide)
{
  return guide->departments;
}

const GPtrArray *
guide_facts (const Guide *guide)
{
  return guide->facts;
}

const GPtrArray *
guide_categories (const Guide *guide)
{
  return guide->categories;
}

const GuideService *
guide_service (const Guide *guide, const char *id)
{
  return get (guide, "service", id);
}

const GuideDepartment *
guide_department (const Guide *guide, const char *id)
{
  return get (guide, "department", id);
}

const GuideField *
guide_fact (const Guide *guide, const char *id)
{
  return get (guide, "fact", id);
}

const GuideNotice *
guide_notice (const Guide *guide, const char *id)
{
  return get (guide, "notice", id);
}

const GuideConsent *
guide_consent (const Guide *guide, const char *id)
{
  return get (guide, "consent", id);
}

GPtrArray *
guide_group (const Guide *guide, GuideGroup group)
{
  GPtrArray *found = g_ptr_array_new ();
  for (guint i = 0; i < guide->services->len; i++) {
    GuideService *service = g_ptr_array_index (guide->services, i);
    if (service->group == group)
      g_ptr_array_add (found, service);
  }
  return found;
}

const GuideMaterial *
guide_material (const GuideService *service, const char *id)
{
  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = g_ptr_array_index (service->materials, i);
    if (g_strcmp0 (material->id, id) == 0)
      return material;
  }
  return NULL;
}

const GuideField *
guide_field (const GuideService *service, const char *id)
{
  for (guint i = 0; i < service->form->len; i++) {
    const GuideSection *section = g_ptr_array_index (service->form, i);
    for (guint k = 0; k < section->fields->len; k++) {
      const GuideField *field = g_ptr_array_index (section->fields, k);
      if (g_strcmp0 (field->id, id) == 0)
        return field;
    }
  }
  return NULL;
}

const GuideLimit *
guide_limit (const GuideService *service, GuideLimitKind kind)
{
  for (guint i = 0; i < service->limits->len; i++) {
    const GuideLimit *limit = g_ptr_array_index (service->limits, i);
    if (limit->kind == kind)
      return limit;
  }
  return NULL;
}

gboolean
guide_service_unconfirmed (const GuideService *service, const char *pointer)
{
  const json_t *list = json_object_get (service->json, "unconfirmed");
  for (gsize i = 0; i < json_array_size (list); i++) {
    const char *entry = json_string_value (json_array_get (list, i));
    if (entry == NULL || !g_str_has_prefix (pointer, entry))
      continue;
    char next = pointer[strlen (entry)];
    if (next == '\0' || next == '/')
      return TRUE;
  }
  return FALSE;
}

/* --- Wording
 * ---------------------------------------------------------------------------------------- */

const char *
guide_text (const GuideText *text, const char *language, gboolean *ret_fallback)
{
  if (text == NULL)
    return NULL;
  const char *key = translate_guide_key (language);
  const char *found =
      json_string_value (json_is_string (text) ? text : json_object_get (text, key));
  gboolean fallback = found == NULL || *found == '\0' || json_is_string (text);
  if (found == NULL || *found == '\0')
    found = json_string_value (json_object_get (text, "zh-CN"));
  if (ret_fallback != NULL && found != NULL)
    *ret_fallback = fallback && strcmp (key, "zh-CN") != 0;
  return found;
}

const char *
guide_unconfirmed_text (const char *language)
{
  return translate (language,
                    N_ ("Ask at the window: to be confirmed by the talent service centre"));
}

static char *
batch_text (const GuideLimit *limit, const char *language)
{
  if (limit->from == NULL)
    return translate_printf (language, "In batches, until %s", limit->to);
  if (g_strcmp0 (limit->every, "month") == 0)
    return translate_printf (language, "In batches, day %s to %s of each month", limit->from,
                             limit->to);
  return translate_printf (language, "In batches, from %s to %s", limit->from, limit->to);
}

static char *
amount_text (const GuideLimit *limit, const char *language)
{
  int n = (int)limit->value;
  switch (limit->unit) {
  case GUIDE_UNIT_WORKDAY:
    return translate_count (language, "%d working day", "%d working days", n);
  case GUIDE_UNIT_CALENDAR_DAY:
    return translate_count (language, "%d calendar day", "%d calendar days", n);
  case GUIDE_UNIT_MONTH:
    return translate_count (language, "%d month", "%d months", n);
  case GUIDE_UNIT_HOUR:
    return translate_count (language, "%d hour", "%d hours", n);
  case GUIDE_UNIT_IMMEDIATE:
    return g_strdup (translate (language, "On the spot"));
  default:
    return batch_text (limit, language);
  }
}

/* Indexed by GuideStart; each takes the amount. */
static const char *const start_formats[] = {
    NULL,
    N_ ("%s from receipt"),
    N_ ("%s from acceptance for processing"),
    N_ ("%s from submission"),
    N_ ("%s from handing over"),
    N_ ("%s from receipt of the paper documents"),
    N_ ("%s from entry into China"),
    N_ ("%s from the end of publication"),
};

char *
guide_limit_text (const GuideLimit *limit, const char *language)
{
  if (limit == NULL || limit->unknown)
    return g_strdup (guide_unconfirmed_text (language));
  g_autofree char *amount = amount_text (limit, language);
  if (limit->start == GUIDE_START_UNSTATED || limit->unit >= GUIDE_UNIT_IMMEDIATE)
    return g_steal_pointer (&amount);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  char *text = g_strdup_printf (translate (language, start_formats[limit->start]), amount);
#pragma GCC diagnostic pop
  return text;
}

const char *
guide_group_name (GuideGroup group, const char *language)
{
  static const char *const names[] = {N_ ("Recognition"), N_ ("Benefits"), N_ ("Business"),
                                      N_ ("Advice")};
  g_return_val_if_fail (group >= 1 && group <= 4, "");
  return translate (language, names[group - 1]);
}

const char *
guide_intake_mode_word (GuideIntakeMode mode)
{
  static const char *const words[] = {"none", "direct", "on_behalf", "precheck", "consult"};
  return words[mode];
}

const char *
guide_basis_status_text (GuideBasisStatus status, const char *language)
{
  static const char *const texts[] = {N_ ("In force"), N_ ("Replaced"),
                                      N_ ("Whether it is in force is to be confirmed")};
  return translate (language, texts[status]);
}
