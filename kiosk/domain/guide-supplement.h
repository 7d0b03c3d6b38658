/* guide-supplement.h: what a district adds to the city's Service Guide.
 *
 * A supplement is one JSON document of the guide's schema whose doc.scope is the district (3205xx,
 * never 320500) and whose doc.base binds it to the SHA-256 of one city document. `overrides` hold
 * merge patches (RFC 7396) of the city's services, each at most once:
 *
 *   channels, contacts, complaints, faq,   lists that begin with the city's entries as they are and
 *   sources, unconfirmed                   go on with the district's own
 *   limits.promised                        as many as the city's, each as it is or tighter
 *
 * and nothing else; null is refused, for it deletes. A mark of `unconfirmed` at limits.promised may
 * go where the patch tightens them and names its source. A limit is tighter with the same start
 * and text (or where the city states none) and not more time: 5 of 10 working days, 10 calendar
 * days of 10 working days, at once of anything, anything of unknown; never another batch.
 *
 * Own services, departments, notices, consents, criteria and sources are called "d320571.NAME",
 * own facts "d320571_NAME" (a dot is a path in a rule). They stand behind the city's. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

#define GUIDE_CITY_SCOPE "320500"

/* TRUE if the document says it is a supplement: it has a doc.base, or is not the city's. */
gboolean guide_supplement_is (const json_t *document);

/* RFC 7396: `target` (may be NULL) changed by `patch`. Both are borrowed; owned. */
json_t *guide_supplement_patch (const json_t *target, const json_t *patch);

/* The city's guide with the supplement in `bytes`, as a guide of its own: its doc is the city's
 * with "supplement": {scope, version, sha256, city: the city's SHA-256}, its SHA-256 that of its
 * compact text. NULL, and at least one sentence (char*) in `problems` that begins with the JSON
 * pointer in the supplement, if it does not fit. A city document other than the one it is bound to
 * is one reason. Owned. */
Guide *guide_supplement_merge (const Guide *city, const void *bytes, gsize length,
                               GPtrArray *problems);

/* "/doc/supplement" of a merged guide, or NULL. Borrowed. */
const json_t *guide_supplement_peek (const Guide *guide);
