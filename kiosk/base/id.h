/* id.h: identifiers that need no coordination. */
#pragma once

#include <glib.h>

/* A UUID version 7 (RFC 9562) for time `ms`, lower case with dashes. Owned. Two of one process and
 * one millisecond still sort in the order in which they were made. */
char *id_uuid7 (gint64 ms);

/* TRUE if `text` has the form of a UUID version 7 in lower case. */
gboolean id_is_uuid7 (const char *text);

/* Fills `buffer` from the kernel's random source; never fails short (aborts if the kernel has
 * none). */
void id_random (void *buffer, gsize length);
