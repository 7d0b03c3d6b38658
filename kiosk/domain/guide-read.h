/* guide-read.h: the parts of a guide's JSON as the structs of guide.h. Nobody but
 * domain/guide* uses more of it than guide_read_json.
 *
 * Every struct is made in the reader's memory and borrows the JSON's strings. The first problem is
 * kept in `error`; reading goes on without harm and the caller looks at it in the end. */
#pragma once

#include "domain/guide.h"

typedef struct {
  GPtrArray *memory; /* everything made, freed with the guide */
  GPtrArray *rules;  /* LogicRule */
  GPtrArray *arrays; /* GPtrArray */
  CriterionSet *criteria;
  const GPtrArray *facts; /* GuideField, once they are read: choices may take their options */
  GError *error;
} GuideReader;

/* The JSON of a document (the city's or a district's): at most GUIDE_MAX_BYTES and
 * GUIDE_MAX_VALUES, so that no text, however made, takes more than some 40 MiB. INVALID. Owned. */
json_t *guide_read_json (const void *bytes, gsize length, GError **error);

/* The first problem, with the JSON pointer at which it stands. */
void guide_read_refuse (GuideReader *reader, const char *place, const char *what);

/* An array of the reader's, empty or filled. */
GPtrArray *guide_read_array (GuideReader *reader);

GuideService *guide_read_service (GuideReader *reader, const json_t *json, const char *place);
GuideDepartment *guide_read_department (GuideReader *reader, const json_t *json, const char *place);
GuideField *guide_read_field (GuideReader *reader, const json_t *json, const char *place);
GuideNotice *guide_read_notice (GuideReader *reader, const json_t *json, const char *place);
GuideConsent *guide_read_consent (GuideReader *reader, const json_t *json, const char *place);
