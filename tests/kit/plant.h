/* plant.h: the small guides of tests/data/guide, and faults planted in them. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

/* A file of tests/data/guide. Owned. */
GBytes *plant_read (const char *name);
json_t *plant_json (GBytes *bytes);
Guide *plant_guide (GBytes *bytes);

/* Sets what stands at `path` ("services/0/id"; one index more than there are appends) to the JSON
 * text `value`; "-" takes it away. */
void plant_at (json_t *json, const char *path, const char *value);

/* The compact text. Owned. */
GBytes *plant_text (const json_t *json);
