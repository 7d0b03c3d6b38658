/* pull.h: what comes down: the feed, key sets, and for a desk the sealed objects (sync/PROTOCOL.md,
 * sections 3 and 6). */
#pragma once

#include "client/uplink.h"

/* The path of the next long poll, waiting `wait` seconds at most. Owned. */
char *pull_path (Uplink *uplink, guint wait, GError **error);

/* Applies an answer of the feed: items and cursor. One bad item is noted and left out. `ret_more`:
 * there are more at once. */
gboolean pull_apply (Uplink *uplink, const HttpAnswer *answer, gboolean *ret_more, GError **error);

/* Fetches and applies until the feed is empty. */
gboolean pull_all (Uplink *uplink, GError **error);

/* Fetches the key set. A wrong signature or an expired one is DENIED, a lower version is noted: the
 * former stays. */
gboolean pull_key_set (Uplink *uplink, GError **error);

/* A desk's objects that envelopes name and that are not here. Those that the city does not have yet
 * set uplink->objects_missed. A kiosk has nothing to do. */
gboolean pull_objects (Uplink *uplink, GError **error);
