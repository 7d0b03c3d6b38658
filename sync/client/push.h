/* push.h: entries go up, watermarks come back (sync/PROTOCOL.md, section 4). */
#pragma once

#include "client/uplink.h"

/* Sends what is not received yet, oldest first, batch by batch, and stores each answer. Errors of
 * uplink_ask; CONFLICT if the city holds another history of this device (fork, quarantine): staff
 * must look. */
gboolean push_entries (Uplink *uplink, GError **error);

/* Asks for the watermarks without sending anything: what is safe may have grown, the server may
 * have been restored. Deletes what is safe. */
gboolean push_ask (Uplink *uplink, GError **error);

/* TRUE if an entry or object waits to be sent. */
gboolean push_is_due (Uplink *uplink);
