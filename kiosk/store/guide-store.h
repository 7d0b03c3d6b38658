/* guide-store.h: guides that this device has: the one in force, the next, and each that a case
 * began with. Bytes are kept as they came; what is in them the caller has judged. */
#pragma once

#include "store/db.h"
#include "trust/package-role.h"

#define GUIDE_PACKAGE_KIND "guide"

typedef enum {
  GUIDE_STATE_SHIPPED,   /* with the program: kept for the cases that use it */
  GUIDE_STATE_PUBLISHED, /* in a package */
  GUIDE_STATE_WITHDRAWN  /* in a package, and no longer in the newest */
} GuideState;

typedef struct {
  char *sha256; /* of the bytes: the document's name */
  char *scope;  /* "320500", "320571" */
  gint64 version;
  char *effective; /* "2026-11-23": the first day on which it counts, Asia/Shanghai */
  char *base;      /* of a district's document: the city document that it amends; else NULL */
  GuideState state;
  GBytes *bytes;
} GuideDocument;

void guide_document_free (GuideDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuideDocument, guide_document_free)

/* Keeps a document. One that is there already (the same bytes) stays as it is, or becomes published
 * again. CONFLICT: another document of its scope and version came in a package. */
gboolean guide_store_add (Db *db, const GuideDocument *document, gint64 now, GError **error);

/* Before the documents of a newer package: what is published and does not count yet on `day`, and
 * every district's document, is withdrawn unless it is added again. */
gboolean guide_store_withdraw (Db *db, const char *day, gint64 now, GError **error);

/* The highest version of `scope` that ever came in a package and is kept; 0 without one. */
gboolean guide_store_newest (Db *db, const char *scope, gint64 *ret_version, GError **error);

/* Keeps that the city document and the district's, both kept, are shown together as `sha256`. */
gboolean guide_store_add_view (Db *db, const char *sha256, const char *city, const char *supplement,
                               GError **error);

/* The published document of `scope` that counts on `day`: of those whose first day has come the one
 * of the highest version. With `base` (else NULL): of those that amend that city document.
 * NOT_FOUND. */
GuideDocument *guide_store_in_force (Db *db, const char *scope, const char *base, const char *day,
                                     GError **error);

/* The published document of `scope` that comes after it: the first day is still to come, the
 * earliest first. NOT_FOUND. */
GuideDocument *guide_store_next (Db *db, const char *scope, const char *day, GError **error);

/* By name. NOT_FOUND. */
GuideDocument *guide_store_get (Db *db, const char *sha256, GError **error);

/* The two documents that are shown together as `sha256`. NOT_FOUND. Both owned. */
gboolean guide_store_get_view (Db *db, const char *sha256, char **ret_city, char **ret_supplement,
                               GError **error);

/* The published documents of `scope`, lowest version first. GuideDocument. */
GPtrArray *guide_store_list (Db *db, const char *scope, GError **error);

/* Drops what has been replaced or withdrawn for three days and no case of this machine began with.
 */
gboolean guide_store_purge (Db *db, gint64 now, GError **error);

/* What is known of the newest package of `kind` (zero before the first), and when it was signed and
 * taken (ms; may be NULL). */
gboolean guide_store_marks (Db *db, const char *kind, PackageMark ret_marks[PACKAGE_ROLES],
                            gint64 *ret_issued, gint64 *ret_installed, GError **error);
gboolean guide_store_set_marks (Db *db, const char *kind, const PackageMark marks[PACKAGE_ROLES],
                                gint64 issued, gint64 now, GError **error);
