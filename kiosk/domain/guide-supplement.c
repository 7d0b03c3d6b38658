/* guide-supplement.c: lays a district's document over the city's. Refuses whatever would take
 * something away, loosen a promise or touch what only the city may say. */
#include "domain/guide-supplement.h"

#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/guide-read.h"

#define DAYS_OF_SHORTEST_MONTH 28
#define HOURS_OF_DAY 24

static void G_GNUC_PRINTF (3, 4)
    say (GPtrArray *problems, const char *place, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (problems, g_strdup_printf ("%s: %s", place, what));
}

static const char *
text_of (const json_t *json, const char *key)
{
  return strict_json_peek (json, key, NULL);
}

gboolean
guide_supplement_is (const json_t *document)
{
  const json_t *doc = json_object_get (document, "doc");
  return json_object_get (doc, "base") != NULL ||
         g_strcmp0 (text_of (doc, "scope"), GUIDE_CITY_SCOPE) != 0;
}

json_t *
guide_supplement_patch (const json_t *target, const json_t *patch)
{
  if (!json_is_object (patch))
    return json_deep_copy (patch);
  json_t *result = json_is_object (target) ? json_copy ((json_t *)target) : json_object ();
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)patch, key, value) {
    if (json_is_null (value))
      json_object_del (result, key);
    else
      json_object_set_new (result, key,
                           guide_supplement_patch (json_object_get (target, key), value));
  }
  return result;
}

/* --- Limits -------------------------------------------------------------------------------------
 */

/* May `value` stand where the city says `city`? What the city leaves unsaid may be said. */
static gboolean
same_or_unsaid (const json_t *city, const json_t *value)
{
  return city == NULL || (value != NULL && json_equal (city, value));
}

static gboolean
not_more_time (const json_t *city, const json_t *own)
{
  const char *from = text_of (city, "unit"), *to = text_of (own, "unit");
  json_int_t most = json_integer_value (json_object_get (city, "value"));
  json_int_t value = json_integer_value (json_object_get (own, "value"));
  if (g_strcmp0 (to, "immediate") == 0)
    return TRUE;
  if (value < 1 || most < 1 || most > G_MAXINT)
    return FALSE;
  if (g_strcmp0 (from, to) == 0)
    return value <= most;
  if (g_strcmp0 (from, "month") == 0)
    most *= DAYS_OF_SHORTEST_MONTH;
  else if (g_strcmp0 (from, "workday") != 0 && g_strcmp0 (from, "calendar_day") != 0)
    return FALSE;
  if (g_strcmp0 (to, "calendar_day") == 0)
    return value <= most;
  return g_strcmp0 (to, "hour") == 0 && value <= most * HOURS_OF_DAY;
}

static void
check_limit (const json_t *city, const json_t *own, const char *place, GPtrArray *problems)
{
  if (json_equal (city, own) || json_is_true (json_object_get (city, "unknown")))
    return;
  if (json_is_true (json_object_get (own, "unknown")))
    say (problems, place, "takes back a limit that the city states");
  else if (g_strcmp0 (text_of (city, "unit"), "batch") == 0 ||
           g_strcmp0 (text_of (own, "unit"), "batch") == 0)
    say (problems, place, "changes a window of days");
  else if (!same_or_unsaid (json_object_get (city, "start"), json_object_get (own, "start")))
    say (problems, place, "counts from elsewhere than the city's limit");
  else if (!same_or_unsaid (json_object_get (city, "text"), json_object_get (own, "text")) ||
           !same_or_unsaid (json_object_get (city, "basis"), json_object_get (own, "basis")))
    say (problems, place, "changes the text or the basis of the city's limit");
  else if (!not_more_time (city, own))
    say (problems, place, "loosens the city's limit");
}

