/* backup.c: backup, restore and check. Refuses to call a copy finished before its bytes were read
 * back, and to restore under a running server. */
#include "city/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/id.h"
#include "base/strict-json.h"
#include "city/case-act.h"
#include "city/db/case-db.h"
#include "city/db/log-db.h"
#include "city/db/meta-db.h"
#include "city/db/object-db.h"
#include "city/object.h"
#include "trust/hash.h"

typedef struct {
  City *city;
  const char *objects; /* folder of the copies */
  gint64 n;
} Copy;

static gboolean
copy_file (const char *from, const char *to, gint64 max, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (from, (gsize)max, error);
  g_autofree char *folder = g_path_get_dirname (to);

  return bytes != NULL && file_make_folder (folder, 0700, error) &&
         file_write (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0600, error);
}

static gboolean
copy_object (const char *sha256, gint64 size, void *data, GError **error)
{
  Copy *copy = data;
  char folder[3] = {sha256[0], sha256[1], '\0'};
  g_autofree char *from = object_path (copy->city, sha256), *hash = NULL;
  g_autofree char *to = g_build_filename (copy->objects, folder, sha256, NULL);

  copy->n++;
  if (g_file_test (to, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!copy_file (from, to, OBJECT_MAX_BYTES, error))
    return FALSE;
  hash = hash_file_hex (to, error);
  if (hash != NULL && strcmp (hash, sha256) == 0)
    return TRUE;
  unlink (to);
  if (hash != NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "object %s has changed", sha256);
  return FALSE;
}

typedef struct {
  GPtrArray *marks;
  const char *path;
  gint64 now;
} MarkWork;

static gboolean
set_marks (Db *db, void *data, GError **error)
{
  MarkWork *work = data;

  for (guint i = 0; i < work->marks->len; i++) {
    g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (work->marks, i), " ", 3);
    if (!log_db_set_safe (db, parts[0], parts[1], g_ascii_strtoll (parts[2], NULL, 10), error))
      return FALSE;
  }
  return meta_db_add_backup (db, work->now, work->path, error);
}

static char *
folder_name (const char *directory, gint64 now)
{
  g_autofree char *time = clock_format (now);
  g_autofree char *name = g_strdup_printf ("backup-%.4s%.2s%.2sT%.2s%.2s%.2s.%.3sZ", time, time + 5,
                                           time + 8, time + 11, time + 14, time + 17, time + 20);
  return g_build_filename (directory, name, NULL);
}

static gboolean
write_manifest (const char *folder, const char *database, gint64 now, gint64 objects,
                GError **error)
{
  g_autofree char *hash = hash_file_hex (database, error), *at = clock_format (now), *text = NULL;
  g_autofree char *path = g_build_filename (folder, "manifest.json", NULL);
  g_autoptr (json_t) manifest = NULL;

  if (hash == NULL)
    return FALSE;
  manifest =
      json_pack ("{s:s,s:s,s:I}", "at", at, "database", hash, "objects", (json_int_t)objects);
  text = strict_json_pretty (manifest);
  return file_write (path, text, strlen (text), 0600, error);
}

gboolean
backup_make (City *city, const char *directory, gint64 now, char **ret_path, GError **error)
{
  const char *place = directory != NULL ? directory : city->config->backup_directory;
  g_autofree char *folder = folder_name (place, now);
  g_autofree char *database = g_build_filename (folder, "city.db", NULL);
  g_autofree char *objects = g_build_filename (place, "objects", NULL);
  g_autoptr (Db) copied = NULL;
  Copy copy = {city, objects, 0};
  MarkWork work = {.path = folder, .now = now};
  gboolean done;

  if (!file_make_folder (folder, 0700, error) || !db_copy (city->db, database, error))
    return FALSE;
  copied = db_open (database, error);
  if (copied == NULL || !db_check (copied, error) ||
      !object_db_each (copied, copy_object, &copy, error))
    return FALSE;
  work.marks = log_db_safe_marks (copied, error);
  g_clear_pointer (&copied, db_free);
  if (work.marks == NULL)
    return FALSE;
  fault_point ("city.backup-before-manifest");
  done = write_manifest (folder, database, now, copy.n, error) &&
         db_write (city->db, set_marks, &work, error);
  g_ptr_array_unref (work.marks);
  if (done && ret_path != NULL)
    *ret_path = g_steal_pointer (&folder);
  return done;
}

gboolean
backup_lock (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0) {
    file_set_error (error, errno, "cannot open", path);
    return FALSE;
  }
  /* Held by the descriptor, which is left open: the kernel lets go when the process ends. */
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE; /* cppcheck-suppress resourceLeak ; this is the lock */
  close (fd);
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CONFLICT, "a server runs on %s", directory);
  return FALSE;
}

static gboolean
manifest_holds (const char *path, const char *database, GError **error)
{
  g_autofree char *manifest_path = g_build_filename (path, "manifest.json", NULL);
  g_autoptr (json_t) manifest = strict_json_load (manifest_path, error);
  g_autofree char *hash = manifest != NULL ? hash_file_hex (database, error) : NULL;

  if (hash == NULL)
    return FALSE;
  if (strcmp (hash, strict_json_peek (manifest, "database", "")) == 0)
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT, "%s has changed since", database);
  return FALSE;
}

