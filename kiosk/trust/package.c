/* package.c: puts signed files together and takes them apart. Believes a role only by the key that
 * root names, and a byte only by the hash that targets name. */
#include "trust/package.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/suite.h"

#define MAGIC "ONESTOPK"
#define MAGIC_BYTES 8
#define FUTURE_MS (86400 * (gint64)1000) /* clocks differ; a day is enough for that */

/* The order in which roles stand in the bytes and are believed. */
static const PackageRole order[PACKAGE_ROLES] = {PACKAGE_ROOT, PACKAGE_TIMESTAMP, PACKAGE_SNAPSHOT,
                                                 PACKAGE_TARGETS};

void
package_file_free (PackageFile *file)
{
  if (file == NULL)
    return;
  g_free (file->name);
  g_bytes_unref (file->bytes);
  g_free (file);
}

PackageFile *
package_file_new (const char *name, GBytes *bytes)
{
  PackageFile *file = g_new0 (PackageFile, 1);
  file->name = g_strdup (name);
  file->bytes = g_bytes_ref (bytes);
  return file;
}

void
package_free (Package *package)
{
  if (package == NULL)
    return;
  g_ptr_array_unref (package->files);
  g_free (package);
}

static gboolean
is_name (const char *name)
{
  gsize length = strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
  return length > 0 && length <= 64 && name[length] == '\0' && *name != '.';
}

/* Does a file of `files` bear the name? */
static gboolean
is_taken (const GPtrArray *files, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (((const PackageFile *)g_ptr_array_index (files, i))->name, name) == 0)
      return TRUE;
  return FALSE;
}

static char *
hash_of (GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  return hash_sha256_hex (data, length);
}

/* ---- making ---- */

static json_t *
list_files (const GPtrArray *files, GError **error)
{
  g_autoptr (json_t) list = json_array ();

  for (guint i = 0; i < files->len; i++) {
    const PackageFile *file = g_ptr_array_index (files, i);
    g_autofree char *sha256 = hash_of (file->bytes);
    if (!is_name (file->name) || is_taken (files, i, file->name) ||
        g_bytes_get_size (file->bytes) > PACKAGE_MAX_FILE_BYTES) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "%s: no name for a package, or one that is taken, or too large", file->name);
      return NULL;
    }
    json_array_append_new (list, json_pack ("{ss sI ss}", "name", file->name, "size",
                                            (json_int_t)g_bytes_get_size (file->bytes), "sha256",
                                            sha256));
  }
  if (files->len < 1 || files->len > PACKAGE_MAX_FILES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "a package of %u files", files->len);
    return NULL;
  }
  return g_steal_pointer (&list);
}

static json_t *
name_keys (const PackageKeys *keys)
{
  json_t *named = json_object ();

  for (guint role = PACKAGE_TARGETS; role < PACKAGE_ROLES; role++) {
    g_autofree char *key = encode_base64 (key_peek_public (keys->of[role]), SUITE_PUBLIC_BYTES);
    json_object_set_new (named, package_role_word (role), json_string (key));
  }
  return named;
}

static json_t *
describe (const PackageMark *mark)
{
  return json_pack ("{sI ss}", "version", (json_int_t)mark->version, "sha256", mark->sha256);
}

static void
append (GByteArray *all, const void *bytes, gsize length)
{
  guint32 size = GUINT32_TO_BE ((guint32)length);
  g_byte_array_append (all, (const guint8 *)&size, sizeof size);
  g_byte_array_append (all, bytes, (guint)length);
}

/* What a role says of the roles before it. `list` are the files. Owned. */
static json_t *
members_of (PackageRole role, const PackageKeys *keys, const PackageMark *marks, json_t *list,
            const char *issued)
{
  switch (role) {
  case PACKAGE_ROOT:
    return json_pack ("{so}", "keys", name_keys (keys));
  case PACKAGE_TARGETS:
    return json_pack ("{sO}", "files", list);
  case PACKAGE_SNAPSHOT:
    return json_pack ("{so so}", "root", describe (&marks[PACKAGE_ROOT]), "targets",
                      describe (&marks[PACKAGE_TARGETS]));
  default:
    return json_pack ("{so ss}", "snapshot", describe (&marks[PACKAGE_SNAPSHOT]), "issued", issued);
  }
}

