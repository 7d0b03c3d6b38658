/* guide-gate.h: the publish gate: what a guide must be before it may be published, beyond what
 * guide_parse asks for. */
#pragma once

#include <glib.h>

#include "domain/guide.h"

/* Our own checks beyond the schema and guide_parse: every problem found, as a sentence that begins
 * with the JSON pointer. Array of char*; unref it. */
GPtrArray *guide_gate_check (const Guide *guide);

/* The publish gate: the JSON Schema, guide_parse, and guide_gate_check; what they find goes into
 * `problems` (char*). Nothing: it may be published. The guide, if it can be read at all; owned. */
Guide *guide_gate_pass (GBytes *bytes, GPtrArray *problems);

/* The same for a supplement of `city`: what is wrong with it, or with the guide that they make
 * together and not with the city's alone. That guide, or NULL if they do not fit; owned. */
Guide *guide_gate_pass_supplement (const Guide *city, GBytes *supplement, GPtrArray *problems);
