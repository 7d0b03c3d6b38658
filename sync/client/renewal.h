/* renewal.h: a new certificate from half of the old one's life on (sync/PROTOCOL.md, section 2). */
#pragma once

#include "client/uplink.h"

/* Renews if it is time. The TLS key stays; the new certificate is judged before it takes the old
 * one's place. */
gboolean renewal_run (Uplink *uplink, GError **error);