static void
check_limits (const json_t *city, const json_t *merged, const json_t *patch, const char *place,
              GPtrArray *problems)
{
  g_autofree char *where = g_strconcat (place, "/limits", NULL);
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *)patch, key, value)
    if (strcmp (key, "promised") != 0)
      say (problems, where, "only the promised limit may be tightened, not \"%s\"", key);
  const json_t *theirs = json_object_get (json_object_get (city, "limits"), "promised");
  const json_t *ours = json_object_get (json_object_get (merged, "limits"), "promised");
  gsize n = json_is_array (theirs) ? json_array_size (theirs) : theirs != NULL;
  gsize m = json_is_array (ours) ? json_array_size (ours) : ours != NULL;
  if (theirs != NULL && n != m)
    say (problems, where, "the city promises %zu limits, the district %zu", n, m);
  for (gsize i = 0; n == m && i < n; i++)
    check_limit (json_is_array (theirs) ? json_array_get (theirs, i) : theirs,
                 json_is_array (ours) ? json_array_get (ours, i) : ours, where, problems);
}

/* --- Lists --------------------------------------------------------------------------------------
 */

static gboolean
at_promised (const json_t *pointer)
{
  const char *text = json_string_value (pointer);
  return text != NULL && g_str_has_prefix (text, "/limits/promised") &&
         (text[16] == '\0' || text[16] == '/');
}

/* Does a source that the district adds speak of the promised limit? */
static gboolean
sources_limit (const json_t *city, const json_t *patch)
{
  const json_t *sources = json_object_get (patch, "sources");
  for (gsize i = json_array_size (json_object_get (city, "sources")); i < json_array_size (sources);
       i++) {
    const json_t *of = json_object_get (json_array_get (sources, i), "of");
    for (gsize k = 0; k < json_array_size (of); k++)
      if (at_promised (json_array_get (of, k)))
        return TRUE;
  }
  return FALSE;
}

static void
check_list (const json_t *city, const json_t *patch, const char *key, const char *place,
            GPtrArray *problems)
{
  const json_t *theirs = json_object_get (city, key), *ours = json_object_get (patch, key);
  gboolean confirms = strcmp (key, "unconfirmed") == 0 &&
                      json_object_get (patch, "limits") != NULL && sources_limit (city, patch);
  gsize at = 0;
  for (gsize i = 0; i < json_array_size (theirs); i++) {
    const json_t *entry = json_array_get (theirs, i), *own = json_array_get (ours, at);
    if (own != NULL && json_equal (entry, own))
      at++;
    else if (!confirms || !at_promised (entry)) {
      say (problems, place, "%s: the city's entry %zu is not there, or not in its place", key, i);
      return;
    }
  }
}

/* --- Overrides ----------------------------------------------------------------------------------
 */

static gboolean
has_null (const json_t *json)
{
  const char *key;
  json_t *value;
  if (json_is_array (json)) {
    for (gsize i = 0; i < json_array_size (json); i++)
      if (has_null (json_array_get (json, i)))
        return TRUE;
  }
  json_object_foreach ((json_t *)json, key, value)
    if (has_null (value))
      return TRUE;
  return json_is_null (json);
}

static void
check_patch (const json_t *city, const json_t *patch, const json_t *merged, const char *place,
             GPtrArray *problems)
{
  static const char *const lists[] = {"channels", "contacts",    "complaints", "faq",
                                      "sources",  "unconfirmed", NULL};
  const char *key;
  json_t *value;
  if (has_null (patch))
    say (problems, place, "null would take away what the city says");
  json_object_foreach ((json_t *)patch, key, value) {
    gboolean list = g_strv_contains (lists, key);
    if (list && !json_is_array (value))
      say (problems, place, "%s is no list", key);
    else if (list)
      check_list (city, patch, key, place, problems);
    else if (strcmp (key, "limits") == 0 && json_is_object (value))
      check_limits (city, merged, value, place, problems);
    else
      say (problems, place, "a district may not touch \"%s\"", key);
  }
}

/* The index of the service called `id`, or -1. */
static gssize
find_service (const json_t *services, const char *id)
{
  for (gsize i = 0; id != NULL && i < json_array_size (services); i++)
    if (g_strcmp0 (text_of (json_array_get (services, i), "id"), id) == 0)
      return (gssize)i;
  return -1;
}

