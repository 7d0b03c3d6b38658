/* test-power-cut.c: the store after a power cut at every step of the disk.
 *
 * A recording VFS under SQLite notes each write, truncation, sync and deletion while applications
 * are committed to the real store. Then, for every moment, the disks that a cut may leave are made:
 * all that was written; only what was synced; and what was synced plus a random half of the
 * 512-byte sectors written since (torn, reordered). Each is opened by the store. No acknowledged
 * application may be missing, none may be there in part, and the chain must be whole. So that the
 * silence means something, the same is done with synchronous=NORMAL, which must lose some. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "device-store.h"
#include "site.h"
#include "store/journal.h"

#define SECTOR 512
#define SUBMISSIONS 12
#define RANDOM_STATES 4

/* ---- what the disk was told ---- */

typedef enum { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_DELETE } OpKind;

typedef struct {
  OpKind kind;
  guint file;
  gint64 offset;
  GBytes *bytes;
  guint acknowledged; /* when it was told */
} Op;

static GArray *ops;
static GPtrArray *files; /* base names */
static guint acknowledged;
static gboolean recording;

static void
op_clear (gpointer data)
{
  g_clear_pointer (&((Op *)data)->bytes, g_bytes_unref);
}

static guint
file_of (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  for (guint i = 0; i < files->len; i++)
    if (strcmp (files->pdata[i], name) == 0)
      return i;
  g_ptr_array_add (files, g_steal_pointer (&name));
  return files->len - 1;
}

static void
note (OpKind kind, guint file, gint64 offset, const void *bytes, gsize length)
{
  Op op = {kind, file, offset, NULL, acknowledged};

  if (!recording)
    return;
  if (bytes != NULL)
    op.bytes = g_bytes_new (bytes, length);
  g_array_append_val (ops, op);
}

/* ---- the VFS: everything goes to the real one, syncs are only noted ---- */

typedef struct {
  sqlite3_file base;
  gint64 file; /* -1: not recorded */
  sqlite3_file *real;
} RecFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs rec_vfs;

#define REAL(f) (((RecFile *)(f))->real)
#define RECORDED(f) (((RecFile *)(f))->file >= 0)
#define FILE_OF(f) ((guint)((RecFile *)(f))->file)

static int
rec_close (sqlite3_file *f)
{
  int code = REAL (f)->pMethods->xClose (REAL (f));
  g_free (REAL (f));
  return code;
}

static int
rec_read (sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
  return REAL (f)->pMethods->xRead (REAL (f), to, n, at);
}

static int
rec_write (sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
  if (RECORDED (f))
    note (OP_WRITE, FILE_OF (f), at, from, n);
  return REAL (f)->pMethods->xWrite (REAL (f), from, n, at);
}

static int
rec_truncate (sqlite3_file *f, sqlite3_int64 size)
{
  if (RECORDED (f))
    note (OP_TRUNCATE, FILE_OF (f), size, NULL, 0);
  return REAL (f)->pMethods->xTruncate (REAL (f), size);
}

static int
rec_sync (sqlite3_file *f, int flags)
{
  if (RECORDED (f))
    note (OP_SYNC, FILE_OF (f), 0, NULL, 0);
  return SQLITE_OK;
}

static int
rec_size (sqlite3_file *f, sqlite3_int64 *size)
{
  return REAL (f)->pMethods->xFileSize (REAL (f), size);
}

static int
rec_lock (sqlite3_file *f, int level)
{
  return REAL (f)->pMethods->xLock (REAL (f), level);
}

static int
rec_unlock (sqlite3_file *f, int level)
{
  return REAL (f)->pMethods->xUnlock (REAL (f), level);
}

static int
rec_reserved (sqlite3_file *f, int *out)
{
  return REAL (f)->pMethods->xCheckReservedLock (REAL (f), out);
}

static int
rec_control (sqlite3_file *f, int op, void *argument)
{
  return REAL (f)->pMethods->xFileControl (REAL (f), op, argument);
}

static int
rec_sector (sqlite3_file *f)
{
  return SECTOR;
}

/* A disk that promises nothing: not even that a torn write leaves its neighbours alone. */
static int
rec_characteristics (sqlite3_file *f)
{
  return 0;
}

static int
rec_shm_map (sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
  return REAL (f)->pMethods->xShmMap (REAL (f), page, size, extend, out);
}

static int
rec_shm_lock (sqlite3_file *f, int offset, int n, int flags)
{
  return REAL (f)->pMethods->xShmLock (REAL (f), offset, n, flags);
}

static void
rec_shm_barrier (sqlite3_file *f)
{
  REAL (f)->pMethods->xShmBarrier (REAL (f));
}

static int
rec_shm_unmap (sqlite3_file *f, int forget)
{
  return REAL (f)->pMethods->xShmUnmap (REAL (f), forget);
}

