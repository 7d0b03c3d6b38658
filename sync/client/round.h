/* round.h: one round of sync, and rounds for ever. */
#pragma once

#include "client/uplink.h"

/* Everything once: watermarks, entries, objects, key set, feed, a desk's objects, renewal. A step
 * that fails does not stop the others, but for OFFLINE and CANCELLED; the first error is returned.
 * The store's peer row says how it went. In training mode nothing is
 * sent. */
gboolean round_run (Uplink *uplink, GError **error);

/* Rounds until the stop function of uplink_stop_when says TRUE: a long poll stands, what the store
 * gets is sent within a second, failures are repeated later and later (2 s x (failures + 1), at
 * most a minute, jittered). `stop` as in uplink_stop_when. */
void round_for_ever (Uplink *uplink, HttpStop stop, gpointer data);
