/* guide-flow.h: which guide a device shows now.
 *
 * For now the one that is shipped, assets/guide/320500.json; signed packages come later. */
#pragma once

#include <glib.h>

#include "domain/guide.h"

/* Loads the guide in force. NOT_FOUND if there is none, INVALID if it is damaged. Owned. */
Guide *guide_flow_load (GError **error);

/* Loads a guide from a file (at most GUIDE_MAX_BYTES, else FULL, unread). Owned. */
Guide *guide_flow_load_file (const char *path, GError **error);

/* Our own checks beyond guide_parse, for `onestop guide check`: every problem found, as a sentence
 * that begins with the JSON pointer. Empty: it may be published as far as we check. Array of char*;
 * unref it. */
GPtrArray *guide_flow_check (const Guide *guide);
