/* guide-flow.h: which guide a device shows now: the city's, and where it fits the supplement of the
 * district in which the hall stands (domain/guide-supplement). */
#pragma once

#include <glib.h>

#include "domain/guide.h"

/* Loads the city's guide that is shipped. NOT_FOUND if there is none, INVALID if it is damaged.
 * Owned. */
Guide *guide_flow_load (GError **error);

/* The same with the supplement of `district` ("320571") that is shipped. Owned. */
Guide *guide_flow_load_for (const char *district, GError **error);

/* The city's guide with `supplement`; the city's alone, and a line in the log that says why, if
 * that does not fit. Owned. */
Guide *guide_flow_with_supplement (Guide *take_city, GBytes *supplement);

/* Loads a guide from a file (at most GUIDE_MAX_BYTES, else FULL, unread). Owned. */
Guide *guide_flow_load_file (const char *path, GError **error);

/* Our own checks beyond guide_parse, for `onestop guide check`: every problem found, as a sentence
 * that begins with the JSON pointer. Empty: it may be published as far as we check. Array of char*;
 * unref it. */
GPtrArray *guide_flow_check (const Guide *guide);

/* The same for a supplement of `city`: what is wrong with it, or with the guide that they make
 * together and not with the city's alone. */
GPtrArray *guide_flow_check_supplement (const Guide *city, GBytes *supplement);