static const sqlite3_io_methods rec_methods = {2,
                                               rec_close,
                                               rec_read,
                                               rec_write,
                                               rec_truncate,
                                               rec_sync,
                                               rec_size,
                                               rec_lock,
                                               rec_unlock,
                                               rec_reserved,
                                               rec_control,
                                               rec_sector,
                                               rec_characteristics,
                                               rec_shm_map,
                                               rec_shm_lock,
                                               rec_shm_barrier,
                                               rec_shm_unmap,
                                               NULL,
                                               NULL};

static int
rec_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
  RecFile *file = (RecFile *)f;
  int code;

  file->base.pMethods = NULL;
  file->real = g_malloc0 (real_vfs->szOsFile);
  code = real_vfs->xOpen (real_vfs, name, file->real, flags, out);
  if (code != SQLITE_OK) {
    g_free (file->real);
    return code;
  }
  file->file = name != NULL && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL))
                   ? (gint64)file_of (name)
                   : -1;
  file->base.pMethods = &rec_methods;
  return SQLITE_OK;
}

static int
rec_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  note (OP_DELETE, file_of (name), 0, NULL, 0);
  return real_vfs->xDelete (real_vfs, name, sync);
}

static void
install (void)
{
  real_vfs = sqlite3_vfs_find ("unix");
  rec_vfs = *real_vfs;
  rec_vfs.zName = "recording";
  rec_vfs.szOsFile = sizeof (RecFile);
  rec_vfs.xOpen = rec_open;
  rec_vfs.xDelete = rec_delete;
  g_assert_cmpint (sqlite3_vfs_register (&rec_vfs, 1), ==, SQLITE_OK);
}

/* ---- disks ---- */

typedef struct {
  GByteArray **images; /* by file; NULL: not there */
} Disk;

static Disk
disk_new (void)
{
  return (Disk){g_new0 (GByteArray *, files->len)};
}

static void
disk_clear (Disk *disk)
{
  for (guint i = 0; i < files->len; i++)
    g_clear_pointer (&disk->images[i], g_byte_array_unref);
  g_clear_pointer (&disk->images, g_free);
}

static void
disk_copy_file (Disk *to, const Disk *from, guint file)
{
  g_clear_pointer (&to->images[file], g_byte_array_unref);
  if (from->images[file] == NULL)
    return;
  to->images[file] = g_byte_array_sized_new (from->images[file]->len);
  g_byte_array_append (to->images[file], from->images[file]->data, from->images[file]->len);
}

static void
disk_write (Disk *disk, guint file, gint64 offset, const guint8 *bytes, gsize length)
{
  GByteArray **image = &disk->images[file];
  gsize end = (gsize)offset + length;

  if (*image == NULL)
    *image = g_byte_array_new ();
  if ((*image)->len < end) {
    gsize before = (*image)->len;
    g_byte_array_set_size (*image, (guint)end);
    memset ((*image)->data + before, 0, end - before);
  }
  memcpy ((*image)->data + offset, bytes, length);
}

static void
disk_apply (Disk *disk, const Op *op)
{
  GByteArray **image = &disk->images[op->file];
  gsize length;
  const guint8 *bytes;

  if (op->kind == OP_DELETE) {
    g_clear_pointer (image, g_byte_array_unref);
  } else if (op->kind == OP_TRUNCATE) {
    if (*image != NULL && (*image)->len > op->offset)
      g_byte_array_set_size (*image, (guint)op->offset);
  } else if (op->kind == OP_WRITE) {
    bytes = g_bytes_get_data (op->bytes, &length);
    disk_write (disk, op->file, op->offset, bytes, length);
  }
}

/* A random half of the sectors of a write that no sync has followed. */
static void
disk_tear (Disk *disk, const Op *op, GRand *random)
{
  gsize length;
  const guint8 *bytes;

  if (op->kind != OP_WRITE) {
    if (op->kind != OP_SYNC && g_rand_boolean (random))
      disk_apply (disk, op);
    return;
  }
  bytes = g_bytes_get_data (op->bytes, &length);
  for (gsize at = 0; at < length; at += SECTOR)
    if (g_rand_boolean (random))
      disk_write (disk, op->file, op->offset + (gint64)at, bytes + at, MIN (SECTOR, length - at));
}

/* ---- the store on such a disk ---- */

typedef struct {
  guint states, lost, partial, broken;
} Tally;

static gint64
count (Db *db, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);
  gint64 n = -1;

  db_select_int (db, sql, 0, &n, NULL, "");
  return n;
}