GBytes *
package_make (const char *kind, const PackageKeys *keys, gint64 root_version, gint64 version,
              gint64 now, const GPtrArray *files, GError **error)
{
  static const guint8 suite = SUITE_1;
  g_autoptr (json_t) list = list_files (files, error);
  g_autofree char *issued = clock_format (now);
  PackageMark marks[PACKAGE_ROLES];
  char *texts[PACKAGE_ROLES];
  GByteArray *all;

  if (list == NULL)
    return NULL;
  for (guint role = PACKAGE_ROOT; role < PACKAGE_ROLES; role++)
    texts[role] = package_role_make (
        role, kind, role == PACKAGE_ROOT ? root_version : version, now + package_role_life (role),
        members_of (role, keys, marks, list, issued), keys->of[role], &marks[role]);
  all = g_byte_array_new ();
  g_byte_array_append (all, (const guint8 *)MAGIC, MAGIC_BYTES);
  g_byte_array_append (all, &suite, 1);
  for (guint i = 0; i < PACKAGE_ROLES; i++) {
    append (all, texts[order[i]], strlen (texts[order[i]]));
    g_free (texts[order[i]]);
  }
  for (guint i = 0; i < files->len; i++) {
    GBytes *bytes = ((const PackageFile *)g_ptr_array_index (files, i))->bytes;
    append (all, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
  return g_byte_array_free_to_bytes (all);
}

/* ---- opening ---- */

typedef struct {
  const guint8 *at;
  gsize left;
} Reader;

static gboolean
malformed (GError **error, const char *what)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "package: %s", what);
  return FALSE;
}

static gboolean
read_piece (Reader *reader, gsize most, const char **ret_piece, gsize *ret_length, GError **error)
{
  guint32 size;

  if (reader->left < sizeof size)
    return malformed (error, "ends too early");
  memcpy (&size, reader->at, sizeof size);
  size = GUINT32_FROM_BE (size);
  if (size > most || size > reader->left - sizeof size)
    return malformed (error, "a piece is longer than it may be, or than what is there");
  *ret_piece = (const char *)reader->at + sizeof size;
  *ret_length = size;
  reader->at += sizeof size + size;
  reader->left -= sizeof size + size;
  return TRUE;
}

static gboolean
read_head (Reader *reader, GBytes *bytes, GError **error)
{
  reader->at = g_bytes_get_data (bytes, &reader->left);
  if (reader->left > PACKAGE_MAX_BYTES)
    return malformed (error, "is too large");
  if (reader->left < MAGIC_BYTES + 1 || memcmp (reader->at, MAGIC, MAGIC_BYTES) != 0)
    return malformed (error, "this is none");
  if (!suite_is_known (reader->at[MAGIC_BYTES]))
    return malformed (error, "is of a suite that is not known here");
  reader->at += MAGIC_BYTES + 1;
  reader->left -= MAGIC_BYTES + 1;
  return TRUE;
}

/* The key that root names for `role`. */
static gboolean
read_key (const json_t *root, PackageRole role, guint8 ret_key[32], GError **error)
{
  const char *text =
      strict_json_peek (json_object_get (root, "keys"), package_role_word (role), NULL);
  g_autoptr (GBytes) key = text != NULL ? encode_unbase64 (text) : NULL;

  if (key == NULL || g_bytes_get_size (key) != SUITE_PUBLIC_BYTES)
    return malformed (error, "root does not name a key for each role");
  memcpy (ret_key, g_bytes_get_data (key, NULL), SUITE_PUBLIC_BYTES);
  return TRUE;
}

/* Is `mark` the document that `content` names as its `member`? */
static gboolean
is_named (const json_t *content, const char *member, const PackageMark *mark, GError **error)
{
  const json_t *named = json_object_get (content, member);

  if (json_integer_value (json_object_get (named, "version")) == mark->version &&
      g_strcmp0 (strict_json_peek (named, "sha256", NULL), mark->sha256) == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
               "package: its %s is not the one that was signed with the rest", member);
  return FALSE;
}