typedef struct {
  const Config *config;
  const char *objects;
} Return;

static gboolean
return_object (const char *sha256, gint64 size, void *data, GError **error)
{
  Return *work = data;
  char folder[3] = {sha256[0], sha256[1], '\0'};
  g_autofree char *from = g_build_filename (work->objects, folder, sha256, NULL);
  g_autofree char *to = g_build_filename (work->config->directory, "objects", folder, sha256, NULL);

  return g_file_test (to, G_FILE_TEST_EXISTS) || copy_file (from, to, OBJECT_MAX_BYTES, error);
}

/* Key sets that were issued after the backup are with the devices, which take no lower version: the
 * next one is numbered beyond them all. */
static gboolean
pass_over_key_sets (Db *db, GError **error)
{
  g_autofree char *version = meta_db_get (db, "keyset_version", error), *next = NULL;

  if (version == NULL)
    return FALSE;
  next = g_strdup_printf ("%" G_GINT64_FORMAT, g_ascii_strtoll (version, NULL, 10) + 1000);
  return meta_db_set (db, "keyset_version", next, error);
}

static gboolean
new_epoch (Db *db, void *data, GError **error)
{
  gint64 now = *(gint64 *)data;
  g_autofree char *epoch = id_uuid7 (now);
  g_autoptr (GPtrArray) marks = log_db_safe_marks (db, error);
  MarkWork work = {marks, "restored", now};

  return marks != NULL && meta_db_set (db, "epoch", epoch, error) &&
         pass_over_key_sets (db, error) && set_marks (db, &work, error) &&
         meta_db_audit (db, now, "operator", "restored", "city", error);
}

gboolean
backup_restore (const Config *config, const char *path, gint64 now, GError **error)
{
  g_autofree char *database = g_build_filename (path, "city.db", NULL);
  g_autofree char *place = g_path_get_dirname (path);
  g_autofree char *objects = g_build_filename (place, "objects", NULL);
  g_autofree char *fresh = g_strconcat (config->database, ".restoring", NULL);
  g_autofree char *old = g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, config->database, now);
  g_autofree char *wal = g_strconcat (config->database, "-wal", NULL);
  g_autofree char *shm = g_strconcat (config->database, "-shm", NULL);
  g_autoptr (Db) db = NULL;
  Return work = {config, objects};

  if (!backup_lock (config->directory, error) || !manifest_holds (path, database, error))
    return FALSE;
  unlink (fresh);
  if (!copy_file (database, fresh, G_MAXINT32, error) || (db = db_open (fresh, error)) == NULL ||
      !db_check (db, error) || !object_db_each (db, return_object, &work, error) ||
      !db_write (db, new_epoch, &now, error))
    return FALSE;
  g_clear_pointer (&db, db_free);
  /* Open and close the former one, so that its log is in it before it is put aside. */
  db = db_open (config->database, NULL);
  g_clear_pointer (&db, db_free);
  if ((rename (config->database, old) != 0 && errno != ENOENT) ||
      rename (fresh, config->database) != 0) {
    file_set_error (error, errno, "cannot place", config->database);
    return FALSE;
  }
  unlink (wal);
  unlink (shm);
  return TRUE;
}

typedef struct {
  City *city;
  gint64 n;
} CheckObjects;

static gboolean
check_object (const char *sha256, gint64 size, void *data, GError **error)
{
  CheckObjects *check = data;
  g_autoptr (GBytes) bytes = object_read (check->city, sha256, error);

  check->n++;
  return bytes != NULL;
}

/* Every row must be what its events make of it. */
static gboolean
check_rows (City *city, gint64 *ret_n, GError **error)
{
  CaseFilter all = {0};
  g_autoptr (GPtrArray) rows = case_db_list (city->db, &all, G_MAXINT64, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    CaseRow *row = g_ptr_array_index (rows, i);
    g_autoptr (GPtrArray) events = case_db_events (city->db, row->case_id, error);
    g_autofree char *state = g_strdup (row->state);
    gint64 version = row->version;
    CaseFold fold;
    if (events == NULL || !case_act_fold (city, events, row, &fold, error))
      return FALSE;
    if (strcmp (state, row->state) != 0 || version != row->version) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_CORRUPT,
                   "case %s is not what its events make of it", row->number);
      return FALSE;
    }
  }
  *ret_n = rows != NULL ? rows->len : 0;
  return rows != NULL;
}

gboolean
backup_check (City *city, GString *report, GError **error)
{
  gint64 entries = 0, events = 0, cases = 0;
  CheckObjects objects = {city, 0};

  if (!db_check (city->db, error) || !log_db_check (city->db, &entries, error) ||
      !case_db_check (city->db, &events, error) || !check_rows (city, &cases, error) ||
      !meta_db_audit_check (city->db, error) ||
      !object_db_each (city->db, check_object, &objects, error))
    return FALSE;
  g_string_append_printf (report,
                          "good: %" G_GINT64_FORMAT " log entries, %" G_GINT64_FORMAT
                          " cases with %" G_GINT64_FORMAT " events, %" G_GINT64_FORMAT " objects\n",
                          entries, cases, events, objects.n);
  return TRUE;
}
