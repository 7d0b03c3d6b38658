/* guide-package.c: publishes guides and takes them in. Signs nothing that the gate refuses, takes
 * nothing in that this program could not show, and leaves what it has as it is when it refuses. */
#include "flow/guide-package.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "domain/guide-read.h"
#include "domain/guide-supplement.h"
#include "flow/guide-flow.h"
#include "flow/guide-gate.h"
#include "trust/package.h"

/* ---- documents ---- */

static char *
hash_of (GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  return hash_sha256_hex (data, length);
}

GuideDocument *
guide_package_describe (GBytes *bytes, GuideState state, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autoptr (json_t) json = guide_read_json (data, length, error);
  const json_t *doc = json == NULL ? NULL : strict_json_object (json, "doc", error);
  const char *scope = doc == NULL ? NULL : strict_json_string (doc, "scope", error);
  const char *effective = scope == NULL ? NULL : strict_json_string (doc, "effective_from", error);
  gint64 version;
  if (effective == NULL || !strict_json_int (doc, "version", &version, error))
    return NULL;
  GuideDocument *document = g_new0 (GuideDocument, 1);
  document->sha256 = hash_of (bytes);
  document->scope = g_strdup (scope);
  document->version = version;
  document->effective = g_strdup (effective);
  document->base = g_strdup (strict_json_peek (json_object_get (doc, "base"), "sha256", NULL));
  document->state = state;
  document->bytes = g_bytes_ref (bytes);
  return document;
}

static char *
name_of (const GuideDocument *document)
{
  return g_strdup_printf ("%s-%" G_GINT64_FORMAT ".json", document->scope, document->version);
}

/* The city's first, then by scope and version. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const GuideDocument *x = *(GuideDocument *const *)a, *y = *(GuideDocument *const *)b;
  if ((x->base == NULL) != (y->base == NULL))
    return x->base == NULL ? -1 : 1;
  int scopes = strcmp (x->scope, y->scope);
  return scopes != 0 ? scopes : (x->version > y->version) - (x->version < y->version);
}

/* ---- making ---- */

static void
tell (GPtrArray *problems, const char *path, const GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (problems,
                     g_strdup_printf ("%s: %s", path, (char *)g_ptr_array_index (found, i)));
}

static const GuideFile *
find_city (const GPtrArray *files, const char *sha256)
{
  for (guint i = 0; sha256 != NULL && i < files->len; i++) {
    const GuideFile *file = g_ptr_array_index (files, i);
    g_autofree char *own = hash_of (file->bytes);
    if (strcmp (own, sha256) == 0)
      return file;
  }
  return NULL;
}

/* The gate over one file; a district's goes with the city's that it names among `files`. */
static GuideDocument *
gate (const GPtrArray *files, const GuideFile *file, GPtrArray *problems)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuideDocument) document =
      guide_package_describe (file->bytes, GUIDE_STATE_PUBLISHED, &error);
  g_autoptr (Guide) guide = NULL, city = NULL;
  if (document == NULL || document->base == NULL) {
    guide = guide_gate_pass (file->bytes, found);
  } else {
    const GuideFile *base = find_city (files, document->base);
    gsize length = 0;
    const void *data = base == NULL ? NULL : g_bytes_get_data (base->bytes, &length);
    city = data == NULL ? NULL : guide_parse (data, length, NULL);
    if (city == NULL)
      g_ptr_array_add (found, g_strdup ("/doc/base/sha256: is bound to no city document that goes "
                                        "into this package"));
    else
      guide = guide_gate_pass_supplement (city, file->bytes, found);
  }
  tell (problems, file->path, found);
  return found->len == 0 ? g_steal_pointer (&document) : NULL;
}

static GPtrArray *
gate_all (const GPtrArray *files, GPtrArray *problems)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify)guide_document_free);
  for (guint i = 0; i < files->len; i++) {
    GuideDocument *document = gate (files, g_ptr_array_index (files, i), problems);
    if (document != NULL)
      g_ptr_array_add (documents, document);
  }
  g_ptr_array_sort (documents, compare);
  return documents;
}

GBytes *
guide_package_make (const GPtrArray *files, const Key *key, gint64 now, GPtrArray *problems,
                    GError **error)
{
  PackageKeys keys = {{key, key, key, key}};
  guint before = problems->len;
  g_autoptr (GPtrArray) documents = gate_all (files, problems);
  g_autoptr (GPtrArray) packed = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  if (problems->len > before)
    return NULL;
  for (guint i = 0; i < documents->len; i++) {
    const GuideDocument *document = g_ptr_array_index (documents, i);
    g_autofree char *name = name_of (document);
    g_ptr_array_add (packed, package_file_new (name, document->bytes));
  }
  return package_make (GUIDE_PACKAGE_KIND, &keys, now, now, now, packed, error);
}

/* ---- installing ---- */

typedef struct {
  GBytes *package;
  const GuideInstall *how;
} Install;

static gboolean
refuse (GError **error, int code, const char *name, const char *what)
{
  g_set_error (error, ONESTOP_ERROR, code, "%s: %s", name, what);
  return FALSE;
}

