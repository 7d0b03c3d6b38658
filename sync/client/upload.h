/* upload.h: sealed objects go up, each by itself, resumable (sync/PROTOCOL.md, section 5). */
#pragma once

#include "client/uplink.h"

/* Sends what waits, oldest first. Stops early, with `ret_more` TRUE, when new entries have come
 * meanwhile: they go first. An object that cannot be read or is refused is left waiting, the others
 * go on, and its error is returned at the end; OFFLINE and CANCELLED end at once. */
gboolean upload_objects (Uplink *uplink, gboolean *ret_more, GError **error);
