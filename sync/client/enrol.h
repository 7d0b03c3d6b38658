/* enrol.h: makes a machine a device of the city with a one-time code (sync/PROTOCOL.md, section 2).
 */
#pragma once

#include <glib.h>

/* Makes keys in the state directory of the configuration `option`, fetches the city's CA from
 * `url`, checks it against the code before anything is sent, and enrols. Everything is on the disk
 * when it returns; enrolment.json last, so that a broken attempt can be repeated with the same code
 * (the request is kept and sent again as it was). `ret_device` is owned.
 * CONFLICT if the device is enrolled already; INVALID for a code or URL that is none; DENIED if the
 * city's CA is not the code's (nothing was sent), the code is refused, or the answer is not what it
 * must be; OFFLINE. */
gboolean enrol_run (const char *option, const char *url, const char *code, char **ret_device,
                    GError **error);
