/* status.h: what staff may rely on: never "done" while something waits. */
#pragma once

#include <jansson.h>

#include "client/uplink.h"

typedef enum {
  STATUS_UNKNOWN, /* the city was never reached */
  STATUS_WAITING, /* something waits, or the last try failed */
  STATUS_RUNNING, /* a round began and has not ended, less than two minutes ago */
  STATUS_DONE,    /* nothing waited at `last_success` */
} StatusState;

/* One JSON object with stable keys: state ("unknown" "waiting" "running" "done"), entries, objects,
 * since, last_attempt, last_success, failures, last_error, refused, received, safe, epoch,
 * server_time, clock_unsure, certificate_until, keyset_version, keyset_until. Times are RFC 3339 or
 * null. Owned. */
json_t *status_describe (Uplink *uplink, GError **error);

/* The same in a sentence or two for a person. Owned. */
char *status_sentence (const json_t *status);
