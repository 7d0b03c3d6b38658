/* roster-flow.h: the roster of titles (F7): imported by the hall's staff, asked when an application
 * knows an identity number. A match is a hint: the centre recognises. No number is kept or logged,
 * and nothing leaves the machine. */
#pragma once

#include "flow/app.h"
#include "flow/intake-flow.h"

/* Replaces the roster by the file `path` (domain/roster.h), whose hashes were made with the key in
 * `key_path`: 64 hex digits and perhaps a line end. INVALID: a line that is none, a title that is
 * no answer to any question of the guide, a key that is none. Nothing changes then.
 * `ret_lines` may be NULL. */
gboolean roster_flow_import (App *app, Db *db, const char *path, const char *key_path, gint64 now,
                             guint *ret_lines, GError **error);

/* The titles (GuideOption, of the guide's facts) of whoever has the identity numbers in these
 * answers. Empty without a roster or a match. Unref the array. */
GPtrArray *roster_flow_match (App *app, const IntakeFlow *flow);

/* A matched title in words: as the criteria of Article 2 name it today, which for some titles is
 * not the policy's own wording; else the option's label. Borrowed. */
const char *roster_flow_title (const Guide *guide, const GuideOption *option, const char *language);

/* Adds them to the answers of fields that fill a fact with such an option. TRUE if one was added.
 */
gboolean roster_flow_fill (App *app, IntakeFlow *flow);
