/* no-network.h: leaves the network for good, before anything else runs. */
#pragma once

#include <glib.h>

/* Puts the process (still single-threaded) into an empty network namespace of its own: not even
 * loopback is up. What has a path stays reachable: X11 or Wayland, the print socket, bus addresses
 * with a path. Needs no privilege where the kernel allows user namespaces; user and group ids stay
 * what they are. DENIED if the kernel forbids it: the caller says so and decides. */
gboolean no_network_enter (GError **error);
