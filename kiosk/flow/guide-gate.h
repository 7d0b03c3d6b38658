/* guide-gate.h: what a guide must be before it may be published, beyond what guide_parse asks for.
 */
#pragma once

#include <glib.h>

#include "domain/guide.h"

/* Appends a sentence (char*) that begins with the JSON pointer for each problem: operands of wrong
 * types, options that do not exist, rules that always come out the same, fields that are never
 * shown, offered services with fewer than three examples, examples that come out otherwise. */
void guide_gate_check (const Guide *guide, GPtrArray *problems);
