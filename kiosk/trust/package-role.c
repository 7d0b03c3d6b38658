/* package-role.c: signs and reads the four roles of a package. Refuses what is older than what is
 * known, what has expired, and any text but the one that was signed. */
#include "trust/package-role.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "trust/signed-document.h"
#include "trust/suite.h"

#define DAY_MS (86400 * (gint64)1000)

static const char *const words[PACKAGE_ROLES] = {"root", "targets", "snapshot", "timestamp"};
static const char *const types[PACKAGE_ROLES] = {"package-root", "package-targets",
                                                 "package-snapshot", "package-timestamp"};

const char *
package_role_word (PackageRole role)
{
  return words[role];
}

gint64
package_role_life (PackageRole role)
{
  static const int days[PACKAGE_ROLES] = {3 * 365, 400, 90, 30};
  return days[role] * DAY_MS;
}

char *
package_role_make (PackageRole role, const char *kind, gint64 version, gint64 expires,
                   json_t *take_members, const Key *signer, PackageMark *ret_mark)
{
  g_autoptr (json_t) content = take_members;
  g_autofree char *until = clock_format (expires);

  json_object_set_new (content, "type", json_string (types[role]));
  json_object_set_new (content, "suite", json_integer (SUITE_1));
  json_object_set_new (content, "kind", json_string (kind));
  json_object_set_new (content, "version", json_integer (version));
  json_object_set_new (content, "expires", json_string (until));
  g_autoptr (json_t) document = signed_document_make (content, signer);
  char *text = strict_json_canonical (document);
  g_autofree char *sha256 = hash_sha256_hex (text, strlen (text));
  *ret_mark = (PackageMark){.version = version, .expires = expires};
  g_strlcpy (ret_mark->sha256, sha256, sizeof ret_mark->sha256);
  return text;
}

static gboolean
refuse (GError **error, int code, PackageRole role, const char *what)
{
  g_set_error (error, ONESTOP_ERROR, code, "package %s: %s", words[role], what);
  return FALSE;
}

static gboolean
read_common (PackageRole role, const char *kind, const json_t *content, PackageMark *mark,
             GError **error)
{
  const char *said = strict_json_string (content, "kind", error);
  const char *expires = said != NULL ? strict_json_string (content, "expires", error) : NULL;
  gint64 suite;

  if (expires == NULL || !strict_json_int (content, "suite", &suite, error) ||
      !strict_json_int (content, "version", &mark->version, error) ||
      !clock_parse (expires, &mark->expires, error))
    return FALSE;
  if (suite != SUITE_1)
    return refuse (error, ONESTOP_ERROR_INVALID, role, "is of a suite that is not known here");
  if (strcmp (said, kind) != 0)
    return refuse (error, ONESTOP_ERROR_INVALID, role, "is of another kind");
  if (mark->version < 1)
    return refuse (error, ONESTOP_ERROR_INVALID, role, "has no version");
  return TRUE;
}

/* Rollback and freeze. */
static gboolean
is_new_enough (PackageRole role, const PackageMark *mark, const PackageMark *known, gint64 now,
               GError **error)
{
  if (mark->version < known->version)
    return refuse (error, ONESTOP_ERROR_DENIED, role, "is older than the one that is known here");
  if (mark->version == known->version && strcmp (mark->sha256, known->sha256) != 0)
    return refuse (error, ONESTOP_ERROR_DENIED, role,
                   "is another document of the version that is known here");
  if (mark->expires <= now)
    return refuse (error, ONESTOP_ERROR_DENIED, role, "has expired");
  return TRUE;
}

json_t *
package_role_read (PackageRole role, const char *kind, const char *text, gsize length,
                   const guint8 signer_public[32], const PackageMark *known, gint64 now,
                   PackageMark *ret_mark, GError **error)
{
  g_autoptr (json_t) document = strict_json_parse (text, length, error);
  g_autofree char *sha256 = hash_sha256_hex (text, length), *canonical = NULL;
  PackageMark mark = {0};
  json_t *content;

  if (document == NULL ||
      (content = signed_document_check (document, types[role], signer_public, error)) == NULL)
    return NULL;
  canonical = strict_json_canonical (document);
  if (strlen (canonical) != length || memcmp (canonical, text, length) != 0 ||
      json_object_size (document) != 2) {
    refuse (error, ONESTOP_ERROR_INVALID, role, "is not in its one form");
    return NULL;
  }
  g_strlcpy (mark.sha256, sha256, sizeof mark.sha256);
  if (!read_common (role, kind, content, &mark, error) ||
      !is_new_enough (role, &mark, known, now, error))
    return NULL;
  *ret_mark = mark;
  return json_incref (content);
}
