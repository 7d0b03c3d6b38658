/* package.h: files that come down from the city, as one signed package (package-role.h).
 *
 * The bytes: "ONESTOPK", the suite byte, then as a length of four bytes (the greatest first) and so
 * many bytes each: the texts of root, timestamp, snapshot and targets, and the files in the order
 * of targets; nothing behind. The same files, keys, version and time always give the same bytes.
 *
 * A package is taken whole or not at all. Refused are: a signature by another key; a changed byte
 * anywhere; roles of two packages put together (mix-and-match); a role older than the one known
 * (rollback); a role that has expired (freeze); another kind. */
#pragma once

#include <glib.h>

#include "trust/package-role.h"

#define PACKAGE_MAX_FILE_BYTES (2u * 1024 * 1024)
#define PACKAGE_MAX_FILES 16
#define PACKAGE_MAX_BYTES (PACKAGE_MAX_FILES * (PACKAGE_MAX_FILE_BYTES + 64 * 1024))

typedef struct {
  char *name; /* "320500.json": letters, digits, '.', '-', at most 64 */
  GBytes *bytes;
} PackageFile;

PackageFile *package_file_new (const char *name, GBytes *bytes);
void package_file_free (PackageFile *file);

typedef struct {
  PackageMark marks[PACKAGE_ROLES];
  gint64 issued;    /* ms: when the timestamp was signed */
  GPtrArray *files; /* PackageFile */
} Package;

void package_free (Package *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Package, package_free)

/* The keys of the roles; they may be one and the same. Borrowed. */
typedef struct {
  const Key *of[PACKAGE_ROLES];
} PackageKeys;

/* Signs `files` (PackageFile) as a package of `kind` ("guide"), made at `now` (ms). The version of
 * root is `root_version`, that of the others `version`. INVALID: a name, a size or a number of
 * files that is not allowed. Owned. */
GBytes *package_make (const char *kind, const PackageKeys *keys, gint64 root_version,
                      gint64 version, gint64 now, const GPtrArray *files, GError **error);

/* Reads and judges a package. `known` are the PACKAGE_ROLES marks of the package that is in force
 * here (all zero without one). DENIED or INVALID, with the reason. Owned. */
Package *package_open (GBytes *bytes, const char *kind, const guint8 root_public[32],
                       const PackageMark *known, gint64 now, GError **error);
