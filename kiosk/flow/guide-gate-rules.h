/* guide-gate-rules.h: do the rules of a guide mean what their author meant, and do its examples come
 * out as they say? A part of the publish gate. */
#pragma once

#include <glib.h>

#include "domain/guide.h"

/* So many conditions of one goal may be open at once: their truth table is walked at each question.
 */
#define GUIDE_GATE_MAX_ATOMS 14

/* Appends a sentence (char*) that begins with the JSON pointer for each problem: operands of wrong
 * types, options that do not exist or that nobody can choose, rules that always come out the same,
 * facts that can change nothing, fields that are never shown, goals that leave more than
 * GUIDE_GATE_MAX_ATOMS open, references to departments and services that are not there, offered
 * services with fewer than three examples, examples that come out otherwise or state what a fact
 * cannot be. */
void guide_gate_rules_check (const Guide *guide, GPtrArray *problems);