static void
apply_overrides (json_t *merged, const json_t *city, const json_t *overrides, GPtrArray *problems)
{
  json_t *services = json_object_get (merged, "services");
  const json_t *originals = json_object_get (city, "services");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize i = 0; i < json_array_size (overrides); i++) {
    const json_t *override = json_array_get (overrides, i);
    const json_t *patch = json_object_get (override, "patch");
    const char *id = text_of (override, "service");
    g_autofree char *place = g_strdup_printf ("/overrides/%zu", i);
    gssize at = find_service (originals, id);
    if (at < 0 || !json_is_object (patch)) {
      say (problems, place, "names no service of the city, or has no patch: %s",
           id == NULL ? "" : id);
      continue;
    }
    if (!g_hash_table_add (seen, (gpointer)id))
      say (problems, place, "a second patch of %s", id);
    const json_t *original = json_array_get (originals, (gsize)at);
    json_t *changed = guide_supplement_patch (original, patch);
    g_autofree char *where = g_strconcat (place, "/patch", NULL);
    check_patch (original, patch, changed, where, problems);
    json_array_set_new (services, (gsize)at, changed);
  }
}

/* --- Own things ---------------------------------------------------------------------------------
 */

/* Puts the district's members of `list` behind the city's; each has an id that begins with
 * `prefix`. */
static void
append_own (json_t *merged, const json_t *supplement, const char *key, const char *place,
            const char *prefix, GPtrArray *problems)
{
  const json_t *own = json_object_get (supplement, key);
  if (own != NULL && !json_is_array (own))
    say (problems, place, "%s is no list", key);
  for (gsize i = 0; i < json_array_size (own); i++) {
    json_t *item = json_array_get (own, i);
    const char *id = text_of (item, "id");
    g_autofree char *where = g_strdup_printf ("%s/%s/%zu", place, key, i);
    if (id == NULL || !g_str_has_prefix (id, prefix) || id[strlen (prefix)] == '\0')
      say (problems, where, "is called \"%s\", not \"%s...\"", id == NULL ? "" : id, prefix);
    if (json_object_get (merged, key) == NULL)
      json_object_set_new (merged, key, json_array ());
    json_array_append (json_object_get (merged, key), item);
  }
}

/* The criteria inside a criterion are called as the district's, too. */
static void
check_own_criteria (const json_t *criterion, const char *place, const char *prefix,
                    GPtrArray *problems)
{
  const char *id = text_of (criterion, "id");
  if (criterion == NULL)
    return;
  if (id == NULL || !g_str_has_prefix (id, prefix))
    say (problems, place, "a criterion is called \"%s\", not \"%s...\"", id == NULL ? "" : id,
         prefix);
  const json_t *lists[] = {json_object_get (criterion, "all"), json_object_get (criterion, "any"),
                           json_object_get (json_object_get (criterion, "at_least"), "of")};
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (gsize k = 0; k < json_array_size (lists[i]); k++)
      check_own_criteria (json_array_get (lists[i], k), place, prefix, problems);
}

static void
add_own (json_t *merged, const json_t *supplement, const char *scope, GPtrArray *problems)
{
  static const char *const lists[] = {"departments", "notices", "consents", "services"};
  g_autofree char *prefix = g_strdup_printf ("d%s.", scope);
  g_autofree char *fact_prefix = g_strdup_printf ("d%s_", scope);
  json_t *catalog = json_object_get (merged, "catalog");
  const json_t *own = json_object_get (supplement, "catalog");
  if (json_array_size (json_object_get (own, "categories")) > 0)
    say (problems, "/catalog/categories", "the categories are the city's alone");
  append_own (catalog, own, "facts", "/catalog", fact_prefix, problems);
  append_own (catalog, own, "criteria", "/catalog", prefix, problems);
  append_own (catalog, own, "sources", "/catalog", prefix, problems);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    append_own (merged, supplement, lists[i], "", prefix, problems);
  const json_t *criteria = json_object_get (own, "criteria");
  for (gsize i = 0; i < json_array_size (criteria); i++)
    check_own_criteria (json_array_get (criteria, i), "/catalog/criteria", prefix, problems);
  const json_t *services = json_object_get (supplement, "services");
  for (gsize i = 0; i < json_array_size (services); i++) {
    g_autofree char *place = g_strdup_printf ("/services/%zu/eligibility", i);
    check_own_criteria (json_object_get (json_array_get (services, i), "eligibility"), place,
                        prefix, problems);
  }
}

