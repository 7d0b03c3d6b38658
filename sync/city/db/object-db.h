/* object-db.h: which sealed files are here, which are on their way, and which entries need them. */
#pragma once

#include "city/db/db.h"

/* FALSE without an error: not here. */
gboolean object_db_has (Db *db, const char *sha256, GError **error);
gboolean object_db_add (Db *db, const char *sha256, gint64 size, gint64 now, GError **error);

typedef struct {
  char *id, *device, *sha256;
  gint64 length; /* -1: not said yet */
  gboolean complete;
  gint64 touched_at;
} ObjectUpload;

void object_db_upload_free (ObjectUpload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ObjectUpload, object_db_upload_free)

gboolean object_db_put_upload (Db *db, const ObjectUpload *upload, GError **error);
/* NULL with NOT_FOUND. Owned. */
ObjectUpload *object_db_find_upload (Db *db, const char *id, GError **error);
gboolean object_db_drop_upload (Db *db, const char *id, GError **error);
/* Names of uploads not touched since `before`. Owned array of owned texts. */
GPtrArray *object_db_old_uploads (Db *db, gint64 before, GError **error);

/* That entry `seq` of `chain` names this object as its `ordinal`-th. */
gboolean object_db_use (Db *db, const char *sha256, gint64 chain, gint64 seq, gint64 ordinal,
                        gint64 size, const char *hall, const char *case_id, GError **error);
/* TRUE if an entry of `hall` names the object. FALSE without an error if none does. */
gboolean object_db_used_in (Db *db, const char *sha256, const char *hall, GError **error);
/* How many objects of a case have not arrived. */
gboolean object_db_missing (Db *db, const char *case_id, gint64 *ret_n, GError **error);
/* Cases whose entries name this object. Owned array of owned texts. */
GPtrArray *object_db_cases (Db *db, const char *sha256, GError **error);

typedef struct {
  gint64 chain, seq;
} ObjectEntry;
/* The entries that brought objects to a case, the submission first. Owned array of ObjectEntry. */
GArray *object_db_entries (Db *db, const char *case_id, GError **error);

typedef gboolean (*ObjectDbVisit) (const char *sha256, gint64 size, void *data, GError **error);
/* Every object that is here; stops at the first FALSE. */
gboolean object_db_each (Db *db, ObjectDbVisit visit, void *data, GError **error);
