/* guide-package.h: guides out of the city as signed packages (trust/package.h), and into a device.
 *
 * A package holds the city's documents that count now and later, and the districts' that amend
 * them, each as "SCOPE-VERSION.json". It is the whole of what is published: a district's document,
 * or one that does not count yet, that the newest package lacks is withdrawn. */
#pragma once

#include <glib.h>

#include "store/db.h"
#include "store/guide-store.h"
#include "trust/key.h"

/* What a document says of itself. INVALID. Owned. */
GuideDocument *guide_package_describe (GBytes *bytes, GuideState state, GError **error);

typedef struct {
  const char *path; /* for what is said of it */
  GBytes *bytes;
} GuideFile;

/* Runs the publish gate over `files` (GuideFile) and signs them with `key`, which is root and every
 * other role, as made at `now` (ms): the same files, key and time always give the same bytes. NULL
 * with sentences in `problems` (char*: path, pointer, reason) if the gate refuses one, or an error.
 * Owned. */
GBytes *guide_package_make (const GPtrArray *files, const Key *key, gint64 now, GPtrArray *problems,
                            GError **error);

typedef struct {
  const char *district;      /* of this device: its views are made now */
  const guint8 *root_public; /* 32 bytes */
  gint64 now;                /* ms, as far as the clock is believed */
} GuideInstall;

/* Takes a package: all of it in one transaction, or nothing. DENIED, INVALID or CONFLICT with the
 * reason: trust/package.h's, a document that this program cannot read, one older than what came
 * before, another under the same version, one that does not follow its `prev`, a supplement that
 * does not fit. */
gboolean guide_package_install (Db *db, GBytes *package, const GuideInstall *how, GError **error);