/* `prev` of a document is the one before it, if that is kept here. */
static gboolean
follows (Db *db, const GuideDocument *document, const char *name, GError **error)
{
  gsize length;
  const void *data = g_bytes_get_data (document->bytes, &length);
  g_autoptr (json_t) json = guide_read_json (data, length, error);
  const char *prev = strict_json_peek (json_object_get (json, "doc"), "prev", NULL);
  g_autoptr (GPtrArray) kept = guide_store_list (db, document->scope, error);
  if (json == NULL || kept == NULL)
    return FALSE;
  for (guint i = 0; prev != NULL && i < kept->len; i++) {
    const GuideDocument *other = g_ptr_array_index (kept, i);
    if (other->version == document->version - 1 && strcmp (other->sha256, prev) != 0)
      return refuse (error, ONESTOP_ERROR_DENIED, name, "does not follow the version before it");
  }
  return TRUE;
}

static gboolean
take_document (Db *db, const GuideDocument *document, const char *name, gint64 now, GError **error)
{
  g_autoptr (GuideDocument) kept = guide_store_get (db, document->sha256, NULL);
  g_autoptr (GError) why = NULL;
  gint64 newest;
  if (!guide_store_newest (db, document->scope, &newest, error))
    return FALSE;
  if (document->version < newest && (kept == NULL || kept->state == GUIDE_STATE_SHIPPED))
    return refuse (error, ONESTOP_ERROR_DENIED, name, "is older than one that came before");
  if (!follows (db, document, name, error))
    return FALSE;
  if (guide_store_add (db, document, now, &why))
    return TRUE;
  if (onestop_error_is (why, ONESTOP_ERROR_CONFLICT))
    return refuse (error, ONESTOP_ERROR_CONFLICT, name,
                   "is another document of a version that came before");
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* Reads what a package holds, as far as this program will have to. `cities` by SHA-256. */
static GPtrArray *
read_documents (const Package *package, GHashTable *cities, GError **error)
{
  g_autoptr (GPtrArray) documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify)guide_document_free);
  for (guint i = 0; i < package->files->len; i++) {
    const PackageFile *file = g_ptr_array_index (package->files, i);
    GuideDocument *document = guide_package_describe (file->bytes, GUIDE_STATE_PUBLISHED, error);
    if (document == NULL) {
      g_prefix_error (error, "%s: ", file->name);
      return NULL;
    }
    g_ptr_array_add (documents, document);
    g_autofree char *name = name_of (document);
    if (strcmp (name, file->name) != 0) {
      refuse (error, ONESTOP_ERROR_INVALID, file->name, "is not what its name says");
      return NULL;
    }
    if (document->base != NULL)
      continue;
    gsize length;
    const void *data = g_bytes_get_data (file->bytes, &length);
    Guide *city = guide_parse (data, length, error);
    if (city == NULL) {
      g_prefix_error (error, "%s: ", file->name);
      return NULL;
    }
    g_hash_table_insert (cities, document->sha256, city);
  }
  if (g_hash_table_size (cities) == 0) {
    refuse (error, ONESTOP_ERROR_INVALID, "package", "holds no guide of the city");
    return NULL;
  }
  g_ptr_array_sort (documents, compare);
  return g_steal_pointer (&documents);
}

/* A district's document must fit its city's; this device's is kept as it is shown. */
static gboolean
take_view (Db *db, const GuideDocument *document, GHashTable *cities, const char *district,
           const char *name, GError **error)
{
  const Guide *city = g_hash_table_lookup (cities, document->base);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  gsize length;
  const void *data = g_bytes_get_data (document->bytes, &length);
  if (city == NULL)
    return refuse (error, ONESTOP_ERROR_INVALID, name, "amends no guide of this package");
  g_autoptr (Guide) merged = guide_supplement_merge (city, data, length, problems);
  if (merged == NULL)
    return refuse (error, ONESTOP_ERROR_INVALID, name, g_ptr_array_index (problems, 0));
  return strcmp (document->scope, district) != 0 ||
         guide_store_add_view (db, guide_peek_sha256 (merged), document->base, document->sha256,
                               error);
}

static gboolean
take_documents (Db *db, const GPtrArray *documents, GHashTable *cities, const GuideInstall *how,
                GError **error)
{
  for (guint i = 0; i < documents->len; i++) {
    const GuideDocument *document = g_ptr_array_index (documents, i);
    g_autofree char *name = name_of (document);
    if (!take_document (db, document, name, how->now, error) ||
        (document->base != NULL && !take_view (db, document, cities, how->district, name, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
install (Db *db, gpointer data, GError **error)
{
  const Install *all = data;
  const GuideInstall *how = all->how;
  PackageMark known[PACKAGE_ROLES];
  g_autofree char *day = clock_day (how->now);
  g_autoptr (GHashTable) cities =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)guide_unref);
  if (!guide_store_marks (db, GUIDE_PACKAGE_KIND, known, NULL, NULL, error))
    return FALSE;
  g_autoptr (Package) package =
      package_open (all->package, GUIDE_PACKAGE_KIND, how->root_public, known, how->now, error);
  g_autoptr (GPtrArray) documents =
      package == NULL ? NULL : read_documents (package, cities, error);
  return documents != NULL && guide_store_withdraw (db, day, how->now, error) &&
         take_documents (db, documents, cities, how, error) &&
         guide_store_set_marks (db, GUIDE_PACKAGE_KIND, package->marks, package->issued, how->now,
                                error) &&
         guide_store_purge (db, how->now, error);
}

gboolean
guide_package_install (Db *db, GBytes *package, const GuideInstall *how, GError **error)
{
  Install all = {package, how};
  return db_write (db, install, &all, error);
}