/* --- The whole ----------------------------------------------------------------------------------
 */

static gboolean
is_district (const char *scope)
{
  return scope != NULL && strlen (scope) == 6 && g_str_has_prefix (scope, "3205") &&
         g_ascii_isdigit (scope[4]) && g_ascii_isdigit (scope[5]) &&
         strcmp (scope, GUIDE_CITY_SCOPE) != 0;
}

/* The head of a supplement for this city document; FALSE with the problem. */
static gboolean
check_head (const Guide *city, const json_t *supplement, GPtrArray *problems)
{
  const json_t *doc = json_object_get (supplement, "doc"), *base = json_object_get (doc, "base");
  guint before = problems->len;
  if (g_strcmp0 (text_of (doc, "kind"), "guide") != 0 || text_of (doc, "published") == NULL ||
      text_of (doc, "effective_from") == NULL ||
      json_integer_value (json_object_get (doc, "version")) < 1)
    say (problems, "/doc", "this is no Service Guide");
  if (!is_district (text_of (doc, "scope")))
    say (problems, "/doc/scope", "is no district of the city");
  if (!json_is_object (base))
    say (problems, "/doc/base", "is bound to no city document");
  else if (g_strcmp0 (text_of (base, "sha256"), guide_peek_sha256 (city)) != 0)
    say (problems, "/doc/base/sha256",
         "is bound to another city document than version %u (%s): to be confirmed again",
         guide_version (city), guide_peek_sha256 (city));
  else if (json_integer_value (json_object_get (base, "version")) != guide_version (city))
    say (problems, "/doc/base/version", "is not the version of the city document");
  return problems->len == before;
}

static json_t *
merge (const Guide *city, const json_t *supplement, const char *sha256, GPtrArray *problems)
{
  const json_t *doc = json_object_get (supplement, "doc");
  json_t *merged = json_deep_copy (guide_peek_json (city));
  json_object_set_new (json_object_get (merged, "doc"), "supplement",
                       json_pack ("{ss sO ss ss}", "scope", text_of (doc, "scope"), "version",
                                  json_object_get (doc, "version"), "sha256", sha256, "city",
                                  guide_peek_sha256 (city)));
  apply_overrides (merged, guide_peek_json (city), json_object_get (supplement, "overrides"),
                   problems);
  add_own (merged, supplement, text_of (doc, "scope"), problems);
  return merged;
}

Guide *
guide_supplement_merge (const Guide *city, const void *bytes, gsize length, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  guint before = problems->len;
  g_autoptr (json_t) supplement = guide_read_json (bytes, length, &error);
  if (supplement == NULL) {
    say (problems, "", "%s", error->message);
    return NULL;
  }
  if (!check_head (city, supplement, problems))
    return NULL;
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, length);
  g_autoptr (json_t) merged = merge (city, supplement, sha256, problems);
  if (problems->len > before)
    return NULL;
  g_autofree char *text = strict_json_write (merged);
  Guide *guide = guide_parse (text, strlen (text), &error);
  if (guide == NULL)
    say (problems, "", "with the city's guide: %s", error->message);
  return guide;
}

const json_t *
guide_supplement_peek (const Guide *guide)
{
  return json_object_get (json_object_get (guide_peek_json (guide), "doc"), "supplement");
}