static gboolean
read_roles (Reader *reader, const char *kind, const guint8 root_public[32],
            const PackageMark *known, gint64 now, Package *package, json_t *contents[PACKAGE_ROLES],
            GError **error)
{
  for (guint i = 0; i < PACKAGE_ROLES; i++) {
    PackageRole role = order[i];
    guint8 key[32];
    const char *text;
    gsize length;
    if (!read_piece (reader, PACKAGE_ROLE_MAX_BYTES, &text, &length, error))
      return FALSE;
    if (role == PACKAGE_ROOT)
      memcpy (key, root_public, sizeof key);
    else if (!read_key (contents[PACKAGE_ROOT], role, key, error))
      return FALSE;
    contents[role] = package_role_read (role, kind, text, length, key, &known[role], now,
                                        &package->marks[role], error);
    if (contents[role] == NULL)
      return FALSE;
  }
  return is_named (contents[PACKAGE_TIMESTAMP], "snapshot", &package->marks[PACKAGE_SNAPSHOT],
                   error) &&
         is_named (contents[PACKAGE_SNAPSHOT], "root", &package->marks[PACKAGE_ROOT], error) &&
         is_named (contents[PACKAGE_SNAPSHOT], "targets", &package->marks[PACKAGE_TARGETS], error);
}

static gboolean
read_issued (const json_t *timestamp, gint64 now, Package *package, GError **error)
{
  const char *issued = strict_json_string (timestamp, "issued", error);

  if (issued == NULL || !clock_parse (issued, &package->issued, error))
    return FALSE;
  if (package->issued > now + FUTURE_MS) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED, "package: was made in the future");
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_files (Reader *reader, const json_t *targets, GPtrArray *files, GError **error)
{
  const json_t *list = strict_json_array (targets, "files", error);

  if (list == NULL)
    return FALSE;
  if (json_array_size (list) < 1 || json_array_size (list) > PACKAGE_MAX_FILES)
    return malformed (error, "has no files, or too many");
  for (gsize i = 0; i < json_array_size (list); i++) {
    const json_t *entry = json_array_get (list, i);
    const char *name = strict_json_peek (entry, "name", ""), *piece;
    gsize length;
    if (!is_name (name) || is_taken (files, files->len, name))
      return malformed (error, "a file has no name that may be");
    if (!read_piece (reader, PACKAGE_MAX_FILE_BYTES, &piece, &length, error))
      return FALSE;
    g_autofree char *sha256 = hash_sha256_hex (piece, length);
    if (json_integer_value (json_object_get (entry, "size")) != (json_int_t)length ||
        strcmp (strict_json_peek (entry, "sha256", ""), sha256) != 0) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_DENIED,
                   "package: %s is not the file that was signed", name);
      return FALSE;
    }
    g_autoptr (GBytes) bytes = g_bytes_new (piece, length);
    g_ptr_array_add (files, package_file_new (name, bytes));
  }
  return reader->left == 0 || malformed (error, "goes on behind its end");
}

Package *
package_open (GBytes *bytes, const char *kind, const guint8 root_public[32],
              const PackageMark *known, gint64 now, GError **error)
{
  g_autoptr (Package) package = g_new0 (Package, 1);
  json_t *contents[PACKAGE_ROLES] = {NULL};
  Reader reader;
  gboolean good;

  package->files = g_ptr_array_new_with_free_func ((GDestroyNotify)package_file_free);
  good = read_head (&reader, bytes, error) &&
         read_roles (&reader, kind, root_public, known, now, package, contents, error) &&
         read_issued (contents[PACKAGE_TIMESTAMP], now, package, error) &&
         read_files (&reader, contents[PACKAGE_TARGETS], package->files, error);
  for (guint i = 0; i < PACKAGE_ROLES; i++)
    json_decref (contents[i]);
  return good ? g_steal_pointer (&package) : NULL;
}
