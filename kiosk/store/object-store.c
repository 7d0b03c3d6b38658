/* object-store.c: sealed blobs as files named by their hash. Refuses names that are no hash, so
 * that no name can leave the folder; never looks inside a blob. */
#include "store/object-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "trust/hash.h"
#include "trust/seal.h"

static gboolean
is_name (const char *text)
{
  return text != NULL && strlen (text) == HASH_HEX - 1 &&
         strspn (text, "0123456789abcdef") == HASH_HEX - 1;
}

char *
object_store_path (const char *directory, const char *sha256)
{
  char folder[3] = {sha256[0], sha256[1], '\0'};
  return g_build_filename (directory, "objects", folder, sha256, NULL);
}

gboolean
object_store_put (const char *directory, GBytes *sealed, char **ret_sha256, GError **error)
{
  gsize length;
  const void *bytes = g_bytes_get_data (sealed, &length);
  g_autofree char *sha256 = hash_sha256_hex (bytes, length);
  g_autofree char *path = object_store_path (directory, sha256);
  g_autofree char *folder = g_path_get_dirname (path);
  int pretended = fault_errno ("store.object-write");

  if (pretended != 0) {
    file_set_error (error, pretended, "cannot write", path);
    return FALSE;
  }
  /* Same name is same bytes, but an old file may be a torn one: it is written again. */
  if (!file_make_folder (folder, 0700, error) || !file_write (path, bytes, length, 0600, error))
    return FALSE;
  if (ret_sha256 != NULL)
    *ret_sha256 = g_steal_pointer (&sha256);
  return TRUE;
}

GBytes *
object_store_get (const char *directory, const char *sha256, GError **error)
{
  g_autofree char *path = NULL, *found = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!is_name (sha256)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "not the name of an object");
    return NULL;
  }
  path = object_store_path (directory, sha256);
  bytes = file_read (path, SEAL_MAX_SEALED, error);
  if (bytes == NULL)
    return NULL;
  found = hash_sha256_hex (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (strcmp (found, sha256) != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "object %s is damaged", sha256);
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

/* ---- sweeping ---- */

DB_SQL (sql_is_named, "SELECT EXISTS (SELECT 1 FROM object WHERE sha256 = ?1 AND purged = 0)"
                      " OR EXISTS (SELECT 1 FROM envelope_object WHERE sha256 = ?1)");

static gboolean
sweep_file (Db *db, const char *folder, const char *name, gint64 before, guint *swept,
            GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf st;
  gint64 named = 0;

  if (g_lstat (path, &st) != 0 || !S_ISREG (st.st_mode) || (gint64)st.st_mtime * 1000 >= before)
    return TRUE;
  if (is_name (name) && !db_select_int (db, sql_is_named, 0, &named, error, "s", name))
    return FALSE;
  if (named == 0 && g_unlink (path) == 0)
    (*swept)++;
  return TRUE;
}

static gboolean
sweep_folder (Db *db, const char *folder, gint64 before, guint *swept, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!sweep_file (db, folder, name, before, swept, error))
      return FALSE;
  return TRUE;
}

guint
object_store_sweep (Db *db, gint64 before, GError **error)
{
  g_autofree char *objects = g_build_filename (db_peek_directory (db), "objects", NULL);
  g_autoptr (GDir) dir = g_dir_open (objects, 0, NULL);
  const char *name;
  guint swept = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *folder = g_build_filename (objects, name, NULL);
    if (!sweep_folder (db, folder, before, &swept, error))
      break;
  }
  return swept;
}

/* ---- purging ---- */

typedef struct {
  const char *incarnation;
  gint64 safe;
  GPtrArray *names;
} Purge;

/* An object that a later entry names as well cannot be: each submission has its own key. */
DB_SQL (sql_safe_objects,
        "SELECT sha256 FROM object WHERE incarnation = ?1 AND seq <= ?2 AND purged = 0");
DB_SQL (
    sql_mark_purged,
    "UPDATE object SET sent = 1, purged = 1 WHERE incarnation = ?1 AND seq <= ?2 AND purged = 0");

static gboolean
mark_purged (Db *db, gpointer data, GError **error)
{
  Purge *purge = data;
  g_autoptr (DbRows) rows =
      db_select (db, sql_safe_objects, error, "si", purge->incarnation, purge->safe);

  purge->names = db_rows_texts (rows, error);
  return purge->names != NULL &&
         db_run (db, sql_mark_purged, error, "si", purge->incarnation, purge->safe);
}

gboolean
object_store_purge (Db *db, const char *incarnation, gint64 safe, guint *ret_purged, GError **error)
{
  Purge purge = {incarnation, safe, NULL};
  /* The row says it first: a file that is left over by a crash is swept later. */
  gboolean marked = db_write (db, mark_purged, &purge, error);
  g_autoptr (GPtrArray) names = purge.names;

  if (!marked)
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = object_store_path (db_peek_directory (db), names->pdata[i]);
    g_unlink (path);
  }
  if (ret_purged != NULL)
    *ret_purged = names->len;
  return TRUE;
}