static void
lay_out (const Disk *disk, const char *folder)
{
  g_autofree char *shm = g_build_filename (folder, "store.db-shm", NULL);

  g_unlink (shm);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *path = g_build_filename (folder, files->pdata[i], NULL);
    const GByteArray *image = disk->images[i];
    g_unlink (path);
    if (image != NULL)
      g_assert_true (g_file_set_contents_full (path, (const char *)image->data, image->len,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

static void
check (const Disk *disk, const char *folder, guint wanted, Tally *tally)
{
  g_autoptr (Db) db = NULL;
  g_autoptr (JournalReport) report = NULL;
  gint64 cases;

  lay_out (disk, folder);
  tally->states++;
  db = db_open (folder, DEVICE_STORE_NOW, NULL);
  report = db != NULL && db_check (db, NULL) ? journal_verify (db, NULL) : NULL;
  if (report == NULL || report->broken_seq != 0) {
    tally->broken++;
    return;
  }
  cases = count (db, "case_local");
  if (cases < wanted)
    tally->lost++;
  if (report->entries != cases || count (db, "receipt") != cases || count (db, "spool") != cases ||
      count (db, "object") != cases)
    tally->partial++;
}

/* Every moment after `from`. */
static Tally
cut_everywhere (guint from, const char *folder)
{
  Disk now = disk_new (), durable = disk_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20261123);
  Tally tally = {0};

  for (guint i = 0; i < ops->len; i++) {
    const Op *op = &g_array_index (ops, Op, i);
    guint wanted = i + 1 < ops->len ? g_array_index (ops, Op, i + 1).acknowledged : acknowledged;
    disk_apply (&now, op);
    if (op->kind == OP_SYNC || op->kind == OP_DELETE)
      disk_copy_file (&durable, &now, op->file);
    if (i < from)
      continue;
    check (&now, folder, wanted, &tally);
    check (&durable, folder, wanted, &tally);
    for (guint r = 0; r < RANDOM_STATES; r++) {
      Disk torn = disk_new ();
      for (guint f = 0; f < files->len; f++) {
        guint last = 0;
        disk_copy_file (&torn, &durable, f);
        for (guint k = 0; k <= i; k++) {
          const Op *one = &g_array_index (ops, Op, k);
          if (one->file == f && (one->kind == OP_SYNC || one->kind == OP_DELETE))
            last = k + 1;
        }
        for (guint k = last; k <= i; k++)
          if (g_array_index (ops, Op, k).file == f)
            disk_tear (&torn, &g_array_index (ops, Op, k), random);
      }
      check (&torn, folder, wanted, &tally);
      disk_clear (&torn);
    }
  }
  disk_clear (&now);
  disk_clear (&durable);
  return tally;
}

/* ---- one disk ---- */

static void
set (Db *db, const char *pragma)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DbRows) rows = db_select (db, pragma, &error, "");

  db_rows_next (rows, &error);
  g_assert_no_error (error);
}

static Tally
run (const char *synchronous)
{
  char *folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  char *other = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  Db *db;
  Tally tally;
  guint from;

  g_array_set_size (ops, 0);
  g_ptr_array_set_size (files, 0);
  acknowledged = 0;
  recording = TRUE;
  db = db_open (folder, DEVICE_STORE_NOW, &error);
  g_assert_no_error (error);
  /* Often, so that cuts fall into it. */
  set (db, "PRAGMA wal_autocheckpoint=40");
  if (synchronous != NULL)
    set (db, synchronous);
  from = ops->len;
  for (guint i = 0; i < SUBMISSIONS; i++) {
    g_free (device_store_submit_one (db, DEVICE_STORE_NOW));
    acknowledged++;
  }
  recording = FALSE;
  db_free (db);
  tally = cut_everywhere (from, other);
  g_test_message ("%u disk operations, %u states: %u lost, %u in part, %u broken", ops->len - from,
                  tally.states, tally.lost, tally.partial, tally.broken);
  site_remove (folder);
  site_remove (other);
  g_free (folder);
  g_free (other);
  return tally;
}

static void
test_full (void)
{
  Tally tally = run (NULL);

  g_assert_cmpuint (tally.states, >, 1000);
  g_assert_cmpuint (tally.broken, ==, 0);
  g_assert_cmpuint (tally.partial, ==, 0);
  g_assert_cmpuint (tally.lost, ==, 0);
}

static void
test_normal_loses (void)
{
  Tally tally = run ("PRAGMA synchronous=NORMAL");

  g_assert_cmpuint (tally.lost, >, 0);
  g_assert_cmpuint (tally.partial, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ops = g_array_new (FALSE, TRUE, sizeof (Op));
  g_array_set_clear_func (ops, op_clear);
  files = g_ptr_array_new_with_free_func (g_free);
  install ();
  g_test_add_func ("/power-cut/full", test_full);
  g_test_add_func ("/power-cut/normal-loses", test_normal_loses);
  return g_test_run ();
}
