/* package-role.h: what is signed about a package, by the four roles of The Update Framework.
 *
 *   root       whose keys the other three are; signed by the key that the device got at enrolment
 *   targets    the files: name, size, SHA-256
 *   snapshot   which root and targets go together
 *   timestamp  which snapshot is the newest, and when that was last said
 *
 * Each is a signed document (signed-document.h) in its canonical text:
 *   {"signed":{"type":"package-ROLE","suite":1,"kind":"guide","version":n,"expires":T,...},...}
 * with root "keys":{"targets","snapshot","timestamp": base64}, targets "files":[{"name","size",
 * "sha256"}], snapshot "root" and "targets" and timestamp "snapshot": {"version","sha256"} of the
 * text, and timestamp "issued". Times are RFC 3339. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "trust/hash.h"
#include "trust/key.h"

#define PACKAGE_ROLE_MAX_BYTES (64 * 1024)

typedef enum { PACKAGE_ROOT, PACKAGE_TARGETS, PACKAGE_SNAPSHOT, PACKAGE_TIMESTAMP } PackageRole;
#define PACKAGE_ROLES 4

/* What a device remembers of a role: never to be taken back behind. Version 0: nothing yet. */
typedef struct {
  gint64 version;
  char sha256[HASH_HEX]; /* of the role's text */
  gint64 expires;        /* ms */
} PackageMark;

/* "root", "targets", "snapshot", "timestamp". Static. */
const char *package_role_word (PackageRole role);

/* How long what a role says holds, in ms: 3 years, 400 days, 90 days, 30 days. */
gint64 package_role_life (PackageRole role);

/* Signs what `members` (an object with the role's own members; taken) say for `kind`. Owned text;
 * `ret_mark` describes it. */
char *package_role_make (PackageRole role, const char *kind, gint64 version, gint64 expires,
                         json_t *take_members, const Key *signer, PackageMark *ret_mark);

/* Reads a role's text. DENIED: not signed by `signer_public`, behind `known` or another document of
 * the same version, expired at `now`. INVALID: another shape, type, kind, suite or not canonical.
 * The `signed` object and its mark. Owned. */
json_t *package_role_read (PackageRole role, const char *kind, const char *text, gsize length,
                           const guint8 signer_public[32], const PackageMark *known, gint64 now,
                           PackageMark *ret_mark, GError **error);
